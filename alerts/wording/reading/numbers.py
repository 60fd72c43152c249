"""How numbers are said in Japanese, with the sound changes of what is counted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from alerts.errors import NotFit

DIGITS: Final = ("ぜろ", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう")
SINGLE: Final = ("ゼロ", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュウ")
"""Digits of a telephone number, read out one by one."""
_HUNDREDS: Final = {1: "ひゃく", 3: "さんびゃく", 6: "ろっぴゃく", 8: "はっぴゃく"}
_THOUSANDS: Final = {1: "せん", 3: "さんぜん", 8: "はっせん"}
_KANJI_DIGITS: Final = "〇一二三四五六七八九"
_DOUBLED: Final = {
    "いち": "いっ",
    "ろく": "ろっ",
    "はち": "はっ",
    "じゅう": "じゅっ",
    "ひゃく": "ひゃっ",
    "びゃく": "びゃっ",
    "ぴゃく": "ぴゃっ",
}


@dataclass(frozen=True, slots=True)
class Counter:
    """A word that counts, and what becomes of it and of the number before it.

    Keys are the last part of the number that is not nought: 1 to 9, 10, 100, 1000.
    - `doubled`: there the number ends in っ (いっちょうめ, じゅっぷん);
    - `endings`: there the counter sounds so (さんぷん);
    - `digits`: there the last digit sounds so (よじ);
    - `whole`: the whole, of that very number (ひとり, ついたち).
    """

    kana: str
    doubled: frozenset[int] = frozenset()
    endings: Mapping[int, str] = field(default_factory=dict)
    digits: Mapping[int, str] = field(default_factory=dict)
    whole: Mapping[int, str] = field(default_factory=dict)


def number_kana(number: int) -> str:
    """A whole number below 一億, as it is said; raises `NotFit` for others."""
    if not 0 <= number < 10**8:
        raise NotFit("読み上げる数は、一億未満にしてください（a number below 100 million）")
    if number == 0:
        return DIGITS[0]
    high, low = divmod(number, 10_000)
    said = _below_ten_thousand(high)
    if high % 10_000 // 1000 == 1:
        said = "いっ" + said
    return (said + "まん" if high else "") + _below_ten_thousand(low)


def decimal_kana(number: str) -> str:
    """A number as it is written, such as 6.84: ろくてんはちよん."""
    whole, point, rest = number.partition(".")
    said = number_kana(int(whole))
    if not point:
        return said
    if int(whole) == 0:
        said = "れい"
    elif _last(int(whole)) in {1, 8, 10}:
        said = _double(said)
    return f"{said}てん{''.join(DIGITS[int(digit)] for digit in rest)}"


def counted_kana(number: int, counter: Counter) -> str:
    """A number with what is counted: 一丁目 is いっちょうめ."""
    if number in counter.whole:
        return counter.whole[number]
    said, last = number_kana(number), _last(number)
    if last in counter.digits:
        said = said.removesuffix(DIGITS[last]) + counter.digits[last]
    elif last in counter.doubled:
        said = _double(said)
    return said + counter.endings.get(last, counter.kana)


def digits_kana(number: str) -> str:
    """A telephone number, digit by digit, with a pause between its parts."""
    parts = [part for part in re.split(r"\D+", number) if part]
    return "、".join("・".join(SINGLE[int(digit)] for digit in part) for part in parts)


def kanji_number(text: str) -> int:
    """A number below 100 in kanji or figures of either width; raises `NotFit`."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    try:
        low = _KANJI_DIGITS.index(ones) if ones else 0
        if not ten:
            return low
        return 10 * (_KANJI_DIGITS.index(tens) if tens else 1) + low
    except ValueError:
        raise NotFit(f"数ではありません：{text[:10]}（not a number）") from None


def _below_ten_thousand(number: int) -> str:
    thousands, hundreds, tens, ones = (number // unit % 10 for unit in (1000, 100, 10, 1))
    said = _THOUSANDS.get(thousands, DIGITS[thousands] + "せん") if thousands else ""
    said += _HUNDREDS.get(hundreds, DIGITS[hundreds] + "ひゃく") if hundreds else ""
    said += ((DIGITS[tens] if tens > 1 else "") + "じゅう") if tens else ""
    return said + (DIGITS[ones] if ones else "")


def _last(number: int) -> int:
    for unit in (10, 100, 1000):
        if number % unit:
            return number % unit if unit == 10 else unit // 10
    return 1000


def _double(said: str) -> str:
    for end, changed in _DOUBLED.items():
        if said.endswith(end):
            return said.removesuffix(end) + changed
    return said
