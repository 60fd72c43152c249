"""What is read on the telephone: the approved words, short, and a drill in every line."""

from itertools import product
from typing import Any

import pytest

from alerts.errors import NotFit
from alerts.kinds import Language, Step
from alerts.scripts.voice import LONGEST_AT_FIVE_S, LONGEST_S, VoiceScript, voice_script
from alerts.wording.ruby import plain
from hazards.kinds import HazardKind
from tests.unit.alerts.asase import SITES, a_notice, an_alert, rendering

LEVELS = (3, 4, 5)
MANY = tuple(f"渡場{number}丁目" for number in "一二三四五六七八九")


def lines(script: VoiceScript) -> list[str]:
    return [plain(line) for line in script.lines]


def said(**values: Any) -> VoiceScript:
    return voice_script(rendering(an_alert(**values)))


@pytest.mark.parametrize(("level", "language"), sorted(product(LEVELS, Language)))
def test_a_call_takes_no_longer_than_anybody_listens(level: int, language: Language) -> None:
    script = voice_script(rendering(an_alert(level=level)), language)
    assert script.seconds <= (LONGEST_AT_FIVE_S if level == 5 else LONGEST_S)
    assert not script.too_long
    assert script.to_dict()["language"] == language


@pytest.mark.parametrize("level", LEVELS)
def test_it_says_who_calls_what_is_ordered_and_what_to_do(level: int) -> None:
    spoken = lines(said(level=level))
    assert spoken[0].startswith("こちらは、浅瀬市です。")
    assert f"レベル{level}" in "".join(spoken)
    actions = rendering(an_alert(level=level)).actions[Language.JAPANESE]
    assert actions[0] in spoken


@pytest.mark.parametrize("hazard", sorted(HazardKind))
@pytest.mark.parametrize("language", sorted(Language))
def test_rule_04_a_call_of_level_5_says_all_of_what_to_do_and_says_it_first(
    language: Language, hazard: HazardKind
) -> None:
    """Who hangs up after `LONGEST_S` has heard it; where and of what danger comes after it."""
    rendered = rendering(an_alert(level=5, hazard=hazard, area_names=MANY))
    script = voice_script(rendered, language)
    spoken = "".join(lines(script))
    places = [spoken.index(action) for action in rendered.actions[language]]
    assert places == sorted(places)
    assert not script.too_long
    assert "渡場" not in spoken[: places[-1]]


def test_a_call_of_level_5_says_where_too_as_far_as_there_is_time() -> None:
    spoken = "".join(lines(said(level=5)))
    assert "いちばん高い所に移ること。" in spoken
    assert "外へ出ないこと。" in spoken
    assert spoken.index("外へ出ないこと。") < spoken.index("渡場一丁目から四丁目に、洪水")


@pytest.mark.parametrize("level", [3, 4])
def test_it_says_where_and_of_what_danger_where_there_is_time_for(level: int) -> None:
    assert "渡場一丁目から四丁目に、洪水に関する" in "".join(lines(said(level=level)))


def test_a_call_of_level_4_says_not_to_walk_in_water_where_there_is_time() -> None:
    """What saves lives comes before whole sentences."""
    spoken = lines(said(level=4))
    assert spoken[1] == "渡場一丁目から四丁目に、洪水に関する、警戒レベル4、避難指示。"
    assert "水の中を、歩かないこと。" in spoken


@pytest.mark.parametrize(
    ("language", "sign"),
    [
        (Language.EASY_JAPANESE, "こちらは 浅瀬市（架空）です。"),
        (Language.ENGLISH, "This is Asase City (fictional)."),
    ],
)
def test_it_says_in_every_language_who_calls(language: Language, sign: str) -> None:
    assert lines(voice_script(rendering(an_alert(level=4)), language))[0] == sign


def test_it_says_as_much_as_there_is_time_for() -> None:
    spoken = lines(voice_script(rendering(a_notice())))
    assert "断水のお知らせ。" in spoken
    far = lines(voice_script(rendering(a_notice(area_names=MANY))))
    assert "断水のお知らせ。" in far
    assert len(far) <= len(spoken)


def test_an_all_clear_says_first_what_remains_dangerous() -> None:
    spoken = lines(said(step=Step.ALL_CLEAR, reason="水が引きました。"))
    assert "解除" in spoken[0]
    assert "川や崖には、近づかないこと。" in spoken


@pytest.mark.parametrize(("level", "language"), sorted(product(LEVELS, Language)))
def test_rule_04_no_call_names_a_place(level: int, language: Language) -> None:
    spoken = "".join(lines(voice_script(rendering(an_alert(level=level)), language)))
    assert not any(site in spoken for site in SITES)


def test_rule_16_a_drill_says_so_in_every_line_and_at_head_and_tail() -> None:
    spoken = lines(said(drill=True))
    assert all("訓練" in line for line in spoken)
    assert spoken[0].startswith("訓練")
    assert spoken[-1].endswith("訓練。")
    assert said(drill=True).seconds == said().seconds


@pytest.mark.parametrize("language", sorted({Language.ENGLISH, Language.EASY_JAPANESE}))
def test_rule_16_a_drill_in_other_languages_is_marked_at_head_and_tail(language: Language) -> None:
    spoken = lines(voice_script(rendering(an_alert(drill=True)), language))
    assert "訓練" in spoken[0]
    assert "訓練" in spoken[-1]


def test_rule_17_what_nobody_may_read_aloud_is_no_call() -> None:
    unread = rendering(an_alert(area_names=("鵜首一丁目",)))
    with pytest.raises(NotFit):
        voice_script(unread)


def test_a_language_that_was_not_approved_is_not_read() -> None:
    only = rendering(an_alert())
    without = type(only)(
        only.number,
        only.revision,
        only.drill,
        only.messages,
        {Language.JAPANESE: only.actions[Language.JAPANESE]},
        only.used,
    )
    with pytest.raises(NotFit, match="この言語"):
        voice_script(without, Language.ENGLISH)
