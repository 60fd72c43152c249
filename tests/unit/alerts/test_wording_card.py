"""The LINE card as LINE's own contract and limits take it."""

from itertools import product
from typing import Any

import orjson
import pytest

from alerts.kinds import Language, Medium, Step
from tests.peers.line_contract import Contract
from tests.peers.line_rules import CONTRACT, faults
from tests.unit.alerts.asase import FOUR, a_notice, an_alert, rendering

ALERTS = [
    *(an_alert(level=level, drill=drill) for level, drill in product((3, 4, 5), (False, True))),
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
