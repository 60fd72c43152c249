"""Calls from the phone desk: which alerts are read, and for which revision an answer counts."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from alerts.errors import NotFit
from alerts.kinds import Language
from city.position import Position
from city.staff import Role
from data.database import transaction
from data.errors import NotThere
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.alerts import deciding, voice, voiced
from operations.household.links import new_links
from tests.integration.alerted import AREA, OTHER
from tests.integration.doored import FIRST, DoorNight
from tests.integration.staffed import Signed, signed_in

LIST = "/api/v1/phone/alerts"
LABEL = "K9-17"


@pytest.fixture
def phone(night: DoorNight) -> Signed:
    """Somebody at the phone desk; the first home has a slip."""
    code = night.hq.database.one("SELECT code FROM city_load WHERE current")
    query = "SELECT ST_Y(geom), ST_X(geom) FROM household ORDER BY number LIMIT 1"
    at = Position(*night.hq.database.rows(query)[0])
    until = night.now + timedelta(days=1)
    with transaction(night.engine, latest=True) as connection:
        new_links(connection, code, [(FIRST, at, LABEL)], now=night.now, expires_at=until)
    return signed_in(night.engine, Role.PHONE)


def listed(night: DoorNight, phone: Signed) -> list[dict[str, Any]]:
    """The alerts as the desk is told of them."""
    found: list[dict[str, Any]] = night.hq.well(night.hq.ask(phone, LIST, method="GET"))["alerts"]
    return found


def lines(night: DoorNight) -> list[dict[str, Any]]:
    """The same at the night's own moment."""
    with transaction(night.engine) as connection:
        return voiced.listed(connection, night.now)


def answered(night: DoorNight, phone: Signed, **body: Any) -> Any:
    """Send that a household answered."""
    path = f"{LIST}/{night.shown['alert']}/answered"
    return night.hq.ask(phone, path, {"label": LABEL, "answered": True} | body)


def test_the_desk_is_told_what_may_be_read_and_until_when(night: DoorNight, phone: Signed) -> None:
    (line,) = listed(night, phone)
    assert (line["alert"], line["number"]) == (night.shown["alert"], night.number)
    assert (line["level"], line["state"], line["drill"]) == (4, "told", False)
    assert line["area_names"] == [AREA, OTHER]
    assert "避難指示" in line["title"]
    assert line["languages"] == [str(one) for one in Language]
    assert (line["level_5"], line["silenced"]) == ([], False)
    assert line["expires_at"] == night.shown["expires_at"]


def test_a_language_that_is_not_there_is_not_offered(night: DoorNight, phone: Signed) -> None:
    night.hq.database.rows(
        "UPDATE alert_revision SET rendered = rendered #- '{actions,en}' RETURNING 1"
    )
    (line,) = listed(night, phone)
    assert line["languages"] == ["ja", "ja-x-easy"]
    asked = f"{LIST}/{night.shown['alert']}/voice?language=en"
    refused = night.hq.ask(phone, asked, method="GET")
    assert (refused.status_code, "この言語では" in refused.text) == (422, True)


def test_only_the_newest_revision_is_listed_and_no_draft(night: DoorNight, phone: Signed) -> None:
    night.hq.draft(level=5)
    night.update(areas=[AREA, OTHER], reason="水が、さらに増えています。")
    assert [one["number"] for one in listed(night, phone)] == [night.number]


def test_the_highest_level_stands_first_and_a_drill_is_marked_and_last(
    night: DoorNight, phone: Signed
) -> None:
    night.send(level=3, areas=[OTHER], hazard="landslide")
    night.send(level=5, status="Exercise", areas=[OTHER])
    assert [(one["level"], one["drill"]) for one in listed(night, phone)] == [
        (4, False),
        (3, False),
        (5, True),
    ]


def test_what_was_stopped_or_is_over_is_named_for_an_hour_and_says_so(night: DoorNight) -> None:
    begun, ends = night.now, datetime.fromisoformat(night.shown["expires_at"])
    assert [one["state"] for one in lines(night)] == ["told"]
    night.now = ends + timedelta(seconds=1)
    assert [one["state"] for one in lines(night)] == ["expired"]
    night.now = ends + voiced.ENDED_WITHIN + timedelta(seconds=1)
    assert lines(night) == []
    night.now = begun
    by = night.hq.writer.caller
    deciding.stop(night.engine, by, night.number, why="誤りがありました", now=night.now)
    assert [one["state"] for one in lines(night)] == ["stopped"]
    night.now += voiced.ENDED_WITHIN
    assert lines(night) == []


