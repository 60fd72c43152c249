"""Sources of information in a browser: by keyboard, at every size, and as people see them."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from city.staff import CONSOLE, Role
from hazards.information import Shape, Theme, Way
from operations.information.registering import GivenSource, add
from operations.information.taking import note_failure
from operations.information.turns import Turns
from operations.serving import utc_now
from tests.browser.hqserver import Headquarters, headquarters
from tests.integration.databases import Server
from tests.integration.sourced import collection, feature

AT = "/hq/information"
SIZES = {"wide": (1440, 900), "phone": (390, 844), "200 %": (640, 400)}


def town_middle(hq: Headquarters) -> tuple[float, float]:
    query = "SELECT ST_X(c), ST_Y(c) FROM (SELECT ST_Centroid(ST_Collect(geom)) c FROM junction) x"
    ((lon, lat),) = hq.database.rows(query)
    return lon, lat


def shut(at: tuple[float, float], count: int) -> bytes:
    """So many streets of the prefecture that are shut."""
    text = "土砂くずれのため通行止め。う回路は国道を使ってください。"
    return collection(*(feature(f"県道{n + 101}号", at, 内容=text) for n in range(count)))


class Night:
    """A server with sources as on a bad night: one failing, one that never came, two well."""

    def __init__(self, hq: Headquarters) -> None:
        self.hq = hq
        self.turns = Turns(hq.engine)
        self.middle = town_middle(hq)
        early = utc_now() - timedelta(minutes=50)
        self.roads = self.source("架空県 道路規制", Theme.TRAFFIC)
        self.turns.drop(self.roads, "a.geojson", shut(self.middle, 8), early, CONSOLE)
        self.power = self.source("架空電力 停電情報", Theme.LIFELINE)
        self.turns.drop(self.power, "b.geojson", shut(self.middle, 2), early, CONSOLE)
        note_failure(
            hq.engine, self.power, "相手のサーバーにつながりません", early + timedelta(minutes=5)
        )
        self.state = self.source("国の川の情報", Theme.STATE)
        places = self.source("隣町 避難場所", Theme.NEIGHBOUR)
        body = collection(feature("隣町体育館", self.middle))
        self.turns.drop(places, "d.geojson", body, utc_now(), CONSOLE)

    def source(self, name: str, theme: Theme) -> int:
        given = GivenSource(
            name, theme, Shape.GEOJSON, Way.DROP, "", "CC BY 4.0", "架空県", 300, public=True
        )
        return add(self.hq.engine, CONSOLE, given, utc_now())


@pytest.fixture(scope="module")
def night(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Night]:
    with headquarters(server, with_plan, tmp_path_factory.mktemp("information")) as hq:
        yield Night(hq)


@pytest.fixture(autouse=True)
def quiet(night: Night) -> Iterator[None]:
    """Nothing of a page is refused by its policy, and nothing of it fails."""
    night.hq.said.clear()
    yield
    assert [one for one in night.hq.said if "Failed to load resource" not in one] == []


def opened(night: Night, browser: Browser, **context: Any) -> Page:
    page = night.hq.opened(browser, night.hq.officer(Role.OPERATOR), at=AT, **context)
    page.locator("#information[data-ready]").wait_for()
    return page


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_pages_are_whole_at_every_size(night: Night, browser: Browser, scheme: str) -> None:
    page = opened(night, browser, color_scheme=scheme)
    expect(page.locator(".source")).to_have_count(4)
    for address in (AT, "/info", "/open"):
        page.goto(night.hq.url + address)
        page.wait_for_load_state("networkidle")
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            assert sideways(page) <= 0, (address, size)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    page.context.close()


def test_an_officer_decides_on_a_held_copy_by_keyboard_alone(
    night: Night, browser: Browser, tmp_path: Path
) -> None:
    page = opened(night, browser)
    less = tmp_path / "less.geojson"
    less.write_bytes(shut(night.middle, 1))
    page.locator(f"#file-{night.roads}").set_input_files(less)
    expect(page.locator("#did")).to_contain_text("8件あったものが 1件に減りました")
    held = page.locator(".source").first
    expect(held).to_contain_text("8件 → 1件（増えた 0・消えた 7）")
    page.keyboard.press("j")
    page.keyboard.press("a")
    dialog = page.locator("#ask")
    expect(dialog).to_contain_text("この内容を公開しますか")
    expect(dialog).to_contain_text("いまの 8件が、1件になります")
    expect(page.locator("[data-does=accept].primary, #ask-ok.primary")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#ask-said")).to_have_text("理由を1行で書いてください。")
    page.keyboard.type("県に電話で確かめた")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#did")).to_contain_text("公開しました")
    expect(page.locator(f"#source-{night.roads}")).to_contain_text("1件")
    page.context.close()


def test_a_source_is_added_and_a_plain_address_refused(night: Night, browser: Browser) -> None:
    page = opened(night, browser)
    page.keyboard.press("n")
    page.keyboard.type("鉄道")
    form = page.locator("#add")
    form.locator("[name=address]").fill("http://rail.example.jp/a.json")
    form.locator("[name=address]").press("Enter")
    expect(form.locator("output")).to_contain_text("暗号化されないアドレスです")
    form.locator("[name=address]").fill("")
    form.locator("[name=name]").press("Enter")
    expect(page.locator(".source")).to_have_count(5)
    page.locator(".source", has_text="鉄道").get_by_role("button", name="やめる").click()
    page.keyboard.type("試しに加えた")
    page.keyboard.press("Enter")
    expect(page.locator(".source")).to_have_count(4)
    page.context.close()


def test_a_list_that_cannot_be_read_is_not_called_empty(night: Night, browser: Browser) -> None:
    officer = night.hq.officer(Role.OPERATOR)
    page = night.hq.opened(browser, officer, at=AT, blocked="**/headquarters/sources")
    expect(page.locator("#read-at")).to_contain_text("読めません")
    expect(page.locator("#none")).to_contain_text("ないという意味ではありません")
    page.unroute_all()
    empty = {"sources": [], "now": utc_now().isoformat(), "mode": "live"}
    page.route("**/headquarters/sources", lambda route: route.fulfill(json=empty))
    page.reload()
    expect(page.locator("#none")).to_contain_text("「情報源を加える」（N）で加えてください")
    page.context.close()


def test_people_read_what_is_known_and_what_is_not_without_script(
    night: Night, browser: Browser
) -> None:
    pages = browser.new_context(java_script_enabled=False)
    page = pages.new_page()
    lon, lat = night.middle
    answer = page.goto(f"{night.hq.url}/info?lat={lat:.6f}&lon={lon:.6f}")
    assert answer is not None
    assert answer.headers["cache-control"] == "no-store"
    power = page.locator(".src", has_text="停電情報")
    expect(power).to_have_class("src old")
    expect(power).to_contain_text("から新しい情報が届いていません。いまの状況は分かりません。")
    expect(page.locator(".src", has_text="国の川")).to_contain_text("まだ一度も届いていません")
    expect(page.locator("#disaster")).to_contain_text("この分野の情報は、ここには届いていません")
    expect(page.locator("#neighbour")).to_contain_text("行き先として案内していません")
    page.goto(f"{night.hq.url}/open/alerts.geojson")
    said = json.loads(page.locator("body").inner_text())
    assert said["features"] == []
    assert said["licence"]
    pages.close()
