"""Where an alert is for, in a browser: drawn by hand, by key, as text, or chosen of the plan."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FloatRect, Page, expect

from alerts.kinds import AlertKind, Status
from city.staff import Role
from data.tiles import write_tiles
from hazards.zone import ZoneLayer
from operations.alerts import drafting
from operations.serving import utc_now
from tests.browser.alertserver import REASON, AlertDesk, alert_desk
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.integration.databases import Server
from tests.integration.loaded import serving

WRITER = (Role.OPERATOR,)
APPROVER = (Role.OPERATOR, Role.APPROVER)
SQUARE = ((0.3, 0.4), (0.7, 0.4), (0.7, 0.7), (0.3, 0.7))
"""Corners as shares of the map's box."""
NO_TILES = {"tiles": ""}
LIFELINE: dict[str, Any] = {
    "kind": AlertKind.LIFELINE,
    "hazard": None,
    "level": None,
    "areas": (),
    "subject": "断水",
    "action": "水を、ためること。",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("where")


@pytest.fixture(scope="module")
def desk(server: Server, with_plan: tuple[str, Path], home: Path) -> Iterator[AlertDesk]:
    with alert_desk(server, with_plan, home) as made:
        yield made


@pytest.fixture(autouse=True)
def _quiet(desk: AlertDesk) -> Iterator[None]:
    """Nothing of a page is refused by its policy, and nothing of it fails."""
    desk.hq.said.clear()
    yield
    passed = re.compile("Failed to load resource|GL Driver Message")
    assert [line for line in desk.hq.said if not passed.search(line)] == []


def opened(desk: AlertDesk, browser: Browser, at: str = "", **context: Any) -> Page:
    """The page with the outline of the city to draw on: there are no tiles."""
    page = desk.opened(browser, desk.hq.officer(*WRITER), at=at, **context)
    page.route("**/map/now.json*", lambda route: route.fulfill(json=NO_TILES))
    return page


def to_draw(page: Page, ground: str = ".plain") -> FloatRect:
    """Choose to draw; the box of the map, in view."""
    page.get_by_role("radio", name="地図に描く").check()
    page.locator(f"#draw-ground {ground}").wait_for()
    page.locator("#draw-over").scroll_into_view_if_needed()
    box = page.locator("#draw-over").bounding_box()
    assert box is not None
    return box


def spot(box: FloatRect, east: float, south: float) -> tuple[float, float]:
    return box["x"] + box["width"] * east, box["y"] + box["height"] * south


def check(page: Page) -> None:
    page.get_by_role("button", name="確認", exact=True).click()


def drawn(page: Page) -> list[list[float]]:
    """The corners as they are kept, [lon, lat]."""
    kept = page.evaluate("Object.values(sessionStorage)[0]")
    found: list[list[float]] = next(
        one["values"]["polygon"]["corners"]
        for one in json.loads(kept).values()
        if isinstance(one, dict)
    )
    return found


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "finger"])
def test_corners_are_pressed_dragged_and_closed_and_the_server_tells_the_size(
    browser: Browser, desk: AlertDesk, touch: bool
) -> None:
    page = opened(desk, browser, has_touch=touch)
    page.keyboard.press("n")
    page.get_by_role("radio", name="4 避難指示").check()
    page.get_by_label("理由（何が起きているか）").fill(REASON)
    box = to_draw(page)
    press = page.touchscreen.tap if touch else page.mouse.click
    for corner in SQUARE:
        press(*spot(box, *corner))
    check(page)
    expect(page.locator("#draw-said")).to_contain_text("閉じていません")
    box = to_draw(page)
    press(*spot(box, *SQUARE[0]))
    expect(page.locator("#draw-said")).to_contain_text("角4つで閉じました")
    before = drawn(page)
    page.mouse.move(*spot(box, *SQUARE[2]))
    page.mouse.down()
    page.mouse.move(*spot(box, 0.8, 0.8), steps=3)
    page.mouse.up()
    moved = [old != new for old, new in zip(before, drawn(page), strict=True)]
    assert moved == [False, False, True, False]
    page.reload()
    expect(page.locator("#kept")).to_contain_text("書きかけを戻しました")
    expect(page.locator("#draw-said")).to_contain_text("角4つで閉じました")
    check(page)
    expect(page.locator("#draw-said")).to_have_text(
        re.compile(r"^[\d.]+ km²。\d+町の全体に出ます：")
    )
    expect(page.locator("#drawn-whole")).to_contain_text("線のかかる町丁目の全体に出ます")
    expect(page.locator("#figures")).to_be_visible()
    check(page)
    expect(page.locator("#draft output.said")).to_contain_text("点検しました")
    page.get_by_role("radio", name="町丁目").check()
    expect(page.locator("#drawn-whole")).to_be_hidden()
    expect(page.locator("#reach-map .reach")).to_be_visible()
    expect(page.locator("#reach-said")).to_contain_text("km²")
    page.context.close()