def test_rule_04_words_of_a_lower_level_are_read_to_nobody_where_level_5_stands(
    night: DoorNight, phone: Signed
) -> None:
    path = f"{LIST}/{night.shown['alert']}/voice"
    changes.set_level(night.engine, HazardKind.LANDSLIDE, AlertLevel.SECURE_NOW, areas=[AREA])
    (line,) = listed(night, phone)
    assert (line["level_5"], line["silenced"]) == ([AREA], False)
    assert night.hq.ask(phone, path, method="GET").status_code == 200
    query = "UPDATE evacuation_order SET area_names = '{%s}' WHERE level = 5 RETURNING 1"
    night.hq.database.rows(query % "地図で示した区域")
    (drawn,) = listed(night, phone)
    assert (drawn["level_5"], drawn["silenced"]) == ([AREA], False), "towns are named, not a map"
    changes.set_level(night.engine, HazardKind.LANDSLIDE, AlertLevel.SECURE_NOW)
    (line,) = listed(night, phone)
    assert (line["level_5"], line["silenced"]) == (["市内全域"], True)
    refused = night.hq.ask(phone, path, method="GET")
    assert refused.status_code == 422
    assert "レベル5の文を読んでください" in refused.text


def test_rule_04_the_words_of_level_5_itself_are_read(night: DoorNight, phone: Signed) -> None:
    night.send(level=5, areas=[AREA])
    first = listed(night, phone)[0]
    assert (first["level"], first["level_5"], first["silenced"]) == (5, [], False)


def test_an_answer_counts_for_the_revision_that_was_read_and_for_no_later_one(
    night: DoorNight, phone: Signed
) -> None:
    before = night.number
    night.update(areas=[AREA, OTHER], reason="水が、さらに増えています。")
    late = night.hq.well(answered(night, phone, number=before))
    assert late == {
        "alert": night.shown["alert"],
        "answered": True,
        "number": before,
        "revision": 1,
        "told_now": False,
    }
    assert (night.ledger(before)["confirmed"], night.ledger()["confirmed"]) == (1, 0)
    again = night.hq.well(answered(night, phone, number=night.number))
    assert (again["revision"], again["told_now"]) == (2, True)
    assert night.ledger()["confirmed"] == 1


def test_an_answer_that_names_no_revision_counts_for_the_newest(
    night: DoorNight, phone: Signed
) -> None:
    night.update(areas=[AREA, OTHER], reason="水が、さらに増えています。")
    assert night.hq.well(answered(night, phone))["number"] == night.number


def test_an_answer_that_comes_after_the_end_counts_for_what_was_read(night: DoorNight) -> None:
    alert, by = night.shown["alert"], night.hq.writer.caller
    deciding.stop(night.engine, by, night.number, why="誤りがありました", now=night.now)
    with pytest.raises(NotFit):
        voice.note_call(night.engine, by, alert, FIRST, True, now=night.now)
    noted = voice.note_call(
        night.engine, by, alert, FIRST, True, now=night.now, number=night.number
    )
    assert (noted.number, noted.told_now) == (night.number, False)
    assert night.ledger()["confirmed"] == 1


def test_an_answer_for_what_nobody_was_read_is_refused(night: DoorNight, phone: Signed) -> None:
    first = night.shown
    draft = night.hq.revise(first["alert"], step="update", areas=[AREA, OTHER])
    night.send(areas=[OTHER], hazard="landslide")
    other, night.shown = night.number, first
    for number in (draft["number"], other, 999_999):
        assert answered(night, phone, number=number).status_code == 404
    assert answered(night, phone, number=0).status_code == 422
    with pytest.raises(NotThere):
        voice.note_call(
            night.engine, phone.caller, first["alert"], FIRST, True, now=night.now, number=other
        )
    assert night.ledger()["confirmed"] == 0


def test_a_door_of_a_list_counts_though_no_slip_was_printed(
    night: DoorNight, phone: Signed
) -> None:
    unlisted = answered(night, phone, label="A1-01")
    assert (unlisted.status_code, "戸別の一覧にもありません" in unlisted.text) == (404, True)
    assert "受付票に書いてください" in unlisted.text
    made = night.make()
    night.hand(made.lists[0])
    door = night.opened(made.lists[0])[0]["label"]
    night.hq.well(answered(night, phone, label=door.lower(), number=night.number))
    assert night.ledger()["confirmed"] == 1
    night.send(areas=[OTHER], hazard="landslide")
    assert answered(night, phone, label=door).status_code == 404, "a list of another alert"


def test_a_household_outside_the_area_is_refused_for_its_label_was_misheard(
    night: DoorNight, phone: Signed
) -> None:
    night.send(areas=[OTHER], hazard="landslide")
    for said in (True, False):
        refused = answered(night, phone, answered=said, number=night.number)
        assert (refused.status_code, "区域にありません" in refused.text) == (422, True)
    assert night.hq.database.one("SELECT count(*) FROM confirmation") == 0


def test_a_household_that_did_not_answer_is_reached_by_nothing(
    night: DoorNight, phone: Signed
) -> None:
    night.hq.well(answered(night, phone, answered=False, number=night.number))
    assert night.ledger()["confirmed"] == 0
    assert LABEL not in str(night.log("voice.called"))


def test_the_page_of_calls_holds_no_household_and_nothing_inline(
    night: DoorNight, phone: Signed
) -> None:
    page = night.hq.ask(phone, "/phone/calls", method="GET")
    assert page.status_code == 200
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    for inline in (" style=", "<style", " onclick=", "<script>", LABEL, AREA):
        assert inline not in page.text
    assert "この画面に電話番号はありません" in page.text
    assert night.hq.ask(night.welfare, "/phone/calls", method="GET").status_code == 403
