"""A text without its blanks and readings, to look into, and the words of it as they stand."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from alerts.wording.ruby import KANA, KANJI

_READING: Final = re.compile(f"(?<=[{KANJI}])（[{KANA} 　]*）")
_ENDS: Final = "。！？!?\n：:"


@dataclass(frozen=True, slots=True)
class Whole:
    """`plain`: the letters that count; `places`: where each of them stands in `text`."""

    text: str
    plain: str
    places: tuple[int, ...]

    def sentence(self, start: int, end: int) -> str:
        """The sentence of the text in which these letters of `plain` stand, as it was written."""
        first, last = self.places[start], self.places[end - 1]
        begin = max(self.text.rfind(mark, 0, first) for mark in _ENDS) + 1
        ends = [at for mark in _ENDS if (at := self.text.find(mark, last)) >= 0]
        return self.text[begin : min(ends) + 1 if ends else len(self.text)].strip()


def whole(text: str) -> Whole:
    """The text in its widest form, without blanks and without readings."""
    hidden = {at for found in _READING.finditer(text) for at in range(*found.span())}
    letters = [
        (one, at)
        for at, letter in enumerate(text)
        if at not in hidden and (letter == "\n" or not letter.isspace())
        for one in unicodedata.normalize("NFKC", letter)
    ]
    return Whole(text, "".join(one for one, _ in letters), tuple(at for _, at in letters))


def where_stands(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    """The sentences of a text in which a pattern is found, as they stand, each once."""
    known = whole(text)
    found = (one.span() for one in pattern.finditer(known.plain) if one[0])
    return tuple(dict.fromkeys(known.sentence(*span) for span in found))
