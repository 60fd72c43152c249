"""Porto (OSM, ODbL): read once, by our reader and by another, for all tests of this folder."""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from data.cityfile import read_city_file
from data.network import Network
from data.readers.places import HAZARDS
from data.report import LoadReport, SourceReport
from data.sample_sites import COLUMNS
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
    """The whole city, what the report tells of its roads, and what was said meanwhile."""

    fitted: FittedCity
    report: SourceReport
    said: list[str]

    @property
    def network(self) -> Network:
        """What the reader made of the roads."""
        return self.fitted.rows.network


@pytest.fixture(scope="session")
def raw() -> RawCity:
    """Read from scratch."""
    return read_raw()


@pytest.fixture(scope="session")
def city_file(raw: RawCity, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city file with invented sites on Porto's roads."""
    path = tmp_path_factory.mktemp("porto") / "city.toml"
    path.write_text(CITY_FILE, "utf-8")
    _write_sites(path.parent / "sites.csv", raw)
    return path


@pytest.fixture(scope="session")
def porto(city_file: Path) -> Porto:
    """Read by our reader. Takes some 25 s."""
    file, said = read_city_file(city_file), list[str]()
    report = LoadReport(file.card.name)
    city = fitted(file, report, said.append)
    (roads,) = (source for source in report.sources if source.source == "roads")
    return Porto(city, roads, said)


@pytest.fixture(scope="session")
def fitted_porto(porto: Porto) -> FittedCity:
    """The whole city."""
    return porto.fitted


def _write_sites(path: Path, raw: RawCity) -> None:
    """Sites from west to east where ways meet that people walk."""
    met = Counter(node for way in raw.kept if way.foot for node in way.nodes)
    crossings = sorted(raw.at[node] for node, ways in met.items() if ways >= 3)
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, [*COLUMNS, *HAZARDS, "緯度", "経度"], restval="1")
        table.writeheader()
        for number, (x, y) in enumerate(crossings[:: len(crossings) // SITES][:SITES]):
            name = f"見本{number}（架空）"
            place = dict(zip(COLUMNS, (number, f"S{number}", "架空", name, "架空"), strict=True))
            table.writerow(place | {"緯度": y / 1e7, "経度": x / 1e7})
