"""What the headquarters page does when a place is gone, and when its session is over."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect
from sqlalchemy import text

from city.staff import CONSOLE, Role
from data.database import transaction
from data.live import outbox as live
from data.live.outbox import Topic
from operations.people.accounts import disable
from shelters.place import Opening
from tests.browser.hqserver import Headquarters, headquarters
from tests.integration.databases import Server

LIVE = "**/static/live.js*"
PICTURE = "**/api/v1/headquarters"


@pytest.fixture(scope="module")
def hq(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Headquarters]:
    """One server for all tests here."""
    with headquarters(server, with_plan, tmp_path_factory.mktemp("hq")) as made:
        yield made


def test_a_place_that_is_gone_leaves_the_table(browser: Browser, hq: Headquarters) -> None:
    name, other = hq.names()[:2]
    page = hq.opened(browser, hq.officer(Role.OPERATOR))
    rows = page.locator("tbody.site")
    row = rows.filter(has=page.get_by_text(name, exact=True))
    expect(row).to_have_count(1)
    before = rows.count()
    with transaction(hq.engine, latest=True) as connection:
        live.put(connection, Topic.HEADQUARTERS, f"site:{hq.site(name)}", None)
    expect(row).to_have_count(0)
    expect(rows).to_have_count(before - 1)
    expect(rows.filter(has=page.get_by_text(other, exact=True))).to_have_count(1)
    expect(page.locator("[data-count=sites]")).to_have_text(str(before - 1))
    page.context.close()


def test_whoever_is_shut_out_is_told_at_once_and_led_to_sign_in(
    browser: Browser, hq: Headquarters
) -> None:
    officer = hq.officer(Role.OPERATOR)
    page = hq.opened(browser, officer)
    disable(hq.engine, CONSOLE, officer.caller.id or 0, now=datetime.now(UTC))
    behind = page.locator("#behind")
    expect(behind).to_contain_text("サインインが切れました。ここから後の変化は届きません。")
    behind.get_by_role("link", name="サインインし直す").click()
    expect(page).to_have_url(f"{hq.url}/signin?next=%2Fhq%2Fplaces")
    page.context.close()


def test_a_board_that_was_watched_in_silence_says_when_its_session_is_over(
    browser: Browser, hq: Headquarters
) -> None:
    page = hq.opened(browser, hq.officer(Role.OPERATOR))
    with transaction(hq.engine, latest=True) as connection:
        idle = "UPDATE staff_session SET seen_at = seen_at - interval '3 hours'"
        connection.execute(text(idle))
    # Its socket's turn comes within 15 s.
    words = "サインインが切れました"
    expect(page.locator("#behind")).to_contain_text(words, timeout=40_000)
    page.context.close()


def test_a_page_whose_first_picture_and_stream_both_fail_says_so_and_goes_on_asking(
    browser: Browser, hq: Headquarters
) -> None:
    name = hq.names()[2]
    page = hq.opened(browser, hq.officer(Role.OPERATOR), blocked=LIVE)
    asked: list[Route] = []

    def fail(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            route.abort()

    page.route(PICTURE, fail)
    with page.expect_event("requestfailed", lambda one: "/static/live.js" in one.url):
        page.reload()
    # The first is still on its way when the page learns that there is no stream.
    page.wait_for_timeout(500)
    asked[0].abort()
    behind = page.locator("#behind")
    expect(behind).to_contain_text("変化が届いていません")
    hq.opening(name, Opening.PREPARING)
    page.unroute(PICTURE)
    expect(behind).to_be_hidden(timeout=20_000)
    row = page.locator("tbody.site").filter(has=page.get_by_text(name, exact=True))
    expect(row.locator(".opening")).to_have_text("開設準備", timeout=20_000)
    page.context.close()


def test_before_the_first_picture_nothing_is_said_of_places_that_nobody_knows_yet(
    browser: Browser, hq: Headquarters
) -> None:
    """The stream is earlier than the picture, in which it stands which hazard a place suits."""
    page = hq.opened(browser, hq.officer(Role.OPERATOR))
    held: list[Route] = []
    page.route(PICTURE, lambda route: held.append(route))  # noqa: PLW0108  it must bear attributes
    page.reload()
    hq.said.clear()
    hq.opening(hq.names()[3], Opening.PREPARING)
    page.locator("#propose summary").click()
    page.get_by_label("市内全域").check()
    page.wait_for_timeout(1000)
    expect(page.locator("#area-unopened")).to_be_hidden()
    assert [line for line in hq.said if "Failed to load resource" not in line] == []
    for route in held:
        route.continue_()
    page.unroute(PICTURE)
    expect(page.locator("#area-unopened")).to_contain_text("か所", timeout=20_000)
    page.context.close()
