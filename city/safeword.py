"""安否: what somebody says to be found by whom they allow, and how names are compared."""

import re
import unicodedata
from enum import StrEnum
from typing import Final

from city.errors import CityError

LONGEST: Final = 40
"""Letters of a name, and of a family's word."""
LONGEST_PLACE: Final = 60
SHORTEST_CODE: Final = 4
SHORTEST_DIGITS: Final = 8
"""Of a word of digits alone: four are tried out in a night."""
_KATAKANA: Final = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_VARIANTS: Final = str.maketrans("髙﨑濵濱邊邉齋齊斉澤廣嶋島𠮷塚", "高崎浜浜辺辺斎斎斎沢広島島吉塚")
"""Spellings of one name that people mix."""
_BETWEEN: Final = re.compile(r"[\s・･.,、。\u200b-\u200f\ufe00-\ufe0f\U000e0100-\U000e01ef]+")


class BadSafeWord(CityError):
    """What is missing or too short to be found by, in words for who typed it; in which `field`."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class Visible(StrEnum):
    """Who may see that somebody is safe: whoever knows name and word, headquarters, nobody."""

    CODE = "code"
    HEADQUARTERS = "headquarters"
    NOBODY = "nobody"


def plain_name(name: str) -> str:
    """A name in the one spelling that is compared: width, case, kana, spaces do not count."""
    return plain_code(name).translate(_VARIANTS)


def plain_code(code: str) -> str:
    """A family's word in the one spelling that is compared."""
    # Twice: what stood on both sides of a space may be one letter without it.
    return _plain(_BETWEEN.sub("", _plain(code)))


def check_said(name: str, code: str, visible: Visible) -> None:
    """Raise `BadSafeWord` where whoever is allowed could not find them, or anybody could."""
    if visible is Visible.NOBODY:
        return
    if not plain_name(name):
        raise BadSafeWord("name", "名前を書いてください（write a name）")
    if visible is not Visible.CODE:
        return
    word = plain_code(code)
    if len(word) < SHORTEST_CODE or (word.isdecimal() and len(word) < SHORTEST_DIGITS):
        raise BadSafeWord(
            "code",
            f"合言葉は {SHORTEST_CODE} 文字以上（数字だけなら {SHORTEST_DIGITS} 桁以上）に"
            "してください（at least 4 letters, or 8 digits）",
        )


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_KATAKANA)
    return unicodedata.normalize("NFKC", folded)
