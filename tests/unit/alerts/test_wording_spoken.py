"""What the loudspeaker says: names that somebody can read, sentences that somebody can take in."""

from dataclasses import replace
from typing import Any

import pytest

from alerts.kinds import Language, Medium
from alerts.wording.checks.texts import loudspeaker_text
from alerts.wording.findings import Severity
from tests.unit.alerts.asase import FOUR, SETTINGS, an_alert, found, rendering


def test_rule_17_a_name_without_a_confirmed_reading_is_not_read_aloud() -> None:
    rendered = rendering(an_alert(area_names=("澪北一丁目",)))
    assert rendered.message(Medium.LOUDSPEAKER) is None
    (refused,) = rendered.refused
    assert (refused.medium, refused.names) == (Medium.LOUDSPEAKER, ("澪北",))
    drill = rendering(an_alert(area_names=("澪北一丁目",), drill=True))
    message = drill.message(Medium.LOUDSPEAKER)
    assert message is not None
    assert message["unconfirmed"] == ["澪北"]


@pytest.mark.parametrize("drill", [False, True])
@pytest.mark.parametrize(
    "words", [{"reason": "鵜首で水があふれました。"}, {"area_names": ("鵜首",)}]
)
def test_a_name_that_nobody_can_read_refuses_the_loudspeaker(
    words: dict[str, Any], drill: bool
) -> None:
    rendered = rendering(an_alert(drill=drill, **words))
    assert rendered.message(Medium.LOUDSPEAKER) is None
    assert rendered.refused[0].names == ("鵜首",)
    assert rendered.message(Medium.SMS) is not None


def test_letters_that_nobody_can_read_refuse_the_loudspeaker_alone() -> None:
    rendered = rendering(an_alert(reason="①の堤防が切れました。"))
    assert rendered.message(Medium.LOUDSPEAKER) is None
    assert rendered.message(Medium.MAIL) is not None


def test_a_sentence_with_too_many_areas_is_parted() -> None:
    names = (*FOUR, "浅瀬中央一丁目", "浅瀬中央三丁目", "上浅瀬五丁目", "下浅瀬地区")
    message = rendering(an_alert(area_names=names)).messages[Medium.LOUDSPEAKER][Language.JAPANESE]
    lines = ["".join(t for t, _ in s["segments"]) for s in message["sentences"]]
    assert lines[:3] == [
        "次の区域に、洪水に関する、警戒レベル4、避難指示を発令しました。",
        "渡場一丁目から四丁目、浅瀬中央一丁目、三丁目、上浅瀬五丁目、下浅瀬地区。",
        "浅瀬川の水位が、上がっています。",
    ]


def test_too_many_areas_are_said_as_districts_and_where_their_names_are() -> None:
    districts = dict.fromkeys((*FOUR, "上浅瀬一丁目"), "北部地区") | {"下浅瀬地区": "南部地区"}
    few = replace(SETTINGS, most_spoken_areas=1, districts=districts)
    alert = an_alert(area_names=(*FOUR, "下浅瀬地区", "上浅瀬一丁目"))
    rendered = rendering(alert, settings=few)
    said = loudspeaker_text(rendered.messages[Medium.LOUDSPEAKER][Language.JAPANESE])
    assert said.startswith("北部地区、南部地区に、洪水に関する、")
    assert "すべての区域の名前は、市のホームページにあります。" in said
    assert not found(alert, rendered, Severity.STOPS, settings=few)
    unknown = replace(few, districts={FOUR[0]: "北部地区"})
    named = rendering(alert, settings=unknown).messages[Medium.LOUDSPEAKER][Language.JAPANESE]
    assert "渡場一丁目から四丁目" in loudspeaker_text(named)
