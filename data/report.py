"""What a load read, repaired and dropped, and why."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class SourceReport:
    """One source: rows read and kept, and counts of repairs, drops and remarks by reason."""

    source: str
    file: str
    read: int = 0
    kept: int = 0
    repaired: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, Any]:
        """For storing as JSON."""
        return {
            name: dict(value) if isinstance(value := getattr(self, name), Counter) else value
            for name in self.__slots__
        }


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
            lines.append(f"  {source.source}: {source.file}")
            lines.append(f"    read {source.read:,}, kept {source.kept:,}")
            for word in ("repaired", "dropped", "noted"):
                counts: Counter[str] = getattr(source, word)
                lines += [f"    {word} {count:,}: {why}" for why, count in counts.items()]
        return lines + [f"  note: {remark}" for remark in self.remarks]
