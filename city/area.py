"""Named parts of a city: 町丁目, and districts of several of them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from shapely.geometry.base import BaseGeometry

_KANJI_DIGITS: Final = {kanji: n for n, kanji in enumerate("一二三四五六七八九", start=1)}
_COUNTED: Final = re.compile(
    "(?<![一二三四五六七八九十百])([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
    "(?=丁目|番町|条|地割)"
)
_KANJI: Final = "[\u3005-\u3007\u4e00-\u9fff]"
_BETWEEN: Final = (
    (re.compile(f"(?<={_KANJI})[ヶがガ](?={_KANJI})"), "ケ"),
    (re.compile(f"(?<={_KANJI})[のノ之](?={_KANJI})"), "ノ"),
    (re.compile(f"(?<={_KANJI})[ッつ](?={_KANJI})"), "ツ"),
)
"""Small words between two kanji, which every office writes in its own way."""
_DIGITS: Final = re.compile(r"\d+")
_PREFIX: Final = re.compile("^(?:大字|字)(?=.)")


@dataclass(frozen=True, slots=True)
class Area:
    """A 町丁目 or district: its code, its name, its polygon in (lon, lat)."""

    code: str
    name: str
    geometry: BaseGeometry


def folded(name: str) -> str:
    """A name in the one spelling that comparisons use.

    絹ヶ丘 = 絹ケ丘 = 絹が丘, 井の頭 = 井ノ頭 = 井之頭, 三ツ木 = 三ッ木 = 三つ木,
    1丁目 = １丁目 = 一丁目, 大字山田 = 字山田 = 山田; white space and case do not count.
    """
    name = unicodedata.normalize("NFKC", name).casefold()
    name = re.sub(r"\s+", "", name)
    name = _PREFIX.sub("", name).replace("ヶ", "ケ").replace("ヵ", "カ")
    for word, spelling in _BETWEEN:
        name = word.sub(spelling, name)
    return _COUNTED.sub(lambda found: str(_number(found.group(1))), name)


def in_order(names: Iterable[str]) -> list[str]:
    """Names as people count them: 一丁目, 二丁目, 三丁目, 十丁目; each once."""
    return sorted(dict.fromkeys(names), key=counted)


def counted(name: str) -> tuple[str, str]:
    """By which a name is put in order."""
    return _DIGITS.sub(lambda digits: digits.group().zfill(4), folded(name)), name


def _number(kanji: str) -> int:
    tens, ten, ones = kanji.rpartition("十")
    if not ten:
        return _KANJI_DIGITS[kanji]
    return 10 * _KANJI_DIGITS.get(tens, 1) + _KANJI_DIGITS.get(ones, 0)
