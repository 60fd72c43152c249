"""The bar of headquarters: what nobody can know is in earnest, and a drill is said to be one."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from alerts.kinds import Status
from api.staff.barmode import bar_mode
from data.errors import NoCity, NoDatabase
from web.staff.duties import duties_page
from web.staff.hqboardrows import mode_of

NOW = datetime(2026, 10, 10, 11, 42, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def entry(minutes: int = 30, stopped_at: datetime | None = None) -> Any:
    """Something told that is sent for so many minutes more."""
    alert = SimpleNamespace(expires_at=NOW + minutes * MINUTE)
    return SimpleNamespace(alert=alert, stopped_at=stopped_at)


def asked(*, orders: Any = (), alerts: Any = (), drills: Any = (), read_at: datetime = NOW) -> Any:
    """A request to a server that knows this."""

    def feed(status: Status, _site: str, _now: datetime) -> Any:
        entries = alerts if status is Status.ACTUAL else drills
        if isinstance(entries, Exception):
            raise entries
        return SimpleNamespace(entries=entries, read_at=read_at)

    version = SimpleNamespace(picture=SimpleNamespace(orders=orders))
    service = SimpleNamespace(current=SimpleNamespace(version=version))
    state = SimpleNamespace(feeds=SimpleNamespace(feed=feed), service=service)
    return SimpleNamespace(app=SimpleNamespace(state=state))


@pytest.mark.parametrize(
    ("known", "mode"),
    [
        ({}, "calm"),
        ({"drills": [entry()]}, "drill"),
        ({"alerts": [entry()], "drills": [entry()]}, "live"),
        ({"orders": ["an order"], "drills": [entry()]}, "live"),
        ({"drills": [entry(-1)]}, "calm"),
        ({"drills": [entry(stopped_at=NOW)]}, "calm"),
        ({"alerts": NoDatabase("")}, "live"),
        ({"drills": NoCity("")}, "live"),
        ({"read_at": NOW - 2 * MINUTE}, "live"),
        ({"drills": [entry()], "read_at": NOW - 2 * MINUTE}, "live"),
    ],
    ids=[
        "nothing",
        "a drill",
        "an alert beside a drill",
        "an order beside a drill",
        "a drill that is over",
        "a drill that was stopped",
        "no database",
        "no city",
        "an old list",
        "an old list of drills",
    ],
)
def test_the_bar_says_what_is_under_way_and_live_where_nobody_knows(
    known: dict[str, Any], mode: str
) -> None:
    assert bar_mode(asked(**known), NOW) == mode


def test_a_state_without_a_row_of_the_city_is_live() -> None:
    assert mode_of({"missing": ["city"]}) == "live"


def test_the_page_of_the_duties_is_live_until_it_knows_better() -> None:
    caller: Any = SimpleNamespace(roles=frozenset(), name="", actor="")
    page = duties_page(caller=caller, csrf="", card=None, whole=True, now=NOW)
    assert 'data-mode="live"' in page
