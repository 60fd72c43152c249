"""Rows of the headquarters page: old is never live, nobody is refused, nobody decides alone."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.staff import Caller, CallerKind, Role
from shelters.place import Opening
from web.staff.hq import hq_page, waiting
from web.staff.hqrows import At, Marked, Moment, call_row, order_row, proposal_row, site_row

NOW = datetime(2026, 10, 10, 17, 2, tzinfo=UTC)
NIGHT = Moment(NOW, ZoneInfo("Asia/Tokyo"))
OFFICER = Caller(CallerKind.STAFF, 3, "架空 花子", frozenset({Role.OPERATOR, Role.APPROVER}))
LEVEL_4 = {"hazard": "flood", "level": 4, "area_names": ["川岸町", "中洲町"]}


def ago(minutes: float) -> str:
    return (NOW - timedelta(minutes=minutes)).isoformat()


def a_site(*, counted: float | None = 4, **said: Any) -> dict[str, Any]:
    """A place, counted so many minutes ago; a figure is known for half an hour."""
    crowd: dict[str, Any] = {"raw_persons": None, "raw_band": None, "raw_capacity": 600}
    if counted is not None:
        crowd |= {"raw_persons": 412, "raw_band": "some", "raw_counted_at": ago(counted)}
        crowd |= {"raw_unknown_after": ago(counted - 30), "raw_counted_by": "係員"}
    return {"id": "E1", "name": "浅瀬小学校", "opening": "open", **crowd, **said}


def a_room(*, overflow: bool, in_use: bool) -> dict[str, Any]:
    return {"room": "r", "name": "教室", "overflow": overflow, "in_use": in_use}


def test_a_figure_is_shown_with_its_band_its_time_and_who_counted() -> None:
    row = site_row(a_site(), NIGHT)
    assert row["band"] == Marked("some", "やや混雑")
    assert row["figure"] == "412 / 600"
    assert row["old"] == ""
    assert row["counted_at"] == At(ago(4), "1:58")
    assert row["counted_by"] == "係員"


def test_time_of_another_day_carries_its_date() -> None:
    assert NIGHT.at(ago(3 * 60)).text == "10/10 23:02"


@given(minutes=st.floats(30.001, 10_000), band=st.sampled_from(["room", "some", "crowded", "full"]))
@settings(deadline=None)
def test_an_old_figure_never_reads_as_live(minutes: float, band: str) -> None:
    row = site_row(a_site(counted=minutes) | {"raw_band": band}, NIGHT)
    assert row["band"] == Marked("unknown", "不明")
    assert row["old"] == "最後の数"


def test_a_place_that_nobody_counted_reads_unknown() -> None:
    row = site_row(a_site(counted=None), NIGHT)
    assert row["band"] == Marked("unknown", "不明")
    assert row["figure"] == "— / 600"


def test_below_zero_is_no_figure_and_somebody_must_see_to_it() -> None:
    below = a_site(raw_persons=0, raw_band=None, below_zero=True, call_next=True)
    row = site_row(below, NIGHT)
    assert (row["figure"], row["old"]) == ("— / 600", "")
    assert row["band"] == Marked("unknown", "不明")
    assert row["alerts"] == "人数が0未満・電話で確認"
    call = {"name": "公民館", "last_persons": 0, "below_zero": True}
    assert call_row(call, NIGHT)["last"] == "人数が0より少なくなりました"


@pytest.mark.parametrize("opening", ["unopened", "preparing", "closed", "endangered"])
def test_nothing_says_that_there_is_room_where_nobody_should_go(opening: str) -> None:
    row = site_row(a_site(opening=opening) | {"raw_band": "room"}, NIGHT)
    assert row["band"] == Marked("none", "—")


def test_a_full_place_says_that_a_room_is_to_spare() -> None:
    spare, used = a_room(overflow=True, in_use=False), a_room(overflow=True, in_use=True)
    assert site_row(a_site(opening="full", rooms=[spare]), NIGHT)["alerts"] == "予備の部屋あり"
    assert site_row(a_site(opening="full", rooms=[used]), NIGHT)["alerts"] == ""
    assert site_row(a_site(rooms=[spare]), NIGHT)["alerts"] == ""


@pytest.mark.parametrize("opening", Opening)
def test_every_opening_has_a_word(opening: Opening) -> None:
    shown = site_row(a_site(opening=str(opening)), NIGHT)["opening"]
    assert isinstance(shown, Marked)
    assert shown.text != opening


def test_an_order_names_the_places_that_are_not_open() -> None:
    unopened = [{"name": "北", "opening": "unopened"}, {"name": "南", "opening": "preparing"}]
    row = order_row(LEVEL_4 | {"since": ago(5)}, unopened, NIGHT)
    expected = "まだ開いていない避難場所が2か所あります。未開設：北。開設準備：南。"
    assert row["unopened"] == expected
    assert row["what"] == "避難指示　洪水"
    assert row["areas"] == "川岸町、中洲町"


def test_an_order_without_areas_is_for_the_whole_city() -> None:
    assert order_row(LEVEL_4 | {"area_names": []}, (), NIGHT)["areas"] == "市内全域"


def test_a_proposal_says_whose_it_is_and_whether_it_lifts() -> None:
    proposal = LEVEL_4 | {"proposed_by": "staff:3", "proposed_by_name": "架空 花子", "lifts": 7}
    own = proposal_row(proposal, "staff:3", NIGHT)
    other = proposal_row(proposal, "staff:4", NIGHT)
    assert own["by"] == "自分の提案"
    assert other["by"] == "架空 花子の提案"
    assert other["what"] == "避難指示　洪水の解除"


def test_a_call_says_the_last_figure_and_who_called() -> None:
    call = {"name": "公民館", "phone": "042-000-0000", "last_persons": 1200}
    last = {"at": ago(10), "outcome": "no_answer", "called_by": "架空 花子"}
    row = call_row(call | {"last_counted_at": ago(50), "last_call": last}, NIGHT)
    assert row["last"] == "最後は1,200人"
    assert row["called"] == "出ない（架空 花子）"
    assert call_row({"name": "公民館"}, NIGHT)["last"] == "まだ数がありません"


def test_needs_that_nobody_answered_come_first_and_settled_ones_go() -> None:
    needs = [
        {"id": 1, "state": "accepted", "received_at": ago(9)},
        {"id": 2, "state": "sent", "received_at": ago(1)},
        {"id": 3, "state": "done", "received_at": ago(9)},
    ]
    assert [one["id"] for one in waiting(needs)] == [2, 1]


def test_page_escapes_what_people_wrote_and_holds_nothing_inline() -> None:
    site = a_site(note="<script>alert(1)</script>")
    empty: dict[str, Any] = {key: [] for key in ("call_next", "needs", "proposals", "orders")}
    picture = empty | {"sites": [site], "areas": [], "unopened": [], "alerts": []}
    page = hq_page(picture, caller=OFFICER, csrf="word", card=None, now=NOW)
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>" not in page
    assert " style=" not in page
    assert "避難勧告" not in page
