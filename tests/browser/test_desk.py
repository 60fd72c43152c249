"""The desk on a tablet: counting with a network and without, and everything lands once."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Route, expect

from tests.browser.deskserver import CLERK, TABLET, City, DeskServer
from tests.browser.desktablet import (
    CODE,
    WALL,
    WINDOW,
    counts,
    opened,
    press,
    ready,
    recount,
    scan,
    tablet,
    turn_clock,
    unsent,
)
from tests.integration.processes import wait_for
from tests.integration.small_city import write_small_city

PHONE = {"width": 390, "height": 844}
SMALL = """() => [...document.querySelectorAll('a,button,summary,textarea,'
  + 'label:has(input[type=radio]),input:not([type=hidden],[type=radio])')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && box.left >= 0 && (box.height < 47.5 || box.width < 47.5);
  }).map(one => one.outerHTML.slice(0, 80))"""
OTHER = "nigemichi:in:0a1b2c3d-0000-4000-8000-000000000002:12"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """The page and a city's desk API."""
    folder = tmp_path_factory.mktemp("desk")
    made = DeskServer(write_small_city(folder / "city"), folder / "state")
    yield made
    made.close()


@pytest.fixture
def server(running: DeskServer) -> DeskServer:
    """The server, of a city that knows nothing yet."""
    running.city, running.others, running.caller = City(), {}, TABLET
    return running


def moment(city: City, persons: int) -> timedelta:
    """When so many were counted, from when that was received, as the city reckons it."""
    (count,) = (one for one in city.counts.values() if one["persons"] == persons)
    sent = datetime.fromisoformat(city.sent[-1])
    return datetime.fromisoformat(count["at"]) - sent


def test_every_press_is_one_count_and_several_go_in_one_request(
    browser: Browser, server: DeskServer
) -> None:
    with tablet(browser) as context:
        page = opened(context, server)
        press(page, "1", "1", "5", "-1")
        counts(page, 6)
        unsent(page, 0)
        expect(page.locator("#city")).to_contain_text("市に届いている数 6 人")
    assert server.city.persons == 6
    assert sorted(one["persons"] for one in server.city.counts.values()) == [-1, 1, 1, 5]
    assert server.city.posts < 4


def test_offline_reloaded_and_back_everything_lands_exactly_once(
    browser: Browser, server: DeskServer
) -> None:
    server.city.persons, server.city.counted_at = 137, server.city.now() - timedelta(minutes=9)
    with tablet(browser) as context:
        page = opened(context, server, kept=True)
        counts(page, 137)
        context.set_offline(True)
        press(page, "1", "5")
        page.get_by_role("button", name="変わりなし").click()
        expect(page.locator("#net")).to_contain_text("圏外")
        expect(page.locator("#net")).to_contain_text("つながると自動で送ります")
        unsent(page, 3)
        page.reload()
        ready(page)
        counts(page, 143)
        unsent(page, 3)
        expect(page.locator("#city")).to_contain_text("137 人")
        expect(page.locator("#city")).to_contain_text("9分前")
        press(page, "-1")
        assert server.city.counts == {}
        context.set_offline(False)
        unsent(page, 0)
        counts(page, 142)
        page.reload()
        counts(page, 142)
    assert server.city.persons == 142
    assert len(server.city.counts) == 4


def test_a_hand_faster_than_the_disk_takes_over_every_press(
    browser: Browser, server: DeskServer
) -> None:
    with tablet(browser) as context:
        page = opened(context, server)
        press(page, "1")
        page.evaluate("""() => ["[data-press='5']", '#still', "[data-press='1']", '#undo']
          .forEach(one => document.querySelector(one).click())""")
        counts(page, 6)
        unsent(page, 0)
    said = [(one["kind"], one["persons"]) for one in server.city.counts.values()]
    assert sorted(said) == [
        ("change", -1),
        ("change", 1),
        ("change", 1),
        ("change", 5),
        ("still", 6),
    ]
    assert server.city.persons == 6


def test_a_press_is_on_the_disk_before_it_shows(browser: Browser, server: DeskServer) -> None:
    with tablet(browser) as context:
        page = opened(context, server, kept=True)
        context.set_offline(True)
        press(page, "5")
        counts(page, 5)
        page.close()
        page = opened(context, server)
        counts(page, 5)
        context.set_offline(False)
        unsent(page, 0)
    assert server.city.persons == 5


