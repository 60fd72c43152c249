"""Headquarters' page of alerts in a browser: two people, checked words, drills like drills, and
nothing typed is lost.
"""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from alerts.kinds import AlertKind, Status
from city.staff import Role
from data.database import transaction
from data.live import outbox as live
from tests.browser.alertserver import REASON, AlertDesk
from tests.integration.alerted import AREA, OTHER

pytestmark = pytest.mark.usefixtures("quiet")

WRITER = (Role.OPERATOR,)
APPROVER = (Role.OPERATOR, Role.APPROVER)
UNREAD = "川岸町"
"""An area whose reading nobody confirmed."""
SUGGESTION: dict[str, Any] = {
    "number": 1,
    "hazard": "flood",
    "level": 4,
    "area_names": [OTHER],
    "reason": "渡場の水位が氾濫危険水位をこえました",
    "rests": None,
    "made_at": "2026-10-13T02:14:00+09:00",
}


def act(page: Page, decision: str) -> Locator:
    """What may be done with the open revision."""
    return page.locator(f"#decisions form[data-decision={decision}]")


def add_area(page: Page, name: str) -> None:
    """Find an area by its name, and take it."""
    page.locator("#area-search").fill(name)
    page.get_by_role("button", name=f"＋ {name}").click()


def sure(page: Page, label: str) -> None:
    """Press once, then a second time where it says what it does."""
    page.get_by_role("button", name=label, exact=True).click()
    expect(page.get_by_role("button", name="やめる")).to_be_focused()
    page.get_by_role("button", name=f"はい、{label}").click()


def test_rule_14_one_drafts_another_approves_and_a_reload_loses_nothing(
    browser: Browser, desk: AlertDesk
) -> None:
    page = desk.opened(browser, desk.hq.officer(*APPROVER))
    page.keyboard.press("n")
    page.get_by_role("radio", name="4 避難指示").check()
    add_area(page, AREA)
    page.get_by_label("理由（何が起きているか）").fill(REASON)
    page.reload()
    expect(page.locator("#kept")).to_contain_text("書きかけを戻しました")
    expect(page.get_by_label("理由（何が起きているか）")).to_have_value(REASON)
    page.get_by_role("button", name="確認", exact=True).click()
    expect(page.locator("#check-counts")).to_contain_text("送れない 0")
    expect(page.locator("#renderings .bubble").first).to_contain_text("避難指示")
    expect(page.locator("#renderings ruby").first).to_be_visible()
    page.get_by_role("button", name="提出").click()
    expect(page.locator("#decisions")).to_contain_text("自分の起案は承認できません")
    expect(act(page, "approve")).to_have_count(0)
    number = page.locator(".row[aria-current]").get_attribute("data-number")
    other = desk.opened(browser, desk.hq.officer(*APPROVER), at=f"#{number}")
    sure(other, "承認して送信")
    expect(other.locator("#sending")).to_be_visible()
    expect(page.locator(".row[aria-current] .state")).to_have_text("承認")
    orders = desk.hq.database.rows(
        "SELECT level, area_names FROM evacuation_order WHERE ended_at IS NULL"
    )
    assert (4, [AREA]) in orders
    page.context.close()
    other.context.close()


def test_a_large_reach_is_confirmed_twice_and_a_refusal_has_a_reason(
    browser: Browser, desk: AlertDesk
) -> None:
    writer, approver = desk.hq.officer(*WRITER), desk.hq.officer(*APPROVER)
    number = desk.submitted(writer, areas=(), whole_city=True)
    page = desk.opened(browser, approver, at=f"#{number}")
    page.get_by_role("button", name="承認して送信").click()
    expect(page.locator("#decided")).to_contain_text("届く世帯の数を確かめ")
    expect(page.get_by_role("checkbox", name="（市の 100.0 %）に届くこと")).to_be_focused()
    page.get_by_role("button", name="却下", exact=True).click()
    expect(page.locator("#decided")).to_contain_text("却下の理由を入れてください")
    act(page, "reject").get_by_role("textbox").fill("区域が広すぎます")
    sure(page, "却下")
    expect(page.locator("#decisions")).to_contain_text("区域が広すぎます")
    assert desk.whole(number)["state"] == "rejected"
    page.context.close()


def test_who_sends_alone_was_named_says_why_and_waits_for_a_countersignature(
    browser: Browser, desk: AlertDesk
) -> None:
    officer, approver = desk.hq.officer(*WRITER), desk.hq.officer(*APPROVER)
    desk.named(approver, officer)
    number = desk.draft(officer, areas=(OTHER,))
    page = desk.opened(browser, officer, at=f"#{number}")
    page.locator("summary", has_text="緊急の単独送信").click()
    act(page, "send_alone").get_by_role("textbox").fill("三時、ほかに誰もいない")
    sure(page, "緊急の単独送信")
    expect(page.locator(".row[aria-current]")).to_contain_text("連署待ち")
    other = desk.opened(browser, approver, at=f"#{number}")
    expect(other.locator("#decisions")).to_contain_text("三時、ほかに誰もいない")
    sure(other, "連署する")
    expect(page.locator(".row[aria-current]")).to_contain_text("連署済み")
    page.context.close()
    other.context.close()


