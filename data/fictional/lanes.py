"""The small streets: a grid of its own in each block between main streets (metres)."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.random import Generator
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from data.fictional.drawing import Drawing, Indices, Kind, Kinds, Shapes, drawn
from data.fictional.land import Land
from data.fictional.mains import CENTRE
from data.town.curves import Ripple, ripple
from data.town.frame import Array

OVERSHOOT_M: Final = 3.0
BRISTLE_M: Final = 28.0
SHORTEST_M: Final = 24.0
RIM_M: Final = 13.0
BESIDE_M: Final = 62.0
SMALLEST_M2: Final = 2500.0
KEEP_OFF_M: Final = 15.0
SPREAD: Final = (0.4, 1.6)
FIELD_BLOCKS: Final = 0.52


@dataclass(frozen=True, slots=True)
class Texture:
    """How dense a block's streets are (metres between rows, between crossings), how bent."""

    row_m: float
    cross_m: float
    bend_m: float = 9.0
    highway: str = "residential"


INNER: Final = Texture(40.0, 51.0, 5.0)
HOUSES: Final = Texture(44.5, 56.5)
SUBURB: Final = Texture(51.0, 64.0, 12.0)
ESTATE: Final = Texture(47.0, 67.0, 24.0)
FIELDS: Final = Texture(140.0, 210.0, 12.0, "unclassified")


def blocks(mains: Drawing, land: Land, low: BaseGeometry) -> Shapes:
    """List the dry blocks between main streets, in a fixed order."""
    edges = shapely.union_all([*mains.shapes, *shapely.get_parts(low.boundary)])
    faces = shapely.get_parts(shapely.polygonize([edges]))
    wet = shapely.union(land.water.buffer(KEEP_OFF_M), land.rails.buffer(KEEP_OFF_M))
    dry = shapely.get_parts(shapely.difference(faces, wet))
    inside = shapely.contains(low, shapely.point_on_surface(dry))
    found: Shapes = dry[inside & (shapely.area(dry) > SMALLEST_M2)]
    return found


def lay_lanes(faces: Shapes, land: Land, kinds: Kinds, rng: Generator) -> Drawing:
    """Fill every block with small streets."""
    middles = shapely.get_coordinates(shapely.centroid(faces))
    textures = [
        _texture(xy, hills, rng) for xy, hills in zip(middles, land.hills_at(middles), strict=True)
    ]
    grids = [_grid(face, t, rng) for face, t in zip(faces, textures, strict=True)]
    counts = [len(grid) for grid in grids]
    owner = np.repeat(np.arange(len(faces)), counts)
    bends = np.array([texture.bend_m for texture in textures])[owner]
    numbers = [kinds.number(Kind(texture.highway)) for texture in textures]
    laid = Drawing(_bent(np.concatenate(grids), bends, rng), np.array(numbers)[owner])
    shells = shapely.buffer(faces, OVERSHOOT_M)
    shapely.prepare(shells)
    kept, block = _clipped(laid, shells, owner)
    return _off_the_rim(kept, faces[block])


def _clipped(laid: Drawing, shells: Shapes, owner: Indices) -> tuple[Drawing, Indices]:
    parts, line = shapely.get_parts(
        shapely.intersection(laid.shapes, shells[owner]), return_index=True
    )
    fit = (shapely.get_type_id(parts) == 1) & (shapely.length(parts) >= SHORTEST_M)
    return Drawing(parts[fit], laid.kind[line[fit]]), owner[line[fit]]


def _off_the_rim(lanes: Drawing, block: Shapes) -> Drawing:
    """Turn a lane away where it would run beside a main street at a few metres."""
    cores = shapely.buffer(block, -RIM_M)
    core = shapely.intersection(lanes.shapes, cores)
    beside = shapely.length(lanes.shapes) - shapely.length(core) > BESIDE_M
    inner = Drawing(core[beside], lanes.kind[beside]).within(cores[beside], SHORTEST_M)
    return lanes.where(~beside).plus(Drawing(_lengthened(inner.shapes), inner.kind))


def _lengthened(lines: Shapes) -> Shapes:
    """Lengthen lines straight on at both ends, so that they surely meet the block's rim."""
    ends = [shapely.get_coordinates(shapely.get_point(lines, i)) for i in (0, 1, -2, -1)]
    reach = RIM_M + 2.0 * OVERSHOOT_M
    tips = [
        near + reach * (near - inner) / np.hypot(*(near - inner).T)[:, None]
        for near, inner in ((ends[3], ends[2]), (ends[0], ends[1]))
    ]
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    first = np.searchsorted(owner, np.arange(len(lines)))
    last = np.searchsorted(owner, np.arange(len(lines)), side="right")
    # Where one line ends and the next begins, the end comes first.
    places = np.concatenate([last, first])
    order = np.argsort(places, kind="stable")
    whole = np.arange(len(lines))
    new_xy = np.insert(xy, places[order], np.concatenate(tips)[order], axis=0)
    new_owner = np.insert(owner, places[order], np.concatenate([whole, whole])[order])
    return drawn(new_xy, new_owner)


