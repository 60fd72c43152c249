"""What an engine believes how Japanese text is read: never more than a proposal.

pyopenjtalk-plus with its dictionary (MIT, dictionary BSD) works offline. Of the place names of one
city it read 25 to 58 % wrongly, so a name is never read aloud by it, and other words are marked as
estimated.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from alerts.wording.reading.placewords import is_body, is_ordinary, is_placelike
from alerts.wording.ruby import has_kanji

_HIRAGANA: Final = dict(zip(range(0x30A1, 0x30F7), range(0x3041, 0x3097), strict=True))
_NAMES: Final = frozenset({"地域", "人名", "一般", "組織"})
"""Groups of proper nouns that may be a place; countries are not."""
_ERAS: Final = frozenset({"平成", "令和", "昭和", "大正", "明治"})
_ENDINGS: Final = frozenset({
    "川", "橋", "大橋", "町", "沢", "峠", "団地", "駅", "地区", "池",
    "坂", "台", "島", "港", "通り", "淵",
})  # fmt: skip
"""With a noun before them they make a name that the engine may not know as one."""
_COMMON: Final = frozenset({
    "対象", "各", "全", "近隣", "周辺", "最寄り", "沿岸", "当",
    "該当", "一部", "指定", "住宅", "隣接", "同", "両", "他",
    "調整", "貯水", "流域", "危険",
})  # fmt: skip
"""Nouns with which such an ending is an ordinary word (対象地区)."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the engine splits a text, its reading in hiragana, and whether it may be a name."""

    text: str
    kana: str
    is_name: bool


Engine = Callable[[str], Sequence[Word]]


def read_words(text: str) -> tuple[Word, ...]:
    """The words of a text without punctuation or figures, as pyopenjtalk splits and reads them.

    Loads the dictionary at its first call (0.1 s). The words make up the text again, or are one
    word, the whole text, where the engine wrote it in another way.
    """
    import pyopenjtalk

    tokens = pyopenjtalk.run_frontend(text, use_sudachi_kanji_yomi=False, predict_nani=False)
    words: list[Word] = []
    for token in tokens:
        string, kana = token["string"], token["read"].translate(_HIRAGANA)
        last = words[-1] if words else None
        if last and _goes_on(last, string, is_noun=token["pos"] == "名詞"):
            words[-1] = Word(last.text + string, last.kana + kana, is_name=True)
        else:
            is_name = _is_name(token["pos_group1"], token["pos_group2"], string)
            words.append(Word(string, kana, is_name))
    return _as_written(text, words)


def _goes_on(last: Word, text: str, *, is_noun: bool) -> bool:
    """Whether a word belongs to a name before it, or makes one of the noun before it."""
    if last.is_name and is_noun and has_kanji(text):
        return True
    return text in _ENDINGS and has_kanji(last.text) and last.text not in _COMMON


def _is_name(group: str, kind: str, text: str) -> bool:
    """On doubt a name: who knows it says so once, and it is read aloud as that person says."""
    if text in _ERAS or is_ordinary(text):
        return False
    if group == "固有名詞":
        return kind in _NAMES and not (kind == "組織" and is_body(text))
    return group == "一般" and is_placelike(text)


def _as_written(text: str, words: Sequence[Word]) -> tuple[Word, ...]:
    """The words with the letters that stand in the text."""
    wide = unicodedata.normalize("NFKC", text)
    parts = [unicodedata.normalize("NFKC", word.text) for word in words]
    if "".join(parts) != wide or len(wide) != len(text):
        kana = "".join(word.kana for word in words)
        return (Word(text, kana, any(word.is_name for word in words)),)
    made, at = [], 0
    for word, part in zip(words, parts, strict=True):
        made.append(Word(text[at : at + len(part)], word.kana, word.is_name))
        at += len(part)
    return tuple(made)
