"""What a sender reads of a report: whole sentences, in Japanese alone."""

import re
from dataclasses import dataclass

import pytest

from data.photos.errors import NotAPhoto
from data.photos.looking import look_at_thumbnail
from hazards.evidence import Effect
from operations.observing.reportmission import NO_MISSION
from web.staff.reportwords import effect_words


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a report."""

    set_aside: str = ""
    no_photo: str = ""
    no_mission: str = ""
    clock_ahead: bool = False
    effect: Effect = Effect.DOUBTED


def test_a_picture_that_is_none_is_told_without_the_english_for_programs() -> None:
    with pytest.raises(NotAPhoto) as told:
        look_at_thumbnail(b"MZ")
    words = effect_words(Taken(no_photo=str(told.value)))
    assert words.endswith("写真は使えませんでした。写真として開けません。JPEG を送ってください。")


def test_whatever_comes_together_ends_in_sentences() -> None:
    mission = NO_MISSION.format(number=7)
    for taken in (
        Taken(no_photo="大きすぎます（too large）", no_mission=mission, clock_ahead=True),
        Taken(set_aside="市の外です", no_mission=mission),
    ):
        words = effect_words(taken)
        assert "任務 7 はありません。" in words
        assert words.endswith("。")
        assert "。。" not in words
        assert not re.search("[a-z]{2,}", words)
