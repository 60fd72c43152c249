from tests.browser.test_phone import desk, find  # noqa
from playwright.sync_api import expect

def test_look(browser, desk) -> None:
    for width in (1440, 640):
        page = desk.opened(browser, viewport={"width": width, "height": 900})
        errors = []
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.locator("#report summary").click()
        page.get_by_role("button", name="本部へ報告").click()
        expect(page.locator("#report-said")).to_contain_text("まず")
        page.locator("#where").focus()
        find(page, "本町")
        page.get_by_role("button", name="本部へ報告").click()
        expect(page.locator("#report-said")).to_contain_text("選んでください")
        page.locator("#report_kind").select_option("bridge")
        page.locator("#report_note").fill("らんかんが落ちている")
        page.locator("#report_link").fill("http://x")
        page.get_by_role("button", name="本部へ報告").click()
        expect(page.locator("#report-said")).to_contain_text("https://")
        page.locator("#report_link").fill("https://sns.example/1")
        page.locator("#report").scroll_into_view_if_needed()
        page.screenshot(path=f"/tmp/residents/shots/phone-{width}-before.png", full_page=True)
        page.get_by_role("button", name="本部へ報告").click()
        expect(page.locator("#report-said")).to_contain_text("届きました")
        page.screenshot(path=f"/tmp/residents/shots/phone-{width}.png", full_page=True)
        assert errors == []
        print(desk.database.rows("SELECT kind, source_kind, source, error_m, note, link FROM observation"))
