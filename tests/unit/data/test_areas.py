"""Areas, the city's outline, and areas around points where nobody published polygons."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from city.area import Area
from city.position import Metres, Position
from data.errors import BrokenSource
from data.households import ChomeCount
from data.readers.areas import nearest_point_areas, read_areas, read_boundary
from data.readers.households import read_counts
from data.report import SourceReport
from tests.integration.small_city import box, write_features

METRES = Metres("EPSG:6677")
HACHIOJI = (Path(__file__).parents[4] / "shared/data/hachioji").resolve()
SQUARE = shapely.box(139.3, 35.6, 139.4, 35.7)


def estat(code: Any, name: Any, **more: Any) -> dict[str, Any]:
    return {"KEY_CODE": code, "S_NAME": name, **more}


def read(
    folder: Path, rows: list[tuple[Any, dict[str, Any]]], **columns: str
) -> tuple[list[Area], SourceReport]:
    path = write_features(folder / "areas.geojson", rows)
    report = SourceReport("areas", path.name)
    return read_areas(path, report, **columns), report


def outline(folder: Path, rows: list[tuple[Any, dict[str, Any]]], *codes: str) -> BaseGeometry:
    path = write_features(folder / "n03.geojson", rows)
    return read_boundary(path, SourceReport("boundary", path.name), codes=codes)


def counts(*at: tuple[float, float]) -> list[ChomeCount]:
    """Counts at (lon, lat)."""
    return [
        ChomeCount(f"町{row}", 1, 1, Position(lat, lon), row)
        for row, (lon, lat) in enumerate(at, start=2)
    ]


def area_m2(shape: BaseGeometry) -> float:
    return float(shapely.transform(shape, METRES.xy).area)


def test_parts_of_one_code_become_one_area_and_that_is_said(tmp_path: Path) -> None:
    rows = [
        (box(0, 0, 1, 1), estat("13201001", "本町")),
        (box(5, 5, 6, 6), estat("13201002", "北町")),
        (box(1, 0, 2, 1), estat("13201001", "本町")),
    ]
    areas, report = read(tmp_path, rows)
    assert [(area.code, area.name) for area in areas] == [
        ("13201001", "本町"),
        ("13201002", "北町"),
    ]
    assert areas[0].geometry.geom_type == "Polygon"
    assert areas[0].geometry.area == pytest.approx(2 * areas[1].geometry.area)
    assert (report.read, report.kept) == (3, 2)
    assert report.noted == {"areas in several parts, joined by their code": 1}


def test_water_of_estat_is_no_area(tmp_path: Path) -> None:
    rows = [
        (box(0, 0, 1, 1), estat("13201001", "本町", HCODE=8101)),
        (box(1, 0, 2, 1), estat("132019", None, HCODE=8154)),
    ]
    areas, report = read(tmp_path, rows)
    assert [area.name for area in areas] == ["本町"]
    assert report.dropped == {"water (HCODE 8154), no 町丁目": 1}


def test_broken_areas_are_listed_while_they_are_few(tmp_path: Path) -> None:
    rows = [(box(n, 0, n + 1, 1), estat(f"c{n}", f"町{n}")) for n in range(30)]
    rows += [(box(0, 1, 1, 2), estat("c99", "")), (box(0, 2, 1, 3), estat("c1", "別町"))]
    areas, report = read(tmp_path, rows)
    assert len(areas) == 30
    assert [spot.row for spot in report.spots] == ["row 31", "row 32"]
    assert "is empty" in report.spots[0].why
    assert "町1; here 別町" in report.spots[1].why


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({}, "column 'KEY_CODE' is missing|column 'S_NAME' is missing"),
        (estat("", "本町"), "column 'KEY_CODE' or 'S_NAME' is empty"),
        (estat("1", None), "column 'KEY_CODE' or 'S_NAME' is empty"),
    ],
)
def test_a_file_without_codes_or_names_is_refused(
    tmp_path: Path, properties: dict[str, Any], words: str
) -> None:
    with pytest.raises(BrokenSource, match=rf"areas\.geojson, row 1: ({words}).* — "):
        read(tmp_path, [(box(0, 0, 1, 1), properties)])


def test_districts_are_read_by_their_own_columns_with_or_without_a_code(tmp_path: Path) -> None:
    rows = [
        (box(0, 0, 1, 1), {"地区": "東部", "番号": 7}),
        (box(1, 0, 2, 1), {"地区": "東部", "番号": 7}),
    ]
    coded, _ = read(tmp_path, rows, code="番号", name="地区")
    plain, _ = read(tmp_path, rows, code="", name="地区")
    assert [(area.code, area.name) for area in coded] == [("7", "東部")]
    assert [(area.code, area.name) for area in plain] == [("東部", "東部")]


def test_a_boundary_is_all_islands_of_one_municipality(tmp_path: Path) -> None:
    rows = [
        (box(0, 0, 1, 1), {"N03_007": "13201"}),
        (box(5, 0, 6, 1), {"N03_007": "13201"}),
        (box(0, 5, 1, 6), {"N03_007": "13202"}),
    ]
    assert len(shapely.get_parts(outline(tmp_path, rows[:2]))) == 2
    assert len(shapely.get_parts(outline(tmp_path, rows, "13201"))) == 2
    assert len(shapely.get_parts(outline(tmp_path, rows, "13201", "13202"))) == 3
    with pytest.raises(BrokenSource, match=r"'N03_007': holds 2 municipalities — name"):
        outline(tmp_path, rows)
    with pytest.raises(BrokenSource, match=r"the municipality is not in it — name"):
        outline(tmp_path, rows, "40100")


def test_other_municipalities_of_a_boundarys_file_are_counted(tmp_path: Path) -> None:
    rows = [(box(n, 0, n + 1, 1), {"N03_007": f"1320{n}"}) for n in range(5)]
    path = write_features(tmp_path / "n03.geojson", rows)
    report = SourceReport("boundary", path.name)
    read_boundary(path, report, codes=["13201"])
    assert (report.read, report.kept) == (5, 1)
    assert report.noted == {"of another municipality: left out": 4}


def test_what_is_nearest_to_a_point_bears_its_name() -> None:
    report = SourceReport("areas", "counts.csv")
    given = counts((139.31, 35.65), (139.39, 35.65), (139.35, 35.69))
    areas = nearest_point_areas(given, SQUARE, METRES, report)
    assert [area.name for area in areas] == [one.name for one in given]
    assert len({area.code for area in areas}) == 3
    for one, area in zip(given, areas, strict=True):
        assert one.position
        assert area.geometry.covers(shapely.Point(one.position.lon, one.position.lat))
    assert report.noted == {"areas by nearest point, no official boundary": 3}


def test_without_a_boundary_areas_end_500_m_beyond_the_points() -> None:
    areas = nearest_point_areas(
        counts((139.3, 35.6), (139.4, 35.6), (139.4, 35.7)), None, METRES, SourceReport("a", "c")
    )
    around = shapely.union_all([shapely.transform(area.geometry, METRES.xy) for area in areas])
    corner = shapely.Point(METRES.of(Position(35.6, 139.3)))
    assert around.boundary.distance(corner) == pytest.approx(500, abs=3)


def test_points_that_cannot_have_an_area_are_listed() -> None:
    given = counts((139.31, 35.65), (139.31, 35.65), (139.39, 35.65), (150.0, 35.65))
    given.append(ChomeCount("無名", 1, 1, None, 9))
    report = SourceReport("areas", "counts.csv")
    areas = nearest_point_areas(given, SQUARE, METRES, report)
    assert [area.name for area in areas] == ["町2", "町4"]
    assert [(spot.row, spot.why) for spot in report.spots] == [
        ("row 3 町3 (as 町2)", "its position is that of another"),
        ("row 9 無名", "no position, so no area"),
        ("row 5 町5", "lies wholly outside the city's boundary"),
    ]
    assert report.noted["points of 町丁目 outside the city's boundary"] == 1
    assert nearest_point_areas([], SQUARE, METRES, report) == []


def test_a_single_point_has_the_whole_city() -> None:
    (area,) = nearest_point_areas(counts((139.31, 35.65)), SQUARE, METRES, SourceReport("a", "c"))
    assert area_m2(area.geometry) == pytest.approx(area_m2(SQUARE))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=25, unique=True
    )
)
def test_nearest_areas_tile_the_city_and_each_covers_its_own_point(
    at: list[tuple[int, int]],
) -> None:
    given = counts(*((139.3 + x / 500, 35.6 + y / 500) for x, y in at))
    areas = nearest_point_areas(given, SQUARE, METRES, SourceReport("areas", "counts.csv"))
    assert [area.name for area in areas] == [one.name for one in given]
    whole = area_m2(shapely.union_all([area.geometry for area in areas]))
    assert whole == pytest.approx(area_m2(SQUARE), rel=1e-9)
    assert sum(area_m2(area.geometry) for area in areas) == pytest.approx(whole, rel=1e-9)


@pytest.mark.skipif(not HACHIOJI.is_dir(), reason=f"{HACHIOJI} is absent: no real city to read")
def test_a_real_city_is_tiled_within_its_boundary() -> None:
    report = SourceReport("areas", "counts")
    given = read_counts(HACHIOJI / "chome_households_2024.csv", SourceReport("households", "c"))
    city = read_boundary(HACHIOJI / "boundary.geojson", SourceReport("boundary", "b"))
    areas = nearest_point_areas(given, city, METRES, report)
    assert [area.name for area in areas] == [one.name for one in given]
    assert all(area.geometry.is_valid for area in areas)
    shapes = np.array([area.geometry for area in areas], dtype=object)
    points = shapely.points([(one.position.lon, one.position.lat) for one in given if one.position])
    assert shapely.covers(shapes, points).all()
    assert sum(map(area_m2, shapes)) == pytest.approx(area_m2(city), rel=1e-9)
    assert report.dropped == {}
