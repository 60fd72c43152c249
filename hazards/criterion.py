"""One row of a 発令判断表, and what it proposes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from hazards.errors import HazardError
from hazards.gauge import Gauge
from hazards.kinds import LEVEL_WORDS, AlertLevel, HazardKind
from hazards.order import ORDERED

LONGEST_SENTENCE: Final = 200
"""Letters of a proposal's reason."""


class GaugeLevel(StrEnum):
    """The levels of a gauge at which somebody acts: the names of `hazards/gauge.py`'s fields."""

    STANDBY = "standby_m"
    CAUTION = "caution_m"
    EVACUATION = "evacuation_m"
    DANGER = "danger_m"
    OVERFLOW = "overflow_m"


GAUGE_WORDS: Final = {
    GaugeLevel.STANDBY: "水防団待機水位",
    GaugeLevel.CAUTION: "氾濫注意水位",
    GaugeLevel.EVACUATION: "避難判断水位",
    GaugeLevel.DANGER: "氾濫危険水位",
    GaugeLevel.OVERFLOW: "氾濫開始水位",
}


@dataclass(frozen=True, slots=True)
class OfBulletin:
    """Met by a bulletin about the criterion's hazard at this 警戒レベル or higher.

    `river` narrows it to bulletins of one river; "" takes any that concerns the city.
    """

    level: int
    river: str = ""


@dataclass(frozen=True, slots=True)
class OfGauge:
    """Met by a gauge at one of its named levels or above; with `river` "" its name is enough."""

    gauge: str
    at: GaugeLevel
    river: str = ""


@dataclass(frozen=True, slots=True)
class WaterLevel:
    """What a gauge reads, in metres as that gauge counts them."""

    gauge: Gauge
    level_m: float
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row of the table: when it is met, `level` for `hazard` is proposed in these areas.

    No area names mean the whole city. `areas_chosen` is false where nobody chose them: then the
    words say so. `why` is the row's reason in the words of the city's plan.
    """

    id: str
    met_by: OfBulletin | OfGauge
    hazard: HazardKind
    level: AlertLevel
    area_names: tuple[str, ...]
    why: str
    areas_chosen: bool = True

    def __post_init__(self) -> None:
        if self.level not in ORDERED:
            raise HazardError(
                "提案できるのは警戒レベル 3・4・5 です（a criterion proposes 3, 4 or 5）"
            )


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is proposed to a person; in force is nothing. No area names mean the whole city.

    `said` names what was seen, in one line; `why` is the criterion's own reason.
    """

    criterion: str
    hazard: HazardKind
    level: AlertLevel
    area_names: tuple[str, ...]
    said: str
    why: str
    areas_chosen: bool


def sentence(suggestion: Suggestion) -> str:
    """The reason that a proposal can carry: one line of at most `LONGEST_SENTENCE` letters."""
    level = f"警戒レベル{int(suggestion.level)} {LEVEL_WORDS[suggestion.level]}"
    words = f"{suggestion.said}: {suggestion.why}（{level}の目安）"
    if len(words) <= LONGEST_SENTENCE:
        return words
    return words[: LONGEST_SENTENCE - 1] + "…"
