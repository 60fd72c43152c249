"""The field at headquarters in a browser: by keyboard, live, and no street opens unnamed."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from city.staff import Role
from hazards.observation import ObservationKind, ObservationState
from tests.browser.fielddesk import FieldDesk, field_desk
from tests.integration.bridged import BRIDGE_AT
from tests.integration.databases import Server

OPERATOR = (Role.OPERATOR,)
APPROVER = (Role.OPERATOR, Role.APPROVER)
SOON = 10_000
BY_THE_WAY = (6.5, 3.0)
ELSEWHERE = (4.5, 5.0)


@pytest.fixture(scope="module")
def made(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FieldDesk]:
    """One server for all tests of this file."""
    with field_desk(server, migrated, tmp_path_factory.mktemp("field")) as found:
        yield found


@pytest.fixture
def desk(made: FieldDesk) -> Iterator[FieldDesk]:
    """With nothing reported; nothing of a page is refused by its policy, nothing of it fails."""
    made.over()
    made.hq.said.clear()
    yield made
    noise = ("Failed to load resource", "GL Driver")
    assert [line for line in made.hq.said if not any(one in line for one in noise)] == []


def card(page: Page, words: str, within: str = "reports") -> Locator:
    """A report, by something that it says."""
    return page.locator(f"#{within} .report").filter(has_text=words)


def streets_shut(desk: FieldDesk) -> list[str]:
    """On what each standing closure stands."""
    rows = desk.hq.database.rows("SELECT basis FROM closure WHERE ended_at IS NULL ORDER BY id")
    return [basis for (basis,) in rows]


def test_a_report_appears_by_itself_and_is_confirmed_by_keyboard(
    browser: Browser, desk: FieldDesk
) -> None:
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    expect(page.locator("#reports-none")).to_have_text("判断を待つ報告はありません。")
    desk.reported(BY_THE_WAY, note="斜面が崩れた")
    found = card(page, "斜面が崩れた")
    expect(found).to_contain_text("未確認")
    expect(found).to_contain_text("一時停止中（全員の案内から外した）")
    expect(found.get_by_role("img")).to_have_js_property("complete", value=True)
    expect(page.locator("#closures")).to_contain_text("一時停止")
    page.keyboard.press("j")
    expect(found).to_be_focused()
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="確認して通行止めにしますか")
    expect(dialog).to_contain_text("通行止めになる道 1本")
    page.keyboard.type("現地の班が確認")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(found).to_have_count(0)
    expect(page.locator("#closures")).to_contain_text("通行止め")
    assert streets_shut(desk) == ["confirmed"]
    page.context.close()


def test_before_a_report_is_an_error_its_streets_are_named_and_a_mistake_is_taken_back(
    browser: Browser, desk: FieldDesk
) -> None:
    desk.reported(ELSEWHERE, note="倒木のようなもの")
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    page.keyboard.press("j")
    page.keyboard.press("x")
    dialog = page.get_by_role("dialog", name="誤りにしますか")
    expect(dialog).to_contain_text("開く道 1本")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("必要な欄が空いています")
    assert streets_shut(desk) == ["suspended"]
    dialog.get_by_role("button", name="場所の誤り").click()
    dialog.get_by_role("button", name="はい、誤りにする").click()
    expect(page.locator("#closures-none")).to_have_text("報告で止めている道はありません。")
    page.locator("#undo").get_by_role("button", name="取り消して、確認に戻す").click()
    page.get_by_role("dialog").get_by_role("button", name="はい、通行止めにする").click()
    expect(page.locator("#closures")).to_contain_text("通行止め")
    assert streets_shut(desk) == ["confirmed"]
    page.context.close()


def test_the_second_of_two_officers_is_told_what_the_first_one_said(
    browser: Browser, desk: FieldDesk
) -> None:
    number = desk.reported(ELSEWHERE, note="二人で見ている")
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    page.keyboard.press("j")
    page.keyboard.press("r")
    dialog = page.get_by_role("dialog", name="解消にしますか")
    expect(dialog).to_be_visible()
    desk.say(number, ObservationState.REFUTED)
    expect(dialog).to_contain_text("開いている間に「誤り」になりました。")
    dialog.get_by_label("結果").fill("水が引いた")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("この報告はもう「誤り」になっています")
    expect(dialog.get_by_label("結果")).to_have_value("水が引いた")
    page.keyboard.press("Escape")
    expect(card(page, "二人で見ている")).to_have_count(0)
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_move_is_seen_before_and_after_and_an_approver_alone_releases_it(
    browser: Browser, desk: FieldDesk, scheme: str
) -> None:
    mine = desk.opened(browser, desk.hq.officer(*APPROVER), color_scheme=scheme)
    theirs = desk.opened(browser, desk.hq.officer(*OPERATOR))
    board = desk.hq.opened(browser, desk.hq.officer(*OPERATOR))
    with desk.planning():
        desk.reported(BRIDGE_AT, ObservationKind.BRIDGE, note="橋が流失")
        waits = mine.locator("#moves article")
        expect(waits).to_contain_text("2世帯", timeout=SOON)
        expect(waits.get_by_role("region", name="行き先のなくなる世帯")).to_contain_text(
            "南町二丁目北小学校→ 行き先なし（道がない）2"
        )
        expect(waits.locator("figure .flow.before")).not_to_have_count(0)
        expect(waits.locator("figure .after, figure .cut")).not_to_have_count(0)
        expect(waits.locator("figure .lost")).to_have_text("南町二丁目 行き先なし 2世帯")
        expect(waits.locator("figure .shut")).not_to_have_count(0)
        expect(board.locator("#field-loud")).to_have_text("大きな移動の承認待ち 1", timeout=SOON)
        expect(board.locator("#waits")).to_be_hidden()
        expect(theirs.locator("#moves")).to_contain_text("承認者が、地図で確かめて知らせます。")
        expect(theirs.locator("#moves").get_by_role("button")).to_have_count(0)
        mine.mouse.move(0, 0)
        waits.get_by_role("button", name="この移動を知らせる").click()
        dialog = mine.get_by_role("dialog", name="この移動を知らせますか")
        expect(dialog.get_by_role("button", name="やめる")).to_be_focused()
        found = Axe().run(mine)
        assert found.response["violations"] == [], found.generate_report()
        dialog.get_by_role("button", name="はい、知らせる").click()
        expect(theirs.locator("#moves article")).to_have_count(0, timeout=SOON)
        message = theirs.get_by_role("button", name="動いた世帯だけに知らせる文を作る")
        expect(message.first).to_be_visible(timeout=SOON)
        message.first.click()
        theirs.get_by_role("dialog").get_by_role("button", name="文を作る").click()
        theirs.wait_for_url("**/hq/alerts#*")
    for page in (mine, theirs, board):
        page.context.close()


def test_after_an_hour_a_person_is_asked_and_nothing_opens_by_itself(
    browser: Browser, desk: FieldDesk
) -> None:
    desk.reported(ELSEWHERE, note="一時間前の倒木")
    desk.pass_minutes(61)
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    asked = page.locator("#asking article")
    expect(asked).to_contain_text("60分たちました。まだ通れませんか")
    asked.get_by_role("button", name="まだ通れない").click()
    expect(page.locator("#decisions")).to_be_hidden()
    assert streets_shut(desk) == ["suspended"]
    desk.pass_minutes(61)
    page.evaluate("document.getElementById('fielddesk').dispatchEvent(new Event('ages'))")
    asked.get_by_role("button", name="開ける").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("この道を止めている報告1件を「解消」にします")
    dialog.get_by_label("結果").fill("撤去ずみ")
    dialog.get_by_role("button", name="はい、開ける").click()
    expect(page.locator("#closures-none")).to_have_text("報告で止めている道はありません。")
    assert streets_shut(desk) == []
    page.context.close()


def test_a_report_without_a_street_is_put_on_one(browser: Browser, desk: FieldDesk) -> None:
    desk.reported((3.5, 5.0), photo=False, error_m=300.0, note="場所がはっきりしない")
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    page.keyboard.press("j")
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog", name="道を選ぶ")
    taken = dialog.get_by_role("button", name="この道を通行止めにする")
    expect(taken).to_be_disabled()
    expect(dialog.locator("#draw-over .spot")).to_be_visible()
    page.keyboard.press("Enter")
    expect(dialog.locator("#street-said")).to_contain_text("を通行止めにします。")
    expect(dialog.locator("#draw-over .shut")).not_to_have_count(0)
    taken.click()
    expect(page.locator("#closures")).to_contain_text("通行止め")
    assert streets_shut(desk) == ["confirmed"]
    page.context.close()


def test_while_the_list_is_pointed_at_nothing_slips_under_a_finger(
    browser: Browser, desk: FieldDesk
) -> None:
    desk.reported(ELSEWHERE, note="はじめの報告")
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    card(page, "はじめの報告").hover()
    desk.by_public(BY_THE_WAY, ObservationKind.ROAD_FLOODED, note="あとの報告")
    newer = page.get_by_role("button", name="新しい報告 1件を出す")
    expect(newer).to_be_visible()
    expect(card(page, "あとの報告")).to_have_count(0)
    page.mouse.move(0, 0)
    expect(newer).to_be_hidden()
    expect(page.locator("#reports .report").first).to_contain_text("あとの報告")
    page.context.close()


def test_what_cannot_be_read_any_more_stays_with_its_age(browser: Browser, desk: FieldDesk) -> None:
    desk.reported(ELSEWHERE, note="前からある報告")
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    page.route("**/headquarters/field", lambda route: route.abort())
    page.evaluate("document.getElementById('fielddesk').dispatchEvent(new Event('ages'))")
    expect(page.locator("#read-at")).to_contain_text("読み直せません。ここにあるのは")
    expect(card(page, "前からある報告")).to_be_visible()
    page.context.close()


def test_two_reports_of_the_same_are_seen_side_by_side_and_decided_as_one(
    browser: Browser, desk: FieldDesk
) -> None:
    desk.reported(ELSEWHERE, note="先の倒木", seed=1)
    desk.reported((4.45, 5.0), note="あとの倒木", by=desk.drone, seed=2)
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    card(page, "あとの倒木").focus()
    page.keyboard.press("t")
    dialog = page.get_by_role("dialog", name="同じことの報告ですか")
    expect(dialog.get_by_role("img")).to_have_count(2)
    dialog.get_by_role("button", name="同じ報告としてまとめる").click()
    found = card(page, "先の倒木")
    expect(found).to_contain_text("同じ報告 2件")
    expect(page.locator("#reports .report")).to_have_count(1)
    expect(found).to_be_focused()
    page.keyboard.press("r")
    resolved = page.get_by_role("dialog", name="解消にしますか")
    expect(resolved).to_contain_text("まとめた2件を、いっしょに決めます")
    expect(resolved).to_contain_text("開く道 1本")
    resolved.get_by_label("結果").fill("撤去ずみ")
    page.keyboard.press("Enter")
    expect(page.locator("#closures-none")).to_have_text("報告で止めている道はありません。")
    assert streets_shut(desk) == []
    page.context.close()
