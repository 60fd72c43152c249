"""What is published with a plan: its figures, whom it changes, where overflow rooms are needed."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import numpy as np

from operations.planning.expecting import Evening
from routing.plan.assigned import CityPlan
from routing.plan.book import Longs
from routing.plan.changed import Changed
from routing.plan.expected import Expected
from routing.plan.settings import NO_LIMIT
from routing.plan.turnout import HUNDREDTHS
from routing.version import PlanVersion
from shelters.space import overflow


def facts_of(
    version: PlanVersion, evening: Evening, change: Changed | None, held: Sequence[Any]
) -> dict[str, Any]:
    """A table of plain values; nothing in it is of a single household."""
    plan, now, spaces = version.plan, version.picture.as_of, evening.spaces
    return {
        "figures": asdict(plan.assigned.figures) | {"gap": plan.assigned.figures.gap}
        if plan
        else None,
        "changed": {
            "households": len(change.households),
            "verdict": int(change.verdict.sum()),
            "place": int(change.place.sum()),
            "way": int(change.way.sum()),
        }
        if change
        else None,
        "overflow": _overflow(version, plan, evening, now) if plan else [],
        "unstated": {
            "places": sum(one.ordinary is None and not one.full for one in spaces.values()),
            "persons": None if evening.unstated == NO_LIMIT else evening.unstated,
        },
        "held": [
            {"number": row.id, "kind": row.kind, "item": row.item, "why": row.why} for row in held
        ],
    }


def _overflow(
    version: PlanVersion, plan: CityPlan, evening: Evening, now: datetime
) -> list[dict[str, Any]]:
    """Places whose rooms in use will not do, the soonest first."""
    spaces, more = evening.spaces, _more_of_walkers(plan, evening.expected)
    ordered = min((order.issued_at for order in version.picture.orders), default=now)
    found = []
    for row, site in enumerate(version.ground.sites):
        coming = -(-int(plan.assigned.load[row] + more[row]) // HUNDREDTHS)
        need = overflow(spaces[site.id], coming, ordered, now) if site.id in spaces else None
        if need:
            found.append(
                {
                    "site": site.id,
                    "name": site.name,
                    "coming": coming,
                    "persons": need.persons,
                    "needed_at": need.needed_at.astimezone(UTC).isoformat(timespec="seconds"),
                    "rooms": list(need.rooms),
                    "beyond": need.beyond,
                }
            )
    return sorted(found, key=lambda one: (one["needed_at"], one["site"]))


def _more_of_walkers(plan: CityPlan, expected: Expected) -> Longs:
    """(S,) by how much more than their share of a plan those bring who say to be on the way: all
    persons of a household, in hundredths. A forecast, that takes room from nobody.
    """
    told, more = plan.assigned, np.zeros(len(plan.assigned.free), np.int64)
    for home, row in expected.walking.items():
        if 0 <= home < len(plan.homes) and told.site[home] == row:
            whole = int(plan.homes.persons[home]) * HUNDREDTHS
            more[row] += max(whole - int(told.demand[home]), 0)
    return more
