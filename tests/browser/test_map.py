"""The map that moves, in a browser on a running server: only when asked for, only from there."""

import io
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import shapely
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from api.app import create
from data.pmtiles import Tile, write_pmtiles
from data.tiles import TILES, write_tiles
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.unit.api.served import Served, order

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
DRAWN = """() => {
  const {map} = document.querySelector('.moving');
  return map.loaded() && map.areTilesLoaded() && map.isStyleLoaded();
}"""
SEEN = """layers => {
  const {map} = document.querySelector('.moving');
  return map.queryRenderedFeatures({layers}).map(one => one.properties);
}"""
COLOURS = """() => new Promise(resolve => {
  const {map} = document.querySelector('.moving');
  map.once('render', () => {
    const from = map.getCanvas();
    const to = document.createElement('canvas');
    [to.width, to.height] = [from.width, from.height];
    const pen = to.getContext('2d');
    pen.drawImage(from, 0, 0);
    const {data} = pen.getImageData(0, 0, to.width, to.height);
    const seen = {};
    for (let at = 0; at < data.length; at += 4) {
      const key = `${data[at]},${data[at + 1]},${data[at + 2]}`;
      seen[key] = (seen[key] || 0) + 1;
    }
    resolve(seen);
  });
  map.triggerRepaint();
})"""
OF_THE_PAGE = ("/readyz", "/api/v1/live/changes", "/api/v1/live/events")
OPEN, CLOSE = "動く地図を開く", "動く地図を閉じる"


class Site:
    """The fictional town on a port of its own; `asked` are all requests of the pages opened."""

    def __init__(self, town: Path, state: Path) -> None:
        self.served = Served(town, state)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        config = uvicorn.Config(
            create(state),
            port=port,
            log_level="critical",
            ws="none",
            timeout_graceful_shutdown=1,  # a page may follow the stream still
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)

    @property
    def tiles(self) -> Path:
        """Where the tiles are looked for."""
        return self.served.home / "ground-1" / TILES

    def door(self) -> str:
        """A door in the water's way, as a question."""
        x, y = self.served.ground.roads.junction_xy[400].tolist()
        at = self.served.ground.metres.position(x + 10, y + 10)
        return f"lat={at.lat:.6f}&lon={at.lon:.6f}"

    def close(self) -> None:
        """End the server."""
        self.server.should_exit = True
        self.thread.join()


