"""Which bulletins stand now: of each series the newest, and how it stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row

from data import bulletins
from hazards.bulletin import AreaKind, Bulletin, BulletinArea, BulletinItem
from hazards.bulletinplace import Place, here

SHOWN_FOR: Final = timedelta(days=1)
"""How long it is still told that one ended."""


class How(StrEnum):
    """How the newest of a series stands."""

    IN_FORCE = "in_force"
    ENDED = "ended"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


HOW_WORDS: Final = {
    How.IN_FORCE: "発表中",
    How.ENDED: "解除",
    How.EXPIRED: "期限切れ",
    How.CANCELLED: "取消",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest bulletin of a series, with those of its items that concern the city."""

    number: int
    bulletin: Bulletin
    how: How
    remarks: tuple[str, ...]

    def items_in_force(self) -> tuple[BulletinItem, ...]:
        """What it says now of the city; nothing once it ended, expired or was withdrawn."""
        if self.how is not How.IN_FORCE:
            return ()
        return tuple(one for one in self.bulletin.items if one.in_force)


def standing_now(
    connection: Connection, city_code: str, place: Place, now: datetime
) -> list[Standing]:
    """Of each series the newest bulletin that concerns the city, the newest first.

    One that ended, expired or was withdrawn is told of for a day.
    """
    return [
        found
        for row in bulletins.standing(connection, city_code)
        if (found := _standing(row, place, now)) is not None
    ]


def areas_here(item: BulletinItem, place: Place) -> list[BulletinArea]:
    """An item's areas that are of the city: stretches and regions too, other towns not."""
    return [
        area
        for area in item.areas
        if area.kind is not AreaKind.MUNICIPALITY or area.code[:5] == place.code
    ]


def _standing(row: Row[Any], place: Place, now: datetime) -> Standing | None:
    whole = bulletins.bulletin_of(row)
    bulletin = here(whole, place)
    if not bulletin.items and not bulletin.is_cancelled:
        return None
    how, since = _how(bulletin, now)
    if how is not How.IN_FORCE and now - since > SHOWN_FOR:
        return None
    return Standing(row.id, bulletin, how, tuple(row.remarks))


def _how(bulletin: Bulletin, now: datetime) -> tuple[How, datetime]:
    """How it stands, and since when."""
    ends_at = bulletin.ends_at
    if bulletin.is_cancelled:
        return How.CANCELLED, bulletin.reported_at
    if not any(item.in_force for item in bulletin.items):
        return How.ENDED, bulletin.reported_at
    if ends_at is not None and ends_at <= now:
        return How.EXPIRED, ends_at
    return How.IN_FORCE, bulletin.reported_at
