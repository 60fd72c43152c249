"""Headquarters' map and wall: with WebGL and without it; each layer says how old it is."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from api.headers import STAFF_POLICY
from city.staff import Role
from data.tiles import TILES, write_tiles
from operations.serving import CurrentVersion
from tests.browser.boardstate import (
    API,
    AREAS,
    FIVE,
    FLOWS,
    FOUR,
    OFFICER,
    SHAPES,
    board,
    planted,
)
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.hqserver import Headquarters, headquarters
from tests.integration.databases import Server

ORDER = {"hazard": "flood", "area_names": [FIVE], "households": 9000, "whole_city": False}
LONG_NAMES = [
    f"{town}{n}丁目" for town in ("霞坂", "澄沢", "雫沢", "琥珀渡", "絃") for n in "一二三五"
]
SMALL_SCREEN = {"width": 800, "height": 800}
"""What is drawn without a graphics card is not large."""
NO_WEBGL = "HTMLCanvasElement.prototype.getContext = () => null;"
BARE = """<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>地図</title>
<link rel="stylesheet" href="/static/staff.css">
<link rel="stylesheet" href="/static/hqboardmap.css"></head>
<body><main id="m"><h1>地図</h1><div id="t"></div></main></body></html>"""
MOUNTED = """async options => {
  window.map?.destroy();
  document.getElementById('t').style.height = '720px';
  const {mountMap} = await import('/static/hqboardmap.js');
  window.map = mountMap(document.getElementById('t'), options);
}"""
UPDATE = """([answer, areas, flows]) => {
  const {drawn = '0'} = document.getElementById('t').dataset;
  window.map.update(answer.state, areas, flows,
    {read_at: answer.now, checked_at: answer.checked_at, stale: answer.stale});
  return Number(drawn);
}"""
LINES = "all => all.map(one => (one.getAttribute('d').match(/M/g) || []).length)"
SMALL = """least => [...document.querySelectorAll('body *')].filter(one => one.checkVisibility()
  && !one.closest('.w-hints, .foot, .skip, .hide, title')
  && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())
  && !(one.closest('svg') && one.textContent === '?')
  && parseFloat(getComputedStyle(one).fontSize) < least).map(one => one.outerHTML)"""
SPILLS = """() => [...document.querySelectorAll('.w-top,.w-panel,.w-decide,.w-numbers>div')]
  .filter(one => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1
    || one.getBoundingClientRect().bottom > innerHeight)
  .map(one => one.outerHTML)"""


WHOLE_ROWS = """() => {
  const list = document.getElementById('w-decide');
  const end = list.getBoundingClientRect();
  const shown = [...list.children].filter(one => one.checkVisibility()
    && one.getBoundingClientRect().left < end.right);
  return shown.length > 0
    && shown.every(one => one.getBoundingClientRect().bottom <= end.bottom + 1);
}"""


@pytest.fixture(scope="module")
def hq(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Headquarters]:
    """One server for all tests of this file, with tiles."""
    folder = tmp_path_factory.mktemp("boardmap")
    with headquarters(server, with_plan, folder) as made:
        current = CurrentVersion(folder / "state")
        current.refresh()
        write_tiles(current.ground_folder / TILES, current.version.ground)
        current.close()
        yield made


@pytest.fixture
def quiet(hq: Headquarters) -> Iterator[None]:
    """Nothing of a page is refused by its policy, and nothing of it fails."""
    hq.said.clear()
    yield
    noise = ("Failed to load resource", "GL Driver", "data:image/webp", "Applying inline style")
    assert [line for line in hq.said if not any(one in line for one in noise)] == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that draws WebGL without a graphics card."""
    software = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    arguments = [one for one in ARGUMENTS if one != "--disable-gpu"]
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=[*arguments, *software])
        yield chromium
        chromium.close()


def bare(route: Route) -> None:
    """A page with nothing but the map's place, under the policy of staff pages."""
    headers = {"content-security-policy": STAFF_POLICY}
    route.fulfill(body=BARE, content_type="text/html", headers=headers)


