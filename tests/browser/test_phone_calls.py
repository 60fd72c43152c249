"""Calls from the phone desk in a real browser: old words are gone, answers name what was read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from alerts.kinds import Status, Step
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from tests.browser.callserver import LABEL, CallDesk, call_desk
from tests.integration.alerted import AREA, OTHER
from tests.integration.databases import Server

NARROW = {"width": 390, "height": 844}
SMALL = """() => [...document.querySelectorAll('.btn,summary,label.pick,.across a,#label')]
  .filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && (box.height < 47.5 || box.width < 47.5);
  }).map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def desk(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CallDesk]:
    """A city whose words are adopted; a clerk at the phone desk."""
    with call_desk(server, with_plan, tmp_path_factory.mktemp("calls")) as made:
        yield made


def renewed(page: Page) -> None:
    """The page asks at once, as it does when the network is back."""
    page.evaluate("dispatchEvent(new Event('online'))")


def check(page: Page) -> None:
    """Nothing that a rule of accessibility finds, and nothing too wide or too small."""
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(SMALL) == []


def test_an_answer_counts_for_what_was_read_however_late_it_is_sent(
    browser: Browser, desk: CallDesk
) -> None:
    page = desk.opened(browser)
    expect(page.locator("#empty")).to_be_visible()
    alert, first = desk.sent()
    renewed(page)
    page.locator(".alertpick input").check()
    expect(page.locator("#text li").first).to_contain_text("こちらは")
    expect(page.locator("#pace")).to_contain_text("第1版　読み上げ 約")

    # What is typed outlives a reload, and the label is read back before anything is noted.
    page.locator("#label").press_sequentially(LABEL.lower())
    page.reload()
    expect(page.locator("#label")).to_have_value(LABEL.lower())
    expect(page.locator("#text li").first).to_be_visible()
    page.locator("#label").press("Enter")
    expect(page.locator("#sure-label")).to_have_text(LABEL)
    expect(page.locator("#back")).to_be_focused()
    assert desk.answers() == []
    check(page)

    # Noted without the network; meanwhile a newer revision goes out.
    page.context.set_offline(True)
    page.locator("#yes").click()
    expect(page.locator("#unsent")).to_contain_text(f"未送信：{LABEL}　出た（第1版")
    expect(page.locator("#label")).to_be_focused()
    renewed(page)
    expect(page.locator("#old")).to_contain_text("読む前に、本部に口頭で確かめて")
    _, second = desk.sent(alert=alert, step=Step.UPDATE, reason="水が、さらに増えています。")
    page.context.set_offline(False)
    renewed(page)
    expect(page.locator("#log")).to_contain_text("かけ直す")
    expect(page.locator("#said")).to_contain_text("新しい文は届いていません")
    assert desk.answers() == [(first,)]

    # The old words are gone; which were read is to be said, and is not guessed.
    expect(page.locator("#replaced")).to_contain_text("文が替わりました（第2版）")
    expect(page.locator("#pace")).to_contain_text("第2版")
    expect(page.locator("#old")).to_be_hidden()
    check(page)
    page.locator("#label").press_sequentially(LABEL)
    page.locator("#answered").click()
    expect(page.locator("#said")).to_contain_text("どの版を読み終えたか")
    expect(page.locator("#sure")).to_be_hidden()
    page.get_by_role("button", name="第2版を読む").click()
    expect(page.locator("#replaced")).to_be_hidden()
    page.locator("#answered").click()
    page.locator("#yes").click()
    expect(page.locator("#said")).to_contain_text("第2版を聞いた世帯として記録しました")
    assert desk.answers() == [(first,), (second,)]

    # What the server refuses can be written anew.
    page.locator("#label").press_sequentially("Z9-99")
    page.locator("#silent").click()
    expect(page.locator("#said")).to_contain_text("その番号の紙はありません")
    expect(page.locator("#label")).to_have_value("Z9-99")
    page.context.close()
    assert desk.alerts.hq.said == []


