"""A household's open page hears that something is new for it, and turns nobody round."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from data.database import connect
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.household.links import link_to
from operations.planning.planner import Planner
from shelters.place import Opening
from tests.browser.test_household import found_nothing_wrong, opened
from tests.integration.databases import Server
from tests.integration.homed import Slip, load, slips, write_homed_city
from tests.integration.livestream import Api, served
from tests.integration.processes import kill

AT_ONCE_MS, SOON_MS = 3_000, 20_000
NEWS = re.compile("新しい案内があります|案内する行き先が変わりました")
NORTH, SOUTH = 0, 3


@dataclass
class House:
    """A server over the small city under level 4, its planner, and slips."""

    api: Api
    engine: Engine
    planner: Planner
    slips: list[Slip]

    def opened(self, browser: Browser, household: int, *, clock: bool = False) -> Page:
        """A household's page, following; what stands on `window` goes when it is loaded anew."""
        page, _ = opened(browser)
        if clock:
            page.clock.install()
        page.goto(link_to(self.api.url, self.slips[household].token))
        page.wait_for_url("**/h/way")
        self.follows(page)
        return page

    def follows(self, page: Page) -> None:
        """Wait until a page follows the stream."""
        page.wait_for_selector("script[data-follows]", state="attached")
        page.wait_for_timeout(500)
        page.evaluate("window.same = true")


@pytest.fixture(scope="module")
def house(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Households 0 and 3 are told 北小学校."""
    folder, made = tmp_path_factory.mktemp("homed"), server.create(migrated)
    engine = connect(made.url)
    load(engine, write_homed_city(folder))
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    planner = Planner(engine, folder / "state")
    planner.catch_up()
    with served(made.url, folder / "state") as api:
        yield House(api, engine, planner, slips(engine, *range(6)))
    engine.dispose()
    server.drop(made)


def test_a_page_shows_the_new_way_by_itself_but_not_to_whoever_is_on_the_way(
    browser: Browser, house: House
) -> None:
    here, going = house.opened(browser, NORTH), house.opened(browser, SOUTH)
    going.get_by_role("button", name="向かっています").click()
    expect(going.get_by_text("「北小学校」へ向かっていると知らせました")).to_be_visible()
    house.follows(going)
    changes.open_site(house.engine, "E1", Opening.CLOSED)
    house.planner.catch_up()
    for page in (here, going):
        expect(page.locator("#news")).to_contain_text(NEWS, timeout=AT_ONCE_MS)
    found_nothing_wrong(here, "household-news")
    expect(here.locator(".name").first).to_contain_text("集会所", timeout=SOON_MS)
    expect(here.locator("#news")).to_be_empty()
    expect(going.locator("#news")).to_contain_text("行き先が変わりました", timeout=SOON_MS)
    found_nothing_wrong(going, "household-going-news")
    assert going.evaluate("window.same")
    expect(going.locator(".name").first).to_contain_text("北小学校")
    going.get_by_role("button", name="新しい案内を見る").click()
    expect(going.locator(".name").first).to_contain_text("集会所")
    moved = going.get_by_text(
        "行き先が変わりました：知らせた「北小学校」ではなく、この案内の場所へ。"
    )
    expect(moved).to_be_visible()
    found_nothing_wrong(going, "household-led-elsewhere")
    going.get_by_role("button", name="向かっています").click()
    expect(going.get_by_text("「集会所」へ向かっていると知らせました")).to_be_visible()
    expect(moved).to_have_count(0)
    for page in (here, going):
        page.context.close()


def test_an_order_loads_every_page_anew_and_a_lost_stream_is_said(
    browser: Browser, house: House
) -> None:
    page = house.opened(browser, NORTH, clock=True)
    page.get_by_role("button", name="向かっています").click()
    expect(page.get_by_text("へ向かっていると知らせました")).to_be_visible()
    house.follows(page)
    changes.set_level(house.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW)
    expect(page.get_by_role("alert")).to_contain_text("緊急安全確保", timeout=AT_ONCE_MS)
    page.wait_for_timeout(3_000)
    assert page.evaluate("window.same"), "loaded again and again before there is a plan"
    house.planner.catch_up()
    expect(page.get_by_role("heading", level=1)).to_contain_text("直ちに", timeout=SOON_MS)
    house.follows(page)
    late = page.get_by_text("から新しい情報が届いていません")
    expect(late).to_have_count(0)
    standing = house.planner.standing
    assert standing is not None
    plan = {"ready": True, "plan_version": standing.number, "stale": False}
    page.route("**/readyz", lambda route: route.fulfill(json=plan))
    kill(house.api.process)
    page.clock.fast_forward(60_000)
    expect(late).to_be_visible(timeout=SOON_MS)
    page.context.close()
