"""Streets as headquarters names them: by name and 町丁目, for many have no name."""

from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from routing.ground import Ground
from routing.losing import Lost
from routing.roads import StreetFlag

MINUTE: Final = 600
"""Tenths of a second."""


def street_row(ground: Ground, street: int) -> dict[str, Any]:
    """A street's number in the load, its name ("" for none), 町丁目, line, and what it is."""
    middle = ground.lines[street].interpolate(0.5, normalized=True)
    area = ground.area_at(middle.x, middle.y)
    return {
        "street": street,
        "name": ground.roads.street_name(street),
        "area": area.name if area else "",
        "bridge": bool(ground.roads.has(StreetFlag.BRIDGE)[street]),
        "length_m": round(float(ground.roads.length_m[street])),
        "line": line_of(ground, street),
    }


def line_of(ground: Ground, street: int) -> list[list[float]]:
    """Its corners in (lon, lat), to a metre."""
    begin, end = ground.roads.shape_start[street : street + 2].tolist()
    found: list[list[float]] = ground.roads.shape_lonlat[begin:end].round(5).tolist()
    return found


def area_name(ground: Ground, row: int) -> str:
    """The name of a 町丁目 by its row, "" for none."""
    return ground.areas[row].name if row >= 0 else ""


def lost_table(
    ground: Ground, lost: Lost, streets: NDArray[np.int64], at: datetime
) -> dict[str, Any]:
    """The streets that matter most, the first first, and for how many that was counted."""
    return {
        "at": at.isoformat(timespec="seconds"),
        "streets_lost": int(lost.walked.sum()),
        "with_a_way": lost.households,
        "streets": [
            {
                **street_row(ground, street),
                "cut_off": int(lost.cut_off[street]),
                "affected": int(lost.dearer[street]),
                "minutes": round(int(lost.added[street]) / MINUTE),
                "on_it": int(lost.on_it[street]),
            }
            for street in streets.tolist()
        ],
    }
