"""What is read to one household on the telephone: the approved words, as many as fit in a call."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, TypeVar

from alerts.errors import NotFit
from alerts.kinds import Language, Medium
from alerts.scripts.announcement import loudspeaker_message
from alerts.scripts.lines import Line, LineKind, rendered_line, segments_of, spoken, total_s
from alerts.scripts.plaindata import PlainData
from alerts.wording.media.loudspeaker import DRILL_EACH, Role
from alerts.wording.morae import STANDARD_PACE, Pace
from alerts.wording.rendered import Message, Rendered
from alerts.wording.ruby import KANA, KANJI, Segment, parse

LONGEST_S: Final = 20.0
"""Whoever answers at night listens no longer: policy."""
WORDS_A_MIN: Final = 150
"""Of English read clearly."""
_THIS_IS: Final = parse("こちらは、")
_IS: Final = parse("です。")
_STOP: Final = parse("。")
_WITH_READING: Final = re.compile(f"[{KANJI}]+（([{KANA}]+)）")
_MARK: Final = re.compile("【[^】]*】")
Said = tuple[Segment, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class VoiceScript(PlainData):
    """Lines to be read in that order; `seconds` without the marks of a drill.

    `too_long`: not even the shortest fits in `LONGEST_S`. Nothing of it is left out for that.
    """

    language: Language
    lines: tuple[Said, ...]
    seconds: float
    too_long: bool


def voice_script(
    rendered: Rendered, language: Language = Language.JAPANESE, pace: Pace = STANDARD_PACE
) -> VoiceScript:
    """The longest script that fits, the shortest where none does.

    Raises `NotFit` where the alert is not in that language, or may not be read aloud.
    """
    if language is Language.JAPANESE:
        return _japanese(rendered, pace)
    return _other(rendered, language, pace)


def _japanese(rendered: Rendered, pace: Pace) -> VoiceScript:
    message = loudspeaker_message(rendered)
    lines, seconds = _longest_that_fits(
        (candidate, total_s(candidate)) for candidate in _candidates(message, pace)
    )
    said = tuple(line.segments for line in lines)
    if rendered.drill:
        head, tail = (segments_of(message[one]["segments"]) for one in ("head", "tail"))
        said = (head, *((*DRILL_EACH, *line) for line in said), tail)
    return VoiceScript(Language.JAPANESE, said, seconds, seconds > LONGEST_S)


def _candidates(message: Message, pace: Pace) -> Iterator[tuple[Line, ...]]:
    """All of it; without reasons; the call-out for where and what; of what to do the first only."""
    sign = (*_THIS_IS, *segments_of(message["city"]), *_IS)
    call = (*sign, *segments_of(message["call"]), *_STOP)
    opening = spoken(LineKind.CALLSIGN, sign, pace)
    called = spoken(LineKind.CALL, call, pace)
    about = takewhile(lambda one: one["role"] in (Role.AREA, Role.OTHER), message["sentences"])
    before = [_bare(one, pace) for one in about]
    rest = [_bare(one, pace) for one in message["sentences"]][len(before) :]
    actions = [_bare(one, pace) for one in message["sentences"] if one["role"] == Role.ACTION]
    yield (opening, *before, *rest)
    yield (opening, *before, *actions)
    yield (called, *actions)
    yield (called, *actions[:1])


def _bare(line: Message, pace: Pace) -> Line:
    """A rendered sentence without what a drill says before it."""
    segments = segments_of(line["segments"])
    if segments[: len(DRILL_EACH)] == DRILL_EACH:
        return spoken(LineKind.BLOCK, segments[len(DRILL_EACH) :], pace)
    return rendered_line(line, LineKind.BLOCK)


def _other(rendered: Rendered, language: Language, pace: Pace) -> VoiceScript:
    """Title and actions of the page in that language; in a drill between the page's own marks."""
    page, actions = rendered.message(Medium.WEB, language), rendered.actions.get(language)
    if page is None or not actions:
        raise NotFit("この言語では読み上げられません（not in that language）")
    title = _MARK.sub("", page["title"]).strip()
    lines, seconds = _longest_that_fits(
        (candidate, round(sum(_seconds(one, language, pace) for one in candidate), 1))
        for candidate in ((title, *actions), (title, actions[0]))
    )
    paragraphs: Sequence[str] = page["paragraphs"]
    shown = (paragraphs[0], *lines, paragraphs[-1]) if rendered.drill else lines
    said = tuple((Segment(line),) for line in shown)
    return VoiceScript(language, said, seconds, seconds > LONGEST_S)


def _longest_that_fits(candidates: Iterator[tuple[T, float]]) -> tuple[T, float]:
    """Candidates come the longest first; the last one where none fits."""
    found = next(candidates)
    for candidate in candidates:
        if found[1] <= LONGEST_S:
            break
        found = candidate
    return found


def _seconds(text: str, language: Language, pace: Pace) -> float:
    """About how long it takes: English by its words, easy Japanese by its letters as they are read.

    A kanji without a reading counts two morae.
    """
    if language is Language.ENGLISH:
        return len(text.split()) * 60 / WORDS_A_MIN
    said = _WITH_READING.sub(r"\1", text)
    kanji = len(re.findall(f"[{KANJI}]", said))
    return (len(re.findall(f"[{KANA}]", said)) + 2 * kanji) * 60 / pace.morae_per_min
