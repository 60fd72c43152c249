"""One run over a city's sources: every one is tried, and what is broken is told of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from city.facility import Facility
from data.citysources import Source
from data.errors import BrokenCityFile, BrokenSource, BrokenSources, DataError
from data.report import LoadReport, Progress, SourceReport
from hazards.gauge import Gauge
from shelters.place import EvacuationSite, Shelter, WelfareShelter

S = TypeVar("S", bound=Source)
T = TypeVar("T")
P = TypeVar("P", EvacuationSite, Shelter, WelfareShelter, Gauge, Facility)
Geometries = Sequence[BaseGeometry] | NDArray[np.object_]

EMPTY: Final = "holds no row at all: fetch the file again, unless that is so"
NEAR_DEG: Final = 0.02
"""About 2 km: farther from every road, nothing matters to the city."""
FAR_DEG: Final = 0.1
UPSTREAM_DEG: Final = 0.5
"""About 50 km: so far upstream a gauge may stand that speaks for the city's river."""
ELSEWHERE: Final = (
    "10 km and more from the roads: another city's, or latitude and longitude swapped"
)
TOO_FAR_UPSTREAM: Final = "50 km and more from the roads: a gauge of another region"
SURROUNDINGS_DEG: Final = 0.5
_HAIR_DEG: Final = 1e-6


@dataclass(slots=True)
class SourceRun:
    """`box` is where the city lies (degrees), once its roads are known; `wrong_crs` says that the
    city's CRS measures no metres there.
    """

    report: LoadReport
    progress: Progress
    refused: list[BrokenSource] = field(default_factory=list)
    box: BaseGeometry | None = None
    wrong_crs: BrokenCityFile | None = None

    def of(
        self,
        name: str,
        source: S | None,
        read: Callable[[S, SourceReport], T],
        none: Callable[[], T],
    ) -> T:
        """What a source holds; `none` where there is no source, or where it is refused."""
        if source is None:
            return none()
        self.progress(f"reading {name}: {source.title}")
        report = self.report.of(name, source.title)
        try:
            found = read(source, report)
        except BrokenSource as error:
            self.refuse(report, error)
            return none()
        if not report.read:
            report.note(EMPTY)
        return found

    def raise_refused(self) -> None:
        """Raise what is wrong with the sources tried so far, and with the CRS."""
        wrong: list[DataError] = [self.wrong_crs] if self.wrong_crs else []
        wrong += self.refused
        if len(wrong) == 1:
            raise wrong[0]
        if wrong:
            raise BrokenSources(wrong)

    def refuse(self, report: SourceReport, error: BrokenSource) -> None:
        """Tell of a source that cannot be used."""
        report.refused = str(error)
        self.refused.append(error)

    def stands_at(self, lonlat: NDArray[np.float64]) -> None:
        """Take (n, 2) degrees, every point of the streets, as where the city lies."""
        # Streets on one line span no surface, and what has none has no surroundings.
        low, high = lonlat.min(axis=0) - _HAIR_DEG, lonlat.max(axis=0) + _HAIR_DEG
        self.box = shapely.box(*low.tolist(), *high.tolist())

    def near(self, geometries: Geometries) -> NDArray[np.bool_]:
        """Which geometries lie within some 2 km of the roads; all, where there are none."""
        return self._within(geometries, NEAR_DEG)

    def may_be_here(self, geometries: Geometries, margin_deg: float = FAR_DEG) -> NDArray[np.bool_]:
        """Which geometries lie within some 10 km of the roads; all, where there are none."""
        return self._within(geometries, margin_deg)

    def lies_here(self, path: Path, geometries: Geometries, margin_deg: float = FAR_DEG) -> None:
        """Refuse a source of another place, or one with latitude and longitude swapped."""
        if len(geometries) and not self.may_be_here(geometries, margin_deg).any():
            raise BrokenSource(
                path,
                "lies wholly outside the road network",
                remedy="another city's file, or latitude and longitude swapped?",
            )

    def those_here(
        self,
        path: Path,
        rows: Sequence[P],
        report: SourceReport,
        *,
        margin_deg: float = FAR_DEG,
        why: str = ELSEWHERE,
    ) -> list[P]:
        """The named points that can be this city's; the others are dropped and listed.

        Raises `BrokenSource` where none can.
        """
        points = [shapely.Point(row.position.lon, row.position.lat) for row in rows]
        self.lies_here(path, points, margin_deg)
        here = self.may_be_here(points, margin_deg).tolist()
        for row, point, is_here in zip(rows, points, here, strict=True):
            if not is_here:
                report.drop(why, row=row.name, at=point)
        report.kept = sum(here)
        return [row for row, is_here in zip(rows, here, strict=True) if is_here]

    def cut(self, geometries: Sequence[BaseGeometry], report: SourceReport) -> list[BaseGeometry]:
        """Polygons, those that reach far beyond the city cut to its surroundings: the metres of a
        plane CRS mean nothing on the other side of the world.
        """
        if self.box is None or not geometries:
            return list(geometries)
        around = shapely.buffer(self.box, SURROUNDINGS_DEG, join_style="mitre")
        found = np.array(geometries, dtype=object)
        far = np.flatnonzero(~shapely.covers(around, found))
        for row in far.tolist():
            parts = shapely.get_parts(shapely.intersection(found[row], around))
            found[row] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
        if len(far):
            report.note("reach far beyond the city: cut to its surroundings", count=len(far))
        return list(found)

    def _within(self, geometries: Geometries, margin_deg: float) -> NDArray[np.bool_]:
        if self.box is None or not len(geometries):
            return np.ones(len(geometries), bool)
        around = shapely.buffer(self.box, margin_deg, join_style="mitre")
        shapely.prepare(around)
        return np.asarray(shapely.intersects(around, np.array(geometries, dtype=object)))
