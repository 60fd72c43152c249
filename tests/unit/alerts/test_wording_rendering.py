"""Everything is rendered from one record, agrees, fits, and cannot be taken for something else."""

import json
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.errors import NotFit
from alerts.kinds import AlertKind, Language, Medium, Step
from alerts.levels import COLOURS
from alerts.wording.checks.texts import loudspeaker_text, shown
from alerts.wording.drills import is_marked
from alerts.wording.findings import Severity
from alerts.wording.media.cards import card_colours
from alerts.wording.media.lengths import units
from alerts.wording.rendered import rendered_from
from alerts.wording.settings import Links
from alerts.wording.standard import standard_templates
from hazards.kinds import AlertLevel, HazardKind
from tests.unit.alerts.asase import (
    FOUR,
    LINKS,
    NOW,
    TEMPLATES,
    ZONE,
    a_notice,
    an_alert,
    findings,
    found,
    rendering,
)

LEVELS = (3, 4, 5)
AREAS = (FOUR, ("渡場四丁目",), (*FOUR, "浅瀬中央一丁目", "下浅瀬地区", "上浅瀬三丁目"))


def text(rendered: Any, medium: Medium, language: Language = Language.JAPANESE) -> str:
    message = rendered.message(medium, language)
    assert message is not None
    return str(message["text"])


@pytest.mark.parametrize(("hazard", "drill"), list(product(sorted(HazardKind), [False, True])))
def test_every_standard_message_of_an_order_is_clean(hazard: HazardKind, drill: bool) -> None:
    for level, step, areas in product(LEVELS, Step, AREAS):
        alert = an_alert(hazard=hazard, level=level, step=step, area_names=areas, drill=drill)
        rendered = rendering(alert)
        assert not rendered.refused
        wrong = [one for one in findings(alert, rendered) if one.severity is Severity.STOPS]
        assert not wrong, (level, step, areas, wrong)
        assert found(alert, rendered, Severity.WARNS) <= {"estimated"}


@pytest.mark.parametrize(
    ("kind", "drill"), list(product(sorted(set(AlertKind) - {AlertKind.EVACUATION}), [False, True]))
)
def test_every_standard_message_of_a_notice_is_clean(kind: AlertKind, drill: bool) -> None:
    for step, whole in product(Step, [False, True]):
        areas = () if whole else FOUR
        alert = a_notice(kind, step=step, drill=drill, whole_city=whole, area_names=areas)
        rendered = rendering(alert)
        wrong = [one for one in findings(alert, rendered) if one.severity is Severity.STOPS]
        assert not wrong, (step, whole, wrong)


@pytest.mark.parametrize("level", LEVELS)
def test_a_whole_city_is_told_everywhere(level: int) -> None:
    alert = an_alert(area_names=(), whole_city=True, level=level)
    rendered = rendering(alert)
    assert not found(alert, rendered, Severity.STOPS)
    assert "市内全域に、" in loudspeaker_text(
        rendered.messages[Medium.LOUDSPEAKER][Language.JAPANESE]
    )


def test_the_same_record_gives_the_same_bytes() -> None:
    once, again = (json.dumps(rendering(an_alert()).to_dict()) for _ in range(2))
    assert once == again


def test_a_rendering_is_kept_as_plain_data() -> None:
    for alert in (an_alert(), an_alert(drill=True, level=5), a_notice()):
        rendered = rendering(alert)
        kept = json.loads(json.dumps(rendered.to_dict(), ensure_ascii=False))
        assert rendered_from(kept) == rendered_from(rendered.to_dict())
        assert rendered_from(kept).to_dict() == kept
    for broken in ({}, {"form": 2}, {"form": 1}, {**kept, "messages": {"smoke": {}}}):
        with pytest.raises(NotFit):
            rendered_from(broken)


def test_every_medium_and_language_is_rendered() -> None:
    rendered = rendering(an_alert())
    assert set(rendered.messages) == {
        Medium.LINE, Medium.SMS, Medium.MAIL, Medium.AREA_MAIL, Medium.LOUDSPEAKER,
        Medium.TELEVISION, Medium.WEB, Medium.SOCIAL,
    }  # fmt: skip
    for medium, by_language in rendered.messages.items():
        japanese = medium in (Medium.AREA_MAIL, Medium.LOUDSPEAKER)
        assert len(by_language) == (1 if japanese else 3), medium


def test_the_sms_of_level_4_in_one_breath() -> None:
    japanese = text(rendering(an_alert()), Medium.SMS)
    assert japanese.split("\n")[0] == (
        "【浅瀬市（架空）】警戒レベル4避難指示（洪水） 渡場一丁目〜四丁目。"
        "危険な場所にいる人は、全員、今すぐ逃げること。"
    )
    assert japanese.endswith("自分の逃げ道：https://asase.example/way")
    english = text(rendering(an_alert()), Medium.SMS, Language.ENGLISH)
    assert english.startswith("Level 4: Watashiba 1-4. Leave dangerous places now. Hazard: floods.")


