"""Who walks each street, as plain tables: by what is planned, and by what is imagined."""

from typing import Any, Final

import numpy as np

from operations.imagining.effect import Effect
from operations.imagining.streets import line_of
from operations.imagining.today import Today
from routing.plan.turnout import HUNDREDTHS
from routing.version import PlanVersion

MOST_FLOWS: Final = 1500


def flow_differences(effect: Effect) -> list[dict[str, Any]]:
    """Streets on which another number walks then, the most changed first."""
    before, after = effect.today.flows.walkers, effect.flows.walkers
    ground, change = effect.today.version.ground, np.abs(after - before)
    order = np.argsort(-change, kind="stable")[:MOST_FLOWS]
    return [
        {
            "street": street,
            "line": line_of(ground, street),
            "walkers": _whole(before[street]),
            "walkers_then": _whole(after[street]),
        }
        for street in order[change[order] >= HUNDREDTHS // 2].tolist()
    ]


def flows_table(today: Today, most: int) -> dict[str, Any]:
    """How many the plan expects to walk each street, most walked first; fewer than one are none."""
    walkers, ground = today.flows.walkers, today.version.ground
    streets = today.flows.busiest(most)
    return {
        **no_flows(today.version),
        "streets": [
            {"street": street, "line": line_of(ground, street), "walkers": _whole(walkers[street])}
            for street in streets[walkers[streets] >= HUNDREDTHS // 2].tolist()
        ],
    }


def no_flows(version: PlanVersion) -> dict[str, Any]:
    """The same where nobody walks."""
    at = version.picture.as_of.isoformat(timespec="seconds")
    return {"version": version.number, "at": at, "streets": []}


def _whole(hundredths: Any) -> int:
    return (int(hundredths) + HUNDREDTHS // 2) // HUNDREDTHS
