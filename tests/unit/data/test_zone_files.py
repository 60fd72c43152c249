"""Zones from every published format: GeoJSON, Shapefile, zipped Shapefile, GeoPackage."""

import json
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from data.errors import BrokenSource
from data.readers import soundness
from data.readers.geojson import has_open_ring
from data.readers.soundness import sound_polygon
from data.readers.vector import read_features, vector_rows
from data.readers.zones import FORMATS, layers_of, read_zones
from data.readers.zones_depth import OLD_DEPTHS, rank_of_words
from data.report import SourceReport
from hazards.zone import DEPTH_M, RED, YELLOW, ZoneKind, ZoneLayer

SHARED = Path(__file__).parents[4] / "shared" / "data"
HACHIOJI = SHARED / "hachioji" / "flood_A31b_201.geojson"

SQUARE = shapely.box(139.30, 35.60, 139.31, 35.61)
BOW_TIE = shapely.Polygon([(139, 35), (139.2, 35.2), (139.2, 35), (139, 35.2)])
POLYGONS = ("Polygon", "MultiPolygon")
JGD2011, JGD2000, PLANE_9, TOKYO = "EPSG:6668", "EPSG:4612", "EPSG:6677", "EPSG:4301"
SHAPES, PACKAGE, JSON = "ESRI Shapefile", "GPKG", "GeoJSON"
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
ENDS = {SHAPES: "shp", PACKAGE: "gpkg", JSON: "geojson"}


def write(
    path: Path,
    rows: Sequence[tuple[BaseGeometry | None, dict[str, Any]]],
    *,
    crs: str = JGD2011,
    encoding: str = "cp932",
    layer: str | None = None,
    append: bool = False,
) -> Path:
    """Features as a file of the format that its ending says."""
    driver = {f".{end}": name for name, end in ENDS.items()}[path.suffix]
    fields = list(rows[0][1])
    columns = [np.array([row[1][name] for row in rows]) for name in fields]
    more: dict[str, Any] = {"encoding": encoding} if driver == SHAPES else {}
    pyogrio.raw.write(
        path,
        np.array([None if g is None else shapely.to_wkb(g) for g, _ in rows], dtype=object),
        columns,
        fields,
        driver=driver,
        geometry_type="Polygon" if driver == SHAPES else "Unknown",
        crs=crs,
        layer=layer,
        append=append,
        **more,
    )
    return path


def a_report() -> SourceReport:
    return SourceReport("zones", "")


def told(path: Path, format_name: str = "a31b") -> str:
    """What is said of a file that is refused, and to whom it names what to do."""
    with pytest.raises(BrokenSource) as refused:
        read_zones(path, format_name, a_report())
    said = str(refused.value)
    assert said.startswith(path.name)
    assert "—" in said, f"says nothing of what to do: {said}"
    return said


def ranks(path: Path, format_name: str) -> list[int]:
    return [zone.rank for zone in read_zones(path, format_name, a_report()).rows]


# Files of every kind


@pytest.mark.parametrize("driver", ENDS)
def test_a_zone_is_the_same_from_every_format(tmp_path: Path, driver: str) -> None:
    rows = [(SQUARE, {"A31b_201": 2, "name": "浅川"}), (SQUARE, {"A31b_201": 6, "name": "川"})]
    path = write(tmp_path / f"zones.{ENDS[driver]}", rows)
    report = a_report()
    found = read_zones(path, "a31b", report)
    assert [(zone.layer, zone.rank) for zone in found.rows] == [
        (ZoneLayer.DEPTH, 2),
        (ZoneLayer.DEPTH, 6),
    ]
    assert all(zone.geometry.equals(SQUARE) for zone in found.rows)
    assert not found.damaged
    assert (report.read, report.kept) == (2, 2)
    assert [properties["name"] for _, properties, _ in read_features(path, POLYGONS)] == [
        "浅川",
        "川",
    ]


@pytest.mark.parametrize("driver", [SHAPES, PACKAGE])
def test_reading_leaves_no_file_behind_and_says_nothing(
    tmp_path: Path, driver: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / f"zones.{ENDS[driver]}", [(SQUARE, {"A31b_201": 1})])
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    tmp_path.chmod(0o555)
    assert ranks(path, "a31b") == [1]
    tmp_path.chmod(0o755)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before
    assert capfd.readouterr() == ("", "")


