"""Headquarters' board in a browser: by keyboard alone, two officers at once, and it never grows."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from city.staff import Role
from data.database import transaction
from data.rows import current_load
from hazards.mission import MissionStep
from operations.chronology.entering import GivenLine, LineState, enter, say_state
from operations.missions.beginning import GivenMission, begin
from operations.missions.board import tell
from operations.missions.saying import from_headquarters
from operations.serving import utc_now
from tests.browser.hqserver import Headquarters, headquarters
from tests.integration.databases import Server
from tests.integration.staffed import Signed, a_tablet

APPROVER = (Role.OPERATOR, Role.APPROVER)
WALL = {"width": 1920, "height": 1080}
SHORT = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
TWICE = {"width": 960, "height": 540}
BOARD = re.compile(r"/headquarters/board(\?|$)")
EVERYTHING = "document.querySelectorAll('*').length"
MANY_LINES = """
INSERT INTO chronology_entry (key, city_code, at, entered_at, entered_by, sender, recipient,
    content, action, owner)
SELECT gen_random_uuid(), city_code, now(), clock_timestamp(), entered_by, '', '', '続報', '', ''
FROM chronology_entry, generate_series(1, 55)
WHERE id = (SELECT max(id) FROM chronology_entry) RETURNING 1
"""


MANY_SITES = """async () => {
  const {drawTables} = await import('/static/hqboardtables.js');
  const site = number => ({id: `s${number}`, name: `場所${number}`, opening: 'open', reasons: []});
  const sites = Object.fromEntries(Array.from({length: 407}, (_, one) => [`s${one}`, site(one)]));
  drawTables({sites, teams: {}, gauges: {}, city: {city: {}}});
  return document.getElementById('filtered').textContent;
}"""


@pytest.fixture(scope="module")
def hq(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Headquarters]:
    """One server for all tests here, on a night of its own."""
    with headquarters(server, with_plan, tmp_path_factory.mktemp("board")) as made:
        yield made


@pytest.fixture(autouse=True)
def _quiet(hq: Headquarters) -> Iterator[None]:
    """Nothing of a page is refused by its policy, and nothing of it fails."""
    hq.said.clear()
    yield
    assert [line for line in hq.said if "Failed to load resource" not in line] == []


def opened(browser: Browser, hq: Headquarters, officer: Signed, **context: object) -> Page:
    """The board as that officer sees it, read once and live."""
    page = hq.opened(browser, officer, blocked="", at="/hq", **{"viewport": WALL, **context})
    page.locator("#board[data-ready][data-live-now]").wait_for()
    page.locator("#entries[data-read]").wait_for()
    return page


def overdue(hq: Headquarters, team: str) -> int:
    """A team whose time to withdraw has passed and of which nobody hears."""
    by, tablet = hq.officer(Role.OPERATOR).caller, a_tablet(hq.engine, None, Role.FIELD)
    until = utc_now() + timedelta(minutes=20)
    given = GivenMission(team, "無線 2ch", (tablet.caller.actor,), "橋を見る", until)
    number = begin(hq.engine, by, given, now=utc_now())
    past = (
        "started_at = started_at - interval '2 hours', withdraw_at = now() - interval '4 minutes'"
    )
    hq.database.rows(f"UPDATE mission SET {past} WHERE id = {number} RETURNING 1")  # noqa: S608
    # A board that was read in between hears of it.
    with transaction(hq.engine, latest=True) as connection:
        assert tell(connection, current_load(connection), utc_now())
    return number


def row(page: Page, title: str) -> Locator:
    """The decision whose title has these words."""
    return page.locator("#decisions > li").filter(has=page.get_by_text(title))


def go_to(page: Page, title: str) -> None:
    """By J to a decision, and Enter opens it."""
    wanted = row(page, title)
    expect(wanted).to_have_count(1)
    for _ in range(page.locator("#decisions > li").count()):
        page.keyboard.press("j")
        if wanted.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(wanted.locator(".do")).to_be_visible()


def axe(page: Page) -> list[str]:
    """What axe finds."""
    return [one["id"] for one in Axe().run(page).response["violations"]]


A_MAP_THAT_HEARS = """export const mountMap = () => ({
  update() {}, select(key) { (window.pointed ??= []).push(key); },
});"""
AFTER_A_REST = "() => new Promise(done => setTimeout(() => done(window.pointed ?? []), 300))"
"""Later than the map is told of what somebody rests on."""


def test_a_decision_is_opened_asked_about_and_done_by_keyboard_alone(
    browser: Browser, hq: Headquarters
) -> None:
    number = overdue(hq, "第1現地班")
    page = opened(browser, hq, hq.officer(*APPROVER))
    hears = {"body": A_MAP_THAT_HEARS, "content_type": "text/javascript"}
    page.route("**/hqboardmap.js*", lambda route: route.fulfill(**hears))
    page.reload()
    page.locator("#board[data-ready][data-live-now]").wait_for()
    assert "何もしないと" in row(page, "第1現地班").inner_text()
    page.keyboard.press("j")
    page.evaluate("document.activeElement.blur()")
    assert page.evaluate(AFTER_A_REST) == []
    page.route("**/board/locks", lambda route: route.fulfill(status=409, json=NO_LOCK))
    go_to(page, "第1現地班")
    assert page.evaluate(AFTER_A_REST) != []
    expect(row(page, "第1現地班").locator(".noted")).to_contain_text("鍵をかけられません")
    expect(row(page, "第1現地班").locator(".do > .stop")).to_be_hidden()
    page.keyboard.press("h")
    expect(page.locator(".sure input")).to_be_focused()
    page.keyboard.press("Enter")
    expect(row(page, "第1現地班").locator(".said")).to_contain_text("もう一度押してください")
    page.keyboard.type("119")
    recalled(hq, page, number, "第1現地班")
    page.keyboard.press("Escape")
    expect(page.locator(".sure input")).to_have_count(0)
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    expect(page.locator("#decided")).to_contain_text("第1現地班：呼び戻し")
    expect(row(page, "第1現地班")).to_have_count(0)
    page.context.close()


NO_LOCK = {"type": "urn:nigemichi:problem:refused", "title": "鍵がありません", "status": 409}


def recalled(hq: Headquarters, page: Page, number: int, team: str) -> None:
    """The team that is decided on is called home: what was asked is not done, what is typed stays,
    and the letters are those of the decision as it is now.
    """
    by, mine = hq.officer(Role.OPERATOR).caller, row(page, team)
    step, now = MissionStep.RECALL, utc_now()
    from_headquarters(hq.engine, by, number, step, now=now, why="水が来る")
    expect(mine.locator(".said")).to_contain_text("内容が変わりました")
    expect(page.locator(".sure input")).to_be_focused()
    page.keyboard.press("Enter")
    expect(mine).to_contain_text("呼び戻しを聞いたと確認")
    expect(mine).not_to_contain_text("連絡がついた")
    assert hq.database.rows("SELECT 1 FROM mission WHERE escalated_at IS NOT NULL") == []
    mine.locator(".line .btn", has_text="引き継いだ").click()
    expect(page.locator(".sure input")).to_have_value("119")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(mine.locator(".sure")).to_contain_text("「呼び戻しを聞いたと確認」をします。")


def going_on(one: Page, other: Page, team: str) -> None:
    """The second officer goes on after one more question; the first one's lock ends in quiet."""
    mine = row(other, team)
    mine.get_by_role("button", name="それでも決める").click()
    other.keyboard.press("Enter")
    expect(mine.locator(".do .note")).to_be_hidden()
    other.keyboard.press("b")
    expect(mine.locator(".sure")).to_contain_text("をします。")
    other.keyboard.press("Escape")
    one.clock.fast_forward(130_000)
    expect(row(one, team).locator(".noted")).to_contain_text("操作がないので、鍵を外しました")
    expect(row(one, team).locator(".lock")).to_have_count(1)
    expect(mine.locator(".lock")).to_have_count(0)
    one.keyboard.press("Shift")
    expect(row(one, team).locator(".noted")).to_be_hidden()


