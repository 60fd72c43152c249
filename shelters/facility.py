"""What people ask for at a place."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Facility(StrEnum):
    """What a place offers, or does not; of what nobody has said nothing is promised."""

    PETS = "pets"
    WHEELCHAIR = "wheelchair"
    WOMENS_ROOM = "womens_room"
    BABY = "baby"
    FEVER_ROOM = "fever_room"
    POWER = "power"
    PARKING = "parking"


FACILITY_WORDS: Final[Mapping[Facility, str]] = {
    Facility.PETS: "ペット",
    Facility.WHEELCHAIR: "車いす",
    Facility.WOMENS_ROOM: "女性用の部屋",
    Facility.BABY: "乳児・授乳",
    Facility.FEVER_ROOM: "発熱者の部屋",
    Facility.POWER: "電源",
    Facility.PARKING: "駐車場",
}
