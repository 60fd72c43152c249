"""The planner publishes whole versions that answer like the ones it computed."""

import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest
from shapely.errors import GEOSException
from sqlalchemy import Engine

from city.position import Position
from city.traveller import Dwelling, Household, Profile
from data import mapped
from data.database import connect, transaction
from data.errors import NoDatabase
from data.inforce import last_change
from data.rows import current_load
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.answer import answer
from operations.load_city import load_city
from operations.planner import KEEP_VERSIONS, PLANNER_LOCK, Planner, prepare, read_picture
from operations.serving import CurrentVersion, Freshness
from routing.guidance import Question, guide
from routing.version import PlanVersion
from shelters.place import Opening
from tests.integration.databases import Database, Server, plain
from tests.integration.processes import kill, started, wait_for
from tests.integration.small_city import box, position, write_features

NOW = datetime(2026, 10, 10, 11, 42, tzinfo=UTC)


@pytest.fixture
def plan(
    server: Server, with_plan: tuple[str, Path], tmp_path: Path
) -> Iterator[tuple[Database, Path]]:
    """A database with the town, and a state folder with its first version."""
    made = server.create(with_plan[0])
    state = shutil.copytree(with_plan[1], tmp_path / "state", symlinks=True)
    yield made, state
    server.drop(made)


@pytest.fixture
def small_plan(engine: Engine, small_city: Path, tmp_path: Path) -> Planner:
    """A planner that has published the small city."""
    load_city(engine, small_city, lambda _: None)
    planner = Planner(engine, tmp_path / "state")
    planner.catch_up()
    return planner


def serving(state: Path) -> CurrentVersion:
    found = CurrentVersion(state)
    found.refresh()
    return found


def doors(version: PlanVersion, count: int) -> list[Question]:
    """Questions from all over the city, of every kind."""
    chance = random.Random(3)
    junctions = version.ground.roads.junction_xy
    found = []
    for _ in range(count):
        x, y = junctions[chance.randrange(len(junctions))] + (chance.random() * 40, 7)
        household = Household(
            chance.choice(list(Profile)),
            chance.choice([None, Dwelling.HOUSE, Dwelling.STURDY]),
            chance.choice([None, 2]),
            chance.choice([None, 5]),
            chance.choice([None, 200.0]),
        )
        hazards = chance.choice([frozenset(), frozenset({HazardKind.LANDSLIDE})])
        level = chance.choice(list(AlertLevel))
        at = NOW + timedelta(hours=chance.choice([0, 14]))
        found.append(Question(version.ground.metres.position(x, y), at, household, hazards, level))
    return found


def test_a_mapped_version_answers_every_door_like_the_computed_one(
    plan: tuple[Database, Path],
) -> None:
    database, state = plan
    stored = serving(state).version
    engine = connect(database.url)
    with transaction(engine) as connection:
        load, (change, _) = current_load(connection), last_change(connection)
        fresh = Planner(engine, state.parent / "other")
        ground = fresh._ground(connection, load)
        picture = read_picture(connection, load, ground, change, stored.picture.as_of)
    engine.dispose()
    computed = PlanVersion.of(stored.number, ground, picture)
    prepare(computed, picture.as_of)
    assert set(stored.fields) == set(computed.fields) != set()
    fresh_now = Freshness(NOW, stale=False)
    for question in doors(computed, 200):
        one, other = guide(stored, question), guide(computed, question)
        assert answer(one, fresh_now) == answer(other, fresh_now)


def test_mapped_arrays_are_those_computed_and_cannot_be_written(
    plan: tuple[Database, Path],
) -> None:
    stored = serving(plan[1]).version
    again = PlanVersion.of(stored.number, stored.ground, stored.picture)
    prepare(again, stored.picture.as_of)
    assert again.fields
    for key, field in again.fields.items():
        other = stored.fields[key]
        for mine, yours in ((field.first, other.first), (field.second, other.second)):
            for name in mine.__slots__:
                array = getattr(yours, name)
                assert np.array_equal(getattr(mine, name), array)
                with pytest.raises(ValueError, match="read-only"):
                    array[0] = 0


def test_nothing_is_published_where_nothing_changed(small_plan: Planner) -> None:
    link = small_plan.state / "current"
    before = link.readlink()
    checked = mapped.last_checked(small_plan.state, before.name)
    time.sleep(0.01)
    assert not small_plan.catch_up()
    assert link.readlink() == before
    after = mapped.last_checked(small_plan.state, before.name)
    assert after is not None
    assert checked is not None
    assert after > checked


