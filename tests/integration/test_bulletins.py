"""The JMA's telegrams in: kept once, shown, suggested to a person; no order is set or lifted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from city.staff import CONSOLE, SYSTEM, Caller, CallerKind, Role
from data.database import transaction
from data.errors import BrokenSource, NotThere
from data.live import outbox as live
from data.readers.jmakinds import KINDS
from data.rows import current_load
from hazards.bulletinnames import Course
from hazards.errors import Decided, MayNotDecide
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.bulletins.board import KEY, board
from operations.bulletins.decide import pass_over, take
from operations.bulletins.nowstanding import How, by_area, standing_now
from operations.bulletins.surroundings import place_of
from operations.bulletins.take_in import Became, TakenIn, take_in
from operations.bulletins.take_in_level import take_in_level
from operations.errors import Refused
from operations.load_city import load_city
from tests.integration import loaded
from tests.integration.databases import Database
from tests.integration.small_city import write_small_city
from tests.unit.data.jmatelegrams import (
    NAMES,
    NO_SAMPLES,
    SAMPLES,
    a_kind,
    a_telegram,
    sample,
    sampled,
)

FLOOD, SLIDE = HazardKind.FLOOD, HazardKind.LANDSLIDE
L4, L5 = AlertLevel.ALL_LEAVE, AlertLevel.SECURE_NOW
SOUTH, NORTH = "南町二丁目", "北町一丁目"
NOW = datetime(2026, 9, 1, 11, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
with_samples = pytest.mark.skipif(not NAMES, reason=NO_SAMPLES)
SLIDE_4, SLIDE_3 = "レベル４土砂災害危険警報", "レベル３土砂災害警報"
TITLE = "気象警報・注意報（Ｒ０６）（土砂）"
EARLIER = a_telegram(a_kind(SLIDE_4), title=TITLE)
CANCELLED = a_telegram(title=TITLE, issue="取消", reported="2026-09-01T20:20:00+09:00")
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
def city(tmp_path: Path, engine: Engine) -> Callable[[str], None]:
    """Loads the small city under a code: that of a real town hears official telegrams."""

    def loads(code: str) -> None:
        load_city(engine, write_small_city(tmp_path / code, code), lambda _: None)

    return loads


@pytest.fixture
def kohama(city: Callable[[str], None]) -> None:
    """The small city under its own code."""
    city("99902")


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


def taken(engine: Engine, content: bytes, now: datetime = NOW) -> TakenIn:
    return take_in(engine, CONSOLE, content, name="電文.xml", now=now)


def later(hours: float, *kinds: str, **changed: str) -> bytes:
    """A telegram of the same series, so many hours after the first."""
    at = datetime.fromisoformat("2026-09-01T20:00:00+09:00") + timedelta(hours=hours)
    return a_telegram(*kinds, title=TITLE, reported=at.isoformat(), **changed)


def orders(database: Database) -> list[tuple[Any, ...]]:
    return database.rows("SELECT id, hazard, level, area_names, ended_at FROM evacuation_order")


def waiting(database: Database) -> list[tuple[Any, ...]]:
    return database.rows(
        "SELECT hazard, level, area_names FROM suggestion WHERE state = 'waiting' ORDER BY id"
    )


def shown(engine: Engine, now: datetime = NOW) -> dict[str, Any]:
    """The board as it is now; what was put on the screens last has the same words."""
    with transaction(engine) as connection:
        return board(connection, current_load(connection), now)


def on_screens(engine: Engine) -> dict[str, Any]:
    with transaction(engine) as connection:
        states = {one.key: one for one in live.since(connection, 0)}
    assert states[KEY].topic is live.Topic.HEADQUARTERS
    return dict(states[KEY].state or {})


def audit(database: Database) -> list[tuple[Any, ...]]:
    return database.rows(
        "SELECT actor, action FROM audit_entry WHERE action ~ '^(bulletin|suggestion|level)'"
        " ORDER BY number"
    )


@with_samples
def test_every_official_telegram_is_kept_once_or_set_aside(
    engine: Engine, database: Database, kohama: None
) -> None:
    before = loaded.everything(database)
    first = [taken(engine, (SAMPLES / name).read_bytes()) for name in NAMES]
    became = {name: one.became for name, one in zip(NAMES, first, strict=True)}
    warns = [name for name, one in became.items() if one is not Became.SET_ASIDE]
    assert all("VXSE" in name or "VTSE" in name for name in set(NAMES) - set(warns))
    assert database.one("SELECT count(*) FROM bulletin") == len(warns)
    again = [taken(engine, (SAMPLES / name).read_bytes()).became for name in NAMES]
    assert set(again) == {Became.KNOWN, Became.SET_ASIDE}
    assert database.one("SELECT count(*) FROM bulletin") == len(warns)
    assert loaded.everything(database) == before


@with_samples
@pytest.mark.parametrize(
    ("code", "hazard", "earlier", "following"),
    [
        ("14206", SLIDE, "17_04_01", "17_04_03"),
        ("33208", SLIDE, "17_03_03", "17_03_09"),
        ("29201", SLIDE, "15_08_02", "15_08_04"),
        ("30201", FLOOD, "15_09_01", "15_09_03"),
    ],
    ids=["小田原市 解除", "総社市 解除", "奈良市 警報から注意報", "和歌山市 解除"],
)
def test_rule_11_a_downgrade_of_the_jma_after_level_4_lifts_no_order(
    engine: Engine,
    database: Database,
    city: Callable[[str], None],
    code: str,
    hazard: HazardKind,
    earlier: str,
    following: str,
) -> None:
    city(code)
    changes.set_level(engine, hazard, L4)
    stood, recorded = orders(database), loaded.changes(database)
    now = sampled(following).reported_at + HOUR
    taken(engine, sample(earlier), now)
    waited = waiting(database)
    assert hazard not in {named for named, _, _ in waited}
    down = taken(engine, sample(following), now)
    assert down.became is Became.TAKEN_IN
    assert down.suggestions == ()
    assert any("避難情報は続いています" in remark for remark in down.remarks)
    assert orders(database) == stood
    assert stood[0][-1] is None
    assert loaded.changes(database) == recorded
    assert waiting(database) == waited
    (state,) = shown(engine, now)["standing"]
    assert state["remarks"] == list(down.remarks)
    assert not any(item["level"] in {4, 5} for item in state["items"] if item["course"] != "ended")


@with_samples
def test_an_official_telegram_suggests_its_level_to_a_person(
    engine: Engine, database: Database, city: Callable[[str], None]
) -> None:
    city("14206")
    done = taken(engine, sample("17_04_01"))
    assert waiting(database) == [("landslide", 4, [])]
    assert orders(database) == []
    (state,) = on_screens(engine)["suggestions"]
    assert state["number"] in done.suggestions
    assert state["reason"].startswith(
        "横浜地方気象台 11月2日18時50分発表 レベル４土砂災害危険警報: "
    )
    assert audit(database) == [("console", "bulletin.taken_in")]
    (standing,) = on_screens(engine)["standing"]
    (item,) = standing["items"]
    assert (item["name"], item["level"], item["areas"]) == (SLIDE_4, 4, ["小田原市"])
    assert (standing["how"], standing["status"]) == ("in_force", "通常")


@with_samples
def test_a_telegram_about_other_towns_suggests_nothing_here(
    engine: Engine, database: Database, city: Callable[[str], None]
) -> None:
    city("14100")
    done = taken(engine, sample("17_04_01"))
    assert "この市への発表はありません" in done.words
    assert waiting(database) == []
    assert shown(engine)["standing"] == []


def test_what_stands_is_known_for_each_area(engine: Engine, kohama: None) -> None:
    taken(engine, EARLIER)
    taken(engine, a_telegram(a_kind("レベル２大雨注意報"), a_kind("大雪警報", "解除")))
    with transaction(engine) as connection:
        load = current_load(connection)
        place = place_of(connection, load)
        found = by_area(standing_now(connection, load.code, place, NOW), place)
    assert {area: [item.name for item in items] for area, items in found.items()} == {
        "小浜町": [SLIDE_4, "レベル２大雨注意報"]
    }


def test_the_newest_of_a_series_counts_whatever_comes_last(
    engine: Engine, database: Database, kohama: None
) -> None:
    newer = taken(engine, later(0.4, a_kind(SLIDE_3, "継続")))
    older = taken(engine, EARLIER)
    assert (newer.became, older.became) == (Became.TAKEN_IN, Became.LATE)
    assert waiting(database) == [("landslide", 3, [])]
    (standing,) = shown(engine)["standing"]
    assert standing["number"] == newer.bulletin
    assert database.one("SELECT count(*) FROM bulletin") == 2
    assert [action for _, action in audit(database)] == ["bulletin.taken_in", "bulletin.late"]


@pytest.mark.parametrize("status", ["訓練", "試験"])
def test_rule_16_a_drill_suggests_nothing_and_replaces_nothing_real(
    engine: Engine, database: Database, kohama: None, status: str
) -> None:
    drill = later(0.3, a_kind("レベル５土砂災害特別警報"), status=status)
    done = taken(engine, drill)
    assert done.words.startswith(f"【{status}】")
    assert (done.suggestions, waiting(database)) == ((), [])
    taken(engine, EARLIER)
    assert waiting(database) == [("landslide", 4, [])]
    both = {one["status"]: one["how"] for one in shown(engine)["standing"]}
    assert both == {status: "in_force", "通常": "in_force"}


def test_a_cancellation_ends_what_it_withdraws_and_decides_nothing(
    engine: Engine, database: Database, kohama: None
) -> None:
    number = changes.set_level(engine, FLOOD, L4)
    taken(engine, EARLIER)
    taken(engine, CANCELLED)
    (standing,) = shown(engine)["standing"]
    assert (standing["how"], standing["items"]) == (How.CANCELLED, [])
    (state,) = shown(engine)["suggestions"]
    assert (state["level"], state["rests"]) == (4, False)
    assert orders(database)[0][0] == number
    assert shown(engine, NOW + 30 * HOUR)["standing"] == []


def test_a_cancellation_of_what_was_said_elsewhere_is_not_shown(
    engine: Engine, kohama: None
) -> None:
    taken(engine, later(0, a_kind(SLIDE_4), town="99903"))
    taken(engine, CANCELLED)
    assert shown(engine)["standing"] == []


def test_what_names_its_end_is_shown_as_over_after_it(engine: Engine, kohama: None) -> None:
    title = "記録的短時間大雨情報"
    assert title in KINDS
    taken(engine, a_telegram(a_kind(title), title=title))
    assert [one["how"] for one in shown(engine)["standing"]] == ["in_force"]
    (over,) = shown(engine, NOW + 5 * HOUR)["standing"]
    assert (over["how"], over["how_words"]) == ("expired", "期限切れ")
    assert shown(engine, NOW + 40 * HOUR)["standing"] == []


def test_a_lifted_warning_is_told_of_for_a_day(engine: Engine, kohama: None) -> None:
    taken(engine, EARLIER)
    taken(engine, later(0.2, a_kind(SLIDE_4, "解除")))
    (standing,) = shown(engine)["standing"]
    assert standing["how"] == "ended"
    assert [item["course"] for item in standing["items"]] == [Course.ENDED]
    assert shown(engine, NOW + 25 * HOUR)["standing"] == []


def test_a_telegram_of_the_future_is_refused_and_leaves_nothing(
    engine: Engine, database: Database, kohama: None
) -> None:
    with pytest.raises(Refused, match="発表時刻が今より先"):
        taken(engine, later(3, a_kind(SLIDE_4)))
    with pytest.raises(BrokenSource):
        taken(engine, EARLIER[:-30])
    assert database.one("SELECT count(*) FROM bulletin") == 0


def test_a_telegram_that_comes_twice_at_once_is_once(
    engine: Engine, database: Database, kohama: None
) -> None:
    with ThreadPoolExecutor(4) as threads:
        became = [done.became for done in threads.map(lambda _: taken(engine, EARLIER), range(4))]
    assert sorted(became) == [Became.KNOWN] * 3 + [Became.TAKEN_IN]
    assert database.one("SELECT count(*) FROM bulletin") == 1
    assert len(waiting(database)) == 1


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
    assert shown(engine)["suggestions"] == on_screens(engine)["suggestions"] == []
    assert audit(database)[-1] == ("staff:1", "suggestion.taken")
    with pytest.raises(Decided, match="採用"):
        take(engine, OPERATOR, number, now=NOW)
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
        return take_in_level(engine, SYSTEM, "浅瀬橋", level_m, **asked)  # type: ignore[arg-type]

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


def test_the_words_that_the_law_gave_up_reach_no_screen(engine: Engine, kohama: None) -> None:
    old = "避難" + "勧告"
    taken(engine, later(0, a_kind(SLIDE_4), headline=f"{old}などに留意し"))
    state = on_screens(engine)
    assert old not in str(state)
    assert "［避難指示］などに留意し" in state["standing"][0]["headline"]
