"""The streets as raw OpenStreetMap data: ways that run on through many junctions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import osmium
from numpy.random import Generator
from osmium.osm.mutable import Node, Way
from shapely import LineString

from data.fictional.drawing import Indices, Kind, Kinds
from data.fictional.frame import degrees
from data.fictional.land import Land
from data.fictional.names import EXPRESSWAY, Namebook
from data.fictional.noding import Sections
from data.town.frame import Array

FIRST_NODE: Final = 9_800_000_001
FIRST_WAY: Final = 9_700_000_001
WHEN: Final = datetime(2026, 1, 1, tzinfo=UTC)
CARRIAGEWAY_M: Final = 8.0
SURFACES: Final = {"path": "ground", "steps": "concrete", "footway": "paving_stones"}
ONE_WAY: Final = 0.03
NOT_FOR_WHEELS: Final = {"steps": 0.5, "footway": 0.2, "path": 0.5, "residential": 0.004}
Tags = dict[str, str]


@dataclass(frozen=True, slots=True)
class Runs:
    """Sections that follow each other on one street with the same kind make one way.

    Way `w` runs through `node[first[w]:first[w + 1]]`.
    """

    node: Indices
    first: Indices
    kind: Indices


def write_pbf(
    path: Path, sections: Sections, land: Land, kinds: Kinds, book: Namebook, rng: Generator
) -> None:
    """Write nodes in rising order, then ways."""
    runs = runs_of(sections)
    used, node = np.unique(runs.node, return_inverse=True)
    carriageways = _expressway(land)
    positions = degrees(np.concatenate([sections.xy[used], *carriageways]))
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path)) as writer:
        for number, location in enumerate(positions.tolist(), start=FIRST_NODE):
            writer.add_node(Node(id=number, version=1, timestamp=WHEN, location=location))
        ways = _ways(runs, node + FIRST_NODE, kinds, book, rng)
        first = FIRST_NODE + len(used)
        for number, (nodes, tags) in enumerate(
            [*ways, *_motorways(carriageways, first)], start=FIRST_WAY
        ):
            writer.add_way(Way(id=number, version=1, timestamp=WHEN, nodes=nodes, tags=tags))


def runs_of(sections: Sections) -> Runs:
    """Join sections that follow each other."""
    goes_on = (
        (sections.line[1:] == sections.line[:-1])
        & (sections.kind[1:] == sections.kind[:-1])
        & (sections.start[1:] == sections.end[:-1])
    )
    begins = np.concatenate([[True], ~goes_on])
    # Where a way goes on, the junction is both an end and a beginning: it is kept once.
    repeated = sections.first[:-1][~begins]
    keep = np.ones(len(sections.node), dtype=bool)
    keep[repeated] = False
    run = np.cumsum(begins) - 1
    owner = np.repeat(run, np.diff(sections.first))[keep]
    counts = np.bincount(owner)
    first = np.concatenate([[0], np.cumsum(counts)])
    return Runs(sections.node[keep], first, sections.kind[begins])


def _ways(
    runs: Runs, node: Indices, kinds: Kinds, book: Namebook, rng: Generator
) -> Iterator[tuple[list[int], Tags]]:
    numbers = node.tolist()
    first = runs.first.tolist()
    chances = rng.random((len(runs.kind), 4)).tolist()
    for i, kind in enumerate(runs.kind.tolist()):
        tags = _tags(kinds.each[kind], book) | _extras(kinds.each[kind], chances[i])
        yield numbers[first[i] : first[i + 1]], tags


def _tags(kind: Kind, book: Namebook) -> Tags:
    tags = {
        "highway": kind.highway,
        "name": kind.name,
        "name:en": book.latin.get(kind.name or ""),
        "bridge": kind.bridge,
        "tunnel": kind.tunnel,
        "layer": None if kind.layer is None else str(kind.layer),
    }
    return {key: value for key, value in tags.items() if value}


def _extras(kind: Kind, chances: list[float]) -> Tags:
    """Tag surface, width, one-way traffic and wheels as unevenly as people do."""
    surfaced, measured, one_way, wheels = chances
    tags: Tags = {}
    if surfaced < 0.45:
        tags["surface"] = SURFACES.get(kind.highway, "asphalt")
    if kind.highway in ("residential", "service", "unclassified") and measured < 0.25:
        tags["width"] = f"{2.5 + 0.5 * int(measured * 32.0):.1f}"
    if kind.highway in ("residential", "tertiary") and not kind.layer and one_way < ONE_WAY:
        tags["oneway"] = "yes"
    if wheels < NOT_FOR_WHEELS.get(kind.highway, 0.0):
        tags["wheelchair"] = "no"
    return tags


def _expressway(land: Land) -> list[Array]:
    line = LineString(land.expressway.intersection(land.outline.buffer(150.0)).coords)
    sides = (line.offset_curve(side).simplify(1.0) for side in (CARRIAGEWAY_M, -CARRIAGEWAY_M))
    return [np.array(side.coords) for side in sides]


def _motorways(carriageways: list[Array], first: int) -> Iterator[tuple[list[int], Tags]]:
    for xy in carriageways:
        nodes = list(range(first, first + len(xy)))
        tags = {"highway": "motorway", "name": EXPRESSWAY[0], "name:en": "Rurino Expressway"}
        yield nodes, tags | {"bridge": "yes", "layer": "2", "foot": "no", "oneway": "yes"}
        first += len(xy)
