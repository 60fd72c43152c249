"""Whose sign-in ends while they answer the phone is told so, and nothing is asked any more."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Request, expect

from tests.browser.phoneserver import PhoneDesk, phone_desk
from tests.integration.databases import Server


@pytest.fixture(scope="module")
def desk(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PhoneDesk]:
    """A phone desk over the town."""
    with phone_desk(server, with_plan, tmp_path_factory.mktemp("phone")) as made:
        yield made


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
