"""The map of what a load dropped and repaired: every row is counted, none is lost, none speaks."""

import json
import re
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from data.report import LoadReport, SourceReport
from tests.unit.web.msgids import JAPANESE
from web.droppedground import MOST_STREET_BYTES, extent_of, streets_path
from web.droppedmap import dropped_map
from web.droppedmarks import MOST_NUMBERED, placed_of, runs, units_of
from web.droppedrows import reasons_of

WEST, SOUTH = 135.40, 29.60
OUTLINE = [[(WEST, SOUTH), (WEST + 0.1, SOUTH), (WEST + 0.1, SOUTH + 0.08), (WEST, SOUTH)]]
SVG = "{http://www.w3.org/2000/svg}"


def at(east: float, north: float) -> shapely.Point:
    """A place, in hundredths of a degree from the corner of the outline."""
    return shapely.Point(WEST + east / 100, SOUTH + north / 100)


def a_load(city: str = "浅瀬市") -> tuple[LoadReport, SourceReport]:
    load = LoadReport(city)
    return load, load.of("roads", "walk.graphml")


def drawn(load: LoadReport, outline: Any = OUTLINE, **more: Any) -> ElementTree.Element:
    """The map as read back: well formed, in bounds, nothing fetched from elsewhere."""
    svg = dropped_map(json.loads(json.dumps(load.as_dict())), outline, **more)
    assert len(svg.encode()) <= 1_000_000
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"nan|inf\b", svg)
    found: ElementTree.Element = fromstring(svg)
    return found


def said(tree: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in tree.iter(f"{SVG}text")]


def marks(tree: ElementTree.Element, word: str) -> int:
    """How many marks of a word there are, the legend's samples too."""
    paths = [path for path in tree.iter(f"{SVG}path") if word in path.get("class", "").split()]
    return sum(path.get("d", "").count("M") for path in paths)


def test_few_rows_are_numbered_and_each_number_names_its_row() -> None:
    load, roads = a_load()
    roads.drop("ends in the air", row="edge 1-2", at=at(1, 1))
    roads.drop("ends in the air", row="edge 3-4", at=at(5, 5))
    load.of("sites", "sites.geojson").repair("an open ring was closed", row=7, at=at(8, 2))
    texts = said(drawn(load))
    assert "落とした行 2 件、直した行 1 件。" in texts
    assert {"1", "2", "3"} <= set(texts)
    assert {"1. 道路 edge 1-2", "2. 道路 edge 3-4", "3. 指定緊急避難場所 行 7"} <= set(texts)
    assert "道路（walk.graphml） 落とした行 2 件 [1, 2]: ends in the air" in texts
    assert "指定緊急避難場所（sites.geojson） 直した行 1 件 [3]: an open ring was closed" in texts


def test_many_rows_are_drawn_and_counted_without_numbers() -> None:
    load, roads = a_load()
    for row in range(MOST_NUMBERED + 1):
        roads.drop("ends in the air", row=row, at=at(row / 5, row / 6))
    tree = drawn(load)
    assert marks(tree, "dropped") == MOST_NUMBERED + 1 + 1
    assert "40 件より多いため、番号は付けません。" in said(tree)
    assert "1" not in said(tree)


def test_dropped_and_repaired_rows_differ_without_colour_and_so_do_sources() -> None:
    load, roads = a_load()
    roads.drop("a", row=1, at=at(1, 1))
    roads.repair("b", row=2, at=at(2, 2))
    load.of("zones", "zones.geojson").drop("c", row=3, at=at(3, 3))
    tree = drawn(load)
    found = [path for path in tree.iter(f"{SVG}path") if " c" in path.get("class", "")]
    forms = {(p.get("class"), re.sub(r"^M\d+ \d+", "", p.get("d", ""))) for p in found}
    assert {one for one, _ in forms} == {"dropped c0", "repaired c0", "dropped c1"}
    assert len({form for _, form in forms}) == 2
    style = next(tree.iter(f"{SVG}style")).text or ""
    assert ".dropped{fill:var(--c)" in style
    assert ".repaired{fill:#fff" in style


