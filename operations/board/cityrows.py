"""The city itself, the orders in force, proposals, and how far the chronology is."""

from typing import Any

import shapely
from sqlalchemy import Row, func, select

from alerts.kinds import Status
from alerts.life import OUT
from data import chronology, inforce, tables
from operations.alerts.blast import DRAWN_TO
from operations.board.homes import households_under, households_under_any
from operations.board.look import Line, Look, Section, iso
from operations.board.reached import (
    Counted,
    counted_of_alerts,
    few,
    told_orders,
    unreached_of_city,
)
from operations.proposals.proposalstate import proposed
from web.staff.chronologywords import TO


def city(look: Look) -> Section:
    """Which city it is, and whether it is in earnest: one row."""
    told = _under_way(look)
    live = bool(look.orders) or Status.ACTUAL in told
    return {
        "city": {
            "name": look.card.name,
            "fictional": look.card.fictional,
            "timezone": look.card.timezone,
            "households": sum(look.homes.values()) or None,
            "live": live,
            "drill": Status.EXERCISE in told and not live,
        }
    }


def orders(look: Look) -> Section:
    """Orders in force, the highest level first."""
    alerts = told_orders(look)
    counted = counted_of_alerts(look, sorted(set(alerts.values())))
    ranked = sorted(look.orders, key=lambda row: (-row.level, row.id))
    return {
        str(row.id): {
            "number": row.id,
            "hazard": row.hazard,
            "level": row.level,
            "area_names": list(row.area_names),
            "whole_city": row.geom is None,
            "households": households_under(look, row),
            **few("unreached", _unreached(look, counted.get(alerts.get(row.id, 0)))),
            "since": iso(row.begun_at),
            "told": row.id in alerts,
        }
        for row in ranked
    }


def proposals(look: Look) -> Section:
    """What somebody proposed and nobody decided; who and why stay on its own page."""
    names = ("number", "hazard", "level", "area_names", "lifts", "proposed_at", "proposed_by")
    return {
        str(one["number"]): {name: one[name] for name in names}
        for one in proposed(look.connection, look.load)
    }


def chronicle(look: Look) -> Section:
    """The highest numbers: of entries by people, of deeds that enter by themselves, of versions."""
    entry, version = tables.chronology_entry, tables.plan_version
    last: Line = {
        "entry": select(func.max(entry.c.id)).where(entry.c.city_code == look.code),
        "version": select(func.max(version.c.number)).where(version.c.published_at.is_not(None)),
    }
    found = {name: look.connection.execute(query).scalar() for name, query in last.items()}
    return {"last": found | {"audit": chronology.last_deed(look.connection, TO)}}


def drawn_rings(row: Row[Any]) -> list[list[list[float]]]:
    """The outer lines of an order's ground in (lon, lat); none of the whole city."""
    shape = inforce.geometry_of(row)
    if shape is None:
        return []
    simple = shapely.simplify(shape, DRAWN_TO)
    rings = [shapely.get_exterior_ring(part) for part in shapely.get_parts(simple)]
    return [shapely.get_coordinates(ring).round(5).tolist() for ring in rings]


def target(look: Look) -> Section:
    """Who lives under any order, each household once: more of the row of the city."""
    return {"city": {"target": households_under_any(look)}}


def reached(look: Look) -> Section:
    """Whom alerts in force did not reach: more of the row of the city."""
    return {"city": unreached_of_city(look)}


def _unreached(look: Look, counted: Counted | None) -> int | None:
    return counted.unreached if counted and look.homes else None


def _under_way(look: Look) -> set[str]:
    """The statuses of alerts that are being told now."""
    revision, alert = tables.alert_revision, tables.alert
    query = (
        select(alert.c.status)
        .join(revision, revision.c.alert_id == alert.c.id)
        .where(revision.c.city_code == look.code, revision.c.state.in_(OUT))
        .where(revision.c.stopped_at.is_(None), revision.c.expires_at > look.now)
        .distinct()
    )
    return set(look.connection.execute(query).scalars())
