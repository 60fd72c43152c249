"""A way as a line on the map, and as exposed metres."""

import math
from itertools import pairwise

import numpy as np

from routing.exposure import Exposure
from routing.ground import Ground
from routing.leg import assumed_metres
from routing.roads import Floats, StreetFlag
from routing.way import Stretch, Way

_ABOVE_WATER = int(StreetFlag.ABOVE_WATER)
_PART_BRIDGE = int(StreetFlag.PART_BRIDGE)


def exposure(ground: Ground, way: Way) -> dict[Exposure, float]:
    """Metres of the way by exposure, the yards at both ends included.

    Only a street that is a bridge all along is clear of assumed water: where simplification
    merged one with its approaches, their metres are told though they are not paid.
    """
    metres = list(way.site_crossed)
    for code, length in way.snap.crossed:
        metres[code] += length
    exposed = ground.assumed.touched
    for stretch in way.stretches:
        if not exposed[stretch.street]:
            continue
        flags = int(ground.roads.flags[stretch.street])
        low, high = sorted((stretch.from_m, stretch.to_m))
        clear = flags & _ABOVE_WATER != 0 and flags & _PART_BRIDGE == 0
        walked = assumed_metres(ground, stretch.street, low, high, clear=clear)
        metres = [a + b for a, b in zip(metres, walked, strict=True)]
    return {code: metres[code] for code in Exposure if metres[code] >= 0.5}


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