def test_a_change_is_published_and_served(
    small_plan: Planner, engine: Engine, tmp_path: Path
) -> None:
    served = serving(tmp_path / "state")
    assert served.version.picture.openings["E1"].opening is Opening.UNCONFIRMED
    changes.open_site(engine, "E1", Opening.CLOSED)
    assert small_plan.catch_up()
    assert served.refresh()
    assert not served.refresh()
    assert served.version.picture.openings["E1"].opening is Opening.CLOSED
    name = (small_plan.state / "current").readlink().name
    assert name.startswith(f"version-{served.version.number}-")


def test_current_is_always_a_whole_version_while_versions_are_published(
    small_plan: Planner, engine: Engine, tmp_path: Path
) -> None:
    served, stop, seen = serving(tmp_path / "state"), threading.Event(), set()
    door = Question(Position(*position(3.2, 3.1)), NOW)
    broken: list[Exception] = []

    def read() -> None:
        while not stop.is_set():
            try:
                served.refresh()
                assert guide(served.version, door).first is not None
                seen.add(served.version.number)
            except Exception as error:
                broken.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(2 * KEEP_VERSIONS):
        changes.open_site(engine, "E1", Opening.CLOSED if turn % 2 else Opening.OPEN)
        small_plan.catch_up()
    stop.set()
    reader.join()
    assert broken == []
    assert len(seen) > 2


def test_mapped_files_stay_usable_when_their_folder_is_pruned(
    plan: tuple[Database, Path],
) -> None:
    database, state = plan
    old = serving(state)
    questions = doors(old.version, 20)
    before = [answer(guide(old.version, q), Freshness(NOW, stale=False)) for q in questions]
    engine = connect(database.url)
    planner = Planner(engine, state)
    for turn in range(KEEP_VERSIONS + 1):
        site = old.version.ground.sites[0].id
        changes.open_site(engine, site, Opening.OPEN if turn % 2 else Opening.CLOSED)
        planner.catch_up()
    engine.dispose()
    assert not list(mapped.home(state).glob(f"version-{old.version.number}-*"))
    after = [answer(guide(old.version, q), Freshness(NOW, stale=False)) for q in questions]
    assert after == before
    names = sorted(path.name for path in mapped.home(state).iterdir())
    assert len([name for name in names if name.startswith("version-")]) == KEEP_VERSIONS
    assert not [name for name in names if name.startswith(".")]


def test_a_reload_is_served_with_its_own_ground(
    small_plan: Planner, engine: Engine, small_city: Path, tmp_path: Path
) -> None:
    served = serving(tmp_path / "state")
    text = small_city.read_text("utf-8")
    small_city.write_text(text.replace("小浜町（架空）", "大浜町（架空）"), "utf-8")
    load_city(engine, small_city, lambda _: None)
    small_plan.catch_up()
    served.refresh()
    assert served.version.ground.card.name == "大浜町（架空）"
    for turn in range(KEEP_VERSIONS + 1):
        changes.open_site(engine, "E1", Opening.CLOSED if turn % 2 else Opening.OPEN)
        small_plan.catch_up()
    assert len(list(small_plan.state.glob("ground-*"))) == 1


def test_a_planner_begun_anew_goes_on_from_what_was_published(
    small_plan: Planner, engine: Engine, tmp_path: Path
) -> None:
    before = (small_plan.state / "current").readlink()
    assert not Planner(engine, tmp_path / "state").catch_up()
    assert (small_plan.state / "current").readlink() == before
    changes.open_site(engine, "E1", Opening.OPEN)
    assert Planner(engine, tmp_path / "state").catch_up()


def test_a_changed_zone_is_served_within_seconds(
    plan: tuple[Database, Path], tmp_path: Path
) -> None:
    """From the transaction to the swap in a serving process; `./dev bench` holds the figure."""
    database, state = plan
    served = serving(state)
    served.follow()
    engine = connect(database.url)
    stop = threading.Event()
    planner = Planner(engine, state)
    thread = threading.Thread(target=planner.run, args=(stop, lambda _: None))
    thread.start()
    try:
        checked = mapped.home(state) / "checked"
        before = checked.read_text()
        wait_for("the planner has begun", lambda: checked.read_text() != before)
        took = []
        for turn in range(4):
            x, y = served.version.ground.roads.junction_xy[37 * turn]
            at = served.version.ground.metres.position(x, y)
            ring = [
                [at.lon + dx, at.lat + dy]
                for dx, dy in ((0, 0), (0.001, 0), (0.001, 0.001), (0, 0.001), (0, 0))
            ]
            shape = {"type": "Polygon", "coordinates": [ring]}
            path = write_features(tmp_path / "w.geojson", [(shape, {})])
            count = len(served.version.picture.observed)
            changes.observe_water(engine, path)
            took.append(
                wait_for("served", lambda n=count: len(served.version.picture.observed) > n)
            )
    finally:
        stop.set()
        thread.join()
        served.close()
        engine.dispose()
    print("changed zone to served field, ms:", [round(1000 * t) for t in took])
    assert max(took) < 5


