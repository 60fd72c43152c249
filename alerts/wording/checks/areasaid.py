"""Which areas a text names, read back from its words."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from alerts.kinds import Language
from alerts.wording.areas import split_name
from alerts.wording.gazetteer import Gazetteer
from alerts.wording.reading.numbers import kanji_number
from alerts.wording.romaji import romaji
from alerts.wording.vocabulary import VOCABULARIES

_NUMBER: Final = "(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_JAPANESE: Final = (
    f"(?:（[^）]*）)?((?:{_NUMBER}丁目(?:〜|から|・|、)?)+|{_NUMBER}(?:[〜・]{_NUMBER})*丁目)"
)
_LATIN: Final = " ([0-9]{1,2}(?:(?:-|, )[0-9]{1,2})*)"
_TOKEN: Final = re.compile(f"{_NUMBER}|〜|から|-")


def areas_said(
    text: str, names: Collection[str], language: Language, gazetteer: Gazetteer
) -> frozenset[str]:
    """Those of the names that a text names, alone or within 一丁目〜四丁目.

    A short name inside a longer one that is also among `names` is not said.
    """
    numbered: dict[str, dict[int, str]] = {}
    single: set[str] = set()
    for name in names:
        if split := split_name(name):
            numbered.setdefault(split[0], {})[split[1].number] = name
        else:
            single.add(name)
    said: set[str] = set()
    for stem in sorted({*numbered, *single}, key=lambda stem: (-len(stem), stem)):
        told: set[str] = set()
        for spelled in _spelled(stem, language, gazetteer):
            text, numbers = _taken(text, spelled, language)
            chome = numbered.get(stem, {})
            here = {chome[number] for number in numbers if number in chome}
            if stem in single and spelled in text:
                here.add(stem)
                text = text.replace(spelled, " ")
            told = told or here
        said |= told
    return frozenset(said)


def counted(text: str, language: Language) -> int:
    """How many areas a text only counts (ほか12区域)."""
    before, after = VOCABULARIES[language].more.removeprefix("{areas}").strip().split("{count}")
    found = re.search(rf"{re.escape(before)}(\d+){re.escape(after)}", text)
    return int(found[1]) if found else 0


def _spelled(stem: str, language: Language, gazetteer: Gazetteer) -> Iterator[str]:
    """How a stem is written; where that is in Latin letters too, these come first and count."""
    reading = gazetteer.find_stem(stem) or gazetteer.find(stem)
    if VOCABULARIES[language].is_latin and reading and reading.confirmed:
        yield romaji(reading.kana)
    yield stem


def _taken(text: str, stem: str, language: Language) -> tuple[str, set[int]]:
    """The text without that stem and its numbers, and the numbers."""
    numbers: set[int] = set()
    patterns = [_JAPANESE, _LATIN] if VOCABULARIES[language].is_latin else [_JAPANESE]
    for pattern in patterns:
        whole = re.compile(re.escape(stem) + pattern)
        for found in whole.finditer(text):
            numbers |= _numbers(found[1])
        text = whole.sub(" ", text)
    return text, numbers


def _numbers(words: str) -> set[int]:
    numbers: set[int] = set()
    last, run = 0, False
    for token in _TOKEN.findall(words):
        if token in ("〜", "から", "-"):
            run = True
            continue
        number = kanji_number(token)
        numbers |= set(range(last + 1, number + 1)) if run else {number}
        last, run = number, False
    return numbers