def test_two_officers_see_each_others_lock_and_the_second_sees_why_not(
    browser: Browser, hq: Headquarters
) -> None:
    number = overdue(hq, "第2現地班")
    first, second = hq.officer(*APPROVER), hq.officer(*APPROVER)
    one, other = opened(browser, hq, first), opened(browser, hq, second)
    one.clock.install()
    go_to(one, "第2現地班")
    expect(row(other, "第2現地班").locator(".lock")).to_contain_text("から開いています")
    go_to(other, "第2現地班")
    other.keyboard.press("b")
    expect(row(other, "第2現地班").locator(".said")).to_contain_text("閉じるまで")
    going_on(one, other, "第2現地班")
    one.keyboard.press("Escape")
    stop = row(other, "第2現地班").locator(".do .note")
    expect(stop).to_be_hidden()
    # What says that it was decided is on its way still when the second one presses.
    other.route(BOARD, lambda route: route.abort())
    from_headquarters(hq.engine, first.caller, number, MissionStep.RETURN, now=utc_now())
    other.keyboard.press("h")
    other.keyboard.type("119")
    other.keyboard.press("Enter")
    expect(row(other, "第2現地班").locator(".said.stop")).to_contain_text(
        "この班はいま「帰着」です"
    )
    expect(row(other, "第2現地班")).to_have_count(1)
    one.context.close()
    other.context.close()


