"""Zones, sites and areas that cannot be used are refused with file, row, field, what to do."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from data.errors import BrokenSource
from data.readers.areas import read_areas, read_waterways
from data.readers.geojson import MOST_VERTICES
from data.readers.gsi import COLUMNS, read_shelters, read_sites
from data.readers.zones import read_a31b, read_a33
from data.report import SourceReport
from hazards.kinds import HazardKind
from hazards.zone import RED, YELLOW, ZoneLayer
from tests.integration.small_city import box, write_features

Reader: TypeAlias = Callable[[Path, SourceReport], list[Any]]
RING = [[135.4, 29.6], [135.5, 29.6], [135.5, 29.7], [135.4, 29.7], [135.4, 29.6]]
SITE: dict[str, Any] = {"共通ID": "E1", "施設・場所名": "北小学校", "住所": "北町"}
SITE |= dict.fromkeys(COLUMNS, "") | {"洪水": "1"}
AT: dict[str, Any] = {"type": "Point", "coordinates": [135.4, 29.6]}


def polygon(ring: list[Any]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}


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
        (polygon([RING[0], RING[2], RING[1], RING[3], RING[0]]), "Self-intersection"),
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


def test_a_polygon_of_too_many_vertices_is_refused(tmp_path: Path) -> None:
    turns = [2 * math.pi * n / MOST_VERTICES for n in range(MOST_VERTICES)]
    ring = [[135.4 + round(math.cos(t), 4), 29.6 + round(math.sin(t), 4)] for t in turns]
    assert "500,000 vertices" in told_of_zone(tmp_path, polygon([*ring, *ring[:1]]))


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
        (b'{"features": [{"properties": null}]}', "row 1: a feature without properties"),
        (b'{"features": [{"properties": {"n": "a\\u0000"}}]}', "row 1: a property holds"),
        (b'{"features": [], "crs": {"name": "EPSG:6677"}}', "crs: "),
        (b'{"features": [], "crs": {"name": "EPSG:4301"}}', "crs: "),
        (b'{"features": [], "crs": {"name": "EPSG:104326"}}', "crs: "),
    ],
)
@pytest.mark.parametrize("reader", [read_sites, read_shelters, read_a31b, read_areas])
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


def test_a_second_row_with_the_same_id_is_dropped_and_reported(tmp_path: Path) -> None:
    rows = [(AT, SITE), (AT, SITE | {"施設・場所名": "別の名"}), (AT, SITE | {"共通ID": "E2"})]
    report = SourceReport("sites", "")
    sites = read_sites(write_features(tmp_path / "sites.geojson", rows), report)
    assert [(site.id, site.name) for site in sites] == [("E1", "北小学校"), ("E2", "北小学校")]
    assert (report.read, report.kept) == (3, 2)
    assert report.dropped == {"共通ID is there twice: E1": 1}


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