def test_everything_is_drawn_by_keyboard_and_nothing_is_cleared_unasked(
    browser: Browser, desk: AlertDesk
) -> None:
    page = opened(desk, browser)
    page.keyboard.press("n")
    to_draw(page)
    over, said = page.locator("#draw-over"), page.locator("#draw-said")
    over.focus()
    for keys in (
        "ArrowUp ArrowLeft Enter",
        "ArrowRight " * 5 + "Enter",
        "ArrowDown " * 5 + "Enter",
    ):
        for key in keys.split():
            page.keyboard.press(key)
    expect(said).to_contain_text("角3つ")
    page.keyboard.press("Backspace")
    expect(said).to_contain_text("角2つ。あと1つ以上")
    for key in ("ArrowDown", "Enter", "Enter"):
        page.keyboard.press(key)
    expect(said).to_contain_text("角3つで閉じました")
    before = drawn(page)
    for key in (" ", "Shift+ArrowDown", "Enter"):
        page.keyboard.press(key)
    assert sum(old != new for old, new in zip(before, drawn(page), strict=True)) == 1
    page.keyboard.press("Escape")
    back = page.get_by_role("button", name="やめる")
    expect(back).to_be_focused()
    page.keyboard.press("Enter")
    assert len(drawn(page)) == 3
    page.get_by_role("button", name="すべて消す").click()
    page.get_by_role("button", name="はい、消す").click()
    expect(over).to_be_focused()
    expect(page.locator("#draw-over .corner")).to_have_count(0)
    page.keyboard.press("Backspace")
    expect(page.locator("#draw-over .corner")).to_have_count(3)
    page.context.close()


def test_coordinates_are_mended_line_by_line_and_what_the_server_refuses_is_read_at_the_map(
    browser: Browser, desk: AlertDesk
) -> None:
    page = opened(desk, browser)
    page.keyboard.press("n")
    page.get_by_role("radio", name="4 避難指示").check()
    page.get_by_label("理由（何が起きているか）").fill(REASON)
    to_draw(page)
    page.locator("summary", has_text="座標で入れる").click()
    text, take = page.locator("#draw-text"), page.get_by_role("button", name="座標を地図に入れる")
    text.fill("29.6, 135.4\n135.41, 29.6\nこの角\n")
    take.click()
    expect(page.locator("#draw-wrong li")).to_have_text(
        [re.compile("^2行目：緯度と経度が逆"), re.compile("^3行目：.*2つの数")]
    )
    check(page)
    expect(page.locator("#draft output.said")).to_contain_text("まだ地図に入っていません")
    page.reload()
    expect(text).to_have_value("29.6, 135.4\n135.41, 29.6\nこの角\n")
    text.fill("29.60, 135.40\n29.61, 135.41\n29.60, 135.41\n29.61, 135.40")
    take.click()
    expect(page.locator("#draw-wrong")).to_be_empty()
    check(page)
    expect(page.locator("#draw-said.stop")).to_contain_text("区域の線が交わっています")
    text.fill('{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}')
    take.click()
    check(page)
    expect(page.locator("#draw-said.stop")).to_contain_text("区域が市の外です")
    page.context.close()


