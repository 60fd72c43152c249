"""What waits for a person is unmissable: on both pages of headquarters, by name, in the tab."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from alerts.kinds import Status
from alerts.life import Duty
from city.staff import Role
from operations.alerts import deciding, delegating, drafting
from operations.alerts.clocks import call_deputies
from operations.alerts.deciding import Seen
from operations.serving import utc_now
from tests.browser.alertserver import AlertDesk
from tests.integration.staffed import Signed

pytestmark = pytest.mark.usefixtures("quiet")

WRITER = (Role.OPERATOR,)
APPROVER = (Role.OPERATOR, Role.APPROVER)


def deputy(desk: AlertDesk) -> Signed:
    """An approver whom another one named."""
    named = desk.hq.officer(*APPROVER)
    delegating.name(
        desk.engine, desk.hq.officer(*APPROVER).caller, named.caller.id or 0, Duty.DEPUTY
    )
    return named


def alone(desk: AlertDesk, writer: Signed) -> int:
    """What a named officer sent alone."""
    desk.named(desk.hq.officer(*APPROVER), writer)
    number = desk.draft(writer)
    seen = Seen(desk.whole(number)["digest"], second_look=True)
    deciding.break_glass(desk.engine, writer.caller, number, seen, why="夜中", now=utc_now())
    return number


def rows(page: Page) -> list[str]:
    return page.locator("#alert-waits-list > li").all_inner_texts()


def test_rule_14_headquarters_first_page_shows_live_what_waits_and_for_how_long(
    browser: Browser, desk: AlertDesk
) -> None:
    writer, other = desk.hq.officer(*WRITER), desk.hq.officer(*APPROVER)
    page = desk.hq.opened(browser, other)
    expect(page.locator("#alert-waits")).to_be_hidden()
    number = desk.submitted(writer)
    strip = page.locator("#alert-waits")
    expect(strip).to_contain_text("承認待ち")
    expect(page).to_have_title(re.compile("^【承認待ち】"))
    assert page.locator("[aria-live=assertive]").filter(has=strip).count() == 1
    sent = alone(desk, writer)
    expect(strip).to_contain_text("連署待ち")
    expect(page.locator("#alert-waits-count")).to_have_text("2")
    deciding.countersign(desk.engine, other.caller, sent, now=utc_now())
    expect(strip).not_to_contain_text("連署待ち")
    expect(strip).to_contain_text(writer.caller.name)
    strip.get_by_role("link", name="避難指示・洪水").click()
    expect(page).to_have_url(re.compile(rf"/hq/alerts#{number}$"))
    expect(page.locator("#decisions form[data-decision=approve]")).to_be_visible()
    page.get_by_role("link", name="避難指示・洪水").focus()
    deciding.reject(desk.engine, other.caller, number, why="区域が違う", now=utc_now())
    expect(page.locator("#alert-waits")).to_be_hidden()
    expect(page).to_have_title(re.compile("^配信"))
    page.context.close()


def test_a_deputy_reads_on_both_pages_by_name_that_they_are_called(
    browser: Browser, desk: AlertDesk
) -> None:
    called = deputy(desk)
    page = desk.hq.opened(browser, called)
    alerts = desk.opened(browser, called)
    other = desk.opened(browser, desk.hq.officer(*WRITER))
    number = desk.submitted(desk.hq.officer(*WRITER))
    call_deputies(desk.engine, utc_now() + timedelta(minutes=6))
    for one in (page, alerts):
        expect(one.locator("#alert-called")).to_contain_text(
            f"{called.caller.name}さん、副承認者として呼ばれています"
        )
        expect(one).to_have_title(re.compile("^【副承認者として呼出中】"))
    expect(other.locator("#alert-waits")).to_contain_text(f"副承認者を呼出中：{called.caller.name}")
    expect(other.locator("#alert-called")).to_be_hidden()
    alerts.locator("#alert-called").get_by_role("link").click()
    expect(alerts.locator("#decisions form[data-decision=approve]")).to_be_visible()
    expect(alerts.locator("#named")).to_contain_text("電話・メール・音では呼びません")
    for one in (page, alerts):
        found = Axe().run(
            one, options={"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa"]}}
        )
        assert found.response["violations"] == [], found.generate_report()
        one.set_viewport_size({"width": 390, "height": 800})
        assert one.evaluate("document.documentElement.scrollWidth") <= 390
    drafting.withdraw(desk.engine, called.caller, number, now=utc_now())
    for one in (page, alerts, other):
        one.context.close()


def test_rule_16_a_drill_that_waits_says_so_and_has_no_level_s_colour(
    browser: Browser, desk: AlertDesk
) -> None:
    page = desk.opened(browser, desk.hq.officer(*APPROVER))
    writer = desk.hq.officer(*WRITER)
    number = desk.submitted(writer, status=Status.EXERCISE)
    row = page.locator("#alert-waits-list > li")
    expect(row).to_contain_text("訓練")
    expect(page.locator("#alert-waits")).to_have_class("drilled")
    expect(row.locator(".level[data-value]")).to_have_count(0)
    expect(page).to_have_title(re.compile("^【訓練・承認待ち】"))
    drafting.withdraw(desk.engine, writer.caller, number, now=utc_now())
    page.context.close()


def test_a_next_revision_that_is_open_is_named_and_opened_from_there(
    browser: Browser, desk: AlertDesk
) -> None:
    writer, approver = desk.hq.officer(*WRITER), desk.hq.officer(*APPROVER)
    number = desk.sent(writer, approver, status=Status.EXERCISE)
    alert = desk.whole(number)["alert"]
    tried = desk.draft(
        writer, alert=alert, step="update", status=Status.EXERCISE, same_area=True, areas=()
    )
    page = desk.opened(browser, desk.hq.officer(*WRITER), at=f"#{number}")
    expect(page.locator("#decisions")).to_contain_text("取り下げると、次の版を作れます")
    page.get_by_role("button", name="第2版を開く").click()
    expect(page.locator("#opened")).to_contain_text("第2版・下書き")
    drafting.withdraw(desk.engine, writer.caller, tried, now=utc_now())
    expect(page.locator("#opened")).to_contain_text("出ていない版・取り下げ")
    page.context.close()


def test_an_alert_with_nobody_registered_does_not_say_that_sending_has_not_begun(
    browser: Browser, desk: AlertDesk
) -> None:
    writer, approver = desk.hq.officer(*WRITER), desk.hq.officer(*APPROVER)
    page = desk.opened(browser, writer, at=f"#{desk.sent(writer, approver)}")
    expect(page.locator("#progress")).to_contain_text("送る宛先の登録がありません")
    expect(page.locator("#progress")).not_to_contain_text("まだ送り始めていません")
    page.context.close()