THEIR_KEYS = "all => all.map(one => one.dataset.key)"
LOSES_ONE_ANSWER = """() => {
  const real = window.fetch;
  window.sentKeys = [];
  window.fetch = async (url, options) => {
    const isLine = options?.method === 'POST' && url.endsWith('/headquarters/chronology');
    if (!isLine) return real(url, options);
    sentKeys.push(JSON.parse(options.body).key);
    const answer = await real(url, options);
    if (sentKeys.length === 1) throw TypeError('lost');
    return answer;
  };
}"""
"""Of the next line the answer is lost, though it was recorded; the keys of all lines."""


def test_an_entry_its_state_and_its_correction_reach_the_other_officer(
    browser: Browser, hq: Headquarters
) -> None:
    writer = hq.officer(*APPROVER)
    one, other = (opened(browser, hq, by) for by in (writer, hq.officer(*APPROVER)))
    before = (utc_now() - timedelta(hours=3)).astimezone(ZoneInfo("Asia/Tokyo"))
    time = f"{before.hour}:{before.minute:02}"
    one.keyboard.press("n")
    one.keyboard.type("橋の桁下 1.2 m")
    for text in (time, "土木", "統括"):
        one.keyboard.press("Tab")
        one.keyboard.type(text)
    one.reload()
    one.locator("#board[data-ready]").wait_for()
    one.keyboard.press("n")
    one.evaluate(LOSES_ONE_ANSWER)
    one.keyboard.press("Enter")
    expect(one.locator("#entry .said")).to_contain_text("つながりません")
    one.keyboard.press("End")
    one.keyboard.type(" 以下")
    one.keyboard.press("Enter")
    expect(one.locator("#entry .said")).to_contain_text("記録済みです")
    expect(one.locator("#entry [name=content]")).to_have_value("橋の桁下 1.2 m 以下")
    expect(one.locator("#correcting")).to_contain_text("橋の桁下 1.2 m")
    one.keyboard.press("Enter")
    top = other.locator("#entries tbody tr").first
    expect(top).to_contain_text("土木→統括")
    expect(top.locator(".ft .kind")).to_have_text(re.compile("^記入 本部 "))
    expect(top).to_contain_text("の訂正： 橋の桁下 1.2 m 以下")
    expect(one.locator("#entry .said")).to_contain_text("記録しました")
    keys = one.evaluate("sentKeys")
    assert keys[0] == keys[1] != keys[2]
    one.keyboard.press("Escape")
    one.keyboard.press("e")
    one.keyboard.press("t")
    one.keyboard.type("水防")
    ref = top.get_attribute("data-key") or ""
    by = hq.officer(Role.OPERATOR).caller
    say_state(hq.engine, by, ref, LineState.WORKING, "道路", now=utc_now())
    expect(one.locator("#entries .st").first).to_have_text("対応中")
    expect(one.locator("#entries [name=owner]")).to_have_value("水防")
    one.get_by_role("button", name="済", exact=True).press("Enter")
    expect(top.locator(".st")).to_have_text("済")
    expect(top).to_contain_text("水防")
    one.keyboard.press("c")
    one.keyboard.type("橋の桁下 1.0 m")
    one.keyboard.press("Enter")
    expect(top).to_contain_text("の訂正： 橋の桁下 1.0 m")
    expect(top.locator(".when")).to_contain_text(time)
    expect(other.locator("#entries tbody tr").nth(1)).to_contain_text("訂正あり")
    other.keyboard.press("e")
    top.evaluate("struck => { struck.dataset.key = 'entry:999999'; }")
    other.keyboard.press("t")
    expect(other.locator("#entries .step")).to_have_count(0)
    one.context.close()
    other.context.close()


