"""What a load dropped and repaired, read from its stored report: rows, their reasons, places."""

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

WORDS: Final = ("dropped", "repaired")
MOST_PLACED: Final = 10_000
"""Rows that a map draws."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the load; `shape` counts those of which something was dropped or repaired."""

    shape: int
    name: str
    file: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `lonlat` in degrees where its place is known."""

    name: str
    lonlat: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Reason:
    """All rows of a source that one thing happened to; `rows` are the first that were kept."""

    source: Source
    word: str
    why: str
    count: int
    rows: tuple[Row, ...]

    @property
    def unlisted(self) -> int:
        """Rows that were counted, and not kept one by one."""
        return max(self.count - len(self.rows), 0)


def reasons_of(report: Mapping[str, Any]) -> list[Reason]:
    """The reasons of `LoadReport.as_dict()`, source by source, what was dropped first."""
    found: list[Reason] = []
    shape = 0
    for given in report["sources"]:
        source = Source(shape, printable(given["source"]), printable(given["file"]))
        rows: dict[tuple[str, str], list[Row]] = {}
        for word, why, row, lon, lat in given["spots"]:
            rows.setdefault((word, why), []).append(Row(printable(row), _lonlat(lon, lat)))
        some = [
            Reason(source, word, printable(why), int(count), tuple(rows.get((word, why), ())))
            for word in WORDS
            for why, count in given[word].items()
        ]
        found += some
        shape += bool(some)
    return found


def total(reasons: list[Reason], word: str) -> int:
    """How many rows were dropped, or repaired."""
    return sum(reason.count for reason in reasons if reason.word == word)


def refused_of(report: Mapping[str, Any]) -> list[str]:
    """The files that could not be used, each with why."""
    sources = [source for source in report["sources"] if source["refused"]]
    return [printable(f"{source['file']}: {source['refused']}") for source in sources]


def printable(text: object) -> str:
    """A stranger's text on one line: no letter that XML forbids, or that turns a line round."""
    flat = " ".join(str(text).split())
    return "".join("□" if unicodedata.category(letter)[0] == "C" else letter for letter in flat)


def _lonlat(lon: object, lat: object) -> tuple[float, float] | None:
    if not isinstance(lon, int | float) or not isinstance(lat, int | float):
        return None
    known = math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90
    return (float(lon), float(lat)) if known else None
