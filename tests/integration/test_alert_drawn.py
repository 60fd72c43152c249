"""A drawn polygon as headquarters gives it: clipped to the city's surroundings, or refused."""

from typing import Any

import pytest
import shapely

from operations.given import AROUND
from tests.integration.alerted import ALERTS, AREA, FLOOD, GENERAL, Headquarters

Ring = list[list[float]]


def box(west: float, south: float, east: float, north: float) -> Ring:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def drawn(hq: Headquarters, ring: list[Any]) -> Any:
    polygon = {"type": "Polygon", "coordinates": [ring]}
    return hq.ask(hq.writer, ALERTS, FLOOD | GENERAL | {"polygon": polygon})


def bounds(hq: Headquarters, table: str) -> tuple[float, ...]:
    extent = f"SELECT ST_AsText(ST_Extent(geom)) FROM {table}"  # noqa: S608  a name given here
    return tuple(shapely.from_wkt(hq.database.one(extent)).bounds)


def test_a_polygon_over_the_world_is_clipped_to_the_city_s_surroundings(hq: Headquarters) -> None:
    shown = hq.well(drawn(hq, box(-180, -90, 180, 90)))
    assert shown["where"] == "polygon"
    west, south, east, north = bounds(hq, "street")
    kept = (west - AROUND, south - AROUND, east + AROUND, north + AROUND)
    assert bounds(hq, "alert_revision") == pytest.approx(kept, abs=1e-9)


def test_a_polygon_with_heights_is_taken(hq: Headquarters) -> None:
    ring = [[*point, 3.0] for point in box(*bounds(hq, f"area WHERE name = '{AREA}'"))]
    assert AREA in hq.well(drawn(hq, ring))["area_names"]


@pytest.mark.parametrize(("wide", "words"), [(1e-7, "小さすぎます"), (1e300, "範囲の外")])
def test_a_sliver_or_numbers_beyond_the_earth_are_refused_with_words(
    hq: Headquarters, wide: float, words: str
) -> None:
    west, south, east, north = bounds(hq, f"area WHERE name = '{AREA}'")
    lon, lat = (west + east) / 2, (south + north) / 2
    refused = drawn(hq, box(lon, lat, lon + wide, lat + 1e-4))
    assert refused.status_code == 422, refused.text
    assert words in refused.json()["detail"]
