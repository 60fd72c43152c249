"""Numbers on prints: each household once, each person wherever they are, and why one is missing."""

from types import SimpleNamespace
from typing import Any

import pytest

from operations.board import state as board
from operations.duties.firstreport import measures
from shelters.place import Opening
from tests.unit.web.dutied import a_stamp, a_state, ago
from web.dutysheets.counted import households_words, unreached_words
from web.dutysheets.districts import district_sheet
from web.dutysheets.handover import handover_sheet
from web.dutysheets.handoverorders import orders_table
from web.dutysheets.stamp import MISSING_WORDS

CITY = {"households": 285_000, "target": 285_000, "unreached": 2100, "counting": 0}
CALLS = {"all": 0, "due": 0, "help": 0}


def an_order(**values: Any) -> dict[str, Any]:
    """Level 4 for 本町."""
    given = {"level": 4, "hazard": "flood", "area_names": ["本町"], "whole_city": False}
    return given | {"households": 3000, "unreached": 40, "since": ago(60)} | values


WHOLE = an_order(area_names=[], whole_city=True, households=285_000, unreached=2100)
OTHER = an_order(area_names=["上浅瀬"], households=500, unreached=15)
DRAWN = an_order(area_names=[], households=800)


@pytest.mark.parametrize(
    ("orders", "alone", "words"),
    [
        ([an_order(), WHOLE], True, "285,000世帯"),
        ([an_order(), WHOLE], False, "285,000世帯"),
        ([an_order(), OTHER], False, "3,500世帯"),
        ([an_order(), an_order()], False, "3,000世帯以上"),
        ([an_order(), DRAWN], False, "3,000世帯以上"),
        ([an_order(), DRAWN], True, "285,000世帯"),
        ([an_order(), an_order(households=None)], False, "不明"),
    ],
    ids=["whole", "whole beside", "apart", "twice", "drawn", "alone", "unknown"],
)
def test_a_household_under_two_orders_is_counted_once(orders: Any, alone: bool, words: str) -> None:
    assert households_words(orders, CITY, alone=alone) == words
    assert households_words(orders, {}, alone=alone) == "不明"


@pytest.mark.parametrize(
    ("orders", "alone", "words"),
    [
        ([an_order()], True, "40世帯"),
        ([an_order(), WHOLE], True, "2,100世帯"),
        ([an_order(), OTHER], False, "40世帯以上"),
        ([an_order(), an_order(unreached=None)], False, "不明"),
        ([an_order(), an_order(unreached=None, unreached_few=True)], False, "40世帯以上"),
        ([an_order(unreached=None, unreached_few=True)], True, "少数（10世帯未満）"),
    ],
    ids=["one", "alone", "two", "unknown", "few beside", "few"],
)
def test_whom_one_alert_for_two_orders_did_not_reach_is_counted_once(
    orders: Any, alone: bool, words: str
) -> None:
    assert unreached_words(orders, CITY, alone=alone) == words


def test_the_handover_has_no_more_households_than_the_city() -> None:
    state = a_state() | {"city": {"city": CITY}, "orders": {"1": an_order(), "2": WHOLE}}
    (row,) = orders_table(state, a_stamp())["rows"]
    assert row[3:5] == ["285,000世帯", "2,100世帯"]


def test_the_handover_and_the_first_report_count_the_same_people_and_places() -> None:
    def site(opening: Opening, persons: int | None, *, receives: bool) -> dict[str, Any]:
        return {"name": "x", "opening": opening, "persons": persons, "receives": receives}

    sites = {
        "a": site(Opening.OPEN, 100, receives=True),
        "b": site(Opening.ENDANGERED, 60, receives=False),
        "c": site(Opening.CLOSED, 25, receives=False),
        "d": site(Opening.UNCONFIRMED, None, receives=True),
    }
    state = a_state() | {"sites": sites}
    looked: Any = SimpleNamespace(state=state, stamp=a_stamp())
    texts = [one["text"] for one in measures(looked)]
    assert "避難者 185人（数えた 3か所）" in texts
    assert "開設した避難場所 1か所" in texts
    assert figures(state, ()) == ["1か所 ＋未確認1", "185人 ＋不明1か所"]
    assert figures(state | {"sites": {}}, ("sites",)) == ["不明", "不明"]


def figures(state: Any, missing: tuple[str, ...]) -> list[str]:
    """Open places and people inside, as the handover has them."""
    stamp = a_stamp(missing=missing)
    paper = handover_sheet(state, [], CALLS, [], stamp, hours=6, total=0, tasks={})
    return [words for _, words in paper["blocks"][0]["rows"][:2]]


@pytest.mark.parametrize(
    ("row", "city", "words"),
    [
        ({"unreached": 14}, {}, "14"),
        ({"unreached": 14}, {"counting": 1}, "14以上"),
        ({}, {}, "10世帯未満"),
        ({}, {"counting": 1}, "数えています"),
        ({}, {"counting": None}, "不明"),
        ({"households": None}, {"households": None}, "不明"),
        ({}, {"households": 0}, "不明"),
        ({"told": False}, {}, "配信なし"),
        ({"level": 0, "told": False}, {}, "—"),
    ],
    ids=[
        "counted",
        "more to come",
        "few",
        "not yet",
        "unread",
        "no homes",
        "none",
        "not told",
        "no order",
    ],
)
def test_a_district_says_why_it_has_no_number_of_the_unreached(
    row: Any, city: Any, words: str
) -> None:
    given = {"area": "本町", "level": 4, "whole": True, "since": None, "households": 350}
    given |= {"expected": 9, "places": [], "no_place": 0, "unreached": None, "told": True}
    paper = district_sheet([given | row], CITY | city, a_stamp())
    assert paper["blocks"][1]["rows"][0][-1] == words


def test_the_head_of_the_districts_counts_those_under_orders_and_not_whole_districts() -> None:
    row = {"area": "本町", "level": 4, "whole": False, "since": None, "households": 3000}
    row |= {"expected": 9, "places": [], "no_place": 0, "unreached": None, "told": True}
    paper = district_sheet([row], CITY | {"target": 120}, a_stamp())
    assert "世帯 120" in paper["about"]
    paper = district_sheet([row], CITY | {"target": None}, a_stamp())
    assert "世帯 不明" in paper["about"]


def test_rule_16_a_print_says_when_it_does_not_know_whether_it_is_a_drill() -> None:
    assert a_stamp(missing=("city",)).missing_words == ["実災害か訓練か"]


def test_whatever_could_not_be_read_has_a_word_on_a_print() -> None:
    names = {name.split(".")[0] for name in (*board.SECTIONS, *board.OF_CITY, "decisions.x")}
    assert names <= set(MISSING_WORDS)
