"""How the grid became a town: streets given up, alleys, foot links and stairs added (metres)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.random import Generator
from shapely import LineString, Point

from data.town.courses import LOW_ROAD
from data.town.frame import Array
from data.town.land import Land
from data.town.network import Edge, Network
from data.town.street import Street

GIVEN_UP = 0.38
GIVEN_UP_AT_CROSSING = 0.1
STEEP = 0.17
STAIRS_LONGEST_M = 150.0
ALLEYS = 580
ALLEY_M = (15.0, 44.0)
CLEARANCE_M = 13.0
LONG_ALLEY_M = 30.0
LINK_FURTHER_M = 14.0


@dataclass(frozen=True)
class Sprout:
    """Where an alley may begin: on which street, at which place, in which direction, how long."""

    base: int
    root: Array
    away: Array
    length_m: float

    def line(self, start_m: float, end_m: float) -> LineString:
        """Draw the straight line between two distances from the street."""
        return LineString([self.root + start_m * self.away, self.root + end_m * self.away])


@dataclass(frozen=True)
class Alley:
    """A candidate for a new dead end or foot link, and the streets that it may touch."""

    street: Street
    touches: tuple[int, ...]


def thinned(network: Network, rng: Generator) -> Network:
    """Give up part of the small streets, without making new dead ends."""
    degrees = network.degrees()
    kept = list(network.edges)
    order = rng.permutation(len(kept))
    given_up: set[int] = set()
    for number in order.tolist():
        edge = kept[number]
        ends = degrees[edge.start], degrees[edge.end]
        chance = GIVEN_UP_AT_CROSSING if max(ends) > 3 else GIVEN_UP
        if edge.street.main or rng.random() > chance:
            continue
        if min(ends) >= 3 or (min(ends) == 1 and rng.random() < 0.7):
            given_up.add(number)
            degrees[edge.start] -= 1
            degrees[edge.end] -= 1
    edges = tuple(edge for number, edge in enumerate(kept) if number not in given_up)
    return replace(network, edges=edges)


def with_stairs(network: Network, land: Land) -> list[Street]:
    """List the streets of a network, with stairs where a small one is steep."""
    ends = network.junctions
    heights_m = land.height_m(ends[:, 0], ends[:, 1])
    return [
        _as_built(edge, abs(heights_m[edge.start] - heights_m[edge.end])) for edge in network.edges
    ]


def grow_alleys(streets: list[Street], land: Land, rng: Generator) -> list[Street]:
    """Grow alleys off the given streets: dead ends, and foot links where another street is near."""
    lines = np.array([street.line for street in streets])
    tree = shapely.STRtree(lines)
    water = shapely.union_all([land.channel, land.brook, land.railway]).buffer(14.0)
    grown: list[Street] = []
    taken: list[LineString] = []
    for sprout in _sprouts(streets, rng):
        alley = _alley(sprout, streets, tree)
        line = alley.street.line
        near = set(tree.query(line, predicate="dwithin", distance=CLEARANCE_M).tolist())
        if near - set(alley.touches) or shapely.intersects(line, water):
            continue
        if taken and float(shapely.distance(np.array(taken), line).min()) < CLEARANCE_M:
            continue
        taken.append(line)
        grown.append(alley.street)
    return grown


def _as_built(edge: Edge, climb_m: float) -> Street:
    street = edge.street
    if street.main or climb_m / street.line.length < STEEP:
        return street
    short = street.line.length < STAIRS_LONGEST_M
    return replace(street, highway="steps" if short else "path")


def _sprouts(streets: list[Street], rng: Generator) -> Iterator[Sprout]:
    bases = [i for i, s in enumerate(streets) if s.line.length > 32.0 and _has_doors(s)]
    for base in rng.choice(bases, ALLEYS).tolist():
        line = streets[base].line
        at_m = float(rng.uniform(0.25, 0.75)) * line.length
        root, ahead = line.interpolate(at_m), line.interpolate(at_m + 1.0)
        side = rng.choice((-1.0, 1.0))
        away = side * np.array([root.y - ahead.y, ahead.x - root.x]) + rng.normal(0.0, 0.15, 2)
        yield Sprout(base, np.array([root.x, root.y]), away, float(rng.uniform(*ALLEY_M)))


def _alley(sprout: Sprout, streets: list[Street], tree: shapely.STRtree) -> Alley:
    ray = sprout.line(2.0, sprout.length_m + LINK_FURTHER_M)
    crossed = tree.query(ray, predicate="intersects").tolist()
    root = Point(sprout.root)
    hits = [
        (float(shapely.distance(root, shapely.intersection(ray, streets[i].line))), i)
        for i in crossed
        if i != sprout.base
    ]
    if not hits:
        highway = "residential" if sprout.length_m > LONG_ALLEY_M else "service"
        return Alley(Street(sprout.line(-1.0, sprout.length_m), highway), (sprout.base,))
    distance_m, other = min(hits)
    return Alley(Street(sprout.line(-1.0, distance_m + 1.0), "footway"), (sprout.base, other))


def _has_doors(street: Street) -> bool:
    bare = street.is_apart or street.name == LOW_ROAD
    return not bare and street.highway not in ("path", "track", "steps")
