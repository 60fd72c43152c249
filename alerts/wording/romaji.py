"""Hepburn spelling of a confirmed reading, for names in English."""

from typing import Final

_PLAIN: Final = {
    "あ": "a", "い": "i", "う": "u", "え": "e", "お": "o",
    "か": "ka", "き": "ki", "く": "ku", "け": "ke", "こ": "ko",
    "さ": "sa", "し": "shi", "す": "su", "せ": "se", "そ": "so",
    "た": "ta", "ち": "chi", "つ": "tsu", "て": "te", "と": "to",
    "な": "na", "に": "ni", "ぬ": "nu", "ね": "ne", "の": "no",
    "は": "ha", "ひ": "hi", "ふ": "fu", "へ": "he", "ほ": "ho",
    "ま": "ma", "み": "mi", "む": "mu", "め": "me", "も": "mo",
    "や": "ya", "ゆ": "yu", "よ": "yo",
    "ら": "ra", "り": "ri", "る": "ru", "れ": "re", "ろ": "ro", "わ": "wa", "を": "o", "ん": "n",
    "が": "ga", "ぎ": "gi", "ぐ": "gu", "げ": "ge", "ご": "go",
    "ざ": "za", "じ": "ji", "ず": "zu", "ぜ": "ze", "ぞ": "zo",
    "だ": "da", "ぢ": "ji", "づ": "zu", "で": "de", "ど": "do",
    "ば": "ba", "び": "bi", "ぶ": "bu", "べ": "be", "ぼ": "bo",
    "ぱ": "pa", "ぴ": "pi", "ぷ": "pu", "ぺ": "pe", "ぽ": "po", "ゔ": "vu",
    "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o",
}  # fmt: skip
_GLIDES: Final = {"ゃ": "a", "ゅ": "u", "ょ": "o"}
_KATAKANA: Final = dict(zip(range(0x30A1, 0x30F7), range(0x3041, 0x3097), strict=True))


def romaji(kana: str) -> str:
    """しもあさせ ちく as "Shimoasase Chiku".

    Long vowels stay as they are spelled in kana (うう is uu): whether two vowels are one long vowel
    or belong to two words cannot be told from a reading, and either spelling is understood.
    """
    return " ".join(_word(word).capitalize() for word in kana.translate(_KATAKANA).split())


def _word(kana: str) -> str:
    said, doubled = "", False
    for letter in kana:
        if letter == "っ":
            doubled = True
        elif letter in _GLIDES and said.endswith("i"):
            stem = said[:-1]
            said = stem + ("" if stem.endswith(("sh", "ch", "j")) else "y") + _GLIDES[letter]
        elif letter == "ー":
            said += said[-1:]
        elif letter in _PLAIN:
            spelled = _PLAIN[letter]
            said += _first(spelled) * doubled + spelled
            doubled = False
    return said


def _first(spelled: str) -> str:
    return "t" if spelled.startswith("ch") else spelled[0]