def test_a_lost_answer_is_sent_again_and_counts_once(browser: Browser, server: DeskServer) -> None:
    lost: list[int] = []

    def lose_first(route: Route) -> None:
        answer = route.fetch()
        lost.append(answer.status)
        if len(lost) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    with tablet(browser, service_workers="block") as context:
        context.route("**/api/v1/desk/counts", lose_first)
        page = opened(context, server)
        press(page, "5")
        wait_for("the answer is lost", lambda: page.wait_for_timeout(50) or lost)
        counts(page, 5)
        press(page, "1")
        unsent(page, 0)
        counts(page, 6)
    assert lost[:2] == [200, 200]
    assert server.city.persons == 6


def test_the_last_press_is_taken_back_by_a_count_of_its_own(
    browser: Browser, server: DeskServer
) -> None:
    with tablet(browser) as context:
        page = opened(context, server)
        press(page, "1", "5")
        page.get_by_role("button", name="直前の ＋5 を取り消す").click()
        counts(page, 1)
        expect(page.locator("#undo")).to_have_text("直前の ＋1 を取り消す")
        unsent(page, 0)
    five, undo = (
        next(one for one in server.city.counts.values() if one["persons"] == persons)
        for persons in (5, -5)
    )
    assert undo["undoes"] == five["id"]
    assert server.city.persons == 1


def test_ten_times_the_capacity_is_asked_about_once_more(
    browser: Browser, server: DeskServer
) -> None:
    with tablet(browser) as context:
        page = opened(context, server)
        counts_before = page.locator("#persons").inner_text()
        recount(page, "2300")
        expect(page.locator("#recount-why")).to_contain_text("10倍")
        assert page.locator("#persons").inner_text() == counts_before
        page.get_by_role("button", name="はい、2300 人でまちがいない").click()
        counts(page, 2300)
        unsent(page, 0)
    (count,) = server.city.counts.values()
    assert (count["kind"], count["persons"], count["confirmed"]) == ("total", 2300, True)


@pytest.mark.parametrize("typed", ["", "-3", "12.5", "九", "1000000"])
def test_what_is_no_number_is_not_counted(browser: Browser, server: DeskServer, typed: str) -> None:
    with tablet(browser) as context:
        page = opened(context, server)
        recount(page, typed)
        unsent(page, 0)
        expect(page.locator("#recount")).to_be_visible()
    assert server.city.counts == {}


def test_a_paper_sheet_carries_its_own_time(browser: Browser, server: DeskServer) -> None:
    with tablet(browser) as context:
        page = opened(context, server)
        recount(page, "８５", "00:01")
        counts(page, 85)
        unsent(page, 0)
    (count,) = server.city.counts.values()
    at = datetime.fromisoformat(count["at"]) + timedelta(hours=9)
    assert (count["via"], at.hour, at.minute) == ("tally", 0, 1)
    assert timedelta(0) <= server.city.now() + timedelta(hours=9) - at < timedelta(days=1)


def test_a_code_counts_once_however_it_is_scanned(browser: Browser, server: DeskServer) -> None:
    with tablet(browser) as context:
        page = opened(context, server)
        for _ in range(2):
            page.get_by_label("読み取り機はここに").fill(CODE)
            page.keyboard.press("Enter")
        expect(page.locator("#code-said")).to_have_text("このコードは受付ずみです。")
        counts(page, 4)
        page.locator("h1").click()
        page.evaluate("document.activeElement.blur()")
        page.keyboard.type(OTHER)
        page.keyboard.press("Enter")
        counts(page, 16)
        page.get_by_label("読み取り機はここに").fill("https://example.com")
        page.keyboard.press("Enter")
        expect(page.locator("#code-said")).to_contain_text("受付のコードではありません")
        unsent(page, 0)
    assert {one["via"] for one in server.city.counts.values()} == {"qr"}
    assert {UUID(one).version for one in server.city.counts} == {8}
    assert len(server.city.counts) == 2


