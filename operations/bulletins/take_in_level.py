"""A gauge's reading, held against the city's 発令判断表."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import Connection, Engine, Row, select

from city.area import folded
from city.position import Position
from city.staff import Caller
from data import tables
from data.bulletins import hold_bulletins
from data.database import transaction
from data.errors import NotThere
from data.people import audit
from data.rows import current_load
from hazards.criteria import met, suggested
from hazards.criterion import WaterLevel
from hazards.gauge import Gauge
from operations.bulletins.board import renew_board
from operations.bulletins.gaugelines import gauge_lines
from operations.bulletins.suggesting import keep, settle
from operations.bulletins.surroundings import gauge_criteria_of, orders_of


@dataclass(frozen=True, slots=True)
class Reading:
    """The numbers of the suggestions that a reading made; `lines` say what 0 of them means."""

    suggestions: list[int]
    lines: tuple[str, ...]


def take_in_level(
    engine: Engine,
    by: Caller,
    gauge: str,
    level_m: float,
    *,
    observed_at: datetime,
    before_m: float | None = None,
    now: datetime,
) -> Reading:
    """The new suggestions that a reading makes; nothing else is kept of it.

    `before_m` is the reading before: what was reached then already counts as going on, everything
    where none is known. Raises `NotThere` for a gauge that the city has not.
    """
    with transaction(engine, latest=True) as connection:
        load = current_load(connection)
        hold_bulletins(connection)
        found = _gauge(connection, load, gauge)
        seen, table = WaterLevel(found, level_m, observed_at), gauge_criteria_of(load, found)
        before = WaterLevel(found, level_m if before_m is None else before_m, observed_at)
        going_on = frozenset(one.id for one in table if met(one, before))
        orders = orders_of(connection, load)
        settle(connection, load, orders, now)
        made = suggested(table, seen, orders)
        new = keep(connection, load, made, going_on=going_on, now=now, gauge=found.name)
        if made:
            renew_board(connection, load, now)
        if new:
            audit.record(connection, by, "level.suggested", found.name, suggestions=new)
        return Reading(new, gauge_lines(table, seen, new=bool(new)))


def _gauge(connection: Connection, load: Row[Any], name: str) -> Gauge:
    table = tables.gauge
    rows = connection.execute(select(table).where(table.c.load_id == load.id))
    for row in rows:
        if folded(row.name) == folded(name):
            lon, lat = shapely.get_coordinates(to_shape(row.geom))[0]
            levels = {level: getattr(row, level) for level in tables.GAUGE_LEVELS}
            return Gauge(row.name, row.river, Position(lat=float(lat), lon=float(lon)), **levels)
    raise NotThere(f"{name} という水位観測所は、今の市のデータにありません（no such gauge）")
