"""What is read aloud to a caller, in 20 seconds: verdict, place, way, how full, what to mind.

It derives from the same guidance as the page `/way`, in that page's words. At level 5, and for
whoever is surrounded, it names no place and no way (`safety.md` 4).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from city.traveller import Profile
from routing.advice import Advice
from routing.guidance import Guidance
from routing.verdict import Verdict
from routing.words import NO_WAY, same, say_reason
from shelters.place import Opening
from shelters.saying import UNKNOWN
from web.securing import level_5_words
from web.staff.aloud import seconds, sentences_of
from web.staff.fitting import Piece, chosen
from web.staff.spokenway import told_ways

VERDICTS: Final = {
    Verdict.GO: "今すぐ避難してください。",
    Verdict.STAY_SAFE: "この部屋にとどまってください。",
    Verdict.SECURE_NOW: "直ちに安全確保です。",
    Verdict.WATCH: "いまは、備えて待ってください。",
}
STAY_OUT: Final = "避難場所へは出発しないでください。"
CALL_119: Final = "動けなければ、119に電話してください。"
SLOW_LEAVE: Final = "時間のかかる人がいる家は、今すぐ避難です。"
IN_ZONE: Final = "危険な区域の中です。"
FEELS_UNSAFE: Final = "危ないと感じたら、知らせを待たずに出てください。"
NOT_IN_WATER: Final = "水や土砂が来たら、進まないでください。"
NOT_CONFIRMED: Final = "開設は未確認です。"
NOTHING_CONFIRMED: Final = "開設も混み具合も、まだ確認できていません。"
USABLE: Final = "行き先として使えます。"
ONE_DIFFERS: Final = "条件がひとつでも違えば、避難してください。"
NOT_DOWN: Final = "1階と地下に降りないでください。"
AFRAID: Final = "こわいと感じたら、避難してかまいません。"
_PACES: Final = {
    Profile.WALK: "歩いて",
    Profile.SLOW: "ゆっくり歩いて",
    Profile.WHEELCHAIR: "車いすで",
}
_LEADS: Final = {
    Verdict.GO: "行き先は",
    Verdict.WATCH: "早めに出るなら、行き先は",
    Verdict.STAY_SAFE: "避難するときの行き先は",
}
_THROUGH: Final = {
    "through_landslide_special": "途中、土砂災害の特別警戒区域を通ります。",
    "through_landslide": "途中、土砂災害警戒区域を通ります。",
    "through_collapse": "途中、家が流されるおそれのある区域を通ります。",
    "through_forecast": "途中、浸水が予想される所を通ります。",
    "through_assumed": "途中、浸水の想定区域を通ります。",
}
"""The gravest first."""
_ZONED: Final = frozenset({"in_depth", "in_forecast", "in_collapse", "in_landslide"})
_NO_WAY_WHY: Final = frozenset({"no_way", "no_site", "cut_by_water"})


@dataclass(frozen=True, slots=True)
class ReadAloud:
    """Sentences in their order, and the estimated seconds that reading them takes."""

    sentences: tuple[str, ...]
    seconds: float


def read_aloud(guidance: Guidance, crowding: str) -> ReadAloud:
    """The answer for one door; `crowding` is of its place (`shelters.saying.crowding_words`).

    What saves a life is never left out to save seconds: the way is shortened first.
    """
    if guidance.verdict is Verdict.SECURE_NOW:
        return _timed(chosen(_secure(guidance)))
    advice = guidance.first
    if advice is None:
        return _timed(chosen(_without_way(guidance)))
    before = [
        Piece(VERDICTS[guidance.verdict]),
        *_before(guidance),
        Piece(_place(guidance, advice)),
    ]
    after = [*_state(advice, crowding), *_after(guidance)]
    return _timed(chosen(before, after, told_ways(advice)))


def _secure(guidance: Guidance) -> list[Piece]:
    lines = [Piece(line) for line in level_5_words(guidance, same)]
    return [Piece(VERDICTS[Verdict.SECURE_NOW]), Piece(STAY_OUT), *lines, Piece(CALL_119, 1)]


def _without_way(guidance: Guidance) -> list[Piece]:
    """Nobody has to leave and no way leads out; of `NO_WAY` the first line, to call the city, is
    what the caller does.
    """
    why = [
        Piece(say_reason(one.code, one.values))
        for one in guidance.reasons
        if one.code in _NO_WAY_WHY
    ]
    head = [Piece(VERDICTS[guidance.verdict])]
    if guidance.verdict is Verdict.STAY_SAFE:
        return [*head, Piece(ONE_DIFFERS), Piece(NOT_DOWN), *why]
    slow = [Piece(SLOW_LEAVE)] if _has(guidance, "not_addressed") else []
    lines = [one for line in NO_WAY[1:] for one in sentences_of(line)]
    return [*head, *slow, *why, *(Piece(one, max(n - 1, 0)) for n, one in enumerate(lines))]


def _before(guidance: Guidance) -> list[Piece]:
    if guidance.verdict is Verdict.STAY_SAFE:
        return [Piece(ONE_DIFFERS), Piece(NOT_DOWN), Piece(AFRAID, 3)]
    if guidance.verdict is not Verdict.WATCH:
        return []
    slow = [Piece(SLOW_LEAVE)] if _has(guidance, "not_addressed") else []
    zone = [Piece(IN_ZONE)] if _ZONED & {one.code for one in guidance.reasons} else []
    return [*slow, *zone, Piece(FEELS_UNSAFE, 1 if slow or zone else 0)]


def _place(guidance: Guidance, advice: Advice) -> str:
    minutes = max(math.ceil(advice.way.duration_s / 60), 1)
    pace = _PACES[guidance.question.household.profile]
    return f"{_LEADS[guidance.verdict]}{advice.site.name}、{pace}約{minutes}分です。"


def _state(advice: Advice, crowding: str) -> list[Piece]:
    """How full it is, and that nobody said yet that it is open where that is so: above all where
    nobody counts there either.
    """
    if advice.state.opening is not Opening.UNCONFIRMED:
        return [Piece(crowding)]
    if crowding == UNKNOWN:
        return [Piece(NOTHING_CONFIRMED), Piece(USABLE, 1)]
    return [Piece(NOT_CONFIRMED, 1), Piece(crowding)]


def _after(guidance: Guidance) -> list[Piece]:
    if guidance.verdict is not Verdict.GO:
        return []
    code = next((code for code in _THROUGH if _has(guidance, code)), "")
    slides = code.startswith("through_landslide")
    through = [Piece(_THROUGH[code], 1 if slides else 2)] if code else []
    return [*through, Piece(NOT_IN_WATER)]


def _has(guidance: Guidance, code: str) -> bool:
    return any(reason.code == code for reason in guidance.reasons)


def _timed(pieces: Sequence[str]) -> ReadAloud:
    sentences = tuple(one for piece in pieces for one in sentences_of(piece))
    return ReadAloud(sentences, seconds(sentences))