def test_rows_without_a_place_and_off_the_map_are_listed() -> None:
    load, roads = a_load()
    roads.drop("no place", row=4)
    roads.drop("far away", row=5, at=shapely.Point(0, 0))
    roads.drop("odd", row=6, at=shapely.Point(35_000, -30_000))
    roads.drop("here", row=7, at=at(3, 3))
    texts = said(drawn(load))
    assert "地図にあるのは 1 件、ほかの 3 件は位置がわからないか、地図の外です。" in texts
    for words in ("行 4", "行 5 (0.0000, 0.0000)", "行 6"):
        assert f"道路、落とした行 1 件: {words}" in texts


def test_rows_beyond_those_that_a_report_keeps_are_still_counted() -> None:
    load, roads = a_load()
    for row in range(1_200):
        roads.drop("ends in the air", row=row, at=at(5 + row % 40 / 10, 1))
    texts = said(drawn(load))
    assert "落とした行 1,200 件、直した行 0 件。" in texts
    assert "地図にあるのは 200 件、ほかの 0 件は位置がわからないか、地図の外です。" in texts
    told = "このほか 1,000 件は、同じ理由の行が多いため、1 件ずつ記録せず、描いていません。"
    assert told in texts
    assert texts[-2:] == ["多いため、1 件ずつ記録せず、描いていない行", "道路、落とした行 1,000 件"]


def test_a_frequent_reason_does_not_take_another_ones_place_on_the_map() -> None:
    load, roads = a_load()
    for row in range(3_000):
        roads.drop("no street", row=row)
    for row in range(150):
        roads.drop("ends in the air", row=row, at=at(5 + row % 40 / 10, 1))
    tree = drawn(load)
    assert marks(tree, "dropped") == 150 + 4, "and a sample for each line below"
    assert "地図にあるのは 150 件、ほかの 200 件は位置がわからないか、地図の外です。" in said(tree)


@pytest.mark.parametrize("outline", [OUTLINE, None, []])
def test_a_load_that_dropped_nothing_says_so_in_words(outline: Any) -> None:
    load, roads = a_load()
    roads.note("junctions without elevation: taken as flat", count=3)
    tree = drawn(load, outline)
    assert "落とした行も、直した行もありません。" in said(tree)
    assert ("地図に描ける位置がありません。" in said(tree)) == (not outline)
    assert marks(tree, "dropped") == 0


def test_files_that_could_not_be_used_are_named_above_the_map() -> None:
    load, roads = a_load()
    roads.refused = "is no OSMnx graph"
    assert "使えなかったファイル: walk.graphml: is no OSMnx graph" in said(drawn(load))


@pytest.mark.parametrize(
    ("name", "fictional", "title"),
    [
        ("浅瀬市", True, "浅瀬市（架空）"),
        ("浅瀬市（架空）", True, "浅瀬市（架空）"),
        ("浅瀬市", False, "浅瀬市"),
    ],
)
def test_rule_20_a_fictional_city_is_always_called_so(
    name: str, fictional: bool, title: str
) -> None:
    tree = drawn(LoadReport(name), fictional=fictional)
    assert said(tree)[0] == f"{title} 読み込みで落とした行と直した行"
    assert "Asase (fictional)" in said(drawn(LoadReport(name), name="Asase (fictional)"))[0]


def test_english_has_the_same_counts_and_no_japanese_letter() -> None:
    load, roads = a_load()
    roads.drop("ends in the air", row=4)
    roads.repair("was closed", row=5, at=at(2, 2))
    texts = said(drawn(load, lang="en", name="Asase", fictional=True))
    assert texts[0].startswith("Asase (fictional)")
    assert [text for text in texts if JAPANESE.search(text)] == []
    assert any("walk.graphml" in text and "ends in the air" in text for text in texts)


@given(st.text(max_size=400), st.text(max_size=60), st.text(max_size=60))
def test_texts_of_strangers_are_shown_and_never_obeyed(why: str, row: str, file: str) -> None:
    load = LoadReport(f"{file}市")
    source = load.of(file, why)
    source.drop(why, row=row, at=at(2, 2))
    source.repair(why, row=row)
    source.refused = row
    tree = drawn(load)
    kinds = {element.tag.removeprefix(SVG) for element in tree.iter()}
    assert kinds <= {"svg", "title", "style", "rect", "g", "path", "text", "clipPath"}


def test_a_script_in_a_row_stays_text() -> None:
    load, roads = a_load()
    roads.drop("<script>alert(1)</script>\u202e\x00", row='"><script>', at=at(2, 2))
    svg = dropped_map(load.as_dict(), OUTLINE)
    assert "<script" not in svg
    assert "&lt;script&gt;alert(1)&lt;/script&gt;□□" in svg


