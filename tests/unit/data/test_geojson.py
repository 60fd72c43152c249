"""Zones, sites and areas that cannot be used are refused with file, row, field, what to do."""

import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from data.errors import BrokenSource
from data.readers.areas import read_areas, read_waterways
from data.readers.drawn import MOST_IN_FILE, MOST_IN_ONE, read_drawn
from data.readers.gsi import COLUMNS, read_shelters, read_sites
from data.readers.zones import read_zones
from data.report import SourceReport
from hazards.kinds import HazardKind
from hazards.zone import RED, YELLOW, ZoneLayer
from tests.integration.small_city import box, write_features

Reader: TypeAlias = Callable[[Path, SourceReport], list[Any]]


def read_a31b(path: Path, report: SourceReport) -> list[Any]:
    return read_zones(path, "a31b", report).rows


def read_a33(path: Path, report: SourceReport) -> list[Any]:
    return read_zones(path, "a33", report).rows


RING = [[135.4, 29.6], [135.5, 29.6], [135.5, 29.7], [135.4, 29.7], [135.4, 29.6]]
SITE: dict[str, Any] = {"共通ID": "E1", "施設・場所名": "北小学校", "住所": "北町"}
ALSO = "指定緊急避難場所との住所同一"
SITE |= dict.fromkeys([*COLUMNS, ALSO], "") | {"洪水": "1"}
AT: dict[str, Any] = {"type": "Point", "coordinates": [135.4, 29.6]}


def polygon(ring: list[Any]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}


def written(path: Path, table: Any) -> Path:
    path.write_text(json.dumps(table), "utf-8")
    return path


def told(path: Path, reader: Reader) -> str:
    with pytest.raises(BrokenSource) as refused:
        reader(path, SourceReport("zones", path.name))
    said = str(refused.value)
    assert said.startswith(path.name)
    assert "—" in said, f"says nothing of what to do: {said}"
    return said


def told_of_zone(folder: Path, geometry: Any) -> str:
    """What is said of the geometry as the second of two zones."""
    good = (box(0, 0, 1, 1), {"A31b_201": 1})
    path = write_features(folder / "flood.geojson", [good, (geometry, {"A31b_201": 1})])
    said = told(path, read_a31b)
    assert said.startswith("flood.geojson, row 2: geometry: ")
    return said


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        (None, "null"),
        (polygon([]), "not an empty one"),
        ({"type": "Polygon", "coordinates": []}, "not an empty one"),
        (polygon(RING[:2]), "at least 4 coordinates"),
        (AT, "not Point"),
        ({"type": "LineString", "coordinates": RING[:2]}, "not LineString"),
        ({"type": "GeometryCollection", "geometries": [polygon(RING)]}, "GeometryCollection"),
        ({"type": "Poly", "coordinates": []}, "Unknown geometry type"),
        ({"type": "Polygon"}, "cannot be read"),
        ({}, "cannot be read"),
        ("somewhere", "cannot be read"),
        (polygon([["a", "b"]] * 4), "cannot be read"),
        (polygon([[None, None]] * 4), "not an empty one"),
        (polygon([RING[0], [*RING[1], 3.0], *RING[2:]]), "cannot be read"),
        (polygon([[lat, lon] for lon, lat in RING]), "not longitude and latitude"),
        (polygon([[lon * 3000, lat * 100_000] for lon, lat in RING]), "not longitude and latitude"),
    ],
)
def test_a_broken_geometry_is_refused_with_its_row(
    tmp_path: Path, geometry: Any, words: str
) -> None:
    assert words in told_of_zone(tmp_path, geometry)


def test_swapped_latitude_and_longitude_are_asked_about(tmp_path: Path) -> None:
    assert "swapped" in told_of_zone(tmp_path, polygon([[lat, lon] for lon, lat in RING]))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "1" + "0" * 400])
