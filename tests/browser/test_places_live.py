"""The page of places at a running server over PostGIS, with its planner: true within a second."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from city.staff import CONSOLE
from hazards.errors import NothingInForce
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.places.siteinfo import GivenRoom, set_facility, set_room
from shelters.facility import Facility
from shelters.place import Opening
from shelters.rooms import MeantFor
from tests.browser.hqserver import Headquarters
from tests.integration.databases import Server, connected
from tests.integration.livestream import Api, served
from tests.integration.processes import started, wait_for

AT_ONCE_MS = 1_000
"""By when whoever looks at a page sees a change that was committed."""
SOON_MS = 15_000


@dataclass
class Town:
    """The fictional town, somebody who changes it, and a place in it."""

    changes: Headquarters
    name: str

    @property
    def site(self) -> str:
        """The place's id."""
        return self.changes.site(self.name)

    def opened(self, browser: Browser, *, script: bool = True) -> Page:
        """The page of the whole town, following."""
        page = browser.new_page(
            viewport={"width": 390, "height": 844}, java_script_enabled=script, locale="ja-JP"
        )
        page.goto(f"{self.changes.url}/places")
        if script:
            page.wait_for_selector("script[data-follows]", state="attached")
        return page

    def row(self, page: Page) -> Locator:
        """The place on the page."""
        return page.locator(f'.pl[data-id="{self.site}"]')

    def word(self, page: Page) -> Locator:
        """How full it is called there."""
        return self.row(page).locator(".band b")


@dataclass
class Running:
    """A server and a planner, and the names of places of which no test has said anything."""

    changes: Headquarters
    api: Api
    names: list[str]

    def said_of(self, site: str) -> list[Any]:
        """What whoever follows knows of a place."""
        snapshot = self.api.changes("?topics=sites").json()["snapshot"]
        return [value for one in snapshot if one["key"] == site for value in one["state"].values()]


@pytest.fixture(scope="module")
def running(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """One of each for all tests: each has places of its own."""
    folder, database = tmp_path_factory.mktemp("places"), server.create(with_plan[0])
    state = shutil.copytree(with_plan[1], folder / "state", symlinks=True)
    with (
        connected(database.url) as engine,
        started(database.url, state, "planner", log=folder / "planner.log"),
        served(database.url, state) as api,
    ):
        made = Headquarters(api.url, database, engine)
        yield Running(made, api, made.names())
    server.drop(database)


@pytest.fixture
def night(running: Running) -> Iterator[Town]:
    """A place that has just opened, and no order for a flood."""
    made, engine = Town(running.changes, running.names.pop(0)), running.changes.engine
    gym = GivenRoom("体育館", 100, MeantFor.GENERAL, overflow=False, in_use=True)
    set_room(engine, CONSOLE, made.site, "gym", gym, now=datetime.now(UTC))
    made.changes.opening(made.name, Opening.OPEN)
    wait_for("the opening", lambda: "open" in running.said_of(made.site))
    yield made
    with suppress(NothingInForce):
        changes.lift_level(engine, HazardKind.FLOOD)
    there = f'data-id="{made.site}"'
    wait_for("no place is hidden", lambda: there in running.api.http.get("/places").text)


def test_a_first_count_and_every_opening_are_seen_within_a_second(
    browser: Browser, night: Town
) -> None:
    page = night.opened(browser)
    expect(night.word(page)).to_have_text("不明")
    night.changes.counted(night.name, 85)
    expect(night.word(page)).to_have_text("混雑", timeout=AT_ONCE_MS)
    expect(night.row(page)).to_contain_text("85 ／ 100 人")
    night.changes.opening(night.name, Opening.FULL)
    expect(night.word(page)).to_have_text("満", timeout=AT_ONCE_MS)
    expect(night.row(page)).to_contain_text("来た人は断りません")
    night.changes.opening(night.name, Opening.CLOSED, note="浸水のため")
    expect(night.row(page)).to_contain_text("行かないでください", timeout=AT_ONCE_MS)
    expect(night.word(page)).to_have_text("閉鎖")
    expect(night.row(page)).not_to_contain_text("85")
    number = night.row(page).locator(".k").inner_text()
    expect(page.locator(f'g[data-pin="{number}"]')).to_have_attribute("class", "b-stop")
    # The page itself, as it comes a moment later, says the same.
    expect(page.locator("#changed")).to_have_count(0)
    expect(page.locator("#never")).to_contain_text(night.name)
    page.close()
    plain = night.opened(browser, script=False)
    expect(plain.locator("#never")).to_contain_text(night.name)
    expect(night.word(plain)).to_have_text("閉鎖")
    plain.close()


def test_a_place_that_is_open_by_plan_alone_is_followed_too(
    browser: Browser, night: Town, running: Running
) -> None:
    night.name = running.names.pop(0)
    page = night.opened(browser)
    expect(night.row(page)).to_contain_text("開設状況未確認")
    now = datetime.now(UTC)
    set_facility(night.changes.engine, CONSOLE, night.site, Facility.PETS, offered=True, now=now)
    expect(night.row(page)).to_contain_text("ペット", timeout=AT_ONCE_MS)
    # At once, before the page itself may be read again.
    assert "計画では開く場所です" in night.row(page).inner_text()
    night.changes.counted(night.name, 7)
    expect(night.row(page)).to_contain_text("7 ／", timeout=AT_ONCE_MS)
    expect(night.word(page)).to_have_text("空いています")
    page.close()


def test_rule_4_a_level_5_hides_every_place_within_a_second_and_its_end_brings_them_back(
    browser: Browser, night: Town
) -> None:
    page = night.opened(browser)
    expect(night.row(page)).to_be_visible()
    changes.set_level(night.changes.engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    expect(page.locator(".strip")).to_contain_text("避難指示", timeout=AT_ONCE_MS)
    changes.set_level(night.changes.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW)
    expect(page.locator("h1")).to_have_text("直ちに安全確保", timeout=AT_ONCE_MS)
    expect(page.locator(".pl")).to_have_count(0)
    expect(page.locator(".pm")).to_have_count(0)
    expect(page.get_by_role("link", name="わたしの行き先と道を見る")).to_have_count(0)
    expect(page.locator("#changed")).to_have_count(0, timeout=SOON_MS)
    expect(page.locator("h1")).to_have_text("直ちに安全確保")
    plain = night.opened(browser, script=False)
    expect(plain.locator("h1")).to_have_text("直ちに安全確保")
    expect(plain.locator(".pl")).to_have_count(0)
    plain.close()
    changes.lift_level(night.changes.engine, HazardKind.FLOOD)
    expect(page.get_by_role("alert")).to_contain_text("避難情報が変わりました", timeout=AT_ONCE_MS)
    expect(night.row(page)).to_be_visible(timeout=SOON_MS)
    page.close()


def test_an_open_way_page_says_at_once_that_orders_changed_and_loads_anew(
    browser: Browser, night: Town
) -> None:
    changes.set_level(night.changes.engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    lat, lon = night.changes.database.rows(
        "SELECT ST_Y(geom), ST_X(geom) FROM evacuation_site ORDER BY number LIMIT 1"
    )[0]
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="ja-JP")
    page.goto(f"{night.changes.url}/way?lat={lat}&lon={lon}")
    changes.set_level(night.changes.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW)
    expect(page.locator("h1")).to_contain_text("安全確保", timeout=SOON_MS)
    expect(page.get_by_text("直ちに安全確保。読み直しています。")).to_have_count(0)
    page.close()
