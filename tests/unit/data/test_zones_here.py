"""Zones of a city's files that stand elsewhere: another city's, or the city's at a wrong place."""

from pathlib import Path
from typing import Any

import pytest

from data.city_rows import CityRows
from data.cityfile import read_city_file
from data.groundwork import ground_of
from data.report import LoadReport, SourceReport
from data.sources import read_sources
from hazards.zone import ZoneKind, ZoneLayer
from tests.integration.small_city import SOUTH, WEST, box, write_features, write_small_city

Corners = tuple[float, float, float, float]
FORECAST = """
[[sources.zones]]
format = "forecast-depth"
kind = "forecast"
path = "forecast.geojson"
"""
COLLAPSE = (box(-1, -1, 8, 0.5), {"A31b_401": 1})
LEFT_OUT = "far from every road (over 2 km)"


def at(west: float, south: float, size: float = 0.01) -> dict[str, Any]:
    """A rectangle as GeoJSON, in degrees."""
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def read(city_file: Path) -> tuple[CityRows, LoadReport, SourceReport]:
    """The rows, the report, and that of the first zone file."""
    report = LoadReport("")
    rows = read_sources(read_city_file(city_file), report, lambda _: None)
    return rows, report, next(one for one in report.sources if one.source == "zones")


def flooded(
    folder: Path, *rows: tuple[dict[str, Any], dict[str, Any]]
) -> tuple[CityRows, SourceReport]:
    """The small city, with twenty collapse zones and these rows in its file."""
    city_file = write_small_city(folder)
    known = [(box(-1, -1, 8, 2), {"A31b_201": 2}), (box(-1, -1, 8, 2), {"A31b_301": 2})]
    write_features(folder / "flood.geojson", [*known, *[COLLAPSE] * 20, *rows])
    found, _, report = read(city_file)
    assert report.read == report.kept + report.dropped.total()
    return found, report


def known(rows: CityRows, city_file: Path, layer: ZoneLayer) -> bool:
    """Whether outside the layer's zones is known to be outside: what `stay_safe` needs."""
    file = read_city_file(city_file)
    return ground_of(file.card, file.rules, rows).zones[layer].complete


def test_rule_03_a_city_of_sound_zones_knows_what_is_outside_of_them(tmp_path: Path) -> None:
    rows, report = flooded(tmp_path)
    assert rows.damaged == frozenset()
    assert (report.read, report.kept) == (22, 22)
    assert known(rows, tmp_path / "city.toml", ZoneLayer.COLLAPSE)


@pytest.mark.parametrize(
    "place",
    [(0.0, 0.0), (0.7, -0.3), (35.40, SOUTH), (WEST, 2.96), (SOUTH, WEST - 90), (WEST + 4, SOUTH)],
    ids=["zero", "near zero", "no hundreds", "a wrong point", "swapped", "a wrong digit"],
)
def test_rule_03_a_zone_with_wrong_coordinates_is_lost_not_far_off(
    tmp_path: Path, place: tuple[float, float]
) -> None:
    rows, report = flooded(tmp_path, (at(*place), {"A31b_401": 2}))
    assert rows.damaged == {ZoneLayer.COLLAPSE}
    assert not known(rows, tmp_path / "city.toml", ZoneLayer.COLLAPSE)
    assert known(rows, tmp_path / "city.toml", ZoneLayer.DURATION)
    assert (report.read, report.kept) == (23, 22)
    (spot,) = report.spots
    assert (spot.word, spot.row) == ("dropped", "row 23")
    assert LEFT_OUT not in report.dropped


@pytest.mark.parametrize("away", [0.1, 1.0, 2.9])
def test_another_citys_zone_is_left_out_and_nothing_is_lost(tmp_path: Path, away: float) -> None:
    rows, report = flooded(tmp_path, (at(WEST - away, SOUTH), {"A31b_401": 2}))
    assert rows.damaged == frozenset()
    assert known(rows, tmp_path / "city.toml", ZoneLayer.COLLAPSE)
    assert report.dropped == {LEFT_OUT: 1}
    assert report.kept == 22


def test_rule_03_a_zone_that_reaches_far_beyond_the_city_is_kept_and_its_layer_damaged(
    tmp_path: Path,
) -> None:
    """One of its corners may have lost a digit: what it covers counts, and it may cover less."""
    torn = box(-1, -1, 8, 2)
    torn["coordinates"][0][3][0] -= 100
    rows, report = flooded(tmp_path, (torn, {"A31b_401": 2}))
    assert rows.damaged == {ZoneLayer.COLLAPSE}
    assert report.kept == 23
    assert [spot.row for spot in report.spots] == ["row 23"]


def test_a_row_of_several_layers_is_counted_once(tmp_path: Path) -> None:
    layers = {"A31b_201": 2, "A31b_301": 2, "A31b_401": 1}
    near, far, lost = box(0, 0, 1, 1), at(WEST - 1, SOUTH), at(WEST - 9, SOUTH)
    rows, report = flooded(tmp_path, *((shape, layers) for shape in (near, far, lost)))
    assert (report.read, report.kept, report.dropped.total()) == (25, 23, 2)
    assert rows.damaged == {ZoneLayer.DEPTH, ZoneLayer.DURATION, ZoneLayer.COLLAPSE}


def test_a_forecast_of_no_water_is_read_and_said(tmp_path: Path) -> None:
    city_file = write_small_city(tmp_path, more=FORECAST)
    write_features(tmp_path / "forecast.geojson", [])
    rows, report, _ = read(city_file)
    assert not any(zone.kind is ZoneKind.FORECAST for zone in rows.zones)
    assert "forecast forecast.geojson holds no zone: no water is forecast" in report.remarks
    assert not report.refused
