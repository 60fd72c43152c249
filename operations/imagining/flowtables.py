"""Who walks each street, as plain tables: by what is planned, and by what is imagined."""

from typing import Any, Final

import numpy as np

from data.delivery.ledger import LEAST_CELL
from operations.imagining.effect import Effect
from operations.imagining.streets import line_of
from operations.imagining.today import Today
from routing.plan.turnout import HUNDREDTHS
from routing.version import PlanVersion

MOST_FLOWS: Final = 1500
"""Of now, and as many of then."""
FEWEST: Final = LEAST_CELL


def flows_of(effect: Effect) -> list[dict[str, Any]]:
    """The streets that most walk now, and those that most walk then: both numbers of each."""
    before, after = effect.before.flows.walkers, effect.flows.walkers
    ground = effect.today.version.ground
    busy = [one.busiest(MOST_FLOWS) for one in (effect.flows, effect.before.flows)]
    order = np.array(list(dict.fromkeys(np.concatenate(busy).tolist())), np.int64)
    shown = np.maximum(before[order], after[order]) >= FEWEST * HUNDREDTHS
    return [
        {
            "street": street,
            "line": line_of(ground, street),
            "walkers": _whole(before[street]),
            "walkers_then": _whole(after[street]),
        }
        for street in order[shown].tolist()
    ]


def flows_table(today: Today, most: int) -> dict[str, Any]:
    """How many the plan expects to walk each street, most walked first, none of fewer than
    `FEWEST`: a lane with one home would show whether it walks.
    """
    walkers, ground = today.flows.walkers, today.version.ground
    streets = today.flows.busiest(most)
    return {
        **no_flows(today.version),
        "streets": [
            {"street": street, "line": line_of(ground, street), "walkers": _whole(walkers[street])}
            for street in streets[walkers[streets] >= FEWEST * HUNDREDTHS].tolist()
        ],
    }


def no_flows(version: PlanVersion) -> dict[str, Any]:
    """The same where nobody walks."""
    at = version.picture.as_of.isoformat(timespec="seconds")
    return {"version": version.number, "at": at, "streets": []}


def _whole(hundredths: Any) -> int:
    """Persons; 0 for fewer than `FEWEST`."""
    if hundredths < FEWEST * HUNDREDTHS:
        return 0
    return (int(hundredths) + HUNDREDTHS // 2) // HUNDREDTHS
