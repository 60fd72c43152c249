"""The page behind a reader's own link on a phone: in light and dark, and at twice its size."""

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from alerts.kinds import Language, Status, Step
from city.position import Position
from data.database import connect
from operations.planning.planner import Planner
from operations.serving import utc_now
from tests.integration.databases import Server
from tests.integration.homed import load, write_homed_city
from tests.integration.processes import free_port, started, wait_for
from tests.integration.readers import Readers
from tests.integration.registered import a_sealer
from tests.integration.small_city import position

PHONE = {"width": 390, "height": 844}
TWICE = {"width": 195, "height": 422}
"""What is left of a phone's screen at 200 %."""
SHOTS = os.environ.get("NIGEMICHI_SHOTS")
HOME = Position(*position(4.4, 5.1))


@dataclass
class House:
    """The server's address, and who has a link."""

    url: str
    readers: Readers

    def link(self, person: int) -> str:
        """The address of their page."""
        return f"{self.url}{self.readers.link(person)}"


@pytest.fixture(scope="module")
def house(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A real server with keys over the small city."""
    folder = tmp_path_factory.mktemp("reading")
    made, port = server.create(migrated), free_port()
    engine, sealer = connect(made.url), a_sealer(folder)
    load(engine, write_homed_city(folder))
    Planner(engine, folder / "state").catch_up()
    words = ("serve", "--port", str(port))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NIGEMICHI_KEYS", str(sealer.path))
        with started(made.url, folder / "state", *words, log=folder / "serve.log"):
            wait_for("the server listens", lambda: _listens(port), 60)
            readers = Readers(engine, sealer, utc_now() - timedelta(minutes=44))
            yield House(f"http://127.0.0.1:{port}", readers)
    engine.dispose()
    server.drop(made)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def opened(browser: Browser) -> Iterator[Page]:
    """A page of a phone's size, whose scripts are off until axe runs."""
    context = browser.new_context(viewport=PHONE, locale="ja-JP")
    page, said = context.new_page(), list[str]()
    page.set_default_timeout(10_000)
    page.on("console", lambda message: said.append(message.text))
    yield page
    context.close()
    assert [one for one in said if "status of 404" not in one] == []


def found_nothing_wrong(page: Page, name: str) -> None:
    """Nothing is wrong, too wide or too small, in light, dark and at 200 %."""
    for look, scheme, size in (
        ("light", "light", PHONE),
        ("dark", "dark", PHONE),
        ("twice", "light", TWICE),
    ):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/reader-{name}-{look}.png", full_page=True)
        found: list[dict[str, Any]] = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], look
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.set_viewport_size(PHONE)
    heights = page.evaluate(
        "[...document.querySelectorAll('main a,main button,nav a')]"
        ".map(one => one.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44


def test_an_alert_is_read_and_confirmed_by_one_tap(opened: Page, house: House) -> None:
    who = house.readers.person(at=HOME)
    house.readers.tell([who])
    opened.goto(house.link(who))
    expect(opened.get_by_role("heading", level=1)).to_contain_text("避難指示")
    found_nothing_wrong(opened, "level4")
    opened.get_by_role("button", name="読みました").click()
    expect(opened.get_by_role("status")).to_contain_text("確認を受け取りました")
    expect(opened.get_by_role("button")).to_have_count(0)
    found_nothing_wrong(opened, "confirmed")
    opened.get_by_role("link", name="自分の逃げ道を見る").click()
    opened.wait_for_url("**/way?*")


@pytest.mark.parametrize("language", sorted(Language))
def test_level_5_in_each_language_above_what_came_before(
    opened: Page, house: House, language: Language
) -> None:
    who = house.readers.person(language, at=HOME)
    house.readers.tell([who], level=4)
    house.readers.tell([who], level=5, reason="浅瀬川の堤防が、崩れました。")
    house.readers.tell([who], level=None)
    opened.goto(house.link(who))
    found_nothing_wrong(opened, f"level5-{language}")


def test_a_drill_looks_like_no_alert(opened: Page, house: House) -> None:
    who = house.readers.person(at=HOME, status=Status.EXERCISE)
    house.readers.tell([who], drill=True)
    opened.goto(house.link(who))
    found_nothing_wrong(opened, "drill")


def test_what_ended_and_what_opens_nothing(opened: Page, house: House) -> None:
    who = house.readers.person()
    alert, _ = house.readers.tell([who])
    house.readers.tell([who], level=3, stopped_at=house.readers.now)
    house.readers.tell([who], alert=alert, step=Step.ALL_CLEAR)
    opened.goto(house.link(who))
    found_nothing_wrong(opened, "lifted")
    opened.goto(house.link(house.readers.person()))
    found_nothing_wrong(opened, "nothing")
    opened.goto(f"{house.url}/r/x")
    found_nothing_wrong(opened, "dead")
