"""A slip in a browser of a phone's size: its code opens the way, and leaves no trace."""

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from city.staff import CONSOLE
from data.database import connect
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.household import revoking
from operations.household.links import link_to
from operations.planning.planner import Planner
from operations.serving import utc_now
from tests.integration.databases import Server
from tests.integration.homed import Slip, load, slips, write_homed_city
from tests.integration.processes import free_port, started, wait_for

PHONE = {"width": 390, "height": 844}
SHOTS = os.environ.get("NIGEMICHI_SHOTS")


@dataclass
class House:
    """The server's address, its database, and the slips of its households."""

    url: str
    engine: Engine
    slips: list[Slip]

    def link(self, household: int) -> str:
        """What the code on a household's slip holds."""
        return link_to(self.url, self.slips[household].token)


@pytest.fixture(scope="module")
def house(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A real server over the small city with level 4 in its south."""
    folder = tmp_path_factory.mktemp("homed")
    made, port = server.create(migrated), free_port()
    engine = connect(made.url)
    load(engine, write_homed_city(folder))
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE, areas=["南町二丁目"])
    Planner(engine, folder / "state").catch_up()
    words = ("serve", "--port", str(port))
    with started(made.url, folder / "state", *words, log=folder / "serve.log"):
        wait_for("the server listens", lambda: _listens(port), 60)
        yield House(f"http://127.0.0.1:{port}", engine, slips(engine, *range(6)))
    engine.dispose()
    server.drop(made)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def opened(browser: Browser, **context: Any) -> tuple[Page, list[str]]:
    """A phone's page, and what its console says."""
    pages = browser.new_context(**{"viewport": PHONE, "locale": "ja-JP", **context})
    page, said = pages.new_page(), list[str]()
    page.set_default_timeout(10_000)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


def found_nothing_wrong(page: Page, name: str) -> None:
    """Axe finds no violation, nothing is wider than the screen; a picture where asked for."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    violations = Axe().run(page).response["violations"]
    assert [one["id"] for one in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_slip_opens_its_way_leaves_no_token_behind_and_dies_when_it_is_revoked(
    browser: Browser, house: House
) -> None:
    page, said = opened(browser)
    token, asked = house.slips[3].token, list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(house.link(3))
    page.wait_for_url("**/h/way")
    expect(page.get_by_role("heading", name="今すぐ避難")).to_be_visible()
    expect(page.get_by_role("img", name="避難する道の地図")).to_be_visible()
    assert not [url for url in asked if token in url.split("#")[0]]
    found_nothing_wrong(page, "household-way")
    page.get_by_role("button", name="向かっています").click()
    expect(page.get_by_text("へ向かっていると知らせました")).to_be_visible()
    page.get_by_label("迎えが必要").check()
    page.get_by_role("button", name="知らせる").click()
    expect(page.get_by_text("「迎えが必要」と知らせました")).to_be_visible()
    found_nothing_wrong(page, "household-said")
    page.emulate_media(color_scheme="dark")
    found_nothing_wrong(page, "household-dark")
    # Nothing that the browser kept of where it was holds the token.
    page.go_back()
    page.go_back()
    assert token not in page.url
    revoking.revoke_label(house.engine, CONSOLE, "S-003", now=utc_now())
    page.goto(f"{house.url}/h/way")
    expect(page.get_by_role("alert")).to_contain_text("このコードでは開けません")
    expect(page.get_by_text("今すぐ避難")).to_have_count(0)
    found_nothing_wrong(page, "household-dead")
    page.goto("about:blank")
    page.goto(house.link(3))
    expect(page.get_by_role("alert")).to_contain_text("このコードでは開けません")
    assert page.url == f"{house.url}/h"
    page.context.close()
    assert [one for one in said if "status of 404" not in one] == []


def test_the_page_reads_itself_anew_and_not_the_first_page(browser: Browser, house: House) -> None:
    """`aging.js` loads a page with a form of its own as the first page: ours is none."""
    page, said = opened(browser)
    page.goto(house.link(0))
    page.wait_for_url("**/h/way")
    with page.expect_response(lambda found: "/h/way" in found.url) as again:
        page.route(
            "**/readyz", lambda route: route.fulfill(json={"ready": True, "plan_version": 0})
        )
        page.evaluate("dispatchEvent(new Event('online'))")
    assert again.value.status == 200
    page.wait_for_load_state()
    assert page.url.startswith(f"{house.url}/h/way")
    page.context.close()
    assert said == []


def test_without_script_the_code_is_typed_in(browser: Browser, house: House) -> None:
    page, _ = opened(browser, java_script_enabled=False)
    page.goto(house.link(4))
    page.get_by_label("紙に書いてあるコード").fill(house.slips[4].token)
    page.get_by_role("button", name="案内を開く").click()
    page.wait_for_url("**/h/way")
    page.get_by_label("宿に泊まる").check()
    page.get_by_role("button", name="知らせる").click()
    page.get_by_role("button", name="取り消す").click()
    expect(page.get_by_text("と知らせました")).to_have_count(0)
    page.context.close()


def test_a_network_that_is_gone_says_to_go_by_the_paper_and_tries_again(
    browser: Browser, house: House
) -> None:
    page, _ = opened(browser)
    page.route(
        "**/h", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    page.goto(house.link(1))
    expect(page.get_by_role("alert")).to_contain_text("紙に書いてある行き先と道で")
    found_nothing_wrong(page, "household-away")
    page.unroute("**/h")
    page.get_by_role("button", name="もう一度開く").click()
    page.wait_for_url("**/h/way")
    page.context.close()


@pytest.mark.parametrize("query", ["", "?lang=en"])
def test_axe_finds_nothing_on_the_page_of_the_code(
    browser: Browser, house: House, query: str
) -> None:
    page, _ = opened(browser)
    page.goto(f"{house.url}/h{query}")
    found_nothing_wrong(page, f"household-code{query[-2:]}")
    page.goto(f"{house.url}/h{query}#{house.slips[2].token}")
    page.wait_for_url(f"**/h/way{query}")
    found_nothing_wrong(page, f"household-watch{query[-2:]}")
    page.context.close()