def test_numbers_that_are_none_are_refused(tmp_path: Path, number: str) -> None:
    path = write_features(tmp_path / "flood.geojson", [(polygon(RING), {"A31b_201": 1})])
    path.write_text(path.read_text().replace("135.4", number))
    assert "is no JSON" in told(path, read_a31b)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b'{"type": "unavailable"}', "the GSI has no data for this municipality"),
        (b"", "is no JSON"),
        (b"<html>", "is no JSON"),
        ('{"name": "宇部"}'.encode("shift_jis"), "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"[]", "'features' is missing"),
        (b'{"type": "Feature"}', "'features' is missing"),
        (b'{"features": null}', "'features' is missing"),
        (b'{"features": ["x"]}', "row 1: a feature without properties"),
        (b'{"features": [{}]}', "row 1: a feature without properties"),
        (b'{"features": [{"properties": {"n": "a\\u0000"}}]}', "row 1: a property holds"),
        (b'{"features": [], "crs": {"name": "EPSG:6677"}}', "crs: "),
        (b'{"features": [], "crs": {"name": "EPSG:4301"}}', "crs: "),
        (b'{"features": [], "crs": {"name": "EPSG:104326"}}', "crs: "),
    ],
)
@pytest.mark.parametrize("reader", [read_sites, read_shelters, read_a31b, read_waterways])
def test_what_is_no_collection_is_refused(
    tmp_path: Path, text: bytes, words: str, reader: Reader
) -> None:
    path = tmp_path / "sites.geojson"
    path.write_bytes(text)
    assert words in told(path, reader)


def test_a_file_cut_off_is_refused(town: Path, tmp_path: Path) -> None:
    whole = (town.parent / "flood_depth.geojson").read_bytes()
    path = tmp_path / "flood.geojson"
    for share in (0.1, 0.5, 0.999):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert "is no JSON" in told(path, read_a31b)


def test_there_is_no_such_file(tmp_path: Path) -> None:
    assert "there is no such file — check its path" in told(tmp_path / "x.geojson", read_a31b)


@pytest.mark.parametrize("rank", [0, 7, -1, 2.7, True, "x", "２", "", None, 1e30, [1], {}])
def test_a_rank_that_does_not_exist_is_refused(tmp_path: Path, rank: Any) -> None:
    path = write_features(tmp_path / "flood.geojson", [(polygon(RING), {"A31b_201": rank})])
    assert "row 1: column 'A31b_201' is" in told(path, read_a31b)


@pytest.mark.parametrize(
    ("column", "highest", "layer"),
    [
        ("A31b_201", 6, ZoneLayer.DEPTH),
        ("A31b_301", 7, ZoneLayer.DURATION),
        ("A31b_401", 2, ZoneLayer.COLLAPSE),
    ],
)
def test_every_published_rank_is_read(
    tmp_path: Path, column: str, highest: int, layer: ZoneLayer
) -> None:
    ranks = range(1, highest + 1)
    rows = [(polygon(RING), {column: str(rank) if rank % 2 else rank}) for rank in ranks]
    path = write_features(tmp_path / "flood.geojson", rows)
    zones = read_a31b(path, SourceReport("zones", ""))
    assert [(zone.layer, zone.rank) for zone in zones] == [(layer, rank) for rank in ranks]
    path = write_features(path, [(polygon(RING), {column: highest + 1})])
    assert f"column '{column}' is {highest + 1}, no rank" in told(path, read_a31b)


def test_a_zone_that_states_nothing_is_refused(tmp_path: Path) -> None:
    path = write_features(tmp_path / "flood.geojson", [(polygon(RING), {"A31b_101": 1})])
    assert "row 1: none of the columns A31b_201, A31b_301" in told(path, read_a31b)


def test_landslide_zones_not_yet_designated_count(tmp_path: Path) -> None:
    rows = [(polygon(RING), {"A33_002": code}) for code in (1, 2, 3, 4)]
    report = SourceReport("zones", "")
    zones = read_a33(write_features(tmp_path / "slopes.geojson", rows), report)
    assert [zone.rank for zone in zones] == [YELLOW, RED, YELLOW, RED]
    assert report.noted == {"not yet designated, counted as designated": 2}


