"""The shipped templates: short, calm, the same in all languages, reviewed by nobody."""

import pytest

from alerts.kinds import AlertKind, Language, Step
from alerts.wording.checks.leading import sends_away
from alerts.wording.morae import morae, sentences
from alerts.wording.ruby import kana, parse, plain
from alerts.wording.standard import standard_templates
from alerts.wording.template import Template
from alerts.wording.vocabulary import VOCABULARIES
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, RAIN_HAZARDS, AlertLevel, HazardKind
from web.language import messages

ALL = standard_templates()
JAPANESE = [one for one in ALL if one.language is Language.JAPANESE]
LEVEL_5 = [one for one in ALL if one.level is AlertLevel.SECURE_NOW]
ORDERED = (AlertLevel.ELDERLY_LEAVE, AlertLevel.ALL_LEAVE, AlertLevel.SECURE_NOW)
IDS = pytest.mark.parametrize


def actions_of(template: Template) -> list[str]:
    """What to do, without readings."""
    return [plain(parse(sentence)) for sentence in template.action]


def words_of(template: Template) -> str:
    lines = [template.title, template.short, *template.text, *actions_of(template)]
    return "\n".join([*lines, *(plain(parse(line)) for line in template.spoken)])


def test_nothing_shipped_is_reviewed() -> None:
    assert not any(one.is_reviewed for one in ALL)


def test_every_language_has_the_same_templates() -> None:
    keys = {
        language: {one.key.rsplit(".", 1)[0] for one in ALL if one.language is language}
        for language in Language
    }
    assert keys[Language.ENGLISH] == keys[Language.JAPANESE] == keys[Language.EASY_JAPANESE]


def test_each_rain_hazard_has_words_of_its_own_at_each_level() -> None:
    issued = {(one.hazard, one.level) for one in JAPANESE if one.step is Step.ISSUE}
    assert {(hazard, level) for hazard in RAIN_HAZARDS for level in ORDERED} <= issued
    assert {(None, level) for level in ORDERED} <= issued


@IDS("template", LEVEL_5, ids=lambda one: one.key)
def test_rule_4_level_5_names_no_place_and_no_second_floor(template: Template) -> None:
    words = words_of(template)
    assert not sends_away(words)
    for never in ("2階", "二階", "避難所", "second floor", "Go to an evacuation site"):
        assert never not in words


@IDS("template", JAPANESE, ids=lambda one: one.key)
def test_sentences_to_be_heard_are_short(template: Template) -> None:
    for line in (*template.action, template.call):
        for sentence in sentences(kana(parse(line.format(level="", level_word="")))):
            assert morae(sentence) <= 52, sentence


@IDS("template", JAPANESE, ids=lambda one: one.key)
def test_what_is_read_aloud_is_what_is_written(template: Template) -> None:
    assert len(template.text) == len(template.spoken)
    for written, said in zip(template.text, template.spoken, strict=True):
        bare = str.maketrans("", "", "、「」")
        assert plain(parse(said)).translate(bare) == written.translate(bare)


@IDS("language", list(Language))
def test_the_first_thing_to_do_is_short(language: Language) -> None:
    longest = {Language.JAPANESE: 27, Language.EASY_JAPANESE: 27, Language.ENGLISH: 36}
    for template in ALL:
        if template.language is language and template.action:
            assert len(actions_of(template)[0]) <= longest[language], template.key


@IDS("level", ORDERED)
def test_an_order_says_what_the_law_calls_it(level: AlertLevel) -> None:
    """内閣府: who leaves at which level."""
    first = {
        actions_of(one)[0]
        for one in JAPANESE
        if one.level is level and one.hazard is not HazardKind.TSUNAMI
    }
    assert first == {
        {
            AlertLevel.ELDERLY_LEAVE: "避難に時間のかかる人は、今すぐ逃げること。",
            AlertLevel.ALL_LEAVE: "危険な場所にいる人は、全員、今すぐ逃げること。",
            AlertLevel.SECURE_NOW: "直ちに、命を守ること。",
        }[level]
    }


def test_rule_8_near_slopes_everybody_leaves_whatever_the_building() -> None:
    template = next(one for one in JAPANESE if one.key == "evacuation.issue.landslide.4.ja")
    assert "頑丈な家でも、逃げること。" in "".join(actions_of(template))


def test_rule_12_a_cancelled_alert_turns_nobody_round() -> None:
    template = next(one for one in JAPANESE if one.key == "evacuation.cancel.any.any.ja")
    assert actions_of(template)[0] == "無理に引き返さず、安全な所にいてください。"


def test_rule_11_an_all_clear_says_what_is_still_dangerous() -> None:
    for template in ALL:
        if template.kind is AlertKind.EVACUATION and template.step is Step.ALL_CLEAR:
            assert any(word in words_of(template) for word in ("まだ", "still"))


def test_english_is_that_of_the_pages() -> None:
    known, words = messages("en"), VOCABULARIES[Language.ENGLISH]
    for level in ORDERED:
        assert words.levels[level] == known[LEVEL_WORDS[level]]
    for hazard in HazardKind:
        assert words.hazards[hazard] == known[HAZARD_WORDS[hazard]]
    assert words.whole_city == known["市内全域"]
