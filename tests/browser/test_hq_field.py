"""The field at headquarters in a browser: by keyboard, live, and no street opens unnamed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from city.position import Position
from city.staff import Role
from data.photos import looking
from data.photos.store import Folder
from hazards.observation import ObservationKind, ObservationState
from operations.observing import dronesaying
from operations.observing.dronesaying import PLACED_M
from operations.photos import keeping
from operations.serving import utc_now
from tests.browser.fielddesk import FieldDesk, field_desk
from tests.integration.bridged import BRIDGE_AT
from tests.integration.databases import Server
from tests.integration.droned import Droned, above
from tests.integration.small_city import position
from tests.unit.data.dronemade import a_photo

OPERATOR = (Role.OPERATOR,)
APPROVER = (Role.OPERATOR, Role.APPROVER)
SOON = 10_000
BY_THE_WAY = (6.5, 3.0)
ELSEWHERE = (4.5, 5.0)
LINES = """cell => {
  const range = new Range();
  range.selectNodeContents(cell);
  return range.getClientRects().length;
}"""


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


@pytest.fixture
def drone(desk: FieldDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Droned]:
    """A drone whose photos the server shows; no photo waits yet."""
    monkeypatch.setattr(keeping, "look_apart", looking.look)
    store = Folder(desk.folder / "state" / "photos")
    yield Droned(desk.hq.engine, desk.hq.database, tmp_path, store)
    desk.hq.database.rows("DELETE FROM drone_photo RETURNING 1")


def card(page: Page, words: str, within: str = "reports") -> Locator:
    """A report, by something that it says."""
    return page.locator(f"#{within} .report").filter(has_text=words)


def read_anew(page: Page, event: str = "ages") -> None:
    """As if 15 seconds had passed, or something had been `refused`: then photos too."""
    page.evaluate(f"document.getElementById('fielddesk').dispatchEvent(new Event('{event}'))")


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
    read_anew(page)
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
    expect(card(page, "あとの報告")).to_be_visible()
    expect(page.locator("#reports .report").first).to_contain_text("はじめの報告")
    page.context.close()


def test_what_cannot_be_read_any_more_stays_with_its_age(browser: Browser, desk: FieldDesk) -> None:
    desk.reported(ELSEWHERE, note="前からある報告")
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    page.route("**/headquarters/field", lambda route: route.abort())
    read_anew(page)
    expect(page.locator("#read-at")).to_contain_text("読み直せません。ここにあるのは")
    expect(card(page, "前からある報告")).to_be_visible()
    page.context.close()


def test_a_link_without_a_host_is_text_and_a_report_that_cannot_be_drawn_takes_no_other_with_it(
    browser: Browser, desk: FieldDesk
) -> None:
    area = {"type": "Polygon", "coordinates": [[[135.4, 29.6], [135.41, 29.6], [135.4, 29.61]]]}

    def broken(route: Route) -> None:
        found: dict[str, Any] = route.fetch().json()
        for one in found["reports"]:
            one["where"] = None if one["id"] == str(lost) else area
        route.fulfill(json=found)

    desk.reported((3.5, 5.0), photo=False, error_m=300.0, note="先の報告")
    lost = desk.reported(ELSEWHERE, note="リンクのある報告")
    link = f"UPDATE observation SET link = 'https://a:99999/x' WHERE id = '{lost}' RETURNING 1"  # noqa: S608
    desk.hq.database.rows(link)
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    expect(card(page, "リンクのある報告")).to_contain_text("リンク：https://a:99999/x")
    expect(page.locator(".pasted a")).to_have_count(0)
    page.route("**/headquarters/field", broken)
    read_anew(page)
    expect(card(page, f"この報告は表示できません（{lost}）")).to_be_visible()
    first = card(page, "先の報告")
    expect(first).to_contain_text("囲んだ区域")
    first.get_by_role("button", name="道を選ぶ").click()
    dialog = page.get_by_role("dialog", name="道を選ぶ")
    expect(dialog).to_contain_text("囲んだ区域が報告の場所です。")
    assert all("TypeError" in line for line in desk.hq.said)
    desk.hq.said.clear()
    page.context.close()


def test_the_answer_to_a_question_that_was_closed_ends_no_other_one(
    browser: Browser, desk: FieldDesk
) -> None:
    for note, x in (("一つめ", 3.5), ("二つめ", 6.5)):
        desk.reported((x, 5.0), photo=False, error_m=300.0, note=note)
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    held: list[Route] = []
    page.route("**/headquarters/reports/*", lambda route: held.insert(0, route))
    card(page, "一つめ").get_by_role("button", name="道を選ぶ").click()
    dialog = page.get_by_role("dialog", name="道を選ぶ")
    expect(dialog.locator("#draw-over .spot")).to_be_visible()
    page.keyboard.press("Enter")
    with page.expect_request("**/headquarters/reports/*"):
        dialog.get_by_role("button", name="この道を通行止めにする").click()
    page.keyboard.press("Escape")
    card(page, "二つめ").get_by_role("button", name="道を選ぶ").click()
    expect(dialog).to_be_visible()
    held[0].continue_()
    expect(card(page, "一つめ")).to_have_count(0)
    expect(dialog).to_be_visible()
    expect(dialog.locator("#street-said")).to_be_empty()
    page.context.close()


def test_a_decision_that_fails_after_its_question_was_closed_is_said_until_the_next_one(
    browser: Browser, desk: FieldDesk
) -> None:
    desk.reported(ELSEWHERE, note="一つめ")
    desk.reported((3.5, 5.0), photo=False, error_m=300.0, note="二つめ")
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    held: list[Route] = []
    page.route("**/headquarters/reports/*", lambda route: held.insert(0, route))
    card(page, "一つめ").get_by_role("button", name="誤り").click()
    question = page.get_by_role("dialog", name="誤りにしますか")
    question.get_by_role("button", name="場所の誤り").click()
    with page.expect_request("**/headquarters/reports/*"):
        question.get_by_role("button", name="はい、誤りにする").click()
    page.keyboard.press("Escape")
    card(page, "二つめ").get_by_role("button", name="道を選ぶ").click()
    place = page.get_by_role("dialog", name="道を選ぶ")
    expect(place.locator("#draw-over .spot")).to_be_visible()
    held.pop().abort()
    failed = page.locator("#failed")
    expect(failed).to_contain_text("誤りにしますか：送れませんでした。サーバーにつながりません。")
    page.keyboard.press("Enter")
    with page.expect_request("**/headquarters/reports/*"):
        place.get_by_role("button", name="この道を通行止めにする").click()
    page.keyboard.press("Escape")
    held.pop().abort()
    expect(page.get_by_role("alert").get_by_role("paragraph")).to_have_count(2)
    expect(failed).to_contain_text("道を選ぶ：送れませんでした。")
    expect(failed).to_be_in_viewport(ratio=1)
    page.unroute("**/headquarters/reports/*")
    card(page, "一つめ").get_by_role("button", name="誤り").click()
    question.get_by_role("button", name="場所の誤り").click()
    question.get_by_role("button", name="はい、誤りにする").click()
    expect(failed).to_be_hidden()
    assert streets_shut(desk) == []
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


def test_reports_of_the_same_are_one_row_that_opens_into_the_single_ones(
    browser: Browser, desk: FieldDesk
) -> None:
    flooded = ObservationKind.ROAD_FLOODED
    desk.reported(BY_THE_WAY, flooded, note="写真がある")
    for note in ("二人め", "三人め"):
        desk.by_public(BY_THE_WAY, flooded, note=note)
    for note in ("けが人", "別のけが人"):
        desk.by_public(BY_THE_WAY, ObservationKind.RESCUE, note=note)
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    shown = page.locator("#reports .report:visible")
    expect(page.locator("#reports-count")).to_have_text("5")
    expect(shown).to_have_count(3)
    first = card(page, "道路の冠水").first
    expect(first).to_contain_text("写真がある")
    expect(first).to_contain_text("同じ種類・同じ道・近い時刻の報告 3件")
    first.get_by_role("button", name="ほかの2件も出す").click()
    expect(shown).to_have_count(5)
    first.get_by_role("button", name="一つにたたむ").click()
    expect(shown).to_have_count(3)
    page.context.close()


def test_reports_of_other_streets_or_of_none_are_not_folded_and_a_row_opens_whole(
    browser: Browser, desk: FieldDesk
) -> None:
    flooded = ObservationKind.ROAD_FLOODED
    for _ in range(2):
        desk.reported((3.5, 4.5), flooded, photo=False, error_m=300.0, note="道は不明")
    for at in (ELSEWHERE, (4.0, 5.3)):
        desk.by_public(at, flooded, note="別の道")
    desk.hq.database.rows("UPDATE observation_street SET name = '' RETURNING 1")
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    shown = page.locator("#reports .report:visible")
    expect(card(page, "道は不明")).to_have_count(2)
    expect(card(page, "別の道").filter(has_text="名前のない道")).to_have_count(2)
    expect(shown).to_have_count(4)
    earliest = desk.by_public(BY_THE_WAY, flooded, note="一人め")
    desk.by_public(BY_THE_WAY, flooded, note="二人め")
    desk.reported(BY_THE_WAY, flooded, note="写真がある")
    head = card(page, "写真がある")
    expect(head).to_contain_text("近い時刻の報告 3件")
    head.focus()
    page.keyboard.press("t")
    page.get_by_role("dialog").get_by_role("button", name="同じ報告としてまとめる").click()
    expect(card(page, "一人め")).to_be_focused()
    opens = card(page, "二人め").get_by_role("button", name="一つにたたむ")
    expect(opens).to_have_attribute("aria-expanded", "true")
    page.context.close()
    desk.say(earliest, ObservationState.RESOLVED)


def test_streets_that_one_area_shuts_are_named_once(browser: Browser, desk: FieldDesk) -> None:
    nobody: dict[str, Any] = {"moved": 0, "moved_persons": 0, "moves": [], "cut_off_areas": []}
    facts = {**nobody, "cut_off": 2, "cut_off_persons": 4}

    def held(route: Route) -> None:
        found: dict[str, Any] = route.fetch().json()
        (one,) = found["closures"]
        streets = ["中央通り", "中央通り", "中央通り", ""]
        found["closures"] = [
            {**one, "number": at, "street": name, "reason": "道路の冠水（現地）"}
            for at, name in enumerate(streets)
        ]
        found["plan"]["waiting"] = [
            {"number": at, "item": at, "said": "冠水", "held_at": one["since"], "facts": facts}
            for at in range(len(streets))
        ]
        levels = {"standby": 4.1, "caution": 5.2, "evacuation": 6.3, "danger": 7.4}
        gauge = {"name": "灯野橋上流観測所", "river": "灯野川", "levels_m": levels}
        found["gauges"]["gauges"] = [{**gauge, "rules": [], "sensors": []}]
        route.fulfill(json=found)

    desk.reported(ELSEWHERE, note="面で描いた冠水")
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    page.route("**/headquarters/field", held)
    read_anew(page)
    title = page.locator("#moves article h3")
    expect(title).to_contain_text("中央通り（3区間）、名前のない道：道路の冠水（現地）")
    for words in ("機器なし", "値なし"):
        lines = page.get_by_role("cell", name=words).evaluate(LINES)
        assert lines == 1
    expect(title).to_have_count(1)
    page.context.close()


def test_a_drones_photo_appears_by_itself_and_is_reported_where_the_camera_looked(
    browser: Browser, desk: FieldDesk, drone: Droned
) -> None:
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    expect(page.locator("#drones-none")).to_have_text("判断を待つ写真はありません。")
    drone.put(above(*BY_THE_WAY, timed=False), "DJI_0001.JPG")
    drone.read(now=utc_now())
    found = card(page, "待つ理由：何が写っているか、まだ誰も言っていない", "drones-list")
    expect(found).to_contain_text("撮影時刻なし")
    expect(found).to_contain_text("JU0123456789・消防本部 ドローン班")
    expect(found.get_by_role("img")).to_have_js_property("complete", value=True)
    expect(page.get_by_role("link", name="ドローンの写真 1枚も待っています")).to_be_visible()
    page.keyboard.press("g")
    expect(page.locator("#drones")).to_be_focused()
    found.get_by_role("button", name="くわしく").click()
    expect(found.locator(".opened")).to_contain_text("許可番号 東空運第1号")
    expect(found.locator(".fieldmap .footprint")).to_be_visible()
    expect(found.locator(".fieldmap .spot")).to_be_visible()
    found.get_by_role("button", name="報告にする").click()
    dialog = page.get_by_role("dialog", name="この写真を報告にしますか")
    expect(dialog.get_by_label("写っているもの")).to_be_focused()
    looked = Axe().run(page)
    assert looked.response["violations"] == [], looked.generate_report()
    expect(dialog).to_contain_text("撮影時刻がありません。いま見たものとして扱います。")
    dialog.get_by_role("button", name="報告にする").click()
    expect(dialog).to_contain_text("必要な欄が空いています")
    dialog.get_by_label("写っているもの").select_option(label="土砂・崖くずれ")
    dialog.get_by_label("メモ").fill("ドローンで確認")
    page.route("**/headquarters/field", lambda route: route.abort())
    dialog.get_by_role("button", name="報告にする").click()
    expect(page.locator("#undo")).to_contain_text("写真を「土砂・崖くずれ」の報告にしました。")
    expect(found).to_have_count(0)
    seen = page.locator("#undo").get_by_role("button", name="報告を見る")
    seen.click()
    expect(page.locator("#undo")).to_contain_text("まだこの画面に届いていません")
    page.unroute("**/headquarters/field")
    read_anew(page)
    expect(page.locator("#closures")).to_contain_text("一時停止")
    seen.click()
    expect(page.locator("#undo")).not_to_contain_text("まだこの画面に届いていません")
    expect(card(page, "ドローンで確認")).to_be_focused()
    assert streets_shut(desk) == ["suspended"]
    page.context.close()


def test_a_photo_without_gps_is_placed_on_the_map_with_the_picture_beside_it(
    browser: Browser, desk: FieldDesk, drone: Droned
) -> None:
    drone.put(a_photo(place={}, tags={}), "DJI_0002.JPG")
    drone.read(now=utc_now())
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    found = card(page, "待つ理由：位置情報がありません", "drones-list")
    expect(found).not_to_contain_text("no GPS")
    expect(found.get_by_role("button", name="報告にする")).to_have_count(0)
    found.get_by_role("button", name="地図で場所を選ぶ").click()
    place = page.get_by_role("dialog", name="写真の場所を選ぶ")
    expect(place.get_by_role("img")).to_be_visible()
    expect(place.get_by_role("button", name="道を選ばずに確認する")).to_be_hidden()
    expect(place.locator("#draw-about")).not_to_have_text("地図を読んでいます…")
    page.keyboard.press("Enter")
    expect(place.locator("#street-said")).to_contain_text("を写真の場所にします。まだ送りません。")
    assert drone.count("observation WHERE source_kind = 'drone' AND note = '地図で選んだ'") == 0
    place.get_by_role("button", name="この場所にする").click()
    dialog = page.get_by_role("dialog", name="この写真を報告にしますか")
    dialog.get_by_label("写っているもの").select_option(label="倒木・電柱")
    dialog.get_by_label("メモ").fill("地図で選んだ")
    dialog.get_by_role("button", name="報告にする").click()
    expect(found).to_have_count(0)
    placed = "SELECT error_m FROM observation WHERE note = '地図で選んだ'"
    assert drone.database.rows(placed) == [(PLACED_M,)]
    page.context.close()


def test_of_photos_that_are_pointed_at_only_those_decided_are_struck_out(
    browser: Browser, desk: FieldDesk, drone: Droned
) -> None:
    waiting = list(range(40, 20, -1))
    aside = [1]

    def many(route: Route) -> None:
        found: dict[str, Any] = route.fetch().json()
        one = {**found["photos"][0], "picture": False}
        found["photos"] = [
            {**one, "sha256": f"{at:064}", "name": f"{at}.JPG", "nothing_at": said}
            for numbers, said in ((waiting, None), (aside, one["received_at"]))
            for at in numbers
        ]
        route.fulfill(json={**found, "waiting": len(waiting)})

    def read() -> None:
        page.locator("#drones-list .report").nth(1).hover()
        with page.expect_response("**/headquarters/dronephotos"):
            read_anew(page, "refused")

    def nothing(at: int) -> Locator:
        return page.get_by_role("button", name=f"（{at}.JPG）：異常なし")

    drone.put(above(*BY_THE_WAY, timed=False, pitch=8), "DJI_0006.JPG")
    drone.read(now=utc_now())
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    expect(page.locator("#drones-list .report")).to_have_count(1)
    page.route("**/headquarters/dronephotos", many)
    read_anew(page, "refused")
    expect(page.locator("#drones-list .report")).to_have_count(20)
    newer = page.locator("#drones-newer")
    waiting.insert(0, 41)
    read()
    expect(newer).to_have_text("新しい写真 1枚を出す")
    expect(nothing(21)).to_be_visible()
    waiting.remove(40)
    waiting.remove(41)
    aside.append(40)
    read()
    expect(nothing(40)).to_be_hidden()
    expect(newer).to_be_hidden()
    aside.remove(40)
    waiting.insert(0, 40)
    read()
    expect(nothing(40)).to_be_visible()
    page.context.close()


def test_a_photo_that_shows_nothing_is_set_aside_and_the_list_says_when_it_cannot_be_read(
    browser: Browser, desk: FieldDesk, drone: Droned
) -> None:
    drone.put(above(*BY_THE_WAY, timed=False, pitch=5), "DJI_0003.JPG")
    (first,) = drone.read(now=utc_now())
    page = desk.opened(browser, desk.hq.officer(*OPERATOR))
    waits = page.locator("#drones-list .report")
    expect(waits).to_contain_text("待つ理由：水平か上を向いています")
    waits.hover()
    drone.put(above(*BY_THE_WAY, timed=False, pitch=6), "DJI_0004.JPG")
    drone.read(now=utc_now())
    expect(page.get_by_role("button", name="新しい写真 1枚を出す")).to_be_visible()
    expect(waits).to_have_count(1)
    page.mouse.move(0, 0)
    expect(waits).to_have_count(2)
    by = desk.hq.officer(Role.OPERATOR).caller
    waits.last.get_by_role("button", name="異常なし").click()
    page.mouse.move(0, 0)
    dronesaying.say_nothing(desk.hq.engine, by, first.sha256, now=utc_now())
    expect(page.get_by_role("dialog")).to_contain_text("ほかの人が、もう決めました。")
    page.keyboard.press("Escape")
    expect(waits).to_have_count(1)
    waits.get_by_role("button", name="異常なし").click()
    page.get_by_role("dialog").get_by_role("button", name="異常なしにする").click()
    expect(page.locator("#drones-none")).to_have_text("判断を待つ写真はありません。")
    expect(page.locator("#drones")).to_be_focused()
    page.locator("#drones-nothing-part > summary").click()
    expect(page.locator("#drones-nothing .report")).to_have_count(2)
    page.route("**/headquarters/dronephotos", lambda route: route.abort())
    drone.put(above(*BY_THE_WAY, timed=False, pitch=7), "DJI_0005.JPG")
    drone.read(now=utc_now())
    expect(page.locator("#drones-said")).to_contain_text("読み直せません。")
    expect(page.locator("#drones-nothing .report")).to_have_count(2)
    page.unroute("**/headquarters/dronephotos")
    read_anew(page)
    expect(waits).to_have_count(1)
    expect(page.locator("#drones-said")).to_be_empty()
    spot = Position(*position(*BY_THE_WAY))
    page.get_by_role("button", name="DJI_0005.JPG）：異常なし").click()
    page.get_by_role("dialog").get_by_role("button", name="異常なしにする").click()
    page.mouse.move(0, 0)
    expect(page.locator("#drones-nothing .report")).to_have_count(3)
    slide = ObservationKind.SLIDE
    dronesaying.say(desk.hq.engine, by, first.sha256, slide, now=utc_now(), at=spot)
    expect(page.locator("#drones-nothing .report")).to_have_count(2)
    page.context.close()
