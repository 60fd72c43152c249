"""What the readings of one sensor together say: the level, its name, where it goes, silence.

Where it goes is for headquarters alone: a public flood forecast needs a licence (`safety.md` 10).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, groupby, pairwise
from statistics import median
from typing import Final

from hazards.criterion import GAUGE_WORDS, GaugeLevel
from hazards.gauge import Gauge
from hazards.readings import Judged, Reading, judge

TOGETHER: Final = timedelta(minutes=30)
"""Two readings that are believed, no farther apart than this, make a level reached: policy."""
TREND_OVER: Final = timedelta(hours=1)
_TREND_LEAST: Final = timedelta(minutes=20)
SILENT_AFTER: Final = timedelta(minutes=30)
"""A sensor that says nothing for longer is silent, unless its own time is stated: policy. Public
gauges measure every 10 minutes."""
BELOW_ALL: Final = "基準の水位には達していません（安全という意味ではありません）"


@dataclass(frozen=True, slots=True)
class WaterState:
    """What one sensor says now, of all its readings.

    `newest` is the last that is believed and `at` the highest level of the gauge that it reaches;
    `trend_m_h` the change over the hour before it, None where too few are known.
    """

    judged: tuple[Judged, ...]
    newest: Reading | None
    at: GaugeLevel | None
    trend_m_h: float | None

    @property
    def word(self) -> str:
        """The level's name; below all of them it says what that does not mean."""
        if self.newest is None:
            return "不明（使える値がありません）"
        return f"{GAUGE_WORDS[self.at]}以上" if self.at else BELOW_ALL

    @property
    def believed(self) -> list[Reading]:
        """The readings that count, by time."""
        return [one.reading for one in self.judged if one.credible]


def water_state(gauge: Gauge, readings: Iterable[Reading]) -> WaterState:
    """What all readings of one sensor together say, however they are ordered or repeated."""
    judged = judge(gauge, readings)
    believed = [one.reading for one in judged if one.credible]
    newest = believed[-1] if believed else None
    return WaterState(
        judged=tuple(judged),
        newest=newest,
        at=level_at(gauge, newest.level_m) if newest else None,
        trend_m_h=trend_m_h(believed),
    )


def level_at(gauge: Gauge, level_m: float) -> GaugeLevel | None:
    """The highest of the gauge's levels that is reached; None below all of them."""
    reached = None
    for level in GaugeLevel:
        threshold_m = getattr(gauge, level)
        if threshold_m is not None and level_m >= threshold_m:
            reached = level
    return reached


def reached(
    believed: Sequence[Reading], threshold_m: float, since: datetime | None = None
) -> tuple[Reading, Reading] | None:
    """The last two that are at or above the level, and near enough to each other; else None.

    `believed` by time; with `since` only what was measured after it. Never whether it is left:
    more readings only ever add to what is reached.
    """
    above = [
        one
        for one in believed
        if one.level_m >= threshold_m and (since is None or one.measured_at > since)
    ]
    moments = [list(same)[-1] for _, same in groupby(above, key=lambda one: one.measured_at)]
    for one, other in reversed(list(pairwise(moments))):
        if other.measured_at - one.measured_at <= TOGETHER:
            return one, other
    return None


def trend_m_h(believed: Sequence[Reading]) -> float | None:
    """Metres an hour over the last hour before the newest: the median of the slopes between any two
    (Theil and Sen), which one wrong value in four does not turn. None under 20 minutes.
    """
    if not believed:
        return None
    begin = believed[-1].measured_at - TREND_OVER
    minutes = _by_minute([one for one in believed if one.measured_at >= begin])
    if len(minutes) < 3 or minutes[-1][0] - minutes[0][0] < _TREND_LEAST.total_seconds() / 3600:
        return None
    slope = median((y - x) / (b - a) for (a, x), (b, y) in combinations(minutes, 2))
    return round(slope, 2) + 0.0  # never -0.0


def silent_since(
    last_at: datetime | None, added_at: datetime, now: datetime, after: timedelta = SILENT_AFTER
) -> datetime | None:
    """Since when nothing came, where that is longer than `after`; else None."""
    heard = max(last_at, added_at) if last_at else added_at
    return heard if now - heard > after else None


def _by_minute(readings: Sequence[Reading]) -> list[tuple[float, float]]:
    """(hours, metres) a minute: a sensor that says much is not asked for every pair."""
    first = readings[0].measured_at
    found = []
    for minute, group in groupby(
        readings, key=lambda one: (one.measured_at - first) // timedelta(minutes=1)
    ):
        found.append((minute / 60, median(one.level_m for one in group)))
    return found
