"""Who may answer for the city's words, and for which of them."""

from typing import Any

from city.staff import Role
from tests.integration.alerted import WORDING, Headquarters
from tests.integration.staffed import Signed, signed_in

KEY = "evacuation.issue.flood.4.ja"
NAME = "綾畑"


def edit(hq: Headquarters, by: Signed, title: str) -> int:
    """The version of the template after that."""
    parts = {"title": f"警戒レベル{{level}} {{level_word}}{title}（{{hazard}}）"}
    hq.well(hq.ask(by, f"{WORDING}/templates", {"key": KEY, "parts": parts}))
    return version(hq)


def version(hq: Headquarters) -> int:
    (found,) = [one for one in hq.get(WORDING)["templates"] if one["key"] == KEY]
    return int(found["version"])


def adopt(hq: Headquarters, by: Signed, **more: Any) -> Any:
    return hq.ask(by, f"{WORDING}/adopted", {"keys": [KEY], **more})


def readings(hq: Headquarters) -> dict[str, str]:
    return {one["name"]: one["kana"] for one in hq.get(WORDING)["readings"] if one["confirmed"]}


def read(hq: Headquarters, by: Signed, kana: str, name: str = NAME) -> Any:
    return hq.ask(by, f"{WORDING}/readings", {"name": name, "kana": kana})


def test_nobody_adopts_words_that_changed_after_they_were_seen(hq: Headquarters) -> None:
    seen = edit(hq, hq.writer, "です")
    newer = edit(hq, hq.writer, "だ")
    refused = adopt(hq, hq.approver, versions={KEY: seen})
    assert refused.status_code == 422
    assert "変わりました" in refused.json()["detail"]
    assert version(hq) == newer
    hq.well(adopt(hq, hq.approver, versions={KEY: newer}))


def test_changed_standard_words_are_another_version_than_the_standard_s(hq: Headquarters) -> None:
    hq.database.rows("DELETE FROM alert_template RETURNING 1")
    seen = version(hq)
    assert edit(hq, hq.writer, "です") > seen
    assert adopt(hq, hq.approver, versions={KEY: seen}).status_code == 422


def test_nobody_answers_for_words_that_they_wrote(hq: Headquarters) -> None:
    edit(hq, hq.approver, "です")
    refused = adopt(hq, hq.approver)
    assert refused.status_code == 403
    assert "自分が書いた" in refused.json()["detail"]
    other = signed_in(hq.engine, Role.APPROVER)
    hq.well(adopt(hq, other))
    hq.well(adopt(hq, other))


def test_a_reading_that_somebody_else_confirmed_is_overwritten_by_an_approver(
    hq: Headquarters,
) -> None:
    hq.well(read(hq, hq.writer, "あやばた"))
    hq.well(read(hq, hq.writer, "あやはた"))
    other = signed_in(hq.engine, Role.OPERATOR)
    refused = read(hq, other, "りょうはた")
    assert refused.status_code == 403
    assert "承認者だけ" in refused.json()["detail"]
    hq.well(read(hq, other, "あやはた"))
    hq.well(read(hq, hq.approver, "りょうはた"))
    said = hq.database.rows(
        "SELECT details->>'kana', details->>'before' FROM audit_entry"
        " WHERE action = 'reading.confirmed' AND subject = '綾畑' ORDER BY number"
    )
    assert said == [
        ("あやばた", None),
        ("あやはた", "あやばた"),
        ("あやはた", "あやはた"),
        ("りょうはた", "あやはた"),
    ]


def test_a_reading_confirmed_in_the_city_s_file_is_somebody_else_s(hq: Headquarters) -> None:
    hq.database.rows("DELETE FROM reading WHERE name = '本町' RETURNING 1")
    hq.database.rows("DELETE FROM confirmed_reading WHERE name = '本町' RETURNING 1")
    hq.database.rows(
        "INSERT INTO reading (load_id, number, name, kana, confirmed)"
        " SELECT id, 9999, '本町', 'ほんまち', true FROM city_load RETURNING 1"
    )
    assert read(hq, hq.writer, "ほんちょう", "本町").status_code == 403
    hq.well(read(hq, hq.approver, "ほんちょう", "本町"))