@pytest.fixture(scope="module")
def site(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The town, with its tiles, an order and observed water."""
    made = Site(town, tmp_path_factory.mktemp("state"))
    write_tiles(made.tiles, made.served.ground)
    x, y = made.served.ground.roads.junction_xy[400].tolist()
    flood = shapely.box(x + 150, y - 100, x + 300, y + 50)
    water = shapely.transform(flood, made.served.ground.metres.lonlat)
    made.served.publish(order(4), water=shapely.geometry.mapping(water))
    yield made
    made.close()


@pytest.fixture(scope="module")
def drawing() -> Iterator[Browser]:
    """A browser that draws WebGL without a graphics card."""
    software = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    arguments = [one for one in ARGUMENTS if one != "--disable-gpu"]
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=[*arguments, *software])
        yield chromium
        chromium.close()


def opened(browser: Browser, url: str, **context: Any) -> tuple[Page, list[str], list[str]]:
    """A page, all that it asks for, and all that its console says (this town has no stream)."""
    page = browser.new_page(**{"viewport": PHONE, "locale": "ja-JP", **context})
    page.set_default_timeout(20_000)
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(f"{message.text} {message.location['url']}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.route("**/api/v1/live/changes*", lambda poll: poll.fulfill(json={"snapshot": []}))
    page.route("**/api/v1/live/events*", lambda stream: stream.fulfill(status=204))
    page.goto(url)
    return page, asked, said


def drawn(page: Page) -> None:
    """Press the button, and wait until the map stands still."""
    page.get_by_role("button", name=OPEN).click()
    page.locator(".moving canvas").wait_for()
    page.wait_for_function(DRAWN)
    page.wait_for_timeout(300)


def test_nothing_of_the_map_is_loaded_before_its_button_is_pressed(
    drawing: Browser, site: Site
) -> None:
    for path in ("/", f"/way?{site.door()}"):
        page, asked, said = opened(drawing, site.url + path)
        expect(page.get_by_role("button", name=OPEN)).to_be_visible()
        page.wait_for_timeout(500)
        of_map = [one for one in asked if "/static/" in one or ".json" in one or "/map/" in one]
        assert [one for one in of_map if "/static/roads.js" not in one] == []
        assert said == []
        page.close()


def test_without_script_the_plain_page_is_all_there_is(drawing: Browser, site: Site) -> None:
    page, _, _ = opened(drawing, f"{site.url}/way?{site.door()}", java_script_enabled=False)
    assert page.get_by_role("button").count() == 0
    expect(page.locator("#way > svg")).to_be_visible()
    page.close()


def test_button_draws_the_way_the_water_and_the_streets(drawing: Browser, site: Site) -> None:
    page, _, said = opened(drawing, f"{site.url}/way?{site.door()}")
    drawn(page)
    kinds = {one["kind"] for one in page.evaluate(SEEN, ["way", "second", "marks"])}
    assert {"way", "door", "place-1"} <= kinds
    assert {"class", "name"} <= set().union(*page.evaluate(SEEN, ["roads"]))
    assert {one["rank"] for one in page.evaluate(SEEN, ["depth"])} != set()
    assert len(page.evaluate(SEEN, ["observed"])) == 1
    assert "浅瀬中学校" in {one["name"] for one in page.evaluate(SEEN, ["site-names"])}
    seen = page.evaluate(COLOURS)
    for colour in ("11,92,173", "0,91,187", "247,246,242", "255,255,255"):
        assert seen.get(colour, 0) > 100
    assert [one for one in said if "data:image/webp" not in one] == []
    page.close()


def test_map_asks_its_own_server_alone_and_never_says_where_somebody_is(
    drawing: Browser, site: Site
) -> None:
    for path in (f"/way?{site.door()}", f"/?{site.door()}"):
        page, asked, _ = opened(drawing, site.url + path)
        before = len(asked)
        drawn(page)
        for _ in range(3):
            page.get_by_role("button", name="大きくする").click()
        page.wait_for_function(DRAWN)
        later = [one for one in asked[before:] if not one.startswith("data:image/webp")]
        later = [one for one in later if urlsplit(one).path not in OF_THE_PAGE]
        assert {one.split("?")[0] for one in later} == {
            f"{site.url}/static/{name}"
            for name in (
                "map.js",
                "mapimages.js",
                "pmtiles.js",
                "moving.css",
                "maplibre-gl.js",
                "maplibre-worker.js",
            )
        } | {f"{site.url}/map/now.json", f"{site.url}/map/1.pmtiles"}
        assert {key for one in later for key, _ in parse_qsl(urlsplit(one).query)} == {"v", "lang"}
        page.close()


def test_closing_the_map_gives_the_plain_one_back(drawing: Browser, site: Site) -> None:
    page, _, _ = opened(drawing, f"{site.url}/way?{site.door()}")
    drawn(page)
    expect(page.locator("#way > svg")).to_be_hidden()
    page.get_by_role("button", name=CLOSE).press("Enter")
    expect(page.locator("#way > svg")).to_be_visible()
    expect(page.locator("#way > .legend")).to_be_visible()
    assert page.locator(".moving").count() == 0
    expect(page.get_by_role("button", name=OPEN)).to_be_focused()
    drawn(page)
    page.close()


def test_keys_move_the_map_and_change_its_size(drawing: Browser, site: Site) -> None:
    page, _, _ = opened(drawing, f"{site.url}/way?{site.door()}", reduced_motion="reduce")
    drawn(page)
    place = "() => { const {map} = document.querySelector('.moving');"
    place += " return [map.getCenter().lng, map.getZoom()]; }"
    west, near = page.evaluate(place)
    expect(page.locator(".moving canvas")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(100)
    east, _ = page.evaluate(place)
    assert east > west
    page.keyboard.press("Minus")
    page.wait_for_timeout(100)
    assert page.evaluate(place)[1] < near
    page.close()


def test_tap_on_the_map_of_the_home_page_marks_the_point(drawing: Browser, site: Site) -> None:
    page, _, _ = opened(drawing, f"{site.url}/?profile=slow")
    drawn(page)
    page.locator(".moving canvas").click(position={"x": 150, "y": 270})
    page.get_by_role("button", name="ここで見る").wait_for()
    assert "profile=slow" in page.url
    page.close()


def test_map_that_is_not_ready_says_so_and_leaves_the_plain_one(
    drawing: Browser, site: Site
) -> None:
    away = site.tiles.with_suffix(".away")
    site.tiles.rename(away)
    try:
        page, _, _ = opened(drawing, f"{site.url}/way?{site.door()}")
        page.get_by_role("button", name=OPEN).click()
        expect(page.locator("#move")).to_contain_text("地図の準備ができていません")
        expect(page.locator("#way > svg")).to_be_visible()
        expect(page.get_by_role("button", name=OPEN)).to_be_enabled()
        page.close()
    finally:
        away.rename(site.tiles)


def test_tiles_that_cannot_be_read_are_said_in_words(drawing: Browser, site: Site) -> None:
    page, _, _ = opened(drawing, f"{site.url}/way?{site.door()}")
    page.route("**/*.pmtiles", lambda route: route.abort())
    page.get_by_role("button", name=OPEN).click()
    expect(page.locator(".trouble")).to_contain_text("地図の一部を読めませんでした")
    expect(page.get_by_role("button", name=CLOSE)).to_be_visible()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_open_map_is_accessible_and_never_scrolls_sideways(
    drawing: Browser, site: Site, lang: str, scheme: str
) -> None:
    page, _, _ = opened(
        drawing,
        f"{site.url}/way?{site.door()}&lang={lang}",
        color_scheme=scheme,
        viewport={"width": 320, "height": 700},
    )
    page.locator("#move button").click()
    page.locator(".moving canvas").wait_for()
    page.wait_for_function(DRAWN)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    sizes = page.evaluate(
        "[...document.querySelectorAll('.keys button')].map(one => one.getBoundingClientRect())"
        ".map(box => Math.min(box.width, box.height))"
    )
    assert len(sizes) == 4
    assert min(sizes) >= 48
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    page.close()


def test_open_map_is_not_printed_but_the_plain_one(drawing: Browser, site: Site) -> None:
    page, _, _ = opened(drawing, f"{site.url}/way?{site.door()}")
    drawn(page)
    page.emulate_media(media="print")
    expect(page.locator(".moving")).to_be_hidden()
    expect(page.locator("#way > svg")).to_be_visible()
    page.close()


def test_reader_finds_every_tile_by_leaf_directories(drawing: Browser, site: Site) -> None:
    tiles: dict[Tile, bytes] = {
        (9, x, y): b"%d/%d" % (x, y) * (x % 7 + 1) for x in range(180) for y in range(180)
    }
    file = io.BytesIO()
    write_pmtiles(file, tiles, (139.0, 35.0, 139.1, 35.1), {})
    data = file.getvalue()

    def answer(route: Route) -> None:
        begin, end = route.request.headers["range"].removeprefix("bytes=").split("-")
        route.fulfill(status=206, body=data[int(begin) : int(end) + 1])

    page, _, _ = opened(drawing, site.url)
    page.route("**/many.pmtiles", answer)
    page.evaluate(
        "url => new Promise(done => document.head.append(Object.assign("
        "document.createElement('script'), {src: url, onload: () => done()})))",
        f"{site.url}/static/pmtiles.js",
    )
    read = """places => {
      const file = new PMTiles('/many.pmtiles');
      const decode = one => new TextDecoder().decode(one);
      const text = ([zoom, x, y]) => file.tile(zoom, x, y).then(decode);
      return Promise.all(places.map(text));
    }"""
    places = [*list(tiles)[::1999], (9, 300, 300), (3, 1, 1), (12, 5, 5)]
    expected = [tiles.get(place, b"").decode() for place in places]
    assert page.evaluate(read, [list(place) for place in places]) == expected
    page.close()
