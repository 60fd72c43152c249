"""What a bulletin or a gauge suggests waits for a person: taken up, passed over, asked again."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from city.staff import CONSOLE, SYSTEM, Caller, CallerKind, Role
from data.errors import NotThere
from hazards.errors import Decided, MayNotDecide
from operations import changes
from operations.bulletins.decide import pass_over, take
from operations.bulletins.take_in_level import take_in_level
from operations.errors import Refused
from operations.load_city import load_city
from tests.integration.bulletined import (
    EARLIER,
    HOUR,
    L4,
    L5,
    NORTH,
    NOW,
    SLIDE,
    SLIDE_4,
    SOUTH,
    audit,
    later,
    on_screens,
    orders,
    shown,
    taken,
    waiting,
)
from tests.integration.databases import Database
from tests.integration.small_city import write_small_city
from tests.unit.data.jmatelegrams import a_kind, a_telegram

TABLE = f"""
[{{"id": "崖-4", "hazard": "landslide", "level": 4, "bulletin_level": 4, "why": "市の計画",
   "areas": ["北町１丁目", "{SOUTH}"]}},
 {{"id": "浅瀬橋-4", "hazard": "flood", "level": 4, "gauge": "浅瀬橋", "at": "danger_m",
   "why": "市の計画", "areas": ["{SOUTH}"]}}]
