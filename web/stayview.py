"""The facts of a planned stay, each with its source."""

from dataclasses import dataclass
from typing import Final

from hazards.zone import DURATION_H
from routing.guidance import Guidance
from routing.reasons import depth_words
from routing.words import say_reason
from web.language import Translate
from web.placeview import hazard_words

SUPPLIES: Final = "備え {supplies}時間（あなたの回答）／水が引くまで {hours}時間（想定）"


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact that holds, and where it is known from."""

    says: str
    source: str


def fact_lines(guidance: Guidance, t: Translate) -> tuple[FactLine, ...]:
    """Every fact behind the stay, in the order of the table."""
    sources = _sources(guidance, t)
    return tuple(
        FactLine(say_reason(fact.code, {}, t), sources[fact.code]) for fact in guidance.stay
    )


def _sources(guidance: Guidance, t: Translate) -> dict[str, str]:
    household, zones = guidance.question.household, guidance.zones
    depth = "" if zones.deepest is None else t(depth_words(zones.deepest))
    hours = None if zones.duration is None else DURATION_H[zones.duration]
    supplies = 0 if household.supplies_h is None else household.supplies_h
    return {
        "stay_hazards": hazard_words(guidance.hazards, t),
        "stay_sturdy": t("マンション・鉄筋（あなたの回答）"),
        "stay_room": t("{floor}階（あなたの回答）／浸水の想定は {depth}").format(
            floor=household.floor, depth=depth
        ),
        "stay_no_collapse": t("氾濫流・河岸侵食とも（家屋倒壊等氾濫想定区域の図）"),
        "stay_no_landslide": t("土砂災害警戒区域の図"),
        "stay_supplies": t(SUPPLIES).format(supplies=f"{supplies:g}", hours=hours),
    }
