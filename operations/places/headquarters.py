"""The whole picture of headquarters in one answer."""

from collections.abc import Set
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from data import inforce, tables
from data.database import transaction
from data.rows import card_of, current_load
from hazards.kinds import AlertLevel, HazardKind
from operations.alerts.waiting import waiting_now
from operations.places import placestate
from operations.places.needs import unanswered
from operations.places.sitecalls import call_next, calls
from operations.places.siteinfo import contacts
from operations.proposals.proposable import areas_with_sites
from operations.proposals.proposalstate import proposed
from operations.proposals.unopened import unopened_of_order, unopened_sites


def picture(engine: Engine, now: datetime) -> dict[str, Any]:
    """Places, calls, needs, proposals, orders and alerts that wait, on one view of the data.

    It holds telephone numbers and what people wrote: for headquarters alone, never cached.
    """
    with transaction(engine) as connection:
        load = current_load(connection)
        card, next_ones = card_of(load), call_next(connection, load, now)
        sites = _sites(connection, load, {one["id"] for one in next_ones}, now)
        orders = inforce.standing(connection, tables.evacuation_order, load.code)
        return {
            "now": now.isoformat(),
            "city": card.name,
            "fictional": card.fictional,
            "sites": sites,
            "call_next": next_ones,
            "needs": _needs(connection, load, {site["id"]: site["name"] for site in sites}),
            "proposals": _proposals(connection, load),
            "orders": [_order(row) for row in orders],
            "alerts": waiting_now(connection, load),
            "areas": areas_with_sites(connection, load),
            "unopened": [
                {"order": row.id, "sites": unopened_of_order(connection, load, row)}
                for row in orders
                if row.level < AlertLevel.SECURE_NOW  # nobody is sent anywhere (`safety.md` 4)
            ],
        }


def site_now(engine: Engine, site_id: str, now: datetime) -> dict[str, Any]:
    """What staff see of one place; raises `NotThere`."""
    with transaction(engine) as connection:
        return placestate.staff_state(connection, current_load(connection), site_id, now)


def warned_of(engine: Engine, number: int) -> list[dict[str, Any]]:
    """The places that are not open where a proposal that waits would send people."""
    with transaction(engine) as connection:
        waiting = _proposals(connection, current_load(connection))
        return next((one["unopened"] for one in waiting if one["number"] == number), [])


def _sites(
    connection: Connection, load: Row[Any], next_ones: Set[str], now: datetime
) -> list[dict[str, Any]]:
    phones, called = contacts(connection, load), calls(connection, load)
    table = tables.evacuation_site
    query = select(table.c.id, table.c.designated_for).where(table.c.load_id == load.id)
    suits = {row.id: row.designated_for for row in connection.execute(query)}
    return [
        {
            **state,
            "call_next": state["id"] in next_ones,
            "designated_for": suits[state["id"]],
            "contact": asdict(phones[state["id"]]) if state["id"] in phones else None,
            "calls": called.get(state["id"], []),
        }
        for state in placestate.staff_states(connection, load, now)
    ]


def _proposals(connection: Connection, load: Row[Any]) -> list[dict[str, Any]]:
    return [
        one | {"unopened": [] if one["lifts"] else _unopened(connection, load, one)}
        for one in proposed(connection, load)
    ]


def _unopened(
    connection: Connection, load: Row[Any], proposal: dict[str, Any]
) -> list[dict[str, Any]]:
    if proposal["level"] >= AlertLevel.SECURE_NOW:
        return []
    hazard = HazardKind(proposal["hazard"])
    return unopened_sites(connection, load, hazard, proposal["area_names"])


def _order(row: Row[Any]) -> dict[str, Any]:
    return {
        "number": row.id,
        "hazard": row.hazard,
        "level": row.level,
        "area_names": list(row.area_names),
        "since": row.begun_at.isoformat(),
    }


def _needs(connection: Connection, load: Row[Any], names: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "id": str(row.id),
            "site_id": row.site_id,
            "site_name": names.get(row.site_id, ""),
            "kind": row.kind,
            "words": row.words,
            "state": row.state,
            "received_at": row.received_at.isoformat(),
            "answer": row.answer,
            "expected_at": row.expected_at.isoformat() if row.expected_at else None,
        }
        for row in unanswered(connection, load)
    ]
