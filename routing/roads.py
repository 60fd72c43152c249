"""The road graph as arrays: N junctions, S streets, A = 2 S arcs.

A street is a piece of road between two junctions; its two arcs walk it forward and backward.
Parallel streets and self-loops are kept: either can be closed alone, and doors stand on both.
"""

from dataclasses import dataclass
from enum import IntFlag
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.errors import BrokenNetwork

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


class StreetFlag(IntFlag):
    """What OSM's tags say of a street, as far as it decides who can pass.

    PART_BRIDGE, PART_TUNNEL: simplification merged it with the road on both sides of it.
    ABOVE_WATER: a bridge along (nearly) all of its length, clear of assumed water.
    FORD: the road itself runs through the water (OSM's ford, low_water_crossing).
    """

    BRIDGE = 1
    TUNNEL = 2
    STEPS = 4
    UNDERPASS = 8
    PART_BRIDGE = 16
    ABOVE_WATER = 32
    PART_TUNNEL = 64
    FORD = 128


class Access(IntFlag):
    """Who may use a street, by OSM's access tags; on foot and on wheels always both ways.

    VEHICLE_FORWARD, VEHICLE_BACKWARD: motor vehicles, from its start to its end and back.
    """

    FOOT = 1
    WHEELS = 2
    VEHICLE_FORWARD = 4
    VEHICLE_BACKWARD = 8


ON_FOOT_AND_WHEELS: Final = Access.FOOT | Access.WHEELS


@dataclass(frozen=True, slots=True, eq=False)
class RoadGraph:
    """Immutable arrays; memory-mapped ones serve as well.

    `indptr` (N+1), `head`, `street`, `forward`, `reverse`, `tail` (A): arcs sorted by tail;
    `reverse[e]` is the same street walked the other way; `arcs` (S, 2) are a street's arcs,
    forward and backward. `start`, `end`, `length_m`, `rise_m`
    (NaN: unknown), `flags`, `access`, `name` (index into `names` and `names_en`, -1: none) are per
    street (S), and so is `bearing` (S, 2): degrees clockwise from north in its first and in its
    last 20 metres, and `sectors` (S, 8): its metres by eighths of the compass, north first, walked
    forward.
    `shape_start` (S+1) cuts `shape_xy` (metres) and `shape_lonlat` (degrees), both (P, 2).
    """

    junction_xy: Floats
    indptr: Ints
    head: Ints
    tail: Ints
    street: Ints
    forward: NDArray[np.bool_]
    reverse: Ints
    arcs: Ints
    start: Ints
    end: Ints
    length_m: Floats
    rise_m: Floats
    flags: NDArray[np.uint8]
    access: NDArray[np.uint8]
    name: Ints
    bearing: Floats
    sectors: Floats
    shape_start: Ints
    shape_xy: Floats
    shape_lonlat: Floats
    names: tuple[str, ...]
    names_en: tuple[str, ...]

    @property
    def junction_count(self) -> int:
        """N."""
        return len(self.junction_xy)

    @property
    def street_count(self) -> int:
        """S."""
        return len(self.length_m)

    def lines(self) -> NDArray[np.object_]:
        """(S,) shapely LineStrings in metres."""
        counts = np.diff(self.shape_start)
        owner = np.repeat(np.arange(self.street_count), counts)
        return np.asarray(shapely.linestrings(self.shape_xy, indices=owner), dtype=object)

    def has(self, flag: StreetFlag) -> NDArray[np.bool_]:
        """(S,) which streets carry the flag."""
        return np.asarray((self.flags & flag) != 0)

    def admits(self, who: Access) -> NDArray[np.bool_]:
        """(S,) which streets are open to them."""
        return np.asarray((self.access & who) != 0)

    def ends(self, street: int) -> tuple[tuple[int, float], tuple[int, float]]:
        """(junction, metre) of a street's start and end."""
        length = float(self.length_m[street])
        return (int(self.start[street]), 0.0), (int(self.end[street]), length)

    def street_name(self, street: int) -> str:
        """The street's name, or an empty string."""
        index = int(self.name[street])
        return self.names[index] if index >= 0 else ""

    def street_name_en(self, street: int) -> str:
        """The street's name in English, or an empty string."""
        index = int(self.name[street])
        return self.names_en[index] if 0 <= index < len(self.names_en) else ""


