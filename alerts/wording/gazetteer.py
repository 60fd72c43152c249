"""Names and how they are read, which of it a person confirmed, and where they stand in a text."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from alerts.wording.areas import split_name
from alerts.wording.reading.counters import CHOME
from alerts.wording.reading.disasterwords import DISASTER_WORDS
from alerts.wording.reading.numbers import counted_kana
from alerts.wording.ruby import KANJI, Segment
from city.area import folded
from city.reading import Reading

_JOINABLE: Final = (
    "一帯", "周辺", "付近", "地区", "方面", "全域", "地内", "沿い", "以外",
    "以北", "以南", "以東", "以西",
)  # fmt: skip
"""Words that may follow a name without a break and leave it the same name."""
_BEFORE: Final = ("市内", "旧", "と")
_KANJI: Final = re.compile(f"[{KANJI}]")
_KATAKANA: Final = re.compile("[ァ-ヺー]")
_CHOME: Final = re.compile("(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})丁目")
_ENDINGS: Final = (
    ("市", "し"), ("区", "く"), ("町", "ちょう"), ("町", "まち"), ("村", "そん"), ("村", "むら"),
)  # fmt: skip
_FICTIONAL: Final = re.compile("（.*?）")


@dataclass(frozen=True, slots=True)
class Found:
    """A known name at `start` to `end` of a text; `reading` is None where nobody gave one."""

    start: int
    end: int
    name: str
    reading: Reading | None


@dataclass(frozen=True)
class Gazetteer:
    """The readings that a city has, and names of places that it knows without a reading.

    Words other than places may be in it: officers correct by it how their own words are read.
    """

    readings: tuple[Reading, ...]
    names: frozenset[str] = frozenset()

    def find(self, name: str) -> Reading | None:
        """How a name is read; of a 丁目 also by its stem, or by another 丁目 of it."""
        exact = self._by_name.get(name) or self._by_folded.get(folded(name))
        if exact:
            return exact
        if name in DISASTER_WORDS:
            return Reading(name, DISASTER_WORDS[name], confirmed=True)
        split = split_name(name)
        stem = self.find_stem(split[0]) if split else None
        if not split or not stem:
            return None
        kana = stem.kana + counted_kana(split[1].number, CHOME)
        return Reading(name, kana, stem.confirmed)

    def find_stem(self, stem: str) -> Reading | None:
        """How 渡場 of 渡場一丁目 is read."""
        return self._by_name.get(stem) or self._stems.get(stem)

    def unconfirmed(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the names that nobody confirmed the reading of (`safety.md` 17)."""
        readings = ((name, self.find(name)) for name in names)
        return tuple(name for name, reading in readings if not reading or not reading.confirmed)

    def known_in(self, text: str) -> Iterator[Found]:
        """Known names in a text, the longest where several begin at one letter.

        A name inside a longer word is not that name: 原 is not in 原因, 浅瀬 not in 浅瀬川.
        """
        at = 0
        while at < len(text):
            names = (one for one in self._starting(text[at]) if self._is_at(text, at, one))
            name = next(names, None)
            if name is None:
                at += 1
                continue
            yield Found(at, at + len(name), name, self.find(name))
            at += len(name)

    def has_part_of(self, word: str) -> bool:
        """Whether a known name of two letters or more stands inside a word, which is a name then:
        下浅瀬 where 浅瀬 is known.
        """
        inside = (word[at:] for at in range(len(word)))
        return any(
            len(name) > 1 and name not in DISASTER_WORDS and rest.startswith(name)
            for rest in inside
            for name in self._starting(rest[0])
        )

    def city(self, name: str) -> tuple[Segment, ...]:
        """A city as it is said: 浅瀬市（架空） is 浅瀬, あさせ, and 市, し."""
        stem, bare = self.city_stem(name), _FICTIONAL.sub("", name)
        ending = bare.removeprefix(stem.text)
        if not ending:
            return (stem,)
        whole = self._by_name.get(bare)
        said = [kana for word, kana in _ENDINGS if word == ending]
        known = [kana for kana in said if whole and whole.kana.endswith(kana)]
        return (stem, Segment(ending, (known or said)[0]))

    def city_stem(self, name: str) -> Segment:
        """浅瀬市（架空） as 浅瀬, あさせ: what the loudspeaker is called after (防災あさせ)."""
        bare = _FICTIONAL.sub("", name)
        stem = re.sub("(?<=.)[市区町村]$", "", bare)
        if reading := self._by_name.get(stem):
            return Segment(stem, reading.kana, not reading.confirmed)
        reading = self._by_name.get(bare) or self._by_name.get(name)
        if not reading:
            return Segment(stem)
        kana = reading.kana.replace(" ", "").removesuffix("かくう")
        for ending, said in _ENDINGS:
            if bare.endswith(ending) and kana.endswith(said) and len(kana) > len(said) + 1:
                kana = kana.removesuffix(said)
                break
        return Segment(stem, kana, not reading.confirmed)

    @cached_property
    def _by_name(self) -> Mapping[str, Reading]:
        return {reading.name: reading for reading in self.readings}

    @cached_property
    def _by_folded(self) -> Mapping[str, Reading]:
        return {folded(reading.name): reading for reading in self.readings}

    @cached_property
    def _stems(self) -> Mapping[str, Reading]:
        """Readings of stems, by those of their 丁目; none where two of them differ."""
        stems: dict[str, set[tuple[str, bool]]] = {}
        for reading in self.readings:
            split = split_name(reading.name)
            ending = counted_kana(split[1].number, CHOME) if split else ""
            kana = reading.kana.replace(" ", "")
            if split and kana.endswith(ending):
                said = (kana.removesuffix(ending), reading.confirmed)
                stems.setdefault(split[0], set()).add(said)
        return {
            stem: Reading(stem, next(iter(said))[0], all(sure for _, sure in said))
            for stem, said in stems.items()
            if len({kana for kana, _ in said}) == 1
        }

    @cached_property
    def _first_letters(self) -> Mapping[str, tuple[str, ...]]:
        names = {*self._by_name, *self._stems, *self.names, *DISASTER_WORDS}
        letters: dict[str, list[str]] = {}
        for name in sorted(names, key=len, reverse=True):
            letters.setdefault(name[0], []).append(name)
        return {letter: tuple(found) for letter, found in letters.items()}

    def _starting(self, letter: str) -> tuple[str, ...]:
        return self._first_letters.get(letter, ())

    def _is_at(self, text: str, at: int, name: str) -> bool:
        if not text.startswith(name, at):
            return False
        before, after = text[:at], text[at + len(name) :]
        return _ends_before(before, name[0]) and _begins_after(after, name[-1])


def _ends_before(before: str, first: str) -> bool:
    return not _same_script(before[-1:], first) or before.endswith(_BEFORE)


def _begins_after(after: str, last: str) -> bool:
    if not _same_script(last, after[:1]):
        return True
    return after.startswith(_JOINABLE) or _CHOME.match(after) is not None


def _same_script(one: str, other: str) -> bool:
    return any(kind.match(one) and kind.match(other) for kind in (_KANJI, _KATAKANA))