def _texture(xy_m: Array, hills_m: float, rng: Generator) -> Texture:
    away_m = float(np.hypot(xy_m[0] - CENTRE[0], 1.15 * (xy_m[1] - CENTRE[1])))
    share = rng.random()
    if hills_m > 7.0:
        return ESTATE
    if away_m > 4300.0 and share < FIELD_BLOCKS + 0.1 * (xy_m[0] > 11_500.0):
        return FIELDS
    if away_m < 1500.0:
        return INNER
    return HOUSES if away_m + 1500.0 * share < 5400.0 else SUBURB


def _grid(block: Polygon, texture: Texture, rng: Generator) -> Array:
    """Draw a block's rows and crossings as straight lines: (N, 2, 2) in metres."""
    angle = _bearing(block) + rng.normal(0.0, 0.06)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = shapely.get_coordinates(block) @ turn.T
    low, high = turned.min(axis=0) - 30.0, turned.max(axis=0) + 30.0
    rows = _spaced(texture.row_m, low[1], high[1], rng)
    columns = _spaced(texture.cross_m, low[0], high[0], rng)
    lines = np.concatenate([_rows(rows, low[0], high[0]), _columns(rows, columns, texture, rng)])
    placed: Array = lines @ turn
    return placed


def _rows(rows: Array, west_m: float, east_m: float) -> Array:
    lines = np.empty((len(rows), 2, 2))
    lines[:, 0, 0], lines[:, 1, 0] = west_m, east_m
    lines[:, :, 1] = rows[:, None]
    return lines


def _columns(rows: Array, columns: Array, texture: Texture, rng: Generator) -> Array:
    """Draw the crossings: each jumps aside at some rows, and has gaps."""
    gaps = max(len(rows) - 1, 1)
    jumps = rng.random((len(columns), gaps)) < 0.36
    jumps[:, 0] = True
    shift = rng.uniform(-0.42, 0.42, jumps.shape) * texture.cross_m
    first = np.flatnonzero(jumps.ravel())
    last = np.append(first[1:], jumps.size) - 1
    kept = rng.random(len(first)) < 0.88
    lines = np.empty((len(first), 2, 2))
    at = columns[first // gaps] + shift.ravel()[first]
    lines[:, :, 0] = at[:, None]
    lines[:, 0, 1] = rows[first % gaps] - OVERSHOOT_M
    lines[:, 1, 1] = rows[np.minimum(last % gaps + 1, len(rows) - 1)] + OVERSHOOT_M
    return lines[kept]


def _spaced(mean_m: float, low_m: float, high_m: float, rng: Generator) -> Array:
    steps = rng.uniform(*SPREAD, int((high_m - low_m) / mean_m * 1.5) + 3) * mean_m
    places = np.cumsum(steps) + low_m - rng.uniform(0.0, mean_m)
    kept: Array = places[places < high_m]
    return kept if len(kept) > 1 else np.array([low_m, high_m])


def _bent(lines: Array, bend_m: Array, rng: Generator) -> Shapes:
    """Give straight lines vertices every few metres, and bend all of them alike."""
    lengths = np.hypot(*(lines[:, 1] - lines[:, 0]).T)
    counts = np.maximum(2, (lengths / BRISTLE_M).astype(int) + 1)
    owner = np.repeat(np.arange(len(lines)), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = (within / (counts[owner] - 1))[:, None]
    xy = lines[owner, 0] * (1.0 - share) + lines[owner, 1] * share
    fields = ripple(rng, 420.0), ripple(rng, 420.0)
    moved = xy + bend_m[owner][:, None] * _shift(fields, xy)
    bent: Shapes = shapely.simplify(drawn(moved, owner), 1.2)
    return bent


def _shift(fields: tuple[Ripple, Ripple], xy: Array) -> Array:
    shift: Array = np.column_stack([field.at(xy[:, 0], xy[:, 1]) for field in fields])
    return shift


def _bearing(block: Polygon) -> float:
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(block))
    sides = np.diff(corners, axis=0)[:2]
    east, north = max(sides, key=lambda side: float(np.hypot(*side)))
    return float(np.arctan2(north, east))
