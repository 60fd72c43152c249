"""Areas as each language writes them: in full, and ever shorter where letters are few."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from alerts.alert import Alert
from alerts.kinds import Language
from alerts.wording.areas import AreaGroup, fewer, group_words, grouped, number_words
from alerts.wording.gazetteer import Gazetteer
from alerts.wording.languages.words import Names
from alerts.wording.romaji import romaji
from alerts.wording.vocabulary import VOCABULARIES
from city.reading import Reading


def full_area(alert: Alert, language: Language, gazetteer: Gazetteer) -> str:
    """All areas of an alert, with how they are read where readers of the language need that."""
    if alert.whole_city:
        return VOCABULARIES[language].whole_city
    words = [full_group(group, language, gazetteer) for group in grouped(alert.area_names)]
    return VOCABULARIES[language].between.join(words)


def brief_areas(
    alert: Alert, language: Language, gazetteer: Gazetteer
) -> Iterator[tuple[str, int]]:
    """Ever fewer names, and how many areas are only counted: all, …, 渡場一丁目 ほか12区域.

    All of them first as they are read, 渡場（わたしば）1〜4丁目, in a language that needs it.
    """
    vocabulary = VOCABULARIES[language]
    if alert.whole_city:
        yield vocabulary.whole_city, 0
        return
    if vocabulary.names is Names.WITH_KANA:
        yield full_area(alert, language, gazetteer), 0
    words: dict[AreaGroup, str] = {}
    for named, left in fewer(grouped(alert.area_names)):
        for group in named:
            if group not in words:
                words[group] = brief_group(group, language, gazetteer)
        areas = vocabulary.between.join(words[group] for group in named)
        yield vocabulary.more.format(areas=areas, count=left) if left else areas, left


def most_that_fits(
    candidates: Sequence[tuple[str, int]], fits: Callable[[str, int], bool]
) -> tuple[str, int]:
    """The candidate of `brief_areas` that names most areas and fits; the last where none does.

    All names, or else fewer: each of those is shorter than the one before it.
    """
    if fits(*candidates[0]):
        return candidates[0]
    first = bisect_left(candidates, True, lo=1, key=lambda one: fits(*one))
    return candidates[min(first, len(candidates) - 1)]


def full_group(group: AreaGroup, language: Language, gazetteer: Gazetteer) -> str:
    """渡場一丁目〜四丁目; 渡場（わたしば）1〜4丁目; Watashiba 1-4 chome (渡場一丁目〜四丁目)."""
    names = VOCABULARIES[language].names
    words = brief_group(group, language, gazetteer)
    kana = _confirmed(group, gazetteer)
    if not kana or names is Names.KANJI:
        return words
    if names is Names.LATIN:
        chome = " chome" if group.runs else ""
        return f"{words}{chome} ({group_words(group)})"
    return words.replace(group.stem, f"{group.stem}（{kana}）", 1)


def brief_group(group: AreaGroup, language: Language, gazetteer: Gazetteer) -> str:
    """渡場一丁目〜四丁目; 渡場1〜4丁目; Watashiba 1-4. Unconfirmed names stay in Japanese."""
    names = VOCABULARIES[language].names
    if names is Names.KANJI:
        return group_words(group)
    kana = _confirmed(group, gazetteer)
    if names is Names.LATIN and kana:
        return f"{romaji(kana)} {number_words(group)}".strip()
    if not group.runs:
        return group.stem
    return group.stem + number_words(group).replace("-", "〜").replace(", ", "・") + "丁目"


def city_words(city: str, language: Language, gazetteer: Gazetteer) -> str:
    """浅瀬市（架空）; Asase City (fictional): a fictional city is always called so."""
    vocabulary, stem = VOCABULARIES[language], gazetteer.city_stem(city)
    if not vocabulary.is_latin or not stem.kana or stem.estimated:
        return city
    kind = city[len(stem.text) : len(stem.text) + 1]
    fictional = vocabulary.fictional if "架空" in city else ""
    return f"{romaji(stem.kana)}{vocabulary.towns.get(kind, '')}{fictional}"


def _confirmed(group: AreaGroup, gazetteer: Gazetteer) -> str:
    reading: Reading | None = (
        gazetteer.find_stem(group.stem) if group.runs else gazetteer.find(group.stem)
    )
    return reading.kana if reading and reading.confirmed else ""
