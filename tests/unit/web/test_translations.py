"""Translations: complete, with the same places to fill, offered only where they may be."""

import string
from dataclasses import replace

from tests.unit.web.ground import CARD
from tests.unit.web.msgids import used
from web.language import is_draft, languages, messages, spoken, translator


def fields(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_japanese_text_of_a_page_has_an_english_one() -> None:
    assert used() - set(messages("en")) == set()


def test_no_translation_is_kept_that_nothing_uses() -> None:
    assert set(messages("en")) - used() == set()


def test_translations_fill_in_the_same_values() -> None:
    assert [key for key, text in messages("en").items() if fields(text) != fields(key)] == []


def test_english_holds_no_japanese_letter() -> None:
    from tests.unit.web.msgids import JAPANESE

    assert [text for text in messages("en").values() if JAPANESE.search(text)] == []


def test_names_without_translation_stay_as_they_are() -> None:
    assert translator("en")("下浅瀬一丁目") == "下浅瀬一丁目"


def test_rule_17_unreviewed_english_is_offered_in_a_fictional_city_only() -> None:
    real = replace(CARD, fictional=False)
    reviewed = replace(real, reviewed_languages=("en",))
    assert languages(CARD) == ("ja", "en")
    assert languages(real) == ("ja",)
    assert languages(reviewed) == ("ja", "en")
    assert spoken(real, "en") == "ja"
    assert is_draft(CARD, "en")
    assert not is_draft(reviewed, "en")


def test_no_source_of_a_page_holds_hinan_kankoku() -> None:
    assert not any("避難勧告" in text for text in used() | set(messages("en").values()))
