"""The order of decisions, the refs of the chronology, and the words that all decisions share."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from alerts.doors import ANSWERS_WITHIN
from operations.board.decisions import in_order, lines, teams
from operations.board.decisions.asking import act, area_words, level_words
from operations.board.look import MOST_REMEMBERED, iso, remembered
from operations.chronology.refs import mark, read_ref, read_refs
from operations.errors import Refused


def waiting(key: str, due: str | None, since: str | None) -> dict[str, Any]:
    return {"key": key, "kind": "other", "due": due, "since": since}


def test_the_soonest_deadline_stands_first_then_what_waits_longest() -> None:
    rows = [
        waiting("d", None, None),
        waiting("c", None, "2026-10-13T01:00:00+00:00"),
        waiting("b", None, "2026-10-12T23:00:00+00:00"),
        waiting("a", "2026-10-13T02:20:00+00:00", "2026-10-13T02:14:00+00:00"),
        waiting("0", "2026-10-13T02:16:00+00:00", "2026-10-13T02:15:00+00:00"),
    ]
    assert "".join(in_order(rows)) == "0abcd"


def test_many_areas_are_counted_and_none_are_the_whole_city() -> None:
    assert area_words(["月待", "鵜首"]) == "月待、鵜首"
    assert area_words(["一", "二", "三", "四", "五"]) == "一、二、三 ほか2"
    assert area_words([]) == "市内全域"
    assert area_words([], whole=False) == ""


def test_a_level_has_its_word_its_number_and_its_hazard() -> None:
    assert level_words(5, "landslide") == "緊急安全確保（レベル5・土砂災害）"


def test_what_a_person_writes_first_has_a_field_and_else_there_is_none() -> None:
    plain = act("s", "続ける", "/closures/5/stands", {})
    assert (plain["asks"], plain["field"]) == (None, None)
    asking = act("x", "却下する", "/proposals/1", {"decision": "rejected"}, asks="理由")
    assert (asking["field"], asking["path"]) == ("why", "/api/v1/headquarters/proposals/1")


def test_moments_are_in_one_zone() -> None:
    at = datetime(2026, 10, 13, 2, 14, 8, 999, tzinfo=UTC)
    assert iso(at) == "2026-10-13T02:14:08+00:00"
    assert iso(None) is None


def test_a_ref_is_read_as_it_is_written() -> None:
    assert str(read_ref(" entry:12 ")) == "entry:12"
    marks = {"version": 7, "audit": 3, "entry": 1}
    assert read_refs(mark(marks)) == marks


@pytest.mark.parametrize(
    "text", ["", "12", "entry:", "entry:-1", "staff:3", "entry:12345678901234567"]
)
def test_what_is_no_ref_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="番号がわかりません"):
        read_ref(text)


NIGHT: Any = SimpleNamespace(
    connection=None,
    code="x",
    now=datetime(2026, 10, 13, 2, 0, tzinfo=UTC),
    card=SimpleNamespace(timezone="Asia/Tokyo"),
)


def test_a_team_at_doors_is_handed_on_by_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    since = datetime(2026, 10, 13, 2, 0, tzinfo=UTC)
    mission = SimpleNamespace(id=7, reached_at=since + timedelta(hours=1))
    monkeypatch.setattr("data.missions.outside", lambda *_: [mission])
    row = {"number": 7, "doors": True, "team": "第3班", "word": "戻らない", "area_names": ["月待"]}
    row |= {"overdue_since": iso(since), "escalated_at": None, "last_heard": None}
    row |= {"withdraw_at": iso(since)}
    (found,) = teams.overdue(NIGHT, {"doors:7": row})
    assert found["due"] == iso(since + ANSWERS_WITHIN)


def test_a_gauge_of_which_one_sensor_speaks_is_not_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 10, 13, 2, 0, tzinfo=UTC)
    sensors = [
        SimpleNamespace(
            id=number,
            gauge=gauge,
            river="澄川",
            name=f"{number}号機",
            stopped_at=None,
            silent_after_min=30,
            added_at=now - timedelta(days=1),
        )
        for number, gauge in ((1, "上"), (2, "上"), (3, "下"))
    ]
    monkeypatch.setattr("data.waterlevels.sensors", lambda *_: sensors)
    spoke = {2: now - timedelta(minutes=5)}
    monkeypatch.setattr("data.waterlevels.last_measured", lambda _, one: spoke.get(one))
    look = SimpleNamespace(**vars(NIGHT) | {"now": now})
    assert [one["key"] for one in lines.silent(look)] == ["silent:3"]  # type: ignore[arg-type]


def test_what_is_asked_for_again_stays_known_and_kinds_do_not_push_each_other_off() -> None:
    remembered(("kept", 0), lambda: "first")
    for number in range(MOST_REMEMBERED):
        remembered(("kept", 0), lambda: "anew")
        remembered(("kept", number + 1), lambda: "other")
        remembered(("else", number), lambda: "other")
    assert remembered(("kept", 0), lambda: "anew") == "first"
