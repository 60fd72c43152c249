"""Words of the plan in headquarters: every known cause in Japanese, nothing rounded to better."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from web.staff.hqcauses import cause_words, why_words
from web.staff.hqplan import NOTHING, overflow_row, plan_row
from web.staff.hqrows import Marked, Moment

NOW = datetime(2026, 10, 10, 17, 2, tzinfo=UTC)
NIGHT = Moment(NOW, ZoneInfo("Asia/Tokyo"))
FIGURES = {"gap": 0.0, "expected": 5763, "going": 38422, "moved": 0, "least": 0}
REASONS = {"no_way": 193, "no_room": 47}


def a_board(**said: Any) -> dict[str, Any]:
    """What headquarters is answered, with this said of the plan."""
    plan = {
        "number": 412,
        "published_at": ago(180),
        "cause_words": "通行止め",
        "figures": FIGURES | REASONS,
        "changed": None,
        "overflow": [],
        "later": None,
        "earlier_load": False,
    }
    return {"plan": plan | said, "waiting": [], "checked_at": ago(1), "stale": False}


def ago(seconds: float) -> str:
    return (NOW - timedelta(seconds=seconds)).isoformat()


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("first version of this load", "市のデータを読み込んで最初の版"),
        ("order 3: flood level 4", "避難指示（洪水）の発令"),
        ("order 3: flood level 9", "9（洪水）の発令"),
        ("water observed: 2 areas, w.geojson; road closed: 7", "浸水の記録 2件、通行止め"),
        ("road closed: 7; road closed: 8; and 12 before", "通行止め、ほか12件"),
        ("site E1: endangered", "避難場所の開設状況（危険・孤立）"),
        ("people came or left", "避難場所の人数の変化"),
        ("the moon rose", "the moon rose"),
        ("", ""),
    ],
)
def test_a_known_cause_is_in_japanese_and_any_other_as_it_was_noted(cause: str, words: str) -> None:
    assert cause_words(cause) == words


def test_why_something_waits_is_in_japanese() -> None:
    why = "it covers 72% of all junctions"
    assert why_words(why) == "市の交差点の72%をおおいます。"
    assert why_words("somebody asked") == "somebody asked"


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (0.0, "0.00 % 以下"),
        (0.000001, "0.01 % 以下"),
        (0.0001, "0.01 % 以下"),
        (0.37, "37.00 % 以下"),
    ],
)
def test_the_gap_is_never_rounded_down(gap: float, words: str) -> None:
    row = plan_row(a_board(figures=FIGURES | REASONS | {"gap": gap}), NIGHT)
    assert row["gap"] == words


def test_who_has_no_place_is_counted_by_the_reason() -> None:
    row = plan_row(a_board(), NIGHT)
    assert row["unplaced"] == Marked("some", "240世帯")
    assert row["reasons"] == "道がない 193・空きがない 47"


def test_a_plan_that_lacks_a_change_or_is_checked_by_nobody_says_so() -> None:
    assert plan_row(a_board(), NIGHT)["late"] == ""
    on_its_way = a_board(later={"changes": 3, "since": ago(5)})
    assert plan_row(on_its_way, NIGHT)["late"] == ""
    missed = a_board(later={"changes": 3, "since": ago(60)})
    assert str(plan_row(missed, NIGHT)["late"]).startswith(
        "このあとの変化3件が、まだ入っていません"
    )
    stands = a_board() | {"stale": True}
    assert str(plan_row(stands, NIGHT)["late"]).startswith("割当の更新が止まっています")
    replaced = a_board(earlier_load=True)
    assert "入れ替える前の割当" in str(plan_row(replaced, NIGHT)["late"])


def test_before_any_plan_and_without_households_there_are_no_figures() -> None:
    assert plan_row(NOTHING, NIGHT)["none"] == "まだ割当がありません。"
    row = plan_row(a_board(figures=None), NIGHT)
    assert (row["expected"], row["gap"]) == ("", "")
    assert "世帯の位置のデータがない" in str(row["none"])


def test_overflow_rooms_that_will_not_do_say_for_how_many() -> None:
    place = {"name": "北小学校", "needed_at": ago(-3120), "persons": 60, "beyond": 12}
    row = overflow_row(place | {"rooms": ["2階教室", "図書室"]}, NIGHT)
    assert row["spare"] == "予備の部屋：2階教室、図書室"
    assert row["beyond"] == "開いても12人分が足りません"
    none = overflow_row(place | {"rooms": [], "beyond": 60}, NIGHT)
    assert (none["spare"], none["beyond"]) == ("予備の部屋の登録なし", "")


@pytest.mark.parametrize(
    ("places", "persons", "words"),
    [
        (0, 50, ""),
        (3, 50, "収容人数のわからない避難場所 3か所（1か所50人とみなしています）"),
        (12, None, "収容人数のわからない避難場所 12か所（定員なしとみなしています）"),
    ],
)
def test_places_that_nobody_counted_are_said(places: int, persons: int | None, words: str) -> None:
    row = plan_row(a_board(unstated={"places": places, "persons": persons}), NIGHT)
    assert row["unstated"] == words