def test_a_second_planner_stands_by_and_takes_over(
    plan: tuple[Database, Path], tmp_path: Path
) -> None:
    database, state = plan
    one, two = tmp_path / "one.log", tmp_path / "two.log"
    holds = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = "
    with (
        started(database.url, state, "planner", log=one) as first,
        started(database.url, state, "planner", log=two) as second,
    ):
        logs = (one, two)
        words = "another planner is at work: standing by"
        wait_for("one stands by", lambda: any(words in log.read_text() for log in logs))
        assert database.one(holds + str(PLANNER_LOCK)) == 1
        waiting = words in one.read_text()
        kill(second if waiting else first)
        with psycopg.connect(plain(database.url), autocommit=True) as connection:
            connection.execute("INSERT INTO change (what) VALUES ('test')")
            connection.execute("SELECT pg_notify('nigemichi', '0')")
        other = logs[0 if waiting else 1]
        wait_for("the other takes over", lambda: "published version" in other.read_text())
        assert (first if waiting else second).poll() is None


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.12, 0.2])
def test_a_planner_killed_while_it_publishes_leaves_a_whole_version(
    plan: tuple[Database, Path], tmp_path: Path, delay: float
) -> None:
    database, state = plan
    folder, engine = mapped.home(state), connect(database.url)
    first = serving(state).version
    published = "SELECT count(*) FROM plan_version"
    with started(database.url, state, "planner", log=tmp_path / "log") as process:
        checked = folder / "checked"
        before, count = checked.read_text(), database.one(published)
        wait_for("the planner has begun", lambda: checked.read_text() != before)
        changes.open_site(engine, first.ground.sites[0].id, Opening.CLOSED)
        wait_for("it publishes", lambda: database.one(published) > count)
        time.sleep(delay)
        kill(process)
    version = serving(state).version
    assert version.number >= first.number
    for question in doors(version, 20):
        guide(version, question)
    Planner(engine, state).catch_up()
    engine.dispose()
    after = serving(state).version
    site = after.ground.sites[0].id
    assert after.picture.openings[site].opening is Opening.CLOSED


