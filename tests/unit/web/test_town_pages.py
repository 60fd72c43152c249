"""The pages of the fictional town: small enough everywhere, also where its streets are densest."""

import gzip
from datetime import timedelta

import numpy as np
import pytest
import shapely

from routing.guidance import Guidance
from routing.version import PlanVersion
from tests.builders import NIGHT, STAYER, ask, town_version
from web.overview import overview_svg
from web.pages import way_page
from web.tapmap import CLOSEST_M, Box, whole


@pytest.fixture(scope="module")
def town() -> PlanVersion:
    """The town as it begins."""
    return town_version()


def dense_doors(town: PlanVersion, count: int) -> list[tuple[float, float]]:
    """Doors 14 m beside the junctions with the most junctions within 300 m, 200 m apart."""
    xy = town.ground.roads.junction_xy
    points = shapely.points(xy)
    tree = shapely.STRtree(points)
    near = np.bincount(tree.query(points, predicate="dwithin", distance=300)[0])
    chosen: list[tuple[float, float]] = []
    for x, y in xy[np.argsort(-near)].tolist():
        if all(np.hypot(x - a, y - b) > 200 for a, b in chosen):
            chosen.append((x, y))
        if len(chosen) == count:
            break
    return [(x + 10, y + 10) for x, y in chosen]


def page(guidance: Guidance, lang: str = "ja") -> str:
    """The way page, read a minute after it was made."""
    return way_page(
        guidance,
        asked={"lat": "33.000000", "lon": "131.000000", "profile": "slow", "dwelling": "house"},
        lang=lang,
        now=NIGHT,
        checked_at=NIGHT - timedelta(minutes=1),
        stale=True,
        page_url="https://nigemichi.example/way?lat=33.000000&lon=131.000000&profile=slow",
    )


def test_every_way_page_of_the_densest_places_stays_below_14_kB(town: PlanVersion) -> None:
    sizes = [
        len(gzip.compress(page(ask(town, door, household, when=NIGHT), lang).encode()))
        for door in dense_doors(town, 25)
        for household in (None, STAYER)
        for lang in ("ja", "en")
    ]
    assert max(sizes) < 14_000


def test_map_to_tap_stays_below_14_kB_at_every_step(town: PlanVersion) -> None:
    boxes = [whole(town.ground)]
    boxes += [Box(x, y, side) for x, y in dense_doors(town, 3) for side in (1400, CLOSEST_M)]
    for box in boxes:
        image = overview_svg(town.ground, town, box=box)
        assert len(gzip.compress(image.encode())) < 14_000
