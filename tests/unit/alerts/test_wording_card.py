"""The LINE card: as LINE's contract and limits take it, coloured as its level, with its buttons."""

from itertools import product
from typing import Any

import orjson
import pytest

from alerts.kinds import Language, Medium, Step
from alerts.levels import COLOURS
from alerts.wording.checks.texts import shown
from alerts.wording.media.cards import NEUTRAL, card_colours
from alerts.wording.seen import seen_data, seen_of
from hazards.kinds import AlertLevel
from tests.peers.line_contract import Contract
from tests.peers.line_rules import CONTRACT, faults
from tests.unit.alerts.asase import FOUR, LINKS, a_notice, an_alert, rendering

LEVELS = (3, 4, 5)
ALERTS = [
    *(an_alert(level=level, drill=drill) for level, drill in product(LEVELS, (False, True))),
    an_alert(step=Step.ALL_CLEAR),
    a_notice(),
    an_alert(area_names=tuple(f"浅瀬{name}丁目" for name in range(1, 60)) + FOUR),
    an_alert(area_names=tuple(f"たいへんに長い名前の{'あ' * n}地区" for n in range(1, 300))),
]
HEADERS = {
    "content-type": "application/json",
    "authorization": "Bearer x",
    "x-line-retry-key": "123e4567-e89b-12d3-a456-426614174000",
}


def bodies(alert: Any) -> list[dict[str, Any]]:
    messages = rendering(alert).messages[Medium.LINE]
    return [{"to": ["U" + "0" * 32], "messages": messages[one]["messages"]} for one in Language]


@pytest.mark.parametrize("alert", ALERTS, ids=range(len(ALERTS)))
def test_a_card_keeps_line_s_limits(alert: Any) -> None:
    for body in bodies(alert):
        assert not list(faults(body))


@pytest.mark.skipif(not CONTRACT.exists(), reason="LINE's own contract lies in ../shared/data/line")
def test_a_card_keeps_line_s_contract() -> None:
    contract = Contract()
    for alert in ALERTS[:8]:
        for body in bodies(alert):
            assert contract.fault(orjson.dumps(body), HEADERS) == ""


def test_every_text_wraps_and_every_button_has_a_short_label() -> None:
    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if value.get("type") == "text":
                assert value["wrap"] is True
                assert value["text"]
            if "label" in value:
                assert 0 < len(value["label"]) <= 40
            for one in value.values():
                walk(one)
        elif isinstance(value, list):
            for one in value:
                walk(one)

    for alert in ALERTS:
        for body in bodies(alert):
            walk(body)


def test_a_card_has_the_colour_number_and_word_of_its_level() -> None:
    for level in LEVELS:
        (card,) = rendering(an_alert(level=level)).messages[Medium.LINE][Language.JAPANESE][
            "messages"
        ]
        assert list(card_colours(card["contents"])) == [COLOURS[AlertLevel(level)][0]]
        lines = next(one for one in shown(rendering(an_alert(level=level)))).parts[0].split("\n")
        assert lines[:2] == ["警戒レベル", str(level)]


@pytest.mark.parametrize("step", [Step.CANCEL, Step.ALL_CLEAR])
def test_what_is_no_longer_in_force_has_no_colour_of_a_level(step: Step) -> None:
    (card,) = rendering(an_alert(step=step)).messages[Medium.LINE][Language.JAPANESE]["messages"]
    assert list(card_colours(card)) == [NEUTRAL[0]]


def test_a_card_leads_to_the_way_out_and_says_what_was_read() -> None:
    (card,) = rendering(an_alert()).messages[Medium.LINE][Language.JAPANESE]["messages"]
    way, seen = (button["action"] for button in card["contents"]["footer"]["contents"])
    assert (way["type"], way["label"], way["uri"]) == ("uri", "自分の逃げ道を見る", LINKS.way)
    assert (seen["type"], seen["label"]) == ("postback", "確認しました")
    assert seen_of(seen["data"]) == (128, 1)


@pytest.mark.parametrize("data", ["", "seen=1", "seen=0.1", "seen=1.1&x", "seen=１.1", "x=1.1"])
def test_other_data_than_our_own_says_nothing(data: str) -> None:
    assert seen_of(data) is None
    assert seen_of(seen_data(7, 2)) == (7, 2)


def test_level_5_offers_no_way() -> None:
    rendered = rendering(an_alert(level=5))
    for one in shown(rendered):
        if one.medium is Medium.LINE:
            assert "逃げ道を見る" not in one.text
            assert "See my way out" not in one.text
