"""Where a broadcast was heard, as return sheets say, beside the households that have nothing else.

Heard is of an area, never of a household: it confirms nobody, and no row of the ledger changes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row

from alerts.kinds import AlertKind, Step
from data.alerts import paperreturns, wordings
from data.alerts.doorlevels import levels_in
from data.alerts.paperreturns import AreaTally
from data.delivery.ledger import rounded
from hazards.kinds import AlertLevel
from operations.alerts.papermaking import WHOLE

_IN_FORCE: Final = frozenset({Step.ISSUE, Step.UPDATE})
Alone = Mapping[str | None, int]
"""Households that only a broadcast may have reached, by their 町丁目; None: they stand in none."""


@dataclass(frozen=True, slots=True)
class HeardThere:
    """What paper says of one 町丁目.

    `heard` is None where nobody said; `said_of` is the line that says so: its own, its district's
    or the whole city's. `called`: homes called at by its own line, None without one.
    """

    area: str | None
    heard: bool | None
    said_of: str | None
    called: int | None
    households: int


def heard_there(
    alone: Alone, lines: Iterable[AreaTally], districts: Mapping[str, str]
) -> list[HeardThere]:
    """Each 町丁目 that has such households or a line of its own.

    Its own line goes before that of its `districts`' name, and that before the whole city's.
    """
    by_name = {one.area_name: one for one in lines}
    wider = {WHOLE, *districts.values()}
    # A 町丁目 in which everybody registered has its line all the same.
    areas = dict.fromkeys([*alone, *(name for name in by_name if name not in wider)])
    return [_of(area, alone.get(area, 0), by_name, districts) for area in areas]


def broadcast(
    connection: Connection, load: Row[Any], row: Row[Any], counted: Iterable[Row[Any]]
) -> dict[str, Any]:
    """As headquarters reads it of a revision, of the rows of `ledger.by_area`.

    Figures are rounded down to tens, None below ten; `called` is of all lines. `doors`: an order is
    told, so that somebody may go there, but for the areas of `level_5`, where nobody is sent.
    """
    homes = list(counted)
    alone = {one.area: one.n for one in homes if one.state == "broadcast_only"}
    lines = paperreturns.newest(connection, row.id)
    known = {WHOLE, *(one.area for one in homes)}
    # Which 町丁目 lie in which district is asked of the map only where a line is of a district.
    asks = any(one.area_name not in known for one in lines)
    found = heard_there(alone, lines, wordings.districts(connection, load) if asks else {})
    quiet = [one for one in found if one.heard is False]
    return {
        "called": sum(one.called for one in lines),
        "doors": _is_told(row),
        "level_5": _under_level_5(connection, load, row, [one.area for one in quiet if one.area]),
        "not_heard": _group(quiet),
        "unsaid": _group([one for one in found if one.heard is None]),
        "heard": _group([one for one in found if one.heard]),
    }


def quiet_areas(told: Mapping[str, Any]) -> list[str]:
    """The 町丁目 of what `broadcast` says in which it was not heard."""
    return [one["area"] for one in told["not_heard"]["areas"] if one["area"] is not None]


def _is_told(row: Row[Any]) -> bool:
    return AlertKind(row.kind) is AlertKind.EVACUATION and Step(row.step) in _IN_FORCE


def _under_level_5(
    connection: Connection, load: Row[Any], row: Row[Any], names: Collection[str]
) -> list[str]:
    """Those of these 町丁目 where level 5 stands, or is what is told."""
    if _is_told(row) and row.level == AlertLevel.SECURE_NOW:
        return list(names)
    levels = levels_in(connection, load, list(names))
    return [name for name in names if levels.get(name, 0) >= AlertLevel.SECURE_NOW]


def _of(
    area: str | None, households: int, lines: Mapping[str, AreaTally], districts: Mapping[str, str]
) -> HeardThere:
    own = lines.get(area) if area else None
    district = districts.get(area) if area else None
    said = next(
        (
            line
            for name in (area, district, WHOLE)
            if name and (line := lines.get(name)) and line.heard is not None
        ),
        None,
    )
    called = own.called if own else None
    if said is None:
        return HeardThere(area, None, None, called, households)
    return HeardThere(area, said.heard, said.area_name, called, households)


def _group(found: Sequence[HeardThere]) -> dict[str, Any]:
    return {
        "households": rounded(sum(one.households for one in found)) if found else 0,
        "areas": [
            {
                "area": one.area,
                "said_of": one.said_of,
                "called": one.called,
                "households": rounded(one.households),
            }
            for one in found
        ],
    }
