"""Cutting drawn streets at their crossings, with one junction where ends lie close together."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from data.fictional.drawing import Drawing, Indices, Kinds, Shapes, drawn
from data.town.frame import Array

JUNCTION_M: Final = 8.0
CLEAR_M: Final = 2.5


@dataclass(frozen=True, slots=True, eq=False)
class Sections:
    """Streets between two junctions (or ends).

    `xy` (N, 2) are the nodes in metres. Section `s` runs through the nodes
    `node[first[s]:first[s + 1]]`; `line` is the drawn street it is a part of, in order along it,
    `kind` the number of its kind.
    """

    xy: Array
    node: Indices
    first: Indices
    line: Indices
    kind: Indices

    @property
    def start(self) -> Indices:
        """Return the node at which each section begins."""
        return self.node[self.first[:-1]]

    @property
    def end(self) -> Indices:
        """Return the node at which each section ends."""
        return self.node[self.first[1:] - 1]

    @property
    def shapes(self) -> Shapes:
        """Draw every section as a line."""
        owner = np.repeat(np.arange(len(self.line)), np.diff(self.first))
        return drawn(self.xy[self.node], owner)

    def lengths_m(self) -> Array:
        """Measure every section."""
        xy = self.xy[self.node]
        steps = np.concatenate([[0.0], np.hypot(*np.diff(xy, axis=0).T)])
        steps[self.first[:-1]] = 0.0
        lengths: Array = np.add.reduceat(steps, self.first[:-1])
        return lengths

    def degrees(self) -> Indices:
        """Count the section ends at every node; 0 where a section only passes."""
        ends = np.concatenate([self.start, self.end])
        return np.bincount(ends, minlength=len(self.xy))

    def where(self, mask: NDArray[np.bool_]) -> "Sections":
        """Keep some sections."""
        counts = np.diff(self.first)
        return Sections(
            self.xy,
            self.node[np.repeat(mask, counts)],
            np.concatenate([[0], np.cumsum(counts[mask])]),
            self.line[mask],
            self.kind[mask],
        )

    def component(self) -> Indices:
        """Number the connected part that each section belongs to."""
        count = len(self.xy)
        links = coo_array((np.ones(len(self.line)), (self.start, self.end)), shape=(count, count))
        labels = connected_components(links, directed=False)[1]
        return np.asarray(labels[self.start], dtype=np.int64)

    def main_component(self) -> "Sections":
        """Keep what is connected to the largest part."""
        part = self.component()
        return self.where(part == np.bincount(part).argmax())


def join(streets: Drawing, kinds: Kinds) -> Sections:
    """Cut streets where they cross, and make one junction of ends and crossings close together."""
    line, along_m, xy = _cuts(streets, kinds)
    label = _clusters(xy)
    centres = _centres(xy, label)
    line, along_m, label = _in_order(line, along_m, label)
    return _sections(streets, line, along_m, label, centres)


def _cuts(streets: Drawing, kinds: Kinds) -> tuple[Indices, Array, Array]:
    """List where streets are cut: the street, metres along it, and the position."""
    shapes = streets.shapes
    one, other = _pairs(streets, kinds)
    meetings = shapely.intersection(shapes[one], shapes[other])
    parts, pair = shapely.get_parts(meetings, return_index=True)
    points = shapely.centroid(parts)
    line = np.concatenate([one[pair], other[pair]])
    both = np.concatenate([points, points])
    ends = np.tile(np.arange(len(shapes)), 2)
    lengths = shapely.length(shapes)
    tips = np.concatenate([shapely.get_point(shapes, 0), shapely.get_point(shapes, -1)])
    along = shapely.line_locate_point(shapes[line], both)
    tip_along = np.concatenate([np.zeros(len(shapes)), lengths])
    xy = shapely.get_coordinates(np.concatenate([both, tips]))
    return np.concatenate([line, ends]), np.concatenate([along, tip_along]), xy


def _pairs(streets: Drawing, kinds: Kinds) -> tuple[Indices, Indices]:
    one, other = shapely.STRtree(streets.shapes).query(streets.shapes, predicate="intersects")
    order = np.lexsort([other, one])
    one, other = one[order], other[order]
    apart = kinds.flags("is_apart")[streets.kind]
    meet = (one < other) & ~apart[one] & ~apart[other]
    return one[meet], other[meet]


def _clusters(xy: Array) -> Indices:
    pairs = cKDTree(xy).query_pairs(JUNCTION_M, output_type="ndarray")
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(xy), len(xy)))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def _centres(xy: Array, label: Indices) -> Array:
    sums = [np.bincount(label, weights=xy[:, axis]) for axis in (0, 1)]
    centres: Array = np.column_stack(sums) / np.bincount(label)[:, None]
    return centres


def _in_order(line: Indices, along_m: Array, label: Indices) -> tuple[Indices, Array, Indices]:
    """Sort the cuts along each street, one for each junction that follows another."""
    order = np.lexsort([label, along_m, line])
    line, along_m, label = line[order], along_m[order], label[order]
    again = np.concatenate([[False], (line[1:] == line[:-1]) & (label[1:] == label[:-1])])
    return line[~again], along_m[~again], label[~again]


def _sections(
    streets: Drawing, line: Indices, along_m: Array, label: Indices, centres: Array
) -> Sections:
    """Put the vertices between the cuts, and number both."""
    vertex_xy, owner = shapely.get_coordinates(streets.shapes, return_index=True)
    vertex_m = _along(vertex_xy, owner)
    every_line = np.concatenate([line, owner])
    every_m = np.concatenate([along_m, vertex_m])
    is_cut = np.arange(len(every_line)) < len(line)
    node = np.concatenate([label, len(centres) + np.arange(len(owner))])
    order = np.lexsort([~is_cut, every_m, every_line])
    every_line, every_m = every_line[order], every_m[order]
    is_cut, node = is_cut[order], node[order]
    kept = is_cut | _clear_of_cuts(every_line, every_m, is_cut)
    every_line, is_cut, node = every_line[kept], is_cut[kept], node[kept]
    xy = np.concatenate([centres, vertex_xy])
    return _between_cuts(xy, every_line, is_cut, node, streets.kind)


def _along(xy: Array, owner: Indices) -> Array:
    steps = np.concatenate([[0.0], np.hypot(*np.diff(xy, axis=0).T)])
    starts = np.concatenate([[True], owner[1:] != owner[:-1]])
    steps[starts] = 0.0
    total = np.cumsum(steps)
    first = np.maximum.accumulate(np.where(starts, np.arange(len(owner)), 0))
    along: Array = total - total[first]
    return along


def _clear_of_cuts(line: Indices, along_m: Array, is_cut: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which vertices have a cut before and after them on their street, not too near."""
    place = np.arange(len(line))
    before = np.maximum.accumulate(np.where(is_cut, place, -1))
    after = np.minimum.accumulate(np.where(is_cut, place, len(line))[::-1])[::-1]
    low, high = np.maximum(before, 0), np.minimum(after, len(line) - 1)
    clear: NDArray[np.bool_] = (
        (before >= 0)
        & (after < len(line))
        & (line[low] == line)
        & (line[high] == line)
        & (along_m - along_m[low] > CLEAR_M)
        & (along_m[high] - along_m > CLEAR_M)
    )
    return clear


def _between_cuts(
    xy: Array, line: Indices, is_cut: NDArray[np.bool_], node: Indices, kind: Indices
) -> Sections:
    """Divide the nodes of all streets into sections; a cut between two belongs to both."""
    cuts = np.flatnonzero(is_cut)
    begins, ends = cuts[:-1], cuts[1:]
    same = line[begins] == line[ends]
    begins, ends = begins[same], ends[same]
    counts = ends - begins + 1
    first = np.concatenate([[0], np.cumsum(counts)])
    within = np.arange(first[-1]) - np.repeat(first[:-1], counts)
    places = np.repeat(begins, counts) + within
    cut_line = line[begins]
    sections = Sections(xy, node[places], first, cut_line, kind[cut_line])
    return _without_doubles(sections)


def _without_doubles(sections: Sections) -> Sections:
    """Keep one of the sections that join the same two junctions at about the same length."""
    low = np.minimum(sections.start, sections.end)
    high = np.maximum(sections.start, sections.end)
    key = np.column_stack([low, high, np.round(sections.lengths_m() / 15.0)])
    _, kept = np.unique(key, axis=0, return_index=True)
    mask = np.zeros(len(low), dtype=bool)
    mask[kept] = True
    return sections.where(mask & (low != high))
