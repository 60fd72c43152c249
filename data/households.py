"""Households as arrays, and the counts of each 町丁目 that they are made from."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from city.area import Area, folded
from city.position import Position
from data.report import SourceReport

NO_AREA: Final = -1
MOST_NAMES: Final = 20

_NOWHERE: Final = "no area of that name: its households stand nowhere"
_DOUBTFUL: Final = "the name is that of several counts or areas, doubtful which: none is joined"


@dataclass(frozen=True, slots=True)
class ChomeCount:
    """How many households and persons live in a 町丁目, and where its middle is said to be."""

    name: str
    households: int
    persons: int
    position: Position | None
    row: int


@dataclass(frozen=True, slots=True, eq=False)
class Households:
    """H households: `lonlat` (H, 2) in degrees, `persons` (H,) of at least 1, and `area` (H,),
    the row of the 町丁目 that they live in (`NO_AREA`: none).
    """

    lonlat: NDArray[np.float64]
    persons: NDArray[np.int16]
    area: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.persons)


def located(
    lonlat: NDArray[np.float64], persons: NDArray[np.int16], areas: Sequence[Area]
) -> Households:
    """Households at known points, `lonlat` (H, 2) and `persons` (H,), each in the first area that
    covers it.
    """
    area = np.full(len(persons), NO_AREA, np.int32)
    tree = STRtree([one.geometry for one in areas])
    point, row = tree.query(shapely.points(lonlat), predicate="covered_by")
    order = np.lexsort((-row, point))
    area[point[order]] = row[order]
    return Households(lonlat, persons, area)


def join_counts(
    counts: Sequence[ChomeCount], areas: Sequence[Area], report: SourceReport
) -> dict[int, ChomeCount]:
    """Counts by the row of their area, joined by folded name.

    Reports counts without an area, areas without a count, and names that several of either
    share: those are joined only where they are also written the same, one by one.
    """
    counted: dict[str, list[ChomeCount]] = defaultdict(list)
    named: dict[str, list[int]] = defaultdict(list)
    for count in counts:
        counted[folded(count.name)].append(count)
    for row, area in enumerate(areas):
        named[folded(area.name)].append(row)
    joined: dict[int, ChomeCount] = {}
    for name, group in counted.items():
        rows = named.get(name, [])
        pairs = _pairs(group, rows, areas)
        joined |= pairs
        for count in group if not pairs else ():
            report.drop(_DOUBTFUL if rows else _NOWHERE, row=_beside(count, group, rows, areas))
    without = [area.name for row, area in enumerate(areas) if row not in joined]
    if without:
        report.note(
            f"areas without a count, nobody is placed there: {listed(without)}", count=len(without)
        )
    return dict(sorted(joined.items()))


def listed(names: Sequence[str]) -> str:
    """Names in one line, the first 20 of them."""
    return "、".join(names[:MOST_NAMES]) + (" …" if len(names) > MOST_NAMES else "")


def _pairs(
    group: Sequence[ChomeCount], rows: Sequence[int], areas: Sequence[Area]
) -> dict[int, ChomeCount]:
    """One count to each area; none at all where it is doubtful which belongs to which."""
    if len(group) == len(rows) == 1:
        return {rows[0]: group[0]}
    written = {areas[row].name: row for row in rows}
    if len(written) == len(rows) and sorted(written) == sorted(count.name for count in group):
        return {written[count.name]: count for count in group}
    return {}


def _beside(
    count: ChomeCount, group: Sequence[ChomeCount], rows: Sequence[int], areas: Sequence[Area]
) -> str:
    """A count by its row and name, and which other counts and areas share that name."""
    where = f"row {count.row} {count.name}"
    others = [f"row {one.row} {one.name}" for one in group if one is not count]
    others += [f"area {areas[row].code} {areas[row].name}" for row in rows]
    return f"{where} ({listed(others)})" if others else where