def test_hundreds_of_reasons_stay_on_one_sheet() -> None:
    load, roads = a_load()
    for row in range(900):
        roads.drop(f"column 'x' is {row} {'and more ' * 40}", row=row, at=at(row % 10, row % 8))
    tree = drawn(load)
    assert tree.get("viewBox") == "0 0 2100 2970"
    assert any(re.fullmatch(r"ほかの理由 \d+ つ、\d+ 件", text) for text in said(tree))


def test_the_streets_of_a_large_city_take_at_most_200_kb() -> None:
    rng = np.random.default_rng(4)
    middles = rng.uniform((WEST, SOUTH), (WEST + 0.3, SOUTH + 0.3), (15_000, 1, 2))
    streets = (middles + rng.normal(0, 0.003, (15_000, 6, 2))).reshape(-1, 2)
    streets[10] = np.nan
    cuts = np.arange(0, len(streets) + 1, 6)
    extent = extent_of(streets, np.empty((0, 2)))
    assert extent is not None
    path = streets_path(extent, extent.frame(1_880, 2_000), streets, cuts)
    assert MOST_STREET_BYTES / 2 < len(path) <= MOST_STREET_BYTES
    drawn(LoadReport("浅瀬市"), None, streets=streets, cuts=cuts)


def test_streets_alone_make_a_map() -> None:
    streets = np.array([(WEST, SOUTH), (WEST + 0.02, SOUTH), (WEST + 0.02, SOUTH + 0.02)])
    tree = drawn(LoadReport("浅瀬市"), None, streets=streets, cuts=np.array([0, 1, 3, 3]))
    paths = [path.get("d") for path in tree.iter(f"{SVG}path") if path.get("class") == "r"]
    assert len(paths) == 1
    assert paths[0]
    assert "北" in said(tree)


def test_degrees_and_kilometres_at_the_edges_are_true() -> None:
    load, roads = a_load()
    roads.drop("a", row=1, at=at(2, 2))
    texts = said(drawn(load))
    assert {"135.42°E", "29.64°N"} <= set(texts)
    extent = extent_of(np.array(OUTLINE[0]), np.empty((0, 2)))
    assert extent is not None
    frame = extent.frame(1_880, 1_880)
    west, east = frame.units(extent.metres(np.array([(WEST, SOUTH), (WEST + 0.1, SOUTH)])))
    # 0.1 degrees of longitude at 29.64° N are 9.68 km (GRS80).
    assert (east - west)[0] / frame.scale == pytest.approx(9_680, rel=0.005)


@given(
    st.lists(
        st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(shapely.Point),
        max_size=30,
    ),
    st.sampled_from([OUTLINE, None]),
)
def test_every_row_is_on_the_map_or_in_the_list(spots: list[shapely.Point], outline: Any) -> None:
    load, roads = a_load()
    for row, spot in enumerate(spots):
        roads.drop("a", row=row, at=spot)
    reasons = reasons_of(load.as_dict())
    known = np.array(outline[0] if outline else []).reshape(-1, 2)
    lonlat = np.array([(spot.x, spot.y) for spot in spots]).reshape(-1, 2)
    extent = extent_of(known, lonlat)
    placed = placed_of(reasons, extent)
    if extent is not None:
        frame = extent.frame(1_880, 2_000)
        assert all(frame.holds(x, y) for x, y in units_of(frame, extent, placed))
    tree = drawn(load, outline)
    listed = len(spots) - len(placed)
    assert (f"道路、落とした行 {listed} 件" in " ".join(said(tree))) == (listed > 0)


@given(st.sets(st.integers(1, 40)))
def test_runs_of_numbers_name_each_once(numbers: set[int]) -> None:
    named: list[int] = []
    for part in filter(None, runs(sorted(numbers)).split(", ")):
        low, _, high = part.partition("–")
        named += range(int(low), int(high or low) + 1)
    assert named == sorted(numbers)


def test_the_same_report_gives_the_same_map() -> None:
    load, roads = a_load()
    roads.drop("a", row=1, at=at(2, 2))
    assert dropped_map(load.as_dict(), OUTLINE) == dropped_map(load.as_dict(), OUTLINE)
