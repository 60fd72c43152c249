"""記録再生: a slider over a night, what was seen in each minute of it; nothing that can be done."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from city.staff import Role
from data import mapped
from data.database import connect
from hazards.kinds import AlertLevel
from operations.replay import running
from shelters.place import Opening
from tests.browser.hqserver import Headquarters, headquarters
from tests.integration.databases import Server
from tests.integration.homed import load, write_homed_city
from tests.integration.replayednight import BEGAN, a_night, level, opened

NORTH, SOUTH = "北町一丁目", "南町二丁目"
TURNS = (
    level(AlertLevel.ELDERLY_LEAVE),
    opened("E1"),
    level(AlertLevel.ALL_LEAVE, NORTH),
    level(AlertLevel.ALL_LEAVE, SOUTH),
    opened("E2", Opening.ENDANGERED),
    level(AlertLevel.SECURE_NOW, SOUTH),
)
CHANGE = {"orders_earlier_min": 60, "sites_earlier_min": 60, "sites": None}
LINES = "#orders tbody tr"


@pytest.fixture(scope="module")
def hq(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Headquarters]:
    """The small city after a night of an hour, and once more with a change."""
    made, folder = server.create(migrated), tmp_path_factory.mktemp("replayed")
    engine = connect(made.url)
    load(engine, write_homed_city(folder / "city"))
    a_night(engine, folder / "night", TURNS)
    arrays = mapped.home(folder / "night")
    running.ask(engine, arrays, None, CHANGE, "staff:1", running.perform)
    engine.dispose()
    with headquarters(server, (made.name, folder / "night"), folder) as found:
        yield found


@pytest.fixture(scope="module")
def page(hq: Headquarters, browser: Browser) -> Page:
    """The page as an officer sees it, at the end of the night."""
    return opened_page(hq, browser)


def opened_page(hq: Headquarters, browser: Browser, *, blocked: str = "") -> Page:
    officer = hq.officer(Role.OPERATOR)
    pages = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ja-JP")
    pages.add_cookies([{"name": officer.cookie, "value": officer.token, "url": hq.url}])
    page = pages.new_page()
    page.set_default_timeout(10_000)
    page.on("console", lambda message: hq.said.append(message.text))
    page.on("pageerror", lambda error: hq.said.append(str(error)))
    if blocked:
        page.route(blocked, lambda route: route.abort())
    page.goto(f"{hq.url}/hq/replay")
    expect(page.locator("#agrees")).to_contain_text("一致")
    return page


def said(minutes: int) -> str:
    """A moment of the night as the page has it: in Japan."""
    at = BEGAN + timedelta(hours=9, minutes=minutes)
    return f"{at.month}/{at.day} {at:%H:%M}"


def test_keys_walk_the_night_by_minutes_and_by_what_happened(page: Page) -> None:
    minutes = 10 * (len(TURNS) - 1)
    expect(page.locator("#seen-at")).to_have_text(said(minutes))
    expect(page.locator(LINES).first).to_contain_text("緊急安全確保")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#seen-at")).to_have_text(said(minutes - 1))
    expect(page.locator(LINES).first).to_contain_text("避難指示")
    page.keyboard.press("[")
    page.keyboard.press("[")
    expect(page.locator("#seen-at")).to_have_text(said(30))
    expect(page.locator("#event")).to_contain_text(SOUTH)
    page.keyboard.press("]")
    expect(page.locator("#seen-at")).to_have_text(said(40))
    expect(page.locator("#version")).to_contain_text("版")
    expect(page.locator("#agrees")).to_contain_text("✓ 一致")


def test_a_night_has_the_name_that_the_command_takes_and_one_count_of_versions(page: Page) -> None:
    night = page.locator("#night option:checked").text_content() or ""
    assert night.startswith("2026-11-26の夜（")
    versions = night.rpartition("・")[2].removesuffix("版）")
    page.locator("#slider").fill(str(10 * (len(TURNS) - 1)))
    expect(page.locator("#version")).to_contain_text(f"{versions} / {versions}")


def test_the_curve_has_gaps_where_the_record_has_no_number(page: Page) -> None:
    drawn = page.evaluate("""async () => {
      const {drawCurve} = await import('/static/hqreplaycurve.js');
      const box = document.createElement('div');
      const rows = [['00', null], ['10', 7], ['20', null]];
      drawCurve(box, rows.map(([at, recorded]) => (
        {at: `2026-11-26T12:${at}:00Z`, recorded, changed: null})), '仮定');
      const line = box.querySelector('path.recorded').getAttribute('d');
      return [line, box.querySelector('svg').getAttribute('aria-label')];
    }""")
    assert drawn[0] == "M650.0 57.8H1230.0"
    assert drawn[1].endswith("記録 7、仮定 不明")


def test_space_plays_and_stops(page: Page) -> None:
    page.locator("#slider").fill("10")
    expect(page.locator("#seen-at")).to_have_text(said(10))
    page.keyboard.press(" ")
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#seen-at")).not_to_have_text(said(10))
    page.keyboard.press(" ")
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "false")


def test_nothing_of_a_record_looks_live_or_can_be_done(page: Page) -> None:
    expect(page.locator(".hqbar")).to_have_attribute("data-mode", "replay")
    expect(page.locator(".hqmode")).to_contain_text("いまのことではありません")
    seen = page.locator("#seen [data-seen]")
    for text in seen.all_text_contents():
        assert text.endswith("の記録"), text
    inside = page.locator("#seen table :is(button, a, form, input)")
    expect(inside).to_have_count(0)
    assert page.locator("form[method=post]:not([action='/signout'])").count() == 0


READS_NO_MINUTE = """() => {
  window.reads = window.fetch;
  window.fetch = (url, options) => (
    String(url).includes('/replay/at?') ? Promise.reject(TypeError('away')) : reads(url, options));
}"""


def test_a_minute_that_was_not_read_has_no_heading_over_what_another_one_showed(
    page: Page,
) -> None:
    page.locator("#slider").fill("30")
    expect(page.locator("#seen-at")).to_have_text(said(30))
    page.evaluate(READS_NO_MINUTE)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#trouble")).to_contain_text("読めませんでした")
    expect(page.locator("#seen-at")).to_have_text(said(30))
    page.evaluate("window.fetch = window.reads")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#seen-at")).to_have_text(said(31))
    expect(page.locator("#trouble")).to_be_hidden()


def test_the_map_is_drawn_of_the_record_and_the_tables_go_on_without_it(
    hq: Headquarters, browser: Browser, page: Page
) -> None:
    expect(page.locator("#map .stamp")).to_contain_text("記録")
    expect(page.locator("#map svg")).to_be_visible()
    without = opened_page(hq, browser, blocked="**/hqboardsvg.js*")
    expect(without.locator("#map")).to_contain_text("地図を出せません")
    expect(without.locator(LINES).first).to_contain_text("緊急安全確保")
    without.context.close()
    hq.said.clear()


def test_both_runs_stand_side_by_side_and_say_what_they_are(page: Page) -> None:
    compared = page.locator("#compare")
    expect(compared).to_contain_text("仮定の計算です")
    expect(compared.locator("tbody tr")).to_have_count(9)
    expect(compared).to_contain_text("実際の人数ではありません")
    page.keyboard.press("t")
    expect(page.locator("#again")).to_be_visible()
    expect(page.locator("#again select").first).to_be_focused()
    page.locator("#again select").first.select_option("0")
    page.locator("#again [name=orders_earlier_min]").select_option("0")
    page.locator("#again-run").click()
    expect(page.locator("#again-said")).to_contain_text("何も変えていません")
    page.keyboard.press("Escape")
    expect(page.locator("#again")).to_be_hidden()


def test_a_version_is_computed_anew_and_agrees(page: Page) -> None:
    page.keyboard.press("v")
    expect(page.locator("#event")).to_contain_text("公開したものと一致")


def test_the_page_passes_axe_and_says_nothing_to_the_console(hq: Headquarters, page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert [line for line in hq.said if "Failed to load resource" not in line] == []
