"""The duties of the night in a browser: by keyboard, with nothing unknown shown as 0."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect
from pypdf import PdfReader

from city.staff import CONSOLE, Role
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.duties.entries import Form, enter
from operations.serving import utc_now
from tests.browser.hqserver import Headquarters, headquarters
from tests.integration.databases import Server

OPERATOR = (Role.OPERATOR,)
LETTERS = "文字のキーを使う"
ORDERED = ("下浅瀬三丁目", "下浅瀬二丁目", "本町一丁目")


@pytest.fixture(scope="module")
def hq(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Headquarters]:
    """One server for all tests here, with level 4 where some facilities are."""
    with headquarters(server, with_plan, tmp_path_factory.mktemp("duties")) as made:
        changes.set_level(made.engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE, areas=ORDERED)
        yield made


@pytest.fixture(autouse=True)
def _quiet(hq: Headquarters) -> Iterator[None]:
    """Nothing of a page is refused by its policy, and nothing of it fails."""
    hq.said.clear()
    yield
    assert [line for line in hq.said if "Failed to load resource" not in line] == []


def opened(browser: Browser, hq: Headquarters, *roles: Role, stopped: bool = False) -> Page:
    """The page of the duties as somebody of these roles sees it, with its answers; `stopped`: its
    clock goes on where a test says so.
    """
    screen: ViewportSize = {"width": 1440, "height": 900}
    pages = browser.new_context(viewport=screen, locale="ja-JP")
    officer = hq.officer(*roles)
    pages.add_cookies([{"name": officer.cookie, "value": officer.token, "url": hq.url}])
    page = pages.new_page()
    page.set_default_timeout(10_000)
    page.on("console", lambda message: hq.said.append(message.text))
    page.on("pageerror", lambda error: hq.said.append(str(error)))
    if stopped:
        page.clock.install()
    page.goto(f"{hq.url}/hq/duties")
    page.locator("#duties[data-ready][data-keys]").wait_for()
    return page


def printed(page: Page, hq: Headquarters, name: str) -> str:
    """The words of a print, without white space."""
    answer = page.request.get(f"{hq.url}/api/v1/headquarters/prints/{name}.pdf")
    assert answer.headers["cache-control"] == "no-store"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.body())).pages)
    return "".join(text.split())


def test_a_facility_is_called_and_the_call_taken_back_by_keyboard(
    browser: Browser, hq: Headquarters
) -> None:
    page = opened(browser, hq, *OPERATOR)
    page.keyboard.press("n")
    due = page.locator("#facilities>li:focus")
    expect(due).to_contain_text("電話する")
    name = due.locator("h3").inner_text()
    mine = page.locator("#facilities>li").filter(has=page.get_by_role("heading", name=name))
    page.keyboard.press("Enter")
    expect(page.locator("#call-title")).to_have_text(name)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(mine).to_contain_text("伝わった")
    expect(mine).to_contain_text("避難を始めた")
    mine.get_by_role("button", name="避難を始めたの記録を取り消す").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("別の施設だった")
    page.keyboard.press("Enter")
    expect(mine).to_contain_text("取り消した記録")
    expect(mine).to_contain_text("電話する")
    page.context.close()


def test_a_duty_is_chosen_by_its_number_and_its_print_opens(
    browser: Browser, hq: Headquarters
) -> None:
    page = opened(browser, hq, *OPERATOR)
    page.keyboard.press("4")
    chosen = page.locator("#list>li:focus")
    expect(chosen).to_contain_text("当直の引き継ぎ")
    with page.context.expect_event("request", lambda one: "handover.pdf" in one.url):
        page.keyboard.press("v")
    assert "当直の引き継ぎ" in printed(page, hq, "handover")
    page.context.close()


def test_a_field_that_nobody_filled_is_unconfirmed_on_the_page_and_on_paper(
    browser: Browser, hq: Headquarters
) -> None:
    page = opened(browser, hq, *OPERATOR)
    dead = page.locator("[data-field=dead]")
    expect(dead).to_contain_text("未確認")
    assert "死者未確認" in printed(page, hq, "report4")
    dead.get_by_label("死者", exact=True).fill("0")
    dead.get_by_label("死者を確認した").check()
    dead.get_by_role("button", name="死者を記入").click()
    expect(dead).to_contain_text("確認ずみ")
    assert "死者0人" in printed(page, hq, "report4")
    page.context.close()


def test_a_report_that_was_not_sent_is_taken_back_on_the_page(
    browser: Browser, hq: Headquarters
) -> None:
    page = opened(browser, hq, *OPERATOR)
    undo = page.get_by_role("button", name="第1報の記録を取り消す")
    expect(undo).to_be_hidden()
    page.get_by_role("button", name="この時刻に報告したと記録する").click()
    undo.click()
    expect(page.locator("#report-sent output")).to_have_text("取り消しました")
    expect(undo).to_be_hidden()
    assert "（第1報）" in printed(page, hq, "report4")
    page.context.close()


def test_the_phone_desk_has_the_call_list_and_nothing_else(
    browser: Browser, hq: Headquarters
) -> None:
    page = opened(browser, hq, Role.PHONE)
    expect(page.locator("#facilities>li").first).to_contain_text("000-0000-")
    expect(page.locator("#list, #decisions, #report4")).to_have_count(0)
    assert page.request.get(f"{hq.url}/api/v1/headquarters/duties").status == 403
    assert page.request.get(f"{hq.url}/api/v1/headquarters/prints/calls.pdf").status == 403
    page.context.close()


def test_nothing_of_the_page_or_its_question_is_hard_to_use(
    browser: Browser, hq: Headquarters
) -> None:
    page = opened(browser, hq, *OPERATOR)
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Escape")
    expect(page.locator("[data-call]:focus")).to_have_count(1)
    page.context.close()


def told(change: Callable[[dict[str, Any]], None]) -> Callable[[Route], None]:
    """The server's answer with something changed."""

    def answer(route: Route) -> None:
        found = route.fetch()
        table = found.json()
        change(table)
        route.fulfill(response=found, json=table)

    return answer


