"""The duties of the night in a browser: by keyboard, with nothing unknown shown as 0."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pypdf import PdfReader

from city.staff import Role
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from tests.browser.hqserver import Headquarters, headquarters
from tests.integration.databases import Server

OPERATOR = (Role.OPERATOR,)
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


def opened(browser: Browser, hq: Headquarters, *roles: Role) -> Page:
    """The page of the duties as somebody of these roles sees it, with its answers."""
    screen: ViewportSize = {"width": 1440, "height": 900}
    pages = browser.new_context(viewport=screen, locale="ja-JP")
    officer = hq.officer(*roles)
    pages.add_cookies([{"name": officer.cookie, "value": officer.token, "url": hq.url}])
    page = pages.new_page()
    page.set_default_timeout(10_000)
    page.on("console", lambda message: hq.said.append(message.text))
    page.on("pageerror", lambda error: hq.said.append(str(error)))
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
