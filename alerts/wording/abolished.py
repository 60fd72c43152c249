"""The name that 避難情報 lost on 2021-05-20 (災害対策基本法, amended), however it is written."""

import re
import unicodedata
from typing import Final

_VARIANTS: Final = str.maketrans("吿勸劝難难", "告勧勧難難")
"""Older and simplified forms of its letters that NFKC leaves apart."""
_HIRAGANA: Final = {number: number - 0x60 for number in range(ord("ァ"), ord("ヶ") + 1)}
_BETWEEN: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff・･.,、。\-‐‑ー_（）()《》｜「」]+")
_NAME: Final = re.compile(
    "(?:避|ひ)(?:難|なん)(?:勧|かん)(?:告|こく)"
    "|避難ひなん勧告かんこく"
)  # fmt: skip


def names_abolished(text: str) -> bool:
    """Whether it stands in a text: full-width, spaced, in kana, in other forms of its letters."""
    plain = unicodedata.normalize("NFKC", text).translate(_VARIANTS).translate(_HIRAGANA)
    return bool(_NAME.search(_BETWEEN.sub("", plain)))
