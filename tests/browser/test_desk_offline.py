"""A tablet whose clock, network or disk is poor: what it counts stays in its order and is kept."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.deskserver import TABLET, City, DeskServer
from tests.browser.desktablet import (
    CODE,
    WALL,
    counts,
    opened,
    press,
    ready,
    recount,
    scan,
    tablet,
    unsent,
)
from tests.integration.processes import wait_for
from tests.integration.small_city import write_small_city

S, M = timedelta(seconds=1), timedelta(minutes=1)
HEARD = """async answers => {
  const {heard} = await import('/static/deskclock.js');
  return answers.map(([low, high]) => heard(low, high));
}"""
HANGS = "() => Object.defineProperty(IDBTransaction.prototype, 'oncomplete', {set() {}})"
BREAKS = "() => { IDBObjectStore.prototype.put = () => { throw new Error('disk'); }; }"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """The page and a city's desk API."""
    folder = tmp_path_factory.mktemp("desk")
    made = DeskServer(write_small_city(folder / "city"), folder / "state")
    yield made
    made.close()


@pytest.fixture
def server(running: DeskServer) -> DeskServer:
    """The server, of a city that knows nothing yet."""
    running.city, running.others, running.caller = City(), {}, TABLET
    return running


def set_clock(context: BrowserContext, ahead: timedelta) -> None:
    """Let the tablet's clock be so far ahead from the beginning."""
    context.add_init_script(f"localStorage.setItem('ahead', {ahead / S * 1e3})")
    context.add_init_script(WALL)


def say(page: Page, opening: str) -> None:
    """Say that the place is "full" or "open", as the desk does: twice."""
    page.locator(f"#say-{opening}").click()
    page.locator(f"#say-{opening}").click()


def refused(page: Page) -> None:
    """It is said that somebody has spoken since."""
    expect(page.locator("#refusals")).to_contain_text("このあとに、別の知らせが出ています。")
    expect(page.get_by_role("button", name="もう一度送る")).to_have_count(0)


@pytest.mark.parametrize("ahead", [0 * S, -100 * S, 100 * S])
def test_presses_after_a_total_come_after_it_where_its_request_is_slow(
    browser: Browser, server: DeskServer, ahead: timedelta
) -> None:
    server.city.slow_s = 6
    with tablet(browser) as context:
        set_clock(context, ahead)
        page = opened(context, server)
        recount(page, "100")
        wait_for("it is on the way", lambda: page.wait_for_timeout(50) or server.city.posts)
        press(page, "1", "1", "5")
        expect(page.locator("#waits")).to_have_text("未送信 0件", timeout=15_000)
        counts(page, 107)
    assert server.city.reckoned() == 107


def test_the_times_that_are_sent_are_the_city_s(browser: Browser, server: DeskServer) -> None:
    with tablet(browser) as context:
        set_clock(context, -100 * S)
        page = opened(context, server)
        press(page, "1")
        page.get_by_role("button", name="物資").click()
        page.get_by_role("button", name="市に知らせる").click()
        came = server.city
        wait_for("both", lambda: page.wait_for_timeout(50) or (came.counts and came.needs))
    sent = [*server.city.sent, *(one["at"] for one in server.city.needs)]
    sent += [one["at"] for one in server.city.counts.values()]
    now = server.city.now()
    assert len(sent) == 3
    assert all(timedelta(0) <= now - one < 30 * S for one in map(type(now).fromisoformat, sent))


def test_only_an_answer_that_proves_it_wrong_moves_the_offset(
    browser: Browser, server: DeskServer
) -> None:
    """So the moments of one tablet stay in their order, and none is ahead of the city's clock."""
    slow_first, quick, slow, drifted = (-8000, 200), (-50, 10), (-9000, 300), (-70, -60)
    set_ahead, set_back = (-300_070, -300_000), (95_000, 95_100)
    page = browser.new_page(bypass_csp=True)
    page.goto(f"{server.url}/desk/tally")
    answers = [slow_first, quick, slow, drifted, set_ahead, set_back]
    assert page.evaluate(HEARD, answers) == [-8000, -50, -50, -60, -300_070, 95_000]
    page.close()


