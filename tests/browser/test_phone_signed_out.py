"""Whose sign-in ends while they answer the phone is told so, and nothing is asked any more."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browser.phoneserver import PhoneDesk, phone_desk
from tests.integration.databases import Server


@pytest.fixture(scope="module")
def desk(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PhoneDesk]:
    """A phone desk over the town."""
    with phone_desk(server, with_plan, tmp_path_factory.mktemp("phone")) as made:
        yield made


def find(page: Page, text: str) -> None:
    """Type where a caller is, and take the first that is found."""
    page.locator("#where").fill(text)
    expect(page.locator("#hits [aria-selected=true]")).to_have_count(1)
    page.locator("#where").press("Enter")
    expect(page.locator("#text p").first).to_be_visible()


def test_who_is_signed_out_is_offered_to_sign_in_and_loses_nothing(
    browser: Browser, desk: PhoneDesk
) -> None:
    page = desk.opened(browser)
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.locator("#need").fill("毛布")
    page.context.clear_cookies()
    expect(page.locator("#behind")).to_contain_text("サインインし直してください", timeout=15_000)
    page.on("request", note)
    page.wait_for_timeout(6_000)
    assert asked == []
    page.get_by_role("link", name="サインイン", exact=True).click()
    page.wait_for_url("**/signin?next=%2Fphone")
    page.context.add_cookies(
        [{"name": desk.operator.cookie, "value": desk.operator.token, "url": desk.url}]
    )
    page.goto(f"{desk.url}/phone")
    expect(page.locator("#need")).to_have_value("毛布")
    page.context.close()


def test_rule_19_an_answer_that_hears_of_nothing_new_is_withdrawn_and_what_was_told_is_kept(
    browser: Browser, desk: PhoneDesk
) -> None:
    page = desk.opened(browser)
    find(page, "浅瀬高校")
    told = page.locator("#text p").all_inner_texts()
    page.locator("#need").fill("母が動けません")
    page.context.clear_cookies()
    expect(page.locator("#behind")).to_contain_text("サインインし直してください", timeout=15_000)
    answer = page.locator("#answer")
    expect(answer.locator("#told")).to_be_hidden()
    expect(answer.locator("#waiting")).to_be_hidden()
    expect(answer).to_contain_text("答えを出していません")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#unsent")).to_contain_text("母が動けません")
    (kept,) = json.loads(page.evaluate("sessionStorage.getItem('phone.unsent')"))
    plain = [one.replace("\u2060", "") for one in told]
    assert kept["body"]["told"]["sentences"] == plain
    # The next caller is told nothing, and their slip says so.
    page.locator("#need").fill("毛布")
    expect(answer).to_contain_text("答えを出していません")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#unsent")).to_contain_text("毛布")
    kept = json.loads(page.evaluate("sessionStorage.getItem('phone.unsent')"))
    assert kept[1]["body"]["told"] is None
    page.context.close()


def test_slips_that_come_late_do_not_take_the_way_to_sign_in_away(
    browser: Browser, desk: PhoneDesk
) -> None:
    page = desk.opened(browser)
    find(page, "浅瀬高校")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/v1/phone/slips", hold)
    page.route("**/api/v1/phone/answer*", lambda route: route.fulfill(status=401))
    behind = page.locator("#behind")
    expect(behind).to_contain_text("サインインし直してください", timeout=15_000)
    with page.expect_response("**/api/v1/phone/slips"):
        held[0].continue_()
    page.wait_for_timeout(500)
    expect(behind).to_contain_text("サインインし直してください")
    page.context.close()
