"""Lines that people type in headquarters or at a desk: short, visible, fit for who reads them."""

import re
import unicodedata
from typing import Final

from operations.errors import Refused

LONGEST_NOTE: Final = 120
LONGEST: Final = 200
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BETWEEN: Final = r"[-‐-―−ー().\s]{0,2}"
_NUMBER_IN_TEXT: Final = re.compile(rf"(?<!\d)(?:\+81|\+?0)(?:{_BETWEEN}\d){{8,11}}(?!\d)")
"""A Japanese telephone number, its groups apart by hyphens, brackets or nothing."""
_NUMBER: Final = re.compile(r"\d+(?:-\d+){0,3}")


def line(text: str, what: str, *, longest: int = LONGEST, needed: bool = False) -> str:
    """One visible line without white space around it, "" where nothing is said.

    Raises `Refused` for what is too long, cannot be seen, or is `needed` and missing.
    """
    text = text.strip()
    if needed and not text:
        raise Refused(f"{what}を一行で書いてください（write a line）")
    if len(text) > longest:
        raise Refused(
            f"{what}は {longest} 文字までです（{len(text)} characters, at most {longest}）"
        )
    if any(unicodedata.category(sign) in _UNSEEN for sign in text):
        raise Refused(f"{what}は改行や見えない文字なしで書いてください（one plain line）")
    return text


def words_of_need(text: str) -> str:
    """What a place asks for, as one line: a call for help is never refused for how it is typed."""
    seen = "".join(" " if unicodedata.category(sign) in _UNSEEN else sign for sign in text)
    return " ".join(seen.split())[:LONGEST]


def public_note(text: str) -> str:
    """A line that everybody will read beside a place; raises `Refused` for a telephone number.

    Only a number is recognised: that no name is in it, the page reminds whoever writes.
    """
    note = line(text, "お知らせ", longest=LONGEST_NOTE)
    if _NUMBER_IN_TEXT.search(unicodedata.normalize("NFKC", note)):
        raise Refused(
            "お知らせは誰でも読めます。電話番号は書けません（everybody reads it: no phone numbers）"
        )
    return note


def phone_number(text: str, what: str) -> str:
    """A telephone number as digits and hyphens, full width or not; "" where there is none.

    Raises `Refused` for anything else.
    """
    number = unicodedata.normalize("NFKC", text).strip()
    number = re.sub("[‐-―−ー]", "-", number)
    digits = sum(sign.isdigit() for sign in number)
    if number and not (_NUMBER.fullmatch(number) and 3 <= digits <= 11):
        raise Refused(f"{what}は数字とハイフンで書いてください（digits and hyphens: 042-000-0000）")
    return number
