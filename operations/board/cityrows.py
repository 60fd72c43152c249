"""The city itself, the orders in force, proposals, and how far the chronology is."""

from typing import Any

import shapely
from sqlalchemy import Row, func, select
from sqlalchemy import text as sql

from alerts.kinds import Status
from alerts.life import OUT
from data import inforce, tables
from operations.alerts.blast import DRAWN_TO
from operations.board.look import Line, Look, Section, iso, remembered
from operations.board.reached import counted_of_alerts
from operations.proposals.proposalstate import proposed


def city(look: Look) -> Section:
    """Which city it is, and whether it is in earnest: one row."""
    told = _under_way(look)
    live = bool(look.orders) or Status.ACTUAL in told
    return {
        "city": {
            "name": look.card.name,
            "fictional": look.card.fictional,
            "timezone": look.card.timezone,
            "households": sum(look.homes.values()),
            "live": live,
            "drill": Status.EXERCISE in told and not live,
        }
    }


def orders(look: Look) -> Section:
    """Orders in force, the highest level first."""
    held = tables.alert_order
    query = select(held.c.order_id, held.c.alert_id)
    query = query.where(held.c.order_id.in_([row.id for row in look.orders]))
    alerts: dict[int, list[int]] = {}
    for row in look.connection.execute(query) if look.orders else ():
        alerts.setdefault(row.order_id, []).append(row.alert_id)
    counted = counted_of_alerts(look, [one for mine in alerts.values() for one in mine])
    ranked = sorted(look.orders, key=lambda row: (-row.level, row.id))
    return {
        str(row.id): {
            "number": row.id,
            "hazard": row.hazard,
            "level": row.level,
            "area_names": list(row.area_names),
            "whole_city": row.geom is None,
            "households": _households(look, row),
            "unreached": next(
                (counted[one].unreached for one in alerts.get(row.id, ()) if one in counted), None
            ),
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
    """The highest numbers: of entries by people, of the audit log, of versions."""
    entry, audit = tables.chronology_entry, tables.audit_entry
    version = tables.plan_version
    last: Line = {
        "entry": select(func.max(entry.c.id)).where(entry.c.city_code == look.code),
        "audit": select(func.max(audit.c.number)),
        "version": select(func.max(version.c.number)).where(version.c.published_at.is_not(None)),
    }
    return {"last": {name: look.connection.execute(q).scalar() for name, q in last.items()}}


def drawn_rings(row: Row[Any]) -> list[list[list[float]]]:
    """The outer lines of an order's ground in (lon, lat); none of the whole city."""
    shape = inforce.geometry_of(row)
    if shape is None:
        return []
    simple = shapely.simplify(shape, DRAWN_TO)
    rings = [shapely.get_exterior_ring(part) for part in shapely.get_parts(simple)]
    return [shapely.get_coordinates(ring).round(5).tolist() for ring in rings]


def _households(look: Look, row: Row[Any]) -> int:
    """Who lives under an order, which never changes."""

    def count() -> int:
        # Given, not joined: PostgreSQL would unpack the ground anew for every household.
        query = (
            "SELECT count(*) FROM household WHERE load_id = :load"
            " AND ST_Covers(CAST(:geom AS geometry), geom)"
        )
        bound = {"load": look.load.id, "geom": row.geom.desc}
        return int(look.connection.execute(sql(query), bound).scalar_one())

    if row.geom is None:
        return sum(look.homes.values())
    return remembered(("order", look.token, row.id, row.begun_at), count)


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