@pytest.mark.parametrize(("given", "words"), [({"A33_002": 5}, "is 5"), ({}, "is missing")])
def test_a_landslide_zone_of_no_kind_is_refused(
    tmp_path: Path, given: dict[str, Any], words: str
) -> None:
    path = write_features(tmp_path / "slopes.geojson", [(polygon(RING), given)])
    said = told(path, read_a33)
    assert "row 1: column 'A33_002'" in said
    assert words in said


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("flag", ["2", 1, True, "○", "１"])
def test_a_flag_that_the_gsi_does_not_write_is_refused(
    tmp_path: Path, column: str, flag: Any
) -> None:
    path = write_features(tmp_path / "sites.geojson", [(AT, SITE), (AT, SITE | {column: flag})])
    said = told(path, read_sites)
    assert f"sites.geojson, row 2: column '{column}' is {flag!r}" in said


@pytest.mark.parametrize("column", [*COLUMNS, "共通ID", "施設・場所名", "住所"])
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    row = {key: value for key, value in SITE.items() if key != column}
    path = write_features(tmp_path / "sites.geojson", [(AT, row)])
    assert f"row 1: column '{column}' is missing (there are: " in told(path, read_sites)


@pytest.mark.parametrize(("column", "value"), [("共通ID", ""), ("施設・場所名", None)])
def test_a_site_without_id_or_name_is_refused(tmp_path: Path, column: str, value: Any) -> None:
    path = write_features(tmp_path / "sites.geojson", [(AT, SITE | {column: value})])
    assert "row 1: column '共通ID' or '施設・場所名' is empty" in told(path, read_sites)


@pytest.mark.parametrize("reader", [read_sites, read_shelters])
def test_a_row_that_is_there_twice_is_dropped_and_reported(
    tmp_path: Path, reader: Callable[[Path, SourceReport], list[Any]]
) -> None:
    rows = [(AT, SITE), (AT, SITE), (AT, SITE | {"共通ID": "E2"})]
    report = SourceReport("sites", "")
    sites = reader(write_features(tmp_path / "sites.geojson", rows), report)
    assert [(site.id, site.name) for site in sites] == [("E1", "北小学校"), ("E2", "北小学校")]
    assert (report.read, report.kept) == (3, 2)
    assert report.dropped == {"the same row twice: 共通ID E1": 1}


@pytest.mark.parametrize(
    ("geometry", "other", "field"),
    [
        (AT, {"施設・場所名": "別の名"}, "施設・場所名"),
        (AT, {"住所": "南町"}, "住所"),
        (AT, {"備考": "2階以上"}, "備考"),
        ({"type": "Point", "coordinates": [135.41, 29.6]}, {}, "geometry"),
    ],
)
@pytest.mark.parametrize("reader", [read_sites, read_shelters])
def test_two_places_of_one_id_are_refused(
    tmp_path: Path, reader: Reader, geometry: Any, other: dict[str, str], field: str
) -> None:
    rows = [(AT, SITE), (AT, SITE | {"共通ID": "E2"}), (geometry, SITE | other)]
    said = told(write_features(tmp_path / "sites.geojson", rows), reader)
    assert said.startswith("sites.geojson, row 3: column '共通ID' is 'E1' as in a row before, ")
    assert f"where {field} is another" in said
    assert "give every place its own 共通ID" in said


@pytest.mark.parametrize("column", [*COLUMNS, ALSO])
def test_a_place_twice_with_other_designations_is_refused(tmp_path: Path, column: str) -> None:
    """Whichever row were kept, a hazard would be lost, or one added that it does not suit."""
    other = SITE | {column: "" if SITE[column] else "1"}
    path = write_features(tmp_path / "sites.geojson", [(AT, SITE), (AT, other)])
    reader = read_shelters if column == ALSO else read_sites
    assert f"row 2: column '共通ID' is 'E1' as in a row before, where {column}" in told(
        path, reader
    )


@pytest.mark.parametrize(
    ("reader", "geometry", "words"),
    [
        (read_sites, AT, f"column '{next(iter(COLUMNS))}' is missing (there are: none)"),
        (read_shelters, AT, f"column '{ALSO}' is missing (there are: none)"),
        (read_areas, polygon(RING), "column 'S_NAME' is missing (there are: none)"),
        (read_a33, polygon(RING), "column 'A33_002' is missing (there are: none)"),
        (read_a31b, polygon(RING), "none of the columns A31b_201"),
    ],
)
def test_of_null_properties_the_missing_column_is_named(
    tmp_path: Path, reader: Reader, geometry: Any, words: str
) -> None:
    feature = {"type": "Feature", "geometry": geometry, "properties": None}
    path = written(tmp_path / "x.geojson", {"type": "FeatureCollection", "features": [feature]})
    assert f"x.geojson, row 1: {words}" in told(path, reader)


