"""The headquarters page in a browser: by keyboard, live, and never alone on an order."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from city.staff import Role
from shelters.counting import CountKind
from shelters.place import Opening
from tests.browser.hqserver import Headquarters, headquarters
from tests.integration.databases import Server

OPERATOR = (Role.OPERATOR,)
APPROVER = (Role.OPERATOR, Role.APPROVER)
SECOND = 1_000
TEXTS = """() => [...document.querySelectorAll('#sites [data-slot]:not([hidden])')]
  .map(one => {
    const copy = one.cloneNode(true);
    copy.querySelectorAll('.ago').forEach(ago => ago.remove());
    return copy.textContent.trim();
  })"""


@pytest.fixture(scope="module")
def hq(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Headquarters]:
    """One server for all tests here: each uses places and areas of its own."""
    with headquarters(server, with_plan, tmp_path_factory.mktemp("hq")) as made:
        yield made


@pytest.fixture(autouse=True)
def _quiet(hq: Headquarters) -> Iterator[None]:
    """Nothing of a page is refused by its policy, and nothing of it fails."""
    hq.said.clear()
    yield
    assert [line for line in hq.said if "Failed to load resource" not in line] == []


def row(page: Page, name: str) -> Locator:
    """The row of a place."""
    return page.locator("tbody.site").filter(has=page.get_by_text(name, exact=True))


def card(page: Page, within: str, area: str) -> Locator:
    """An order or a proposal for just that area."""
    return page.locator(f"#{within} li").filter(has=page.get_by_text(area, exact=True))


def propose(page: Page, level: int, area: str) -> None:
    """Ask for a level in an area."""
    page.keyboard.press("p")
    page.get_by_role("radio", name=str(level)).check()
    page.get_by_label("町丁目をしぼる").fill(area)
    page.get_by_role("checkbox", name=area, exact=True).check()
    page.locator("#propose").get_by_label("理由").fill("水位が上がっている")
    page.get_by_role("button", name="承認を求める").click()


def says_whether_it_leaves(page: Page, hq: Headquarters) -> None:
    """Where no carrier ever was, it says so; whoever cannot tell says that it leaves."""
    bar, look = page.locator("#bar-reach"), "document.dispatchEvent(new Event('visibilitychange'))"
    expect(bar).to_have_text("送る経路が、まだつながっていません")
    page.route("**/headquarters/carriers", lambda route: route.abort())
    page.evaluate(look)
    expect(bar).to_have_text("送信は市民に届きます")
    page.unroute("**/headquarters/carriers")
    page.evaluate(look)
    expect(bar).to_have_text("送る経路が、まだつながっていません")
    hq.database.rows(
        "INSERT INTO carrier_state (credential, channel, status, free_at)"
        " VALUES ('sms', 'sms', 'Actual', now()) RETURNING 1"
    )
    page.evaluate(look)
    expect(bar).to_have_text("送信は市民に届きます")


def test_a_place_is_opened_by_keyboard_alone(browser: Browser, hq: Headquarters) -> None:
    name = hq.names()[0]
    page = hq.opened(browser, hq.officer(*OPERATOR))
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name=f"{name} Esc で閉じる", exact=True)
    expect(heading).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("体育館だけ使えます")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="開設する")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".panel .said").first).to_contain_text("「開設」にしました")
    expect(row(page, name).locator(".opening")).to_have_text("開設")
    expect(row(page, name).locator("[data-slot=note]")).to_have_text("体育館だけ使えます")
    page.keyboard.press("Escape")
    expect(heading).to_have_count(0)
    expect(row(page, name).locator("tr.row")).to_be_focused()
    page.context.close()


def test_rows_are_walked_by_letters_and_arrows(browser: Browser, hq: Headquarters) -> None:
    page = hq.opened(browser, hq.officer(*OPERATOR))
    rows = page.locator("tr.row")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.context.close()


def test_rows_stay_where_they_are_until_somebody_asks(browser: Browser, hq: Headquarters) -> None:
    first, last = hq.names()[11], hq.names()[12]
    for name in (first, last):
        hq.opening(name, Opening.OPEN)
        hq.counted(name, 5)
    page = hq.opened(browser, hq.officer(*OPERATOR))
    page.get_by_role("button", name="混み具合").click()
    before = page.locator("#sites tr.row th").all_inner_texts()
    hq.counted(last, 9_000)
    expect(row(page, last).locator(".band")).to_have_text("満", timeout=SECOND)
    names = [line.splitlines()[0] for line in page.locator("#sites tr.row th").all_inner_texts()]
    assert names == [line.splitlines()[0] for line in before]
    page.get_by_role("button", name="並べ直す").click()
    texts = page.locator("#sites tr.row th").all_inner_texts()
    names = [line.splitlines()[0] for line in texts]
    assert names.index(last) < names.index(first)
    expect(page.get_by_role("button", name="並べ直す")).to_be_hidden()
    page.context.close()


def test_who_proposes_a_level_cannot_approve_it(browser: Browser, hq: Headquarters) -> None:
    proposer, other = hq.officer(*APPROVER), hq.officer(*APPROVER)
    mine, theirs = hq.opened(browser, proposer), hq.opened(browser, other)
    propose(mine, 4, "川岸町")
    own = card(mine, "proposals", "川岸町")
    expect(own).to_contain_text("別の人の承認を待っています")
    expect(own.get_by_role("button", name="承認する")).to_be_hidden()
    expect(own.get_by_role("button", name="取り下げる")).to_be_visible()
    seen = card(theirs, "proposals", "川岸町")
    seen.get_by_role("button", name="承認する").click()
    expect(theirs.get_by_role("button", name="やめる")).to_be_focused()
    expect(card(mine, "orders", "川岸町")).to_have_count(0)
    theirs.get_by_role("button", name="はい、承認する").click()
    expect(card(mine, "orders", "川岸町")).to_contain_text("避難指示")
    expect(card(mine, "proposals", "川岸町")).to_have_count(0)
    says_whether_it_leaves(mine, hq)
    mine.context.close()
    theirs.context.close()


def test_an_operator_who_is_no_approver_is_offered_no_approval(
    browser: Browser, hq: Headquarters
) -> None:
    mine, theirs = (hq.opened(browser, hq.officer(*OPERATOR)) for _ in range(2))
    propose(mine, 3, "新田")
    own = card(theirs, "proposals", "新田")
    expect(own).to_contain_text("承認者の判断を待っています")
    expect(own.get_by_role("button")).to_have_count(0)
    mine.get_by_role("button", name="取り下げる").click()
    expect(own).to_have_count(0)
    mine.context.close()
    theirs.context.close()


def test_before_sending_the_page_says_which_places_are_not_open(
    browser: Browser, hq: Headquarters
) -> None:
    page = hq.opened(browser, hq.officer(*OPERATOR))
    page.locator("#propose summary").click()
    expect(page.locator("#area-unopened")).to_be_hidden()
    page.get_by_label("市内全域").check()
    expect(page.locator("#area-unopened")).to_contain_text("まだ開いていない避難場所が")
    expect(page.locator("#area-unopened")).to_contain_text(hq.names()[-1])
    page.get_by_role("button", name="承認を求める").click()
    expect(page.locator("#propose .said")).to_have_text("警戒レベルを選んでください。")
    page.context.close()


def test_a_number_told_by_phone_is_entered_in_the_row_of_the_call(
    browser: Browser, hq: Headquarters
) -> None:
    name = hq.names()[2]
    hq.long_open(name, "042-000-0000")
    page = hq.opened(browser, hq.officer(*OPERATOR))
    call = page.locator("#calls li").filter(has_text=name)
    expect(call.get_by_role("link")).to_have_attribute("href", "tel:0420000000")
    call.get_by_role("button", name="出ない").click()
    expect(call.locator("[data-slot=called]")).to_contain_text("出ない")
    call.get_by_role("textbox").fill("１２人くらい")
    call.get_by_role("button", name="記録").click()
    expect(call.locator(".said")).to_have_text("人数を数字で入れてください。")
    expect(call.get_by_role("textbox")).to_have_value("１２人くらい")
    call.get_by_role("textbox").fill("１２人")
    call.get_by_role("button", name="記録").click()
    expect(row(page, name).locator("[data-slot=figure]")).to_contain_text("12 /")
    expect(row(page, name).locator("[data-slot=counted_by]")).to_have_text("電話")
    expect(call).to_have_class("call gone")
    page.locator("#filter").click()
    expect(call).to_have_count(0)
    page.context.close()


def test_a_change_from_elsewhere_is_seen_within_a_second_and_wipes_nothing(
    browser: Browser, hq: Headquarters
) -> None:
    name = hq.names()[3]
    page = hq.opened(browser, hq.officer(*OPERATOR))
    row(page, name).get_by_role("button", name="詳細").click()
    note = page.get_by_label("ひとこと")
    note.fill("裏門から入って")
    page.locator("#propose summary").click()
    reason = page.locator("#propose").get_by_label("理由")
    reason.fill("書きかけ")
    hq.opening(name, Opening.PREPARING, note="鍵を待っています")
    expect(row(page, name).locator(".opening")).to_have_text("開設準備", timeout=SECOND)
    expect(note).to_have_value("裏門から入って")
    expect(reason).to_have_value("書きかけ")
    expect(reason).to_be_focused()
    page.context.close()


def test_what_the_server_refuses_is_said_and_stays_typed(
    browser: Browser, hq: Headquarters
) -> None:
    name = hq.names()[4]
    page = hq.opened(browser, hq.officer(*OPERATOR))
    row(page, name).get_by_role("button", name="詳細").click()
    page.get_by_label("ひとこと").fill("電話は 090-0000-0000")
    page.get_by_role("button", name="開設する").click()
    expect(page.locator(".panel .said.stop").first).to_contain_text("電話番号は書けません")
    expect(page.get_by_label("ひとこと")).to_have_value("電話は 090-0000-0000")
    page.context.close()


def test_an_odd_number_counts_only_when_it_is_given_twice(
    browser: Browser, hq: Headquarters
) -> None:
    name = hq.names()[8]
    hq.opening(name, Opening.OPEN)
    page = hq.opened(browser, hq.officer(*OPERATOR))
    row(page, name).get_by_role("button", name="詳細").click()
    panel = page.locator(".panel")
    panel.get_by_label("人数").fill("60000")
    panel.get_by_role("button", name="記録").click()
    expect(panel.locator(".said.stop")).to_contain_text("まだ数えていません")
    expect(panel.get_by_label("人数")).to_have_value("60000")
    expect(row(page, name).locator("[data-slot=figure]")).to_contain_text("—")
    panel.get_by_role("button", name="記録").click()
    expect(row(page, name).locator("[data-slot=figure]")).to_contain_text("60,000")
    page.context.close()


def test_a_need_is_taken_on_with_a_time_and_then_done(browser: Browser, hq: Headquarters) -> None:
    name = hq.names()[9]
    page = hq.opened(browser, hq.officer(*OPERATOR))
    hq.need(name, "毛布 30枚")
    need = page.locator("#needs li").filter(has_text="毛布 30枚")
    expect(need).to_contain_text("未対応")
    need.get_by_label("返事").fill("トラックで送ります")
    need.get_by_label("到着").fill("23:59")
    need.get_by_role("button", name="受付").click()
    expect(need).to_contain_text("対応中")
    expect(need).to_contain_text("トラックで送ります")
    expect(need.locator("[data-slot=expected_at]")).to_contain_text("23:59")
    expect(need.get_by_label("返事")).to_have_value("")
    need.get_by_role("button", name="完了").click()
    page.locator("#filter").click()
    expect(need).to_have_count(0)
    page.context.close()


def test_without_the_stream_the_page_asks_again_and_says_when_it_is_behind(
    browser: Browser, hq: Headquarters
) -> None:
    name = hq.names()[10]
    page = hq.opened(browser, hq.officer(*OPERATOR), blocked="**/static/live.js*")
    hq.opening(name, Opening.PREPARING)
    expect(row(page, name).locator(".opening")).to_have_text("開設準備", timeout=15_000)
    expect(page.locator("#behind")).to_be_hidden()
    page.route("**/api/v1/headquarters", lambda route: route.abort())
    expect(page.locator("#behind")).to_contain_text("変化が届いていません", timeout=15_000)
    page.unroute("**/api/v1/headquarters")
    expect(page.locator("#behind")).to_be_hidden(timeout=15_000)
    page.context.close()


def test_danger_is_asked_about_once_more(browser: Browser, hq: Headquarters) -> None:
    name = hq.names()[5]
    page = hq.opened(browser, hq.officer(*OPERATOR))
    row(page, name).get_by_role("button", name="詳細").click()
    page.get_by_role("button", name="危険・孤立").click()
    expect(page.get_by_role("button", name="やめる")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="はい、危険・孤立")).to_have_count(0)
    page.get_by_role("button", name="危険・孤立").click()
    page.get_by_role("button", name="はい、危険・孤立").click()
    expect(row(page, name).locator(".opening")).to_have_text("危険・孤立")
    page.context.close()


def test_nobody_confirms_a_number_below_zero(browser: Browser, hq: Headquarters) -> None:
    name = hq.names()[14]
    hq.opening(name, Opening.OPEN)
    hq.counted(name, -3, CountKind.CHANGE)
    page = hq.opened(browser, hq.officer(*OPERATOR))
    page.locator("#calls li", has_text=name).get_by_role("button", name="変わりなし").click()
    said = page.get_by_text(
        "人数が0より少なくなっています。いまの人数を入れて「記録」を押してください。"
    )
    expect(said.first).to_be_visible()
    page.context.close()


def test_page_can_be_read_before_its_script_and_reads_the_same_after(
    browser: Browser, hq: Headquarters
) -> None:
    officer = hq.officer(*OPERATOR)
    hq.opening(hq.names()[6], Opening.PREPARING, note="21時に開く見込み")
    hq.opening(hq.names()[13], Opening.OPEN)
    hq.counted(hq.names()[13], -3, CountKind.CHANGE)
    bare = hq.opened(browser, officer, java_script_enabled=False)
    live = hq.opened(browser, officer)
    first = bare.locator("#sites [data-slot]:not([hidden])").all_inner_texts()
    assert [line.strip() for line in first] == live.evaluate(TEXTS)
    assert "21時に開く見込み" in first
    assert "人数が0未満・電話で確認" in first
    bare.context.close()
    live.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_headquarters(browser: Browser, hq: Headquarters, scheme: str) -> None:
    page = hq.opened(browser, hq.officer(*APPROVER), color_scheme=scheme)
    row(page, hq.names()[7]).get_by_role("button", name="詳細").click()
    page.get_by_role("button", name="危険・孤立").click()
    page.locator("#propose summary").click()
    page.get_by_label("市内全域").check()
    page.get_by_role("button", name="キー").click()
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    page.context.close()


@pytest.mark.parametrize("width", [1440, 720])
def test_large_letters_never_scroll_headquarters_sideways(
    browser: Browser, hq: Headquarters, width: int
) -> None:
    view = {"width": width, "height": 900}
    page = hq.opened(browser, hq.officer(*OPERATOR), viewport=view)
    row(page, hq.names()[7]).get_by_role("button", name="詳細").click()
    # Set by script: the page's policy lets in no style that is not a file's.
    page.evaluate("document.documentElement.style.setProperty('font-size', '32px')")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()
