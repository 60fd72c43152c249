"""水位の値: what one sensor says of its gauge, and what of it can be believed.

A function of all readings of one sensor, in any order and with repetitions. Nothing here says that
anything may reopen: a level that is not reached means nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from hazards.gauge import Gauge
from hazards.levelunits import METRES, Unit
from hazards.observation import CLOCKS_APART

LATE: Final = timedelta(hours=24)
"""What comes later than this is kept and seen, and nothing is concluded from it: policy."""
STUCK: Final = timedelta(hours=3)
"""So long a river in flood does not stand on one value, to the millimetre: policy."""
SETTLES: Final = timedelta(minutes=30)
"""After a jump nothing is believed for so long: policy."""
FASTEST_M_MIN: Final = 0.3
"""Either way; 都賀川 rose 1.34 m in 10 minutes in 2008, 0.134 m/min. Policy."""
WAVES_M: Final = 0.3
"""A difference up to this is no jump, however soon: waves."""
ANOTHER_UNIT_M_MIN: Final = 0.1
"""Faster than this, and by the factor between two units: the unit changed. Policy."""
ABOVE_OVERFLOW_M: Final = 3.0
ABOVE_OTHERS_M: Final = 10.0
BELOW_M: Final = 20.0
"""No river stands so far above its 氾濫開始水位, where it spreads; above its highest level where
that is another; or below its lowest level: policy."""
_FACTORS: Final = (100.0, 1000.0, 1 / 0.3048)
_FACTOR_WITHIN: Final = 0.02

FUTURE: Final = "機器の時計が進んでいます（測った時刻が、届いた時刻より5分以上先）"
SKEWED: Final = "機器の時計がずれています（5分以上）"
TOO_LATE: Final = "24時間より前の値です（いまの判断には使いません）"
NO_LEVEL: Final = "水位としてあり得ない値です（-10000 m から 10000 m の外）"
OTHER_UNIT: Final = "単位が、登録した単位と違います"
STOPPED: Final = "この機器は本部が止めています"
JUMPED: Final = "値が急に変わりました（毎分0.3 mを超える）。30分は使いません"
UNIT_CHANGED: Final = "値が単位の比（100倍・1000倍・3.28倍）で変わりました。単位の違いの疑い"
STAYED: Final = "3時間以上、同じ値のままです（機器の停止・固着の疑い）"
UNMOVED: Final = "値がまだ一度も動いていません（動くのを見るまで使いません）"


@dataclass(frozen=True, slots=True)
class Reading:
    """One value, in metres as the gauge counts them; `received_at` when it came first.

    `doubt`: why it was set aside as it came; "" for nothing.
    """

    measured_at: datetime
    level_m: float
    received_at: datetime
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A reading, and why nothing is concluded from it; "" where it is believed."""

    reading: Reading
    reason: str

    @property
    def credible(self) -> bool:
        """Whether it counts."""
        return self.reason == ""


def doubt_of(
    measured_at: datetime, received_at: datetime, *, clock_is_off: bool, same_unit: bool
) -> str:
    """Why a value is set aside as it comes; "" for nothing."""
    if measured_at > received_at + CLOCKS_APART:
        return FUTURE
    if clock_is_off:
        return SKEWED
    return "" if same_unit else OTHER_UNIT


def judge(gauge: Gauge, readings: Iterable[Reading]) -> list[Judged]:
    """All readings by time, each once, with why it is set aside.

    A value that is impossible by itself says nothing of those beside it.
    """
    alone = {one: _alone(gauge, one) for one in _each_once(readings)}
    beside = _beside(gauge, [one for one, reason in alone.items() if not reason])
    return [Judged(one, reason or beside[one]) for one, reason in alone.items()]


def _each_once(readings: Iterable[Reading]) -> list[Reading]:
    """Repetitions as one, by its first arrival; whatever was doubted once stays doubted."""
    found: dict[tuple[datetime, float], Reading] = {}
    for one in readings:
        key = one.measured_at, one.level_m
        other = found.get(key, one)
        doubt = max(one.doubt, other.doubt)
        first = min(one.received_at, other.received_at)
        found[key] = Reading(*key, first, doubt)
    return [found[key] for key in sorted(found)]


def _alone(gauge: Gauge, one: Reading) -> str:
    """What is wrong with a value whatever stands beside it."""
    if one.doubt:
        return one.doubt
    if one.measured_at > one.received_at + CLOCKS_APART:
        return FUTURE
    if one.received_at - one.measured_at > LATE:
        return TOO_LATE
    return "" if is_possible(gauge, one.level_m) else _impossible(gauge, one.level_m)


def is_possible(gauge: Gauge, level_m: float) -> bool:
    """Whether water can stand there at all, by the gauge's own levels."""
    levels = gauge.levels_m()
    above = ABOVE_OVERFLOW_M if gauge.overflow_m is not None else ABOVE_OTHERS_M
    return levels[0] - BELOW_M <= level_m <= levels[-1] + above


def _impossible(gauge: Gauge, level_m: float) -> str:
    would = [unit for unit in Unit if is_possible(gauge, level_m * METRES[unit])]
    hint = f"（{'・'.join(would)} の値の疑い）" if would else ""
    return f"この観測所の水位としてあり得ない値です{hint}"


def _beside(gauge: Gauge, readings: list[Reading]) -> dict[Reading, str]:
    """What is wrong with values beside those before them; `readings` by time."""
    found, floor_m = {}, gauge.levels_m()[0]
    broken: tuple[datetime, str] | None = None
    for one, change, stands_since, moved in _walk(readings):
        if change:
            broken = one.measured_at, change
        if broken and one.measured_at - broken[0] < SETTLES:
            found[one] = broken[1]
        elif one.level_m < floor_m:
            found[one] = ""
        elif one.measured_at - stands_since >= STUCK:
            found[one] = STAYED
        else:
            found[one] = "" if moved else UNMOVED
    return found


def _walk(readings: list[Reading]) -> Iterator[tuple[Reading, str, datetime, bool]]:
    """Each with how it changed, since when its value stands, whether the value was seen to move.

    A value that a jump led to was not: what is stuck may stick anywhere.
    """
    if not readings:
        return
    stands_since, moved = readings[0].measured_at, False
    for before, one in pairwise((*readings[:1], *readings)):
        change = _change(before, one)
        if one.level_m != before.level_m:
            stands_since, moved = one.measured_at, not change
        yield one, change, stands_since, moved


def _change(before: Reading, after: Reading) -> str:
    """What is wrong with going from one to the other; "" for nothing."""
    change_m = round(abs(after.level_m - before.level_m), 3)
    if change_m <= WAVES_M:
        return ""
    minutes = (after.measured_at - before.measured_at).total_seconds() / 60
    if change_m > ANOTHER_UNIT_M_MIN * minutes and _is_factor(before.level_m, after.level_m):
        return UNIT_CHANGED
    return JUMPED if change_m > FASTEST_M_MIN * minutes else ""


def _is_factor(one_m: float, other_m: float) -> bool:
    """Whether one is the other in another unit."""
    low, high = sorted((abs(one_m), abs(other_m)))
    if low == 0 or one_m * other_m < 0:
        return False
    return any(abs(high / low - factor) <= factor * _FACTOR_WITHIN for factor in _FACTORS)
