"""Repairs of polygons with holes, and how much of them a file may ask for."""

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from data.errors import BrokenSource
from data.readers import repair
from data.readers.soundness import sound_polygon
from data.readers.zones import read_zones
from data.report import SourceReport
from hazards.zone import ZoneLayer

CORNER = np.array([128, 32])
Box = tuple[int, int, int, int]
boxes = st.tuples(*(st.integers(1, 8) for _ in range(4))).map(
    lambda c: (min(c[:2]), min(c[2:]), max(c[:2]) + 1, max(c[2:]) + 1)
)
EVERYWHERE = [(x + 0.5, y + 0.5) for x in range(10) for y in range(10)]


def a_report() -> SourceReport:
    return SourceReport("zones", "")


def sq(low: float, high: float) -> list[tuple[float, float]]:
    return [(low, low), (high, low), (high, high), (low, high)]


def ring(box: Box) -> list[tuple[float, float]]:
    west, south, east, north = box
    return [(west, south), (east, south), (east, north), (west, north)]


def sound(outline: list[tuple[float, float]], *holes: list[tuple[float, float]]) -> BaseGeometry:
    """What becomes of a polygon, given near longitude 0, latitude 0, and moved from there."""
    moved = shapely.transform(shapely.Polygon(outline, list(holes)), lambda xy: xy + CORNER)
    whole = sound_polygon(Path("zones.shp"), 1, moved, a_report())
    assert whole.is_valid
    return shapely.transform(whole, lambda xy: xy - CORNER)


def within(box: Box, x: float, y: float) -> bool:
    return box[0] < x < box[2] and box[1] < y < box[3]


@pytest.mark.parametrize(
    ("holes", "inside", "outside"),
    [
        ([sq(2, 8), sq(4, 6)], (5, 5), (3, 3)),
        ([sq(2, 8), sq(2, 8)], (5, 5), (11, 11)),
        ([sq(2, 6), sq(4, 8)], (5, 5), (3, 3)),
        ([sq(1, 9), sq(2, 8), sq(4, 6)], (5, 5), (1.5, 1.5)),
    ],
    ids=["nested", "doubled", "crossing", "nested twice"],
)
def test_rule_03_a_hole_in_a_hole_is_ground_of_the_zone(
    holes: list[list[tuple[float, float]]],
    inside: tuple[float, float],
    outside: tuple[float, float],
) -> None:
    whole = sound(sq(0, 10), *holes)
    assert whole.covers(shapely.Point(inside))
    assert not whole.intersects(shapely.Point(outside))


@example(holes=[(2, 2, 8, 8), (4, 4, 6, 6)])
@example(holes=[(2, 2, 8, 8), (2, 2, 8, 8), (2, 2, 8, 8)])
@settings(max_examples=300, deadline=None)
@given(holes=st.lists(boxes, min_size=2, max_size=3))
def test_rule_03_no_reading_of_several_holes_covers_ground_that_a_repair_takes_out(
    holes: list[Box],
) -> None:
    """Out is what just one hole covers: by every reading."""
    try:
        whole = sound(sq(0, 10), *(ring(box) for box in holes))
    except BrokenSource:
        assert all(sum(within(box, *at) for box in holes) == 1 for at in EVERYWHERE)
        return
    for x, y in EVERYWHERE:
        count = sum(within(box, x, y) for box in holes)
        assert whole.covers(shapely.Point(x, y)) is (count != 1)


def test_rule_03_a_hole_takes_nothing_out_of_what_the_outline_winds_round_twice() -> None:
    """By the even-odd rule over all rings, the ground in such a hole is inside."""
    twice = [*sq(0, 10), (0, 0), *sq(2, 8), (2, 2)]
    assert sound(twice, sq(4, 6)).covers(shapely.Point(5, 5))


def _tangled(seed: int, vertices: int) -> shapely.Polygon:
    return shapely.Polygon(np.random.default_rng(seed).random((vertices, 2)) * 0.1 + (139.3, 35.6))


def _zones(path: Path, shapes: list[shapely.Polygon]) -> Path:
    rows: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": {"A31b_401": 1},
            "geometry": shapely.geometry.mapping(shape),
        }
        for shape in shapes
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    return path


def test_repairs_of_a_file_are_bounded_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every one of the tangled outlines could be repaired; together they would take too long."""
    monkeypatch.setattr(repair, "MOST_STEPS_OF_A_FILE", 10_000_000)
    squares = [shapely.box(139.3, 35.6, 139.31, 35.61)] * 60
    path = _zones(tmp_path / "zones.geojson", [*squares, *(_tangled(n, 100) for n in range(6))])
    report = a_report()
    found = read_zones(path, "a31b", report)
    broken = Counter(why.rsplit(", ", 1)[-1] for why in report.dropped.elements())
    assert set(broken) == {"and too many of the file's polygons are"}
    assert 0 < broken.total() < 6
    assert report.repaired.total() == 6 - broken.total()
    assert found.damaged == {ZoneLayer.COLLAPSE}
    assert report.read == report.kept + report.dropped.total()


def test_an_outline_that_would_take_minutes_is_refused_at_once() -> None:
    began = time.process_time()
    with pytest.raises(BrokenSource, match="too often to be repaired — cut it into parts"):
        sound_polygon(Path("zones.shp"), 1, _tangled(1, 20_000), a_report())
    assert time.process_time() - began < 10
