"""What a bulletin is looked at with: the city, its 発令判断表, the orders that stand."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, union

from data import inforce, tables
from hazards.bulletinplace import Place
from hazards.criteria import is_of_gauge
from hazards.criteriatable import CRITERIA, criteria_from, default_gauge_criteria
from hazards.criterion import Criterion
from hazards.gauge import Gauge
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import EvacuationOrder


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All of it, as it is in one transaction."""

    load: Row[Any]
    place: Place
    criteria: tuple[Criterion, ...]
    orders: list[EvacuationOrder]


def look_around(connection: Connection, load: Row[Any]) -> Surroundings:
    """What a telegram that comes in now is looked at with; raises `HazardError`."""
    place, orders = place_of(connection, load), orders_of(connection, load)
    return Surroundings(load, place, criteria_of(load), orders)


def place_of(connection: Connection, load: Row[Any]) -> Place:
    """The city's code, and the rivers of its gauges and waterways."""
    gauges, waters = tables.gauge, tables.waterway
    query = union(
        select(gauges.c.river).where(gauges.c.load_id == load.id),
        select(waters.c.name).where(waters.c.load_id == load.id),
    )
    names = (str(name) for name in connection.execute(query).scalars())
    return Place(load.code, frozenset(name for name in names if name.strip()))


def criteria_of(load: Row[Any]) -> tuple[Criterion, ...]:
    """The city's table, or the default; raises `HazardError` for one that cannot be used."""
    return criteria_from(load.settings.get(CRITERIA, []))


def gauge_criteria_of(load: Row[Any], gauge: Gauge) -> tuple[Criterion, ...]:
    """The lines of the city's table on a gauge; without a table, the Guideline's of its levels."""
    if not load.settings.get(CRITERIA):
        return default_gauge_criteria(gauge)
    return tuple(one for one in criteria_of(load) if is_of_gauge(one, gauge))


def orders_of(connection: Connection, load: Row[Any]) -> list[EvacuationOrder]:
    """The orders that stand. Their areas are in (lon, lat): good only for whether there is one."""
    return [
        EvacuationOrder(
            id=row.id,
            hazard=HazardKind(row.hazard),
            level=AlertLevel(row.level),
            area_names=tuple(row.area_names),
            area=inforce.geometry_of(row),
            issued_at=row.begun_at,
        )
        for row in inforce.standing(connection, tables.evacuation_order, load.code)
    ]
