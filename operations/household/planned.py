"""Which place the plan has for a household."""

from routing.version import PlanVersion


def planned_site(version: PlanVersion, household: int) -> str | None:
    """The id of the place that a version assigns to the household of that number in its load.

    None where it assigns none, or is a version without a plan.
    """
    if version.plan is None or not 0 <= household < len(version.plan.homes):
        return None
    return version.planned_site(household)