def test_rule_04_no_lower_words_are_left_where_level_5_comes_and_a_drill_is_marked(
    browser: Browser, desk: CallDesk
) -> None:
    desk.sent(hazard=HazardKind.STORM_SURGE, areas=(AREA, OTHER), status=Status.EXERCISE)
    desk.sent(hazard=HazardKind.LANDSLIDE, areas=(AREA, OTHER))
    page = desk.opened(browser, viewport=NARROW, color_scheme="dark")
    drill = page.locator(".alertpick").last
    drill.click()
    expect(drill.locator(".drilltag")).to_have_text("訓練")
    expect(page.locator("#drill")).to_be_visible()
    expect(page.locator("#text li").first).to_contain_text("訓練")
    check(page)
    page.locator(".alertpick", has_text="土砂災害").click()
    expect(page.locator("#drill")).to_be_hidden()
    expect(page.locator("#text li").first).to_be_visible()
    # A language that is not there says so, and nothing is left to be read in it.
    without = "UPDATE alert_revision SET rendered = rendered #- '{actions,en}' RETURNING 1"
    desk.alerts.hq.database.rows(without)
    with page.expect_response("**/api/v1/phone/alerts") as answer:
        renewed(page)
    answer.value.finished()
    page.evaluate("new Promise(done => setTimeout(done, 50))")
    page.get_by_label("English").check()
    expect(page.locator("#trouble")).to_contain_text("Englishの文はありません")
    assert page.locator("#text li").count() == 0
    check(page)
    page.get_by_label("日本語", exact=True).check()
    expect(page.locator("#text li").first).to_be_visible()
    changes.set_level(desk.alerts.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW, areas=[AREA])
    renewed(page)
    expect(page.locator("#five")).to_contain_text(AREA)
    expect(page.locator("#text li").first).to_be_visible()
    check(page)
    changes.set_level(desk.alerts.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW)
    renewed(page)
    expect(page.locator("#over")).to_contain_text("この文は読まないでください")
    assert page.locator("#text li").count() == 0
    check(page)
    page.context.close()
    assert desk.alerts.hq.said == []


def test_rule_16_drills_and_what_is_over_have_no_colour_of_a_level_and_stand_below(
    browser: Browser, desk: CallDesk
) -> None:
    desk.alerts.hq.database.rows("UPDATE alert_revision SET expires_at = now() RETURNING 1")
    desk.alerts.hq.database.rows("DELETE FROM evacuation_order RETURNING 1")
    five = AlertLevel.SECURE_NOW
    over, _ = desk.sent(level=five)
    desk.sent(alert=over, step=Step.ALL_CLEAR, level=five, reason="水が引きました。")
    slide = HazardKind.LANDSLIDE
    wrong, _ = desk.sent(hazard=slide)
    desk.sent(alert=wrong, step=Step.CANCEL, hazard=slide, reason="地図の誤りでした。")
    desk.sent(level=AlertLevel.ELDERLY_LEAVE, areas=(OTHER,))
    desk.sent(hazard=HazardKind.STORM_SURGE, level=five, status=Status.EXERCISE)
    page = desk.opened(browser)
    expect(page.locator(".alertpick")).to_have_count(4)
    assert page.locator("#list .badge").all_inner_texts() == ["3", "解除", "取消"]
    assert page.locator("#drills .badge").all_inner_texts() == ["5"]
    coloured = "[class*=lv1],[class*=lv2],[class*=lv3],[class*=lv4],[class*=lv5]"
    assert page.locator(f".alertpick :is({coloured})").all_inner_texts() == ["3"]
    for words, begins in (("解除", "解除　"), ("取消", "取消　"), ("訓練", "訓練　")):
        page.locator(".alertpick", has_text=words).first.click()
        expect(page.locator("#level")).to_contain_text(begins)
        assert page.locator(f"#read :is({coloured})").count() == 0
    expect(page.locator("#level")).to_have_css("border-style", "dashed")
    check(page)
    page.context.close()
    assert desk.alerts.hq.said == []
