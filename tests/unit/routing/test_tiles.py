"""Large polygons in tiles cover what they covered."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from routing.tiles import MOST_VERTICES, tiles
from tests.builders import NORTH_OF_THE_GRID, a_grid, a_site, a_version, ask


def a_shore(vertices: int, seed: int, *, hole: bool = False, spiky: bool = False) -> BaseGeometry:
    """Water around (150, 150) with bays, its outline uneven by centimetres; or all spikes."""
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    uneven = np.random.default_rng(seed).uniform(-1, 1, vertices)
    reach = 75 + (15 * uneven if spiky else 12 * np.sin(24 * angle) + 0.01 * uneven)
    shell = np.column_stack([150 + reach * np.cos(angle), 150 + reach * np.sin(angle)])
    inner = 150 + (shell - 150) * 0.3
    return shapely.Polygon(shell, [inner] if hole else [])


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(600, 6000), st.integers(0, 99), st.booleans())
def test_tiles_are_small_and_cover_the_same_surface(vertices: int, seed: int, hole: bool) -> None:
    star = a_shore(vertices, seed, hole=hole)
    found = tiles([star])
    assert len(found) > 1
    assert max(shapely.get_num_coordinates(found)) <= MOST_VERTICES
    assert sum(tile.area for tile in found) == pytest.approx(star.area)
    assert shapely.symmetric_difference(shapely.union_all(found), star).area < 1e-6


def test_a_shape_of_spikes_is_not_cut_to_splinters() -> None:
    spiky = a_shore(20_000, 1, spiky=True)
    found = tiles([spiky])
    assert shapely.get_num_coordinates(found).sum() < 4 * shapely.get_num_coordinates(spiky)
    assert sum(tile.area for tile in found) == pytest.approx(spiky.area)


def test_small_polygons_stay_as_they_are() -> None:
    small = [shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)]
    assert tiles(small) == small
    assert tiles([shapely.Polygon()]) == []


def test_water_of_very_many_vertices_bars_what_it_covers() -> None:
    ground = a_grid(sites=[a_site(*NORTH_OF_THE_GRID)])
    water = a_shore(200_000, 1)
    version = a_version(ground, observed=[water])
    whole = shapely.intersection(ground.lines, water)
    shut = version.blocks.barred.touched
    assert (shut == (shapely.length(whole) > 1e-6)).all()
    assert shut.any()
    told = ask(version, (105, 5))
    assert told.first is not None
    assert not shapely.LineString(ground.metres.xy(told.first.line)).intersects(water)
