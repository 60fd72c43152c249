"""発令判断表: which bulletin or water level proposes which level, to a person who decides.

Nothing here sets, lowers or lifts an order. What the JMA lowers, lifts or withdraws proposes
nothing (`safety.md` 11): it leaves a remark where orders stand. Drills and tests propose nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from city.area import folded
from hazards.bulletin import JST, Bulletin, BulletinItem
from hazards.criterion import (
    GAUGE_WORDS,
    Criterion,
    OfBulletin,
    OfGauge,
    Suggestion,
    WaterLevel,
)
from hazards.gauge import Gauge
from hazards.kinds import HAZARD_WORDS, AlertLevel, HazardKind
from hazards.order import EvacuationOrder

Seen = Bulletin | WaterLevel


def met(criterion: Criterion, seen: Seen) -> bool:
    """Whether what was seen meets a criterion; a drill or a withdrawn bulletin meets none."""
    return _said(criterion, seen) is not None


def is_of_gauge(criterion: Criterion, gauge: Gauge) -> bool:
    """Whether a criterion asks for this gauge, whatever it reads."""
    met_by = criterion.met_by
    if not isinstance(met_by, OfGauge) or folded(met_by.gauge) != folded(gauge.name):
        return False
    return not met_by.river or folded(met_by.river) == folded(gauge.river)


def suggested(
    criteria: Iterable[Criterion],
    seen: Seen,
    standing: Sequence[EvacuationOrder],
    before: Bulletin | None = None,
) -> list[Suggestion]:
    """What the table proposes, the highest level first.

    Of a bulletin give only the items that concern the city (`hazards/bulletinplace.py`), and with
    `before` what stood until it came: a hazard that it lowers proposes nothing. What stands as an
    order at that level or higher is left out, and what a higher suggestion covers.
    """
    found = []
    for criterion in criteria:
        said = _said(criterion, seen)
        if said is None or _lowered(criterion.hazard, seen, before):
            continue
        names = not_yet(criterion.hazard, criterion.level, criterion.area_names, standing)
        if names is not None:
            found.append(_suggestion(criterion, names, said))
    kept = [one for one in found if not any(_covers(other, one) for other in found)]
    return sorted(kept, key=lambda one: -one.level)


def remarks(
    seen: Bulletin, standing: Sequence[EvacuationOrder], before: Bulletin | None = None
) -> list[str]:
    """What a person should know whose order stands on although the JMA steps down."""
    if not seen.is_real:
        return []
    down = [one.hazard for one in standing if _steps_down(one.hazard, seen, before)]
    return [
        f"{HAZARD_WORDS[hazard]}について気象庁の情報が引き下げ・解除・取消となりました"
        f"（{_source(seen)}）。市の避難情報は続いています。解除は人が判断します。"
        for hazard in dict.fromkeys(down)
    ]


def not_yet(
    hazard: HazardKind,
    level: AlertLevel,
    area_names: Sequence[str],
    standing: Sequence[EvacuationOrder],
) -> tuple[str, ...] | None:
    """Of these areas those without such an order or a higher one; None where all have it.

    No names are the whole city, which only an order for the whole city covers. An order for a drawn
    polygon has no area's name, and covers none here.
    """
    enough = [one for one in standing if one.hazard == hazard and one.level >= level]
    if any(one.area is None for one in enough):
        return None
    if not area_names:
        return ()
    have = {folded(name) for one in enough for name in one.area_names}
    left = tuple(name for name in area_names if folded(name) not in have)
    return left or None


def _said(criterion: Criterion, seen: Seen) -> str | None:
    """What meets the criterion, in words; None where nothing does."""
    if isinstance(seen, WaterLevel):
        return _said_by_gauge(criterion, seen)
    if not seen.is_real or seen.is_cancelled or not isinstance(criterion.met_by, OfBulletin):
        return None
    items = [one for one in seen.items if _item_meets(criterion, criterion.met_by, one)]
    if not items:
        return None
    highest = max(items, key=lambda one: one.level or 0)
    river = f" {highest.stretch}" if highest.stretch else ""
    level = "" if highest.level_is_said else f"（警戒レベル{highest.level}相当）"
    return f"{_source(seen)}{river} {highest.name}{level}"


def _item_meets(criterion: Criterion, met_by: OfBulletin, item: BulletinItem) -> bool:
    return (
        item.in_force
        and not item.is_lowered
        and criterion.hazard in item.hazards
        and (item.level or 0) >= met_by.level
        and (not met_by.river or item.is_of_river(met_by.river))
    )


def _said_by_gauge(criterion: Criterion, seen: WaterLevel) -> str | None:
    gauge, met_by = seen.gauge, criterion.met_by
    if not isinstance(met_by, OfGauge) or not is_of_gauge(criterion, gauge):
        return None
    threshold_m: float | None = getattr(gauge, met_by.at)
    if threshold_m is None or seen.level_m < threshold_m:
        return None
    return (
        f"{gauge.river} {gauge.name} {_moment(seen.observed_at)} 水位 {seen.level_m:.2f} m"
        f"（{GAUGE_WORDS[met_by.at]} {threshold_m:.2f} m 以上）"
    )


def _lowered(hazard: HazardKind, seen: Seen, before: Bulletin | None) -> bool:
    if not isinstance(seen, Bulletin) or before is None:
        return False
    return seen.peak(hazard) < before.peak(hazard)


def _steps_down(hazard: HazardKind, seen: Bulletin, before: Bulletin | None) -> bool:
    if seen.is_cancelled:
        return before is None or before.peak(hazard) > 0
    of_it = [one for one in seen.items if hazard in one.hazards]
    down = any(one.is_lowered or not one.in_force for one in of_it)
    return down or _lowered(hazard, seen, before)


def _suggestion(criterion: Criterion, names: tuple[str, ...], said: str) -> Suggestion:
    return Suggestion(
        criterion=criterion.id,
        hazard=criterion.hazard,
        level=criterion.level,
        area_names=names,
        said=said,
        why=criterion.why,
        areas_chosen=criterion.areas_chosen,
    )


def _covers(other: Suggestion, one: Suggestion) -> bool:
    """Whether another suggestion says more about all the same areas."""
    if other.hazard != one.hazard or other.level <= one.level:
        return False
    if not one.area_names:
        return not other.area_names
    return not other.area_names or set(one.area_names) <= set(other.area_names)


def _source(seen: Bulletin) -> str:
    return f"{seen.office} {_moment(seen.reported_at)}発表"


def _moment(at: datetime) -> str:
    local = at.astimezone(JST)
    return f"{local.month}月{local.day}日{local.hour}時{local.minute:02}分"
