"""Porto's ways once more, read and judged from scratch: nothing of our readers is used here.

What a street is and who may use it is written down a second time, from OSM's wiki
(Key:highway, Key:access, Key:oneway, Key:layer), with plain dicts.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import osmium

PBF = (Path(__file__).parents[2] / "../shared/data/porto/porto_portugal.osm.pbf").resolve()

Point = tuple[int, int]
"""Degrees east and north, times ten million."""
Pair = tuple[int, int]
"""Two nodes that follow each other in a way."""

ROADS = [
    *("trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street"),
    *("trunk_link", "primary_link", "secondary_link", "tertiary_link", "service", "road", "track"),
]
DRIVEN = [*ROADS, "motorway", "motorway_link"]
WALKED = [*ROADS, "footway", "pedestrian", "path", "steps", "corridor"]
WALKED_IF_SAID = ["cycleway", "bridleway", "busway"]
REFUSED = [
    *("no", "private", "military", "agricultural", "forestry"),
    *("customers", "permit", "emergency"),
]
TOO_SOFT = ["sand", "mud", "grass", "rock", "pebblestone", "gravel", "stepping_stones", "woodchips"]


@dataclass(frozen=True)
class RawWay:
    """A way with a highway tag. `drives`: its nodes' order, against it; `what` is what a street
    must have in common along its whole length.
    """

    number: int
    nodes: tuple[int, ...]
    tags: dict[str, str]

    def says(self, key: str) -> str:
        value = self.tags.get(key, "").strip().lower()
        return "" if value in ("no", "none", "false", "0") and key in _YES_NO else value

    @cached_property
    def foot(self) -> bool:
        foot, kind = self.says("foot"), self.tags["highway"]
        if foot in ("yes", "designated", "permissive", "official", "destination"):
            return True
        if foot in REFUSED or self.says("access") in REFUSED or self.says("motorroad") == "yes":
            return False
        return kind in WALKED

    @property
    def steps(self) -> bool:
        return self.tags["highway"] == "steps"

    @cached_property
    def wheels(self) -> bool:
        if not self.foot or self.steps:
            return False
        if self.tags.get("wheelchair") in ("yes", "designated", "no"):
            return self.tags["wheelchair"] != "no"
        width = re.fullmatch(r"(\d+(\.\d+)?) *m?", self.tags.get("width", ""))
        narrow = width is not None and float(width.group(1)) < 0.9
        rough = self.says("smoothness") in ("horrible", "very_horrible", "impassable")
        surfaces = [one.strip() for one in re.split("[,;]", self.says("surface"))]
        return not (narrow or rough or surfaces[0] in TOO_SOFT)

    @cached_property
    def drives(self) -> tuple[bool, bool]:
        said = self.says("motor_vehicle") or self.says("vehicle") or self.says("access")
        if self.tags["highway"] not in DRIVEN or said in REFUSED:
            return False, False
        oneway = self.says("oneway")
        if oneway in ("-1", "reverse"):
            return False, True
        around = self.says("junction") in ("roundabout", "circular")
        implied = around or self.tags["highway"].startswith("motorway")
        return True, not (oneway in ("yes", "true", "1") or (implied and not self._both_ways))

    @property
    def _both_ways(self) -> bool:
        return self.tags.get("oneway") in ("no", "false", "0")

    @property
    def ford(self) -> bool:
        return bool(self.says("ford")) or self.says("bridge") == "low_water_crossing"

    @property
    def bridge(self) -> bool:
        return bool(self.says("bridge")) and not self.ford

    @property
    def tunnel(self) -> bool:
        return self.says("tunnel") not in ("", "culvert", "building_passage")

    @cached_property
    def layer(self) -> int:
        if self.says("tunnel") == "culvert":
            return 0
        said = self.tags.get("layer", "").strip()
        if re.fullmatch(r"-?\d+", said) and int(said):
            return int(said)
        return -1 if self.tunnel and not said else 0

    @cached_property
    def what(self) -> tuple[Any, ...]:
        there, back = self.drives
        passes = (self.foot, self.wheels, there or back, there == back)
        return (self.bridge, self.tunnel, self.steps, self.ford, self.layer, *passes)

    @cached_property
    def pairs(self) -> list[Pair]:
        return [(a, b) for a, b in pairwise(self.nodes) if a != b]


_YES_NO = ("bridge", "tunnel", "ford")


@dataclass
class RawCity:
    """All ways with a highway tag, the reasons of those left out, and where the nodes lie."""

    at: dict[int, Point] = field(default_factory=dict)
    read: int = 0
    kept: list[RawWay] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)

    def over(self) -> dict[Pair, list[RawWay]]:
        """The ways over each pair of neighbouring nodes, the lower number first."""
        found: dict[Pair, list[RawWay]] = defaultdict(list)
        for way in self.kept:
            for a, b in way.pairs:
                found[min(a, b), max(a, b)].append(way)
        return found

    def junctions(self) -> set[int]:
        """Where other than two ends of pairs meet, or two that differ; of a ring that has none of
        these, all nodes.
        """
        neighbours: dict[int, list[int]] = defaultdict(list)
        what: dict[int, set[Any]] = defaultdict(set)
        kinds: dict[Any, int] = {}
        for way in self.kept:
            kind = kinds.setdefault(way.what, len(kinds))
            for a, b in way.pairs:
                neighbours[a].append(b)
                neighbours[b].append(a)
                what[a].add(kind)
                what[b].add(kind)
        found = {
            node
            for node, others in neighbours.items()
            if len(others) != 2 or len(set(others)) != 2 or len(what[node]) != 1
        }
        rooted = roots((pair for way in self.kept for pair in way.pairs), neighbours)
        touched = {rooted[node] for node in found}
        return found | {node for node in neighbours if rooted[node] not in touched}


def roots(pairs: Iterable[Pair], nodes: Iterable[int]) -> dict[int, int]:
    """Each node's root, by union-find: nodes that the pairs join have the same one."""
    parent = {node: node for node in nodes}

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for a, b in pairs:
        parent[root(a)] = root(b)
    return {node: root(node) for node in parent}


class _Reader(osmium.SimpleHandler):
    def __init__(self) -> None:
        super().__init__()
        self.city = RawCity()
        self.squares: list[RawWay] = []

    def way(self, way: Any) -> None:
        tags = {tag.k: tag.v for tag in way.tags}
        if "highway" not in tags:
            return
        self.city.read += 1
        found = RawWay(way.id, tuple(node.ref for node in way.nodes), tags)
        if tags["highway"] not in {*DRIVEN, *WALKED, *WALKED_IF_SAID}:
            self.city.dropped[f"highway={tags['highway']} is no street"] += 1
        elif len(set(found.nodes)) < 2:
            self.city.dropped["fewer than two nodes"] += 1
        elif not (found.foot or any(found.drives)):
            self.city.dropped["nobody may use it (access)"] += 1
        else:
            self.city.at.update(
                (node.ref, (node.location.x, node.location.y)) for node in way.nodes
            )
            (self.squares if tags.get("area") == "yes" else self.city.kept).append(found)


def read_raw() -> RawCity:
    """The whole file; squares (area=yes) count where a way that is none shares a node."""
    reader = _Reader()
    reader.apply_file(str(PBF), locations=True)
    city = reader.city
    streets = {node for way in city.kept for node in way.nodes}
    for square in reader.squares:
        if streets.isdisjoint(square.nodes):
            city.dropped["square (area=yes) that no street leads to"] += 1
        else:
            city.kept.append(square)
    return city
