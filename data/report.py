"""What a load read, repaired and dropped, and why."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

Progress = Callable[[str], None]
"""Told what goes on meanwhile, in a few words."""

MOST_SPOTS: Final = 2_000
"""Spots of one source that are kept; the counts count all."""
MOST_OF_REASON: Final = 200
"""Spots of one reason, so that a frequent one leaves room for others."""
LISTED: Final = 5
"""Rows of one reason that a terminal shows."""
MOST_REASONS: Final = 20
"""Reasons of one source that a terminal shows, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One row, element or place that was repaired or dropped; `lon`, `lat` where it is known."""

    word: str
    why: str
    row: str
    lon: float | None = None
    lat: float | None = None


@dataclass(slots=True)
class SourceReport:
    """One source: rows read and kept, and counts of repairs, drops and remarks by reason.

    `spots` are the first of what was repaired or dropped, at most `MOST_OF_REASON` of a reason and
    `MOST_SPOTS` in all; `refused` says why the source cannot be used at all.

    Where the rows become something else, `unit` names the rows ("ways"), and `made` counts what
    those that were kept became, in `made_unit` ("streets").
    """

    source: str
    file: str
    read: int = 0
    kept: int = 0
    repaired: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    spots: list[Spot] = field(default_factory=list)
    refused: str = ""
    unit: str = ""
    made: int = 0
    made_unit: str = ""
    _listed: Counter[tuple[str, str]] = field(
        default_factory=Counter, init=False, repr=False, compare=False
    )

    def drop(
        self, why: str, *, row: int | str | None = None, at: BaseGeometry | None = None
    ) -> None:
        """Count a row that was left out; `at` is where it would have been, in degrees."""
        self.dropped[why] += 1
        self._keep("dropped", why, row, at)

    def repair(
        self, why: str, *, row: int | str | None = None, at: BaseGeometry | None = None
    ) -> None:
        """Count a row that was taken otherwise than it was written."""
        self.repaired[why] += 1
        self._keep("repaired", why, row, at)

    def note(
        self,
        why: str,
        *,
        count: int = 1,
        row: int | str | None = None,
        at: BaseGeometry | None = None,
    ) -> None:
        """Count rows that are taken as they are, with something that an officer should know."""
        self.noted[why] += count
        if row is not None or at is not None:
            self._keep("noted", why, row, at)

    def _keep(self, word: str, why: str, row: int | str | None, at: BaseGeometry | None) -> None:
        of_reason = self._listed[word, why]
        if len(self.spots) >= MOST_SPOTS or of_reason >= MOST_OF_REASON:
            return
        self._listed[word, why] += 1
        where = f"row {row}" if isinstance(row, int) else row or ""
        lon = lat = None
        if at is not None and not at.is_empty:
            west, south, east, north = shapely.bounds(at).tolist()
            lon, lat = (west + east) / 2, (south + north) / 2
        self.spots.append(Spot(word, why, where, lon, lat))

    def as_dict(self) -> dict[str, Any]:
        """For storing as JSON."""
        spots = [[s.word, s.why, s.row, s.lon, s.lat] for s in self.spots]
        counts = {word: dict(getattr(self, word)) for word in ("repaired", "dropped", "noted")}
        return {
            "source": self.source,
            "file": self.file,
            "read": self.read,
            "kept": self.kept,
            "unit": self.unit,
            "made": self.made,
            "made_unit": self.made_unit,
            "refused": self.refused,
            "spots": spots,
            **counts,
        }

    def lines(self) -> list[str]:
        """For reading in a terminal."""
        lines = [f"  {self.source}: {self.file}"]
        if self.refused:
            lines.append(f"    REFUSED: {self.refused}")
        lines.append(f"    {self._counted()}")
        for word in ("repaired", "dropped", "noted"):
            counts: Counter[str] = getattr(self, word)
            often = counts.most_common()
            lines += [
                f"    {word} {count:,}: {why}{self._rows(word, why)}"
                for why, count in often[:MOST_REASONS]
            ]
            if rest := often[MOST_REASONS:]:
                total = sum(count for _, count in rest)
                lines.append(f"    {word} {total:,} more, for {len(rest):,} other reasons")
        return lines

    def _counted(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        made = f" as {self.made:,} {self.made_unit}" if self.made_unit else ""
        return f"read {self.read:,}{unit}, kept {self.kept:,}{unit}{made}"

    def _rows(self, word: str, why: str) -> str:
        rows = [
            spot.row for spot in self.spots if (spot.word, spot.why) == (word, why) and spot.row
        ]
        if not rows:
            return ""
        return f" ({', '.join(rows[:LISTED])}{' …' if len(rows) > LISTED else ''})"


@dataclass(slots=True)
class LoadReport:
    """All sources of a city, and remarks on how they fit together."""

    city: str
    sources: list[SourceReport] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def of(self, source: str, file: str) -> SourceReport:
        """Begin the report of a source."""
        self.sources.append(SourceReport(source, file))
        return self.sources[-1]

    @property
    def refused(self) -> list[SourceReport]:
        """Sources that cannot be used."""
        return [source for source in self.sources if source.refused]

    def as_dict(self) -> dict[str, Any]:
        """For storing as JSON."""
        return {
            "city": self.city,
            "remarks": self.remarks,
            "sources": [source.as_dict() for source in self.sources],
        }

    def lines(self) -> list[str]:
        """For reading in a terminal."""
        lines = [self.city]
        for source in self.sources:
            lines += source.lines()
        return lines + [f"  note: {remark}" for remark in self.remarks]
