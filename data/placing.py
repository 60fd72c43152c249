"""Places the households of each 町丁目 along its streets.

Only counts are published, not homes. Nothing here is random: the same files give the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from city.area import Area
from city.position import Metres
from data.frontage import Bools, Floats, Frontage, Objects, Rows, frontage, lines_of
from data.households import ChomeCount, Households, listed
from data.network import Network
from data.report import SourceReport

NEAREST_M: Final = 4.0
FARTHEST_M: Final = 12.0
"""Homes stand so far from the middle of their street."""
CLOSER_M: Final = (4.0, 2.0, 1.0, 0.25)
"""Where a home would stand outside its area or in a river: closer to the street, on either side."""
_GOLDEN: Final = (5**0.5 - 1) / 2


@dataclass(frozen=True, slots=True, eq=False)
class _Land:
    """(A,) areas without river surfaces, prepared; which of them a river meets; the surfaces
    with their index, all in degrees.
    """

    dry: Objects
    watered: Bools
    surfaces: Objects
    tree: STRtree

    def holds(self, area: Rows, feet: Floats, lonlat: Floats) -> Bools:
        """(n,) whether points stand in their area, on their street's side of every river."""
        inside = np.asarray(shapely.contains_xy(self.dry[area], lonlat))
        near = np.flatnonzero(inside & self.watered[area])
        links = lines_of(np.stack([feet[near], lonlat[near]], axis=1))
        link, surface = self.tree.query(links)
        inside[near[link[shapely.crosses(links[link], self.surfaces[surface])]]] = False
        return inside


def place_households(
    counts_by_area: Mapping[int, ChomeCount],
    areas: Sequence[Area],
    network: Network,
    metres: Metres,
    report: SourceReport,
    *,
    residential: Bools,
    waterways: Sequence[BaseGeometry] = (),
) -> Households:
    """Place the households that are counted in areas, by the row of the area.

    They stand inside their own area, evenly along its `residential` streets (S,), left and right
    in turn and 4 to 12 m off; along all its streets where those are too few, and at a point
    inside it where it has none. None stands in a river or belongs to a bridge or a tunnel.
    `waterways` are surfaces in degrees.
    """
    rows = np.array(sorted(counts_by_area), np.int64)
    counts = [counts_by_area[row] for row in rows.tolist()]
    homes = np.array([count.households for count in counts], np.int64)
    land = _land([areas[row].geometry for row in rows.tolist()], waterways)
    paths = frontage(land.dry, homes, network, metres, residential)
    _note_scant(paths, homes, counts, report)
    area, turn = _turns(homes)
    feet, left = _along(paths, area, turn, homes)
    lonlat = _settled(land, feet, left, area, turn, metres)
    crowded = int((np.isfinite(feet[:, 0]) & np.isnan(lonlat[:, 0])).sum())
    if crowded:
        report.note("households with no room beside their street: at the next one's", count=crowded)
    lonlat = _gathered(land, lonlat, area)
    persons = _persons(counts, homes, area, turn, report)
    return Households(lonlat, persons, rows[area].astype(np.int32))


def _objects(geometries: Sequence[BaseGeometry]) -> Objects:
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    return array


def _land(outlines: Sequence[BaseGeometry], waterways: Sequence[BaseGeometry]) -> _Land:
    """An area that is nothing but river stays whole."""
    dry, surfaces = _objects(outlines), _objects(waterways)
    shapely.prepare(surfaces)
    tree = STRtree(surfaces)
    watered = np.zeros(len(dry), bool)
    area, surface = tree.query(dry, predicate="intersects")
    for row in np.unique(area).tolist():
        left = shapely.difference(dry[row], shapely.union_all(surfaces[surface[area == row]]))
        watered[row] = not left.is_empty
        dry[row] = left if watered[row] else dry[row]
    shapely.prepare(dry)
    return _Land(dry, watered, surfaces, tree)


def _note_scant(
    paths: Frontage, homes: Rows, counts: Sequence[ChomeCount], report: SourceReport
) -> None:
    length_m = paths.length_m()
    for rows, where in (
        (paths.scant & (length_m > 0), "along all streets, with too few residential ones"),
        (paths.scant & (length_m == 0), "at one point, without any street"),
    ):
        if rows.any():
            names = [counts[row].name for row in np.flatnonzero(rows).tolist()]
            report.note(f"households {where}, of {listed(names)}", count=int(homes[rows].sum()))


