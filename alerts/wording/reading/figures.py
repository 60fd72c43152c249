"""Finds figures in a text and says them: telephone numbers by digits, all others as numbers."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from alerts.wording.reading.counters import COUNTERS, HOURS, MINUTES
from alerts.wording.reading.numbers import (
    counted_kana,
    decimal_kana,
    digits_kana,
    kanji_number,
    number_kana,
)

_HALF: Final = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | dict.fromkeys("−‐‑–", "-")
)
"""Full width to half width, one letter for one."""
_LONG_MARK: Final = re.compile("(?<=[0-9])ー(?=[0-9])")
"""The mark of long vowels, where somebody took it for a dash."""
_DASH: Final = r"[-()]"
_COUNTED: Final = "|".join(sorted(map(re.escape, COUNTERS), key=len, reverse=True))
_KINDS: Final = re.compile(
    rf"(?P<phone>(?<!\d)0\d{{1,4}}{_DASH}\d{{1,4}}{_DASH}\d{{3,4}}(?!\d)|(?<!\d)0\d{{9,10}}(?!\d)"
    r"|#\d{3,5}|\d{9,})"
    r"|(?P<police>(?<!\d)110番)"
    r"|(?P<clock>(?<!\d)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?!\d))"
    rf"|(?P<decimal>\d+\.\d+)(?P<unit>{_COUNTED})?"
    rf"|(?P<number>\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d{{1,4}}万(?:\d{{1,4}})?|\d{{1,8}})"
    rf"(?P<counter>{_COUNTED})?"
    r"|(?P<chome>[一二三四五六七八九十]+丁目)"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure at `start` to `end` of the text, and how it is said."""

    start: int
    end: int
    kana: str


def figures(text: str) -> Iterator[Figure]:
    """All figures of a text, in their order."""
    for found in _KINDS.finditer(_LONG_MARK.sub("-", text.translate(_HALF))):
        kind = next(key for key in _SAID if found[key])
        yield Figure(found.start(), found.end(), _SAID[kind](found))


def _phone(found: re.Match[str]) -> str:
    number = found["phone"]
    return ("シャープ・" if number.startswith("#") else "") + digits_kana(number)


def _clock(found: re.Match[str]) -> str:
    minute = int(found["minute"])
    said = counted_kana(int(found["hour"]), HOURS)
    return said + (counted_kana(minute, MINUTES) if minute else "")


def _decimal(found: re.Match[str]) -> str:
    return decimal_kana(found["decimal"]) + (COUNTERS[found["unit"]].kana if found["unit"] else "")


def _number(found: re.Match[str]) -> str:
    high, ten_thousand, low = found["number"].replace(",", "").partition("万")
    number = int(high) * 10_000 + int(low or 0) if ten_thousand else int(high)
    if found["counter"]:
        return counted_kana(number, COUNTERS[found["counter"]])
    return number_kana(number)


def _chome(found: re.Match[str]) -> str:
    return counted_kana(kanji_number(found["chome"][:-2]), COUNTERS["丁目"])


_SAID: Final[dict[str, Callable[[re.Match[str]], str]]] = {
    "phone": _phone,
    "police": lambda found: "ひゃくとおばん",
    "clock": _clock,
    "decimal": _decimal,
    "number": _number,
    "chome": _chome,
}
