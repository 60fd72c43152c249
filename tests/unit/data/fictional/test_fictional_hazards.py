"""What water and slopes could do in the fictional city."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely

DEPTH_KM2 = {1: 15.6, 2: 8.4, 3: 0.64, 4: 0.19, 5: 0.02}
Zones = Callable[[str, str], list[tuple[Any, int]]]


def of_rank(rows: list[tuple[Any, int]], rank: int | None = None) -> Any:
    return shapely.union_all([shape for shape, each in rows if rank in (None, each)])


def test_each_depth_covers_as_much_as_in_a_real_city(zones: Zones) -> None:
    rows = zones("flood/A31b-depth.shp", "A31b_201")
    for rank, km2 in DEPTH_KM2.items():
        assert of_rank(rows, rank).area / 1e6 == pytest.approx(km2, rel=0.1)


def test_depths_do_not_overlap(zones: Zones) -> None:
    rows = zones("flood/A31b-depth.shp", "A31b_201")
    total = sum(shape.area for shape, _ in rows)
    assert of_rank(rows).area == pytest.approx(total, rel=1e-3)


def test_the_rivers_channels_are_empty(zones: Zones, features: Callable[[str], Any]) -> None:
    flood = of_rank(zones("flood/A31b-depth.shp", "A31b_201"))
    water = shapely.union_all([surface for surface, _ in features("waterways")])
    assert flood.intersection(water).area < 200.0
    assert flood.distance(water) < 1.0


def test_a_bank_is_not_dry(zones: Zones, features: Callable[[str], Any]) -> None:
    flood = of_rank(zones("flood/A31b-depth.shp", "A31b_201"))
    water = shapely.union_all([surface for surface, _ in features("waterways")])
    lower_reach = shapely.box(609_000.0, 3_250_000.0, 614_000.0, 3_264_600.0)
    bank = shapely.intersection(water.buffer(3.0).exterior, lower_reach)
    assert bank.intersection(flood).length > 0.97 * bank.length


def test_the_duration_is_known_wherever_the_depth_is(zones: Zones) -> None:
    rows = zones("flood/A31b-duration.shp", "A31b_301")
    flood = of_rank(zones("flood/A31b-depth.shp", "A31b_201"))
    assert {rank for _, rank in rows} == {1, 2, 3, 4}
    assert flood.difference(of_rank(rows)).area < 0.02 * flood.area


def test_the_bank_gives_way_also_where_no_flood_is_mapped(zones: Zones) -> None:
    rows = zones("flood/A31b-collapse.shp", "A31b_401")
    flood = of_rank(zones("flood/A31b-depth.shp", "A31b_201"))
    assert {code for _, code in rows} == {1, 2}
    assert of_rank(rows, 2).difference(flood).area > 200_000.0
    assert of_rank(rows, 2).intersection(flood).area > 200_000.0


def test_the_forecast_grows_and_stays_within_what_is_assumed(
    zones: Zones, features: Callable[[str], Any]
) -> None:
    rows = [(shape, each["after_min"]) for shape, each in features("flood_forecast")]
    steps = sorted({after_min for _, after_min in rows})
    extents = [of_rank(rows, step) for step in steps]
    assert len(steps) >= 6
    for before, after in pairwise(extents):
        assert after.area > before.area
        assert before.difference(after).area < 0.03 * after.area
    assumed = of_rank(zones("flood/A31b-depth.shp", "A31b_201"))
    assert extents[-1].difference(assumed).area < 0.05 * extents[-1].area


def test_red_slopes_lie_in_yellow_ones_and_above_streets(zones: Zones, ways: Any) -> None:
    rows = zones("landslide.gpkg", "A33_002")
    yellow, red = of_rank(rows, 1), of_rank(rows, 2)
    assert red.difference(yellow).area < 0.02 * red.area
    assert {kind for _, kind in zones("landslide.gpkg", "A33_001")} == {1, 2, 3}
    assert shapely.intersects(ways.walkable.lines, red).sum() > 50


def test_rain_stands_away_from_the_rivers_too(zones: Zones, features: Callable[[str], Any]) -> None:
    rows = [(shape, each["depth_rank"]) for shape, each in features("inland_flood")]
    flood = of_rank(zones("flood/A31b-depth.shp", "A31b_201"))
    assert {rank for _, rank in rows} <= {1, 2, 3, 4, 5}
    assert of_rank(rows).difference(flood).area > 1e6


def test_every_polygon_is_sound(zones: Zones, features: Callable[[str], Any]) -> None:
    files = (
        ("flood/A31b-depth.shp", "A31b_201"),
        ("flood/A31b-duration.shp", "A31b_301"),
        ("flood/A31b-collapse.shp", "A31b_401"),
        ("landslide.gpkg", "A33_002"),
    )
    shapes = [shape for file in files for shape, _ in zones(*file)]
    for name in ("inland_flood", "flood_forecast", "areas", "waterways", "observed_water"):
        shapes += [shape for shape, _ in features(name)]
    assert shapely.is_valid(np.array(shapes)).all()