def closed(page: Page) -> None:
    """Whatever is still asked for is of no interest."""
    page.unroute_all(behavior="ignoreErrors")
    page.context.close()


def raised(calls: dict[str, Any]) -> None:
    """Level 5 for the facility that is called first, which then comes last."""
    one = calls["facilities"].pop(0)
    number = {"number": 999, "level": 5, "hazard": "洪水", "since": calls["now"]}
    calls["facilities"].append(one | {"level": 5, "orders": [number]})


def test_a_level_that_rises_during_a_call_is_said_and_the_old_one_is_not_noted(
    browser: Browser, hq: Headquarters
) -> None:
    page = opened(browser, hq, Role.PHONE, stopped=True)
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    expect(page.locator("#call-say")).to_contain_text("警戒レベル4")
    page.keyboard.press("1")
    page.route("**/headquarters/facilities", told(raised))
    page.clock.run_for(34_000)
    expect(page.locator("#call-say")).to_contain_text("警戒レベル5です。直ちに安全確保")
    said = page.locator("#call-form output")
    expect(said).to_have_attribute("aria-live", "assertive")
    expect(said).to_contain_text("警戒レベルが5に上がりました（洪水）")
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.method))
    page.keyboard.press("Enter")
    expect(said).to_contain_text("返事を選び直してください")
    expect(page.locator("#call")).to_be_visible()
    assert "POST" not in sent
    closed(page)


def test_rows_keep_their_places_under_a_pointer_until_somebody_asks_for_the_next(
    browser: Browser, hq: Headquarters
) -> None:
    page = opened(browser, hq, Role.PHONE, stopped=True)
    rows = page.locator("#facilities>li h3")
    before = rows.all_inner_texts()
    page.locator("#facilities>li a.tel").first.hover()
    page.route("**/headquarters/facilities", told(raised))
    page.clock.run_for(24_000)
    page.locator("#facilities>li a.tel").first.dispatch_event("mousemove", {"bubbles": True})
    page.clock.run_for(9_000)
    page.get_by_role("button", name="並べ直す").wait_for()
    assert rows.all_inner_texts() == before
    expect(page.locator("#facilities>li").first).to_contain_text("緊急安全確保")
    page.keyboard.press("n")
    assert rows.all_inner_texts() != before
    expect(page.get_by_role("button", name="並べ直す")).to_be_hidden()
    closed(page)


