"""A line of the 発令判断表 of the moment: what it waits for, what is seen, what is ordered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from city.area import folded
from hazards.criteria import is_of_gauge, not_yet
from hazards.criterion import GAUGE_WORDS, Criterion, OfBulletin, OfGauge
from hazards.gauge import Gauge
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS
from hazards.order import EvacuationOrder
from operations.bulletins.nowstanding import Standing

BY_BULLETIN: Final = "警戒レベル{level}相当の情報"
UNKNOWN: Final = "水位が分からない"
SILENT: Final = "その後は値が来ない"
Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """What every criterion is looked at with; `rows`: gauges as the state has them, `said`: when
    each criterion made its suggestion, `clock`: a moment by the city's clock.
    """

    gauges: Sequence[Gauge]
    rows: Sequence[Line]
    standing: Sequence[Standing]
    orders: Sequence[EvacuationOrder]
    said: Mapping[str, str]
    clock: Callable[[str | None], str]


@dataclass(frozen=True, slots=True)
class Met:
    """What a criterion waits for and what is seen of it, in words."""

    condition: str
    now: str
    reached: bool = False
    since: str | None = None
    unknown: bool = False


def criterion_row(one: Criterion, around: Around) -> dict[str, Any]:
    """In plain values; `open`: where it is met somebody must still decide; `unknown`: nobody knows
    whether it is met, for its gauge says nothing now.
    """
    left = not_yet(one.hazard, one.level, one.area_names, around.orders)
    found = (
        _by_gauge(one, one.met_by, around)
        if isinstance(one.met_by, OfGauge)
        else _by_bulletin(one, one.met_by, around.standing)
    )
    said = None if found.unknown else around.said.get(one.id)
    return {
        "id": one.id,
        "hazard": HAZARD_WORDS[one.hazard],
        "level": int(one.level),
        "word": LEVEL_WORDS[one.level],
        "area_names": list(one.area_names),
        "whole_city": one.areas_chosen and not one.area_names,
        "condition": found.condition,
        "now": found.now,
        "reached": found.reached,
        "unknown": found.unknown,
        "reached_since": said or found.since,
        "open": left is not None,
        "ordered": "発令ずみ" if left is None else "一部発令" if _some(one, around) else "未発令",
    }


def _some(one: Criterion, around: Around) -> bool:
    """Whether such an order or a higher one stands in some of its areas."""
    wanted = {folded(name) for name in one.area_names}
    return any(
        order.hazard == one.hazard
        and order.level >= one.level
        and (not wanted or wanted & {folded(name) for name in order.area_names})
        for order in around.orders
    )


def _by_gauge(one: Criterion, met_by: OfGauge, around: Around) -> Met:
    words = f"{met_by.gauge} {GAUGE_WORDS[met_by.at]}"
    gauges = [gauge for gauge in around.gauges if is_of_gauge(one, gauge)]
    if len(gauges) != 1:
        return Met(words, "この観測所が市のデータにない", unknown=True)
    threshold: float | None = getattr(gauges[0], met_by.at)
    if threshold is None:
        return Met(words, "観測所のデータにこの水位がない", unknown=True)
    words = f"{words} {threshold:.2f}\u00a0m"
    row = _row_of(gauges[0], around)
    if row is None or row["level_m"] is None:
        return Met(words, UNKNOWN, unknown=True)
    at, is_above = around.clock(row["measured_at"]), row["level_m"] >= threshold
    if row["silent_since"]:
        above = "、基準以上" if is_above else ""
        last = f"最後の値 {row['level_m']:.2f} m（{at}{above}）、{SILENT}"
        return Met(words, f"{UNKNOWN}。{last}", unknown=True)
    trend = row["trend_m_h"]
    going = "" if trend is None else f"（{trend:+.2f} m/時）"
    now = f"{row['level_m']:.2f} m{going}{at}"
    return Met(words, now, is_above, row["measured_at"] if is_above else None)


def _row_of(gauge: Gauge, around: Around) -> Line | None:
    return next(
        (row for row in around.rows if row["name"] == gauge.name and row["river"] == gauge.river),
        None,
    )


def _by_bulletin(one: Criterion, met_by: OfBulletin, found: Sequence[Standing]) -> Met:
    river = f"{met_by.river} " if met_by.river else ""
    words = f"{river}{BY_BULLETIN.format(level=met_by.level)}"
    best: tuple[int, str, str] | None = None
    for standing in found:
        for item in standing.items_in_force():
            if one.hazard not in item.hazards or not standing.bulletin.is_real:
                continue
            if met_by.river and not item.is_of_river(met_by.river):
                continue
            level = item.level or 0
            if best is None or level > best[0]:
                best = (level, item.name, standing.bulletin.reported_at.isoformat())
    if best is None:
        return Met(words, "発表中の情報はない（届いた範囲で）")
    level, name, since = best
    reached = level >= met_by.level
    now = f"{name}（レベル{level}相当）" if level else name
    return Met(words, now, reached, since if reached else None)