def test_a_code_that_another_tablet_counted_is_said_to_be_known(
    browser: Browser, server: DeskServer
) -> None:
    with tablet(browser) as one, tablet(browser) as other:
        for context, said in ((one, "4人 入りました。"), (other, "このコードは受付ずみです。")):
            page = opened(context, server)
            scan(page, CODE)
            expect(page.locator("#code-said")).to_have_text(said)
            counts(page, 4)
    assert server.city.persons == 4


def test_a_family_that_is_sent_on_counts_at_both_places(
    browser: Browser, server: DeskServer
) -> None:
    server.caller, server.others = CLERK, {"E2": City()}
    with tablet(browser) as context:
        for site in ("E1", "E2"):
            page = opened(context, server, site=site)
            scan(page, CODE)
            expect(page.locator("#code-said")).to_have_text("4人 入りました。")
    assert (server.city.persons, server.others["E2"].persons) == (4, 4)


def test_what_is_unsent_of_another_place_is_counted_named_and_sent(
    browser: Browser, server: DeskServer
) -> None:
    server.caller, server.others = CLERK, {"E2": City()}
    with tablet(browser) as context:
        opened(context, server, kept=True, site="E2").close()
        page = opened(context, server, kept=True, site="E1")
        context.set_offline(True)
        press(page, "5", "1")
        page.goto(f"{server.url}/desk?site=E2")
        ready(page)
        expect(page.locator("#persons")).to_have_text("—")
        press(page, "1")
        unsent(page, 3)
        expect(page.locator("#waiting tr").last).to_contain_text("北小学校：＋5")
        context.set_offline(False)
        unsent(page, 0)
        counts(page, 1)
    assert (server.city.persons, server.others["E2"].persons) == (6, 1)


def test_a_place_that_is_gone_keeps_its_rows_and_no_other_waiting(
    browser: Browser, server: DeskServer
) -> None:
    server.caller, server.others = CLERK, {"E2": City()}
    with tablet(browser) as context:
        opened(context, server, kept=True, site="E1").close()
        page = opened(context, server, kept=True, site="E2")
        context.set_offline(True)
        press(page, "5")
        server.others = {}
        page.goto(f"{server.url}/desk?site=E1")
        ready(page)
        press(page, "1")
        unsent(page, 2)
        context.set_offline(False)
        unsent(page, 1)
        expect(page.locator("#waiting")).to_contain_text("南公園：＋5")
        expect(page.locator("#waiting")).to_contain_text("この避難場所はありません。")
        expect(page.locator("#net-word")).to_contain_text("市とつながっています")
        counts(page, 1)
    assert server.city.persons == 1


@pytest.mark.parametrize("hours", [3, -3])
@pytest.mark.parametrize("again", [False, True])
def test_a_clock_that_is_put_right_leaves_counts_at_their_time(
    browser: Browser, server: DeskServer, hours: int, again: bool
) -> None:
    with tablet(browser) as context:
        context.add_init_script(WALL)
        page = opened(context, server, kept=True)
        press(page, "1")
        unsent(page, 0)
        context.set_offline(True)
        press(page, "5")
        turn_clock(page, timedelta(hours=hours))
        press(page, "-1")
        if again:
            page.reload()
            ready(page)
        context.set_offline(False)
        unsent(page, 0)
        counts(page, 5)
    moments = [moment(server.city, persons) for persons in (5, -1)]
    assert moments == sorted(moments)
    assert max(map(abs, moments)) < timedelta(minutes=3)


def test_a_tablet_that_slept_makes_no_count_younger(browser: Browser, server: DeskServer) -> None:
    with tablet(browser) as context:
        context.add_init_script(WALL)
        page = opened(context, server, kept=True)
        press(page, "1")
        unsent(page, 0)
        context.set_offline(True)
        press(page, "5")
        server.city.clock = timedelta(hours=3)
        turn_clock(page, timedelta(hours=3))
        context.set_offline(False)
        unsent(page, 0)
    assert abs(moment(server.city, 5) + timedelta(hours=3)) < timedelta(minutes=1)


