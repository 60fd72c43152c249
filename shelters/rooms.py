"""Rooms of a place, for whom they are meant, and how many people it holds in them."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hazards.kinds import RAIN_HAZARDS, HazardKind
from shelters.capacity import Capacity


class MeantFor(StrEnum):
    """Whom a room is for."""

    GENERAL = "general"
    CARE = "care"
    WOMEN = "women"
    BABY = "baby"
    FEVER = "fever"
    PETS = "pets"


MEANT_FOR_WORDS: Final[Mapping[MeantFor, str]] = {
    MeantFor.GENERAL: "一般",
    MeantFor.CARE: "高齢・車いす",
    MeantFor.WOMEN: "女性",
    MeantFor.BABY: "乳幼児",
    MeantFor.FEVER: "発熱",
    MeantFor.PETS: "ペット同伴",
}


@dataclass(frozen=True, slots=True)
class Room:
    """A room; `overflow` rooms (予備の部屋) are opened before anybody is refused.

    `capacity` in persons, None where nobody said; `meant_for` is a word of `MeantFor`, or empty.
    """

    room: str
    name: str
    capacity: int | None
    meant_for: str
    overflow: bool
    in_use: bool

    @property
    def for_anybody(self) -> bool:
        """Whether it is for whoever comes, and not for those with pets, a fever, a baby alone."""
        return self.meant_for in ("", MeantFor.GENERAL)


def capacity_in_use(
    rooms: Sequence[Room], stated: Capacity, hazards: Set[HazardKind]
) -> int | None:
    """Persons that a place holds now: its ordinary rooms in use, or what its list states, and on
    top of either the overflow rooms that were opened.

    None where neither the rooms in use have numbers nor the list states one for these hazards. An
    overflow room of which nobody said a number adds nothing.
    """
    used = [room.capacity for room in rooms if room.in_use and not room.overflow]
    known = [capacity for capacity in used if capacity is not None]
    ordinary = sum(known) if used and len(known) == len(used) else stated_for(stated, hazards)
    if ordinary is None:
        return None
    return ordinary + sum(room.capacity or 0 for room in rooms if room.in_use and room.overflow)


def stated_for(stated: Capacity, hazards: Set[HazardKind]) -> int | None:
    """What a list states for all hazards in force, None where for one of them it states nothing.

    Before any order the storm's number holds: indoors, the smaller one. Under several hazards it
    is the least, never a sum (`safety.md` 15).
    """
    for_each = [_for_one(stated, hazard) for hazard in hazards or {HazardKind.FLOOD}]
    known = [capacity for capacity in for_each if capacity is not None]
    return min(known) if len(known) == len(for_each) else None


def _for_one(stated: Capacity, hazard: HazardKind) -> int | None:
    """For an earthquake indoors; a place without anything indoors is a yard or a park."""
    if hazard in RAIN_HAZARDS:
        return stated.storm_indoor
    if hazard is not HazardKind.EARTHQUAKE:
        return None
    indoors = stated.storm_indoor or stated.quake_indoor
    return stated.quake_indoor if indoors else stated.quake_outdoor
