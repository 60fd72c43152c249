"""The mayor's orders (避難情報): set, raised, and lifted by a person."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import shapely
from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Engine, Row

from city.area import Area, folded
from city.staff import CONSOLE, Caller, CallerKind
from data import inforce, tables
from data.alerts import levelfive, revisions
from data.errors import NotThere
from data.people import audit
from hazards.errors import LowerThanInForce, NothingInForce
from hazards.kinds import HAZARD_WORDS, AlertLevel, HazardKind
from operations import given
from operations.alerts.telling import tell
from operations.changes.areas import area_of
from operations.changes.change import Change, changing, listed
from operations.live.levels import renew_levels
from operations.missions.recalling import recall_under
from operations.places.placestate import renew_all

LIFTED: Final = "発令が解除された"
"""Why nothing more is sent of an alert whose order was lifted without it."""
DRAWN: Final = frozenset({"地図で示した区域"})
"""What the area of a polygon file is called: no name of a place."""


def set_level(
    engine: Engine,
    hazard: HazardKind,
    level: AlertLevel,
    *,
    areas: Sequence[str] = (),
    polygon: Path | None = None,
    by: Caller = CONSOLE,
) -> int:
    """Set an order for named areas, for a polygon file, or for the whole city.

    A standing order for the same place is raised; only a person's `lift_level` lowers one.
    Raises `LowerThanInForce`, `NotThere`, `BrokenSource`.
    """
    with changing(engine, by) as change:
        if polygon is None:
            where, names = _named(change.connection, change.load, areas)
        else:
            shapes = given.polygons(change.connection, change.load, polygon)
            where, names = shapely.union_all(shapes), sorted(DRAWN)
        return _set(change, hazard, level, where, names)


def set_level_in(
    connection: Connection,
    load: Row[Any],
    hazard: HazardKind,
    level: AlertLevel,
    names: Sequence[str],
    by: Caller,
) -> int:
    """Set an order for named areas, none for the whole city, in a transaction that is open."""
    where, spelled = _named(connection, load, names)
    return _set(Change(connection, load, by), hazard, level, where, spelled)


def set_level_over(
    connection: Connection,
    load: Row[Any],
    hazard: HazardKind,
    level: AlertLevel,
    area: BaseGeometry | None,
    names: Sequence[str],
    by: Caller,
) -> int:
    """Set an order over an area in (lon, lat), None for the whole city, as `set_level_in` does."""
    return _set(Change(connection, load, by), hazard, level, area, names)


def _set(
    change: Change,
    hazard: HazardKind,
    level: AlertLevel,
    where: BaseGeometry | None,
    names: Sequence[str],
) -> int:
    connection, code = change.connection, change.load.code
    same = [
        row
        for row in _orders(connection, code)
        if row.hazard == hazard and same_place(row, where, names)
    ]
    if any(row.level > level for row in same):
        highest = max(same, key=lambda row: row.level)
        raise LowerThanInForce(_stands_higher(change.by, hazard, highest))
    inforce.end(connection, tables.evacuation_order, [row.id for row in same])
    number = inforce.add_order(
        connection, code, hazard=hazard, level=level, area_names=names, area=where
    )
    _silence(change, number, level)
    _tell(change)
    if level >= AlertLevel.SECURE_NOW:
        recall_under(connection, change.load, number, change.by, change.now)
    said = f"order {number}: {hazard} level {int(level)}"
    change.record(said, "order.set", number, hazard=hazard, level=int(level), areas=list(names))
    return number


def _silence(change: Change, order: int, level: AlertLevel) -> None:
    """Under level 5 nobody is told to leave any more (`safety.md` 4)."""
    if level < AlertLevel.SECURE_NOW:
        return
    connection, load = change.connection, change.load
    for number in levelfive.stop_silenced(
        connection, load.code, order, change.by.actor, change.now
    ):
        tell(connection, load, number)
        audit.record(connection, change.by, "alert.stopped", str(number), order=order)


def _stands_higher(by: Caller, hazard: HazardKind, order: Row[Any]) -> str:
    """At the console the command that lifts it; an officer reads what to do on the screen."""
    if by.kind is CallerKind.CONSOLE:
        command = f"nigemichi level lift {hazard} --order {order.id}"
        return f"level {order.level} stands there: lift it first ({command})"
    return (
        f"そこには{HAZARD_WORDS[hazard]}の警戒レベル{order.level}が出ています（発令 {order.id}）。"
        "下げるには、先に解除してください（a higher level stands there: lift it first）"
    )


def lift_level(
    engine: Engine,
    hazard: HazardKind,
    *,
    areas: Sequence[str] = (),
    order: int | None = None,
    by: Caller = CONSOLE,
) -> list[int]:
    """解除: lift the order for exactly these areas, one by its number, or without either all.

    Orders for drawn polygons have no names: each is lifted by its number.
    """
    with changing(engine, by) as change:
        wanted = {folded(name) for name in areas}
        orders = _orders(change.connection, change.load.code)
        there = [row for row in orders if row.hazard == hazard]
        lifted = [
            row.id
            for row in there
            if (order is None or row.id == order)
            and (not wanted or {folded(name) for name in row.area_names} - DRAWN == wanted)
        ]
        if not lifted:
            which = f" {order}" if order is not None else ""
            exactly = " for exactly these areas" if areas else ""
            numbers = listed([row.id for row in there])
            raise NothingInForce(
                f"no {hazard} order{which}{exactly} is in force (nigemichi level list): "
                + (f"lift one by its number ({numbers}): --order N" if numbers else "none to lift")
            )
        _lift(change, lifted)
        revisions.stop_alerts_of(change.connection, lifted, by.actor, LIFTED, change.now)
        return lifted


def lift_in(connection: Connection, load: Row[Any], order: int, by: Caller) -> None:
    """解除 of one order in a transaction that is open; raises `NothingInForce`."""
    if order not in {row.id for row in _orders(connection, load.code)}:
        raise NothingInForce(f"order {order} does not stand any more: nothing to lift")
    _lift(Change(connection, load, by), [order])


def _lift(change: Change, orders: Sequence[int]) -> None:
    inforce.end(change.connection, tables.evacuation_order, orders)
    _tell(change)
    change.record(f"orders lifted: {orders}", "order.lifted", orders=list(orders))


def _tell(change: Change) -> None:
    """Places hold others when other hazards are in force, and everybody sees the orders."""
    renew_all(change.connection, change.load, change.now)
    renew_levels(change.connection, change.load.code)


def _named(
    connection: Connection, load: Row[Any], names: Sequence[str]
) -> tuple[BaseGeometry | None, list[str]]:
    """The area of these names in (lon, lat), and the names as the city spells them."""
    if not names:
        return None, []
    table = tables.area
    rows = connection.execute(table.select().where(table.c.load_id == load.id)).all()
    if not rows:
        raise NotThere("the city was loaded without areas: use --polygon FILE, or --all")
    areas = [Area(row.code, row.name, to_shape(row.geom)) for row in rows]
    spelled = {folded(area.name): area.name for area in areas}
    return area_of(areas, names), sorted({spelled[folded(name)] for name in names})


def _orders(connection: Connection, code: str) -> Sequence[Row[Any]]:
    return inforce.standing(connection, tables.evacuation_order, code)


def same_place(row: Row[Any], where: BaseGeometry | None, names: Sequence[str]) -> bool:
    """Whether an order is for these names and this ground."""
    area = inforce.geometry_of(row)
    if area is None or where is None:
        return area is where
    return sorted(row.area_names) == sorted(names) and bool(shapely.equals(area, where))