@pytest.mark.parametrize("again", [False, True])
def test_a_tablet_that_starts_in_1990_counts_since_the_city_was_last_heard(
    browser: Browser, server: DeskServer, again: bool
) -> None:
    with tablet(browser) as context:
        context.add_init_script(WALL)
        page = opened(context, server, kept=True)
        context.set_offline(True)
        turn_clock(page, timedelta(days=-36 * 365))
        page.reload()
        ready(page)
        press(page, "5", "1")
        turn_clock(page, timedelta(0))
        if again:
            page.reload()
            ready(page)
        context.set_offline(False)
        unsent(page, 0)
        counts(page, 6)
    assert timedelta(minutes=-1) < moment(server.city, 5) < moment(server.city, 1) <= timedelta(0)


def test_a_disk_that_cannot_be_read_any_more_is_said_and_stops_no_count(
    browser: Browser, server: DeskServer
) -> None:
    with tablet(browser) as context:
        page = opened(context, server)
        press(page, "1")
        unsent(page, 0)
        page.evaluate(
            "() => { IDBObjectStore.prototype.getAll = () => { throw new Error('disk'); }; }"
        )
        press(page, "5")
        unsent(page, 0)
        expect(page.get_by_role("alert").first).to_contain_text("この端末に保存できません")
        expect(page.locator("#net-word")).to_contain_text("市とつながっています")
        press(page, "1")
        unsent(page, 0)
        counts(page, 7)
    assert server.city.persons == 7


def test_nothing_has_changed_changes_no_number_and_leaves_the_last_press_to_be_undone(
    browser: Browser, server: DeskServer
) -> None:
    server.city.persons, server.city.counted_at = 20, server.city.now() - timedelta(minutes=31)
    with tablet(browser) as context:
        page = opened(context, server, kept=True)
        context.set_offline(True)
        press(page, "5")
        page.locator("#still").click()
        unsent(page, 2)
        page.get_by_role("button", name="直前の ＋5 を取り消す").click()
        counts(page, 20)
        expect(page.locator("#last")).to_contain_text("たったいま")
        context.set_offline(False)
        unsent(page, 0)
        counts(page, 20)
    assert server.city.persons == 20


def test_ids_are_made_on_plain_http_too(browser: Browser, server: DeskServer) -> None:
    with tablet(browser, bypass_csp=True) as context:
        context.add_init_script("Object.defineProperty(crypto, 'randomUUID', {value: undefined})")
        page = opened(context, server)
        press(page, "1")
        unsent(page, 0)
    assert [UUID(one).version for one in server.city.counts] == [4]


def test_the_keyboard_counts_too(browser: Browser, server: DeskServer) -> None:
    with tablet(browser) as context:
        page = opened(context, server)
        for key in ("+", "+", "5", "-"):
            page.keyboard.press(key)
            page.wait_for_timeout(150)
        counts(page, 6)


def test_a_resident_s_code_is_read_by_the_desk_and_names_nobody(
    browser: Browser, server: DeskServer, tmp_path: Path
) -> None:
    with tablet(browser, viewport=PHONE, color_scheme="dark") as context:
        page = context.new_page()
        texts = []
        for _ in range(2):
            answer = page.goto(f"{server.url}/checkin?persons=3")
            assert answer
            assert answer.headers["cache-control"] == "no-store"
            picture = tmp_path / "code.png"
            page.screenshot(path=picture)
            texts.append(zxingcpp.read_barcodes(Image.open(picture))[0].text)
        assert Axe().run(page).response["violations"] == []
    assert all(re.fullmatch(r"nigemichi:in:[0-9a-f-]{36}:3", text) for text in texts)
    assert len(set(texts)) == 2
    with tablet(browser) as context:
        page = opened(context, server)
        page.get_by_label("読み取り機はここに").fill(texts[0])
        page.keyboard.press("Enter")
        counts(page, 3)


def test_one_count_that_the_city_cannot_read_keeps_no_other_waiting(
    browser: Browser, server: DeskServer
) -> None:
    server.city.unreadable = {5}
    with tablet(browser) as context:
        page = opened(context, server, kept=True)
        context.set_offline(True)
        press(page, "1", "5", "1", "1")
        unsent(page, 4)
        context.set_offline(False)
        unsent(page, 0)
        counts(page, 3)
        refused = page.locator("#refusals")
        expect(refused).to_contain_text("本部が受け取れない数")
        expect(refused).to_contain_text("この人数は受け取れません。")
        server.city.unreadable = set()
        page.get_by_role("button", name="もう一度送る").click()
        expect(refused).to_be_hidden()
        counts(page, 8)
    assert server.city.persons == 8