def _turns(homes: Rows) -> tuple[Rows, Rows]:
    """(H,) the area of each home, and its turn in it from 0."""
    area = np.repeat(np.arange(len(homes)), homes)
    return area, np.arange(len(area)) - np.repeat(np.cumsum(homes) - homes, homes)


def _along(paths: Frontage, home_area: Rows, turn: Rows, homes: Rows) -> tuple[Floats, Floats]:
    """(H, 2) each home's foot on its street, and the unit vector to the left of the street.

    Feet are NaN in areas without a street.
    """
    length_m = paths.length_m()
    before_m = np.cumsum(length_m) - length_m
    share = (turn + 0.5) / homes[home_area]
    at_m = before_m[home_area] + share * length_m[home_area]
    feet = np.full((len(turn), 2), np.nan)
    left = np.zeros((len(turn), 2))
    placed = length_m[home_area] > 0
    row = np.searchsorted(paths.until_m, at_m[placed]).clip(max=max(len(paths.area) - 1, 0))
    step = paths.step[row]
    step_m = np.hypot(step[:, 0], step[:, 1])[:, None]
    back_m = (paths.until_m[row] - at_m[placed])[:, None].clip(0, step_m)
    feet[placed] = paths.begin[row] + step * (1 - back_m / step_m)
    left[placed] = np.column_stack([-step[:, 1], step[:, 0]]) / step_m
    return feet, left


def _settled(
    land: _Land, feet: Floats, left: Floats, area: Rows, turn: Rows, metres: Metres
) -> Floats:
    """(H, 2) degrees of homes beside their street; NaN where none of both sides serves."""
    lonlat = np.full(feet.shape, np.nan)
    side = np.where(turn % 2, -1.0, 1.0)
    off_m = NEAREST_M + (FARTHEST_M - NEAREST_M) * ((turn + 1) * _GOLDEN % 1)
    from_lonlat = metres.lonlat(feet)
    left_over = np.flatnonzero(np.isfinite(feet[:, 0]))
    for most_m in (FARTHEST_M, *CLOSER_M):
        for hand in (1.0, -1.0):
            away_m = hand * side[left_over] * off_m[left_over].clip(max=most_m)
            tried = metres.lonlat(feet[left_over] + left[left_over] * away_m[:, None])
            good = land.holds(area[left_over], from_lonlat[left_over], tried)
            lonlat[left_over[good]] = tried[good]
            left_over = left_over[~good]
    return lonlat


def _gathered(land: _Land, lonlat: Floats, area: Rows) -> Floats:
    """Homes that found no place of their own stand at the one before or after them in their
    area, or at a point inside it where there is none.
    """
    astray = np.flatnonzero(np.isnan(lonlat[:, 0]))
    settled = np.flatnonzero(np.isfinite(lonlat[:, 0]))
    inner = shapely.get_coordinates(shapely.point_on_surface(land.dry)).reshape(-1, 2)
    filled = lonlat.copy()
    filled[astray] = inner[area[astray]]
    for shift in (0, -1):
        beside = np.searchsorted(settled, astray) + shift
        known = (beside >= 0) & (beside < len(settled))
        one, other = astray[known], settled[beside[known]]
        same = area[one] == area[other]
        filled[one[same]] = lonlat[other[same]]
    return filled


def _persons(
    counts: Sequence[ChomeCount], homes: Rows, area: Rows, turn: Rows, report: SourceReport
) -> NDArray[np.int16]:
    """(H,) persons, dealt evenly; their sum in each area is the count, and nobody's is below 1."""
    persons = np.array([count.persons for count in counts], np.int64)
    _note_persons(counts, report)
    enough = np.maximum(persons, homes)[area]
    dealt = (turn + 1) * enough // homes[area] - turn * enough // homes[area]
    return dealt.astype(np.int16)


def _note_persons(counts: Sequence[ChomeCount], report: SourceReport) -> None:
    """Where the persons dealt are not the persons counted."""
    few = [count for count in counts if count.persons < count.households]
    if few:
        more = sum(count.households - count.persons for count in few)
        names = listed([count.name for count in few])
        report.note(f"persons more than counted, 1 to each household of {names}", count=more)
    homeless = [count for count in counts if count.persons and not count.households]
    if homeless:
        persons = sum(count.persons for count in homeless)
        names = listed([count.name for count in homeless])
        report.note(f"persons without a household, in {names}", count=persons)
