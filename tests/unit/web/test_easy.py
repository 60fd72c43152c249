"""Easy Japanese: of texts that pages have, with the same values, spoken where it may be."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.unit.web.ground import CARD
from tests.unit.web.msgids import used
from tests.unit.web.test_translations import fields
from web.clock import Clock
from web.easy import easy, easy_messages, speaks_easy
from web.language import translator
from web.readeritem import ago

ZONE = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 10, 13, 11, 14, tzinfo=ZONE)


def test_no_easy_text_is_kept_that_no_page_has() -> None:
    assert set(easy_messages()) - used() == set()


def test_easy_texts_fill_in_the_same_values() -> None:
    assert [key for key, text in easy_messages().items() if fields(text) != fields(key)] == []


def test_what_has_no_easy_text_stays_as_it_is() -> None:
    assert easy("下浅瀬一丁目") == "下浅瀬一丁目"
    assert easy("読みました") == "よみました"


def test_no_easy_text_holds_hinan_kankoku() -> None:
    assert not any("勧告" in text for text in easy_messages().values())


def test_rule_17_unreviewed_easy_japanese_is_spoken_in_a_fictional_city_only() -> None:
    real = replace(CARD, fictional=False)
    assert speaks_easy(CARD)
    assert not speaks_easy(real)
    assert speaks_easy(replace(real, reviewed_languages=("ja-x-easy",)))


@pytest.mark.parametrize(
    ("minutes", "japanese", "english"),
    [
        (0, "たった今", "just now"),
        (1, "1分前", "1 min ago"),
        (59, "59分前", "59 min ago"),
        (60, "1時間前", "1 h ago"),
        (61, "1時間1分前", "1 h 1 min ago"),
        (1439, "23時間59分前", "23 h 59 min ago"),
        (1440, "1日前", "1 d ago"),
    ],
)
def test_an_age_is_said_in_words(minutes: int, japanese: str, english: str) -> None:
    said = [ago(Clock(ZONE, NOW, translator(lang)), minutes) for lang in ("ja", "en")]
    assert said == [japanese, english]
