"""Which metres of which line lie inside which polygon.

Outlines that a drone or a satellite saw have a hundred thousand vertices. Overlaying each line with
each outline takes minutes then; here only the segments that meet are looked at, and whether the
line enters or leaves there.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from routing.roads import Floats

_Rows = NDArray[np.int64]
NEAR_M: Final = 1e-6
"""What meets within a thousandth of a millimetre meets."""


@dataclass(frozen=True, slots=True, eq=False)
class Inside:
    """(K,) stretches: `line` lies in `polygon` from its metre `low` to `high`."""

    line: _Rows
    polygon: _Rows
    low: Floats
    high: Floats


def inside(lines: NDArray[np.object_], tree: STRtree, polygons: NDArray[np.object_]) -> Inside:
    """Every stretch of the lines (metres, and their tree) in the polygons (metres, prepared)."""
    polygon, line = tree.query(polygons, predicate="intersects")
    low, high = np.zeros(len(line)), shapely.length(lines[line])
    whole = shapely.contains_properly(polygons[polygon], lines[line])
    line_cut, polygon_cut = line[~whole], polygon[~whole]
    cut = _cut(lines, polygons, line_cut, polygon_cut)
    return Inside(
        np.concatenate([line[whole], line_cut[cut.row]]),
        np.concatenate([polygon[whole], polygon_cut[cut.row]]),
        np.concatenate([low[whole], cut.low]),
        np.concatenate([high[whole], cut.high]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Spans:
    """(K,) stretches of the `row`th pair of a line and a polygon."""

    row: _Rows
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Segments:
    """(K,) straight pieces of the lines `owner`, `at_m` metres from the line's start."""

    a: Floats
    b: Floats
    owner: _Rows
    at_m: Floats
    length: Floats

    def lines(self) -> NDArray[np.object_]:
        """(K,) the pieces as lines."""
        return np.asarray(shapely.linestrings(np.stack([self.a, self.b], axis=1)), dtype=object)


def _cut(
    lines: NDArray[np.object_], polygons: NDArray[np.object_], line: _Rows, polygon: _Rows
) -> _Spans:
    """Stretches of pairs of a line and a polygon that it is not wholly inside of."""
    met = _crossings(lines, polygons, line, polygon)
    pairs, ends = np.arange(len(line)), np.zeros(len(line))
    row = np.concatenate([pairs, met.row, pairs])
    metre = np.concatenate([ends, met.at_m, shapely.length(lines[line])])
    enters = np.concatenate([ends, met.enters, ends])
    order = np.lexsort((metre, row))
    row, metre, enters = row[order], metre[order], enters[order]
    span = np.flatnonzero((row[1:] == row[:-1]) & (metre[1:] - metre[:-1] > NEAR_M))
    row, low, high = row[span], metre[span], metre[span + 1]
    begins, ends = enters[span], enters[span + 1]
    wet = (begins > 0) & (ends < 0)
    unsure = np.flatnonzero(~wet & ~((begins < 0) & (ends > 0)))
    middle = (low[unsure] + high[unsure]) / 2
    points = shapely.line_interpolate_point(lines[line[row[unsure]]], middle)
    # On the outline itself rounding decides, and an outline belongs to its polygon.
    wet[unsure] = shapely.dwithin(polygons[polygon[row[unsure]]], points, NEAR_M)
    return _Spans(row[wet], low[wet], high[wet])


@dataclass(frozen=True, slots=True, eq=False)
class _Met:
    """(K,) places at which the `row`th line meets its polygon's outline: there it `enters` (1),
    leaves (-1), or nobody can say (0), as at a corner.
    """

    row: _Rows
    at_m: Floats
    enters: Floats


