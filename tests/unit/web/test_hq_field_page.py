"""Headquarters' page of the field as text: every word that its scripts use, and nothing inline."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from city.staff import Caller, CallerKind, Role
from hazards.closure import ClosureBasis
from hazards.evidence import Effect
from hazards.mission import MissionState
from hazards.observation import Depth, ObservationKind, ObservationState, SourceKind
from hazards.rescue import ENDED
from tests.unit.web.ground import SITES, ground
from web.staff.cutoff import cut_off_rings
from web.staff.fieldwaits import NOTHING, loud
from web.staff.hqcauses import held_words, why_words
from web.staff.hqfield import all_words, field_desk_page
from web.staff.hqplan import panel
from web.staff.hqrows import Moment

NOW = datetime(2026, 10, 10, 17, 10, tzinfo=UTC)
OPERATOR = Caller(CallerKind.STAFF, 3, "架空 花子", frozenset({Role.OPERATOR}))
APPROVER = Caller(CallerKind.STAFF, 4, "架空 太郎", frozenset({Role.APPROVER}))
SCRIPTS = sorted((Path(__file__).parents[3] / "web" / "static").glob("hqfield*.js"))


def page(caller: Caller = OPERATOR, *, bare: bool = False) -> str:
    return field_desk_page(None if bare else ground(), caller=caller, csrf="token", now=NOW)


def test_everything_that_a_report_or_a_team_can_be_has_a_word() -> None:
    words = all_words()
    assert set(words["kind"]) == set(ObservationKind)
    assert set(words["state"]) == set(words["steps"]) == set(ObservationState)
    assert set(words["source"]) == set(SourceKind)
    assert set(words["depth"]) == set(Depth)
    assert set(words["effect"]) == {effect.name.lower() for effect in Effect}
    assert set(words["mission_steps"]) == set(MissionState)
    assert set(words["rescue_ended"]) == set(ENDED)


def test_every_table_of_words_that_the_scripts_ask_for_is_there() -> None:
    texts = "".join(file.read_text("utf-8") for file in SCRIPTS)
    asked = set(re.findall(r"\bword\('([a-z_]+)'", texts)) | set(
        re.findall(r"\bwords\.([a-z_]+)", texts)
    )
    assert asked
    assert asked - set(all_words()) == set()


def test_nobody_says_anything_more_of_a_team_that_is_back() -> None:
    steps = all_words()["mission_steps"]
    assert steps["returned"] == []
    assert "reached" in steps["escalated"]
    assert "reached" not in steps["out"]


def test_only_an_approver_is_offered_to_release_a_move() -> None:
    assert 'data-approver=""' in page()
    assert 'data-approver="yes"' in page(APPROVER)


def test_the_maps_know_every_place_and_the_page_works_without_a_city() -> None:
    text = page()
    assert 'id="city-land"' in text
    assert all(site.id.replace("<", "\\u003c") in text or site.id[:2] in text for site in SITES)
    assert 'id="city-land"' not in page(bare=True)


def test_nothing_of_the_page_is_inline_and_a_fictional_city_is_called_so() -> None:
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page())
    assert re.findall(r"<script(?![^>]* src=)", page()) == []
    assert "架空" in page()


def test_a_cut_off_area_has_its_outline_and_no_other_one() -> None:
    found = cut_off_rings(ground(), frozenset({"下浅瀬二丁目", "どこにもない町"}))
    assert set(found) == {"下浅瀬二丁目"}
    (ring,) = found["下浅瀬二丁目"]
    assert ring[0] == ring[-1]
    assert len(ring) == 5


@pytest.mark.parametrize(
    ("waits", "words"),
    [
        ({}, ""),
        ({"reports": 4}, ""),
        ({"moves": 1}, "大きな移動の承認待ち 1"),
        (
            {"asks": 2, "overdue": 1, "reports": 4},
            "連絡のない班 1・60分たった一時停止 2",
        ),
    ],
    ids=["nothing", "reports", "a move", "a team first"],
)
def test_a_strip_says_what_a_person_must_decide(waits: dict[str, int], words: str) -> None:
    assert loud({**NOTHING, **waits}) == words


@pytest.mark.parametrize(
    ("basis", "reports", "ordered"),
    [
        (ClosureBasis.SUSPENDED, True, False),
        (ClosureBasis.CONFIRMED, True, False),
        (ClosureBasis.ORDER, False, True),
        (None, True, True),
    ],
    ids=["suspended", "confirmed", "ordered", "not known"],
)
def test_a_move_is_taken_back_the_way_its_closure_stands(
    basis: ClosureBasis | None, reports: bool, ordered: bool
) -> None:
    words = held_words({"kind": "closure", "item": 7, "said": "橋の点検", "basis": basis})
    assert ("報告" in words["undo"], "「もし…なら」" in words["undo"]) == (reports, ordered)
    assert ("報告" in words["what"]) is (reports and not ordered)


def test_a_move_that_waits_is_no_water_and_is_decided_beside_its_map() -> None:
    move: dict[str, Any] = {
        "number": 3,
        "kind": "closure",
        "item": 7,
        "said": "橋の異常（ドローン）",
        "since": NOW.isoformat(),
        "why": "2 households cut off, 1200 sent elsewhere",
    }
    words = held_words(move)
    assert "橋の異常" in words["what"]
    assert "浸水" not in "".join(words.values())
    assert why_words(move["why"]) == "行き先がなくなる 2世帯、行き先が変わる 1,200世帯。"
    said = {**move, "words": words, "why_words": ""}
    found = {"plan": None, "waiting": [said], "checked_at": None, "stale": True}
    assert panel(found, Moment(NOW, ZoneInfo("Asia/Tokyo")))["held"] == []