def test_a_held_count_says_why_and_what_to_do(browser: Browser, server: DeskServer) -> None:
    with tablet(browser) as context:
        page = opened(context, server)
        press(page, "-1")
        expect(page.locator("#holds")).to_contain_text("人数が 0 より少なくなります")
        expect(page.locator("#holds")).to_contain_text("数え直して")


def test_a_revoked_tablet_says_so_and_keeps_what_it_counted(
    browser: Browser, server: DeskServer
) -> None:
    with tablet(browser) as context:
        page = opened(context, server, kept=True)
        server.city.revoked = True
        press(page, "5")
        expect(page.locator("#net")).to_contain_text("この端末は使えなくなっています")
        expect(page.locator("#net")).to_contain_text("本部に連絡してください")
        page.reload()
        ready(page)
        counts(page, 5)
        unsent(page, 1)
        server.city.revoked = False
        page.get_by_role("button", name="いま送る").click()
        unsent(page, 0)
    assert server.city.persons == 5


def test_a_page_of_an_older_sign_in_fetches_a_new_token(
    browser: Browser, server: DeskServer
) -> None:
    with tablet(browser) as context:
        page = opened(context, server)
        server.city.csrf = "two"
        press(page, "1")
        unsent(page, 0)
    assert server.city.persons == 1


def test_a_wrong_clock_is_said_and_ages_are_the_city_s(
    browser: Browser, server: DeskServer
) -> None:
    server.city.clock = timedelta(minutes=12, seconds=5)
    server.city.persons, server.city.counted_at = 20, server.city.now() - timedelta(minutes=3)
    with tablet(browser) as context:
        page = opened(context, server)
        expect(page.locator("#alarms")).to_contain_text("12分遅れています")
        expect(page.locator("#city")).to_contain_text("3分前")


def test_an_old_figure_reads_unknown(browser: Browser, server: DeskServer) -> None:
    server.city.persons, server.city.counted_at = 20, server.city.now() - timedelta(minutes=31)
    with tablet(browser) as context:
        page = opened(context, server)
        expect(page.locator("#band-word")).to_have_text("不明")
        expect(page.locator("#old")).to_be_visible()
        page.get_by_role("button", name="変わりなし（いまも 20 人）").click()
        expect(page.locator("#band-word")).to_have_text("空いています")
        unsent(page, 0)
    (count,) = server.city.counts.values()
    assert (count["kind"], count["persons"]) == ("still", 20)


def test_without_a_disk_the_page_says_so_loudly_and_still_counts(
    browser: Browser, server: DeskServer
) -> None:
    with tablet(browser) as context:
        context.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")
        page = opened(context, server)
        expect(page.get_by_role("alert").first).to_contain_text("この端末に保存できません")
        press(page, "1", "5")
        counts(page, 6)
        unsent(page, 0)
    assert server.city.persons == 6


def test_two_tablets_of_one_place_show_one_figure(browser: Browser, server: DeskServer) -> None:
    with tablet(browser) as one, tablet(browser) as other:
        here, there = opened(one, server), opened(other, server)
        press(here, "5")
        expect(there.locator("#persons")).to_have_text("5", timeout=15_000)
        press(there, "1")
        expect(here.locator("#persons")).to_have_text("6", timeout=15_000)
        expect(there.locator("#persons")).to_have_text("6", timeout=15_000)
    assert server.city.persons == 6


def test_danger_is_confirmed_first_and_shows_at_once(browser: Browser, server: DeskServer) -> None:
    with tablet(browser) as context:
        page = opened(context, server)
        page.get_by_role("button", name="ここが危険").click()
        page.get_by_label("ひとことで").fill("玄関に水")
        assert server.city.needs == []
        page.get_by_role("button", name="はい、ここが危険です").click()
        expect(page.locator("#alarms")).to_contain_text("戻せるのは本部だけ")
        expect(page.locator("#needs")).to_contain_text("玄関に水")
        expect(page.locator("#needs")).to_contain_text("市に届きました")
    assert [(one["kind"], one["words"]) for one in server.city.needs] == [("danger", "玄関に水")]


