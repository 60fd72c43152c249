"""What an alert can be for besides names and a drawn line: zones, places and versions there are."""

from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Row, select

from data import tables
from data.rows import current_load
from hazards.zone import ZoneKind, ZoneLayer
from operations.errors import Refused
from operations.published.board import list_versions
from operations.published.decided import decided, find_newest

VERSIONS: Final = 12
"""The newest: whoever was moved by an older one has a newer way."""


def choices(connection: Connection) -> dict[str, Any]:
    """Layers of the loaded city, its places with the households sent there, versions that moved
    somebody: counts alone. Without a plan there is nobody to count.
    """
    load = current_load(connection)
    sent = _sent(connection, load)
    site = tables.evacuation_site
    query = select(site.c.id, site.c.name, site.c.number).where(site.c.load_id == load.id)
    places = connection.execute(query.order_by(site.c.number)).all()
    return {
        "zones": _layers(connection, load),
        "places": [
            {"id": one.id, "name": one.name, "households": sent[one.number]}
            for one in places
            if sent.get(one.number)
        ],
        "versions": [_version(row) for row in list_versions(connection, VERSIONS) if _moved(row)],
    }


def _layers(connection: Connection, load: Row[Any]) -> list[ZoneLayer]:
    zone = tables.hazard_zone
    query = select(zone.c.layer).where(zone.c.load_id == load.id, zone.c.kind == ZoneKind.ASSUMED)
    there = set(connection.execute(query.distinct()).scalars())
    return [layer for layer in ZoneLayer if layer in there]


def _sent(connection: Connection, load: Row[Any]) -> dict[int, int]:
    """Of each place by its number: how many households the newest plan of this load sends there."""
    newest = find_newest(connection)
    if newest is None or newest.load_token != str(load.token):
        return {}
    try:
        site = decided(connection, newest).assigned.site
    except Refused:
        return {}
    return dict(enumerate(np.bincount(site[site >= 0]).tolist()))


def _moved(row: Row[Any]) -> int:
    return int((row.facts.get("changed") or {}).get("households", 0))


def _version(row: Row[Any]) -> dict[str, Any]:
    at = row.published_at.isoformat(timespec="seconds")
    return {
        "number": row.number,
        "published_at": at,
        "cause": row.cause,
        "households": _moved(row),
    }
