"""What another machine's planner has published, made whole on this one.

The database holds what was decided; fields and weights follow from it, and are computed here anew.
"""

from pathlib import Path

from sqlalchemy import Connection

from data import mapped, plans
from operations.planning.basis import Basis
from operations.planning.making import prepare
from routing.plan.assigned import Assigned, CityPlan, nobody
from routing.version import PlanVersion


def version_name(number: int, change: str) -> str:
    """The folder's name of a version."""
    return f"version-{number}-{change[:8]}"


def assigned_of(version: PlanVersion) -> Assigned:
    """What a version assigns; nothing to nobody where no household is known."""
    return version.plan.assigned if version.plan else nobody(len(version.ground.sites))


def decision_of(version: PlanVersion | None) -> mapped.Decision | None:
    """What a version decided, as it is kept."""
    return mapped.decision(version.picture, assigned_of(version)) if version else None


def install(connection: Connection, state: Path, basis: Basis, newest: plans.Published) -> bool:
    """Make the folder of a published version out of the database; False where its arrays are gone.

    Raises `ValueError` where they are damaged.
    """
    body = plans.find_body(connection, newest.number)
    if body is None:
        return False
    picture, assigned = mapped.unpacked(body)
    version = PlanVersion.of(newest.number, basis.ground, picture)
    if len(basis.homes) == len(assigned.site) != 0:
        version.plan = CityPlan(basis.homes, assigned)
    prepare(version, picture.as_of)
    origin = mapped.Origin(newest.load, newest.change)
    mapped.whole_folder(
        state / version_name(newest.number, newest.change),
        lambda folder: mapped.save_version(folder, version, origin, body),
    )
    return True
