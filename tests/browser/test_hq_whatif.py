"""Headquarters tries a change by keys alone, looks at it, and does it or drops it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from city.position import Position
from city.staff import CONSOLE, Role
from data.database import connect
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.household.turnouts import set_turnout
from operations.planning.planner import Planner
from operations.serving import utc_now
from tests.browser.hqserver import Headquarters, headquarters
from tests.integration.databases import Server
from tests.integration.homed import load, write_homed_city

SLOW = 20_000
"""The first question of a server loads its loops."""
SMALLEST = """() => [...document.querySelectorAll('main button, main select, main input')]
  .filter(one => one.offsetParent && one.getBoundingClientRect().height < 44)
  .map(one => one.outerHTML)"""


@pytest.fixture(scope="module")
def hq(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Headquarters]:
    """The small city with its households under level 4, all of whom come."""
    folder = tmp_path_factory.mktemp("whatif")
    made = server.create(migrated)
    engine = connect(made.url)
    load(engine, write_homed_city(folder))
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    set_turnout(engine, CONSOLE, {"level_4": 1, "zoned_level_4": 1}, reason="試験", now=utc_now())
    Planner(engine, folder / "first").catch_up()
    engine.dispose()
    with headquarters(server, (made.name, folder / "first"), folder) as found:
        yield found


def opened(hq: Headquarters, browser: Browser, *, without: str = "", **context: Any) -> Page:
    """The page as an operator sees it, with the streets that matter read."""
    page = hq.opened(browser, hq.officer(Role.OPERATOR), **context)
    if without:
        page.route(without, lambda route: route.abort())
    page.goto(f"{hq.url}/hq/whatif")
    page.locator("#streets tbody tr").first.wait_for(timeout=SLOW)
    return page


def stacked(page: Page, count: int) -> None:
    expect(page.locator("#stack li")).to_have_count(count, timeout=SLOW)


def closures(hq: Headquarters) -> list[Any]:
    return hq.database.rows("SELECT moving, reason FROM closure WHERE ended_at IS NULL")


def test_a_street_is_tried_dropped_tried_again_and_closed_by_keys_alone(
    hq: Headquarters, browser: Browser
) -> None:
    hq.said.clear()
    page = opened(hq, browser)
    expect(page.locator("#map-now svg")).to_be_visible(timeout=SLOW)
    expect(page.locator("#adopt-open")).to_be_disabled()
    page.keyboard.press("o")
    expect(page.locator("#order")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    stacked(page, 1)
    expect(page.locator("#result")).to_be_visible()
    expect(page.locator("#map-then svg")).to_be_visible()
    expect(page.locator("#what")).to_contain_text("を閉じる")
    page.keyboard.press("2")
    stacked(page, 2)
    page.keyboard.press("u")
    stacked(page, 1)
    page.keyboard.press("Escape")
    expect(page.locator("#no-change")).to_be_visible()
    stacked(page, 0)
    assert closures(hq) == []
    page.locator("#map-now svg").click()
    stacked(page, 1)
    expect(page.locator("#what")).to_contain_text("の道を閉じる")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    stacked(page, 1)
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == []
    assert page.evaluate(SMALLEST) == []
    expect(page.locator("#h-change")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#adopt-list li")).to_have_count(1)
    expect(page.locator("#adopt [name=reason]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#adopt-said")).to_contain_text("理由を入れて")
    page.keyboard.type("橋脚の点検")
    expect(page.locator("#adopt-said")).to_have_text("")
    page.keyboard.press("Enter")
    expect(page.locator("#adopted")).to_contain_text("道を通行止めにしました", timeout=SLOW)
    stacked(page, 0)
    assert closures(hq) == [("asked", "橋脚の点検")]
    expect(page.locator("#what")).to_contain_text("採用しました")
    expect(page.locator("#bar [data-of=whatif]")).to_contain_text("実行ずみ")
    tape = page.locator(".hqtape").first
    expect(tape).to_have_attribute("data-said", re.compile("採用しました：道を通行止めにしました$"))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    stacked(page, 1)
    expect(page.locator("#bar [data-of=whatif]")).to_contain_text("まだ何も変わりません")
    assert tape.get_attribute("data-said") is None
    page.reload()
    expect(page.locator("#last-list li").first).to_contain_text("採用　通行止め：", timeout=SLOW)
    expect(page.locator("#last-list li").first).to_contain_text("本部 担当")
    assert [line for line in hq.said if "Failed to load resource" not in line] == []


def test_what_cannot_be_tried_is_said_where_it_was_typed_and_without_maps_the_tables_go_on(
    hq: Headquarters, browser: Browser
) -> None:
    narrow = {"width": 390, "height": 800}
    page = opened(hq, browser, without="**/hqboardsvg.js*", viewport=narrow)
    expect(page.locator("#map-now")).to_contain_text("表は計算のとおりです")
    page.keyboard.press("t")
    page.locator("#try [name=name]").fill("幻の橋")
    page.keyboard.press("Enter")
    expect(page.locator("#try-said")).to_contain_text("「幻の橋」という道はありません")
    expect(page.locator("#try [name=name]")).to_have_value("幻の橋")
    page.locator("#try [name=name]").fill("")
    page.locator("#try [name=area]").fill("南町二丁目")
    page.locator("#try [name=more]").fill("３０")
    page.keyboard.press("Enter")
    stacked(page, 2)
    expect(page.locator("#try")).to_be_hidden()
    expect(page.locator("#cut-says")).to_contain_text("10世帯未満の町などの計")
    expect(page.locator("#moves tbody tr").first).to_be_visible()
    expect(page.locator("#barred")).to_be_visible()
    expect(page.locator("#adopt-open")).to_be_disabled()
    page.keyboard.press("a")
    expect(page.locator("#adopt")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= narrow["width"]
    assert hq.database.one("SELECT count(*) FROM observed_water") == 0


def test_an_answer_that_comes_after_a_dialog_was_left_or_not_at_all_is_never_hidden(
    hq: Headquarters, browser: Browser
) -> None:
    page = hq.opened(browser, hq.officer(Role.APPROVER))
    page.goto(f"{hq.url}/hq/whatif")
    page.locator("#streets tbody tr").first.wait_for(timeout=SLOW)
    page.keyboard.press("t")
    page.locator("#try [name=more]").fill("30")
    page.keyboard.press("Enter")
    stacked(page, 1)
    expect(page.locator("#try")).to_be_hidden()

    keys: list[str] = []

    def lost(route: Any) -> None:
        keys.append(route.request.post_data_json["key"])
        page.keyboard.press("Escape")
        expect(page.locator("#adopt")).to_be_visible()
        if len(keys) == 1:
            route.abort()
        else:
            route.fulfill(json={"done": ["more"], "refused": [], "waits": False})

    page.route("**/imagined/adoption", lost)
    page.keyboard.press("a")
    expect(page.locator("#adopt-back")).to_contain_text("一つ前の割合か、市の設定に戻します")
    page.keyboard.type("応援が来る")
    page.keyboard.press("Enter")
    expect(page.locator("#adopt-said")).to_contain_text("サーバーにつながりません", timeout=SLOW)
    page.keyboard.press("Enter")
    expect(page.locator("#adopted")).to_contain_text("割合を変えました", timeout=SLOW)
    assert len(set(keys)) == 1
    page.locator("#undo-list button").last.click()
    page.locator("#take-back [name=reason]").fill("応援が来ない")
    page.locator("#take-back [value=go]").click()
    expect(page.locator("#adopted")).to_contain_text("取り消しました", timeout=SLOW)
    assert hq.database.one("SELECT count(*) FROM turnout WHERE ended_at IS NULL") == 0


def test_of_two_streets_without_a_name_an_approver_sees_which_one_opens_and_says_why(
    hq: Headquarters, browser: Browser
) -> None:
    lat, lon = hq.database.rows(
        "SELECT ST_Y(p), ST_X(p) FROM street s, ST_LineInterpolatePoint(s.geom, 0.5) p"
        " WHERE s.name < 0 ORDER BY ST_Length(s.geom) LIMIT 1"
    )[0]
    number, _, _ = changes.close_road(hq.engine, Position(lat, lon), "電柱が倒れた")
    page = hq.opened(browser, hq.officer(Role.APPROVER))
    drawn = {"areas": {}, "orders": {"1": [[[lon, lat], [lon + 0.01, lat], [lon, lat + 0.01]]]}}
    page.route("**/headquarters/board/map", lambda route: route.fulfill(json=drawn))
    page.goto(f"{hq.url}/hq/whatif")
    mine = page.locator("#undo-list button", has_text="電柱が倒れた")
    expect(mine).to_contain_text(re.compile(r"名のない[道橋]（\d+ m）"), timeout=SLOW)
    expect(page.locator("#map-now [data-part=orders] path").first).to_be_attached()
    mine.focus()
    expect(page.locator("#map-now .pointed circle")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page.locator("#take-back [name=reason]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#take-back-said")).to_contain_text("理由を入れて")
    page.keyboard.type("撤去ずみ")
    expect(page.locator("#take-back-said")).to_have_text("")
    page.keyboard.press("Enter")
    expect(page.locator("#adopted")).to_contain_text("取り消しました", timeout=SLOW)
    expect(page.locator("#last-list li").first).to_contain_text("理由：撤去ずみ")
    ended = f"SELECT ended_at IS NOT NULL FROM closure WHERE id = {number}"  # noqa: S608
    assert hq.database.one(ended)


def test_whoever_is_signed_out_is_told_so(hq: Headquarters, browser: Browser) -> None:
    page = opened(hq, browser)
    page.context.clear_cookies()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#behind")).to_contain_text("サインインが切れました")
    assert page.locator("#behind a").get_attribute("href") == "/signin?next=%2Fhq%2Fwhatif"


def test_water_is_looked_at_before_it_is_adopted_and_streets_of_another_load_are_dropped(
    hq: Headquarters, browser: Browser
) -> None:
    page = opened(hq, browser)
    asked: list[Any] = []

    def heard(request: Any) -> None:
        if request.url.endswith("/imagined"):
            asked.append(request.post_data_json)

    page.on("request", heard)
    expect(page.locator("#wet")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    stacked(page, 1)
    page.keyboard.press("c")
    stacked(page, 2)
    expect(page.locator("#wet")).to_have_attribute("aria-pressed", "true")
    assert [one.get("by_water", False) for one in asked] == [False, True]
    page.keyboard.press("a")
    expect(page.locator("#adopt-list")).to_contain_text("冠水による通行止め")
    expect(page.locator("#adopt-water")).to_contain_text("発令がなくても「すぐ安全な所へ」")
    page.keyboard.press("Escape")

    def another(route: Any) -> None:
        found = route.fetch().json()
        route.fulfill(json={**found, "load": "another", "version": found["version"] + 1})

    page.route("**/streets-that-matter*", another)
    page.keyboard.press("o")
    expect(page.locator("#trouble")).to_contain_text("選んだ道が別の道に", timeout=SLOW)
    stacked(page, 0)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#trouble")).to_contain_text("入れ替わりました", timeout=SLOW)
    assert asked[-1]["load"] == "another"
