"""The fictional city, generated once, and its streets as a reader of raw OSM would see them."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pytest
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from tests.fictionalfiles import fictional_city_file

METRES = Transformer.from_crs("EPSG:4326", "EPSG:32653", always_xy=True)
Feature = tuple[BaseGeometry, dict[str, Any]]


@dataclass(frozen=True)
class Ways:
    """Every way of the file: its tags, its node ids, its line in metres."""

    tags: list[dict[str, str]]
    nodes: list[list[int]]
    lines: NDArray[np.object_]

    def where(self, **wanted: str) -> NDArray[np.object_]:
        """The lines of the ways with these tags."""
        return self.lines[[all(tags.get(k) == v for k, v in wanted.items()) for tags in self.tags]]

    @property
    def walkable(self) -> "Ways":
        """The ways without the expressway."""
        kept = [i for i, tags in enumerate(self.tags) if tags.get("foot") != "no"]
        return Ways([self.tags[i] for i in kept], [self.nodes[i] for i in kept], self.lines[kept])


def metres(geometry: Any) -> Any:
    """A geometry, or an array of them, from degrees to metres."""
    return shapely.transform(
        geometry, lambda xy: np.column_stack(METRES.transform(xy[:, 0], xy[:, 1]))
    )


@pytest.fixture(scope="session")
def fictional() -> Path:
    return fictional_city_file().parent


@pytest.fixture(scope="session")
def ways(fictional: Path) -> Ways:
    places: dict[int, tuple[float, float]] = {}
    tags, nodes = [], []
    for thing in osmium.FileProcessor(str(fictional / "roads.osm.pbf")):
        if isinstance(thing, osmium.osm.Node):
            places[thing.id] = (thing.location.lon, thing.location.lat)
        elif isinstance(thing, osmium.osm.Way):
            tags.append({tag.k: tag.v for tag in thing.tags})
            nodes.append([node.ref for node in thing.nodes])
    lines = np.array([shapely.LineString([places[n] for n in each]) for each in nodes])
    return Ways(tags, nodes, metres(lines))


@pytest.fixture(scope="session")
def features(fictional: Path) -> Callable[[str], list[Feature]]:
    def read(name: str) -> list[Feature]:
        collection = json.loads((fictional / f"{name}.geojson").read_text(encoding="utf-8"))
        return [(metres(shape(f["geometry"])), f["properties"]) for f in collection["features"]]

    return read


@pytest.fixture(scope="session")
def table(fictional: Path) -> Callable[..., list[dict[str, str]]]:
    def read(name: str, encoding: str = "utf-8") -> list[dict[str, str]]:
        with (fictional / f"{name}.csv").open(encoding=encoding, newline="") as file:
            return list(csv.DictReader(file))

    return read


@pytest.fixture(scope="session")
def zones(fictional: Path) -> Callable[[str, str], list[tuple[BaseGeometry, int]]]:
    def read(file: str, column: str) -> list[tuple[BaseGeometry, int]]:
        from pyogrio.raw import read as read_raw

        meta, _, geometry, values = read_raw(fictional / file)
        assert meta["crs"] == "EPSG:6668"
        shapes = metres(shapely.from_wkb(geometry))
        column_values = values[list(meta["fields"]).index(column)]
        return list(zip(shapes, column_values.tolist(), strict=True))

    return read
