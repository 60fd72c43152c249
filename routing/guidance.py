"""Guidance for one door: stay or go, where to, which way, and by when."""

from collections.abc import Sequence
from dataclasses import dataclass

from hazards.kinds import AlertLevel
from hazards.order import EvacuationOrder
from routing.advice import Advice, advice_on
from routing.cutoff import surrounded, water_took_the_way
from routing.door import Door, Question, look_at
from routing.plan.near import planned_near
from routing.reasons import Reason, reasons
from routing.snapping import Snap, snaps
from routing.staying import DoorZones, Fact, may_stay, stay_facts
from routing.verdict import Situation, Verdict, decide
from routing.version import Hazards, PlanVersion
from routing.way import find_ways, has_way_to


@dataclass(frozen=True, slots=True, eq=False)
class Guidance:
    """The answer. `first` and `second` are None where no way may be shown, or none exists.

    `waits`: the place that was planned cannot be reached any more, and another one waits for a
    person's word; `first` is what can be reached now.
    """

    question: Question
    verdict: Verdict
    rule: str
    level: AlertLevel
    hazards: Hazards
    orders: tuple[EvacuationOrder, ...]
    zones: DoorZones
    stay: tuple[Fact, ...]
    reasons: tuple[Reason, ...]
    first: Advice | None
    second: Advice | None
    leave_now: bool
    night: bool
    version: PlanVersion
    waits: bool = False


def guide(version: PlanVersion, question: Question) -> Guidance:
    """Answer a door from one version of the plan.

    Raises `OutsideCity` where no street is within `snap_limit_m`.
    """
    door = look_at(version, question)
    joined = () if door.flooded else snaps(version.ground, version.bars, door.x, door.y)
    planned = question.planned or planned_near(version, door.x, door.y)
    ways = find_ways(
        *(version, door.conditions, door.hazards, joined, question.told, planned),
        on_the_way=question.on_the_way,
    )
    storey_m = version.ground.rules.storey_height_m
    facts = stay_facts(door.zones, question.household, door.hazards, storey_m)
    has_way = ways[0] is not None
    waits = _waits(version, door, joined, planned)
    situation = Situation(
        level=door.level,
        landslide_order=door.landslide_level >= AlertLevel.ELDERLY_LEAVE,
        in_landslide_zone=door.zones.may_slide,
        surrounded=door.flooded
        or (not has_way and surrounded(version, door.conditions, door.x, door.y)),
        needs_time=question.household.profile.needs_time,
        may_stay=may_stay(facts),
        has_way=has_way,
    )
    row = decide(situation)
    if row.verdict is Verdict.SECURE_NOW:
        ways, waits = (None, None), False
    first, second = (advice_on(version, question.position, way) if way else None for way in ways)
    return Guidance(
        question=question,
        verdict=row.verdict,
        rule=row.name,
        level=door.level,
        hazards=door.hazards,
        orders=door.orders,
        zones=door.zones,
        stay=facts,
        reasons=reasons(
            door,
            question,
            situation,
            facts,
            first,
            lost_to_water=not has_way
            and water_took_the_way(version, door.conditions, door.hazards, door.x, door.y),
            waits=waits,
        ),
        first=first,
        second=second,
        leave_now=row.verdict is Verdict.GO,
        night=door.conditions.night,
        version=version,
        waits=waits,
    )


def _waits(version: PlanVersion, door: Door, joined: Sequence[Snap], planned: str | None) -> bool:
    """Whether the planned place has no way any more while a move of people waits."""
    if planned is None or all(closure.moves for closure in version.picture.closures):
        return False
    return not has_way_to(version, door.conditions, door.hazards, joined, planned)