def test_a_readers_own_link_is_left_to_the_carrier_and_counted() -> None:
    own = Links(LINKS.way, LINKS.areas, own_length=60)
    sms = rendering(an_alert(), links=own).messages[Medium.SMS][Language.JAPANESE]
    assert sms["text"].endswith("自分の逃げ道は、次のリンクです。")
    assert LINKS.way not in sms["text"]
    assert sms["parts"] == -(-(units(sms["text"]) + 61) // 67)
    mail = rendering(an_alert(), links=own).messages[Medium.MAIL][Language.JAPANESE]
    assert LINKS.way not in mail["text"]


DRILLS = [
    *(an_alert(drill=True, level=level, step=step) for level, step in product(LEVELS, Step)),
    an_alert(drill=True, hazard=HazardKind.LARGE_FIRE, level=3),
    a_notice(drill=True),
    a_notice(AlertKind.SECURITY, drill=True, step=Step.ALL_CLEAR),
]


@pytest.mark.parametrize("alert", DRILLS, ids=str)
def test_rule_16_a_drill_is_marked_at_head_and_tail_whatever_the_templates_say(alert: Any) -> None:
    official = {COLOURS[level][0] for level in AlertLevel if level >= AlertLevel.ADVISORY}
    for one in shown(rendering(alert)):
        if one.medium is Medium.LOUDSPEAKER:
            assert one.text.startswith("訓練、訓練。")
            assert one.text.endswith("訓練、訓練。")
            lines = ["".join(t for t, _ in s["segments"]) for s in one.message["sentences"]]
            assert all(line.startswith("訓練。") for line in lines)
        else:
            assert all(is_marked(part) for part in one.parts), one
        if one.medium is Medium.LINE:
            assert not official & set(card_colours(one.message["messages"]))
        if one.language is Language.ENGLISH:
            assert "DRILL" in one.parts[0]


def test_rule_16_a_live_alert_never_says_drill() -> None:
    for level, step in product(LEVELS, Step):
        for one in shown(rendering(an_alert(level=level, step=step))):
            assert "訓練" not in one.text
            assert "drill" not in one.text.lower()


def test_rule_17_an_unreviewed_language_is_left_out_of_a_live_alert() -> None:
    ours = [one for one in TEMPLATES if one.language is not Language.ENGLISH]
    drafts = [one for one in standard_templates() if one.language is Language.ENGLISH]
    rendered = rendering(an_alert(), templates=(*ours, *drafts))
    assert rendered.languages == (Language.JAPANESE, Language.EASY_JAPANESE)
    assert [(one.language, one.code) for one in rendered.refused] == [
        (Language.ENGLISH, "unreviewed")
    ]
    drill = rendering(an_alert(drill=True), templates=(*ours, *drafts))
    assert Language.ENGLISH in drill.languages
    without = rendering(an_alert(), templates=ours)
    assert [one.code for one in without.refused] == ["no_template"]


def test_an_officers_action_follows_the_templates_and_never_replaces_it() -> None:
    alert = an_alert(action="全員、高台へ逃げること。橋は、渡らないこと。")
    rendered = rendering(alert)
    standard = rendering(an_alert()).actions[Language.JAPANESE]
    assert rendered.actions[Language.JAPANESE] == (
        *standard,
        "全員、高台へ逃げること。",
        "橋は、渡らないこと。",
    )
    for one in shown(rendered):
        if one.language is Language.JAPANESE:
            at = one.text.index("危険な場所にいる人は")
            if one.medium is not Medium.SOCIAL:
                assert at < one.text.index("全員、高台へ逃げること。"), one.medium
        elif one.medium in (Medium.LINE, Medium.MAIL, Medium.WEB):
            assert "橋は、渡らないこと。" in one.text
    assert rendered.actions[Language.ENGLISH][0] == "Leave dangerous places now."


KANJI = "渡場浅瀬上下中央本町北南東西原野川岸坂"
NAMES = st.lists(
    st.one_of(
        st.builds(
            lambda stem, n: f"{stem}{'一二三四五六七八九'[n]}丁目",
            st.text(KANJI, min_size=1, max_size=9),
            st.integers(0, 8),
        ),
        st.text(KANJI, min_size=2, max_size=14).map(lambda name: f"{name}地区"),
    ),
    min_size=1,
    max_size=150,
    unique=True,
)


@settings(deadline=None, max_examples=60)
@given(
    NAMES,
    st.sampled_from(LEVELS),
    st.booleans(),
    st.sampled_from(sorted(HazardKind)),
    st.sampled_from(list(Step)),
)
def test_many_and_long_names_never_overflow(
    names: list[str], level: int, drill: bool, hazard: HazardKind, step: Step
) -> None:
    alert = an_alert(area_names=tuple(names), level=level, drill=drill, hazard=hazard, step=step)
    rendered = rendering(alert)
    codes = found(alert, rendered, Severity.STOPS, areas=())
    assert not codes & {"length", "area", "list", "drill", "level", "hazard", "action", "heard"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"hazard": None},
        {"level": None},
        {"level": 2},
        {"area_names": ()},
        {"whole_city": True},
    ],
)
def test_a_record_that_contradicts_itself_is_not_rendered(wrong: dict[str, Any]) -> None:
    with pytest.raises(NotFit):
        rendering(an_alert(**wrong))


def test_a_notice_needs_a_subject_and_japanese_its_template() -> None:
    with pytest.raises(NotFit):
        rendering(a_notice(subject=" "))
    with pytest.raises(NotFit):
        rendering(an_alert(), templates=[one for one in TEMPLATES if one.language == "en"])


def test_times_are_the_citys() -> None:
    rendered = rendering(an_alert(made_at=NOW.astimezone(ZONE)))
    assert "10月10日 20時28分 第1版" in text(rendered, Medium.MAIL)
    assert "20:28, 10 October, revision 1" in text(rendered, Medium.MAIL, Language.ENGLISH)
