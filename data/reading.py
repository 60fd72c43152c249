"""One run over a city's sources: every one is tried, and what is broken is told of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from data.citysources import Source
from data.errors import BrokenSource, BrokenSources
from data.report import LoadReport, SourceReport

Progress = Callable[[str], None]
S = TypeVar("S", bound=Source)
T = TypeVar("T")

EMPTY: Final = "holds no row at all: fetch the file again, unless that is so"
NEAR_DEG: Final = 0.02
"""About 2 km: farther from every road, nothing matters to the city."""
FAR_DEG: Final = 0.1


@dataclass(slots=True)
class Reading:
    """`box` is where the city lies (degrees), once its roads are known."""

    report: LoadReport
    progress: Progress
    refused: list[BrokenSource] = field(default_factory=list)
    box: BaseGeometry | None = None

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
            report.refused = str(error)
            self.refused.append(error)
            return none()
        if not report.read:
            report.note(EMPTY)
        return found

    def raise_refused(self) -> None:
        """Raise what is wrong with the sources tried so far."""
        if len(self.refused) == 1:
            raise self.refused[0]
        if self.refused:
            raise BrokenSources(self.refused)

    def near(self, geometries: Sequence[BaseGeometry]) -> NDArray[np.bool_]:
        """Which geometries lie within some 2 km of the roads; all, where there are none."""
        if self.box is None or not geometries:
            return np.ones(len(geometries), bool)
        return self._within(geometries, NEAR_DEG)

    def may_be_here(self, geometries: Sequence[BaseGeometry]) -> NDArray[np.bool_]:
        """Which geometries lie within some 10 km of the roads; all, where there are none."""
        if self.box is None or not geometries:
            return np.ones(len(geometries), bool)
        return self._within(geometries, FAR_DEG)

    def lies_here(self, path: Path, geometries: Sequence[BaseGeometry]) -> None:
        """Refuse a source of another place, or one with latitude and longitude swapped."""
        if geometries and not self.may_be_here(geometries).any():
            raise BrokenSource(
                path,
                "lies wholly outside the road network",
                remedy="another city's file, or latitude and longitude swapped?",
            )

    def _within(self, geometries: Sequence[BaseGeometry], margin_deg: float) -> NDArray[np.bool_]:
        around = shapely.buffer(self.box, margin_deg, join_style="mitre")
        shapely.prepare(around)
        return np.asarray(shapely.intersects(around, np.array(geometries, dtype=object)))
