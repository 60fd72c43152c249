"""The streets of the fictional city: as many and as uneven as those of a real one."""

from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]

UBE_DEGREES = {1: 0.15, 2: 0.02, 3: 0.59, 4: 0.24}
UBE_MEDIAN_M, UBE_MEAN_M = 43.0, 67.0


class Simplified:
    """Junctions as after simplification: where other than two like streets meet."""

    def __init__(self, ways: Any) -> None:
        start, end, kind, length_m = self._steps(ways)
        count = int(max(start.max(), end.max())) + 1
        ends = np.concatenate([start, end])
        degree = np.bincount(ends, minlength=count)
        low, high = np.full(count, kind.max() + 1), np.full(count, -1)
        np.minimum.at(low, ends, np.concatenate([kind, kind]))
        np.maximum.at(high, ends, np.concatenate([kind, kind]))
        passed = (degree == 2) & (low == high)
        self.degrees = degree[~passed & (degree > 0)]
        self.lengths_m = np.bincount(self._joined(ends, passed), weights=length_m)
        links = coo_array((np.ones(len(start)), (start, end)), shape=(count, count))
        self.parts = connected_components(links, directed=False)[0]

    @staticmethod
    def _steps(ways: Any) -> tuple[Ints, Ints, Ints, NDArray[np.float64]]:
        numbers: dict[int, int] = defaultdict(lambda: len(numbers))
        kinds: dict[tuple[str | None, ...], int] = defaultdict(lambda: len(kinds))
        rows = []
        for tags, nodes, line in zip(ways.tags, ways.nodes, ways.lines, strict=True):
            kind = kinds[tuple(tags.get(k) for k in ("highway", "bridge", "tunnel", "layer"))]
            steps = np.hypot(*np.diff(shapely.get_coordinates(line), axis=0).T)
            rows += [
                (numbers[a], numbers[b], kind, step)
                for a, b, step in zip(nodes[:-1], nodes[1:], steps, strict=True)
            ]
        start, end, kind_of, length_m = zip(*rows, strict=True)
        return np.array(start), np.array(end), np.array(kind_of), np.array(length_m)

    @staticmethod
    def _joined(ends: Ints, passed: NDArray[np.bool_]) -> Ints:
        count = len(ends) // 2
        step = np.tile(np.arange(count), 2)
        order = np.argsort(ends, kind="stable")
        inner = order[passed[ends[order]]]
        one, other = step[inner[0::2]], step[inner[1::2]]
        links = coo_array((np.ones(len(one)), (one, other)), shape=(count, count))
        return np.asarray(connected_components(links, directed=False)[1])


@pytest.fixture(scope="module")
def streets(ways: Any) -> Simplified:
    return Simplified(ways.walkable)


def test_it_has_as_many_junctions_as_a_real_city(streets: Simplified) -> None:
    assert 30_000 <= len(streets.degrees) <= 40_000


def test_its_junctions_are_like_those_of_ube(streets: Simplified) -> None:
    for degree, share in UBE_DEGREES.items():
        assert np.mean(streets.degrees == degree) == pytest.approx(share, rel=0.2)


def test_its_streets_are_as_long_as_those_of_ube(streets: Simplified) -> None:
    assert np.median(streets.lengths_m) == pytest.approx(UBE_MEDIAN_M, rel=0.2)
    assert np.mean(streets.lengths_m) == pytest.approx(UBE_MEAN_M, rel=0.2)


def test_every_street_can_be_reached_from_every_other(streets: Simplified) -> None:
    assert streets.parts == 1


def test_a_way_runs_on_through_many_junctions(ways: Any) -> None:
    shared = Counter(node for nodes in ways.walkable.nodes for node in set(nodes))
    longest = max(sum(shared[n] > 1 for n in nodes) for nodes in ways.walkable.nodes)
    assert longest > 20


def test_no_node_is_repeated_in_a_way(ways: Any) -> None:
    for nodes in ways.nodes:
        assert all(a != b for a, b in pairwise(nodes))


def test_nobody_walks_on_the_expressway(ways: Any) -> None:
    on_it = [nodes for t, nodes in zip(ways.tags, ways.nodes, strict=True) if "foot" in t]
    walked = {node for nodes in ways.walkable.nodes for node in nodes}
    assert len(on_it) == 2
    assert not walked.intersection(*on_it)


def test_it_has_every_kind_of_street_that_the_rules_speak_of(ways: Any) -> None:
    highways = Counter(tags["highway"] for tags in ways.tags)
    assert min(highways[h] for h in ("primary", "secondary", "tertiary")) > 20
    assert min(highways[h] for h in ("steps", "footway", "service", "unclassified")) > 200
    assert len(ways.where(oneway="yes")) > 100
    assert len(ways.where(wheelchair="no")) > 100
    assert any(shapely.length(line) > 800 for line in ways.where(tunnel="yes"))


def test_both_rivers_are_bridged_for_cars_and_for_walkers(
    ways: Any, features: Callable[[str], Any]
) -> None:
    for surface, _ in features("waterways"):
        crossing = shapely.intersects(ways.where(bridge="yes", layer="1"), surface)
        assert crossing.sum() >= 8
    assert len(ways.where(bridge="yes", highway="footway")) >= 2


def test_no_street_runs_through_open_water_without_a_bridge(
    ways: Any, features: Callable[[str], Any]
) -> None:
    water = shapely.union_all([surface for surface, _ in features("waterways")])
    on_ground = [i for i, tags in enumerate(ways.tags) if "bridge" not in tags]
    wet = shapely.intersects(ways.lines[on_ground], water)
    assert not wet.any()


def test_underpasses_fill_with_rain(ways: Any, features: Callable[[str], Any]) -> None:
    standing = shapely.union_all([patch for patch, _ in features("inland_flood")])
    underpasses = ways.where(tunnel="yes", layer="-1", highway="secondary")
    assert len(underpasses) >= 4
    assert shapely.intersects(underpasses, standing).all()


def test_the_ground_is_known_under_every_street(fictional: Path, ways: Any) -> None:
    with rasterio.open(fictional / "elevation.tif") as heights:
        assert (heights.crs.to_epsg(), heights.res, heights.dtypes) == (
            32653,
            (25.0, 25.0),
            ("float32",),
        )
        assert shapely.box(*heights.bounds).contains(shapely.box(*shapely.total_bounds(ways.lines)))
        values = heights.read(1)
    assert values.min() > 0.0
    assert 200.0 < values.max() < 600.0


def test_stairs_stand_on_slopes(fictional: Path, ways: Any) -> None:
    ends = [
        shapely.get_coordinates(shapely.get_point(ways.where(highway="steps"), i)) for i in (0, -1)
    ]
    with rasterio.open(fictional / "elevation.tif") as heights:
        climbs = [np.array(list(heights.sample(end.tolist())))[:, 0] for end in ends]
    assert np.median(np.abs(climbs[0] - climbs[1])) > 5.0
