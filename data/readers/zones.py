"""Zones as they are published, of 国土数値情報 or by the city itself; which format says what."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from data.errors import BrokenSource
from data.readers.geojson import listed_columns
from data.readers.repair import Repairs
from data.readers.sieve import Sieve
from data.readers.soundness import sound_polygon
from data.readers.vector import VectorRow, vector_rows
from data.readers.zones_depth import rank_of_code, rank_of_metres, rank_of_words, whole
from data.report import SourceReport
from hazards.zone import RANKS, RED, YELLOW, HazardZone, ZoneKind, ZoneLayer


@dataclass(frozen=True, slots=True)
class Zones:
    """The zones of a file, and the row that each was in. `damaged`: layers of which a row was left
    out, so that outside their zones nothing is known, whatever the city states.
    """

    rows: list[HazardZone]
    damaged: frozenset[ZoneLayer]
    numbers: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column that states a rank; `rank` is None for what is no value of it."""

    name: str
    layer: ZoneLayer
    rank: Callable[[Any], int | None]


@dataclass(frozen=True, slots=True)
class _Format:
    """What is published under one name."""

    columns: tuple[_Column, ...]
    published: str
    kind: ZoneKind = ZoneKind.ASSUMED


def _ranks_of(layer: ZoneLayer) -> Callable[[Any], int | None]:
    def rank(value: Any) -> int | None:
        found = whole(value)
        return found if found in RANKS[layer] else None

    return rank


def _slope(value: Any) -> int | None:
    """A33_002; zones not yet designated (3, 4) count like designated ones."""
    return {1: YELLOW, 2: RED, 3: YELLOW, 4: RED}.get(whole(value) or 0)


def _flood(prefix: str, depth: str, duration: str, collapse: str) -> tuple[_Column, ...]:
    named = {
        ZoneLayer.DEPTH: depth,
        ZoneLayer.DURATION: duration,
        ZoneLayer.COLLAPSE: collapse,
    }
    return tuple(_Column(prefix + end, layer, _ranks_of(layer)) for layer, end in named.items())


def _depths(layer: ZoneLayer, *words: str) -> tuple[_Column, ...]:
    """Depth in words as published, or as a rank of A31b_201, or in metres."""
    return (
        *(_Column(name, layer, rank_of_words) for name in words),
        _Column("depth_rank", layer, _ranks_of(layer)),
        _Column("depth_m", layer, rank_of_metres),
    )


_A31B: Final = _Format(
    (*_flood("A31b_", "201", "301", "401"), *_flood("A31a_", "205", "305", "405")),
    "take the file as published (国土数値情報 A31b or A31a; 想定最大規模, not 計画規模)",
)
_A33: Final = _Format(
    (_Column("A33_002", ZoneLayer.LANDSLIDE, _slope),),
    "take the file as published (国土数値情報 A33)",
)
_CITYS: Final = "or give each polygon depth_rank (1 to 6, as A31b_201) or depth_m"
FORMATS: Final = {
    "a31b": _A31B,
    "a31b-geojson": _A31B,
    "a31": _Format(
        (
            _Column("A31_001", ZoneLayer.DEPTH, rank_of_code),
            *_flood("A31_", "205", "305", "405"),
        ),
        "take the file as published (国土数値情報 A31: 11 to 15, or 21 to 27)",
    ),
    "a33": _A33,
    "a33-geojson": _A33,
    "inland-depth": _Format(
        _depths(ZoneLayer.INLAND_DEPTH, "A51_005"),
        f"take the file as published (国土数値情報 A51), {_CITYS}",
    ),
    "storm-surge-depth": _Format(
        _depths(ZoneLayer.SURGE_DEPTH, "A49_003"),
        f"take the file as published (国土数値情報 A49), {_CITYS}",
    ),
    "tsunami-depth": _Format(
        _depths(ZoneLayer.TSUNAMI_DEPTH, "A40_003"),
        f"take the file as published (国土数値情報 A40), {_CITYS}",
    ),
    "forecast-depth": _Format(
        _depths(ZoneLayer.DEPTH),
        "give each polygon after_min (minutes) and depth_rank (1 to 6) or depth_m",
        ZoneKind.FORECAST,
    ),
}
"""A format's name in the city file to what it holds."""


