"""The phone desk in a real browser, by keyboard alone; nothing that is typed is ever lost."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from tests.browser.phoneserver import PhoneDesk, phone_desk
from tests.integration.databases import Server

DESKS = ({"width": 1440, "height": 900}, {"width": 1024, "height": 768})
SMALL = """() => [...document.querySelectorAll('a,button,summary,label.pick,textarea,'
  + 'input:not([type=hidden],[type=radio])')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && box.left >= 0 && (box.height < 47.5 || box.width < 47.5);
  }).map(one => one.outerHTML.slice(0, 80))"""
HIGH = "浅瀬高校"


@pytest.fixture(scope="module")
def desk(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PhoneDesk]:
    """A phone desk over the town."""
    with phone_desk(server, with_plan, tmp_path_factory.mktemp("phone")) as made:
        yield made


@pytest.fixture
def page(browser: Browser, desk: PhoneDesk) -> Iterator[Page]:
    """The page; the policy of its contents is never broken, and no script fails."""
    made = desk.opened(browser)
    complaints: list[str] = []
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.on("console", lambda message: complaints.append(message.text))
    yield made
    found = [one for one in complaints if "Failed to load resource" not in one]
    made.context.close()
    assert found == []


def find(page: Page, text: str) -> None:
    """Type where a caller is, and take the first that is found."""
    expect(page.locator("#where")).to_be_focused()
    page.keyboard.type(text)
    expect(page.locator("#hits [aria-selected=true]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#text p").first).to_be_visible()


def active(page: Page) -> str:
    """The hit that is marked."""
    return page.locator("#hits [aria-selected=true] b").inner_text()


def test_a_call_is_answered_and_kept_by_keyboard_alone_within_20_seconds(
    page: Page, desk: PhoneDesk
) -> None:
    began = time.monotonic()
    expect(page.locator("#where")).to_be_focused()
    page.keyboard.type("浅瀬中央")
    expect(page.locator("#where")).to_have_attribute("aria-expanded", "true")
    first = active(page)
    page.keyboard.press("ArrowDown")
    second = active(page)
    assert first != second
    page.keyboard.press("ArrowUp")
    assert active(page) == first
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#text p").first).to_be_visible()
    expect(page.locator("#spot-text")).to_contain_text(second)
    expect(page.locator("#rough")).to_be_visible()
    # Who is there: the arrow keys choose, and the answer follows.
    expect(page.locator("[name=profile]:checked")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("ゆっくりの人がいる")).to_be_checked()
    expect(page.locator("#text")).to_contain_text("ゆっくり歩いて約")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#said")).to_contain_text("記録し、終わりました")
    expect(page.locator("#where")).to_be_focused()
    expect(page.locator("#where")).to_have_value("")
    expect(page.locator("#told")).to_be_hidden()
    assert time.monotonic() - began < 20
    seconds = re.search(r"約(\d+)秒", page.locator("#read").inner_text() or "約0秒")
    assert seconds is None or int(seconds[1]) <= 20


def test_pin_is_moved_by_arrow_keys_and_the_answer_follows(page: Page) -> None:
    find(page, "浅瀬中央一丁目")
    before = page.locator("#spot-text").inner_text()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#map")).to_be_focused()
    left = page.locator("#pin").evaluate("one => parseFloat(one.style.left)")
    with page.expect_request(lambda one: "/api/v1/phone/answer" in one.url):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator("#rough")).to_be_hidden()
    expect(page.locator("#spot-text")).not_to_have_text(before)
    assert page.locator("#pin").evaluate("one => parseFloat(one.style.left)") > left
    for _ in range(12):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#map-image")).to_have_js_property("complete", True)
    page.wait_for_function("() => parseFloat(document.getElementById('pin').style.left) < 90")
    page.keyboard.press("Alt+n")


def test_degrees_that_are_typed_are_a_place(page: Page) -> None:
    find(page, HIGH)
    text = page.locator("#spot-text").inner_text()
    degrees = re.search(r"（([\d.]+, [\d.]+)）", text)
    assert degrees
    page.keyboard.press("Alt+n")
    find(page, degrees[1])
    expect(page.locator("#spot-text")).to_contain_text(degrees[1])
    page.keyboard.press("Alt+n")


def test_what_is_not_found_says_what_else_to_try(page: Page) -> None:
    page.keyboard.type("どこにもない町")
    expect(page.locator("#none")).to_contain_text("見つかりません")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_be_hidden()
    page.keyboard.press("Alt+n")
    expect(page.locator("#none")).to_be_hidden()


def test_typed_words_survive_a_reload(page: Page) -> None:
    find(page, HIGH)
    page.get_by_label("車いすの人がいる").press("Space")
    page.locator("#need").press_sequentially("母が動けません")
    page.locator("#phone").press_sequentially("090-0000-1234")
    page.reload()
    expect(page.locator("#need")).to_have_value("母が動けません")
    expect(page.locator("#phone")).to_have_value("090-0000-1234")
    expect(page.locator("#landmark")).to_have_value(HIGH)
    expect(page.get_by_label("車いすの人がいる")).to_be_checked()
    expect(page.locator("#text")).to_contain_text(re.compile("車いすで約|行き先|待って"))
    assert "090-0000-1234" not in page.url
    page.keyboard.press("Alt+n")


def test_slip_that_was_refused_stays_as_it_was_typed(page: Page) -> None:
    find(page, HIGH)
    page.locator("#phone").press_sequentially("隣の家")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#said")).to_contain_text("電話番号は数字とハイフン")
    expect(page.locator("#phone")).to_have_value("隣の家")
    page.keyboard.press("Alt+n")


def test_slip_that_could_not_be_sent_says_so_and_is_sent_again(page: Page, desk: PhoneDesk) -> None:
    find(page, HIGH)
    page.locator("#need").press_sequentially("橋が流れた")
    desk.stop()
    try:
        page.keyboard.press("Control+Shift+Enter")
        expect(page.locator("#unsent")).to_contain_text("未送信：浅瀬高校　橋が流れた")
        expect(page.locator("#where")).to_be_focused()
        expect(page.locator("#behind")).to_contain_text("更新できていません", timeout=20_000)
    finally:
        desk.start()
    expect(page.locator("#unsent")).to_be_empty(timeout=20_000)
    expect(page.locator("#list")).to_contain_text("橋が流れた")
    expect(page.locator("#behind")).to_be_hidden(timeout=20_000)
    assert page.locator("#list > li", has_text="橋が流れた").count() == 1


def test_a_double_enter_and_a_lost_answer_make_one_slip(page: Page) -> None:
    find(page, HIGH)
    page.locator("#need").press_sequentially("子どもが一人でいる")
    lost: list[str] = []

    def answer_lost(route: Route) -> None:
        if lost or route.request.method != "POST":
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch()
        route.abort()

    page.route("**/api/v1/phone/slips", answer_lost)
    page.keyboard.press("Control+Shift+Enter")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#unsent")).to_contain_text("未送信")
    expect(page.locator("#unsent")).to_be_empty(timeout=20_000)
    expect(page.locator("#list > li", has_text="子どもが一人でいる")).to_have_count(1)


def test_slips_of_one_matter_are_offered_joined_handed_on_and_closed(page: Page) -> None:
    for need in ("車が水に沈む", "車が沈みそう"):
        find(page, "浅瀬中学校")
        page.locator("#need").press_sequentially(need)
        page.keyboard.press("Control+Shift+Enter")
        expect(page.locator("#list")).to_contain_text(need)
    offer = page.locator("#similar")
    expect(offer).to_contain_text("同じ件かもしれません")
    offer.get_by_role("button", name=re.compile("にまとめる")).first.press("Enter")
    expect(page.locator("#said")).to_contain_text("まとめました")
    expect(page.locator("#list > li", has_text="車が")).to_have_count(1)
    row = page.locator("#list > li", has_text="車が水に沈む")
    expect(row).to_contain_text("ほか 1 件")
    row.locator("summary").press("Enter")
    row.get_by_role("button", name="119（消防）へ").press("Enter")
    expect(row).to_contain_text("→ 119（消防）")
    row.get_by_role("button", name="終わった").press("Enter")
    expect(page.locator("#list > li", has_text="車が水に沈む")).to_have_count(0)
    page.locator("#said").get_by_role("button", name="元に戻す").press("Enter")
    expect(page.locator("#list > li", has_text="車が水に沈む")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", DESKS, ids=["1440", "1024"])
def test_page_is_accessible_and_never_scrolls_sideways(
    browser: Browser, desk: PhoneDesk, size: dict[str, int], scheme: str
) -> None:
    page = desk.opened(browser, viewport=size, color_scheme=scheme)
    find(page, "浅瀬中央一丁目")
    page.locator("#need").press_sequentially("水が来た")
    page.keyboard.press("Control+Shift+Enter")
    page.locator("#list summary").first.press("Enter")
    page.locator("#reasons summary").press("Enter")
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate(SMALL) == []
    page.locator("#where").fill("浅瀬")
    expect(page.locator("#hits")).to_be_visible()
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    page.context.close()


def test_rule_04_level_5_that_comes_during_a_call_takes_place_and_way_away(
    page: Page, desk: PhoneDesk
) -> None:
    find(page, "浅瀬中央一丁目")
    expect(page.locator("#facts")).to_contain_text("行き先")
    changes.set_level(desk.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW)
    expect(page.locator("#text")).to_contain_text("直ちに安全確保です。", timeout=20_000)
    expect(page.locator("#read")).to_contain_text("答えが変わりました")
    expect(page.locator("#level")).to_contain_text("警戒レベル5 緊急安全確保")
    expect(page.locator("#facts")).not_to_contain_text("行き先")
    expect(page.locator("#way")).to_be_hidden()
    assert page.locator("#steps li").count() == 0
