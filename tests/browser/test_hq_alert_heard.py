"""A return sheet that was typed in is told beside the ledger, on the page and on its print."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from alerts.kinds import Status
from city.staff import Role
from data.alerts import printjobs
from data.database import transaction
from operations.alerts import papers
from operations.serving import utc_now
from tests.browser.alertserver import AlertDesk
from tests.integration.alerted import AREA, OTHER
from web.alertsheets.kinds import PaperKind


def returned(desk: AlertDesk, number: int) -> None:
    """The return sheet of a revision is made and printed."""
    by = desk.hq.officer(Role.OPERATOR).caller
    papers.request(desk.engine, by, number, PaperKind.RETURN, now=utc_now())
    papers.print_all(desk.engine, utc_now())
    with transaction(desk.engine) as connection:
        (job,) = printjobs.of_revision(connection, number)
    papers.mark_printed(desk.engine, by, number, job.id, now=utc_now())


def test_where_it_was_not_heard_stands_out_and_confirms_nobody(
    browser: Browser, desk: AlertDesk
) -> None:
    writer, approver = desk.hq.officer(Role.OPERATOR), desk.hq.officer(Role.APPROVER)
    number = desk.sent(writer, approver, areas=(AREA, OTHER))
    returned(desk, number)
    page = desk.opened(browser, writer, at=f"#{number}")
    heard = page.locator("#heard")
    expect(heard.locator("tbody").first).to_contain_text("何も戻っていない260")
    expect(heard.locator(".quiet")).to_have_count(0)
    page.locator("#returning summary").click()
    page.get_by_label(f"{OTHER}：聞こえたか").select_option(label="聞こえない")
    page.get_by_label(f"{AREA}：聞こえたか").select_option(label="聞こえた")
    page.get_by_label(f"{AREA}：声をかけた軒数").fill("12")
    page.get_by_role("button", name="戻った記録を保存").click()
    expect(heard.locator(".quiet")).to_contain_text(
        f"放送が聞こえなかった区域 1：放送だけの世帯 30{OTHER}（30）"
    )
    expect(heard).to_contain_text("あわせて 12軒")
    expect(page.locator("#cells .cell.quiet")).to_have_count(1)
    expect(page.locator("#households tbody tr").first).to_contain_text("0")
    heard.locator("summary").click()
    expect(heard.get_by_role("row", name=f"{OTHER} 聞こえなかった 30 0軒")).to_be_visible()
    found = Axe().run(page, context="#ledger").response["violations"]
    assert found == []
    page.get_by_role("link", name="戸別の一覧へ").click()
    expect(page.locator("#doors")).to_be_in_viewport()
    page.context.close()


def test_a_place_that_heard_nothing_is_added_to_the_sheet_of_the_whole_city(
    browser: Browser, desk: AlertDesk
) -> None:
    writer, approver = desk.hq.officer(Role.OPERATOR), desk.hq.officer(Role.APPROVER)
    number = desk.sent(writer, approver, areas=(), whole_city=True)
    returned(desk, number)
    page = desk.opened(browser, writer, at=f"#{number}")
    page.locator("#returning summary").click()
    page.get_by_label("市内全域：聞こえたか").select_option(label="聞こえた")
    page.get_by_label("聞こえなかった町丁目").select_option(label=OTHER)
    page.get_by_role("button", name="足す", exact=True).click()
    expect(page.get_by_label(f"{OTHER}：聞こえたか")).to_be_focused()
    expect(page.get_by_label(f"{OTHER}：聞こえたか")).to_have_value("no")
    page.get_by_role("button", name="戻った記録を保存").click()
    expect(page.locator("#returned-said")).to_contain_text("2行を記録しました")
    expect(page.locator("#heard .quiet")).to_contain_text("聞こえなかった区域 1")
    page.locator("#heard summary").click()
    row = page.locator("#heard").get_by_role("row", name=AREA)
    expect(row).to_contain_text("「市内全域」の行から")
    expect(page.get_by_label(f"{OTHER}：聞こえたか")).to_have_value("no")
    page.get_by_role("button", name="戻った記録を保存").click()
    expect(page.locator("#returned-said")).to_contain_text("変えた行がありません")
    page.context.close()


def test_a_drill_sends_no_mail_to_every_phone_and_its_sheet_is_among_the_papers(
    browser: Browser, desk: AlertDesk
) -> None:
    writer, approver = desk.hq.officer(Role.OPERATOR), desk.hq.officer(Role.APPROVER)
    number = desk.sent(writer, approver, status=Status.EXERCISE)
    page = desk.opened(browser, writer, at=f"#{number}")
    mail = page.locator(".medium", has_text="緊急速報メール")
    expect(mail).to_contain_text("訓練では送りません")
    expect(mail).not_to_contain_text("手で送ります")
    page.locator("#paper-part summary").click()
    expect(page.locator("#paper-list")).to_contain_text("緊急速報メール送信票")
    returned(desk, number)
    expect(page.locator("#paper-list")).to_contain_text("印刷済み（", timeout=20_000)
    page.context.close()
