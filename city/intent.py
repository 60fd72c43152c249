"""What a household says that it will do instead of walking to a place, or that it cannot."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Intent(StrEnum):
    """One at a time; it changes how many are expected at the places, never what a door is told."""

    KIN = "kin"
    HOTEL = "hotel"
    CAR = "car"
    UPSTAIRS = "upstairs"
    LIFT = "lift"

    @property
    def stays_away(self) -> bool:
        """Whether whoever says so goes to no place: such a word and being on the way end each
        other, the later one counts.
        """
        return self is not Intent.LIFT


INTENT_WORDS: Final[Mapping[Intent, str]] = MappingProxyType(
    {
        Intent.KIN: "親戚・知人宅",
        Intent.HOTEL: "宿",
        Intent.CAR: "車中",
        Intent.UPSTAIRS: "上の階",
        Intent.LIFT: "迎えが必要",
    }
)
"""As staff read them; for residents the page has whole sentences."""
