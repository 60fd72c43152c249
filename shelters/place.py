"""Places: 指定緊急避難場所 (flee to it now), 指定避難所 and 福祉避難所 (live in it afterwards)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from city.position import Position
from hazards.kinds import HazardKind
from shelters.capacity import NOT_STATED, Capacity


class Opening(StrEnum):
    """開設状況: 未開設 → 開設準備 → 開設 → 満員 → 閉鎖, and 危険・孤立 of the place itself.

    UNCONFIRMED is open by the city file's plan, not yet said by anyone.
    """

    UNCONFIRMED = "unconfirmed"
    UNOPENED = "unopened"
    PREPARING = "preparing"
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    ENDANGERED = "endangered"


def assumed_opening(assume: str) -> Opening:
    """What a place is of which nobody has said anything, by `sites.assume` of the city file."""
    return Opening.UNCONFIRMED if assume == "open" else Opening.UNOPENED


RECEIVING: Final = frozenset({Opening.UNCONFIRMED, Opening.OPEN, Opening.FULL})
"""What people may be sent to."""


@dataclass(frozen=True, slots=True)
class EvacuationSite:
    """指定緊急避難場所 (災害対策基本法49条の4): designated for each hazard apart."""

    id: str
    name: str
    position: Position
    address: str
    designated_for: frozenset[HazardKind]
    note: str = ""
    capacity: Capacity = NOT_STATED

    def suits(self, hazards: frozenset[HazardKind]) -> bool:
        """Whether the site is designated for every one of these hazards (`safety.md` 1)."""
        return hazards <= self.designated_for


@dataclass(frozen=True, slots=True)
class Shelter:
    """指定避難所 (同49条の7): where people live later; never a destination by itself.

    `site_id` is the evacuation site in the same building, where it is known to be the same;
    `also_evacuation_site` only what the list says.
    """

    id: str
    name: str
    position: Position
    address: str
    also_evacuation_site: bool
    note: str = ""
    capacity: Capacity = NOT_STATED
    site_id: str | None = None


@dataclass(frozen=True, slots=True)
class WelfareShelter:
    """福祉避難所: only by 個別避難計画 or announcement beforehand (`safety.md` 2).

    Nobody is routed to it, also where `shelter_id` or `site_id` are in the same building.
    """

    id: str
    name: str
    position: Position
    address: str
    note: str = ""
    capacity: Capacity = NOT_STATED
    shelter_id: str | None = None
    site_id: str | None = None


@dataclass(frozen=True, slots=True)
class SiteState:
    """What is known of a site's opening, and since when; None where only the plan says so."""

    opening: Opening
    since: datetime | None = None

    @property
    def receives(self) -> bool:
        """Whether people are sent there: unknown is not closed, and nobody on the way to a full
        one is turned round (`safety.md` 12).
        """
        return self.opening in RECEIVING