def opened(hq: Headquarters, browser: Browser, path: str = "/hq/wall", **context: Any) -> Page:
    """A page with a planted night, as somebody of headquarters sees it."""
    changes, init = context.pop("changes", {}), context.pop("init", "")
    officer = hq.officer(Role.OPERATOR)
    pages = browser.new_context(
        **{"viewport": {"width": 1920, "height": 1080}, "locale": "ja-JP", **context}
    )
    pages.add_cookies([{"name": officer.cookie, "value": officer.token, "url": hq.url}])
    page = pages.new_page()
    page.set_default_timeout(20_000)
    page.on("console", lambda message: hq.said.append(message.text))
    page.on("pageerror", lambda error: hq.said.append(str(error)))
    if init:
        page.add_init_script(init)
    planted(page, **changes)
    page.route("**/bare", bare)
    page.goto(f"{hq.url}{path}")
    return page


@pytest.fixture(scope="module")
def bare_page(hq: Headquarters, browser: Browser) -> Iterator[Page]:
    """One page without WebGL for the tests that mount a map of their own on it."""
    page = opened(hq, browser, "/bare", init=NO_WEBGL)
    yield page
    page.context.close()


@pytest.fixture
def plain(bare_page: Page) -> Page:
    """The same with a fresh map."""
    bare_page.evaluate(MOUNTED, {})
    return bare_page


def told(page: Page, flows: Any = FLOWS, areas: Any = AREAS, **changes: Any) -> None:
    """The map hears of a night, and has drawn it."""
    before = page.evaluate(UPDATE, [board(datetime.now(UTC), **changes), areas, flows])
    drawn = "before => Number(document.getElementById('t').dataset.drawn) > before"
    page.wait_for_function(drawn, arg=before)


def layer(page: Page, name: str) -> Any:
    """A row of the legend."""
    return page.locator(f".maplegend [data-layer={name}]")


def test_with_webgl_the_city_s_tiles_lie_beneath_and_every_layer_above(
    browser: Browser, hq: Headquarters, quiet: None
) -> None:
    asked: list[str] = []
    page = opened(hq, browser, "/bare", viewport=SMALL_SCREEN)
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(MOUNTED, {})
    told(page)
    page.locator("#t[data-ground=tiles]").wait_for(timeout=50_000)
    expect(page.locator(".tiles canvas")).to_be_visible()
    expect(page.locator(".mapover [data-part=ground] > *")).to_have_count(0)
    assert any(".pmtiles" in one for one in asked)
    expect(layer(page, "assumed")).to_contain_text("市の地図")
    for name in ("orders", "water", "flows", "unreached", "closures", "sites", "gauges", "teams"):
        assert page.locator(f".mapover [data-part={name}] > *").count() > 0, name
    labels = page.locator(".mapover [data-part=labels]")
    for words in ("5 緊急安全確保", FIVE, "4 避難指示", "澄瀬大橋", "消防団4", "澄川 上 6.84 m ↑"):
        expect(labels).to_contain_text(words)
    sizes = page.locator(".mapover text").evaluate_all(
        "all => all.filter(one => one.closest('[data-part=labels]'))"
        ".map(one => parseFloat(one.getAttribute('font-size')))"
    )
    assert min(sizes) >= 14
    expect(page.locator(".maptrouble")).to_be_empty()
    page.context.close()


@pytest.mark.parametrize("broken", ["webgl", "library", "tiles"])
def test_where_the_map_cannot_be_drawn_a_plain_one_says_what_is_missing(
    browser: Browser, hq: Headquarters, broken: str
) -> None:
    words = {
        "webgl": "WebGLなし",
        "library": "地図のプログラムを読めません",
        "tiles": "地図の下地（タイル）を読めません",
    }
    init = NO_WEBGL if broken == "webgl" else ""
    page = opened(hq, browser, "/bare", init=init, viewport=SMALL_SCREEN)
    page.route("**/maplibre-gl.js*", lambda r: r.abort() if broken == "library" else r.continue_())
    page.route("**/*.pmtiles", lambda r: r.abort() if broken == "tiles" else r.continue_())
    page.evaluate(MOUNTED, {})
    told(page)
    expect(page.locator(".maptrouble")).to_contain_text(words[broken], timeout=30_000)
    expect(page.locator(".maptrouble")).to_contain_text("表と一覧は使えます")
    assert page.locator("#t").get_attribute("data-ground") == "plain"
    assert page.locator(".mapover [data-part=ground] path").count() > 3
    assert page.locator(".mapover [data-part=sites] > g").count() == 2
    expect(layer(page, "assumed")).to_contain_text("簡単な図")
    page.context.close()


