"""Officers' own words as they are said: names by confirmed readings, other words by estimate."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from alerts.wording.gazetteer import Gazetteer
from alerts.wording.reading.disasterwords import DISASTER_WORDS
from alerts.wording.reading.figures import figures
from alerts.wording.reading.proposals import Engine, Word, read_words
from alerts.wording.ruby import KANA, KANJI, LATIN, Segment, has_kanji
from city.reading import Reading

_RUN: Final = re.compile(f"[{KANA}{KANJI}{LATIN}]+")
_NEEDS: Final = re.compile(f"[{KANJI}{LATIN}]")
_KANJI_ONLY: Final = re.compile(f"[{KANJI}]+")


@dataclass(frozen=True, slots=True)
class Said:
    """A text with its readings, and the names in it that nobody confirmed the reading of.

    Those have their unconfirmed reading, or none at all (`unknown`). `names`: known names in it.
    """

    segments: tuple[Segment, ...]
    names: tuple[Segment, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def say(text: str, gazetteer: Gazetteer, engine: Engine = read_words) -> Said:
    """How a text is read aloud; the engine is asked only for what the gazetteer does not know."""
    segments: list[Segment] = []
    names: list[Segment] = []
    unknown: list[str] = []
    end = 0
    for found in gazetteer.known_in(text):
        segments += _others(text[end : found.start], gazetteer, engine, unknown)
        reading = found.reading or Reading(found.name, "", confirmed=False)
        names.append(Segment(found.name, reading.kana, not reading.confirmed))
        segments.append(names[-1])
        end = found.end
    segments += _others(text[end:], gazetteer, engine, unknown)
    unread = [name for name in names if name.estimated]
    return Said(
        tuple(segments),
        tuple(name for name in names if name.kana and name.text not in DISASTER_WORDS),
        unconfirmed=tuple(name.text for name in unread if name.kana),
        unknown=(*unknown, *(name.text for name in unread if not name.kana)),
    )


def _others(
    text: str, gazetteer: Gazetteer, engine: Engine, unknown: list[str]
) -> Iterator[Segment]:
    """Text without a known name: figures by rule, runs of words by the engine."""
    end = 0
    for figure in figures(text):
        words = text[figure.start : figure.end]
        yield from _runs(text[end : figure.start], gazetteer, engine, unknown, "丁目" in words)
        yield Segment(words, figure.kana)
        end = figure.end
    yield from _runs(text[end:], gazetteer, engine, unknown, named=False)


def _runs(
    text: str, gazetteer: Gazetteer, engine: Engine, unknown: list[str], named: bool
) -> Iterator[Segment]:
    """Runs of words between punctuation; `named`: a 丁目 follows, so its last word is a name."""
    end = 0
    for found in _RUN.finditer(text):
        if found.start() > end:
            yield Segment(text[end : found.start()])
        end = found.end()
        if not _NEEDS.search(found[0]):
            yield Segment(found[0])
            continue
        for word in _with_names(engine(found[0]), gazetteer, named and end == len(text)):
            if word.is_name:
                unknown.append(word.text)
            yield from _trimmed(word)
    if end < len(text):
        yield Segment(text[end:])


def _with_names(words: Sequence[Word], gazetteer: Gazetteer, named: bool) -> Iterator[Word]:
    """The words, those put together that make one name: 紬 and 瀬川, 下 and a known 浅瀬."""
    for kanji, group in groupby(words, lambda word: _KANJI_ONLY.fullmatch(word.text) is not None):
        run = list(group)
        text = "".join(word.text for word in run)
        is_last = named and text == "".join(word.text for word in words)[-len(text) :]
        if kanji and (any(word.is_name for word in run) or gazetteer.has_part_of(text) or is_last):
            yield Word(text, "".join(word.kana for word in run), is_name=True)
        else:
            yield from run


def _trimmed(word: Word) -> Iterator[Segment]:
    """A word with its reading over its kanji alone: 上《あ》がり, not 上がり《あがり》."""
    if not _NEEDS.search(word.text):
        yield Segment(word.text)
        return
    text, kana, tail = word.text, word.kana, ""
    while len(text) > 1 and len(kana) > 1 and text[-1] == kana[-1] and not has_kanji(text[-1]):
        text, kana, tail = text[:-1], kana[:-1], text[-1] + tail
    yield Segment(text, kana, estimated=True)
    if tail:
        yield Segment(tail)