def _crossings(
    lines: NDArray[np.object_], polygons: NDArray[np.object_], line: _Rows, polygon: _Rows
) -> _Met:
    """Where each line meets the outline of its polygon."""
    walked = _segments(lines, np.unique(line))
    outline = _outlines(polygons, np.unique(polygon))
    edge, piece = STRtree(walked.lines()).query(outline.lines())
    keys = line * len(polygons) + polygon
    order = np.argsort(keys)
    key = walked.owner[piece] * len(polygons) + outline.owner[edge]
    found = np.minimum(np.searchsorted(keys[order], key), len(keys) - 1)
    asked = keys[order][found] == key
    piece, edge, row = piece[asked], edge[asked], order[found[asked]]
    parts = _meetings(walked, outline, piece, edge)
    return _Met(
        np.concatenate([row[met] for met, _, _ in parts]),
        np.concatenate(
            [walked.at_m[piece[met]] + share * walked.length[piece[met]] for met, share, _ in parts]
        ),
        np.concatenate([enters for _, _, enters in parts]),
    )


def _meetings(
    walked: _Segments, outline: _Segments, piece: _Rows, edge: _Rows
) -> list[tuple[_Rows, Floats, Floats]]:
    """Rows of candidates that meet, at which share of the piece (Cramer's rule), and whether the
    piece enters: the inside is on an edge's left.

    Where one runs along the other, it meets it at both ends of the edge.
    """
    a, along = walked.a[piece], walked.b[piece] - walked.a[piece]
    c, across = outline.a[edge], outline.b[edge] - outline.a[edge]
    long, wide = walked.length[piece], outline.length[edge]
    away = c - a
    turn = _cross(along, across)
    crossing = np.abs(turn) > 1e-9 * long * wide
    safe = np.where(crossing, turn, 1.0)
    share, other = _cross(away, across) / safe, _cross(away, along) / safe
    meets = crossing & _within(share, long, NEAR_M) & _within(other, wide, NEAR_M)
    sure = _within(share, long, -NEAR_M) & _within(other, wide, -NEAR_M)
    enters = np.where(sure, -np.sign(turn), 0.0)
    found = [(np.flatnonzero(meets), np.clip(share[meets], 0, 1), enters[meets])]
    beside = ~crossing & (np.abs(_cross(away, along)) <= NEAR_M * long)
    for end in (away, away + across):
        at = np.einsum("ij,ij->i", end, along) / long**2
        here = beside & _within(at, long, NEAR_M)
        found.append((np.flatnonzero(here), np.clip(at[here], 0, 1), np.zeros(int(here.sum()))))
    return found


def _within(share: Floats, length: Floats, slack_m: float) -> NDArray[np.bool_]:
    """Whether a share of a length lies on it, or so many metres beside its ends."""
    slack = slack_m / length
    return np.asarray((share >= -slack) & (share <= 1 + slack))


def _cross(a: Floats, b: Floats) -> Floats:
    product: Floats = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return product


def _segments(lines: NDArray[np.object_], rows: _Rows) -> _Segments:
    """The pieces of some lines; the metres of each count from its own start."""
    xy, owner = shapely.get_coordinates(lines[rows], return_index=True)
    joined = owner[1:] == owner[:-1]
    length = np.hypot(*(xy[1:] - xy[:-1]).T)
    walked = np.concatenate([[0.0], np.cumsum(np.where(joined, length, 0.0))])
    first = np.searchsorted(owner, np.arange(len(rows)))
    keep = np.flatnonzero(joined & (length > 0))
    at_m = walked[keep] - walked[first[owner[keep]]]
    return _Segments(xy[keep], xy[keep + 1], rows[owner[keep]], at_m, length[keep])


def _outlines(polygons: NDArray[np.object_], rows: _Rows) -> _Segments:
    """The edges of all rings of some polygons, the inside on their left."""
    turned = shapely.orient_polygons(polygons[rows])
    parts, part_of = shapely.get_parts(turned, return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    found = _segments(rings, np.arange(len(rings)))
    owner = rows[part_of[ring_of[found.owner]]]
    return _Segments(found.a, found.b, owner, found.at_m, found.length)
