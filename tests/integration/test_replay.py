"""What headquarters saw is kept and found again, frame by frame and version by version."""

import random
import shutil
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

import orjson
import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from sqlalchemy import Engine
from sqlalchemy import text as sql

from city.position import Position
from city.staff import CONSOLE
from data import plans, replay
from data.database import transaction
from data.errors import NotThere
from data.mapped import parts_of
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.board.state import board_state, state_hash
from operations.cli import main
from operations.errors import Refused
from operations.places.counts import GivenCount, record_counts
from operations.planning.planner import Planner
from operations.replay import exporting, happened, running, verifying
from operations.replay.again import read_night
from operations.replay.forgetting import forget
from operations.replay.looking import NOTHING, frame_at, seen_at
from operations.replay.nights import get_night, list_nights
from operations.replay.past import seen_until
from operations.replay.recording import Recorder
from operations.replay.settings import KeptFor
from operations.replay.verifying import NO_GROUND, verify, verify_alone
from operations.serving import utc_now
from shelters.counting import CountKind, Via
from shelters.place import Opening
from tests.integration.databases import Database, Server, connected
from web.nightsheet.reporting import report_values
from web.sheets.compiling import FONT

TURNS = 24
BEGAN = datetime(2026, 11, 26, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Recorded:
    """A night of the small city: its frames' moments and the hashes of what was seen then."""

    database: Database
    engine: Engine
    arrays: Path
    moments: Sequence[tuple[datetime, str]]


@pytest.fixture(scope="module")
def kept(
    server: Server, homes_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Recorded:
    """The template of it."""
    made = server.create(homes_plan[0])
    state = shutil.copytree(homes_plan[1], tmp_path_factory.mktemp("night") / "s", symlinks=True)
    with connected(made.url) as engine:
        planner = Planner(engine, state)
        changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
        return Recorded(made, engine, planner.state, _moments(engine, planner))


def _moments(engine: Engine, planner: Planner) -> list[tuple[datetime, str]]:
    rng, clock, hashes, elapsed = random.Random(8), utc_now(), [], count(step=60)
    recorder = Recorder(engine, elapsed=lambda: float(next(elapsed)))
    for turn in range(TURNS):
        if turn % 2 == 0:
            opening = rng.choice((Opening.OPEN, Opening.FULL, Opening.CLOSED))
            changes.open_site(engine, rng.choice(("E1", "E2", "E3", "E4")), opening)
        if turn % 4 < 2:
            planner.catch_up()
        clock += timedelta(seconds=60)
        assert recorder.look(clock)
        with transaction(engine) as connection:
            hashes.append(state_hash(board_state(connection, clock)))
    with transaction(engine, latest=True) as connection:
        for query in _LAID_OUT:
            connection.execute(sql(query), {"began": BEGAN})
        times = connection.execute(sql("SELECT at FROM replay_frame ORDER BY id")).scalars()
        return list(zip(times, hashes, strict=True))


_LAID_OUT = (
    "UPDATE replay_frame SET at = :began + interval '5 minutes' * place",
    "UPDATE plan_version SET published_at = coalesce((SELECT min(at) FROM replay_frame"
    " WHERE version = number), :began)",
)
"""A frame each five minutes, and each version when it was seen first."""


@pytest.fixture
def night(server: Server, kept: Recorded) -> Iterator[Recorded]:
    """One of a test's own."""
    made = server.create(kept.database.name)
    with connected(made.url) as engine:
        yield replace(kept, database=made, engine=engine)
    server.drop(made)


def test_ten_random_minutes_equal_the_recorded_states_hash(night: Recorded) -> None:
    rng = random.Random(1)
    for at, hashed in rng.sample(list(night.moments), 10):
        with transaction(night.engine) as connection:
            seen = seen_at(connection, at)
        assert seen["agrees"]
        assert seen["recomputed"] == seen["hash"] == hashed
        assert seen["version"]["number"] == seen["state"]["plan"]["newest"]["number"]


def test_every_version_of_a_night_is_read_as_it_was_published(night: Recorded) -> None:
    rows = night.database.rows("SELECT number, place FROM plan_blob ORDER BY number")
    assert max(place for _, place in rows) > 1
    for number, place in rows:
        with transaction(night.engine) as connection:
            found = verify(connection, night.arrays, number)
        assert found.agrees, (number, place)


def test_a_version_whose_ground_is_gone_says_so(night: Recorded) -> None:
    with transaction(night.engine) as connection:
        found = verify(connection, night.arrays / "elsewhere", 1)
    assert (found.agrees, found.why_not) == (None, NO_GROUND)


def test_a_version_that_was_changed_afterwards_is_noticed(night: Recorded) -> None:
    night.database.rows("UPDATE plan_version SET state_hash = 'ff' RETURNING 1")
    with transaction(night.engine) as connection:
        assert verify(connection, night.arrays, 1).agrees is False


def test_a_frame_that_was_changed_afterwards_is_noticed(night: Recorded) -> None:
    at, _ = night.moments[20]
    body = zlib.compress(orjson.dumps({"set": {}, "gone": [], "in": {"city": {"is": {}}}}))
    query = "UPDATE replay_frame SET body = %s WHERE at = %s RETURNING 1"
    with night.engine.begin() as connection:
        connection.exec_driver_sql(query, (body, at))
    with transaction(night.engine) as connection:
        assert not seen_at(connection, at)["agrees"]
    night.database.rows(f"UPDATE replay_frame SET body = 'x' WHERE at = '{at}' RETURNING 1")  # noqa: S608
    with transaction(night.engine) as connection, pytest.raises(Refused):
        seen_at(connection, at)


def test_a_report_leaves_damaged_frames_out_and_names_them(night: Recorded) -> None:
    damage = "UPDATE replay_frame SET body = 'x' WHERE id IN ({}) RETURNING id"
    whole = exporting.told_of(night.engine, None)
    (number,) = night.database.rows("SELECT max(id) FROM replay_frame")[0]
    night.database.rows(damage.format(number))
    told = exporting.told_of(night.engine, None)
    assert (whole.lost, told.lost) == ([], [number])
    assert (whole.last_frame, told.last_frame) == (number, number - 1)
    assert f"記録{number}" in exporting.table(night.engine, None).decode()
    assert orjson.loads(exporting.geojson(night.engine, None))["damaged_frames"] == [number]
    night.database.rows(damage.format("SELECT id FROM replay_frame"))
    with pytest.raises(Refused, match="壊れています"):
        exporting.told_of(night.engine, None)


def test_few_read_a_night_at_once_and_a_run_says_that_it_lives_while_it_reads(
    night: Recorded,
) -> None:
    with ExitStack() as waiting:
        for _ in range(exporting.MOST_WAIT):
            waiting.callback(exporting._WAITING.release)
            exporting._WAITING.acquire()
        with pytest.raises(Refused, match="少し待って"):
            exporting.table(night.engine, None)
    beats: list[int] = []
    with transaction(night.engine) as connection:
        kept = get_night(connection)
        read_night(connection, night.arrays, kept, lambda: beats.append(1))
    assert len(beats) >= kept.frames + kept.versions


def test_nothing_is_recorded_more_often_than_it_may_or_for_no_change(
    night: Recorded,
) -> None:
    elapsed, now = [5.0], utc_now()
    recorder = Recorder(night.engine, elapsed=lambda: elapsed[0])
    assert recorder.look(now)
    changes.set_level(night.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW)
    for seconds, due in ((1, False), (2, True), (10, False), (63, True)):
        elapsed[0] = 5.0 + seconds
        assert recorder.look(now + timedelta(seconds=seconds)) is due


def test_a_clock_that_is_set_back_stops_no_recorder(night: Recorded) -> None:
    elapsed, now = [5.0], utc_now()
    recorder = Recorder(night.engine, elapsed=lambda: elapsed[0])
    assert recorder.look(now)
    elapsed[0] += 61
    assert recorder.look(now - timedelta(hours=2))


def test_once_a_night_left_the_next_frame_stands_on_nothing(night: Recorded) -> None:
    began, at = [0.0], utc_now()
    recorder = Recorder(night.engine, elapsed=lambda: began[0])
    assert recorder.look(at)
    recorder.let_go(BEGAN + timedelta(days=900))
    began[0] += 61
    assert recorder.look(at)
    assert night.database.rows("SELECT place FROM replay_frame ORDER BY id")[-1] == (0,)


def test_a_recorder_that_begins_anew_stands_on_nothing_before_it(night: Recorded) -> None:
    Recorder(night.engine).look(utc_now())
    Recorder(night.engine).look(utc_now())
    rows = night.database.rows("SELECT keyframe = id, place FROM replay_frame ORDER BY id")
    assert rows[-2:] == [(True, 0), (True, 0)]


def test_a_frame_of_another_city_stands_on_nothing_and_is_not_told(night: Recorded) -> None:
    with transaction(night.engine, latest=True) as connection:
        last, mark = None, replay.mark_now(connection)
        for code in ("A", "A", "B", "A"):
            last = replay.add_frame(connection, code, {}, mark, last)
        span = utc_now() - timedelta(hours=1), utc_now() + timedelta(hours=1)
        assert len(list(replay.frames(connection, "A", *span))) == 3
    rows = night.database.rows("SELECT place FROM replay_frame ORDER BY id DESC LIMIT 4")
    assert rows[::-1] == [(0,), (1,), (0,), (0,)]


def test_a_night_without_a_recorder_is_unknown_and_no_calm_line(night: Recorded) -> None:
    _count(night, "E1", 30, BEGAN)
    later = "UPDATE replay_frame SET at = at + interval '2 hours' WHERE place >= 12 RETURNING 1"
    night.database.rows(later)
    rows = exporting.told_of(night.engine, None).rows
    gap = [row for row in rows if row.level is None]
    assert [row.at for row in gap] == [BEGAN + timedelta(minutes=60 + 10 * n) for n in range(12)]
    assert {row.open_sites for row in gap} == {row.unreached for row in gap} == {None}
    assert {row.inside for row in rows} == {30}


def test_before_the_first_frame_nothing_was_seen(night: Recorded) -> None:
    with transaction(night.engine) as connection, pytest.raises(NotThere):
        frame_at(connection, BEGAN - timedelta(seconds=1))


def test_of_what_is_still_to_come_nothing_was_seen(night: Recorded) -> None:
    now, newest = night.moments[-1][0] + timedelta(hours=1), night.moments[-1][0]
    with transaction(night.engine) as connection:
        assert seen_until(connection, now, now)["frame"]["gap"]
        assert not seen_until(connection, newest + timedelta(seconds=9), newest)["frame"]["gap"]
        for later in (now + timedelta(hours=1), datetime.max.replace(tzinfo=UTC)):
            with pytest.raises(NotThere):
                seen_until(connection, later, now)


@pytest.mark.parametrize("day", [date.min, date.max], ids=["first", "last"])
def test_a_day_at_the_end_of_time_has_no_night(night: Recorded, day: date) -> None:
    with transaction(night.engine) as connection, pytest.raises(NotThere):
        get_night(connection, day)


def test_an_old_night_leaves_whole_and_the_newest_stays(night: Recorded) -> None:
    older = "UPDATE {} SET {} = {} - interval '3 days' WHERE {} RETURNING 1"
    first = "id <= (SELECT min(id) + 11 FROM replay_frame)"
    night.database.rows(older.format("replay_frame", "at", "at", first))
    night.database.rows(
        "UPDATE replay_frame SET keyframe = (SELECT min(id) + 12 FROM replay_frame)"
        " WHERE id > (SELECT min(id) + 11 FROM replay_frame) RETURNING 1"
    )
    with transaction(night.engine) as connection:
        assert [one.frames for one in list_nights(connection)] == [12, 12]
    assert forget(night.engine, KeptFor(timedelta(days=2), 10**9), BEGAN + timedelta(hours=3)) == 12
    assert night.database.one("SELECT count(*) FROM plan_blob") > 0
    with transaction(night.engine) as connection:
        assert [one.frames for one in list_nights(connection)] == [12]


def test_the_newest_versions_stay_however_small_the_limit(night: Recorded) -> None:
    night.database.rows(
        "UPDATE plan_version SET published_at = published_at - interval '9 days' RETURNING 1"
    )
    forget(night.engine, KeptFor(timedelta(days=2), 1), utc_now())
    with transaction(night.engine) as connection:
        assert plans.find_decision(connection, plans.newest_number(connection)) is not None


EARLIER = {"orders_earlier_min": 120, "sites_earlier_min": 120, "sites": None}


def test_a_night_runs_again_with_a_change_and_both_runs_are_kept(night: Recorded) -> None:
    running.ask(night.engine, night.arrays, None, EARLIER, "staff:1", running.perform)
    run = running.find(night.engine, None)
    assert run is not None
    assert (run["state"], run["done"]) == ("done", run["of"])
    recorded, changed = run["result"]["recorded"], run["result"]["changed"]
    assert recorded["set_out"] == changed["set_out"] > 0
    assert run["result"]["versions"][0] < run["result"]["versions"][1]


def test_one_run_at_a_time_and_one_that_is_cancelled_ends(night: Recorded) -> None:
    given = night.engine, night.arrays, None, EARLIER, "staff:1"
    number = running.ask(*given, lambda *_: None)
    with pytest.raises(Refused, match="別の計算"):
        running.ask(*given, lambda *_: None)
    running.cancel(night.engine, number)
    running.perform(night.engine, night.arrays, number)
    run = running.find(night.engine, None)
    assert run is not None
    assert (run["state"], run["result"]) == ("cancelled", None)
    assert running.ask(*given, lambda *_: None) > number


def test_a_run_whose_process_cannot_be_begun_is_no_run_under_way(night: Recorded) -> None:
    def start(*_: Any) -> None:
        raise OSError("no memory")

    given = night.engine, night.arrays, None, EARLIER, "staff:1"
    with pytest.raises(Refused):
        running.ask(*given, start)
    run = running.find(night.engine, None)
    assert run is not None
    assert (run["state"], run["why"]) == ("failed", running.BROKEN)
    assert running.ask(*given, lambda *_: None) > run["number"]
    forget(night.engine, KeptFor(timedelta(days=2), 1), BEGAN + timedelta(days=9))
    assert night.database.one("SELECT count(*) FROM replay_run") == 0


def test_one_version_is_computed_anew_at_a_time(night: Recorded) -> None:
    assert verify_alone(night.engine, night.arrays, 1).agrees
    with verifying.TURN, pytest.raises(Refused, match="別の版"):
        verify_alone(night.engine, night.arrays, 1)


def test_a_run_of_a_night_whose_ground_is_gone_says_so(night: Recorded) -> None:
    elsewhere = night.arrays / "elsewhere"
    running.ask(night.engine, elsewhere, None, EARLIER, "staff:1", running.perform)
    run = running.find(night.engine, None)
    assert run is not None
    assert (run["state"], run["why"]) == ("failed", NO_GROUND)


@pytest.mark.parametrize(
    "change",
    [
        {"orders_earlier_min": 0, "sites_earlier_min": 0, "sites": None},
        {"orders_earlier_min": 0, "sites_earlier_min": 60, "sites": []},
        {"orders_earlier_min": 400, "sites_earlier_min": 0, "sites": None},
        {"orders_earlier_min": 0, "sites_earlier_min": 60, "sites": ["E1", "E99"]},
    ],
    ids=["nothing", "no_place", "too_early", "no_such_place"],
)
def test_a_change_that_is_none_or_too_early_is_refused(
    night: Recorded, change: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        running.ask(night.engine, night.arrays, None, change, "staff:1", running.perform)


def _count(night: Recorded, site: str, persons: int, at: datetime) -> None:
    given = GivenCount(
        id=str(uuid4()),
        kind=CountKind.TOTAL,
        persons=persons,
        at=at,
        via=Via.CLICKER,
        confirmed=True,
    )
    record_counts(night.engine, CONSOLE, site, [given], sent_at=at, now=at)


def test_the_reports_head_count_is_that_of_the_event_log(night: Recorded) -> None:
    for minutes, site, persons in ((5, "E1", 30), (15, "E1", 80), (25, "E2", 7), (45, "E1", 60)):
        _count(night, site, persons, BEGAN + timedelta(minutes=minutes))
    told = exporting.told_of(night.engine, None)
    log = night.database.rows(
        "SELECT DISTINCT ON (site_id) site_id, persons FROM head_count ORDER BY site_id,"
        " counted_at DESC"
    )
    assert dict(log) == {one.id: one.last for one in told.places if one.counts}
    assert told.rows[-1].inside == sum(persons for _, persons in log) == 67
    assert max(row.inside or 0 for row in told.rows) == 87
    assert [(one.id, one.peak, one.counts) for one in told.places[:2]] == [
        ("E1", 80, 3),
        ("E2", 7, 1),
    ]
    (page,) = PdfReader(BytesIO(exporting.report(night.engine, None, BEGAN))).pages
    words = page.extract_text()
    assert "87" in words
    assert "67" in words
    assert f"第{told.versions[0]}版" in words
    table = exporting.table(night.engine, None).decode("utf-8-sig").splitlines()
    assert sum("場所の最大" in line and ",80,," in line for line in table) == 1
    shown = orjson.loads(exporting.geojson(night.engine, None))
    assert {one["properties"]["last_persons"] for one in shown["features"]} >= {60, 7}


def test_a_place_that_closed_in_the_morning_still_has_those_who_slept_there(
    night: Recorded,
) -> None:
    _count(night, "E1", 12, BEGAN - timedelta(minutes=30))
    _count(night, "E1", 300, BEGAN + timedelta(minutes=5))
    _count(night, "E2", 8, BEGAN - timedelta(minutes=30))
    night.database.rows(_SHUT.format(BEGAN + timedelta(minutes=30)))
    told = exporting.told_of(night.engine, None)
    inside = {(row.at - BEGAN) // timedelta(minutes=10): row.inside for row in told.rows}
    assert [inside[turn] for turn in (0, 1, 8, 9)] == [20, 308, 308, 8]
    shown = {one.id: (one.peak, one.peak_at, one.last) for one in told.places}
    assert shown["E1"] == (300, BEGAN + timedelta(minutes=5), 0)
    assert shown["E2"] == (8, told.first, 8)


_SHUT = (
    "INSERT INTO site_opening (city_code, site_id, opening, begun_at, ended_at)"
    " SELECT code, 'E1', 'closed', '{}', now() + interval '9 days' FROM city_load"
    " WHERE current RETURNING 1"
)


def test_of_too_many_events_levels_come_first_and_the_rest_is_counted(
    night: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    night.database.rows(_SHUT.format(BEGAN))
    changes.set_level(night.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW)
    span = BEGAN - timedelta(days=900), utc_now()
    with transaction(night.engine) as connection:
        whole, none = happened.events(connection, *span)
        monkeypatch.setattr(happened, "MOST_EVENTS", 3)
        told, more = happened.events(connection, *span)
    assert none == 0
    assert (len(told), more) == (3, len(whole) - 3)
    assert [one["level"] for one in told if one["kind"] == "level"] == [4, 5]


def test_a_correction_by_then_is_said_though_another_one_came_later(night: Recorded) -> None:
    entry = (
        "INSERT INTO chronology_entry (key, city_code, at, entered_at, entered_by, sender,"
        " recipient, content, action, owner, corrects) SELECT '{}', code, '{}', '{}', 'staff:1',"
        " 'a', 'b', 'c', '', '', {} FROM city_load WHERE current RETURNING id"
    )
    at, corrects = BEGAN - timedelta(hours=1), "NULL"
    numbers: list[Any] = []
    for _ in range(3):
        ((number,),) = night.database.rows(entry.format(uuid4(), at, at, corrects))
        numbers, corrects = [*numbers, number], numbers[0] if numbers else number
    night.database.rows(f"UPDATE replay_frame SET chronicle = {numbers[1]} RETURNING 1")  # noqa: S608
    with transaction(night.engine) as connection:
        lines = {one["ref"]: one for one in seen_at(connection, night.moments[5][0])["chronology"]}
    assert lines[f"entry:{numbers[0]}"]["corrected_by"] == f"entry:{numbers[1]}"
    assert f"entry:{numbers[2]}" not in lines


def test_a_look_that_fails_ends_no_recorder_and_is_said(
    night: Recorded, caplog: pytest.LogCaptureFixture
) -> None:
    stop, frames = Event(), "SELECT count(*) FROM replay_frame"
    before = night.database.one(frames)

    def see(*_: Any) -> Any:
        stop.set()
        raise LookupError("a section")

    Recorder(night.engine, see).run(stop)
    assert "is not recorded: LookupError" in caplog.text
    assert night.database.one(frames) == before
    assert Recorder(night.engine).look(utc_now())


def test_the_console_lists_shows_verifies_and_reports(
    night: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", night.database.url)
    monkeypatch.setenv("NIGEMICHI_STATE", str(night.arrays.parent))

    def said(*words: str) -> str:
        done = CliRunner().invoke(main, ["replay", *words])
        assert done.exit_code == 0, done.output
        return done.stdout

    assert f"{TURNS} frames" in said("list")
    assert "agrees" in said("at", night.moments[9][0].isoformat())
    assert "agrees" in said("verify")
    assert "turned_away" in said("again", "--orders", "60", "--places", "60")
    for name in ("night.pdf", "night.csv", "night.geojson"):
        said("report", str(tmp_path / name))
    assert (tmp_path / "night.pdf").read_bytes().startswith(b"%PDF")
    old = CliRunner().invoke(main, ["replay", "at", "2001-10-10T20:42+09:00"])
    assert (old.exit_code, NOTHING in old.stderr) == (2, True)
    refused = CliRunner().invoke(main, ["replay", "report", str(tmp_path / "night.doc")])
    assert (refused.exit_code, (tmp_path / "night.doc").exists()) == (2, False)
    assert CliRunner().invoke(main, ["replay", "again"]).exit_code == 2


def test_versions_are_read_alike_in_whatever_order(night: Recorded) -> None:
    numbers = [number for (number,) in night.database.rows("SELECT number FROM plan_blob")]
    rng, seen = random.Random(2), dict[int, bytes]()
    for number in [*sorted(numbers), *rng.sample(numbers, len(numbers)), *sorted(numbers)[::-1]]:
        with transaction(night.engine) as connection:
            found = plans.find_decision(connection, number)
            body = plans.find_body(connection, number)
        assert found is not None
        assert body is not None
        assert parts_of(body).digest() == seen.setdefault(number, found.digest()) == found.digest()
    assert len(set(seen.values())) == len(numbers)


def test_an_order_that_is_raised_is_not_said_to_be_lifted(night: Recorded) -> None:
    changes.set_level(night.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW)
    changes.lift_level(night.engine, HazardKind.FLOOD)
    with transaction(night.engine) as connection:
        told, _ = happened.events(connection, BEGAN - timedelta(days=900), utc_now())
    orders = [(one["kind"], one["level"]) for one in told if one["kind"] in ("level", "lifted")]
    assert orders == [("level", 4), ("level", 5), ("lifted", 5)]


def test_what_was_in_force_when_the_night_began_is_its_first_event_and_untold_is_not_none(
    night: Recorded,
) -> None:
    before = BEGAN - timedelta(minutes=7)
    moved = f"UPDATE evacuation_order SET begun_at = '{before}' RETURNING 1"  # noqa: S608
    night.database.rows(moved)
    told = exporting.told_of(night.engine, None)
    first = told.events[0]
    assert (first["at"], first["kind"], first["level"]) == (BEGAN, "level", 4)
    assert "（11/26 20:53から発令中）" in first["words"]
    assert "から発令中" in report_values(told, BEGAN, FONT)["events"][0]["words"]
    with transaction(night.engine) as connection:
        state = seen_at(connection, told.rows[-1].at)["state"]
    city, openings = state["city"]["city"], [one["opening"] for one in state["sites"].values()]
    assert (city["target"], city["unreached_few"]) == (6, True)
    assert (told.rows[-1].unreached, told.rows[-1].few_unreached) == (None, True)
    assert told.rows[-1].open_sites == sum(one in ("open", "full") for one in openings)


def test_no_reason_that_somebody_typed_is_in_the_papers_of_a_night(night: Recorded) -> None:
    lon, lat = night.database.rows("SELECT ST_X(geom), ST_Y(geom) FROM household LIMIT 1")[0]
    number, *_ = changes.close_road(night.engine, Position(lat, lon), "浅瀬花子さん宅の前")
    moved = f"UPDATE closure SET begun_at = '{BEGAN}' RETURNING 1"  # noqa: S608
    night.database.rows(moved)
    with transaction(night.engine) as connection:
        told, _ = happened.events(connection, BEGAN, BEGAN + timedelta(hours=1))
    (shut,) = (one["words"] for one in told if one["kind"] == "closure")
    assert shut.startswith(f"通行止め {number}番 ")
    for paper in (exporting.table, exporting.geojson):
        assert "花子" not in paper(night.engine, None).decode()


def test_the_list_and_the_head_of_a_moment_count_the_same_versions(night: Recorded) -> None:
    unseen = (
        "UPDATE replay_frame SET version = 0 WHERE version ="
        " (SELECT min(version) FROM replay_frame) RETURNING 1"
    )
    night.database.rows(unseen)
    with transaction(night.engine) as connection:
        (kept,) = list_nights(connection)
        version = seen_at(connection, kept.last)["version"]
        assert get_night(connection).versions == kept.versions
    assert (version["until"], version["of_night"]) == (kept.versions, kept.versions)
