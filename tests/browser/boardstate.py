"""A night on the board of headquarters for its map and its wall, as the API would answer it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page

WEST, SOUTH, STEP = 135.385, 29.595, 0.01
FIVE, FOUR, THREE = "栞淵一丁目", "澄沢一丁目", "霞坂町"
OFFICER = "架空 太郎"
API = "**/api/v1/headquarters/"


def square(column: int, row: int = 0) -> list[list[float]]:
    """The outline of an area, one step wide."""
    west, south = WEST + column * STEP, SOUTH + row * STEP
    corners = ((0, 0), (STEP, 0), (STEP, STEP), (0, STEP), (0, 0))
    return [[round(west + dx, 5), round(south + dy, 5)] for dx, dy in corners]


AREAS = {FIVE: [square(0)], FOUR: [square(1)], THREE: [square(2)]}
SHAPES = {"9": [square(1, 1)]}
"""Of orders that were drawn, by their numbers."""


def street(column: float, walkers: int = 100) -> dict[str, Any]:
    """A street to the north through the middle of a column of areas."""
    lon = round(WEST + (column + 0.5) * STEP, 5)
    return {"line": [[lon, SOUTH - STEP], [lon, SOUTH + 2 * STEP]], "walkers": walkers}


FLOWS = {"version": 7, "at": "2026-10-10T17:00:00+00:00", "streets": [street(0), street(1)]}


def board(now: datetime, *, age_min: float = 0, **sections: Any) -> dict[str, Any]:
    """The answer of the board at a moment; `age_min`: of what was counted, measured and seen."""

    def ago(minutes: float) -> str:
        return (now - timedelta(minutes=minutes + age_min)).isoformat(timespec="seconds")

    def at(column: float) -> dict[str, Any]:
        return {"lon": round(WEST + column * STEP, 5), "lat": SOUTH + STEP / 2}

    orders = {
        str(number): {"number": number, "level": level, "hazard": "flood", "area_names": [name]}
        | {"whole_city": False, "households": 1000 * level, "since": ago(30), "told": True}
        for number, (level, name) in enumerate(((5, FIVE), (4, FOUR), (3, THREE)), 1)
    }
    sites = {
        key: {"id": key, "name": name, "opening": "open", "band": band, "as_of": ago(2)} | at(x)
        for key, name, band, x in (("a", "澄沢小学校", "full", 1.8), ("b", "霞坂公民館", None, 2.3))
    }
    team = {"number": 1, "team": "消防団4", "what": "見回り", "area_names": [FIVE], "flight": False}
    team |= {"state": "out", "last_heard": ago(3), "overdue_since": ago(1)} | at(0.3)
    gauge = {"name": "澄川 上", "river": "澄川", "level_m": 6.84, "danger_m": 6.6} | at(1.2)
    gauge |= {"trend_m_h": 1.9, "measured_at": ago(2), "silent_since": None}
    closure = {"id": 5, "reason": "流失", "basis": "suspended", "street": "澄瀬大橋", "at": ago(4)}
    closure |= {"line": street(2.2)["line"]}
    water = {"id": 1, "at": ago(3), "area": {"type": "Polygon", "coordinates": [square(0, 1)]}}
    decisions = {
        f"call:{n}": {"key": f"call:{n}", "title": f"電話で確認 {n}", "since": ago(1)}
        | {"due": (now + timedelta(minutes=5 * n)).isoformat()}
        for n in (3, 1, 4, 2, 5)
    }
    city = {"name": "澄瀬市（架空）", "fictional": True, "households": 285_000}
    city |= {"live": True, "drill": False, "missing": [], "target": 12_000}
    city |= {"unreached": 126, "counted_at": ago(1), "counting": 0}
    state = {"city": {"city": city}, "orders": orders, "sites": sites, "teams": {"1": team}}
    state |= {"gauges": {"澄川 上": gauge}, "closures": {"5": closure}, "water": {"1": water}}
    state |= {"unreached": {FOUR: {"area": FOUR, "households": 126}}, "observations": {}}
    state |= {"alerts": {"1": {"in_force": True, "counted_at": ago(1)}}, "decisions": decisions}
    state |= {"plan": {"newest": {"number": 7}}, "proposals": {}, "unreached_cells": {}}
    moment = now.isoformat()
    answer = {"now": moment, "checked_at": moment, "stale": False, "state": state | sections}
    return answer | {"hash": "", "offset": "", "me": {"actor": "", "roles": []}, "locks": {}}


def planted(page: Page, **changes: Any) -> None:
    """What a page asks of the board from now on."""

    def answer(route: Any) -> None:
        route.fulfill(json=board(datetime.now(UTC), **changes))

    page.route(f"{API}board", answer)
    page.route(
        f"{API}board/map", lambda route: route.fulfill(json={"areas": AREAS, "orders": SHAPES})
    )
    page.route(f"{API}flows", lambda route: route.fulfill(json=FLOWS))
