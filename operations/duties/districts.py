"""Of each 町丁目 its level, who lives there, who is expected, where they go, who is unreached."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import numpy as np
import shapely
from geoalchemy2.shape import to_shape
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Row, select

from data import inforce, tables
from data.errors import NotThere
from hazards.kinds import AlertLevel
from operations.board.look import Look, remembered
from operations.duties.seen import Seen
from operations.errors import Refused
from operations.published.blocktables import area_blocks

Shapes: TypeAlias = NDArray[np.object_]
SLIVER: Final = 0.001
"""Share of a 町丁目 that an order may cover, or leave out, by the border of its neighbour."""


def levels_by_area(seen: Seen) -> dict[str, dict[str, Any]]:
    """The highest level over each 町丁目 that an order reaches: `whole` where it is over all of it,
    `told` where alerts tell of it.
    """
    areas = _areas(seen)
    shapes = np.array([shape for _, shape in areas], dtype=object)
    sizes = shapely.area(shapes)
    found: dict[str, dict[str, Any]] = {}
    rows = inforce.standing(seen.connection, tables.evacuation_order, seen.load.code)
    for row in sorted(rows, key=lambda row: (row.level, row.begun_at)):
        shares = _shares(row, shapes, sizes)
        for (name, _), share in zip(areas, shares.tolist(), strict=True):
            if share > SLIVER:
                _raise(found, name, row, share > 1 - SLIVER)
                told = seen.state["orders"].get(str(row.id), {}).get("told", True)
                found[name]["told"] = told and found[name].get("told", True)
    return found


def _raise(found: dict[str, dict[str, Any]], name: str, row: Row[Any], whole: bool) -> None:
    """A higher level takes the place of a lower one; the same one began with its first order."""
    before = found.get(name)
    if before is None or before["level"] < row.level:
        since = row.begun_at.isoformat()
        found[name] = {"level": row.level, "since": since, "whole": whole}
    else:
        before["whole"] = before["whole"] or whole


def _shares(row: Row[Any], shapes: Shapes, sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """(A,) the share of each area that lies in an order."""
    where = inforce.geometry_of(row)
    if where is None:
        return np.ones(len(shapes))
    shapely.prepare(where)
    shares = np.zeros(len(shapes))
    near = np.flatnonzero(shapely.intersects(where, shapes))
    shares[near] = shapely.area(shapely.intersection(where, shapes[near])) / sizes[near]
    return shares


def _areas(seen: Seen) -> list[tuple[str, BaseGeometry]]:
    """Name and shape of each 町丁目, in degrees: they never change while a load does not."""

    def read() -> list[tuple[str, BaseGeometry]]:
        area = tables.area.c
        query = select(area.name, area.geom).where(area.load_id == seen.load.id)
        rows = seen.connection.execute(query.where(area.kind == "chome").order_by(area.number))
        return [(row.name, to_shape(row.geom)) for row in rows]

    return remembered(("areas", str(seen.load.token), seen.load.id), read)


def districts(seen: Seen) -> list[dict[str, Any]]:
    """The highest level first, then by name.

    Where level 5 reaches, no place is named (`safety.md` 4). Without a plan `expected` is None,
    and `households` where the city's file does not say who lives where.
    """
    levels, blocks = levels_by_area(seen), _blocks(seen.connection)
    homes = Look(seen.connection, seen.now).homes
    found = [
        _district(name, homes.get(name, 0) if homes else None, levels.get(name), blocks, seen)
        for name in dict.fromkeys(name for name, _ in _areas(seen))
    ]
    return sorted(found, key=lambda one: (-one["level"], one["area"]))


def _district(
    name: str,
    households: int | None,
    level: Mapping[str, Any] | None,
    blocks: Mapping[str, Mapping[str, Any]] | None,
    seen: Seen,
) -> dict[str, Any]:
    height = level["level"] if level else 0
    block = None if blocks is None else blocks.get(name)
    parts = block["places"] if block else ()
    five = height >= AlertLevel.SECURE_NOW
    unreached = seen.state["unreached"].get(name)
    return {
        "area": name,
        "level": height,
        "whole": bool(level and level["whole"]),
        "since": level["since"] if level else None,
        "told": bool(level and level["told"]),
        "households": households,
        "expected": None
        if blocks is None or five
        else round(sum(one["persons_expected"] for one in parts)),
        "places": []
        if five
        else [{"name": one["site"], "households": one["households"]} for one in parts],
        "no_place": None if block is None or five else block["no_way"] + block["no_room"],
        "unreached": unreached["households"] if unreached else None,
    }


def _blocks(connection: Connection) -> dict[str, dict[str, Any]] | None:
    """By 町丁目 who goes where; None where no plan of this load is published."""
    try:
        with connection.begin_nested():
            return {one["area"]: one for one in area_blocks(connection)["blocks"]}
    except (NotThere, Refused):
        return None