"""


def person(number: int, *roles: Role) -> Caller:
    return Caller(CallerKind.STAFF, number, "架空 花子", frozenset(roles))


OPERATOR = person(1, Role.OPERATOR)


@pytest.fixture
def kohama(tmp_path: Path, engine: Engine) -> None:
    """The small city under its own code."""
    load_city(engine, write_small_city(tmp_path / "small"), lambda _: None)


@pytest.fixture
def with_table(kohama: None, database: Database) -> None:
    """The small city with a table of its own, and a gauge."""
    database.rows(
        "UPDATE city_load SET settings = jsonb_set(settings, '{criteria}', "  # noqa: S608
        f"'{TABLE}') RETURNING 1"
    )
    database.rows(
        "INSERT INTO gauge (load_id, number, name, river, danger_m, geom) SELECT id, 1, '浅瀬橋',"
        " '小川', 3.1, ST_SetSRID(ST_Point(135.4, 29.6), 4326) FROM city_load RETURNING 1"
    )


def test_a_draft_begins_with_what_was_suggested_and_sets_nothing(
    engine: Engine, database: Database, with_table: None
) -> None:
    changes.set_level(engine, SLIDE, L4, areas=[SOUTH])
    (number,) = taken(engine, EARLIER).suggestions
    draft = take(engine, OPERATOR, number, now=NOW)
    assert (draft.hazard, draft.level, draft.area_names) == (SLIDE, L4, (NORTH,))
    assert draft.areas_chosen
    assert "市の計画" in draft.reason
    assert len(orders(database)) == 1
    assert shown(engine)["suggestions"] == on_screens(engine)["suggestions"]
    assert [one["state_words"] for one in on_screens(engine)["suggestions"]] == ["下書き中"]
    assert audit(database)[-1] == ("staff:1", "suggestion.taken")
    pass_over(engine, OPERATOR, number, why="雨は上がる", now=NOW)
    with pytest.raises(Decided, match="見送り"):
        take(engine, OPERATOR, number, now=NOW)


def test_what_is_in_drafting_does_not_come_back_when_its_level_stood_and_was_lifted(
    engine: Engine, database: Database, with_table: None
) -> None:
    (number,) = taken(engine, EARLIER).suggestions
    take(engine, OPERATOR, number, now=NOW)
    changes.set_level(engine, SLIDE, L4, areas=[SOUTH, NORTH])
    assert shown(engine)["suggestions"] == []
    taken(engine, later(1, a_kind(SLIDE_4, "継続")), NOW + HOUR)
    changes.lift_level(engine, SLIDE)
    assert shown(engine)["suggestions"] == []
    with pytest.raises(Decided):
        pass_over(engine, OPERATOR, number, why="遅い", now=NOW)


def test_a_default_draft_says_that_nobody_chose_its_areas(engine: Engine, kohama: None) -> None:
    (number,) = taken(engine, EARLIER).suggestions
    draft = take(engine, OPERATOR, number, now=NOW)
    assert (draft.area_names, draft.areas_chosen) == ((), False)


@pytest.mark.parametrize("by", [CONSOLE, SYSTEM, person(3, Role.DESK), person(4, Role.FIELD)])
def test_only_headquarters_takes_up_and_who_else_tries_is_written_down(
    engine: Engine, database: Database, kohama: None, by: Caller
) -> None:
    (number,) = taken(engine, EARLIER).suggestions
    with pytest.raises(MayNotDecide):
        take(engine, by, number, now=NOW)
    assert waiting(database) == [("landslide", 4, [])]
    assert audit(database)[-1] == (by.actor, "suggestion.refused")


def test_a_level_that_stands_by_now_is_not_taken_up_again(
    engine: Engine, database: Database, kohama: None
) -> None:
    (number,) = taken(engine, EARLIER).suggestions
    changes.set_level(engine, SLIDE, L5)
    assert shown(engine)["suggestions"] == []
    with pytest.raises(Refused, match="もうその警戒レベルが出ています"):
        take(engine, OPERATOR, number, now=NOW)
    taken(engine, later(0.2, a_kind(SLIDE_4, "継続")))
    changes.lift_level(engine, SLIDE)
    assert shown(engine)["suggestions"] == []


def test_an_area_that_went_with_a_new_load_is_named(
    engine: Engine, database: Database, with_table: None
) -> None:
    (number,) = taken(engine, EARLIER).suggestions
    database.rows("UPDATE area SET name = '東町' WHERE name = '北町一丁目' RETURNING 1")
    with pytest.raises(NotThere, match="北町１丁目 という区域は"):
        take(engine, OPERATOR, number, now=NOW)
    assert len(waiting(database)) == 1


def test_passing_over_needs_a_reason(engine: Engine, database: Database, kohama: None) -> None:
    (number,) = taken(engine, EARLIER).suggestions
    with pytest.raises(Refused, match="見送りの理由"):
        pass_over(engine, OPERATOR, number, why=" ", now=NOW)
    with pytest.raises(NotThere):
        pass_over(engine, OPERATOR, number + 1, why="雨は上がる", now=NOW)
    pass_over(engine, OPERATOR, number, why="雨は上がる", now=NOW)
    query = "SELECT state, decided_why, decided_by FROM suggestion"
    assert database.rows(query) == [("passed_over", "雨は上がる", "staff:1")]


def test_what_was_passed_over_is_not_asked_again_while_it_goes_on(
    engine: Engine, database: Database, kohama: None
) -> None:
    (number,) = taken(engine, EARLIER).suggestions
    pass_over(engine, OPERATOR, number, why="雨は上がる", now=NOW)
    on = later(2, a_kind(SLIDE_4, "継続"))
    assert taken(engine, on, NOW + 2 * HOUR).suggestions == ()
    raised = later(3, a_kind("レベル５土砂災害特別警報"))
    assert len(taken(engine, raised, NOW + 3 * HOUR).suggestions) == 1
    assert waiting(database) == [("landslide", 5, [])]


@pytest.mark.parametrize("hours", [7, 30])
def test_what_goes_on_for_hours_is_asked_again(engine: Engine, kohama: None, hours: int) -> None:
    (number,) = taken(engine, EARLIER).suggestions
    pass_over(engine, OPERATOR, number, why="雨は上がる", now=NOW)
    on = later(hours, a_kind(SLIDE_4, "継続"))
    assert len(taken(engine, on, NOW + hours * HOUR).suggestions) == 1


def test_what_was_over_and_comes_again_is_asked_again(engine: Engine, kohama: None) -> None:
    (number,) = taken(engine, EARLIER).suggestions
    pass_over(engine, OPERATOR, number, why="雨は上がる", now=NOW)
    taken(engine, later(1, a_kind(SLIDE_4, "解除")), NOW + HOUR)
    again = taken(engine, later(2, a_kind(SLIDE_4)), NOW + 2 * HOUR)
    assert len(again.suggestions) == 1


def test_the_same_told_in_both_generations_is_asked_once(
    engine: Engine, database: Database, kohama: None
) -> None:
    old = a_telegram(a_kind("土砂災害警戒情報"), title="気象警報・注意報（Ｈ２７）")
    (number,) = taken(engine, old).suggestions
    taken(engine, later(-1, a_kind("レベル２土砂災害注意報")))
    assert len(waiting(database)) == 1
    pass_over(engine, OPERATOR, number, why="雨は上がる", now=NOW)
    assert taken(engine, EARLIER).suggestions == ()


def test_one_that_waits_says_what_was_seen_last(
    engine: Engine, database: Database, kohama: None
) -> None:
    taken(engine, EARLIER)
    assert taken(engine, later(0.25, a_kind(SLIDE_4, "継続"))).suggestions == ()
    (state,) = shown(engine)["suggestions"]
    assert "20時15分発表" in state["reason"]
    assert state["rests"] is True


def test_a_gauge_over_its_level_suggests_once(
    engine: Engine, database: Database, with_table: None
) -> None:
    def reads(level_m: float, before_m: float | None = None, at: datetime = NOW) -> list[int]:
        asked = {"observed_at": at, "before_m": before_m, "now": at}
        made = take_in_level(engine, SYSTEM, "浅瀬橋", level_m, **asked)  # type: ignore[arg-type]
        return made.suggestions

    assert reads(3.0) == []
    (number,) = reads(3.2, 3.0)
    assert waiting(database) == [("flood", 4, [SOUTH])]
    assert audit(database) == [("system", "level.suggested")]
    assert on_screens(engine)["suggestions"][0]["gauge"] == "浅瀬橋"
    pass_over(engine, OPERATOR, number, why="堤防に余裕がある", now=NOW)
    assert reads(3.3, 3.2) == []
    assert reads(3.3) == []
    assert len(reads(3.2, 2.9)) == 1
    with pytest.raises(NotThere, match="水位観測所"):
        take_in_level(engine, SYSTEM, "深瀬橋", 9.0, observed_at=NOW, now=NOW)
