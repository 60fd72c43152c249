"""Which metres of which street lie in which zone (linear referencing)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from hazards.zone import DEPTH_LAYERS, RED, ZoneLayer
from routing.crossings import inside
from routing.roads import Floats, Ints


class Exposure(IntEnum):
    """What a metre of street is exposed to; 1 to 6 are the depth ranks of A31b_201.

    Assumed water and water that is forecast are two things: a metre in both is exposed to both.
    """

    DEPTH_1 = 1
    DEPTH_2 = 2
    DEPTH_3 = 3
    DEPTH_4 = 4
    DEPTH_5 = 5
    DEPTH_6 = 6
    COLLAPSE = 7
    LANDSLIDE = 8
    LANDSLIDE_SPECIAL = 9
    OBSERVED = 10
    LEVEL_5 = 11
    CLOSED = 12
    FORECAST_1 = 13
    FORECAST_2 = 14
    FORECAST_3 = 15
    FORECAST_4 = 16
    FORECAST_5 = 17
    FORECAST_6 = 18


BARS: Final = frozenset({Exposure.OBSERVED, Exposure.LEVEL_5, Exposure.CLOSED})
"""What nobody walks through: seen water, an area of level 5, a closure of no known street."""

DEPTHS: Final = tuple(code for code in Exposure if code <= Exposure.DEPTH_6)
FORECASTS: Final = tuple(code for code in Exposure if code >= Exposure.FORECAST_1)
"""In the order of `DEPTHS`: of the same rank."""
ASSUMED_FLOOD: Final = (*DEPTHS, Exposure.COLLAPSE)
CODES: Final = max(Exposure) + 1
HAIR_M: Final = 0.01
"""Metres by which the cuts of a street may miss its ends, or one another."""


def exposure_of(layer: ZoneLayer, rank: int, *, forecast: bool = False) -> Exposure | None:
    """What a zone exposes a street to; None for layers that say nothing of a walk.

    A depth costs the same whosever water it is, and whether it is assumed or forecast.
    """
    if layer in DEPTH_LAYERS:
        return (FORECASTS if forecast else DEPTHS)[rank - 1]
    if layer is ZoneLayer.COLLAPSE:
        return Exposure.COLLAPSE
    if layer is ZoneLayer.LANDSLIDE:
        return Exposure.LANDSLIDE_SPECIAL if rank == RED else Exposure.LANDSLIDE
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Exposed stretches of streets: `start` (S+1) cuts `from_m`, `to_m`, `code` (K each).

    Metres run from the street's start; stretches of one code never overlap on one street,
    and where depth ranks overlap the deepest counts, of assumed and of forecast water each.
    """

    start: Ints
    from_m: Floats
    to_m: Floats
    code: NDArray[np.uint8]

    @property
    def street(self) -> Ints:
        """(K,) the street of each stretch."""
        counts = np.diff(self.start)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    def metres(self) -> Floats:
        """(S, CODES) exposed metres of each street by code."""
        total = np.zeros((len(self.start) - 1, CODES))
        np.add.at(total, (self.street, self.code), self.to_m - self.from_m)
        return total

    @property
    def touched(self) -> NDArray[np.bool_]:
        """(S,) which streets have a stretch at all."""
        return np.diff(self.start) > 0


def pieces(
    lines: NDArray[np.object_],
    tree: STRtree,
    polygons: Sequence[BaseGeometry],
    codes: Sequence[Exposure],
) -> Pieces:
    """Cut every street (S lines in metres, and their tree) at the polygons (in metres)."""
    array = np.array(polygons, dtype=object)
    shapely.prepare(array)
    wet = inside(lines, tree, array)
    found: dict[int, list[tuple[float, float, int]]] = {}
    values = np.asarray(codes, dtype=np.int64)[wet.polygon]
    columns = (wet.line, wet.low, wet.high, values)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for row, start, end, code in rows:
        found.setdefault(row, []).append((start, end, code))
    return _packed(len(lines), {row: _disjoint(spans) for row, spans in found.items()})


def with_stretches(base: Pieces, more: Mapping[int, Sequence[tuple[float, float, int]]]) -> Pieces:
    """The same with more stretches (from and to in metres, code) of a few streets."""
    if not more:
        return base
    found = {}
    for street, spans in more.items():
        mine = slice(*base.start[street : street + 2].tolist())
        columns = (base.from_m[mine], base.to_m[mine], base.code[mine])
        there = zip(*(column.tolist() for column in columns), strict=True)
        found[street] = _disjoint([*there, *spans])
    other = np.isin(base.street, list(found), invert=True)
    own = _packed(len(base.start) - 1, found)
    streets = np.concatenate([base.street[other], own.street])
    order = np.argsort(streets, kind="stable")
    return Pieces(
        start=np.searchsorted(streets[order], np.arange(len(base.start))).astype(np.int32),
        from_m=np.concatenate([base.from_m[other], own.from_m])[order],
        to_m=np.concatenate([base.to_m[other], own.to_m])[order],
        code=np.concatenate([base.code[other], own.code])[order],
    )


def _disjoint(spans: list[tuple[float, float, int]]) -> list[tuple[float, float, int]]:
    """Merge stretches of one code; under a deeper rank the shallower one does not count."""
    result: list[tuple[float, float, int]] = []
    deeper: dict[tuple[Exposure, ...], list[tuple[float, float]]] = {DEPTHS: [], FORECASTS: []}
    for code in sorted({span[2] for span in spans}, reverse=True):
        mine = _merged([(low, high) for low, high, other in spans if other == code])
        ranks = next((ranks for ranks in deeper if code in ranks), None)
        if ranks is not None:
            mine = _without(mine, deeper[ranks])
            deeper[ranks] = _merged([*deeper[ranks], *mine])
        result.extend((low, high, code) for low, high in mine)
    return sorted(result)


def _merged(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1] + 1e-3:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _without(
    spans: list[tuple[float, float]], holes: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    for start, end in holes:
        rest: list[tuple[float, float]] = []
        for low, high in spans:
            rest.extend(
                (a, b) for a, b in ((low, min(high, start)), (max(low, end), high)) if b - a > 1e-3
            )
        spans = rest
    return spans


def _packed(streets: int, found: dict[int, list[tuple[float, float, int]]]) -> Pieces:
    counts = np.zeros(streets, np.int64)
    rows = sorted(found)
    counts[rows] = [len(found[row]) for row in rows]
    flat = [span for row in rows for span in found[row]]
    table = np.array(flat, dtype=np.float64).reshape(-1, 3)
    return Pieces(
        start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        from_m=table[:, 0].copy(),
        to_m=table[:, 1].copy(),
        code=table[:, 2].astype(np.uint8),
    )