def test_a_site_suits_exactly_the_hazards_flagged(tmp_path: Path) -> None:
    flags = {"洪水": "", "高潮": "1", "地震": "1"}
    path = write_features(tmp_path / "sites.geojson", [(AT, SITE | flags)])
    (site,) = read_sites(path, SourceReport("sites", ""))
    assert site.designated_for == {HazardKind.STORM_SURGE, HazardKind.EARTHQUAKE}


def test_a_city_without_a_single_site_is_refused(tmp_path: Path) -> None:
    path = write_features(tmp_path / "sites.geojson", [])
    assert "no site in it" in told(path, read_sites)


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [29.6, 135.4]},
        {"type": "Point", "coordinates": [None, 29.6]},
        {"type": "Point", "coordinates": []},
        {"type": "MultiPoint", "coordinates": [[135.4, 29.6]]},
        polygon(RING),
        None,
    ],
)
def test_a_site_that_is_nowhere_is_refused(tmp_path: Path, geometry: Any) -> None:
    path = write_features(tmp_path / "sites.geojson", [(geometry, SITE)])
    assert "sites.geojson, row 1: geometry: " in told(path, read_sites)


def test_areas_need_code_and_name(tmp_path: Path) -> None:
    for row in ({"KEY_CODE": "1"}, {"KEY_CODE": "1", "S_NAME": None}):
        path = write_features(tmp_path / "areas.geojson", [(polygon(RING), row)])
        assert "areas.geojson, row 1: column" in told(path, read_areas)


def test_a_river_may_be_nameless(tmp_path: Path) -> None:
    path = write_features(tmp_path / "river.geojson", [(polygon(RING), {})])
    ((name, _),) = read_waterways(path, SourceReport("waterways", ""))
    assert name == ""


def test_heights_in_coordinates_are_left_out(tmp_path: Path) -> None:
    ring = [[*corner, 12.5] for corner in RING]
    path = write_features(tmp_path / "flood.geojson", [(polygon(ring), {"A31b_201": 1})])
    (zone,) = read_a31b(path, SourceReport("zones", ""))
    assert not zone.geometry.has_z
    assert json.loads(path.read_text())["features"][0]["geometry"]["coordinates"][0] == ring


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = write_features(tmp_path / "flood.geojson", [(polygon(RING), {"A31b_201": 1})])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_a31b(path, SourceReport("zones", ""))) == 1
    assert len(read_drawn(path)) == 1


def test_an_open_ring_is_closed_as_the_words_say(tmp_path: Path) -> None:
    path = write_features(tmp_path / "flood.geojson", [(polygon(RING[:4]), {"A31b_201": 1})])
    ((_, drawn),) = read_drawn(path)
    (zone,) = read_a31b(path, SourceReport("zones", ""))
    for closed in (zone.geometry, drawn):
        assert [list(corner) for corner in closed.exterior.coords] == RING
    bow_tie = polygon([RING[0], RING[2], RING[1], RING[3], RING[0]])
    words = "an open ring is closed here, nothing else is repaired"
    assert words in told_of_drawn(written(tmp_path / "tie.geojson", bow_tie))


def told_of_drawn(path: Path) -> str:
    return told(path, lambda given, _: read_drawn(given))


