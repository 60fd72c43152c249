"""The CRS that a city file names measures metres where the city is, or another is named."""

from pathlib import Path

import numpy as np
import pytest

from data.errors import BrokenCityFile
from data.network import Network, StreetTags, network_of, street_row
from data.right_crs import refuse_wrong_crs


def network(west: float, south: float) -> Network:
    """One street of some kilometres."""
    lonlat = np.array([[west, south], [west + 0.1, south + 0.1]])
    tags = StreetTags("", "", 0, 3, 0, True, "", np.nan)
    return network_of(np.array([1, 2]), lonlat, np.zeros(2), [street_row(0, 1, lonlat, tags)])


@pytest.mark.parametrize(
    ("crs", "west", "south", "named"),
    [
        ("EPSG:6671", 144.3, 43.6, "EPSG:6681 (JGD2011 / Japan Plane Rectangular CS XIII)"),
        ("EPSG:6677", -8.6, 41.1, "EPSG:32629 (WGS 84 / UTM zone 29N)"),
        ("EPSG:3857", 131.2, 34.0, "EPSG:6671"),
        ("EPSG:6933", 139.3, 35.6, "EPSG:6677"),
        ("EPSG:4087", 139.3, 35.6, "EPSG:6677"),
    ],
)
def test_a_crs_of_another_region_is_refused_and_one_of_here_is_named(
    crs: str, west: float, south: float, named: str
) -> None:
    with pytest.raises(BrokenCityFile) as caught:
        refuse_wrong_crs(crs, network(west, south))
    assert f"city.crs: {crs} measures" in str(caught.value)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("crs", "west", "south"),
    [("EPSG:6677", 139.3, 35.6), ("EPSG:32629", -8.6, 41.1), ("EPSG:3763", -8.6, 41.1)],
)
def test_a_crs_of_here_is_taken(crs: str, west: float, south: float) -> None:
    refuse_wrong_crs(crs, network(west, south))


def test_the_city_files_that_are_shipped_can_be_read() -> None:
    from data.cityfile import read_city_file

    folder = Path(__file__).parents[3] / "data/cities"
    hachioji = read_city_file(folder / "hachioji.toml")
    assert (hachioji.city.code, hachioji.city.fictional) == ("13201", False)
    assert hachioji.zones.complete == ()
    template = read_city_file(folder / "template.toml")
    assert template.city.fictional
