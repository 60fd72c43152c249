"""Polygons of CAP: closed, latitude first, without holes, and nobody concerned is outside."""

import re

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from alerts.capareas import GRID_DEG, SIMPLIFIED_DEG, polygons_of
from alerts.errors import NotFit

PAIR = re.compile(r"-?\d{1,2}\.\d{5},-?\d{1,3}\.\d{5}")
WEST, SOUTH = 139.30, 35.65


def read(polygons: list[str]) -> BaseGeometry:
    """What a reader of CAP makes of them, in (lon, lat)."""
    return shapely.union_all([Polygon(pairs_of(one)) for one in polygons])


def pairs_of(polygon: str) -> list[tuple[float, float]]:
    """(lon, lat) of each pair."""
    found = [one.split(",") for one in polygon.split(" ")]
    return [(float(lon), float(lat)) for lat, lon in found]


@st.composite
def shapes(draw: st.DrawFn) -> BaseGeometry:
    """One to three areas of a city, with up to three holes."""
    metres = st.integers(1, 1000).map(lambda value: value * 1e-5)
    outer, holes = [], []
    for _ in range(draw(st.integers(1, 3))):
        x, y = WEST + 3 * draw(metres), SOUTH + 3 * draw(metres)
        outer.append(box(x, y, x + draw(metres), y + draw(metres)))
    for _ in range(draw(st.integers(0, 3))):
        centre = Point(WEST + 3 * draw(metres), SOUTH + 3 * draw(metres))
        holes.append(centre.buffer(draw(metres) / 3, quad_segs=draw(st.integers(1, 6))))
    made = shapely.union_all(outer) - shapely.union_all(holes)
    return made if made.area > 1e-10 else box(WEST, SOUTH, WEST + 0.01, SOUTH + 0.01)


@settings(deadline=None)
@given(shapes())
def test_every_polygon_is_closed_and_has_latitude_first(shape: BaseGeometry) -> None:
    polygons = polygons_of(shape)
    assert polygons
    for polygon in polygons:
        pairs = polygon.split(" ")
        assert len(pairs) >= 4
        assert pairs[0] == pairs[-1]
        assert all(PAIR.fullmatch(pair) for pair in pairs)
        assert all(35 < float(pair.split(",")[0]) < 36 for pair in pairs)
        assert Polygon(pairs_of(polygon)).is_valid


@settings(deadline=None)
@given(shapes())
def test_nobody_concerned_is_outside_and_nobody_far_is_inside(shape: BaseGeometry) -> None:
    found = read(polygons_of(shape))
    assert found.buffer(1e-9).covers(shape)
    far = 5 * (SIMPLIFIED_DEG + 2 * GRID_DEG) + SIMPLIFIED_DEG + GRID_DEG
    assert shape.buffer(far).covers(found)


def test_a_hole_is_cut_open() -> None:
    ring = box(WEST, SOUTH, WEST + 0.03, SOUTH + 0.03)
    hole = box(WEST + 0.01, SOUTH + 0.01, WEST + 0.02, SOUTH + 0.02)
    polygons = polygons_of(ring - hole)
    assert len(polygons) == 2
    assert not read(polygons).covers(hole.centroid)


def test_parts_that_lie_apart_are_polygons_of_their_own() -> None:
    parts = [box(WEST, SOUTH, WEST + 0.01, SOUTH + 0.01), box(140, 36, 140.01, 36.01)]
    assert len(polygons_of(MultiPolygon(parts))) == 2


def test_a_line_of_many_points_becomes_one_of_few() -> None:
    circle = Point(WEST, SOUTH).buffer(0.01, quad_segs=1000)
    (polygon,) = polygons_of(circle)
    assert len(polygon.split(" ")) < 60


def test_heights_are_left_out() -> None:
    (polygon,) = polygons_of(shapely.force_3d(box(WEST, SOUTH, WEST + 0.01, SOUTH + 0.01), 7))
    assert PAIR.fullmatch(polygon.split(" ")[0])


@pytest.mark.parametrize(
    "shape",
    [
        Polygon(),
        Point(WEST, SOUTH),
        LineString([(WEST, SOUTH), (WEST, SOUTH + 1)]),
        Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]),
        box(-15_000, -35_000, -14_000, -34_000),
        box(SOUTH, WEST, SOUTH + 0.01, WEST + 0.01),
    ],
    ids=["empty", "point", "line", "bow-tie", "metres", "swapped"],
)
def test_what_is_no_area_in_degrees_is_refused(shape: BaseGeometry) -> None:
    with pytest.raises(NotFit):
        polygons_of(shape)
