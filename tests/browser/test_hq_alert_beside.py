"""Beside an alert at headquarters: papers, who was named, orders nobody told of, teams at doors."""

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from alerts.delivery import FallbackClock
from alerts.doors import DoorOutcome
from city.staff import Role
from hazards.kinds import AlertLevel, HazardKind
from operations.alerts import doors, papers
from operations.alerts.doorcalls import call, open_list
from operations.changes.orders import set_level
from operations.delivery.expanding import expand_next
from operations.serving import utc_now
from tests.browser.alertserver import AlertDesk
from tests.integration.alerted import AREA, OTHER

pytestmark = pytest.mark.usefixtures("quiet")

WRITER = (Role.OPERATOR,)
APPROVER = (Role.OPERATOR, Role.APPROVER)
UNTOLD = "川岸町"
M = timedelta(minutes=1)
ROWS = {
    "queued": 0,
    "in_flight": 0,
    "accepted": 7,
    "delivered": 0,
    "refused": 0,
    "given_up": 0,
    "not_needed": 0,
    "perhaps": 0,
}


def look(page: Page) -> None:
    """Nobody is left out by how it is drawn, and nothing scrolls sideways."""
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    for width in (1920, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_order_that_nobody_told_of_begins_a_draft_and_an_approver_names_a_deputy(
    browser: Browser, desk: AlertDesk
) -> None:
    other = desk.hq.officer(*APPROVER)
    order = set_level(desk.engine, HazardKind.LANDSLIDE, AlertLevel.ALL_LEAVE, areas=[UNTOLD])
    page = desk.opened(browser, desk.hq.officer(*APPROVER), at=f"#order-{order}")
    expect(page.locator("#machine-means")).to_have_text("送る経路が、まだつながっていません")
    card = page.locator("#untold .hint")
    expect(card).to_contain_text("まだ誰にも知らせていません")
    expect(card.get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#draft [name=hazard]")).to_have_value("landslide")
    expect(page.get_by_role("radio", name="4 避難指示")).to_be_checked()
    expect(page.locator("#chips")).to_contain_text(UNTOLD)
    page.locator("#named > summary").click()
    page.locator("#named [name=staff]").select_option(str(other.caller.id))
    page.get_by_role("button", name="指名する").click()
    expect(page.locator("#named-list")).to_contain_text("呼ぶ順番 1")
    page.locator("#named").get_by_role("button", name="副承認者から外す").click()
    page.get_by_role("button", name="はい、外す").click()
    expect(page.locator("#named-list")).not_to_contain_text("呼ぶ順番 1")
    look(page)
    page.context.close()


def test_a_paper_is_asked_for_made_printed_and_its_return_sheet_comes_back(
    browser: Browser, desk: AlertDesk
) -> None:
    number = desk.sent(desk.hq.officer(*WRITER), desk.hq.officer(*APPROVER), areas=(AREA, OTHER))
    page = desk.opened(browser, desk.hq.officer(*WRITER), at=f"#{number}")
    page.locator("#paper-part > summary").click()
    row = page.locator("#paper-list > li", has_text="読み上げの記録")
    link = row.get_by_role("link").get_attribute("href")
    assert link is not None
    answer = page.context.request.get(f"{desk.hq.url}{link}")
    assert answer.headers["content-type"] == "application/pdf"
    row.get_by_role("button", name="印刷の列に入れる").click()
    expect(row).to_contain_text("待っている")
    papers.print_all(desk.engine, utc_now())
    row.get_by_role("button", name="印刷した").click()
    expect(row).to_contain_text("印刷済み")
    page.locator("#returning > summary").click()
    page.get_by_label(f"{OTHER}：聞こえたか").select_option("聞こえない")
    page.get_by_label(f"{OTHER}：声をかけた軒数").fill("12")
    page.get_by_role("button", name="戻った記録を保存").click()
    expect(page.locator("#returned-sum")).to_contain_text(
        f"聞こえない 1（{OTHER}）・声をかけた 12軒"
    )
    look(page)
    page.context.close()


def test_rule_13_headquarters_sees_until_when_a_team_is_out_and_who_is_not_back(
    browser: Browser, desk: AlertDesk
) -> None:
    writer = desk.hq.officer(*WRITER)
    number = desk.sent(writer, desk.hq.officer(*APPROVER))
    while expand_next(desk.engine, FallbackClock(), utc_now()):
        pass
    page = desk.opened(browser, writer)
    page.route(f"**/alerts/{number}", _with_progress)
    page.locator(f'.row[data-number="{number}"]').click()
    page.locator("#doors-make > summary").click()
    page.get_by_role("button", name="一覧を作る").click()
    expect(page.locator("#doors-form .said")).to_contain_text("撤収時刻のない一覧は渡せません")
    past = utc_now() - 40 * M
    made = doors.make_lists(desk.engine, writer.caller, number, withdraw_at=past + 34 * M, now=past)
    late = made.lists[0]
    doors.hand(desk.engine, writer.caller, late, "消防団4", now=past)
    expect(page.locator("#teams-late")).to_contain_text("消防団4")
    expect(page.locator("#teams-late")).to_contain_text("6分過ぎ")
    out = page.locator("#doors-outside > li")
    expect(out.locator(".state")).to_have_text("撤収時刻を過ぎた")
    expect(page.locator("#way-list")).to_contain_text("帰着の確認なし 1")
    expect(page.locator("#way-list > li", has_text="LINE").first).to_contain_text("済")
    expect(page.locator("#way-list > li", has_text="SMS").first).to_contain_text("あと10分")
    page.locator("#doors-waiting-part > summary").click()
    waiting = page.locator("#doors-waiting > li").first
    waiting.locator("summary").click()
    waiting.get_by_label("班の名前").fill("町会1班")
    waiting.get_by_role("button", name="渡す", exact=True).click()
    expect(waiting.locator(".said")).to_contain_text("撤収時刻が過ぎています")
    _told_at_a_door(desk, late)
    expect(out.first).to_contain_text("声かけ済 1・話した 1")
    expect(waiting.get_by_label("班の名前")).to_have_value("町会1班")
    out.locator("summary").click()
    out.get_by_role("button", name="119へ引き継いだ").click()
    page.get_by_role("button", name="はい、引き継いだ").click()
    expect(out.locator(".state")).to_have_text("引き継ぎ")
    expect(page.locator("#doors")).to_be_focused()
    look(page)
    out.locator("summary").click()
    out.get_by_role("button", name="帰着", exact=True).click()
    page.get_by_role("button", name="はい、帰着").click()
    expect(page.locator("#teams-late")).to_be_hidden()
    expect(page.locator("#doors-back-head")).to_have_text("帰着した班 1")
    page.context.close()


def _told_at_a_door(desk: AlertDesk, number: int) -> None:
    welfare = desk.hq.officer(Role.WELFARE).caller
    label = open_list(desk.engine, welfare, number)["doors"][0]["label"]
    call(desk.engine, welfare, number, label, DoorOutcome.SPOKE, now=utc_now())


def _with_progress(route: Route) -> None:
    """The revision as it is, with people who are told by LINE, then by SMS."""
    answer = route.fetch()
    told: dict[str, Any] = answer.json()
    waits = ROWS | {"channel": "sms", "queued": 5, "accepted": 0}
    told["progress"] = [ROWS | {"channel": "line"}, waits]
    route.fulfill(response=answer, json=told)