def layers_of(format_name: str) -> tuple[ZoneLayer, ...]:
    """The layers that a format can bring zones of."""
    return tuple(dict.fromkeys(column.layer for column in FORMATS[format_name].columns))


def read_zones(path: Path, format_name: str, report: SourceReport) -> Zones:
    """The zones of a file in one of `FORMATS`, with every row that was repaired or left out listed
    in the report. Raises `BrokenSource` where over a tenth of the rows is broken, or all are.
    """
    given = FORMATS[format_name]
    reading = _Reading(path, given, report)
    sieve = Sieve(path, report)
    for row in vector_rows(path, report=report):
        with sieve.row(row.number, at=row.geometry), reading.watched(row):
            reading.take(row)
    sieve.close()
    report.kept = len(set(reading.numbers))
    return Zones(reading.zones, frozenset(reading.damaged), reading.numbers)


class _Reading:
    """One file being read, row by row."""

    def __init__(self, path: Path, given: _Format, report: SourceReport) -> None:
        self.path, self.given, self.report = path, given, report
        self.zones: list[HazardZone] = []
        self.numbers: list[int] = []
        self.repairs = Repairs()
        self.damaged: set[ZoneLayer] = set()

    @contextmanager
    def watched(self, row: VectorRow) -> Iterator[None]:
        """Remember the layers that a broken row may have been of."""
        try:
            yield
        except BrokenSource:
            columns = self._stated(row) or list(self.given.columns)
            self.damaged.update(column.layer for column in columns)
            raise

    def take(self, row: VectorRow) -> None:
        """Add the row's zones: one of each layer that it states; raises `BrokenSource`."""
        if row.geometry is None:
            raise self._broken(row, row.fault)
        ranks = self._ranks(row)
        after_min = self._after_min(row) if self.given.kind is ZoneKind.FORECAST else None
        geometry = sound_polygon(self.path, row.number, row.geometry, self.report, self.repairs)
        if whole(row.properties.get("A33_002")) in (3, 4):
            self.report.note("not yet designated, counted as designated")
        self.zones += [
            HazardZone(layer, rank, geometry, self.given.kind, after_min)
            for layer, rank in ranks.items()
        ]
        self.numbers += [row.number] * len(ranks)

    def _stated(self, row: VectorRow) -> list[_Column]:
        return [column for column in self.given.columns if column.name in row.properties]

    def _ranks(self, row: VectorRow) -> dict[ZoneLayer, int]:
        """The rank of each layer; where two columns state one layer, the deeper."""
        ranks: dict[ZoneLayer, int] = {}
        for column in self._stated(row):
            value = row.properties[column.name]
            rank = column.rank(value)
            if rank is None:
                raise self._broken(row, f"column {column.name!r} is {_shown(value)}, no rank of it")
            ranks[column.layer] = max(rank, ranks.get(column.layer, rank))
        if not ranks:
            raise self._broken(row, self._nothing(row))
        return ranks

    def _nothing(self, row: VectorRow) -> str:
        names = [column.name for column in self.given.columns]
        have = listed_columns(row.properties)
        if len(names) == 1:
            return f"column {names[0]!r} is missing (there are: {have})"
        return f"none of the columns {', '.join(names)} (there are: {have})"

    def _after_min(self, row: VectorRow) -> int:
        minutes = whole(row.properties.get("after_min"))
        if minutes is None or minutes < 0:
            value = _shown(row.properties.get("after_min"))
            raise self._broken(row, f"column 'after_min' is {value}, no minutes of a forecast")
        return minutes

    def _broken(self, row: VectorRow, what: str) -> BrokenSource:
        return BrokenSource(self.path, what, row=row.number, remedy=self.given.published)


def _shown(value: Any) -> str:
    """A value for a message, cut short, and whole where a table with gaps has it as 9.0."""
    known = whole(value) if isinstance(value, float) else None
    text = repr(value if known is None else known)
    return text if len(text) <= 40 else f"{text[:40]}…"
