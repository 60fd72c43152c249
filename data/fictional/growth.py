"""How the net became a town: streets given up, stairs, foot links and alleys (metres)."""

from typing import Final

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from data.fictional.drawing import Indices, Kind, Kinds, straight
from data.fictional.land import Land
from data.fictional.noding import Sections
from data.town.frame import Array

GIVEN_UP: Final = 0.50
GIVEN_UP_AT_CROSSING: Final = 0.25
DEAD_END_GIVEN_UP: Final = 0.55
STUB_M: Final = 13.0
STEEP: Final = 0.16
STAIRS_LONGEST_M: Final = 150.0
FOOT_LINKS: Final = 0.012
SERVICE_WAYS: Final = 0.004
ALLEYS_TRIED: Final = 6_100
ALLEY_M: Final = (15.0, 44.0)
ALLEY_SHORT_M: Final = 27.0
CLEARANCE_M: Final = 9.5
CLEAR_OF_BASE_M: Final = 12.0


def thinned(sections: Sections, kinds: Kinds, rng: Generator) -> Sections:
    """Give up part of the small streets, without making new dead ends."""
    degrees = sections.degrees().tolist()
    chances = rng.random((len(sections.line), 2)).tolist()
    starts, ends = sections.start.tolist(), sections.end.tolist()
    main = kinds.flags("main")[sections.kind].tolist()
    kept = np.ones(len(starts), dtype=bool)
    for number in rng.permutation(len(starts)).tolist():
        start, end = starts[number], ends[number]
        low, high = sorted((degrees[start], degrees[end]))
        chance, again = chances[number]
        wanted = chance < (GIVEN_UP_AT_CROSSING if high > 3 else GIVEN_UP)
        if main[number] or not wanted:
            continue
        if low >= 3 or (low == 1 and again < DEAD_END_GIVEN_UP):
            kept[number] = False
            degrees[start] -= 1
            degrees[end] -= 1
    return sections.where(kept).main_component()


def without_stubs(sections: Sections) -> Sections:
    """Drop dead ends that are too short to be a street."""
    degrees = sections.degrees()
    dead = np.minimum(degrees[sections.start], degrees[sections.end]) == 1
    return sections.where(~dead | (sections.lengths_m() >= STUB_M))


def with_foot_ways(sections: Sections, land: Land, kinds: Kinds, rng: Generator) -> Sections:
    """Make stairs and paths of small streets that are steep, foot links and service ways of some.

    A service way goes on from another street where nothing else meets them.
    """
    heights_m = land.height_at(sections.xy)
    climb_m = np.abs(heights_m[sections.start] - heights_m[sections.end])
    lengths_m = sections.lengths_m()
    small = ~kinds.flags("main")[sections.kind]
    steep = small & (climb_m > STEEP * lengths_m)
    short = lengths_m < STAIRS_LONGEST_M
    chance = rng.random(len(small))
    link = small & ~steep & (chance < FOOT_LINKS) & (lengths_m < 70.0)
    degrees = sections.degrees()
    goes_on = np.minimum(degrees[sections.start], degrees[sections.end]) == 2
    service = small & ~steep & goes_on & (chance > 1.0 - SERVICE_WAYS)
    kind = sections.kind.copy()
    kind[steep & short] = kinds.number(Kind("steps"))
    kind[steep & ~short] = kinds.number(Kind("path"))
    kind[link] = kinds.number(Kind("footway"))
    kind[service] = kinds.number(Kind("service"))
    return Sections(sections.xy, sections.node, sections.first, sections.line, kind)


def with_alleys(sections: Sections, land: Land, kinds: Kinds, rng: Generator) -> Sections:
    """Grow dead ends into the middle of blocks, wherever there is room for one."""
    base, root, tip = _sprouts(sections, kinds, rng)
    free = _has_room(sections, land, root, tip)
    free &= _first_of_neighbours(root, tip, free)
    base, root, tip = base[free], root[free], tip[free]
    order = np.argsort(base, kind="stable")
    base, root, tip = base[order], root[order], tip[order]
    split = _split(sections, base, root)
    long = np.hypot(*(tip - root).T) > ALLEY_SHORT_M
    numbers = kinds.number(Kind("residential")), kinds.number(Kind("service"))
    return _appended(split, len(sections.xy), tip, np.where(long, *numbers))


