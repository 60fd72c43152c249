"""Metres of lines inside polygons, against shapely's own overlay; outlines of any shape."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from routing.crossings import inside
from tests.builders import NORTH_OF_THE_GRID, a_grid, a_site, a_version, ask

whole = st.integers(0, 12)
points = st.tuples(whole, whole)


@st.composite
def polygons(draw: st.DrawFn) -> BaseGeometry:
    """Corners on whole metres: lines often run through corners and along edges."""
    kind = draw(st.sampled_from(["box", "ring", "star", "two"]))
    west, south = draw(points)
    wide, high = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    box = shapely.box(west, south, west + wide, south + high)
    if kind == "ring":
        return box.difference(shapely.box(west + 0.25, south + 0.25, west + 0.75, south + 0.75))
    if kind == "star":
        return a_shore(draw(st.integers(5, 40)), draw(st.integers(0, 99)), spiky=True, reach=4)
    if kind == "two":
        return box.union(shapely.box(west + 7, south, west + 8, south + high))
    return box


@st.composite
def lines(draw: st.DrawFn) -> shapely.LineString:
    corners = draw(st.lists(points, min_size=2, max_size=5))
    kept = [corners[0]] + [b for a, b in pairwise(corners) if a != b]
    return shapely.LineString(kept if len(kept) > 1 else [kept[0], (20, 20)])


def a_shore(
    vertices: int, seed: int, *, spiky: bool = False, reach: float = 75, at: float = 6
) -> BaseGeometry:
    """Water with bays, its outline uneven by centimetres; or all spikes."""
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    uneven = np.random.default_rng(seed).uniform(-1, 1, vertices)
    away = reach * (1 + (0.5 * uneven if spiky else 0.16 * np.sin(24 * angle) + 1e-4 * uneven))
    return shapely.Polygon(np.column_stack([at + away * np.cos(angle), at + away * np.sin(angle)]))


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(lines(), min_size=1, max_size=6), st.lists(polygons(), min_size=1, max_size=4))
def test_stretches_equal_shapelys_overlay(
    walked: list[shapely.LineString], areas: list[BaseGeometry]
) -> None:
    """As long, of no metre outside, and in order: for every pair of a line and a polygon."""
    array, shapes = np.array(walked, dtype=object), np.array(areas, dtype=object)
    shapely.prepare(shapes)
    found = inside(array, STRtree(array), shapes)
    for row, line in enumerate(walked):
        for number, area in enumerate(areas):
            mine = (found.line == row) & (found.polygon == number)
            low, high = found.low[mine], found.high[mine]
            # Where a line walks one place twice, shapely's overlay counts it once.
            parts = [shapely.LineString(pair) for pair in pairwise(line.coords)]
            expected = sum(shapely.length(part.intersection(area)) for part in parts)
            assert (high - low).sum() == pytest.approx(expected, abs=1e-4)
            assert (high > low).all()
            for middle in (low + high) / 2:
                assert area.distance(_along(line, float(middle))) < 1e-5


def _along(line: shapely.LineString, metre: float) -> shapely.Point:
    return line.interpolate(metre)


def test_nothing_is_inside_nothing() -> None:
    array = np.array([shapely.LineString([(0, 0), (1, 1)])], dtype=object)
    found = inside(array, STRtree(array), np.empty(0, dtype=object))
    assert len(found.line) == len(found.low) == 0


@pytest.mark.parametrize(("vertices", "spiky"), [(200_000, False), (40_000, True)])
def test_water_of_very_many_vertices_bars_what_it_covers(vertices: int, spiky: bool) -> None:
    ground = a_grid(sites=[a_site(*NORTH_OF_THE_GRID)])
    water = a_shore(vertices, 1, spiky=spiky, at=150)
    shapely.prepare(water)
    version = a_version(ground, observed=[water])
    shut = version.blocks.barred.touched
    assert (shut == shapely.intersects(water, ground.lines)).all()
    assert shut.any()
    told = ask(version, (105, 5))
    assert told.first is not None
    assert not shapely.LineString(ground.metres.xy(told.first.line)).intersects(water)
