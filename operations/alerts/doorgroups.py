"""The households that need somebody at their door, in their 班."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, select

from city.area import folded
from data import tables
from data.alerts.doorlists import NewList
from data.delivery.doorsneeded import doors_needed
from data.errors import NotThere
from operations.sheets.neighbours import neighbours


def needed_by_area(
    connection: Connection,
    load: Row[Any],
    row: Row[Any],
    areas: Sequence[str] | None,
    now: datetime,
    *,
    taken: bool = False,
) -> tuple[Mapping[str, set[int]], int]:
    """The households that need a door, by the name of their 町丁目, and how many stand in none;
    with `taken`, those too whose messages were taken and not confirmed.

    Raises `NotThere` for an area that is no 町丁目 of the city.
    """
    table = tables.area
    query = select(table.c.name).where(table.c.load_id == load.id, table.c.kind == "chome")
    names = list(connection.execute(query.order_by(table.c.number)).scalars())
    wanted = _wanted(names, areas)
    found: dict[str, set[int]] = {}
    nowhere = 0
    for home in doors_needed(connection, load, row, now, taken=taken):
        if home.area < 0:
            nowhere += 1
        elif (name := names[home.area]) in wanted:
            found.setdefault(name, set()).add(home.number)
    return found, nowhere


def _wanted(names: Sequence[str], areas: Sequence[str] | None) -> Collection[str]:
    if areas is None:
        return set(names)
    known = {folded(name): name for name in names}
    if unknown := [name for name in areas if folded(name) not in known]:
        raise NotThere(f"{unknown[0]} という町丁目はありません（no such area）")
    return {known[folded(name)] for name in areas}


def grouped(connection: Connection, load: Row[Any], homes: Mapping[str, set[int]]) -> list[NewList]:
    """A list for each 班, as the sheets of paper have them."""
    table = tables.area
    query = select(table.c.name, table.c.code).where(table.c.load_id == load.id)
    rows = connection.execute(query.order_by(table.c.number.desc()))
    codes = {row.name: row.code for row in rows}
    people = neighbours(connection, load, sorted(homes))
    return [
        NewList(codes[area], area, number, here)
        for (area, number), group in groupby(people, key=lambda one: (one.area, one.han))
        if (here := tuple(one.number for one in group if one.number in homes[area]))
    ]


def without(one: NewList, taken: Collection[int]) -> NewList:
    """The list without these households; it may be empty then."""
    left = tuple(number for number in one.households if number not in taken)
    return NewList(one.area_code, one.area_name, one.han, left)
