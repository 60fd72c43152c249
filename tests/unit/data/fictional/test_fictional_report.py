"""What is reported of the fictional city, against counts of its files made by other means."""

import csv
import json
import struct
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely

from data.report import SourceReport
from tests.builders import Town, fictional_city

Loaded = tuple[Town, dict[str, SourceReport]]


@pytest.fixture
def loaded() -> Loaded:
    city = fictional_city()
    return city, {source.file: source for source in city.report.sources}


def rows_of(path: Path, encoding: str = "utf-8-sig") -> int:
    """Rows of a CSV below its head."""
    with path.open(encoding=encoding, newline="") as stream:
        return sum(1 for _ in csv.reader(stream)) - 1


def shapes_of(path: Path) -> int:
    """Records of a shapefile, by the lengths that stand before each (ESRI, 1998)."""
    raw, at, count = path.read_bytes(), 100, 0
    while at < len(raw):
        (words,) = struct.unpack(">i", raw[at + 4 : at + 8])
        at, count = at + 8 + 2 * words, count + 1
    return count


def test_every_source_is_read_whole(fictional: Path, loaded: Loaded) -> None:
    _, reports = loaded
    expected = {
        "emergency_sites.csv": rows_of(fictional / "emergency_sites.csv"),
        "shelters.csv": rows_of(fictional / "shelters.csv", "cp932"),
        "welfare_shelters.csv": rows_of(fictional / "welfare_shelters.csv"),
        "households.csv": rows_of(fictional / "households.csv"),
        "readings.csv": rows_of(fictional / "readings.csv"),
    }
    for name in ("areas", "inland_flood", "flood_forecast", "waterways", "gauges"):
        table = json.loads((fictional / f"{name}.geojson").read_text("utf-8"))
        expected[f"{name}.geojson"] = len(table["features"])
    for path in (fictional / "flood").glob("*.shp"):
        expected[path.name] = shapes_of(path)
    told = {name: (reports[name].read, reports[name].kept) for name in expected}
    assert told == {name: (count, count) for name, count in expected.items()}
    assert len([name for name in expected if name.endswith(".shp")]) == 3
    assert not any(report.dropped or report.repaired for report in reports.values())


def test_every_way_is_read_and_every_metre_kept(fictional: Path, loaded: Loaded) -> None:
    city, reports = loaded
    ways = 0
    lines = []
    for way in osmium.FileProcessor(str(fictional / "roads.osm.pbf")).with_locations():
        if isinstance(way, osmium.osm.Way):
            ways += 1
            lines.append(shapely.LineString([(node.lon, node.lat) for node in way.nodes]))
    assert (reports["roads.osm.pbf"].read, reports["roads.osm.pbf"].kept) == (ways, ways)
    metres = city.ground.metres
    drawn = shapely.length(shapely.transform(np.array(lines, dtype=object), metres.xy)).sum()
    assert city.ground.roads.length_m.sum() == pytest.approx(drawn, rel=1e-6)


def test_households_and_persons_are_those_that_are_counted(fictional: Path, loaded: Loaded) -> None:
    city, reports = loaded
    with (fictional / "households.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    homes = sum(int(row["households"]) for row in rows)
    persons = sum(int(row["population"]) for row in rows)
    placed = reports["placed along residential streets"]
    assert (placed.read, placed.kept) == (homes, homes)
    assert len(city.rows.households) == homes == 285_000
    assert int(city.rows.households.persons.sum()) == persons == 560_000
