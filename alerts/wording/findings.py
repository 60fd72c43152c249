"""What the linter says to the officer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from alerts.kinds import Language, Medium


class Severity(StrEnum):
    """送れない, 注意, 合格."""

    STOPS = "stops"
    WARNS = "warns"
    PASSES = "passes"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `words` in Japanese, with a short English in brackets.

    It stops or warns of one medium and language, or of all where they are None.
    """

    severity: Severity
    code: str
    words: str
    medium: Medium | None = None
    language: Language | None = None


_MEDIA: Final[Mapping[Medium, str]] = {
    Medium.LINE: "LINE",
    Medium.SMS: "SMS",
    Medium.MAIL: "メール",
    Medium.AREA_MAIL: "緊急速報メール",
    Medium.LOUDSPEAKER: "防災無線",
    Medium.RADIO: "FM",
    Medium.CAR: "広報車",
    Medium.TELEVISION: "テレビ",
    Medium.POSTER: "掲示",
    Medium.WEB: "市のページ",
    Medium.SOCIAL: "X・Facebook",
}


def gathered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding for each problem; where several media have it, its words name them."""
    same: dict[tuple[Severity, str, str], list[Finding]] = {}
    for one in findings:
        same.setdefault((one.severity, one.code, one.words), []).append(one)
    return tuple(_together(each) for each in same.values())


def _together(same: list[Finding]) -> Finding:
    media = list(dict.fromkeys(one.medium for one in same))
    languages = {one.language for one in same}
    language = next(iter(languages)) if len(languages) == 1 else None
    if len(media) == 1:
        return replace(same[0], language=language)
    words, bracket, english = same[0].words.rpartition("（")
    named = "、".join(_MEDIA[one] for one in media if one is not None)
    told = f"{words}【{named}】{bracket}{english}"
    return replace(same[0], words=told, medium=None, language=language)