def test_a_press_after_a_reload_comes_after_the_total_where_the_answer_is_slow(
    browser: Browser, server: DeskServer
) -> None:
    with tablet(browser) as context:
        page = opened(context, server)
        recount(page, "100")
        unsent(page, 0)
        server.city.slow_back_s = 8
        page.reload()
        ready(page)
        counts(page, 100)
        press(page, "1")
        expect(page.locator("#waits")).to_have_text("未送信 0件", timeout=20_000)
    assert server.city.reckoned() == 101


@pytest.mark.parametrize("minutes", [0, 1])
@pytest.mark.parametrize("ahead", [0 * S, -100 * S])
def test_presses_after_a_paper_total_come_after_it(
    browser: Browser, server: DeskServer, ahead: timedelta, minutes: int
) -> None:
    """Also where the clock on the wall is a minute fast."""
    with tablet(browser) as context:
        set_clock(context, ahead)
        page = opened(context, server)
        wall = server.city.now() + timedelta(hours=9, minutes=minutes)
        recount(page, "85", wall.strftime("%H:%M"))
        counts(page, 85)
        press(page, "1", "5")
        unsent(page, 0)
    assert server.city.reckoned() == 91


def test_a_recount_that_is_newer_than_the_city_s_shows_at_once(
    browser: Browser, server: DeskServer
) -> None:
    server.city.persons, server.city.counted_at = 80, server.city.now() - 40 * S
    with tablet(browser) as context:
        set_clock(context, -100 * S)
        page = opened(context, server, kept=True)
        counts(page, 80)
        context.set_offline(True)
        recount(page, "120")
        unsent(page, 1)
        counts(page, 120)


def test_of_full_and_open_said_offline_the_last_word_arrives(
    browser: Browser, server: DeskServer
) -> None:
    with tablet(browser) as context:
        page = opened(context, server, kept=True)
        context.set_offline(True)
        for word, shown in (("full", "満員"), ("open", "開設")):
            say(page, word)
            expect(page.locator("#waiting")).to_contain_text(shown)
        context.set_offline(False)
        unsent(page, 0)
        expect(page.locator("#opening")).to_have_text("開設中")
        expect(page.locator("#refusals")).to_be_hidden()
        expect(page.locator("#superseded")).to_have_text("")
    assert server.city.said == ["open"]


def test_what_headquarters_said_since_outlasts_an_older_word_of_the_desk(
    browser: Browser, server: DeskServer
) -> None:
    with tablet(browser) as context:
        page = opened(context, server, kept=True)
        context.set_offline(True)
        say(page, "full")
        unsent(page, 1)
        server.city.opening_since = server.city.now() + M
        context.set_offline(False)
        refused(page)
        unsent(page, 0)
    assert server.city.said == []


def test_a_word_that_a_broken_disk_still_holds_is_not_said_over_a_newer_one(
    browser: Browser, server: DeskServer
) -> None:
    with tablet(browser) as context:
        page = opened(context, server)
        unsent(page, 0)
        page.evaluate(BREAKS)
        say(page, "full")
        expect(page.locator("#opening")).to_have_text("満員")
        server.city.opening, server.city.opening_since = "open", server.city.now() + M
        page.reload()
        ready(page)
        refused(page)
    assert server.city.said == ["full"]


def test_a_code_that_was_taken_back_counts_when_it_is_scanned_again(
    browser: Browser, server: DeskServer
) -> None:
    with tablet(browser) as context:
        page = opened(context, server)
        for _ in range(2):
            scan(page, CODE)
            expect(page.locator("#code-said")).to_have_text("4人 入りました。")
            counts(page, 4)
            page.get_by_role("button", name="直前の ＋4 を取り消す").click()
            counts(page, 0)
        scan(page, CODE)
        counts(page, 4)
        scan(page, CODE)
        expect(page.locator("#code-said")).to_have_text("このコードは受付ずみです。")
        unsent(page, 0)
        counts(page, 4)
    assert server.city.reckoned() == 4


def test_a_disk_that_hangs_is_said_and_stops_no_count(browser: Browser, server: DeskServer) -> None:
    with tablet(browser) as context:
        page = opened(context, server)
        unsent(page, 0)
        page.evaluate(HANGS)
        for name in ("5", "1"):
            page.locator(f"[data-press='{name}']").click()
        expect(page.locator("#persons")).to_have_text("6", timeout=15_000)
        expect(page.get_by_role("alert").first).to_contain_text("この端末に保存できません")
        unsent(page, 0, seconds=20)
        press(page, "1")
        unsent(page, 0)
    assert server.city.persons == 7
