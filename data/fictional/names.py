"""Invented names with their readings. Every name that the city uses is written down here once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Final

from numpy.random import Generator

CITY: Final = "澄瀬市（架空）"
CITY_KANA: Final = "すみせしかくう"
CITY_EN: Final = "Sumise (fictional)"
MAIN_RIVER: Final = ("澄瀬川", "すみせがわ")
BRANCH: Final = ("紬瀬川", "つむぎせがわ")
EXPRESSWAY: Final = ("瑠璃野自動車道", "るりのじどうしゃどう")

FIRST: Final = (
    ("紬", "つむぎ"), ("雫", "しずく"), ("朧", "おぼろ"), ("茜", "あかね"), ("硯", "すずり"),
    ("栞", "しおり"), ("鞠", "まり"), ("綾", "あや"), ("凪", "なぎ"), ("灯", "あかり"),
    ("絃", "いと"), ("瑠璃", "るり"), ("琥珀", "こはく"), ("蛍", "ほたる"), ("澄", "すみ"),
    ("霞", "かすみ"),
)  # fmt: skip
SECOND: Final = (
    ("野", "の"), ("原", "はら"), ("沢", "さわ"), ("窪", "くぼ"), ("森", "もり"), ("坂", "ざか"),
    ("畑", "はた"), ("渡", "わたり"), ("淵", "ふち"), ("根", "ね"), ("里", "さと"), ("峰", "みね"),
)  # fmt: skip
AVOIDED: Final = frozenset({"綾野", "綾里", "霞森", "霞沢", "霞野", "茜沢", "澄川", "綾渡", "鞠根"})
"""Stems that are names of real places."""

CHOME: Final = ("いっ", "に", "さん", "よん", "ご", "ろく", "なな", "はっ", "きゅう", "じゅっ")
NUMBERS: Final = ("いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう", "じゅう")
KANJI_DIGITS: Final = "一二三四五六七八九十"
LATIN: Final = {
    "あ": "a", "い": "i", "う": "u", "え": "e", "お": "o", "か": "ka", "き": "ki", "く": "ku",
    "こ": "ko", "さ": "sa", "ざ": "za", "し": "shi", "す": "su", "ず": "zu", "せ": "se",
    "そ": "so", "た": "ta", "ち": "chi", "つ": "tsu", "と": "to", "な": "na", "に": "ni",
    "ね": "ne", "の": "no", "は": "ha", "ふ": "fu", "ほ": "ho", "ぼ": "bo", "ま": "ma",
    "み": "mi", "む": "mu", "も": "mo", "や": "ya", "ら": "ra", "り": "ri", "る": "ru", "ろ": "ro",
    "わ": "wa", "ん": "n", "ぎ": "gi",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stem:
    """The part of a name that places near each other share."""

    kanji: str
    kana: str

    @property
    def latin(self) -> str:
        """Write it in Latin letters."""
        return "".join(LATIN[letter] for letter in self.kana).capitalize()


@dataclass
class Namebook:
    """All names in use with their readings, and the Latin names of streets."""

    stems: list[Stem]
    readings: dict[str, str] = field(default_factory=dict)
    latin: dict[str, str] = field(default_factory=dict)

    def note(self, name: str, kana: str) -> str:
        """Write down a name with its reading, and return the name."""
        self.readings[name] = kana
        return name

    def made(self, stem: Stem, kanji: str, kana: str, latin: str = "") -> str:
        """Make a name of a stem and an ending."""
        name = self.note(stem.kanji + kanji, stem.kana + kana)
        if latin:
            self.latin[name] = f"{stem.latin} {latin}"
        return name

    def endless(self, kanji: str, kana: str, latin: str, start: int) -> Iterator[str]:
        """Go on making names with one ending, from one of the stems on; then with a number."""
        for round_number in cycle((0, *range(2, 11))):
            number = KANJI_DIGITS[round_number - 1] if round_number else ""
            said = NUMBERS[round_number - 1] if round_number else ""
            for stem in (*self.stems[start:], *self.stems[:start]):
                yield self.made(stem, number + kanji, said + kana, latin)


def namebook(rng: Generator) -> Namebook:
    """Draw the order of the stems, and write down the names that are always there."""
    stems = [Stem(a + b, x + y) for a, x in FIRST for b, y in SECOND]
    stems = [stem for stem in stems if stem.kanji not in AVOIDED]
    book = Namebook([stems[i] for i in rng.permutation(len(stems)).tolist()])
    for name, kana in (MAIN_RIVER, BRANCH, EXPRESSWAY, (CITY, CITY_KANA)):
        book.note(name, kana)
    book.latin[EXPRESSWAY[0]] = "Rurino Expressway"
    return book