def test_an_update_of_a_drawn_area_begins_with_its_corners(
    browser: Browser, desk: AlertDesk
) -> None:
    writer, approver = desk.hq.officer(*WRITER), desk.hq.officer(*APPROVER)
    ring = [[135.39, 29.6], [135.41, 29.6], [135.41, 29.61], [135.39, 29.61], [135.39, 29.6]]
    number = desk.sent(
        writer,
        approver,
        **LIFELINE,
        status=Status.EXERCISE,
        polygon={"type": "Polygon", "coordinates": [ring]},
    )
    page = opened(desk, browser, at=f"#{number}")
    page.get_by_role("button", name="更新する").click()
    expect(page.get_by_role("radio", name="地図に描く")).to_be_checked()
    expect(page.locator("#draw-over .corner")).to_have_count(4)
    expect(page.locator("#draw-over .was")).to_be_visible()
    page.get_by_label("理由（何が起きているか）").fill(REASON)
    check(page)
    expect(page.locator("#change")).to_contain_text("変わらない")
    page.locator("summary", has_text="座標で入れる").click()
    text = page.locator("#draw-text").input_value().split("\n")
    assert text[0] == "29.6, 135.39"
    page.locator("#draw-text").fill("\n".join(["29.599, 135.389", *text[1:]]))
    page.get_by_role("button", name="座標を地図に入れる").click()
    check(page)
    expect(page.locator("#reach-map .was")).to_be_visible()
    expect(page.locator("#draft output.said")).to_contain_text("点検しました")
    expect(page.locator("#draw-said")).to_contain_text("km²")
    page.context.close()


def test_an_update_of_a_zone_stays_with_it(browser: Browser, desk: AlertDesk) -> None:
    writer, approver = desk.hq.officer(*WRITER), desk.hq.officer(*APPROVER)
    general = {**LIFELINE, "kind": AlertKind.GENERAL, "zone": ZoneLayer.DEPTH}
    number = desk.sent(writer, approver, status=Status.EXERCISE, **general)
    page = opened(desk, browser, at=f"#{number}")
    page.get_by_role("button", name="更新する").click()
    expect(page.locator("#where-pick option:checked")).to_have_text(
        "選んだまま（洪水浸水想定区域）"
    )
    page.get_by_label("理由（何が起きているか）").fill("水位が、さらに上がっています。")
    check(page)
    expect(page.locator("#change")).to_contain_text("変わらない")
    expect(page.locator("#figures")).to_contain_text("前の版から ±0")
    page.context.close()


def test_what_was_taken_back_is_made_anew_for_the_same_area(
    browser: Browser, desk: AlertDesk
) -> None:
    writer = desk.hq.officer(*WRITER)
    ring = [[135.39, 29.6], [135.41, 29.6], [135.41, 29.61], [135.39, 29.6]]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    zone = {**LIFELINE, "zone": ZoneLayer.COLLAPSE}
    for values in ({**LIFELINE, "polygon": polygon}, zone):
        number = desk.draft(writer, **values)
        drafting.withdraw(desk.engine, writer.caller, number, now=utc_now())
        page = opened(desk, browser, at=f"#{number}")
        page.get_by_role("button", name="この文面で作り直す").click()
        if "polygon" in values:
            expect(page.locator("#draw-over .corner")).to_have_count(3)
        else:
            expect(page.locator("#where-pick")).to_have_value("collapse")
        check(page)
        expect(page.locator("#draft output.said")).to_contain_text("点検しました")
        made = int(page.locator(".row[aria-current]").get_attribute("data-number") or 0)
        assert made > number
        shapes = desk.hq.database.rows(
            f"SELECT DISTINCT geom FROM alert_revision WHERE id IN ({made}, {number})"  # noqa: S608
        )
        assert len(shapes) == 1
        page.context.close()


