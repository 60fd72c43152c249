"""The words of a language outside its templates: complete, and read back by the linter."""

import pytest

from alerts.kinds import AlertKind, Language
from alerts.wording.checks.areasaid import counted
from alerts.wording.languages.words import DRILL_MARK
from alerts.wording.vocabulary import VOCABULARIES
from hazards.kinds import HazardKind
from hazards.order import ORDERED

LANGUAGES = pytest.mark.parametrize("language", list(Language))


@LANGUAGES
def test_a_language_has_a_word_for_everything_that_is_told(language: Language) -> None:
    words = VOCABULARIES[language]
    assert set(words.kinds) >= set(AlertKind) - {AlertKind.EVACUATION}
    assert set(words.hazards) == set(words.brief_hazards) == set(HazardKind)
    assert set(words.levels) & set(words.brief_levels) >= set(ORDERED)


@LANGUAGES
def test_areas_that_are_only_counted_are_read_back(language: Language) -> None:
    said = VOCABULARIES[language].more.format(areas="渡場一丁目", count=12)
    assert counted(said, language) == 12
    assert counted("渡場一丁目", language) == 0


@LANGUAGES
def test_rule_16_a_drill_is_marked_the_same_in_every_language(language: Language) -> None:
    words = VOCABULARIES[language]
    assert words.drill_head.startswith(DRILL_MARK)
    assert words.drill_tail.endswith(DRILL_MARK)