def zipped(path: Path, *members: Path, within: str = "", more: Sequence[str] = ()) -> Path:
    """A zip of shapefiles, as 国土数値情報 packs them, with other files beside."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            for suffix in PARTS:
                if (part := member.with_suffix(suffix)).exists():
                    archive.write(part, f"{within}{part.name}")
        for name in more:
            archive.writestr(f"{within}{name}", "<x/>")
    return path


@pytest.mark.parametrize("within", ["", "A31b-23_20_5339_SHP/", "浸水/", "../../up/"])
def test_a_zipped_shapefile_is_read_beside_other_files(tmp_path: Path, within: str) -> None:
    shape = write(tmp_path / "A31b.shp", [(SQUARE, {"A31b_201": 3})])
    beside = ("KS-META-A31b.xml", "readme.txt")
    path = zipped(tmp_path / "A31b_GML.zip", shape, within=within, more=beside)
    shape.unlink()
    assert ranks(path, "a31b") == [3]


def test_the_polygons_of_a_zip_are_read_beside_its_points(tmp_path: Path) -> None:
    polygons = write(tmp_path / "A33Polygon.shp", [(SQUARE, {"A33_001": 1, "A33_002": 2})])
    points = tmp_path / "A33Point.shp"
    point = np.array([shapely.to_wkb(SQUARE.centroid)], dtype=object)
    values = [np.array([1])]
    pyogrio.raw.write(
        points, point, values, ["A33_002"], driver=SHAPES, geometry_type="Point", crs=JGD2011
    )
    assert ranks(zipped(tmp_path / "A33.zip", polygons, points), "a33") == [RED]
    other = write(tmp_path / "B.shp", [(SQUARE, {"A33_002": 1})])
    said = told(zipped(tmp_path / "A33_2.zip", polygons, points, other), "a33")
    assert "not hold one shapefile of polygons, but 2 (A33Polygon.shp, B.shp)" in said
    assert "none" in told(zipped(tmp_path / "none.zip", more=["x.geojson"]), "a33")


def test_a_zip_that_is_broken_locked_or_a_bomb_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = write(tmp_path / "A.shp", [(SQUARE, {"A31b_201": 3})] * 50)
    path = zipped(tmp_path / "A.zip", shape)
    whole = path.read_bytes()
    for share in (0.1, 0.5, 0.99):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert "is no whole zip" in told(path)
    path.write_bytes(whole[:60] + bytes(20) + whole[80:])
    assert "is no whole zip" in told(path)
    path.write_bytes(b"")
    assert "is no whole zip" in told(path)
    locked = bytearray(whole)
    directory = whole.index(b"PK\x01\x02")
    locked[directory + 8] |= 1
    path.write_bytes(bytes(locked))
    assert "is locked with a password" in told(path)
    path.write_bytes(whole)
    monkeypatch.setattr("data.readers.shapefile.MOST_BYTES", 1000)
    assert "when unpacked" in told(path)


@pytest.mark.parametrize("suffix", [".shx", ".dbf"])
def test_a_shapefile_without_one_of_its_parts_is_refused(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / "A.shp", [(SQUARE, {"A31b_201": 3})])
    path.with_suffix(suffix).unlink()
    assert f"its {suffix} is missing" in told(path)
    assert f"its {suffix} is missing" in told(zipped(tmp_path / "A.zip", path))


@pytest.mark.parametrize("suffix", [".shp", ".shx", ".dbf"])
@pytest.mark.parametrize("share", [0, 0.01, 0.3, 0.9])
def test_a_shapefile_that_is_cut_short_is_refused(
    tmp_path: Path, suffix: str, share: float
) -> None:
    path = write(tmp_path / "A.shp", [(SQUARE, {"A31b_201": 3})] * 40)
    part = path.with_suffix(suffix)
    part.write_bytes(part.read_bytes()[: int(part.stat().st_size * share)])
    assert f"its {suffix} is no such file, or cut short" in told(path)


def test_parts_of_two_shapefiles_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "A.shp", [(SQUARE, {"A31b_201": 3})] * 4)
    other = write(tmp_path / "B.shp", [(SQUARE, {"A31b_201": 3})] * 5)
    shutil.copy(other.with_suffix(".dbf"), path.with_suffix(".dbf"))
    assert "4 shapes (.shx), and 5 rows (.dbf)" in told(path)


def test_a_package_that_is_none_or_cut_short_or_being_edited_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "A.gpkg", [(SQUARE, {"A31b_201": 3})] * 2000)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "is cut short" in told(path)
    for junk in (b"", b"x" * 500, b"SQLite format 3\0" + bytes(84)):
        path.write_bytes(junk)
        assert "no GeoPackage" in told(path) or "no whole GeoPackage" in told(path)
    path.write_bytes(whole)
    path.with_name("A.gpkg-wal").write_bytes(b"x")
    assert "has changes that are not in it yet (A.gpkg-wal)" in told(path)


def test_a_package_of_several_layers_says_which(tmp_path: Path) -> None:
    path = write(tmp_path / "A.gpkg", [(SQUARE, {"n": 1})], layer="ones")
    write(path, [(SQUARE, {"n": 2})], layer="twos", append=True)
    with sqlite3.connect(path) as table:
        table.execute("CREATE TABLE notes (word TEXT)")
    assert [p["n"] for _, p, _ in read_features(path, POLYGONS, layer="twos")] == [2]
    for asked in (None, "threes"):
        with pytest.raises(BrokenSource, match=r"a single layer: ones, twos"):
            vector_rows(path, layer=asked)


def test_other_endings_and_missing_files_are_refused(tmp_path: Path) -> None:
    for name in ("zones.kml", "zones"):
        (tmp_path / name).write_bytes(b"x")
        assert "is no format of zones" in told(tmp_path / name)
    for end in ("shp", "zip", "gpkg", "geojson"):
        assert "there is no such file" in told(tmp_path / f"none.{end}")


# Text


@pytest.mark.parametrize(
    ("encoding", "said", "asked"),
    [
        ("cp932", None, None),
        ("cp932", "SJIS", None),
        ("cp932", "932", None),
        ("cp932", "ANSI 932", None),
        ("utf-8", "UTF-8", None),
        ("utf-8", "65001", None),
        ("utf-8", None, "utf-8"),
        ("utf-8", "SJIS", "UTF-8"),
    ],
)
def test_text_is_read_as_its_cpg_says_or_cp932(
    tmp_path: Path, encoding: str, said: str | None, asked: str | None
) -> None:
    rows = [(SQUARE, {"A40_003": "0.3m以上 ～ 1m未満"})]
    path = write(tmp_path / "A40.shp", rows, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    if said is not None:
        path.with_suffix(".cpg").write_text(said)
    (found,) = vector_rows(path, encoding=asked)
    assert found.properties == {"A40_003": "0.3m以上 ～ 1m未満"}


def test_text_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "A40.shp", [(SQUARE, {"A40_003": "表"})], encoding="cp932")
    path.with_suffix(".cpg").write_text("UTF-8")
    assert "its text is not in utf-8" in told(path, "tsunami-depth")
    path.with_suffix(".cpg").write_text("Klingon")
    assert "its text is in 'Klingon', an encoding that is not known" in told(path, "tsunami-depth")


# Where it lies


@pytest.mark.parametrize("driver", [SHAPES, PACKAGE])
@pytest.mark.parametrize("crs", [JGD2011, JGD2000, "EPSG:4326", PLANE_9, "EPSG:3857", "EPSG:2451"])
def test_every_crs_of_today_becomes_degrees(tmp_path: Path, driver: str, crs: str) -> None:
    there = pyproj.Transformer.from_crs(pyproj.CRS(crs).geodetic_crs, crs, always_xy=True)
    moved = shapely.transform(SQUARE, lambda xy: np.column_stack(there.transform(*xy.T)))
    path = write(tmp_path / f"zones.{ENDS[driver]}", [(moved, {"A31b_201": 1})], crs=crs)
    report = a_report()
    (zone,) = read_zones(path, "a31b", report).rows
    assert shapely.hausdorff_distance(zone.geometry, SQUARE) < 1e-8
    assert not report.noted


@pytest.mark.parametrize("crs", [TOKYO, "EPSG:30169"])
def test_another_datum_is_refused(tmp_path: Path, crs: str) -> None:
    path = write(tmp_path / "zones.shp", [(SQUARE, {"A31b_201": 1})], crs=crs)
    said = told(path)
    assert "another datum" in said or "its coordinates are degrees" in said


def test_without_a_crs_degrees_within_japan_are_taken_and_noted(tmp_path: Path) -> None:
    path = write(tmp_path / "zones.shp", [(SQUARE, {"A31b_201": 1})])
    path.with_suffix(".prj").unlink()
    report = a_report()
    assert len(read_zones(path, "a31b", report).rows) == 1
    assert report.noted == {"the file states no CRS: taken as longitude and latitude of JGD2011": 1}
    for other in (shapely.box(-20_000, -40_000, -19_000, -39_000), shapely.box(9, 50, 10, 51)):
        path = write(tmp_path / "other.shp", [(other, {"A31b_201": 1})])
        path.with_suffix(".prj").unlink()
        assert "states no CRS (.prj)" in told(path)


def test_coordinates_that_are_not_what_they_say_are_refused(tmp_path: Path) -> None:
    metres = shapely.box(-20_000, -40_000, -19_000, -39_000)
    path = write(tmp_path / "zones.shp", [(metres, {"A31b_201": 1})])
    assert "in degrees, but its coordinates are metres" in told(path)
    path = write(tmp_path / "zones.gpkg", [(SQUARE, {"A31b_201": 1})], crs=PLANE_9)
    assert "in metres, but its coordinates are degrees" in told(path)


# Broken rows


def test_a_few_broken_rows_are_left_out_and_their_layer_is_damaged(tmp_path: Path) -> None:
    rows: list[tuple[Any, dict[str, Any]]] = [(SQUARE, {"A31b_201": 2})] * 30
    rows[4], rows[9] = (None, {"A31b_201": 2}), (SQUARE, {"A31b_201": 9})
    for end in ENDS.values():
        report = a_report()
        found = read_zones(write(tmp_path / f"zones.{end}", rows), "a31b", report)
        assert len(found.rows) == 28
        assert found.damaged == {ZoneLayer.DEPTH}
        assert (report.read, report.kept, sum(report.dropped.values())) == (30, 28, 2)
        assert [why[:17] for why in report.dropped] == ["geometry: is null", "column 'A31b_201'"]
        assert [spot.row for spot in report.spots] == ["row 5", "row 10"]
        assert report.spots[1].lon == pytest.approx(139.305)
        json.dumps(report.as_dict(), allow_nan=False)


def test_a_file_of_many_broken_rows_is_refused(tmp_path: Path) -> None:
    rows: list[tuple[Any, dict[str, Any]]] = [(SQUARE, {"A31b_201": 2})] * 17
    rows += [(SQUARE, {"A31b_201": 0})] * 3
    assert "row 18: column 'A31b_201' is 0" in told(write(tmp_path / "zones.shp", rows))


def _with(polygon: shapely.Polygon, number: float) -> BaseGeometry:
    """A polygon of which one longitude is this."""
    xy = shapely.get_coordinates(polygon)
    xy[2, 0] = number
    return shapely.set_coordinates(shapely.Polygon(polygon), xy)


BROKEN: dict[str, BaseGeometry] = {
    "a line": shapely.LineString([(139, 35), (139.1, 35)]),
    "a point": shapely.Point(139, 35),
    "empty": shapely.Polygon(),
    "no area": shapely.Polygon([(139, 35), (139.1, 35), (139, 35)]),
    "not finite": _with(SQUARE, float("inf")),
    "not a number": _with(SQUARE, float("nan")),
    "swapped": shapely.box(35.6, 139.3, 35.7, 139.4),
    "at 0, 0": shapely.box(0, 0, 0.01, 0.01),
    "round 0, 0": shapely.box(-0.5, -0.5, 0.5, 0.5).exterior.buffer(0.01),
    "near 0, 0": shapely.box(-0.9, 0.2, -0.8, 0.3),
    "with a corner at 0, 0": shapely.Polygon([(139, 35), (139.1, 35), (139, 35.1), (0, 0)]),
    "a part at 0, 0": shapely.MultiPolygon([SQUARE, shapely.box(0, 0, 1, 1)]),
}


@pytest.mark.parametrize("geometry", BROKEN.values(), ids=BROKEN)
def test_what_is_no_polygon_is_a_broken_row(tmp_path: Path, geometry: BaseGeometry) -> None:
    rows = [(SQUARE, {"A33_002": 1})] * 20 + [(geometry, {"A33_002": 1})]
    report = a_report()
    found = read_zones(write(tmp_path / "zones.gpkg", rows), "a33", report)
    assert (len(found.rows), found.damaged) == (20, {ZoneLayer.LANDSLIDE})
    (why,) = report.dropped
    assert why.startswith("geometry: ")
    json.dumps(report.as_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("lost", "damaged"),
    [
        ({"A31b_301": 99}, {ZoneLayer.DURATION}),
        ({"A31b_401": 3}, {ZoneLayer.COLLAPSE}),
        ({"A31b_201": 1, "A31b_401": 3}, {ZoneLayer.DEPTH, ZoneLayer.COLLAPSE}),
        ({}, {ZoneLayer.DEPTH, ZoneLayer.DURATION, ZoneLayer.COLLAPSE}),
        ({"A31b_101": 1}, {ZoneLayer.DEPTH, ZoneLayer.DURATION, ZoneLayer.COLLAPSE}),
    ],
)
def test_a_lost_row_damages_every_layer_that_it_may_have_been_of(
    tmp_path: Path, lost: dict[str, int], damaged: set[ZoneLayer]
) -> None:
    square = shapely.geometry.mapping(SQUARE)
    rows = [{"A31b_201": 1}] * 20 + [lost]
    features = [{"type": "Feature", "properties": row, "geometry": square} for row in rows]
    path = tmp_path / "zones.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert read_zones(path, "a31b", a_report()).damaged == damaged


# Repairs


@pytest.mark.parametrize("driver", ENDS)
def test_a_polygon_that_crosses_itself_is_repaired_and_reported(
    tmp_path: Path, driver: str
) -> None:
    rows = [(SQUARE, {"A31b_201": 2}), (BOW_TIE, {"A31b_201": 4})]
    report = a_report()
    found = read_zones(write(tmp_path / f"zones.{ENDS[driver]}", rows), "a31b", report)
    repaired = found.rows[1].geometry
    assert repaired.is_valid
    assert repaired.area == pytest.approx(0.02)
    assert not found.damaged
    assert report.repaired == {"geometry: Self-intersection, made valid": 1}
    (spot,) = report.spots
    assert (spot.word, spot.row) == ("repaired", "row 2")
    assert spot.lon == pytest.approx(139.1)


corners = st.tuples(st.integers(0, 6), st.integers(0, 6))
outlines = st.lists(corners, min_size=3, max_size=9)


def _in_japan(shape: BaseGeometry) -> BaseGeometry:
    """The shape moved away from longitude 0, latitude 0."""
    return shapely.transform(shape, lambda xy: xy + np.array([128, 32]))


def _turns(ring: list[tuple[int, int]], x: float, y: float) -> int:
    """How often a ring winds round a point that it does not touch."""
    total = 0
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        side = (bx - ax) * (y - ay) - (x - ax) * (by - ay)
        if ay <= y < by and side > 0:
            total += 1
        if by <= y < ay and side < 0:
            total -= 1
    return total


def _crossed(ring: list[tuple[int, int]], x: float, y: float) -> bool:
    """Whether a point is inside by the even-odd rule."""
    sides = zip(ring, [*ring[1:], ring[0]], strict=True)
    crossed = [
        x < ax + (y - ay) * (bx - ax) / (by - ay)
        for (ax, ay), (bx, by) in sides
        if (ay <= y) != (by <= y)
    ]
    return sum(crossed) % 2 == 1


@example(parts=[[(0, 0), (2, 1), (0, 0), (1, 1), (2, 1)]])
@settings(max_examples=400, deadline=None)
@given(parts=st.lists(outlines, min_size=1, max_size=3))
def test_a_repair_never_takes_ground_out_of_a_zone(parts: list[list[tuple[int, int]]]) -> None:
    """What any part winds round, and what lies inside it by the even-odd rule, stays inside."""
    broken = _in_japan(shapely.MultiPolygon([shapely.Polygon(part) for part in parts]))
    grid = [(x + 0.237, y + 0.371) for x in np.arange(0, 6, 0.5) for y in np.arange(0, 6, 0.5)]
    inside = [
        (x, y)
        for x, y in grid
        if any(_turns(part, x, y) != 0 or _crossed(part, x, y) for part in parts)
    ]
    try:
        whole = sound_polygon(Path("zones.shp"), 1, broken, a_report())
    except BrokenSource:
        assert not inside
        return
    assert whole.is_valid
    assert all(whole.covers(_in_japan(shapely.Point(x, y))) for x, y in inside)


@settings(max_examples=200, deadline=None)
@given(shell=outlines, hole=outlines)
def test_a_repair_takes_out_no_more_than_a_hole(
    shell: list[tuple[int, int]], hole: list[tuple[int, int]]
) -> None:
    broken = _in_japan(shapely.Polygon(shell, [hole]))
    try:
        whole = sound_polygon(Path("zones.shp"), 1, broken, a_report())
    except BrokenSource:
        return
    for x in np.arange(0.237, 6, 0.5):
        for y in np.arange(0.371, 6, 0.5):
            if _turns(shell, x, y) and not (_turns(hole, x, y) or _crossed(hole, x, y)):
                assert whole.covers(_in_japan(shapely.Point(x, y)))


def _round(vertices: int) -> np.ndarray[Any, Any]:
    turn = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    away = 0.1 + 0.01 * np.sin(vertices // 50 * turn)
    return np.column_stack([139.3 + away * np.cos(turn), 35.6 + away * np.sin(turn)])


def test_a_polygon_of_a_million_vertices_is_read_in_ten_seconds(tmp_path: Path) -> None:
    outline = shapely.Polygon(_round(1_000_000))
    path = write(tmp_path / "zones.gpkg", [(outline, {"A31b_201": 3})])
    began = time.process_time()
    (zone,) = read_zones(path, "a31b", a_report()).rows
    assert time.process_time() - began < 10
    assert shapely.get_num_coordinates(zone.geometry) == 1_000_001


def test_a_polygon_of_many_vertices_is_repaired(tmp_path: Path) -> None:
    ring = _round(100_000)
    ring[[10, 11]] = ring[[11, 10]]
    path = write(tmp_path / "zones.gpkg", [(shapely.Polygon(ring), {"A31b_201": 3})])
    report = a_report()
    (zone,) = read_zones(path, "a31b", report).rows
    assert report.repaired.total() == 1
    assert zone.geometry.is_valid
    assert zone.geometry.area == pytest.approx(shapely.Polygon(_round(100_000)).area, rel=1e-6)


def test_a_polygon_of_too_many_vertices_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(soundness, "MOST_VERTICES", 2_000)
    monkeypatch.setattr(soundness, "MOST_REPAIRED", 500)
    ring = _round(1_000)
    path, report = Path("zones.shp"), a_report()
    assert sound_polygon(path, 1, shapely.Polygon(ring), report).is_valid
    ring[[10, 11]] = ring[[11, 10]]
    with pytest.raises(BrokenSource, match=r"over 500 vertices — cut it into parts"):
        sound_polygon(path, 1, shapely.Polygon(ring), report)
    with pytest.raises(BrokenSource, match=r"over 2,000 vertices — cut it into parts"):
        sound_polygon(path, 1, shapely.Polygon(_round(2_001)), report)


# Formats


@pytest.mark.parametrize(
    ("format_name", "column", "values", "expected"),
    [
        ("a31b", "A31b_201", [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]),
        ("a31b", "A31a_205", ["1", "6"], [1, 6]),
        ("a31b", "A31b_301", [1, 7], [1, 7]),
        ("a31b", "A31b_401", [1, 2], [1, 2]),
        ("a31", "A31_001", [11, 12, 13, 14, 15], [1, 2, 2, 3, 6]),
        ("a31", "A31_001", ["21", "22", "23", "24", "25", "26", "27"], [1, 2, 2, 2, 3, 3, 6]),
        ("a31", "A31_205", [1, 6], [1, 6]),
        ("a33", "A33_002", [1, 2, 3, 4], [YELLOW, RED, YELLOW, RED]),
        ("inland-depth", "A51_005", ["0.3m未満", "0.5m以上1m未満", "1m以上3m未満"], [1, 2, 2]),
        ("inland-depth", "depth_rank", [1, 6], [1, 6]),
        ("inland-depth", "depth_m", [0.2, 0.5, 2.9, 3, 30], [1, 2, 2, 3, 6]),
        ("storm-surge-depth", "A49_003", ["3m以上5m未満", "20m以上"], [3, 6]),
        (
            "tsunami-depth",
            "A40_003",
            ["0.3m未満", "0.3m ～ 1m", "1m ～ 2m", "2m ～ 5m", "5m ～ 10m"],
            [1, 2, 2, 3, 4],
        ),
    ],
)
def test_every_published_code_is_read(
    tmp_path: Path, format_name: str, column: str, values: list[Any], expected: list[int]
) -> None:
    for end in ENDS.values():
        path = write(tmp_path / f"zones.{end}", [(SQUARE, {column: value}) for value in values])
        found = read_zones(path, format_name, a_report()).rows
        assert [zone.rank for zone in found] == expected
        assert {zone.kind for zone in found} == {ZoneKind.ASSUMED}
        assert {zone.layer for zone in found} <= set(layers_of(format_name))


@pytest.mark.parametrize(
    ("format_name", "column", "value"),
    [
        ("a31b", "A31b_201", 0),
        ("a31b", "A31b_201", 7),
        ("a31b", "A31b_201", 2.5),
        ("a31b", "A31b_201", float("nan")),
        ("a31b", "A31b_101", 1),
        ("a31", "A31_001", 1),
        ("a31", "A31_001", 16),
        ("a31", "A31_001", 28),
        ("a31", "A31b_201", 1),
        ("a33", "A33_002", 5),
        ("a33", "A33_001", 1),
        ("inland-depth", "A51_005", "浸水深不明"),
        ("inland-depth", "depth_m", 0.0),
        ("inland-depth", "depth_m", -1.0),
        ("inland-depth", "depth_m", float("inf")),
        ("storm-surge-depth", "A49_003", ""),
        ("tsunami-depth", "A40_003", "3"),
        ("forecast-depth", "depth_rank", 2),
    ],
)
def test_a_code_that_does_not_exist_is_refused(
    tmp_path: Path, format_name: str, column: str, value: Any
) -> None:
    path = write(tmp_path / "zones.gpkg", [(SQUARE, {column: value})])
    assert "row 1: " in told(path, format_name)


def test_of_two_columns_the_deeper_counts(tmp_path: Path) -> None:
    row = {"A40_003": "0.3m未満", "depth_rank": 3, "depth_m": 1.0}
    assert ranks(write(tmp_path / "zones.gpkg", [(SQUARE, row)]), "tsunami-depth") == [3]


def test_a_forecast_says_when(tmp_path: Path) -> None:
    rows = [(SQUARE, {"after_min": 30 * n, "depth_rank": n}) for n in (1, 2, 3)]
    found = read_zones(write(tmp_path / "zones.gpkg", rows), "forecast-depth", a_report())
    assert [(zone.after_min, zone.rank) for zone in found.rows] == [(30, 1), (60, 2), (90, 3)]
    assert {(zone.layer, zone.kind) for zone in found.rows} == {
        (ZoneLayer.DEPTH, ZoneKind.FORECAST)
    }
    path = write(tmp_path / "other.gpkg", [(SQUARE, {"after_min": -1, "depth_rank": 1})])
    assert "column 'after_min' is -1, no minutes" in told(path, "forecast-depth")


def test_old_codes_never_say_less_than_they_said() -> None:
    """The upper ends of the old steps, in metres; the last has none."""
    five, seven = (0.5, 1, 2, 5, None), (0.5, 1, 2, 3, 4, 5, None)
    for first, ends in ((11, five), (21, seven)):
        for code, end in enumerate(ends, start=first):
            deepest = DEPTH_M[OLD_DEPTHS[code]][1]
            assert deepest is None or (end is not None and deepest >= end)
    assert len(OLD_DEPTHS) == len(five) + len(seven)


@pytest.mark.parametrize(
    ("words", "rank"),
    [
        ("0.01m以上 ～ 0.3m未満", 1),
        ("０．５ｍ以上３．０ｍ未満", 2),
        ("1.0～2.0m", 2),
        ("～0.3m", 1),
        ("5.0m以上", 6),
        ("10m ～", 6),
        ("0.5m以下", 2),
        ("2メートル以上5メートル未満", 3),
        ("10m以上20m未満", 5),
        ("10m未満", 4),
        ("10.0m未満", 4),
        ("20m未満", 5),
        ("0.30m未満", 1),
        ("10m以下", 5),
        ("1000m未満", None),
        ("1m2m未満", None),
        ("5m", None),
        ("3m以上1m未満", None),
        ("不明", None),
        (3, None),
    ],
)
def test_depth_in_words_is_its_deeper_end(words: Any, rank: int | None) -> None:
    assert rank_of_words(words) == rank


@given(
    low=st.integers(0, 199).map(lambda n: n / 10),
    more=st.integers(1, 100).map(lambda n: n / 10),
    form=st.sampled_from(
        [
            *("{}m以上{}m未満", "{}m ～ {}m", "{}～{}m", "{}m以上 ～ {}m未満"),
            *("{1}m未満", "{1:.1f}m未満", "{1:.2f}m未満", "{1:g}m以下", "～{1:g}m"),
        ]
    ),
)
def test_a_depth_in_words_never_ranks_shallower_than_it_says(
    low: float, more: float, form: str
) -> None:
    rank = rank_of_words(form.format(low, round(low + more, 1)))
    assert rank is not None
    deepest = DEPTH_M[rank][1]
    assert deepest is None or deepest >= round(low + more, 1)
    assert DEPTH_M[rank][0] <= round(low + more, 1)


def test_every_format_says_what_to_bring() -> None:
    assert set(FORMATS) == {
        *("a31b", "a31b-geojson", "a31", "a33", "a33-geojson", "inland-depth"),
        *("storm-surge-depth", "tsunami-depth", "forecast-depth"),
    }
    assert layers_of("a31b") == (ZoneLayer.DEPTH, ZoneLayer.DURATION, ZoneLayer.COLLAPSE)
    assert layers_of("tsunami-depth") == (ZoneLayer.TSUNAMI_DEPTH,)


# A real city


@pytest.mark.skipif(not HACHIOJI.exists(), reason="needs ../shared: the real zones of Hachioji")
def test_the_zones_of_hachioji_are_read_the_same_from_every_format(tmp_path: Path) -> None:
    real = read_zones(HACHIOJI, "a31b", a_report())
    assert (len(real.rows), real.damaged) == (10_271, frozenset())
    rows = [(zone.geometry, {"A31b_201": zone.rank}) for zone in real.rows]
    shape = write(tmp_path / "zones.shp", rows)
    for path in (shape, write(tmp_path / "zones.gpkg", rows), zipped(tmp_path / "z.zip", shape)):
        report = a_report()
        found = read_zones(path, "a31b", report).rows
        assert [zone.rank for zone in found] == [zone.rank for zone in real.rows]
        assert not report.repaired
        ours, theirs = ([zone.geometry for zone in zones] for zones in (found, real.rows))
        assert shapely.area(ours).sum() == pytest.approx(shapely.area(theirs).sum(), rel=1e-12)


def test_an_open_ring_is_closed_and_told_of(tmp_path: Path) -> None:
    whole = [[139.0, 35.0], [139.1, 35.0], [139.1, 35.1], [139.0, 35.1], [139.0, 35.0]]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": {"A31b_201": 1},
        }
        for ring in (whole, whole[:-1])
    ]
    path = tmp_path / "flood.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    report = SourceReport("zones", path.name)
    first, second = read_zones(path, "a31b", report).rows
    assert first.geometry.equals(second.geometry)
    assert report.repaired == {"geometry: an open ring, closed": 1}
    assert [spot.row for spot in report.spots] == ["row 2"]


@pytest.mark.parametrize(
    ("geometry", "is_open"),
    [
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}, False),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}, True),
        ({"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [1, 1]]]]}, True),
        ({"type": "MultiPolygon", "coordinates": [None, []]}, False),
        ({"type": "Polygon", "coordinates": None}, False),
        ({"type": "Point", "coordinates": [0, 0]}, False),
        ({"type": "GeometryCollection"}, False),
    ],
)
def test_open_rings_are_found_whatever_else_is_there(
    geometry: dict[str, Any], is_open: bool
) -> None:
    assert has_open_ring(geometry) is is_open
