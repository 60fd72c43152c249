"""The order of decisions, the refs of the chronology, and the words that all decisions share."""

from datetime import UTC, datetime
from typing import Any

import pytest

from operations.board.decisions import in_order
from operations.board.decisions.asking import act, area_words, level_words
from operations.board.look import iso
from operations.chronology.refs import mark, read_ref, read_refs
from operations.errors import Refused


def waiting(key: str, due: str | None, since: str | None) -> dict[str, Any]:
    return {"key": key, "due": due, "since": since}


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
