"""Two officers run a night like that of 2019, and neither of them touches the mouse."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader

from city.staff import Role
from operations.missions.beginning import GivenMission, begin
from operations.planning.planner import Planner
from operations.serving import utc_now
from tests.browser.alertserver import REASON, AlertDesk, lived_in
from tests.browser.hqserver import headquarters
from tests.integration.alerted import AREA
from tests.integration.databases import Server, connected
from tests.integration.staffed import a_tablet

SCREEN = {"width": 1920, "height": 1080}
SLOW = 20_000
"""The first question of a server loads its loops."""
FARTHEST = 400
"""Presses of Tab after which what is looked for is not on the page."""
BRIDGE = "本町大橋"
TEAM = "第1現地班"


@pytest.fixture(scope="module")
def night(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[AlertDesk, Planner]]:
    """A server of a city in which people live, and the planner beside it."""
    folder = tmp_path_factory.mktemp("night")
    made = server.create(with_plan[0])
    lived_in(made)
    with connected(made.url) as engine:
        Planner(engine, folder / "first").catch_up()
    with headquarters(server, (made.name, folder / "first"), folder) as hq:
        desk = AlertDesk(hq)
        desk.adopt_words(leave_out="lifeline")
        yield desk, Planner(desk.engine, folder / "state")


def tab_to(page: Page, wanted: Locator) -> None:
    """Go with Tab to where the focus is wanted."""
    expect(wanted).to_be_visible()
    for _ in range(FARTHEST):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {wanted}")


def choose(page: Page, group: Locator, wanted: Locator) -> None:
    """Go to a group of radio buttons, and by arrows to one of them."""
    tab_to(page, group.locator("input").first)
    for _ in range(group.locator("input").count()):
        if wanted.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow leads to {wanted}")


def press(page: Page, name: str) -> None:
    """Go to a button by Tab, and press it."""
    tab_to(page, page.get_by_role("button", name=name, exact=True))
    page.keyboard.press("Enter")


def go(page: Page, key: str, path: str) -> None:
    """From page to page by letters, over the board."""
    if not page.url.endswith("/hq"):
        page.keyboard.press("b")
        page.wait_for_url("**/hq")
    page.locator("#board[data-ready]").wait_for()
    if path != "/hq":
        page.keyboard.press(key)
        page.wait_for_url(f"**{path}")


def clean(page: Page) -> None:
    """Axe finds nothing."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def decision(page: Page, title: str) -> Locator:
    """By J to a decision of the board, which Enter opens."""
    wanted = page.locator("#decisions > li").filter(has=page.get_by_text(title)).first
    expect(wanted).to_be_visible()
    for _ in range(page.locator("#decisions > li").count()):
        page.keyboard.press("j")
        if wanted.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(wanted.locator(".do")).to_be_visible()
    return wanted


def drafted(page: Page) -> str:
    """An order is drafted, its blast radius seen, and handed to another officer."""
    go(page, "l", "/hq/alerts")
    page.locator("#alerts[data-ready]").wait_for()
    page.keyboard.press("n")
    levels = page.get_by_role("group", name="警戒レベル")
    choose(page, levels, page.get_by_role("radio", name="4 避難指示"))
    tab_to(page, page.locator("#area-search"))
    page.keyboard.type(AREA)
    press(page, f"＋ {AREA}")
    tab_to(page, page.get_by_label("理由（何が起きているか）"))
    page.keyboard.type(REASON)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#check-counts")).to_contain_text("送れない 0")
    expect(page.locator("#figures")).to_contain_text("30")
    expect(page.locator("#reach-map .reach")).to_be_visible()
    clean(page)
    page.keyboard.press("Escape")
    press(page, "提出")
    expect(page.locator("#decisions")).to_contain_text("自分の起案は承認できません")
    return str(page.locator(".row[aria-current]").get_attribute("data-number"))


def approved(page: Page) -> None:
    """The other one finds it on the board, looks, and approves."""
    decision(page, "避難指示")
    page.keyboard.press("Enter")
    page.locator("#alerts[data-ready]").wait_for()
    expect(page.locator("#figures")).to_contain_text("30")
    press(page, "承認して送信")
    press(page, "はい、承認して送信")
    expect(page.locator("#sending")).to_be_visible()