def test_who_corrects_what_another_corrected_reads_theirs_and_keeps_what_was_typed(
    browser: Browser, hq: Headquarters
) -> None:
    by = hq.officer(Role.OPERATOR).caller
    given = GivenLine(uuid4(), "鵜首橋 通れない", sender="土木", owner="道路")
    wrong = f"entry:{enter(hq.engine, by, given, now=utc_now())}"
    page = opened(browser, hq, hq.officer(*APPROVER))
    page.keyboard.press("e")
    page.keyboard.press("c")
    page.keyboard.type("鵜首橋 片側だけ")
    given = GivenLine(uuid4(), "鵜首橋 通れる", sender="土木", owner="警察", corrects=wrong)
    newer = f"entry:{enter(hq.engine, by, given, now=utc_now())}"
    page.keyboard.press("Enter")
    said, form = page.locator("#entry .said"), page.locator("#entry")
    expect(said).to_contain_text("もう訂正されています：「鵜首橋 通れる」")
    expect(page.locator("#correcting")).to_contain_text("鵜首橋 通れる")
    expect(form.locator("[name=content]")).to_have_value("鵜首橋 片側だけ")
    expect(form.locator("[name=owner]")).to_have_value("警察")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("記録しました")
    query = "SELECT 'entry:' || corrects FROM chronology_entry ORDER BY id DESC LIMIT 1"
    assert hq.database.one(query) == newer
    page.context.close()


def test_a_new_decision_waits_while_somebody_rests_on_one_and_comes_with_the_next_step(
    browser: Browser, hq: Headquarters
) -> None:
    overdue(hq, "第4現地班")
    page = opened(browser, hq, hq.officer(*APPROVER))
    page.keyboard.press("j")
    overdue(hq, "第5現地班")
    expect(page.locator("#decisions-newer")).to_be_visible()
    expect(row(page, "第5現地班")).to_have_count(0)
    page.keyboard.press("j")
    expect(row(page, "第5現地班")).to_have_count(1)
    expect(page.locator("#decisions-newer")).to_be_hidden()
    page.context.close()


def test_what_cannot_be_read_again_says_of_when_it_is(browser: Browser, hq: Headquarters) -> None:
    page = opened(browser, hq, hq.officer(*APPROVER))
    with page.expect_response(re.compile(r"board\?have=\w{64}")) as again:
        page.evaluate("document.body.dispatchEvent(new Event('ages'))")
    assert again.value.json()["state"] is None
    page.route(BOARD, lambda route: route.abort())
    hq.need(hq.names()[1], "毛布")
    expect(page.locator("#unread")).to_contain_text("読み直せません。ここにあるのは")
    expect(page.locator("#sites")).to_contain_text(hq.names()[1])
    page.context.close()


@pytest.mark.parametrize(("going", "key", "lands"), [(1, "j", 2), (1, "k", 0)])
def test_where_a_decision_goes_away_the_next_step_is_to_the_one_beside_it(
    browser: Browser, hq: Headquarters, going: int, key: str, lands: int
) -> None:
    hq.database.rows("UPDATE mission SET returned_at = now() WHERE returned_at IS NULL RETURNING 1")
    teams = [f"第{number}隣班" for number in (1, 2, 3)]
    numbers = [overdue(hq, team) for team in teams]
    page = opened(browser, hq, hq.officer(*APPROVER))
    at = "#decisions > li[data-key='team:{}']"
    shown = page.locator("#decisions > li[data-key^=team]")
    expect(shown).to_have_count(3)
    order = [numbers.index(int(one.rpartition(":")[2])) for one in shown.evaluate_all(THEIR_KEYS)]
    leaving, wanted = (numbers[order[one]] for one in (going, lands))
    page.locator(at.format(leaving)).focus()
    by = hq.officer(Role.OPERATOR).caller
    from_headquarters(hq.engine, by, leaving, MissionStep.RETURN, now=utc_now())
    expect(page.locator(at.format(leaving))).to_have_class("gone", timeout=15_000)
    page.keyboard.press(key)
    expect(page.locator(at.format(leaving))).to_have_count(0)
    expect(page.locator("#decisions > li:focus")).to_have_attribute("data-key", f"team:{wanted}")
    page.context.close()


