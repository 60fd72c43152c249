"""The orders in force, as the live stream tells them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row

from data import inforce, tables
from data.live import outbox as live
from data.live.outbox import Topic


def renew_levels(connection: Connection, city_code: str) -> None:
    """Tell of each order that stands, and of each that stands no longer: of those nothing is left.

    Call it after a change of orders, late in its transaction (`latest`). Nothing is told twice.
    """
    orders = inforce.standing(connection, tables.evacuation_order, city_code)
    standing = {f"order:{row.id}": _state(row) for row in orders}
    told = {one.key: one.state for one in live.since(connection, 0) if one.topic is Topic.LEVELS}
    for key in told.keys() - standing.keys():
        if told[key] is not None:
            live.put(connection, Topic.LEVELS, key, None)
    for key, state in standing.items():
        if told.get(key) != state:
            live.put(connection, Topic.LEVELS, key, state)


def _state(row: Row[Any]) -> Mapping[str, Any]:
    """No names of areas mean the whole city."""
    return {
        "hazard": row.hazard,
        "level": row.level,
        "area_names": list(row.area_names),
        "since": row.begun_at.isoformat(timespec="seconds"),
    }
