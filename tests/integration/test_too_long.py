"""A text that is too long is told by how much, in Japanese."""

from typing import Any

from tests.integration.alerted import ALERTS, FLOOD, Headquarters


def refused(hq: Headquarters, path: str, body: dict[str, Any]) -> str:
    answer = hq.ask(hq.writer, path, body)
    assert answer.status_code == 422
    assert "ああああ" not in answer.text
    return str(answer.json()["detail"])


def test_a_text_that_is_too_long_says_how_long_it_may_be(hq: Headquarters) -> None:
    said = refused(hq, ALERTS, FLOOD | {"reason": "あ" * 401})
    assert said.startswith("reason: 400字まで（いま 401 字） (")
    asked = {"hazard": "flood", "level": 4, "whole_city": True, "reason": "あ" * 230}
    assert "reason: 200字まで（いま 230 字）" in refused(
        hq, "/api/v1/headquarters/proposals", asked
    )