def test_keys_lead_to_the_pages_are_listed_and_can_be_turned_off(
    browser: Browser, hq: Headquarters
) -> None:
    overdue(hq, "第3現地班")
    page = opened(browser, hq, hq.officer(*APPROVER))
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("クロノロジーに書く")
    page.get_by_label("文字のキーを使う").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#entry input:focus")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#decisions > li:focus")).to_have_count(1)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()
    page.locator("#keys-open").click()
    page.get_by_label("文字のキーを使う").check()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type(hq.names()[0])
    expect(page.locator("#sites tbody tr")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#sites tbody tr")).to_have_count(len(hq.names()))
    page.keyboard.press("Escape")
    assert "このほか7件は表に入りません" in page.evaluate(MANY_SITES)
    page.keyboard.press("d")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("s")
    expect(page).to_have_url(f"{hq.url}/hq/places")
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_any_size_and_nothing_scrolls_sideways(
    browser: Browser, hq: Headquarters, scheme: str
) -> None:
    overdue(hq, f"第{len(scheme)}確認班")
    page = opened(browser, hq, hq.officer(*APPROVER), color_scheme=scheme)
    go_to(page, f"第{len(scheme)}確認班")
    page.keyboard.press("h")
    page.keyboard.press("?")
    assert axe(page) == []
    for size in (SHORT, TWICE, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert axe(page) == []
    page.context.close()


def test_a_board_that_is_left_open_does_not_grow(browser: Browser, hq: Headquarters) -> None:
    by = hq.officer(Role.OPERATOR).caller
    page = opened(browser, hq, hq.officer(*APPROVER))
    top, lines = page.locator("#entries tbody tr").first, page.locator("#entries tbody tr")
    sizes = []
    for turn in range(6):
        enter(hq.engine, by, GivenLine(uuid4(), f"第{turn}報"), now=utc_now())
        expect(top).to_contain_text(f"第{turn}報")
        hq.database.rows(MANY_LINES)
        enter(hq.engine, by, GivenLine(uuid4(), f"続く第{turn}報"), now=utc_now())
        expect(top).to_contain_text(f"続く第{turn}報")
        sizes.append((lines.count(), page.evaluate(EVERYTHING)))
    assert sizes[0][0] < sizes[-2][0] == sizes[-1][0] == 240
    assert sizes[-1][1] <= sizes[-2][1] + 12
    older = page.get_by_role("button", name="前の記録（いま新しい240件まで）")
    older.click()
    expect(lines).to_have_count(300)
    enter(hq.engine, by, GivenLine(uuid4(), "もっと続く"), now=utc_now())
    page.locator("#entries-newer").click()
    expect(top).to_contain_text("もっと続く")
    expect(lines).to_have_count(240)
    expect(older).to_be_visible()
    page.context.close()


def test_the_board_is_read_where_no_script_runs_and_goes_on_without_its_map(
    browser: Browser, hq: Headquarters
) -> None:
    name = hq.names()[0]
    page = hq.opened(browser, hq.officer(*APPROVER), at="/hq", java_script_enabled=False)
    expect(page.locator("#sites")).to_contain_text(name)
    page.context.close()
    page = hq.opened(browser, hq.officer(*APPROVER), at="/hq", blocked="**/hqboardmap.js*")
    page.locator("#board[data-ready]").wait_for()
    expect(page.locator("#board-map")).to_contain_text("地図を出せません")
    expect(page.locator("#sites")).to_contain_text(name)
    hq.said.clear()
    page.context.close()


def test_whoever_is_signed_out_is_told_and_led_back(browser: Browser, hq: Headquarters) -> None:
    officer = hq.officer(*APPROVER)
    page = opened(browser, hq, officer)
    page.context.clear_cookies()
    page.keyboard.press("n")
    page.keyboard.type("第9報")
    page.keyboard.press("Enter")
    expect(page.locator("#entry .said.stop")).not_to_be_empty()
    expect(page.locator("#entry [name=content]")).to_have_value("第9報")
    page.context.close()