def test_an_overflow_room_opens_also_offline_and_counts_by_room(
    browser: Browser, server: DeskServer
) -> None:
    server.city.room("gym", "体育館", 140, 98)
    server.city.room("spare", "予備の教室", 60, 0, overflow=True, in_use=False)
    server.city.persons, server.city.counted_at = 98, server.city.now()
    with tablet(browser) as context:
        page = opened(context, server, kept=True)
        context.set_offline(True)
        page.get_by_role("button", name="予備の教室を開ける（60人）").click()
        expect(page.locator("#rooms")).to_contain_text("予備の教室")
        unsent(page, 1)
        context.set_offline(False)
        unsent(page, 0)
        page.get_by_label("予備の教室").check()
        press(page, "5")
        expect(page.locator("#rooms tr").last).to_contain_text("5 ／ 60 人")
        counts(page, 103)
        unsent(page, 0)
    assert server.city.rooms["spare"]["in_use"]
    assert server.city.rooms["spare"]["persons"] == 5


def test_full_is_pressed_twice(browser: Browser, server: DeskServer) -> None:
    with tablet(browser) as context:
        page = opened(context, server)
        page.locator("#say-full").click()
        expect(page.locator("#say-full")).to_have_text("もう一度押すと「満員」と知らせます")
        assert server.city.opening == "open"
        page.locator("#say-full").click()
        expect(page.locator("#opening-now")).to_have_text("いまの状態：満員")
        expect(page.locator("#say-open")).to_be_visible()
        unsent(page, 0)
    assert server.city.opening == "full"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("window", [WINDOW, PHONE])
def test_axe_finds_nothing_and_every_target_is_large(
    browser: Browser, server: DeskServer, scheme: str, window: dict[str, int]
) -> None:
    server.city.room("gym", "体育館", 140, 98)
    server.city.room("spare", "予備の教室", 60, 0, overflow=True, in_use=True, meant_for="care")
    server.city.persons, server.city.counted_at = 137, server.city.now()
    with tablet(browser, viewport=window, color_scheme=scheme) as context:
        page = opened(context, server, kept=True)
        context.set_offline(True)
        press(page, "1", "5")
        recount(page, "9000")
        page.get_by_role("button", name="ここが危険").click()
        found = Axe().run(page)
        assert found.response["violations"] == [], found.generate_report()
        assert page.evaluate(SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= window["width"]


def test_the_clicker_is_on_the_first_screen_of_tablet_and_phone(
    browser: Browser, server: DeskServer
) -> None:
    for window in (WINDOW, PHONE):
        with tablet(browser, viewport=window) as context:
            page = opened(context, server)
            for name in ("-1", "1", "5"):
                box = page.locator(f"[data-press='{name}']").bounding_box()
                assert box
                assert box["y"] + box["height"] <= window["height"]
                assert min(box["width"], box["height"]) >= 88


def test_the_tally_sheet_prints_on_one_side_of_paper(browser: Browser, server: DeskServer) -> None:
    with tablet(browser) as context:
        page = context.new_page()
        page.goto(f"{server.url}/desk/tally")
        sheet = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
        page.emulate_media(media="print")
        expect(page.get_by_text("満員でも、来た人を断らない。")).to_be_visible()
        expect(page.get_by_text("本部に電話する。", exact=True)).to_be_visible()
        expect(page.locator("nav, .noprint")).to_be_hidden()


def test_whoever_is_bound_to_no_place_chooses_one(browser: Browser, server: DeskServer) -> None:
    server.caller = CLERK
    with tablet(browser) as context:
        page = context.new_page()
        page.goto(f"{server.url}/desk")
        assert Axe().run(page).response["violations"] == []
        page.get_by_role("link", name="北小学校").click()
        ready(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("北小学校")
        press(page, "1")
        unsent(page, 0)
    assert server.city.persons == 1


def test_a_tablet_does_not_open_another_place(browser: Browser, server: DeskServer) -> None:
    with tablet(browser) as context:
        page = context.new_page()
        answers = {site: page.goto(f"{server.url}/desk?site={site}") for site in ("E2", "E1")}
        assert {site: one.status for site, one in answers.items() if one} == {"E2": 403, "E1": 200}
