"""Porto (OSM, ODbL): read once, by our reader and by another, for all tests of this folder."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from data.cityfile import read_city_file
from data.network import Network
from data.readers.osm import read_osm
from data.report import LoadReport, SourceReport
from data.sample_sites import write_sample_sites
from operations.fitted_city import FittedCity, fitted
from tests.porto.raw_ways import PBF, RawCity, read_raw

SITES = 60
CITY_FILE = f"""
[city]
code = "99904"
name = "見本市（架空）"
name_en = "Sample (fictional)"
fictional = true
crs = "EPSG:3763"

[sources.roads]
format = "osm-pbf"
path = '{PBF}'

[sources.sites]
format = "gsi-csv"
path = "sites.csv"
"""


@dataclass(frozen=True, eq=False)
class Porto:
    """What the reader makes of it, and what it said meanwhile."""

    network: Network
    report: SourceReport
    said: list[str]


@pytest.fixture(scope="session")
def porto() -> Porto:
    """Read by our reader. Takes some 25 s."""
    report, said = SourceReport("roads", PBF.name), list[str]()
    return Porto(read_osm(PBF, report, said.append), report, said)


@pytest.fixture(scope="session")
def raw() -> RawCity:
    """Read from scratch."""
    return read_raw()


@pytest.fixture(scope="session")
def city_file(porto: Porto, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city file with invented sites on Porto's roads."""
    path = tmp_path_factory.mktemp("porto") / "city.toml"
    path.write_text(CITY_FILE, "utf-8")
    write_sample_sites(path.parent / "sites.csv", porto.network, SITES)
    return path


@pytest.fixture(scope="session")
def fitted_porto(city_file: Path) -> FittedCity:
    """The whole city, its roads read a second time."""
    file = read_city_file(city_file)
    return fitted(file, LoadReport(file.card.name), lambda _: None)