def closed(page: Page) -> None:
    """A bridge is lost on paper first; then it is closed."""
    go(page, "w", "/hq/whatif")
    page.locator("#streets tbody tr").first.wait_for(timeout=SLOW)
    page.keyboard.press("t")
    tab_to(page, page.locator("#try [name=name]"))
    page.keyboard.type(BRIDGE)
    page.keyboard.press("Enter")
    expect(page.locator("#stack li")).to_have_count(1, timeout=SLOW)
    expect(page.locator("#result")).to_be_visible()
    clean(page)
    page.keyboard.press("a")
    page.keyboard.type("橋桁に流木")
    page.keyboard.press("Enter")
    expect(page.locator("#adopted")).to_contain_text("道を通行止めにしました", timeout=SLOW)


def opened(page: Page, place: str) -> None:
    """A place is found by its name, and opened."""
    go(page, "s", "/hq/places")
    page.locator("#hq[data-live-now]").wait_for()
    page.keyboard.press("/")
    page.keyboard.type(place)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    press(page, "開設する")
    row = page.locator("#sites tbody").filter(has=page.get_by_text(place, exact=True)).first
    expect(row.locator("tr.row")).to_contain_text("開設")


def recalled(page: Page) -> None:
    """A team is called back."""
    go(page, "f", "/hq/field")
    press(page, f"{TEAM}：呼び戻す")
    tab_to(page, page.get_by_label("呼び戻す理由"))
    page.keyboard.type("水位の上昇")
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)


def handed_over(page: Page, hq: str) -> str:
    """The words of the handover, without white space."""
    go(page, "p", "/hq/duties")
    page.locator("#duties[data-ready][data-keys]").wait_for()
    page.keyboard.press("4")
    with page.context.expect_event("request", lambda one: "handover.pdf" in one.url):
        page.keyboard.press("v")
    answer = page.request.get(f"{hq}/api/v1/headquarters/prints/handover.pdf")
    text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(answer.body())).pages)
    return "".join(text.split())


def board(desk: AlertDesk, browser: Browser, *roles: Role) -> Page:
    """The board of an officer, read once."""
    page = desk.hq.opened(browser, desk.hq.officer(*roles), at="/hq", viewport=SCREEN)
    page.locator("#board[data-ready]").wait_for()
    return page


def test_two_officers_run_a_night_by_keyboard_alone(
    night: tuple[AlertDesk, Planner], browser: Browser
) -> None:
    desk, planner = night
    hq = desk.hq
    tablet = a_tablet(desk.engine, None, Role.FIELD)
    until = utc_now() + timedelta(hours=1)
    given = GivenMission(TEAM, "無線 2ch", (tablet.caller.actor,), "橋を見る", until)
    begin(desk.engine, hq.officer(Role.OPERATOR).caller, given, now=utc_now())
    place = _unopened(desk)
    one = board(desk, browser, Role.OPERATOR)
    two = board(desk, browser, Role.OPERATOR, Role.APPROVER)
    clean(one)
    number = drafted(one)
    approved(two)
    assert desk.whole(int(number))["state"] in {"approved", "expanding", "sending", "sent"}
    planner.catch_up()
    closed(one)
    opened(one, place)
    recalled(one)
    go(two, "b", "/hq")
    expect(two.locator("#entries")).to_contain_text("呼び戻")
    expect(two.locator("#entries")).to_contain_text(place)
    clean(two)
    paper = handed_over(two, hq.url)
    for told in ("避難指示", AREA, TEAM, BRIDGE):
        assert told in paper
    rows: list[Any] = hq.database.rows("SELECT reason FROM closure WHERE ended_at IS NULL")
    assert ("橋桁に流木",) in rows
    query = "SELECT site_id, opening FROM site_opening WHERE ended_at IS NULL"
    states = [opening for site, opening in hq.database.rows(query) if site == hq.site(place)]
    assert states == ["open"]
    (when,) = hq.database.rows("SELECT recalled_at FROM mission")[0]
    assert when is not None
    assert [line for line in hq.said if "Failed to load resource" not in line] == []
    for page in (one, two):
        page.context.close()


def _unopened(desk: AlertDesk) -> str:
    """The name of a place that is not open yet."""
    query = (
        "SELECT name FROM evacuation_site WHERE id NOT IN"
        " (SELECT site_id FROM site_opening WHERE ended_at IS NULL) ORDER BY number LIMIT 1"
    )
    return str(desk.hq.database.rows(query)[0][0])
