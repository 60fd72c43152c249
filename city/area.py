"""Named parts of a city: 町丁目."""

import re
import unicodedata
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

_KANJI_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_CHOME = re.compile(r"([一二三四五六七八九十]+)(?=丁目)")


@dataclass(frozen=True, slots=True)
class Area:
    """A 町丁目: its code, its name, its polygon in (lon, lat)."""

    code: str
    name: str
    geometry: BaseGeometry


def folded(name: str) -> str:
    """A name in the one spelling that comparisons use.

    絹ヶ丘 = 絹ケ丘 = 絹が丘, 1丁目 = １丁目 = 一丁目; white space and case do not count.
    """
    name = unicodedata.normalize("NFKC", name).casefold()
    name = re.sub(r"\s+", "", name).replace("ヶ", "ケ").replace("が丘", "ケ丘").replace("ヵ", "カ")
    return _CHOME.sub(lambda found: str(_number(found.group(1))), name)


def _number(kanji: str) -> int:
    tens, ten, ones = kanji.rpartition("十")
    if not ten:
        return _KANJI_DIGITS[kanji]
    return 10 * _KANJI_DIGITS.get(tens, 1) + _KANJI_DIGITS.get(ones, 0)
