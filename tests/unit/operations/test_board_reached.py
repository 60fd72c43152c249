"""Whom the orders in force did not reach, and what is no number in a city without households."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from alerts.kinds import AlertKind, Status, Step
from alerts.life import RevisionState
from data.alerts import listing
from operations.board import alertrows, cityrows, homes, reached
from operations.board.locking import _DECISION

NOW = datetime(2026, 10, 12, 16, 30, tzinfo=UTC)
HOMES = {"月待": 120, "鵜首": 80, "渡場": 300}


def a_revision(number: int, **said: Any) -> Any:
    plain = {"id": number, "alert_id": number, "revision": 1, "state": RevisionState.SENT}
    plain |= {"status": Status.ACTUAL, "kind": AlertKind.EVACUATION, "step": Step.ISSUE}
    plain |= {"stopped_at": None, "expires_at": NOW + timedelta(hours=3)}
    return SimpleNamespace(**plain | said)


def an_order(number: int, geom: Any = None) -> Any:
    return SimpleNamespace(id=number, geom=geom, begun_at=NOW, area_names=[])


def a_look(monkeypatch: pytest.MonkeyPatch, *revisions: Any, **said: Any) -> Any:
    """One in which each alert left forty of 月待 unreached and tells of the order of its number."""

    def counted(_: object, alerts: list[int]) -> list[Any]:
        counts = {"states": {"unreached": 40}, "areas": {"月待": 40}, "cells": []}
        return [SimpleNamespace(alert_id=n, revision_id=n, as_of=NOW, **counts) for n in alerts]

    def tellers(_: object, *given: Any) -> dict[int, int]:
        return {number: number for number in listing.telling(*given)}

    monkeypatch.setattr("data.reachedcounts.of_alerts", counted)
    monkeypatch.setattr(listing, "tellers", tellers)
    standing = {row.id for row in revisions}
    plain: dict[str, Any] = {
        "connection": None,
        "now": NOW,
        "homes": HOMES,
        "orders": [],
        "token": "x",
    }
    return SimpleNamespace(**plain | {"revisions": revisions, "standing": standing} | said)


@pytest.mark.parametrize(
    "said",
    [
        {"kind": AlertKind.GENERAL},
        {"kind": AlertKind.LIFELINE},
        {"step": Step.ALL_CLEAR},
        {"step": Step.CANCEL},
        {"status": Status.EXERCISE},
    ],
    ids=["notice", "lifeline", "all-clear", "cancel", "drill"],
)
def test_only_alerts_of_orders_say_whom_they_did_not_reach(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, Any]
) -> None:
    look = a_look(monkeypatch, a_revision(1, **said))
    assert reached.counted_in_force(look) == ([], 0)
    assert reached.unreached_of_city(look)["unreached"] is None
    assert alertrows.unreached(look) == {}


def test_a_correction_of_an_order_s_alert_says_whom_it_did_not_reach(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look = a_look(monkeypatch, a_revision(1, step=Step.UPDATE), orders=[an_order(1)])
    assert reached.unreached_of_city(look)["unreached"] == 40
    # A notice to the whole city beside it changes nothing.
    notice = a_revision(2, kind=AlertKind.GENERAL)
    look = a_look(monkeypatch, look.revisions[0], notice, orders=look.orders, standing={1})
    assert reached.unreached_of_city(look)["unreached"] == 40


def test_an_alert_whose_order_is_lifted_counts_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    look = a_look(monkeypatch, a_revision(1), standing=set())
    assert reached.unreached_of_city(look)["unreached"] is None


def test_of_an_order_that_nobody_was_told_of_all_are_unreached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look = a_look(monkeypatch, a_revision(1), orders=[an_order(1), an_order(9)])
    assert reached.unreached_of_city(look)["unreached"] == sum(HOMES.values())
    areas = alertrows.unreached(look)
    assert {one["area"]: one["households"] for one in areas.values()} == HOMES
    look = a_look(monkeypatch, orders=[an_order(9)])
    found = reached.unreached_of_city(look)
    assert (found["unreached"], found["counting"], found["counted_at"]) == (500, 0, None)


def test_a_city_without_households_has_no_numbers_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    orders = [an_order(1, SimpleNamespace(desc="")), an_order(2)]
    card = SimpleNamespace(name="澄瀬市（架空）", fictional=True, timezone="Asia/Tokyo")
    look = a_look(monkeypatch, orders=orders, homes={}, card=card)
    monkeypatch.setattr(cityrows, "_under_way", lambda _: set())
    assert cityrows.city(look)["city"]["households"] is None
    for few in (orders, orders[:1], []):
        look.orders = few
        assert cityrows.target(look)["city"]["target"] is None
        assert reached.unreached_of_city(look)["unreached"] is None
    assert [homes.households_under(look, row) for row in orders] == [None, None]


@pytest.mark.parametrize("key", ["call:本町小", "room:第1避難所（北）", "call:E-1.a", "team:5"])
def test_a_place_s_decision_can_be_held_whatever_the_city_s_file_calls_it(key: str) -> None:
    assert _DECISION.fullmatch(key)


@pytest.mark.parametrize(
    "key", ["call:", "call:本町 小", "call:a\x00", "room:a\n", f"call:{'小' * 61}", "team:五"]
)
def test_what_is_no_decision_s_key_is_held_by_nobody(key: str) -> None:
    assert not _DECISION.fullmatch(key)