def test_what_is_no_order_goes_to_a_zone_a_place_or_whom_a_version_moved(
    browser: Browser, desk: AlertDesk
) -> None:
    page = opened(desk, browser)
    asked: list[Any] = []
    page.on("request", lambda one: asked.append(one.post_data_json) if one.post_data else None)
    page.route("**/alertareas", lambda route: route.abort())
    page.keyboard.press("n")
    expect(page.get_by_role("radio", name="避難先ごと")).to_be_disabled()
    page.locator("#draft [name=kind]").select_option(str(AlertKind.GENERAL))
    page.get_by_role("radio", name="想定区域").check()
    expect(page.locator("#pick-said")).to_contain_text("読めませんでした")
    page.unroute("**/alertareas")
    page.get_by_role("button", name="もう一度読む").click()
    page.locator("#where-pick").select_option(label="洪水浸水想定区域")
    page.get_by_label("件名").fill("川を見に行かない")
    page.get_by_label("理由（何が起きているか）").fill(REASON)
    page.get_by_label("してほしいこと").fill("家にいること。")
    page.reload()
    expect(page.locator("#where-pick")).to_have_value("depth")
    check(page)
    expect(page.locator("#reach-said")).to_contain_text(
        "洪水浸水想定区域。塗った所が区域です。広さ"
    )
    expect(page.locator("#where-pick option:checked")).to_have_text(
        "選んだまま（洪水浸水想定区域）"
    )
    check(page)
    expect(page.locator("#draft output.said")).to_contain_text("点検しました")
    assert [(one["zone"] if "zone" in one else one["same_area"]) for one in asked] == [
        "depth",
        True,
    ]
    place = {"id": "E1", "name": "浅瀬中学校", "households": 1234}
    moved = {"number": 7, "published_at": "2026-10-13T02:14:00+09:00", "cause": "通行止め"}
    found = {"zones": [], "places": [place], "versions": [{**moved, "households": 31}]}
    page.route("**/alertareas", lambda route: route.fulfill(json=found))
    for name, label, body in (
        ("避難先ごと", "浅瀬中学校（1,234世帯）", {"site": "E1"}),
        ("道が変わった世帯", re.compile("第7版 .*通行止め（31世帯）"), {"changed_in": 7}),
    ):
        page.get_by_role("radio", name=name).check()
        check(page)
        expect(page.locator("#draft output.said")).to_contain_text("選んでください")
        expect(page.locator("#where-pick option").last).to_have_text(label)
        page.locator("#where-pick").select_option(index=1)
        check(page)
        expect(page.locator("#draft output.said")).to_contain_text("ありません")
        assert body.items() <= asked[-1].items()
    page.context.close()


@pytest.fixture
def drawing(browser: Browser) -> Iterator[Browser]:
    """A browser that draws WebGL without a graphics card."""
    software = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    arguments = [one for one in ARGUMENTS if one != "--disable-gpu"]
    chromium = browser.browser_type.launch(executable_path=CHROMIUM, args=[*arguments, *software])
    yield chromium
    chromium.close()


def test_where_there_are_tiles_streets_and_water_lie_under_the_line(
    drawing: Browser, desk: AlertDesk, home: Path
) -> None:
    current = serving(home / "state")
    write_tiles(current.tiles, current.version.ground)
    small = {"width": 800, "height": 600}
    page = desk.opened(drawing, desk.hq.officer(*WRITER), viewport=small)
    page.keyboard.press("n")
    box = to_draw(page, ".maplibregl-canvas")
    expect(page.locator("#draw-legend")).to_contain_text("浸水の想定")
    for corner in SQUARE[:3]:
        page.mouse.click(*spot(box, *corner))
    page.mouse.dblclick(*spot(box, *SQUARE[3]))
    expect(page.locator("#draw-said")).to_contain_text("角4つで閉じました")
    bounds = current.version.ground.roads.shape_lonlat
    (west, south), (east, north) = bounds.min(axis=0), bounds.max(axis=0)
    assert all(west < lon < east and south < lat < north for lon, lat in drawn(page))
    page.context.close()


def test_axe_finds_nothing_with_the_map_open_and_nothing_scrolls_sideways(
    browser: Browser, desk: AlertDesk
) -> None:
    page = opened(desk, browser)
    page.keyboard.press("n")
    box = to_draw(page)
    for corner in SQUARE:
        page.mouse.click(*spot(box, *corner))
    for summary in page.locator("#draw-part summary").all():
        summary.click()
    page.get_by_role("button", name="すべて消す").click()
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    for letters in ("16px", "32px"):
        page.evaluate(f"document.documentElement.style.setProperty('font-size', '{letters}')")
        for width in (390, 768, 1280, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()