def road_graph(
    *,
    junction_xy: Floats,
    start: Ints,
    end: Ints,
    shape_start: Ints,
    shape_xy: Floats,
    shape_lonlat: Floats,
    elevation_m: Floats,
    flags: NDArray[np.uint8],
    name: Ints,
    names: tuple[str, ...],
    names_en: tuple[str, ...] = (),
    access: NDArray[np.uint8] | None = None,
) -> RoadGraph:
    """Build the graph from its streets; without `access` all may be walked and rolled along.

    Raises `BrokenNetwork` when there is none.
    """
    count, streets = len(junction_xy), len(start)
    if streets == 0 or count == 0:
        raise BrokenNetwork("道路が1本もありません（the network has no street）")
    if min(start.min(), end.min()) < 0 or max(start.max(), end.max()) >= count:
        raise BrokenNetwork("道路の端の交差点がありません（a street ends at no junction）")
    tail = np.concatenate([start, end]).astype(np.int32)
    head = np.concatenate([end, start]).astype(np.int32)
    street = np.concatenate([np.arange(streets)] * 2).astype(np.int32)
    forward = np.repeat([True, False], streets)
    order = np.lexsort((~forward, street, head, tail))
    place = np.empty_like(order)
    place[order] = np.arange(2 * streets)
    twin = np.concatenate([np.arange(streets) + streets, np.arange(streets)])
    return RoadGraph(
        junction_xy=junction_xy,
        indptr=np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=count))]).astype(
            np.int32
        ),
        head=head[order],
        tail=tail[order],
        street=street[order],
        forward=forward[order],
        reverse=place[twin[order]].astype(np.int32),
        arcs=np.column_stack([place[:streets], place[streets:]]).astype(np.int32),
        start=start.astype(np.int32),
        end=end.astype(np.int32),
        length_m=_lengths(shape_start, shape_xy),
        rise_m=elevation_m[end] - elevation_m[start],
        flags=flags,
        access=np.full(streets, ON_FOOT_AND_WHEELS, np.uint8) if access is None else access,
        name=name.astype(np.int32),
        bearing=_bearings(shape_start, shape_xy),
        sectors=_sectors(shape_start, shape_xy),
        shape_start=shape_start.astype(np.int32),
        shape_xy=shape_xy,
        shape_lonlat=shape_lonlat,
        names=names,
        names_en=names_en or ("",) * len(names),
    )


def _lengths(shape_start: Ints, shape_xy: Floats) -> Floats:
    steps = np.hypot(*np.diff(shape_xy, axis=0).T)
    walked = np.concatenate([[0.0], np.cumsum(steps)])
    return np.asarray(np.maximum(walked[shape_start[1:] - 1] - walked[shape_start[:-1]], 0.01))


def _bearings(shape_start: Ints, shape_xy: Floats) -> Floats:
    """(S, 2) bearings; the chord of 20 metres smooths the kinks of a digitised line."""
    owner = np.repeat(np.arange(len(shape_start) - 1), np.diff(shape_start))
    lines = shapely.linestrings(shape_xy, indices=owner)
    away = np.minimum(20.0, np.asarray(shapely.length(lines)))

    def bearing(start: Floats, end: Floats) -> Floats:
        step = shapely.get_coordinates(shapely.line_interpolate_point(lines, end))
        step -= shapely.get_coordinates(shapely.line_interpolate_point(lines, start))
        return np.asarray(np.degrees(np.arctan2(step[:, 0], step[:, 1])) % 360)

    length = np.asarray(shapely.length(lines))
    return np.column_stack([bearing(0 * away, away), bearing(length - away, length)])


def _sectors(shape_start: Ints, shape_xy: Floats) -> Floats:
    """(S, 8) metres that each street runs to the north, north-east, …"""
    steps = np.diff(shape_xy, axis=0)
    owner = np.repeat(np.arange(len(shape_start) - 1), np.diff(shape_start))
    inside = owner[1:] == owner[:-1]
    eighth = np.rint(np.degrees(np.arctan2(steps[:, 0], steps[:, 1])) / 45).astype(np.int64) % 8
    metres = np.zeros((len(shape_start) - 1, 8))
    np.add.at(metres, (owner[1:][inside], eighth[inside]), np.hypot(*steps.T)[inside])
    return metres


def islands(roads: RoadGraph, usable: NDArray[np.bool_] | None = None) -> Ints:
    """(N,) the number of the island that usable streets (S) join each junction to.

    The largest island is 0. Without `usable` every street counts.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows = slice(None) if usable is None else usable
    start, end = roads.start[rows], roads.end[rows]
    size = roads.junction_count
    links = coo_array((np.ones(len(start), np.int8), (start, end)), shape=(size, size))
    count, label = connected_components(links, directed=False)
    rank = np.empty(count, np.int32)
    rank[np.argsort(-np.bincount(label, minlength=count), kind="stable")] = np.arange(count)
    return rank[label]


def walked_junctions(roads: RoadGraph) -> NDArray[np.bool_]:
    """(N,) junctions of a street that people walk along: nobody lives on a motorway."""
    walked, on_foot = np.zeros(roads.junction_count, bool), roads.admits(Access.FOOT)
    walked[roads.start[on_foot]] = walked[roads.end[on_foot]] = True
    return walked