def test_a_map_that_was_never_told_anything_does_not_look_calm(plain: Page) -> None:
    page = plain
    expect(page.locator(".maptrouble")).to_contain_text("本部の状態をまだ読めていません")
    for name in ("orders", "water", "closures", "sites", "unreached", "teams", "gauges", "flows"):
        expect(layer(page, name)).to_contain_text("— まだ読めていない")
    city = {"city": {"city": {"missing": ["gauges"], "fictional": True}}}
    told(page, **city)
    expect(layer(page, "gauges")).to_contain_text("— 読めない")
    told(page, teams={}, **city)
    expect(layer(page, "teams")).to_contain_text("出ている班なし")
    told(page, city={"city": {"missing": [], "reports_left": 12}})
    expect(layer(page, "closures")).to_contain_text("ほか報告12件は地図に出ません")


def test_rule_19_an_old_layer_is_grey_and_dashed_and_says_its_age(plain: Page) -> None:
    page = plain
    told(page)
    expect(layer(page, "water")).to_have_attribute("data-tone", "ok")
    expect(layer(page, "water")).to_contain_text("3分前")
    drawn = page.locator(".mapover [data-part=water] path")
    fresh = drawn.get_attribute("fill")
    told(page, age_min=90)
    expect(layer(page, "water")).to_have_attribute("data-tone", "old")
    expect(layer(page, "water")).to_contain_text("古い 1時間33分前")
    expect(layer(page, "water").locator(".age")).to_have_css("outline-style", "dashed")
    expect(drawn).not_to_have_attribute("fill", fresh or "")
    assert drawn.get_attribute("stroke-dasharray")
    expect(page.locator(".mapover [data-part=labels]")).to_contain_text("澄川 上 欠測")


def test_rule_4_no_flow_is_drawn_in_an_area_under_level_5(plain: Page) -> None:
    page = plain
    told(page)
    flows = page.locator(".mapover .flow")
    assert flows.evaluate_all(LINES) == [1]
    told(page, areas={FOUR: AREAS[FOUR]})
    expect(page.locator(".maptrouble")).to_contain_text("レベル5の区域の形を読めない")
    expect(flows).to_have_count(0)
    five = {"number": 1, "level": 5, "hazard": "flood", "area_names": [], "whole_city": True}
    told(page, orders={"1": five})
    expect(page.locator(".maptrouble")).to_contain_text("レベル5が市内全域")
    expect(flows).to_have_count(0)
    expect(page.locator(".mapover [data-part=labels]")).to_contain_text("市内全域")


def test_an_order_that_was_drawn_is_on_the_map_and_one_without_a_shape_is_said_to_be_missing(
    plain: Page,
) -> None:
    page = plain
    drawn = {"number": 9, "level": 5, "hazard": "flood", "area_names": ["地図で示した区域"]}
    orders = {"9": drawn | {"whole_city": False, "households": 90}}
    read = "async state => (await (await import('/static/hqboardmapdata.js')).mapData()(state))"
    areas = page.evaluate(read, {"orders": orders})["areas"]
    assert areas == {"areas": AREAS, "orders": SHAPES}
    told(page, areas=areas, orders=orders)
    expect(page.locator(".mapover [data-part=orders] [data-level='5']")).to_have_count(1)
    expect(page.locator(".mapover [data-part=labels]")).to_contain_text("地図で示した区域")
    expect(layer(page, "orders")).to_have_attribute("data-tone", "ok")
    assert page.locator(".mapover .flow").evaluate_all(LINES) == [1]
    told(page, areas=AREAS, orders=orders)
    expect(layer(page, "orders")).to_have_attribute("data-tone", "lost")
    expect(layer(page, "orders")).to_contain_text("区域の形がない発令 1件")
    expect(page.locator(".maptrouble")).to_contain_text("発令1件は、この地図に出ていません")
    expect(page.locator(".mapover .flow")).to_have_count(0)