def _damage(names: str, by: Callable[[Path], object]) -> Any:
    """A parameter: what is done to the files of these names below the state folder."""

    def damage(home: Path) -> None:
        found = list(home.glob(names))
        assert found
        for path in found:
            by(path)

    return pytest.param(damage, id=f"{names} {getattr(by, '__name__', '')}")


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zeroed(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def removed(path: Path) -> None:
    path.unlink()


def a_list(path: Path) -> None:
    path.write_text("[]")


def made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "damage",
    [
        *(
            _damage("version-*/version.json", by=by)
            for by in (emptied, cut, zeroed, removed, a_list, made_a_folder)
        ),
        *(_damage("version-*/weights-0-cost.npy", by=by) for by in (emptied, cut, zeroed, removed)),
        _damage("version-*/access-1-gate_site.npy", by=removed),
        _damage("version-*/field-0.npy", by=cut),
        *(_damage("ground-*/ground.json", by=by) for by in (emptied, cut, removed, a_list)),
        *(_damage("ground-*/road-head.npy", by=by) for by in (emptied, cut, removed)),
        *(_damage("ground-*/zone-depth-wkb.npy", by=by) for by in (cut, zeroed)),
        _damage("ground-*/areas-ends.npy", by=emptied),
        _damage("current", by=removed),
        _damage("current", by=made_a_folder),
        _damage("checked", by=emptied),
        _damage("version-*", by=shutil.rmtree),
        _damage("ground-*", by=shutil.rmtree),
    ],
)
def test_what_is_damaged_is_made_anew(
    small_plan: Planner, engine: Engine, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """A planner begun anew on a state folder that a power cut left."""
    damage(small_plan.state)
    Planner(engine, tmp_path / "state").catch_up()
    found = serving(tmp_path / "state")
    assert guide(found.version, Question(Position(*position(3.2, 3.1)), NOW)).first is not None
    assert not found.freshness(datetime.now(UTC)).stale
    assert not Planner(engine, tmp_path / "state").catch_up()


@pytest.mark.parametrize("gone", ["", "current", "version-*", "ground-*"])
def test_what_is_taken_away_from_a_running_planner_is_made_anew(
    small_plan: Planner, tmp_path: Path, gone: str
) -> None:
    for path in small_plan.state.glob(gone) if gone else [small_plan.state]:
        path.unlink() if path.is_symlink() else shutil.rmtree(path)
    assert small_plan.catch_up()
    assert not small_plan.catch_up()
    assert serving(tmp_path / "state").version.number == 2


class Fails(Planner):
    """Fails to look once for each failure given, then looks."""

    failures: list[Exception]

    def catch_up(self, still_mine: Callable[[], None] = lambda: None) -> bool:
        if self.failures:
            raise self.failures.pop(0)
        return super().catch_up(still_mine)


def test_no_failure_ends_the_planner(
    engine: Engine, small_city: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor is it locked out by the lock that it held when it failed."""
    load_city(engine, small_city, lambda _: None)
    planner, stop, said = Fails(engine, tmp_path / "state"), threading.Event(), []
    planner.failures = [
        GEOSException("TopologyException"),
        MemoryError(),
        psycopg.OperationalError(""),
        NoDatabase(""),
        OSError(28, "No space left on device"),
    ]

    def told(words: str) -> None:
        said.append(words)
        raise BrokenPipeError

    thread = threading.Thread(target=planner.run, args=(stop, told))
    thread.start()
    try:
        wait_for("published", lambda: mapped.current_name(planner.state), 30)
        assert thread.is_alive()
    finally:
        stop.set()
        thread.join()
    assert said == [
        "trying again: GEOSException: TopologyException",
        "trying again: MemoryError: ",
        "waiting for PostgreSQL: ",
        "waiting for PostgreSQL: ",
        "trying again: OSError: [Errno 28] No space left on device",
    ]
    failed = [record for record in caplog.records if record.message == "the planner failed"]
    assert [record.exc_info is not None for record in failed] == [True, True]


def test_observed_water_cuts_the_small_city_in_two(
    small_plan: Planner, engine: Engine, tmp_path: Path
) -> None:
    path = write_features(tmp_path / "w.geojson", [(box(-2, 2.2, 9, 2.8), {})])
    changes.observe_water(engine, path)
    changes.open_site(engine, "E2", Opening.CLOSED)
    small_plan.catch_up()
    version = serving(tmp_path / "state").version
    north, south = (Question(Position(*position(3.5, y)), NOW) for y in (5.0, 1.0))
    assert guide(version, north).first is not None
    assert guide(version, south).verdict == "secure_now"


def test_another_database_with_the_same_numbers_is_another_city(
    server: Server, migrated: str, small_city: Path, small_plan: Planner, tmp_path: Path
) -> None:
    """A database made anew counts its loads, changes and versions from 1 again."""
    served = serving(tmp_path / "state")
    other = server.create(migrated)
    engine = connect(other.url)
    text = small_city.read_text("utf-8")
    small_city.write_text(text.replace("小浜町（架空）", "大浜町（架空）"), "utf-8")
    load_city(engine, small_city, lambda _: None)
    Planner(engine, tmp_path / "state").catch_up()
    engine.dispose()
    served.refresh()
    assert served.version.ground.card.name == "大浜町（架空）"
    server.drop(other)


def test_a_database_restored_from_a_backup_publishes_its_older_changes(
    server: Server, migrated: str, small_city: Path, tmp_path: Path
) -> None:
    original = server.create(migrated)
    engine = connect(original.url)
    load_city(engine, small_city, lambda _: None)
    engine.dispose()
    backup = server.create(original.name)
    engine = connect(original.url)
    planner = Planner(engine, tmp_path / "state")
    for turn in range(KEEP_VERSIONS + 2):
        changes.open_site(engine, "E1", Opening.CLOSED if turn % 2 else Opening.OPEN)
        planner.catch_up()
    engine.dispose()
    served = serving(tmp_path / "state")
    engine = connect(backup.url)
    changes.open_site(engine, "E2", Opening.OPEN)
    Planner(engine, tmp_path / "state").catch_up()
    engine.dispose()
    served.refresh()
    assert served.version.picture.openings["E2"].opening is Opening.OPEN
    assert (mapped.home(tmp_path / "state") / "current").is_dir()
    for made in (original, backup):
        server.drop(made)
