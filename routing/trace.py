"""A way as a line on the map, and as exposed metres."""

import math
from itertools import pairwise

import numpy as np

from routing.exposure import Exposure
from routing.ground import Ground
from routing.leg import overlaps
from routing.roads import Floats, StreetFlag
from routing.way import Stretch, Way

_ABOVE_WATER = int(StreetFlag.ABOVE_WATER)


def exposure(ground: Ground, way: Way, door_rank: int | None) -> dict[Exposure, float]:
    """Metres of the way by exposure; the yard before the street counts at the door's depth."""
    whole = [stretch.street for stretch in way.stretches if _is_whole(ground, stretch)]
    metres = ground.exposed[whole].sum(axis=0)
    for stretch in way.stretches:
        if _is_whole(ground, stretch):
            continue
        if ground.roads.flags[stretch.street] & _ABOVE_WATER == 0:
            low, high = sorted((stretch.from_m, stretch.to_m))
            metres += overlaps(ground.assumed, stretch.street, low, high)
    if door_rank is not None:
        metres[door_rank] += way.snap.offset_m
    return {code: float(metres[code]) for code in Exposure if metres[code] >= 0.5}


def _is_whole(ground: Ground, stretch: Stretch) -> bool:
    return stretch.length_m >= float(ground.roads.length_m[stretch.street]) - 1e-6


def line_of(ground: Ground, way: Way, door: Floats, site: Floats) -> Floats:
    """(n, 2) degrees (lon, lat) from the door over the streets to the site's door."""
    parts = [door.reshape(1, 2)]
    parts += [_shape(ground, stretch) for stretch in way.stretches]
    if not way.stretches:
        parts.append(_point(ground, way.snap.street, way.snap.at_m))
    parts.append(site.reshape(1, 2))
    line = np.concatenate(parts)
    keep = np.concatenate([[True], np.any(np.abs(np.diff(line, axis=0)) > 1e-9, axis=1)])
    return line[keep] if keep.sum() > 1 else line[[0, -1]]


def _shape(ground: Ground, stretch: Stretch) -> Floats:
    """(n, 2) degrees of one stretch in walking order."""
    roads = ground.roads
    rows = slice(int(roads.shape_start[stretch.street]), int(roads.shape_start[stretch.street + 1]))
    lonlat = roads.shape_lonlat[rows]
    length = float(roads.length_m[stretch.street])
    low, high = sorted((stretch.from_m, stretch.to_m))
    if high - low < length - 1e-6:
        lonlat = _cut(roads.shape_xy[rows], lonlat, low, high)
    return lonlat if stretch.to_m >= stretch.from_m else lonlat[::-1]


def _cut(xy: Floats, lonlat: Floats, low: float, high: float) -> Floats:
    """(n, 2) degrees of a line between two of its metres.

    In plain floats: a street has few points, and numpy's calls would cost ten times as much.
    """
    cut: list[list[float]] = []
    points, degrees = xy.tolist(), lonlat.tolist()
    walked, ends = 0.0, [low, high]
    for (a, b), (from_deg, to_deg) in zip(pairwise(points), pairwise(degrees), strict=True):
        before, walked = walked, walked + math.dist(a, b)
        while ends and ends[0] <= walked:
            share = (ends.pop(0) - before) / (walked - before) if walked > before else 0.0
            cut.append(
                [one + share * (two - one) for one, two in zip(from_deg, to_deg, strict=True)]
            )
        if not ends:
            break
        if low < walked < high:
            cut.append(to_deg)
    cut += [degrees[-1]] * len(ends)
    return np.array(cut)


def _point(ground: Ground, street: int, metre: float) -> Floats:
    roads = ground.roads
    rows = slice(int(roads.shape_start[street]), int(roads.shape_start[street + 1]))
    return _cut(roads.shape_xy[rows], roads.shape_lonlat[rows], metre, metre)[:1]