def test_rule_17_readings_and_words_are_answered_for_where_they_are_missed(
    browser: Browser, desk: AlertDesk
) -> None:
    writer, approver = desk.hq.officer(*WRITER), desk.hq.officer(*APPROVER)
    said: dict[str, Any] = {
        "kind": AlertKind.LIFELINE,
        "hazard": None,
        "level": None,
        "subject": "断水",
    }
    number = desk.draft(writer, areas=(UNREAD,), action="水を、ためること。", **said)
    page = desk.opened(browser, approver, at=f"#{number}")
    expect(act(page, "submit")).to_have_count(0)
    page.get_by_label(f"「{UNREAD}」の読み").fill("かわぎしちょう")
    page.get_by_role("button", name="確認して登録").click()
    expect(page.get_by_label(f"「{UNREAD}」の読み")).to_have_count(0)
    template = page.locator(".template", has_text="any.any.ja 第1版")
    template.locator("summary").click()
    expect(template.locator("dd").first).to_be_visible()
    template.get_by_role("button", name="この文面を採用する").click()
    page.get_by_role("button", name="はい、採用する").click()
    expect(page.locator("#check-counts")).to_contain_text("送れない 0")
    expect(act(page, "submit")).to_be_visible()
    page.context.close()


def test_rule_16_a_drill_cannot_look_like_an_alert(browser: Browser, desk: AlertDesk) -> None:
    writer = desk.hq.officer(*WRITER)
    drill, real = desk.submitted(writer, status=Status.EXERCISE), desk.draft(writer)
    page = desk.opened(browser, desk.hq.officer(*APPROVER), at=f"#{drill}")
    expect(page.locator(".tape:visible")).to_have_count(2)
    expect(page.locator("#machine")).to_have_text("訓練")
    row = page.locator(f'.row[data-number="{drill}"]')
    expect(row).to_contain_text("訓練")
    expect(row).to_have_css("border-top-style", "dashed")
    for chip in (row.locator(".level"), page.locator("#opened .level")):
        expect(chip).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    page.locator(f'.row[data-number="{real}"]').click()
    expect(page.locator("#machine")).to_have_text("実災害")
    expect(page.locator(".tape:visible")).to_have_count(0)
    page.context.close()


def test_what_went_out_is_followed_updated_and_stopped(browser: Browser, desk: AlertDesk) -> None:
    writer, approver = desk.hq.officer(*WRITER), desk.hq.officer(*APPROVER)
    number = desk.sent(writer, approver, status=Status.EXERCISE)
    page = desk.opened(browser, writer, at=f"#{number}")
    expect(page.locator("#households tbody tr")).to_have_count(5)
    expect(page.locator("#ledger")).to_contain_text("LINE の受理は、届いたことを意味しない")
    expect(page.locator("#cells .cell-number")).to_have_text("30")
    page.get_by_role("button", name="更新する").click()
    add_area(page, OTHER)
    page.get_by_label("理由（何が起きているか）").fill("水位が、さらに上がっています。")
    page.get_by_role("button", name="確認", exact=True).click()
    expect(page.locator("#change ins").first).to_have_text(f"＋{OTHER}")
    expect(page.locator("#figures")).to_contain_text("前の版から ＋30")
    expect(page.locator("#reach-map .reach")).to_be_visible()
    expect(page.locator("#reach-map .was")).to_be_visible()
    page.locator(f'.row[data-number="{number}"]').click()
    page.locator("summary", has_text="停止").click()
    page.get_by_role("button", name="停止", exact=True).click()
    expect(page.locator("#decided")).to_contain_text("止める理由を入れてください")
    act(page, "stop").get_by_role("textbox").fill("文面の誤り")
    sure(page, "停止")
    expect(page.locator(".row[aria-current]")).to_contain_text("止めた")
    page.context.close()


def test_a_suggestion_begins_a_draft_and_no_failure_takes_what_was_typed(
    browser: Browser, desk: AlertDesk
) -> None:
    with transaction(desk.engine, latest=True) as connection:
        told = {"standing": [], "suggestions": [SUGGESTION]}
        live.put(connection, live.Topic.HEADQUARTERS, "bulletins", told)
    page = desk.opened(browser, desk.hq.officer(*WRITER))
    page.get_by_role("button", name="これで起案").click()
    expect(page.locator("#chips")).to_contain_text(OTHER)
    reason = page.get_by_label("理由（何が起きているか）")
    expect(reason).to_have_value(SUGGESTION["reason"])
    page.route("**/api/v1/headquarters/alerts", lambda route: route.abort())
    page.get_by_role("button", name="確認", exact=True).click()
    expect(page.locator("#draft .said.stop")).to_contain_text("サーバーにつながりません")
    page.unroute("**/api/v1/headquarters/alerts")
    page.context.clear_cookies()
    page.get_by_role("button", name="確認", exact=True).click()
    expect(page.locator("#behind")).to_contain_text("サインインし直す")
    expect(reason).to_have_value(SUGGESTION["reason"])
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, desk: AlertDesk, scheme: str
) -> None:
    writer, approver = desk.hq.officer(*WRITER), desk.hq.officer(*APPROVER)
    number = desk.submitted(writer, areas=(), whole_city=True)
    page = desk.opened(browser, approver, at=f"#{number}", color_scheme=scheme)
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(".row").first).to_be_focused()
    page.keyboard.press("?")
    page.get_by_role("checkbox", name="に届くこと").check()
    page.get_by_role("button", name="承認して送信").click()
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    # Of one officer, a form beside it.
    page.keyboard.press("Escape")
    page.get_by_role("button", name="新しく作る").click()
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    page.evaluate("document.documentElement.style.setProperty('font-size', '32px')")
    for width in (1920, 1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()
