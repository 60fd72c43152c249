"""What closes roads now: observed water and 通行止め."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shapely.geometry.base import BaseGeometry

BESIDE_M: Final = 15.0
"""How far from its line a closure shuts, where no street of today runs along it."""

COMES_OF_AGE: Final = timedelta(minutes=60)
"""After so long a suspension asks a person whether it still stands; it stays (`safety.md` 6)."""

_WET: Final = "冠水|浸水|増水|氾濫|越水|水没|出水|洪水|高潮|津波"
_WATER: Final = re.compile(
    r"水|氾濫|はんらん|あふれ|溢れ|越流|濁流|逆流|決壊|切れた|高潮|津波"
    r"|flood|water|submerge|inundat|overflow|オーバーフロー",
    re.IGNORECASE,
)
_NO_WATER: Final = re.compile(
    r"(上|下|用)?水道|[断排給下漏]水|水管|水門工事|水曜|waterworks|water (main|pipe|supply)"
    rf"|({_WET})(の|する)?(おそれ|恐れ|心配|可能性)"
    rf"|({_WET})(は|も)?(して(い)?な[いくし]|な[いし]|ではな(く|い(?!か)))"
    r"|(no|not) (flood|water|under water)",
    re.IGNORECASE,
)
"""Pipes and drains; a water word that is itself feared or denied. All else that speaks of water
counts: an order to climb that was not needed is the smaller harm.
"""


def speaks_of_water(reason: str) -> bool:
    """Whether a closure's reason says that water is there; whoever closes may say otherwise."""
    return _WATER.search(_NO_WATER.sub("", reason)) is not None


@dataclass(frozen=True, slots=True)
class ObservedWater:
    """Water that somebody saw: a polygon in the city's metres. It closes what it covers."""

    id: int
    source: str
    area: BaseGeometry
    observed_at: datetime


class ClosureBasis(StrEnum):
    """Why it stands: a person ordered it, reports say so, reports that headquarters confirmed."""

    ORDER = "order"
    SUSPENDED = "suspended"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Closure:
    """通行止め, kept by the closed street's own line in metres; only a person reopens.

    `streets` of today's network run along that line. Along the `rest` of it none does: what lies
    near it is shut, for a closure never lapses because the map changed (`safety.md` 6). A report at
    a point shuts `stretches` alone, (street, from, to in metres of it): nobody passes, and who
    lives beyond them leaves at the other end.
    `by_water`: a person closed it for water, which is confirmed water (`safety.md` 5).
    `observations`: ids of the reports behind it. `moves`: whether places are planned by it; while a
    move of many people waits for a person, no way crosses it and nobody is told another place.
    """

    id: int
    streets: tuple[int, ...]
    reason: str
    line: BaseGeometry
    rest: BaseGeometry
    closed_at: datetime
    by_water: bool
    basis: ClosureBasis = ClosureBasis.ORDER
    observations: tuple[str, ...] = ()
    moves: bool = True
    stretches: tuple[tuple[int, float, float], ...] = ()

    @property
    def all_streets(self) -> tuple[int, ...]:
        """The streets that nobody walks through, shut whole or in part."""
        return (*self.streets, *(street for street, _, _ in self.stretches))

    @property
    def area(self) -> BaseGeometry:
        """The surface along the rest of the line, in metres; empty where there is none."""
        return self.rest.buffer(BESIDE_M, cap_style="flat")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A street of which somebody whom nobody knows, or one source alone, says that it is blocked.

    It costs a little more, however many say so, and is never closed by it (`safety.md` 6).
    """

    street: str
    streets: tuple[int, ...]
    observations: tuple[str, ...]
    reason: str
    since: datetime