def _sprouts(sections: Sections, kinds: Kinds, rng: Generator) -> tuple[Indices, Array, Array]:
    """Draw where alleys may begin (at most one a section) and where they would end."""
    roads = np.array([k.highway in ("residential", "unclassified") for k in kinds.each])
    roads &= ~kinds.flags("is_apart")
    fit = np.flatnonzero(roads[sections.kind] & (sections.lengths_m() > 30.0))
    base = rng.choice(fit, min(ALLEYS_TRIED, len(fit)), replace=False)
    shapes = sections.shapes[base]
    at_m = rng.uniform(0.15, 0.85, len(base)) * shapely.length(shapes)
    root = shapely.get_coordinates(shapely.line_interpolate_point(shapes, at_m))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(shapes, at_m + 1.0)) - root
    side = rng.choice((-1.0, 1.0), len(base))[:, None]
    away = side * np.column_stack([-ahead[:, 1], ahead[:, 0]]) + rng.normal(0.0, 0.12, root.shape)
    length_m = rng.uniform(*ALLEY_M, len(base))[:, None]
    return base, root, root + away * length_m


def _has_room(sections: Sections, land: Land, root: Array, tip: Array) -> NDArray[np.bool_]:
    toward = (tip - root) / np.hypot(*(tip - root).T)[:, None]
    lines = straight(root + CLEAR_OF_BASE_M * toward, tip)
    tree = shapely.STRtree(sections.shapes)
    near = tree.query(lines, predicate="dwithin", distance=CLEARANCE_M)[0]
    free = ~np.isin(np.arange(len(lines)), near)
    barred = shapely.union(land.water, land.rails.buffer(2.0)).buffer(10.0)
    shapely.prepare(barred)
    inside = shapely.contains_xy(land.outline, *tip.T)
    dry = ~np.asarray(shapely.intersects(lines, barred))
    return np.asarray(free & dry & inside, dtype=np.bool_)


def _first_of_neighbours(root: Array, tip: Array, free: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of alleys too close to each other, tell the first."""
    lines = straight(root, tip)
    numbers = np.flatnonzero(free)
    tree = shapely.STRtree(lines[numbers])
    one, other = tree.query(lines[numbers], predicate="dwithin", distance=CLEARANCE_M)
    return ~np.isin(np.arange(len(lines)), numbers[one[other < one]])


def _split(sections: Sections, base: Indices, root: Array) -> Sections:
    """Cut sections (rising numbers) at one position each; the new nodes come last."""
    xy = sections.xy[sections.node]
    shapes = sections.shapes[base]
    at_m = shapely.line_locate_point(shapes, shapely.points(root))
    steps = np.concatenate([[0.0], np.hypot(*np.diff(xy, axis=0).T)])
    steps[sections.first[:-1]] = 0.0
    total = np.cumsum(steps)
    begin, end = sections.first[base], sections.first[base + 1]
    place = np.searchsorted(total, total[begin] + at_m)
    place = np.clip(place, begin + 1, end - 1)
    numbers = len(sections.xy) + np.arange(len(base))
    node = np.insert(sections.node, np.repeat(place, 2), np.repeat(numbers, 2))
    moved = sections.first + 2 * np.searchsorted(place, sections.first, side="left")
    cuts = place + 2 * np.arange(len(place)) + 1
    twice = np.ones(len(sections.line), dtype=np.int64)
    twice[base] = 2
    return Sections(
        np.concatenate([sections.xy, root]),
        node,
        np.sort(np.concatenate([moved, cuts])),
        np.repeat(sections.line, twice),
        np.repeat(sections.kind, twice),
    )


def _appended(sections: Sections, first_root: int, tip: Array, kind: Indices) -> Sections:
    """Add sections of two nodes, from the new nodes of `_split` to the tips."""
    roots = first_root + np.arange(len(tip))
    tips = len(sections.xy) + np.arange(len(tip))
    pairs = np.column_stack([roots, tips]).ravel()
    line = sections.line.max() + 1 + np.arange(len(tip))
    return Sections(
        np.concatenate([sections.xy, tip]),
        np.concatenate([sections.node, pairs]),
        np.concatenate([sections.first, sections.first[-1] + 2 * (1 + np.arange(len(tip)))]),
        np.concatenate([sections.line, line]),
        np.concatenate([sections.kind, kind]),
    )
