"""Telegrams of the JMA for the small city, and what became of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from city.staff import CONSOLE
from data.database import transaction
from data.live import outbox as live
from data.rows import current_load
from hazards.kinds import AlertLevel, HazardKind
from operations.bulletins.board import KEY, board
from operations.bulletins.take_in import TakenIn, take_in
from tests.integration.databases import Database
from tests.unit.data.jmatelegrams import a_kind, a_telegram

FLOOD, SLIDE = HazardKind.FLOOD, HazardKind.LANDSLIDE
L4, L5 = AlertLevel.ALL_LEAVE, AlertLevel.SECURE_NOW
SOUTH, NORTH = "南町二丁目", "北町一丁目"
NOW = datetime(2026, 9, 1, 11, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
SLIDE_4, SLIDE_3 = "レベル４土砂災害危険警報", "レベル３土砂災害警報"
TITLE = "気象警報・注意報（Ｒ０６）（土砂）"
EARLIER = a_telegram(a_kind(SLIDE_4), title=TITLE)


def taken(engine: Engine, content: bytes, now: datetime = NOW) -> TakenIn:
    """What became of a telegram that came in."""
    return take_in(engine, CONSOLE, content, name="電文.xml", now=now)


def later(hours: float, *kinds: str, **changed: str) -> bytes:
    """A telegram of the same series, so many hours after the first."""
    at = datetime.fromisoformat("2026-09-01T20:00:00+09:00") + timedelta(hours=hours)
    return a_telegram(*kinds, title=TITLE, reported=at.isoformat(), **changed)


def orders(database: Database) -> list[tuple[Any, ...]]:
    """All orders that were ever set."""
    return database.rows("SELECT id, hazard, level, area_names, ended_at FROM evacuation_order")


def waiting(database: Database) -> list[tuple[Any, ...]]:
    """The suggestions that wait for a person."""
    return database.rows(
        "SELECT hazard, level, area_names FROM suggestion WHERE state = 'waiting' ORDER BY id"
    )


def shown(engine: Engine, now: datetime = NOW) -> dict[str, Any]:
    """The board as it is now; what was put on the screens last has the same words."""
    with transaction(engine) as connection:
        return board(connection, current_load(connection), now)


def on_screens(engine: Engine) -> dict[str, Any]:
    """The board as it was put on the screens last."""
    with transaction(engine) as connection:
        states = {one.key: one for one in live.since(connection, 0)}
    assert states[KEY].topic is live.Topic.HEADQUARTERS
    return dict(states[KEY].state or {})


def audit(database: Database) -> list[tuple[Any, ...]]:
    """Who did what with bulletins and suggestions."""
    return database.rows(
        "SELECT actor, action FROM audit_entry WHERE action ~ '^(bulletin|suggestion|level)'"
        " ORDER BY number"
    )
