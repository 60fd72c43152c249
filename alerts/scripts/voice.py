"""What is read to one household on the telephone: the approved words, as many as fit in a call."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from alerts.errors import NotFit
from alerts.kinds import Language, Medium
from alerts.scripts.lines import segments_of
from alerts.scripts.plaindata import PlainData
from alerts.scripts.spoken import STOP, Said, bare, drilled, loudspeaker_message, this_is
from alerts.wording.media.loudspeaker import Role
from alerts.wording.morae import Pace
from alerts.wording.morae import seconds as seconds_of
from alerts.wording.rendered import Message, Rendered
from alerts.wording.ruby import KANA, KANJI, Segment, kana, plain
from alerts.wording.vocabulary import VOCABULARIES
from hazards.kinds import AlertLevel

LONGEST_S: Final = 25.0
"""Whoever answers at night listens no longer: policy. It holds who calls, where, and what to do."""
LONGEST_AT_FIVE_S: Final = 45.0
"""At level 5 all of what to do is said, and first, even to who hangs up after `LONGEST_S`; where
and of what danger comes after it as far as this reaches: policy."""
PACE: Final = Pace(280, comma_s=0.4, stop_s=0.8)
"""A telephone has no echo: shorter pauses than a loudspeaker, within what is practice."""
WORDS_A_MIN: Final = 150
"""Of English read clearly."""
_WITH_READING: Final = re.compile(f"[{KANJI}]+（([{KANA}]+)）")
_ISSUED: Final = "を発令しました。"
_MARK: Final = re.compile("【[^】]*】")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class VoiceScript(PlainData):
    """Lines to be read in that order; `seconds` without the marks of a drill.

    `too_long`: not even the shortest fits in `LONGEST_S`, at level 5 in `LONGEST_AT_FIVE_S`.
    Nothing of it is left out for that.
    """

    language: Language
    lines: tuple[Said, ...]
    seconds: float
    too_long: bool


def voice_script(rendered: Rendered, language: Language = Language.JAPANESE) -> VoiceScript:
    """The longest script that fits, the shortest where none does.

    Raises `NotFit` where the alert is not in that language, or may not be read aloud.
    """
    return _japanese(rendered) if language is Language.JAPANESE else _other(rendered, language)


def _japanese(rendered: Rendered) -> VoiceScript:
    message = loudspeaker_message(rendered)
    five = _is_five(rendered)
    most = LONGEST_AT_FIVE_S if five else LONGEST_S
    candidates = _at_five(message) if five else _candidates(message)
    lines, seconds = _longest_that_fits(
        ((one, round(sum(_spoken_s(line) for line in one), 1)) for one in candidates), most
    )
    if rendered.drill:
        head, tail = (segments_of(message[one]["segments"]) for one in ("head", "tail"))
        lines = (head, *(drilled(line) for line in lines), tail)
    return VoiceScript(Language.JAPANESE, lines, seconds, seconds > most)


def _is_five(rendered: Rendered) -> bool:
    """As it was approved; what was approved before messages said their level is not."""
    message = rendered.message(Medium.LOUDSPEAKER)
    return message is not None and message.get("level") == AlertLevel.SECURE_NOW


def _at_five(message: Message) -> Iterator[tuple[Said, ...]]:
    """The call-out and all of what to do, then whatever else there is time for."""
    called = (*this_is(message["city"]), *segments_of(message["call"]), *STOP)
    sentences = [(one["role"], bare(one)) for one in message["sentences"]]
    actions = [line for role, line in sentences if role == Role.ACTION]
    about = [line for role, line in sentences if role in (Role.AREA, Role.OTHER)]
    for count in range(len(about), -1, -1):
        yield (called, *actions, *about[:count])


def _candidates(message: Message) -> Iterator[tuple[Said, ...]]:
    """All of it; ever less of what to do; the call-out for which areas; what is about it alone.

    That it was issued goes before a second sentence of what to do does.
    """
    sign = this_is(message["city"])
    called = (*sign, *segments_of(message["call"]), *STOP)
    sentences = [(one["role"], bare(one)) for one in message["sentences"]]
    about = [line for role, line in sentences if role in (Role.AREA, Role.OTHER)]
    others = [line for role, line in sentences if role == Role.OTHER]
    actions = [line for role, line in sentences if role == Role.ACTION]
    fewer = [actions[:count] for count in range(len(actions), 0, -1)]
    yield (sign, *(line for _, line in sentences))
    brief = [_without_issued(line) for line in about]
    for some in fewer:
        yield (sign, *about, *some)
        if len(some) > 1:
            yield (sign, *brief, *some)
    yield from ((called, *others, *some) for some in fewer)
    if others:
        yield (called, *others)
    yield (called, *actions[:1])


def _without_issued(line: Said) -> Said:
    """渡場一丁目に、洪水に関する、警戒レベル4、避難指示。"""
    if not plain(line).endswith(_ISSUED):
        return line
    at = next(number for number, one in enumerate(line) if one.text == "発令")
    return (*line[: at - 1], *STOP)


def _spoken_s(line: Said) -> float:
    return seconds_of(kana(line), PACE)


def _other(rendered: Rendered, language: Language) -> VoiceScript:
    """Who calls, title and actions of the page in that language; in a drill between its marks."""
    page, actions = rendered.message(Medium.WEB, language), rendered.actions.get(language)
    if page is None or not actions:
        raise NotFit("この言語では読み上げられません（not in that language）")
    sign = VOCABULARIES[language].calls.format(city=page["city"])
    begin = (sign, _MARK.sub("", page["title"]).strip())
    five = _is_five(rendered)
    most = LONGEST_AT_FIVE_S if five else LONGEST_S
    least = len(actions) if five else 1
    candidates = ((*begin, *actions[:count]) for count in range(len(actions), least - 1, -1))
    texts, seconds = _longest_that_fits(
        ((one, round(sum(_about_s(each, language) for each in one), 1)) for one in candidates),
        most,
    )
    paragraphs: Sequence[str] = page["paragraphs"]
    shown = (paragraphs[0], *texts, paragraphs[-1]) if rendered.drill else texts
    lines = tuple((Segment(line),) for line in shown)
    return VoiceScript(language, lines, seconds, seconds > most)


def _longest_that_fits(candidates: Iterator[tuple[T, float]], most: float) -> tuple[T, float]:
    """Candidates come the longest first; the last one where none fits."""
    found = next(candidates)
    for candidate in candidates:
        if found[1] <= most:
            break
        found = candidate
    return found


def _about_s(text: str, language: Language) -> float:
    """About how long it takes: Latin letters by words, Japanese by its letters as they are read.

    A kanji without a reading counts two morae.
    """
    if VOCABULARIES[language].is_latin:
        return len(text.split()) * 60 / WORDS_A_MIN
    said = _WITH_READING.sub(r"\1", text)
    kanji = len(re.findall(f"[{KANJI}]", said))
    return (len(re.findall(f"[{KANA}]", said)) + 2 * kanji) * 60 / PACE.morae_per_min
