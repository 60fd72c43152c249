"""Headquarters reads on the page of alerts that people cannot be told for want of keys."""

from playwright.sync_api import Browser, Route, expect

from city.staff import Role
from tests.browser.alertserver import AlertDesk
from tests.browser.test_hq_alert_beside import look


def test_who_cannot_be_told_for_want_of_keys_is_said_above_the_list(
    desk: AlertDesk, browser: Browser
) -> None:
    page = desk.opened(browser, desk.hq.officer(Role.OPERATOR))
    expect(page.locator("#keys-lost")).to_be_hidden()

    def without_keys(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"keys_lost": 41})

    page.route("**/api/v1/headquarters/alerts", without_keys)
    page.reload()
    said = page.locator("#keys-lost")
    expect(said).to_contain_text("鍵がありません：登録者 41 人に送れません")
    expect(said).to_contain_text("控えから元の場所へ戻してください")
    look(page)
    page.context.close()
