"""Who walks, and what kind of home they would stay in."""

from dataclasses import dataclass
from enum import StrEnum

from city.errors import CityError


class Profile(StrEnum):
    """How somebody gets about on foot."""

    WALK = "walk"
    SLOW = "slow"
    WHEELCHAIR = "wheelchair"

    @property
    def needs_time(self) -> bool:
        """Whether level 3 (高齢者等避難) is addressed to this traveller."""
        return self is not Profile.WALK


class Dwelling(StrEnum):
    """The home, as far as it decides whether one may stay: a sturdy one is concrete or steel."""

    HOUSE = "house"
    STURDY = "sturdy"
    BUNGALOW = "bungalow"


@dataclass(frozen=True, slots=True)
class Household:
    """What a household says about itself. None is "not said", and never counts in its favour.

    `floor` counts the Japanese way: 1 is the ground, a basement is negative, there is no 0.
    """

    profile: Profile = Profile.WALK
    dwelling: Dwelling | None = None
    floor: int | None = None
    floors: int | None = None
    supplies_h: float | None = None

    def __post_init__(self) -> None:
        if self.floor is not None and (self.floor == 0 or not -10 <= self.floor <= 100):
            raise CityError(
                "階は 1 が地上です。地下は -1 と書いてください（floor: -10..-1, 1..100）"
            )
        if self.floors is not None and not 1 <= self.floors <= 100:
            raise CityError("建物の階数は 1〜100 で書いてください（floors: 1..100）")
        if self.floor is not None and self.floors is not None and self.floor > self.floors:
            raise CityError("いる階が建物の階数より上です（floor must not exceed floors）")
        if self.dwelling is Dwelling.BUNGALOW and max(self.floor or 1, self.floors or 1) > 1:
            raise CityError("平屋に2階はありません（a bungalow has one floor）")
        if self.supplies_h is not None and not 0 <= self.supplies_h <= 10_000:
            raise CityError("備えは時間で書いてください（supplies_h: 0..10000）")

    @property
    def below_ground(self) -> bool:
        """Whether the household is in a basement."""
        return self.floor is not None and self.floor < 0
