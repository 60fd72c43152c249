"""Zones that reach round the world, or lie on the other side of it, and sites that are invented."""

from pathlib import Path

import pytest
import shapely

from data.cityfile import read_city_file
from data.errors import BrokenCityFile, BrokenSources
from data.report import LoadReport
from hazards.zone import ZoneLayer
from operations.fitted_city import FittedCity, fitted
from tests.integration.small_city import position, rewrite


def load(city_file: Path) -> tuple[FittedCity, LoadReport]:
    report = LoadReport("")
    return fitted(read_city_file(city_file), report, lambda _: None), report


def ring(west: float, south: float, east: float, north: float) -> dict[str, object]:
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [[list(corner) for corner in corners]]}


@pytest.mark.parametrize("box", [(1.5, 1.5, 180, 85), (45, 2, 179, 84)])
def test_a_zone_that_reaches_round_the_world_covers_the_city_too(
    small_city: Path, box: tuple[float, float, float, float]
) -> None:
    collapse = {
        "type": "Feature",
        "geometry": ring(*box),
        "properties": {"A31b_401": 1},
    }
    rewrite(small_city.parent / "flood.geojson", lambda table: table["features"].append(collapse))
    city, report = load(small_city)
    lat, lon = position(6.0, 6.0)
    x, y = city.ground.metres.xy(shapely.get_coordinates(shapely.Point(lon, lat)))[0].tolist()
    known = city.ground.ranks_at(x, y)[ZoneLayer.COLLAPSE]
    lost = ZoneLayer.COLLAPSE in city.rows.damaged
    assert known == 1 or lost
    assert any("cut to its surroundings" in why for s in report.sources for why in s.noted) or lost


def test_a_real_city_has_no_invented_sites(small_city: Path) -> None:
    text = small_city.read_text("utf-8")
    real = text.replace("fictional = true", "fictional = false").replace("（架空）", "")
    small_city.write_text(real, "utf-8")
    load(small_city)

    def invent(table: dict[str, list[dict[str, dict[str, str]]]]) -> None:
        table["features"][0]["properties"]["施設・場所名"] = "見本1（架空）"

    rewrite(small_city.parent / "sites.geojson", invent)
    with pytest.raises(BrokenCityFile, match="1 sites are invented"):
        load(small_city)


def test_a_wrong_crs_is_told_together_with_what_else_is_wrong(small_city: Path) -> None:
    text = small_city.read_text("utf-8").replace("EPSG:32653", "EPSG:32618")
    small_city.write_text(text, "utf-8")
    with pytest.raises(BrokenCityFile, match=r"city\.crs: EPSG:32618 measures"):
        load(small_city)
    (small_city.parent / "sites.geojson").write_text("{", "utf-8")
    with pytest.raises(BrokenSources) as caught:
        load(small_city)
    first, second = str(caught.value).split("\n")
    assert first.startswith("city.crs: EPSG:32618")
    assert second.startswith("sites.geojson: is no JSON")
