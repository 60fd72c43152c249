"""The codes of CAP 1.2 by which machines sort a message, and its event in words.

OASIS, Common Alerting Protocol Version 1.2 (2010), 3.2.2. Of each list the values that are used.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from alerts.alert import Alert
from alerts.errors import NotFit
from alerts.kinds import AlertKind, Language, Step
from alerts.wording.vocabulary import VOCABULARIES
from hazards.kinds import AlertLevel, HazardKind


class Category(StrEnum):
    """CAP counts floods among Met, landslides among Geo."""

    MET = "Met"
    GEO = "Geo"
    FIRE = "Fire"
    SAFETY = "Safety"
    INFRA = "Infra"
    TRANSPORT = "Transport"
    SECURITY = "Security"


class ResponseType(StrEnum):
    """What whoever is addressed should do."""

    EVACUATE = "Evacuate"
    PREPARE = "Prepare"
    SHELTER = "Shelter"
    MONITOR = "Monitor"
    ALL_CLEAR = "AllClear"


class Urgency(StrEnum):
    """When to act."""

    IMMEDIATE = "Immediate"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Severity(StrEnum):
    """An extraordinary, significant or possible threat to life."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    """Likely: more probable than not."""

    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class Codes:
    """All that a machine sorts by; names are CAP's."""

    category: tuple[Category, ...]
    response_type: tuple[ResponseType, ...]
    urgency: Urgency
    severity: Severity
    certainty: Certainty


_HAZARDS: Final[Mapping[HazardKind, Category]] = {
    HazardKind.FLOOD: Category.MET,
    HazardKind.INLAND_FLOOD: Category.MET,
    HazardKind.STORM_SURGE: Category.MET,
    HazardKind.LANDSLIDE: Category.GEO,
    HazardKind.EARTHQUAKE: Category.GEO,
    HazardKind.TSUNAMI: Category.GEO,
    HazardKind.VOLCANO: Category.GEO,
    HazardKind.LARGE_FIRE: Category.FIRE,
}
_KINDS: Final[Mapping[AlertKind, tuple[Category, ...]]] = {
    AlertKind.GENERAL: (Category.SAFETY,),
    AlertKind.LIFELINE: (Category.INFRA, Category.TRANSPORT),
    AlertKind.SECURITY: (Category.SECURITY,),
}
_RESPONSES: Final[Mapping[AlertLevel, tuple[ResponseType, ...]]] = {
    AlertLevel.ELDERLY_LEAVE: (ResponseType.EVACUATE, ResponseType.PREPARE),
    AlertLevel.ALL_LEAVE: (ResponseType.EVACUATE,),
    AlertLevel.SECURE_NOW: (ResponseType.SHELTER,),
}
"""Level 3: those who need time leave, the others prepare. Level 5: nobody sets out for a place."""
_THREATS: Final[Mapping[AlertLevel, tuple[Severity, Certainty]]] = {
    AlertLevel.ELDERLY_LEAVE: (Severity.MODERATE, Certainty.POSSIBLE),
    AlertLevel.ALL_LEAVE: (Severity.SEVERE, Certainty.LIKELY),
    AlertLevel.SECURE_NOW: (Severity.EXTREME, Certainty.LIKELY),
}
ENDING: Final = frozenset({Step.CANCEL, Step.ALL_CLEAR})
"""After these nothing of the alert holds any more."""


def codes_of(alert: Alert) -> Codes:
    """The codes of a message; raises `NotFit` for 避難情報 without its hazard or level.

    - Severity and certainty take the law's words: level 3 災害のおそれあり is a possible threat,
      level 4 災害のおそれ高い a significant one that is likely, level 5 災害発生又は切迫 an
      extraordinary one. Level 5 is not `Observed`: it may be imminent, and seen by nobody.
    - Urgency is `Immediate` at each level: whomever an order is for acts now, and nothing tells
      them that they have an hour (`safety.md` 10). At level 3 that is whoever needs time.
    - After a lifting or a cancellation what was told to do is past. How much danger is left, the
      record does not say: `Unknown`, never `Minor` or `Unlikely`.
    - Of other kinds the record knows neither.
    """
    if alert.step in ENDING:
        lifted = alert.step is Step.ALL_CLEAR
        response = ResponseType.ALL_CLEAR if lifted else ResponseType.MONITOR
        unknown = Severity.UNKNOWN, Certainty.UNKNOWN
        return Codes(_category(alert), (response,), Urgency.PAST, *unknown)
    if alert.kind is not AlertKind.EVACUATION:
        unknown = Severity.UNKNOWN, Certainty.UNKNOWN
        return Codes(_category(alert), (ResponseType.MONITOR,), Urgency.UNKNOWN, *unknown)
    level = _order_of(alert)[1]
    return Codes(_category(alert), _RESPONSES[level], Urgency.IMMEDIATE, *_THREATS[level])


def event_of(alert: Alert, language: Language) -> str:
    """What it is about, in the words of a language: 警戒レベル4 避難指示 / 洪水."""
    words = VOCABULARIES[language]
    if alert.kind is AlertKind.EVACUATION:
        hazard, level = _order_of(alert)
        said = [f"{words.level.format(level=int(level))} {words.levels[level]}"]
        said.append(words.hazards[hazard])
    else:
        said = [words.kinds[alert.kind]]
    if alert.step in ENDING:
        said.insert(0, words.lifted if alert.step is Step.ALL_CLEAR else words.wrong)
    return " / ".join(said)


def _category(alert: Alert) -> tuple[Category, ...]:
    if alert.kind is AlertKind.EVACUATION:
        return (_HAZARDS[_order_of(alert)[0]],)
    return _KINDS[alert.kind]


def _order_of(alert: Alert) -> tuple[HazardKind, AlertLevel]:
    if alert.hazard is None or alert.level is None or alert.level not in _THREATS:
        raise NotFit("避難情報に災害の種類か警戒レベルがありません（no hazard, or no level）")
    return alert.hazard, alert.level