def test_number_keys_hide_and_show_layers_but_not_while_somebody_types(plain: Page) -> None:
    page = plain
    told(page)
    sites = page.locator(".mapover > svg > g > [data-part=sites]")
    page.keyboard.press("5")
    expect(sites).to_be_hidden()
    expect(layer(page, "sites")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("5")
    expect(sites).to_be_visible()
    page.evaluate("document.getElementById('m').append(document.createElement('input'))")
    page.locator("input").press("5")
    expect(sites).to_be_visible()
    page.evaluate("document.querySelector('input').remove()")
    page.evaluate("localStorage.setItem('letters', 'off')")
    page.locator("body").press("5")
    expect(sites).to_be_visible()
    page.evaluate("localStorage.removeItem('letters')")


def test_whatever_comes_the_map_is_drawn_twice_a_second_and_keys_do_not_wait(
    browser: Browser, hq: Headquarters
) -> None:
    page = opened(hq, browser, "/bare", init=NO_WEBGL)
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    page.evaluate(MOUNTED, {})
    answer = [board(datetime.now(UTC)), AREAS, FLOWS]
    page.evaluate(UPDATE, answer)
    page.clock.run_for(1000)
    before = int(page.locator("#t").get_attribute("data-drawn") or 0)
    for number in range(20):
        page.evaluate(UPDATE, answer)
        if number == 10:
            page.keyboard.press("5")
            expect(layer(page, "sites")).to_have_attribute("aria-pressed", "false")
        page.clock.run_for(50)
    drawn = int(page.locator("#t").get_attribute("data-drawn") or 0) - before
    assert 1 <= drawn <= 3
    page.context.close()


def test_what_a_decision_is_about_is_ringed_and_the_map_is_accessible(plain: Page) -> None:
    page = plain
    told(page)
    page.evaluate("window.map.select('closure:5')")
    expect(page.locator(".mapover [data-part=pointed] circle")).to_have_count(2)
    page.evaluate("window.map.select('source:9')")
    expect(page.locator(".mapover [data-part=pointed] circle")).to_have_count(0)
    name = page.locator(".mapover").get_attribute("aria-label") or ""
    assert "避難情報 3" in name
    assert "水位 1：2分前" in name
    found = Axe().run(page, {"include": [["#m"]]})
    assert found.response["violations"] == [], found.generate_report()
    page.evaluate("window.map.destroy()")
    expect(page.locator("#t")).to_be_empty()


def test_the_map_says_much_in_little_and_shows_nobody(bare_page: Page) -> None:
    found = bare_page.evaluate(
        """async () => {
          const {areaWords} = await import('/static/hqboardmapwords.js');
          const {scattered} = await import('/static/hqboardmapgeo.js');
          const {boardSvg} = await import('/static/hqboardsvg.js');
          const ring = [[0, 0], [1, 0], [1, 1], [0, 1]];
          const one = {area: 'x', households: 34};
          const state = {unreached: {x: one, y: {area: 'y', households: 9}}, orders: {}};
          const svg = boardSvg({state, areas: {x: [ring], y: [ring]}, now: 0, meta: {},
            title: '<b>', view: {middle: [0.5, 0.5], scale: 1e5, width: 100, height: 100}});
          return {
            words: areaWords(['栞淵三丁目', '栞淵一丁目', '栞淵二丁目', '霞坂町', '絃町十二丁目']),
            all: areaWords([]), same: [scattered([ring], 3, 'x'), scattered([ring], 3, 'x')],
            dots: svg.split('data-part="unreached"')[1].split('/path')[0].split('h0').length - 1,
            safe: svg.includes('aria-label="&lt;b&gt;"')};
        }"""
    )
    assert found["words"] == "栞淵1〜3丁目・霞坂町・絃町十二丁目"
    assert found["all"] == "市内全域"
    assert found["same"][0] == found["same"][1]
    assert found["dots"] == 3
    assert found["safe"]


def test_what_the_wall_cannot_read_does_not_look_like_peace(
    browser: Browser, hq: Headquarters, quiet: None
) -> None:
    city = {"name": "澄瀬市（架空）", "fictional": True, "unreached": None, "counting": 1}
    city |= {"missing": ["orders", "decisions.calls"]}
    sites = {one: {"id": one, "name": one, "opening": one} for one in ("open", "endangered")}
    changes = {"city": {"city": city}, "orders": {}, "decisions": {}, "sites": sites}
    page = opened(hq, browser, init=NO_WEBGL, changes=changes, viewport=SMALL_SCREEN)
    expect(page.locator("#w-mode")).to_have_text("実災害")
    expect(page.locator("#w-levels")).to_contain_text("発令を、いま読めません")
    expect(page.locator("#w-levels")).not_to_contain_text("発令なし")
    expect(page.locator("#w-decide")).to_have_text("？決めることを、いま読めません")
    expect(page.locator("#w-unreached b")).to_have_text("数えています")
    expect(page.locator("#w-places b")).to_have_text("1")
    expect(page.locator("#w-places")).to_contain_text("危険 1")
    page.context.close()


def test_a_city_of_which_no_household_is_known_shows_no_zero_under_an_order(
    bare_page: Page,
) -> None:
    found = bare_page.evaluate(
        """async ([order, city]) => {
          const list = Object.assign(document.createElement('ul'), {id: 'w-levels'});
          document.body.append(list);
          const {drawLevels} = await import('/static/hqwalldraw.js');
          const {targetOf, unreachedOf} = await import('/static/hqboardwords.js');
          const state = {orders: {1: order}, alerts: {}, city: {city}};
          drawLevels(state);
          list.remove();
          return [list.textContent, targetOf(state), unreachedOf(state).said];
        }""",
        [
            ORDER | {"number": 1, "level": 4, "households": 0},
            {"households": 0, "target": 0, "unreached": 0},
        ],
    )
    assert "世帯" not in found[0]
    assert FIVE in found[0]
    assert found[1:] == [None, "—"]


def test_where_nobody_was_told_the_map_does_not_say_that_no_area_is_left(bare_page: Page) -> None:
    found = bare_page.evaluate(
        """async order => {
          const {layerStates, unreachedCells} = await import('/static/hqboardmaplayers.js');
          const empty = Object.fromEntries(
            ['alerts', 'unreached', 'unreached_cells'].map(name => [name, {}]));
          const of = (city, more = {}) => ({...empty, orders: {1: order}, city: {city}, ...more});
          const meta = {read_at: new Date().toISOString()};
          const said = state => layerStates({state, meta, now: Date.now()})
            .find(one => one.id === 'unreached').why;
          const cells = {1: {lon: 1, lat: 2, households: 70}};
          const unreached = Object.fromEntries(
            ['x', 'y'].map(area => [area, {area, households: 40}]));
          return [
            said(of({unreached: null})), said(of({unreached: 400})), said(of({unreached: 0})),
            said({...of({unreached: null}), orders: {}}),
            unreachedCells(of({}, {unreached_cells: cells, unreached})).map(one => one.area ?? ''),
          ];
        }""",
        ORDER | {"number": 1, "level": 4, "told": False, "area_names": ["x"]},
    )
    nowhere = "10世帯以上の町なし"
    assert found == ["まだ数えられていない", "町ごとには分からない", nowhere, nowhere, ["", "x"]]


@pytest.mark.parametrize(
    ("areas", "target", "alone", "said"),
    [
        ((["a", "b"], ["c"]), 9, False, "500 世帯"),
        ((["a", "b"], ["b", "c"]), 9, False, "300 世帯以上"),
        ((["a", "b"], ["b", "c"]), 410, True, "410 世帯"),
        ((["a"], []), None, True, "300 世帯以上"),
    ],
)
def test_the_wall_counts_no_household_of_a_level_twice(
    bare_page: Page, areas: tuple[list[str], ...], target: int | None, alone: bool, said: str
) -> None:
    orders = [
        {"area_names": one, "households": n} for one, n in zip(areas, (300, 200), strict=True)
    ]
    script = "async given => (await import('/static/hqwalldraw.js')).householdsOf(...given)"
    assert bare_page.evaluate(script, [orders, target, alone]) == said


def test_the_wall_is_read_from_afar_fits_its_screen_and_names_nobody(
    browser: Browser, hq: Headquarters, quiet: None
) -> None:
    towns = {"number": 2, "level": 4, "households": 22_500, "area_names": LONG_NAMES}
    orders = {str(n): ORDER | {"number": n, "level": n} for n in (3, 5)} | {"4": ORDER | towns}
    changes = {"orders": orders}
    page = opened(hq, browser, init=NO_WEBGL, color_scheme="dark", changes=changes)
    expect(page.locator("#w-levels li")).to_have_count(3)
    expect(page.locator("#w-unreached")).to_contain_text("126")
    expect(page.locator("#w-places")).to_contain_text("満 1・不明 1")
    expect(page.locator("#w-teams")).to_contain_text("超過 1")
    expect(page.locator("#w-gauge")).to_contain_text("6.84")
    titles = page.locator("#w-decide li span").all_text_contents()
    assert titles == [f"電話で確認 {n}" for n in (1, 2, 3, 4)]
    for width, height, least in ((1366, 768, 28), (3840, 2160, 56), (1920, 1080, 28)):
        page.set_viewport_size({"width": width, "height": height})
        page.locator(f".mapover [data-part=labels] text[font-size='{least}']").first.wait_for()
        assert page.evaluate(SMALL, least) == []
        assert page.evaluate(SPILLS) == []
    assert OFFICER not in page.content()
    text = page.locator("body").inner_text()
    assert "予測" not in text
    assert "浅瀬市（架空）" in text
    page.keyboard.press("d")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.get_by_label("文字のキーを使う").uncheck()
    page.keyboard.press("d")
    page.keyboard.press("b")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert page.url.endswith("/hq/wall")
    assert page.evaluate("localStorage.letters") == "off"
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    page.context.close()


def test_rule_16_a_drill_on_the_wall_is_one_head_and_tail(
    browser: Browser, hq: Headquarters
) -> None:
    city = {"name": "澄瀬市（架空）", "fictional": True, "live": False, "drill": True}
    page = opened(hq, browser, init=NO_WEBGL, changes={"city": {"city": city}})
    expect(page.locator("#w-mode")).to_have_text("訓練")
    tapes = page.locator(".w-tape")
    expect(tapes).to_have_count(2)
    for tape in tapes.all():
        expect(tape).to_be_visible()
        said = tape.evaluate("one => getComputedStyle(one, '::before').content")
        assert "これは訓練です" in json.dumps(said, ensure_ascii=False)
    page.context.close()


def test_rule_19_a_wall_that_hears_nothing_says_so_loudly(
    browser: Browser, hq: Headquarters
) -> None:
    city = {"name": "澄瀬市（架空）", "live": False, "drill": True, "unreached": 126}
    page = opened(hq, browser, init=NO_WEBGL, changes={"city": {"city": city}})
    expect(page.locator("#w-unreached")).to_contain_text("126")
    expect(page.locator("#w-stale")).to_be_hidden()
    page.unroute(f"{API}board")
    page.route(f"{API}board", lambda route: route.abort())
    page.evaluate(
        "async () => { const {setClock, now} = await import('/static/staff.js');"
        " setClock(new Date(now() + 7 * 6e4).toISOString()); }"
    )
    expect(page.locator("#w-stale")).to_be_visible()
    expect(page.locator("#w-stale")).to_contain_text("古い表示")
    expect(page.locator("#w-stale")).to_contain_text("7分前の内容です")
    expect(page.locator("#w-unreached")).to_have_css("border-style", "dashed")
    assert page.evaluate(SPILLS) == []
    page.set_viewport_size({"width": 1366, "height": 768})
    page.wait_for_function(WHOLE_ROWS)
    page.context.close()