def test_the_phone_desk_turns_letters_off_and_sees_how_old_its_list_is(
    browser: Browser, hq: Headquarters
) -> None:
    page = opened(browser, hq, Role.PHONE, stopped=True)
    page.get_by_label(LETTERS).uncheck()
    page.keyboard.press("n")
    expect(page.locator("#facilities>li:focus")).to_have_count(0)
    page.reload()
    page.locator("#duties[data-ready][data-keys]").wait_for()
    expect(page.get_by_label(LETTERS)).not_to_be_checked()
    page.get_by_label(LETTERS).check()
    page.keyboard.press("n")
    expect(page.locator("#facilities>li:focus")).to_have_count(1)
    read_at = page.locator("#duties").get_attribute("data-read-at")
    expect(page.locator("#calls-read")).to_have_text(f"一覧は {read_at} に読んだもの")
    page.route("**/headquarters/facilities", lambda route: route.abort())
    page.clock.run_for(34_000)
    expect(page.locator("#trouble")).to_contain_text(f"ここにあるのは {read_at} の内容です。")
    closed(page)


def test_rule_19_the_bar_is_live_where_nothing_could_be_read_and_a_table_keeps_the_focus(
    browser: Browser, hq: Headquarters
) -> None:
    page = opened(browser, hq, Role.OPERATOR, stopped=True)

    broken: list[bool] = []

    def another(board: dict[str, Any]) -> None:
        board["mode"] = "drill"
        board["decisions"]["criteria"][0]["now"] = "もう変わった"

    region = page.get_by_role("region", name="基準ごと")
    region.focus()
    answer = told(another)
    page.route("**/headquarters/duties", lambda one: one.abort() if broken else answer(one))
    page.clock.run_for(34_000)
    expect(region).to_contain_text("もう変わった")
    expect(region).to_be_focused()
    expect(page.locator("#bar")).to_have_attribute("data-mode", "drill")
    broken.append(True)
    page.clock.run_for(34_000)
    expect(page.locator("#bar")).to_have_attribute("data-mode", "live")
    closed(page)


@pytest.mark.parametrize(("name", "answer"), [("places", ""), ("information", "/sources")])
def test_a_drill_that_begins_or_ends_is_on_the_bar_of_pages_that_are_open(
    browser: Browser, hq: Headquarters, name: str, answer: str
) -> None:
    page = opened(browser, hq, Role.OPERATOR)
    page.route(f"**/api/v1/headquarters{answer}", told(lambda one: one.update(mode="drill")))
    page.goto(f"{hq.url}/hq/{name}")
    expect(page.locator("#bar")).to_have_attribute("data-mode", "drill")
    closed(page)


def test_what_another_officer_entered_meanwhile_is_seen_before_it_is_replaced(
    browser: Browser, hq: Headquarters
) -> None:
    page = opened(browser, hq, Role.OPERATOR)
    dead = page.locator("[data-field=dead]")
    dead.get_by_label("死者", exact=True).fill("7")
    known = int(dead.get_attribute("data-seen") or 0)
    other: dict[str, Any] = {"confirmed": True, "key": uuid4(), "seen": known, "now": utc_now()}
    enter(hq.engine, CONSOLE, Form.REPORT, "dead", "5", **other)
    dead.get_by_role("button", name="死者を記入").click()
    expect(dead.locator("output")).to_contain_text("先に別の記入がありました")
    expect(dead).to_contain_text("いまの記入：5")
    dead.get_by_role("button", name="死者を記入").click()
    expect(dead.locator("output")).to_have_text("記録しました")
    expect(dead).not_to_contain_text("いまの記入")
    expect(dead.get_by_label("死者", exact=True)).to_have_value("7")
    closed(page)
