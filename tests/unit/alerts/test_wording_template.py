"""Templates: which words can be used, who answers for them, how they are kept."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from alerts.errors import NotFit
from alerts.kinds import AlertKind, Language, Step
from alerts.wording.choosing import choose
from alerts.wording.standard import standard_templates, templates_from
from alerts.wording.template import (
    Template,
    adopted,
    edited,
    template_dict,
    template_from,
)
from hazards.kinds import AlertLevel, HazardKind
from tests.unit.alerts.asase import NOW, a_notice, an_alert

FLOOD_4 = next(one for one in standard_templates() if one.key == "evacuation.issue.flood.4.ja")
ENGLISH = next(one for one in standard_templates() if one.key == "evacuation.issue.flood.4.en")
ABOLISHED = "避難" + "勧告"


def without(part: str, slot: str) -> Callable[[Template], Any]:
    def changed(template: Template) -> Template:
        words = getattr(template, part)
        gone: Any = (
            words.replace(slot, "")
            if isinstance(words, str)
            else tuple(line.replace(slot, "") for line in words)
        )
        return replace(template, **{part: gone})

    return changed


BROKEN: dict[str, Callable[[Template], Any]] = {
    "no area": without("text", "{area}"),
    "no area in the short one": without("short", "{area}"),
    "no action": without("text", "{action}"),
    "no action in the short one": without("short", "{action}"),
    "no hazard": without("spoken", "{hazard}"),
    "no level": without("text", "{level}"),
    "no city": without("short", "{city}"),
    "nobody says what it is": without("title", "{level_word}"),
    "an unknown slot": lambda one: replace(one, title=one.title + "{shelter}"),
    "a nameless slot": lambda one: replace(one, title=one.title + "{}"),
    "a slot with a format": lambda one: replace(one, title=one.title + "{area!r}"),
    "an attribute": lambda one: replace(one, title=one.title + "{area.__class__}"),
    "a brace": lambda one: replace(one, title=one.title + "{"),
    "an abolished word": lambda one: replace(one, text=(*one.text, f"{ABOLISHED}です。")),
    "a drill mark": lambda one: replace(one, short=f"【訓練】{one.short}"),
    "a line break": lambda one: replace(one, short=f"{one.short}\n"),
    "a control character": lambda one: replace(one, title=f"{one.title}\x07"),
    "unread kanji": lambda one: replace(one, spoken=(*one.spoken, "逃げること。")),
    "unread figures": lambda one: replace(one, call="レベル4"),
    "no call": lambda one: replace(one, call=""),
    "no action sentence": lambda one: replace(one, action=()),
    "a slot in the action": lambda one: replace(one, action=("{area}から逃げること。",)),
    "one sentence for many": lambda one: template_from(
        {**template_dict(one), "text": "".join(one.text)}
    ),
    "no title": lambda one: replace(one, title=" "),
}


@pytest.mark.parametrize("change", sorted(BROKEN))
def test_words_that_cannot_be_used_are_refused(change: str) -> None:
    with pytest.raises(NotFit):
        BROKEN[change](FLOOD_4)


def test_only_japanese_is_read_aloud() -> None:
    with pytest.raises(NotFit):
        replace(ENGLISH, call="あ")
    with pytest.raises(NotFit):
        replace(ENGLISH, spoken=FLOOD_4.spoken)


def test_a_template_is_reviewed_by_somebody_at_a_time() -> None:
    assert not FLOOD_4.is_reviewed
    ours = adopted(FLOOD_4, "危機管理課", NOW)
    assert ours.is_reviewed
    assert (ours.reviewed_by, ours.reviewed_at) == ("危機管理課", NOW)
    assert "危機管理課" not in repr(ours)
    with pytest.raises(NotFit):
        adopted(FLOOD_4, " ", NOW)
    with pytest.raises(NotFit):
        adopted(FLOOD_4, "危機管理課", NOW.replace(tzinfo=None))


def test_who_reviewed_a_template_did_not_review_other_words() -> None:
    ours = adopted(FLOOD_4, "危機管理課", NOW)
    changed = edited(ours, {"title": "{level_word} {hazard}", "text": list(ours.text)})
    assert (changed.version, changed.reviewed_by, changed.reviewed_at) == (2, "", None)
    with pytest.raises(NotFit):
        edited(ours, {"reviewed_by": "だれか"})


@pytest.mark.parametrize("template", standard_templates(), ids=lambda one: one.key)
def test_templates_are_plain_data_and_back(template: Template) -> None:
    ours = adopted(template, "危機管理課", NOW)
    for one in (template, ours):
        assert template_from(json.loads(json.dumps(template_dict(one)))) == one


@pytest.mark.parametrize(
    "given",
    [{}, {"kind": "other"}, {**template_dict(FLOOD_4), "colour": "red"}, {"title": 4}],
)
def test_what_is_no_template_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(NotFit):
        template_from(given)


@pytest.mark.parametrize(
    "text",
    ["", "a = 1", "[[template]", '[[template]]\nkind = "evacuation"', "template = []\nother = 1"],
)
def test_a_file_without_templates_is_refused(text: str) -> None:
    with pytest.raises(NotFit):
        templates_from(text)


def test_one_thing_has_one_template_of_a_version() -> None:
    table = (
        '[[template]]\nkind="general"\nstep="issue"\nlanguage="en"\nversion=1\ntitle="{subject}"\n'
    )
    table += 'short="{area} {action} {subject} {city}"\ntext=["{area}","{subject}","{action}"]\n'
    table += 'action=["Wait."]\n'
    assert len(templates_from(table)) == 1
    with pytest.raises(NotFit):
        templates_from(table + table)


def chosen(*templates: Template, **values: Any) -> str | None:
    choice = choose(templates, an_alert(**values), Language.JAPANESE)
    return choice.template.title if choice else None


def test_the_template_for_that_very_hazard_comes_first() -> None:
    general = replace(FLOOD_4, hazard=None, title="general {level_word}")
    flood = replace(FLOOD_4, title="flood {level_word}")
    assert chosen(general, flood) == "flood {level_word}"
    assert chosen(flood, general, hazard=HazardKind.VOLCANO) == "general {level_word}"
    assert chosen(flood, hazard=HazardKind.VOLCANO) is None
    assert chosen(flood, level=5) is None


def test_a_reviewed_template_comes_before_a_draft_that_fits_better() -> None:
    general = adopted(replace(FLOOD_4, hazard=None, title="general {level_word}"), "課", NOW)
    newer = replace(FLOOD_4, version=9)
    assert chosen(newer, general) == "general {level_word}"
    assert chosen(newer, general, drill=True) == "general {level_word}"


def test_the_newest_of_two_reviewed_ones_is_taken() -> None:
    old = adopted(FLOOD_4, "課", NOW)
    new = adopted(replace(FLOOD_4, version=2, title="new {level_word}"), "課", NOW)
    assert chosen(new, old) == "new {level_word}"


def test_an_update_says_what_to_do_as_the_issue_does() -> None:
    alert = an_alert(step=Step.UPDATE, hazard=HazardKind.LANDSLIDE, level=5)
    choice = choose(standard_templates(), alert, Language.JAPANESE)
    assert choice is not None
    assert choice.template.step is Step.UPDATE
    assert [one.key for one in choice.used][1] == "evacuation.issue.landslide.5.ja"
    assert "崖" in choice.action[-1]
    half = [adopted(one, "課", NOW) if one.step is Step.UPDATE else one for one in choice.used]
    unreviewed = choose(half, alert, Language.JAPANESE)
    assert unreviewed is not None
    assert not unreviewed.is_reviewed


def test_an_update_of_a_notice_takes_the_words_of_its_issue() -> None:
    choice = choose(standard_templates(), a_notice(step=Step.UPDATE), Language.JAPANESE)
    assert choice is not None
    assert choice.template.key == "lifeline.issue.any.any.ja"


def test_every_alert_finds_its_words_in_every_language() -> None:
    levels = (AlertLevel.ELDERLY_LEAVE, AlertLevel.ALL_LEAVE, AlertLevel.SECURE_NOW)
    alerts = [
        an_alert(hazard=hazard, level=level, step=step)
        for hazard in HazardKind
        for level in levels
        for step in Step
    ]
    alerts += [
        a_notice(kind, step=step)
        for kind in AlertKind
        if kind is not AlertKind.EVACUATION
        for step in Step
    ]
    for alert in alerts:
        for language in Language:
            choice = choose(standard_templates(), alert, language)
            assert choice is not None, (alert, language)
            assert choice.action
