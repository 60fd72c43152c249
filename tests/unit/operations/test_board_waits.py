"""What decisions say of time: which stands first, on which day it was, what should have come."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hazards.suggestionstate import SuggestionState
from operations.alerts.clocks import CALLS_AFTER
from operations.board.decisions import alerts, held, in_order, levels, teams
from operations.board.decisions.asking import clock
from operations.board.look import iso
from operations.planning import held as planned

NOW = datetime(2026, 10, 12, 16, 30, tzinfo=UTC)
"""1:30 in the night of the 13th by the city's clocks."""
NIGHT: Any = SimpleNamespace(
    connection=None, code="x", load=None, now=NOW, card=SimpleNamespace(timezone="Asia/Tokyo")
)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def a_proposal(number: int, level: int, lifts: int | None = None) -> dict[str, Any]:
    said = {"number": number, "hazard": "flood", "level": level, "area_names": ["月待"]}
    return said | {"lifts": lifts, "proposed_at": iso(ago(3))}


def a_suggestion(number: int, level: int) -> Any:
    said = {"id": number, "hazard": "flood", "level": level, "area_names": ["月待"]}
    return SimpleNamespace(**said, state=SuggestionState.WAITING, made_at=ago(9))


def a_held(number: int, kind: str) -> Any:
    said = {"id": number, "kind": kind, "item": 5, "source": "浸水", "facts": None, "basis": None}
    return SimpleNamespace(**said, why="it covers 80% of all junctions", held_at=ago(5))


def test_a_level_that_waits_stands_before_a_room_that_is_needed_tomorrow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proposed = [a_proposal(1, 4), a_proposal(2, 3, lifts=7)]
    monkeypatch.setattr(levels, "proposed", lambda *_: proposed)
    monkeypatch.setattr(levels, "orders_of", lambda *_: None)
    monkeypatch.setattr(levels, "open_suggestions", lambda *_: [a_suggestion(3, 5)])
    monkeypatch.setattr("data.suggestions.suggestion_of", lambda row: row)
    monkeypatch.setattr(levels, "sentence", lambda _: "")
    waits = [a_held(4, planned.MOVE), a_held(5, planned.WATER)]
    monkeypatch.setattr("operations.planning.held.waiting", lambda *_: waits)
    needed = iso(NOW + timedelta(hours=9))
    room = {"site": "E1", "name": "渡場中学校", "persons": 90, "rooms": [], "needed_at": needed}
    rows = [
        *held.rooms(NIGHT, {"overflow": [room], "published_at": iso(ago(60))}),
        *levels.proposals(NIGHT),
        *levels.suggested(NIGHT),
        *held.moves(NIGHT, {}),
        *held.water(NIGHT),
    ]
    # What lifts an order may wait: it stays.
    assert list(in_order(rows)) == [
        *("suggestion:3", "move:4", "water:5", "proposal:1", "room:E1", "proposal:2"),
    ]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW - timedelta(minutes=20), "01:10"),
        (NOW - timedelta(hours=3), "10/12 22:30"),
        (NOW - timedelta(days=3), "10/10 01:30"),
        (NOW + timedelta(days=1), "10/14 01:30"),
        (None, "--:--"),
    ],
    ids=["tonight", "yesterday", "days-ago", "tomorrow", "unknown"],
)
def test_a_moment_of_another_day_has_its_day(at: datetime | None, said: str) -> None:
    assert clock(NIGHT, at) == clock(NIGHT, iso(at)) == said


def a_team(since: datetime) -> dict[str, Any]:
    row = {"number": 7, "doors": True, "team": "第3班", "word": "戻らない", "area_names": ["月待"]}
    row |= {"overdue_since": iso(since), "escalated_at": None, "last_heard": None}
    return row | {"withdraw_at": iso(since)}


def test_what_should_have_come_by_itself_and_did_not_is_a_person_s(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("data.missions.outside", lambda *_: [])
    soon, late = (
        next(teams.overdue(NIGHT, {"doors:7": a_team(ago(minutes))}))["if_nobody"]
        for minutes in (2, 90)
    )
    assert soon.startswith("01:38に自動で「引き継ぎ」になります。")
    assert late.startswith("00:10に自動で「引き継ぎ」になるはずでしたが、まだです。")
    assert "人が引き継ぎます" in late
    assert "119へは人が電話します" in soon
    assert "119へは人が電話します" in late


def test_a_deputy_who_was_not_called_in_time_is_called_by_a_person() -> None:
    def said(minutes: float, *, deputies: bool = True) -> str:
        row: Any = SimpleNamespace(deputies_called_at=None, submitted_at=ago(minutes))
        return alerts._unapproved(NIGHT, row, deputies)

    assert said(1) == f"送りません。{clock(NIGHT, ago(1) + CALLS_AFTER)}に副承認者を呼びます。"
    assert said(60) == (
        f"送りません。{clock(NIGHT, ago(60) + CALLS_AFTER)}に副承認者を呼ぶはずでしたが、"
        "まだです。人が電話で呼びます。"
    )
    assert said(60, deputies=False) == "送りません。呼べる副承認者もいません。"
