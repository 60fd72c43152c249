"""What somebody who registers wishes to be told: of where, of what, in which language."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from alerts.kinds import AlertKind, ChannelKind, Language
from city.position import Position


class AccessNeed(StrEnum):
    """配慮事項: what the city minds when it tells somebody; they say it themselves, or nobody."""

    TIME = "time"
    WHEELCHAIR = "wheelchair"
    HEARING = "hearing"
    SEEING = "seeing"
    CARE = "care"
    INFANT = "infant"


ALWAYS: Final = AlertKind.EVACUATION
"""Whoever registers is told of 避難情報."""

STAGES: Final[Mapping[ChannelKind, int]] = {
    ChannelKind.LINE: 0,
    ChannelKind.SMS: 1,
    ChannelKind.MAIL: 2,
}
"""The order in which somebody's ways are used: the rank among those that they have."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody is told of: their `household` by its number in the load, and the point.

    Without a household the 町丁目 alone, and no point; a point alone where no 町丁目 holds it.
    """

    household: int | None = None
    area_name: str | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that somebody chose; `categories` always holds `ALWAYS`."""

    where: Standing
    categories: frozenset[AlertKind]
    language: Language
    needs: frozenset[AccessNeed]

    def __post_init__(self) -> None:
        """Nobody leaves 避難情報 out."""
        object.__setattr__(self, "categories", self.categories | {ALWAYS})