def feature(geometry: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": None, "geometry": geometry}


def gathered(*members: Any) -> dict[str, Any]:
    return {"type": "GeometryCollection", "geometries": list(members)}


MANY = {"type": "MultiPolygon", "coordinates": [[RING], [[[lon + 1, lat] for lon, lat in RING]]]}


@pytest.mark.parametrize(
    ("table", "rows", "kinds"),
    [
        (polygon(RING), [1], ["Polygon"]),
        (MANY, [1], ["MultiPolygon"]),
        (feature(polygon(RING)), [1], ["Polygon"]),
        (gathered(polygon(RING), MANY), [1, 1], ["Polygon", "MultiPolygon"]),
        (feature(gathered(gathered(MANY), polygon(RING))), [1, 1], ["MultiPolygon", "Polygon"]),
        (
            {
                "type": "FeatureCollection",
                "features": [
                    *(feature(polygon(RING)), feature(gathered(polygon(RING), polygon(RING)))),
                    feature(MANY),
                ],
            },
            [1, 2, 2, 3],
            ["Polygon", "Polygon", "Polygon", "MultiPolygon"],
        ),
        ({"type": "FeatureCollection", "features": []}, [], []),
    ],
)
def test_whatever_geojson_allows_may_be_drawn(
    tmp_path: Path, table: Any, rows: list[int], kinds: list[str]
) -> None:
    drawn = read_drawn(written(tmp_path / "w.geojson", table))
    assert [row for row, _ in drawn] == rows
    assert [shape.geom_type for _, shape in drawn] == kinds
    assert all(shape.is_valid for _, shape in drawn)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (AT, "row 1: geometry: Polygon or MultiPolygon expected, not Point — draw the outline"),
        (gathered(polygon(RING), AT), "row 1: geometry: Polygon or MultiPolygon expected, not P"),
        (gathered(), "row 1: geometry: Polygon or MultiPolygon expected, not an empty one"),
        (feature(None), "row 1: geometry: is null"),
        (feature({}), "row 1: geometry: cannot be read"),
        ({"features": ["x"]}, "row 1: geometry: cannot be read"),
        (polygon([[lat, lon] for lon, lat in RING]), "row 1: geometry: coordinates are not"),
        (polygon(RING) | {"crs": {"name": "EPSG:6677"}}, "crs: "),
        (
            {"type": "unavailable"},
            "holds no polygon: it is a notice of the GSI that it has no data",
        ),
        ({"type": "Topology"}, "is no GeoJSON"),
        ([], "is no GeoJSON"),
        (None, "is no GeoJSON"),
    ],
)
def test_what_holds_no_polygon_is_no_drawing(tmp_path: Path, table: Any, words: str) -> None:
    said = told_of_drawn(written(tmp_path / "w.geojson", table))
    assert words in said
    assert "city file" not in said
    assert "municipality" not in said


def test_collections_in_collections_without_end_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.geojson"
    inside = '{"type": "GeometryCollection", "geometries": ['
    path.write_text(inside * 500 + "]}" * 500)
    assert "deep.geojson, row 1: geometry: " in told_of_drawn(path)


def star(count: int, west: float = 135.4) -> dict[str, Any]:
    """A ring of that many vertices, every second one at another radius: the slowest to check."""
    angles = [2 * math.pi * n / (count - 1) for n in range(count - 1)]
    radii = [0.01 if n % 2 else 0.05 for n in range(count - 1)]
    ring = [
        [west + r * math.cos(a), 29.6 + r * math.sin(a)] for r, a in zip(radii, angles, strict=True)
    ]
    return polygon([*ring, ring[0]])


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        ([star(5), star(400_000)], "row 2: geometry: has 400,000 vertices, at most 20,000"),
        ([star(MOST_IN_ONE + 1)], "row 1: geometry: has 20,001 vertices, at most 20,000"),
        (
            [star(MOST_IN_FILE // 5 + 1)] * 5,
            "has 60,005 vertices in 5 polygons, at most 60,000 are taken",
        ),
    ],
)
def test_too_many_vertices_are_refused_at_once_with_how_to_simplify(
    tmp_path: Path, shapes: list[Any], words: str
) -> None:
    path = write_features(tmp_path / "w.geojson", [(shape, {}) for shape in shapes])
    began = time.monotonic()
    said = told_of_drawn(path)
    assert time.monotonic() - began < 30
    assert words in said
    assert "ogr2ogr -simplify 0.00001 NEW.geojson w.geojson" in said
    assert "QGIS" in said


def test_as_many_vertices_as_are_taken_are_checked_in_seconds(tmp_path: Path) -> None:
    """A star of 100,000 vertices takes GEOS 40 s, one of 400,000 never ends."""
    rows: list[Any] = [(star(MOST_IN_ONE, west), {}) for west in (135.4, 135.6, 135.8)]
    path = write_features(tmp_path / "w.geojson", rows)
    began = time.process_time()
    assert len(read_drawn(path)) * MOST_IN_ONE == MOST_IN_FILE
    assert time.process_time() - began < 10
