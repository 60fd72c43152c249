"""Door lists in a browser: opened by a button that says so, told by telephone, kept nowhere."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect
from pypdf import PdfReader
from sqlalchemy import select

from alerts.delivery import FallbackClock
from alerts.doors import DoorOutcome
from alerts.kinds import Status, Step
from city.staff import Role
from data import tables
from data.alerts import doorcalls, doorlists
from data.database import transaction
from data.people import audit
from hazards.kinds import HazardKind
from operations.alerts import doorreturns, doors
from operations.alerts.doorcalls import call
from operations.delivery.expanding import expand_next
from operations.serving import utc_now
from tests.browser.alertserver import AlertDesk
from tests.browser.hqserver import SCREEN
from tests.integration.alerted import AREA, OTHER
from tests.integration.staffed import Signed

pytestmark = pytest.mark.usefixtures("quiet")

M = timedelta(minutes=1)
TOKYO = ZoneInfo("Asia/Tokyo")
SOON = 15_000
"""Milliseconds: the page asks every three seconds."""
KEPT = "[localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"


def opened(browser: Browser, desk: AlertDesk, welfare: Signed) -> Page:
    """The page as somebody of the welfare role sees it, once its lists have come."""
    pages = browser.new_context(viewport=SCREEN, locale="ja-JP")  # type: ignore[arg-type]
    cookie = {"name": welfare.cookie, "value": welfare.token, "url": desk.hq.url}
    pages.add_cookies([cookie])  # type: ignore[list-item]
    page = pages.new_page()
    page.set_default_timeout(10_000)
    page.on("console", lambda message: desk.hq.said.append(message.text))
    page.on("pageerror", lambda error: desk.hq.said.append(str(error)))
    page.goto(f"{desk.hq.url}/welfare/doors")
    page.locator("#lists-at time").wait_for()
    return page


def handed(desk: AlertDesk, team: str, area: str, **alert: Any) -> int:
    """A list of an alert that went out, in the hands of a team."""
    writer = desk.hq.officer(Role.OPERATOR)
    approver = desk.hq.officer(Role.OPERATOR, Role.APPROVER)
    number = desk.sent(writer, approver, areas=(area,), **alert)
    now = utc_now()
    while expand_next(desk.engine, FallbackClock(), now):
        pass
    until = now + 40 * M
    made = doors.make_lists(desk.engine, writer.caller, number, withdraw_at=until, now=now)
    doors.hand(desk.engine, writer.caller, made.lists[0], team, now=now)
    return made.lists[0]


def changed(desk: AlertDesk, number: int, **values: datetime) -> None:
    """A list as it becomes by what others do."""
    with transaction(desk.engine) as connection:
        doorlists.change(connection, number, **values)


def revision_of(desk: AlertDesk, number: int) -> int:
    with transaction(desk.engine) as connection:
        query = select(tables.door_list.c.revision_id).where(tables.door_list.c.id == number)
        return int(connection.execute(query).scalar_one())


def log(desk: AlertDesk, welfare: Signed) -> list[str]:
    """What the audit log has of somebody."""
    with transaction(desk.engine, latest=True) as connection:
        entries = audit.entries(connection)
        theirs = [one.action for one in entries if one.actor == welfare.caller.actor]
    return [action for action in theirs if action.startswith("door")]


def look(page: Page) -> None:
    """Nobody is left out by how it is drawn, and nothing scrolls sideways."""
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    for width in (1920, 640, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size(SCREEN)  # type: ignore[arg-type]


def calls(desk: AlertDesk, number: int) -> dict[int, DoorOutcome]:
    with transaction(desk.engine) as connection:
        return dict(doorcalls.newest_calls(connection, number))


def test_a_list_is_opened_on_purpose_told_by_keyboard_printed_and_kept_nowhere(
    browser: Browser, desk: AlertDesk, tmp_path: Path
) -> None:
    number, welfare = handed(desk, "消防団1", AREA), desk.hq.officer(Role.WELFARE)
    page = opened(browser, desk, welfare)
    row = page.locator(f"#list-{number}")
    expect(row).to_contain_text("消防団1")
    assert log(desk, welfare) == []
    look(page)
    button = row.get_by_role("button")
    expect(button).to_have_text("開く（記録されます）")
    button.press("Enter")
    expect(page.locator("#opened")).to_be_focused()
    assert log(desk, welfare) == ["doors.opened"]
    expect(page.locator("#until")).to_contain_text("までに全員戻る")
    expect(page.locator("#until")).to_contain_text("あと")
    expect(page.locator("#door-map")).to_be_visible()
    page.locator(".door button").first.focus()
    page.keyboard.press("2")
    page.keyboard.press("4")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("3")
    expect(page.locator("#opened-counts")).to_contain_text("声かけ済 2・話した 2・送迎が要る 1")
    first, second = page.locator(".door").nth(0), page.locator(".door").nth(1)
    expect(first.locator("[aria-pressed=true]")).to_contain_text("送迎が要る")
    expect(second.locator("[aria-pressed=true]")).to_contain_text("避難しない")
    assert sorted(calls(desk, number).values()) == ["needs_lift", "refuses"]
    look(page)
    href = page.get_by_role("link", name="紙に印刷する（記録されます）").get_attribute("href")
    answer = page.context.request.get(f"{desk.hq.url}{href}")
    file = tmp_path / "list.pdf"
    file.write_bytes(answer.body())
    assert len(PdfReader(file).pages) == 1
    assert log(desk, welfare) == ["doors.opened", *["door.called"] * 3, "doors.printed"]
    assert page.evaluate(f"(async () => {KEPT})()") == [0, 0, 0]
    page.keyboard.press("Escape")
    expect(page.locator(".door")).to_have_count(0)
    expect(button).to_be_focused()
    page.context.close()


def test_rule_13_a_recall_is_red_whatever_is_open_and_what_is_not_sent_is_said(
    browser: Browser, desk: AlertDesk
) -> None:
    number = handed(desk, "消防団2", OTHER)
    page = opened(browser, desk, desk.hq.officer(Role.WELFARE))
    page.locator(f"#list-{number} button").click()
    door = page.locator(".door").first
    page.route("**/calls", lambda route: route.abort())
    door.get_by_role("button", name="留守").click()
    expect(door.locator(".said")).to_contain_text("「留守・応答なし」は送れていません")
    expect(door.locator("[aria-pressed=true]")).to_have_count(0)
    page.unroute("**/calls")
    label = door.locator(".which b").inner_text()
    by = desk.hq.officer(Role.OPERATOR).caller
    call(desk.engine, by, number, label, DoorOutcome.SPOKE, now=utc_now())
    expect(page.locator("#elsewhere")).to_contain_text("記録が、この画面と違います", timeout=SOON)
    page.locator("#elsewhere").get_by_role("button", name="開き直す（記録されます）").click()
    expect(door.locator("[aria-pressed=true]")).to_contain_text("話した")
    changed(desk, number, recalled_at=utc_now())
    expect(page.locator(".alarm")).to_contain_text("呼び戻し 1班　消防団2", timeout=SOON)
    expect(page.locator("#until")).to_contain_text("いますぐ全員戻る")
    red = "getComputedStyle(document.querySelector('{}')).backgroundColor"
    for part in (".alarm", "#until"):
        assert page.evaluate(red.format(part)) == "rgb(179, 20, 10)"
    expect(page).to_have_title("【呼び戻し】戸別の一覧｜逃げ道 浅瀬市（架空）")
    expect(page.locator("#print")).to_be_hidden()
    look(page)
    page.locator(".door").last.scroll_into_view_if_needed()
    expect(page.locator(".alarm")).to_be_in_viewport()
    changed(desk, number, back_at=utc_now())
    expect(page.locator(".alarm")).to_have_count(0, timeout=SOON)
    expect(page.locator("#until")).to_contain_text("全員戻りました")
    page.context.close()


def test_rule_13_whoever_looks_sees_a_team_that_goes_on_telling_what_was_cancelled(
    browser: Browser, desk: AlertDesk
) -> None:
    number = handed(desk, "消防団4", OTHER, hazard=HazardKind.LANDSLIDE)
    state, told = "取り消した文を伝えている", "電話で伝え、戻してください"
    page = opened(browser, desk, desk.hq.officer(Role.WELFARE))
    page.locator(f"#list-{number} button").click()
    assert page.locator(".alarm").count() == 0
    writer = desk.hq.officer(Role.OPERATOR)
    hq = desk.opened(browser, writer)
    approver = desk.hq.officer(Role.OPERATOR, Role.APPROVER)
    alert = desk.whole(revision_of(desk, number))["alert"]
    wrong = {"hazard": HazardKind.LANDSLIDE, "areas": (OTHER,), "step": Step.CANCEL}
    ended = desk.sent(writer, approver, alert=alert, **wrong)
    expect(page.locator(".alarm")).to_contain_text(f"{state} 1班　消防団4", timeout=SOON)
    expect(page).to_have_title(f"【{state}】戸別の一覧｜逃げ道 浅瀬市（架空）")
    expect(page.locator(f"#list-{number}")).to_contain_text(told)
    expect(page.locator("#until")).to_contain_text(told)
    expect(page.locator("#until")).to_contain_text("までに全員戻る")
    expect(page.locator("#print")).to_be_hidden()
    look(page)
    expect(hq.locator("#teams-late")).to_contain_text("終わった文を伝えている班 1", timeout=SOON)
    hq.goto(f"{desk.hq.url}/hq/alerts#{ended}")
    hq.reload()
    expect(hq.locator("#doors-outside")).to_contain_text(state)
    expect(hq.locator("#doors-why")).to_contain_text("取り消しました。外にいる班に電話で伝え")
    look(hq)
    doorreturns.back(desk.engine, writer.caller, number, now=utc_now())
    expect(page.locator(".alarm")).to_have_count(0, timeout=SOON)
    expect(hq.locator("#teams-late")).to_be_hidden(timeout=SOON)
    hq.context.close()
    page.context.close()


def test_headquarters_says_whether_those_are_called_on_who_never_tapped(
    browser: Browser, desk: AlertDesk
) -> None:
    number = handed(desk, "消防団5", AREA)
    writer = desk.hq.officer(Role.OPERATOR)
    hq = desk.opened(browser, writer, f"#{revision_of(desk, number)}")
    hq.locator("#doors-make summary").click()
    box = hq.get_by_role("checkbox", name="受理・確認なしの世帯も回る")
    expect(box).not_to_be_checked()
    expect(hq.locator("#doors-taken")).to_have_text(
        "（いま 0世帯。待つ時間が過ぎた世帯だけを入れます）", timeout=SOON
    )
    look(hq)
    box.press("Space")
    hq.locator("#doors-form [name=until]").fill(f"{utc_now().astimezone(TOKYO) + 60 * M:%H:%M}")
    with hq.expect_request(lambda asked: asked.method == "POST") as asked:
        hq.get_by_role("button", name="一覧を作る").click()
    assert '"taken":true' in (asked.value.post_data or "")
    expect(hq.locator("#doors-form .said")).to_contain_text("新しい一覧はありません")
    hq.context.close()
    changed(desk, number, back_at=utc_now())


def test_rule_16_a_drill_list_is_a_drill_at_first_sight(browser: Browser, desk: AlertDesk) -> None:
    number = handed(desk, "訓練班", AREA, status=Status.EXERCISE)
    page = opened(browser, desk, desk.hq.officer(Role.WELFARE))
    row = page.locator(f"#list-{number}")
    expect(row.locator(".drillmark")).to_have_text("訓練")
    row.get_by_role("button").click()
    expect(page.locator("#opened .tape:visible")).to_have_count(2)
    expect(page.locator("#h-opened")).to_contain_text("訓練")
    changed(desk, number, recalled_at=utc_now())
    expect(page.locator(".alarm.drilled")).to_contain_text("これは訓練です", timeout=SOON)
    expect(page).to_have_title("【訓練・呼び戻し】戸別の一覧｜逃げ道 浅瀬市（架空）")
    colour = "getComputedStyle(document.querySelector('{}')).backgroundColor"
    for part in (".alarm", "#until"):
        assert page.evaluate(colour.format(part)) != "rgb(179, 20, 10)"
    look(page)
    changed(desk, number, back_at=utc_now())
    page.context.close()


def test_who_is_signed_out_or_cut_off_is_told_that_no_recall_arrives(
    browser: Browser, desk: AlertDesk
) -> None:
    number = handed(desk, "町会1班", AREA)
    page = opened(browser, desk, desk.hq.officer(Role.WELFARE))
    page.locator(f"#list-{number} button").click()
    expect(page.locator(".door").first).to_be_visible()

    def fail(route: Route) -> None:
        route.abort()

    page.route("**/headquarters/doors", fail)
    behind = page.locator("#behind")
    expect(behind).to_contain_text("呼び戻しが届いていないかもしれません", timeout=SOON)
    page.unroute("**/headquarters/doors", fail)
    expect(behind).to_be_hidden(timeout=SOON)
    page.context.clear_cookies()
    expect(behind).to_contain_text("サインインし直してください", timeout=SOON)
    expect(page.locator(".door")).to_have_count(0)
    expect(page.locator("#opened")).to_be_hidden()
    page.evaluate("document.getElementById('alerts').dispatchEvent(new Event('ages'))")
    expect(page.locator("#none")).to_have_text("一覧は、サインインし直すと出ます。")
    page.get_by_role("link", name="サインイン", exact=True).click()
    page.wait_for_url("**/signin?next=%2Fwelfare%2Fdoors")
    page.context.close()
