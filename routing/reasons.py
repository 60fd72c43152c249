"""Why a household is told what it is told: each reason with what stands behind it."""

from dataclasses import dataclass
from typing import Final

from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from hazards.zone import COLLAPSE_KINDS, DEPTH_M, LANDSLIDE_ZONES
from routing.advice import Advice
from routing.door import Door, Question
from routing.exposure import DEPTHS, FORECASTS, Exposure
from routing.staying import DoorZones, Fact
from routing.steps import off_road_m
from routing.verdict import Situation
from shelters.place import Opening

INDOORS_UNSAFE: Final = frozenset({HazardKind.EARTHQUAKE, HazardKind.LARGE_FIRE})
"""Hazards from which no upper floor, and often no building, saves a life."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code of `routing.words.REASONS`, its words' values, and the source behind it."""

    code: str
    values: dict[str, str]
    source: str


def reasons(
    door: Door,
    question: Question,
    situation: Situation,
    facts: tuple[Fact, ...],
    first: Advice | None,
    *,
    lost_to_water: bool = False,
    waits: bool = False,
) -> tuple[Reason, ...]:
    """Every reason with what stands behind it: orders first, then the ground, then the way.

    `lost_to_water`: but for seen or confirmed water there would be a way. `waits`: the planned
    place is not reached any more, and a person looks at another one.
    """
    said = [_order_reason(order) for order in door.orders]
    if question.level > max((order.level for order in door.orders), default=AlertLevel.NONE):
        values = {"level": str(int(question.level)), "word": LEVEL_WORDS[question.level]}
        said.append(Reason("level_asked", values, "question"))
    elif not door.orders:
        said.append(Reason("no_order", {}, door.source))
    if situation.level == AlertLevel.ELDERLY_LEAVE and not situation.told_to_leave:
        said.append(Reason("not_addressed", {}, "rule:level 3"))
    if situation.level >= AlertLevel.SECURE_NOW:
        code = "level_5_open" if door.hazards & INDOORS_UNSAFE else "level_5"
        said.append(Reason(code, {}, "rule:level 5"))
    said += _ground_reasons(door.zones)
    below_level_5 = situation.level < AlertLevel.SECURE_NOW
    if below_level_5 and situation.below_a_slope and door.zones.landslide is None:
        said.append(Reason("landslide_unknown", {}, "zone:none"))
    said += _way_reasons(door, situation, first, lost_to_water=lost_to_water)
    if waits and below_level_5:
        said.append(Reason("place_waits", {}, "closures"))
    if situation.told_to_leave and situation.level < AlertLevel.SECURE_NOW:
        said += [_stay_reason(fact) for fact in facts if _worth_saying(fact, situation)]
    return tuple(said)


def _order_reason(order: EvacuationOrder) -> Reason:
    values = {
        "area": "、".join(order.area_names) or "市内全域",
        "hazard": HAZARD_WORDS[order.hazard],
        "level": str(int(order.level)),
        "word": LEVEL_WORDS[order.level],
    }
    return Reason("order", values, f"order:{order.id}")


def _ground_reasons(zones: DoorZones) -> list[Reason]:
    said = []
    if zones.landslide is not None:
        values = {"zone": LANDSLIDE_ZONES[zones.landslide]}
        said.append(Reason("in_landslide", values, "zone:A33"))
    if zones.collapse is not None:
        values = {"kind": COLLAPSE_KINDS[zones.collapse]}
        said.append(Reason("in_collapse", values, "zone:A31b_401"))
    water = {
        "A31b_201": zones.depth,
        "A51": zones.inland,
        "A49": zones.surge,
        "A40": zones.tsunami,
    }
    known = {source: rank for source, rank in water.items() if rank is not None}
    if known:
        source = max(known, key=lambda one: known[one])
        said.append(Reason("in_depth", {"depth": depth_words(known[source])}, f"zone:{source}"))
    if zones.forecast is not None:
        values = {"depth": depth_words(zones.forecast)}
        said.append(Reason("in_forecast", values, "zone:forecast"))
    if not said:
        said.append(Reason("unmapped", {}, "zone:none"))
    return said


def depth_words(rank: int) -> str:
    """The depth of a rank: 0.5 m 未満, 0.5〜3 m, 20 m 以上."""
    low, high = DEPTH_M[rank]
    if high is None:
        return f"{low:g} m 以上"
    return f"{high:g} m 未満" if low == 0 else f"{low:g}〜{high:g} m"


def _way_reasons(
    door: Door, situation: Situation, first: Advice | None, *, lost_to_water: bool
) -> list[Reason]:
    if door.flooded:
        return [Reason("in_observed_water", {}, door.source)]
    if situation.surrounded:
        return [Reason("surrounded", {}, door.source)]
    if lost_to_water:
        return [Reason("cut_by_water", {}, door.source)]
    if not situation.has_way:
        return [Reason("no_way" if door.any_site else "no_site", {}, door.source)]
    if first is None:
        return []
    said = []
    if first.state.opening is Opening.UNCONFIRMED:
        said.append(Reason("opening_unconfirmed", {}, f"site:{first.site.id}"))
    elif first.state.opening is Opening.FULL:
        said.append(Reason("site_full", {}, f"site:{first.site.id}"))
    for code, exposures in (
        ("through_assumed", DEPTHS),
        ("through_forecast", FORECASTS),
        ("through_collapse", (Exposure.COLLAPSE,)),
    ):
        metres = sum(first.exposure.get(exposed, 0) for exposed in exposures)
        if metres >= 1:
            said.append(Reason(code, {"metres": f"{metres:.0f}"}, "way"))
    return said + _slope_reasons(first) + _off_road_reasons(first)


def _slope_reasons(first: Advice) -> list[Reason]:
    """Red lies inside yellow, so its metres are some of the yellow ones, also where only the red
    are mapped.
    """
    red = first.exposure.get(Exposure.LANDSLIDE_SPECIAL, 0)
    metres = max(first.exposure.get(Exposure.LANDSLIDE, 0), red)
    if metres < 1:
        return []
    values = {"metres": f"{metres:.0f}"}
    if red < 1:
        return [Reason("through_landslide", values, "way")]
    return [Reason("through_landslide_special", values | {"special": f"{red:.0f}"}, "way")]


def _off_road_reasons(first: Advice) -> list[Reason]:
    metres = off_road_m(first.way)
    return [Reason("off_road", {"metres": f"{metres:.0f}"}, "way")] if metres else []


def _worth_saying(fact: Fact, situation: Situation) -> bool:
    """All facts where a stay holds; where it does not, what speaks against it or is unknown."""
    return situation.may_stay or fact.holds is not True


def _stay_reason(fact: Fact) -> Reason:
    ending = {True: "", False: "_no", None: "_unknown"}[fact.holds]
    return Reason(f"{fact.code}{ending}", {}, "household" if fact.code in _SAID else "zone")


_SAID = frozenset({"stay_sturdy", "stay_room", "stay_supplies"})
