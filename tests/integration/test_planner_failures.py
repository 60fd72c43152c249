"""A planner that is killed, doubled, lied to or robbed goes on with whole versions."""

import shutil
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from shapely.errors import GEOSException
from sqlalchemy import Engine

from city.position import Position
from data import mapped
from data.errors import NoDatabase
from operations import changes
from operations.load_city import load_city
from operations.planning.following import PLANNER_LOCK
from operations.planning.planner import KEEP_VERSIONS, Planner
from routing.guidance import Question, guide
from shelters.place import Opening
from tests.integration.databases import Connects, Database, Server, plain
from tests.integration.loaded import serving
from tests.integration.processes import kill, started, wait_for
from tests.integration.small_city import position

NOW = datetime(2026, 10, 10, 11, 42, tzinfo=UTC)


def test_a_second_planner_stands_by_and_takes_over(
    plan: tuple[Database, Path], tmp_path: Path
) -> None:
    database, state = plan
    one, two = tmp_path / "one.log", tmp_path / "two.log"
    holds = (
        "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
        " WHERE datname = current_database() AND locktype = 'advisory' AND granted AND objid = "
    )
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
    plan: tuple[Database, Path], tmp_path: Path, delay: float, connects: Connects
) -> None:
    database, state = plan
    folder, engine = mapped.home(state), connects(database.url)
    first = serving(state).version
    published = "SELECT count(*) FROM plan_version"
    with started(database.url, state, "planner", log=tmp_path / "log") as process:
        checked = folder / "checked"
        before, count = checked.read_text(), database.one(published)
        wait_for("the planner has begun", lambda: checked.read_text() != before)
        changes.open_site(engine, first.ground.sites[0].id, Opening.CLOSED)
        wait_for("it publishes", lambda: database.one(published) > count, closely=True)
        time.sleep(delay)
        kill(process)
    version = serving(state).version
    assert version.number >= first.number
    for x, y in version.ground.roads.junction_xy[::150].tolist():
        guide(version, Question(version.ground.metres.position(x, y), NOW))
    Planner(engine, state).catch_up()
    engine.dispose()
    after = serving(state).version
    site = after.ground.sites[0].id
    assert after.picture.openings[site].opening is Opening.CLOSED


def test_a_version_that_cannot_be_said_shorter_or_named_is_published_whole(
    engine: Engine, database: Database, small_plan: Planner, tmp_path: Path
) -> None:
    def fails(*_: Any) -> Any:
        raise MemoryError

    planner = Planner(engine, tmp_path / "state", kept=fails)
    site = serving(tmp_path / "state").version.ground.sites[0].id
    changes.open_site(engine, site, Opening.CLOSED)
    assert planner.catch_up()
    assert small_plan.state == planner.state
    kept = "SELECT place, state_hash FROM plan_blob JOIN plan_version USING (number)"
    assert database.rows(f"{kept} ORDER BY number DESC LIMIT 1") == [(0, None)]


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


def a_page_lost(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(bytes(4096))


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
        *(
            _damage("version-*/version.arrays", by=by)
            for by in (emptied, cut, zeroed, a_page_lost, removed, made_a_folder)
        ),
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
    """As the database has it: nobody is told anything else."""
    for path in small_plan.state.glob(gone) if gone else [small_plan.state]:
        path.unlink() if path.is_symlink() else shutil.rmtree(path)
    assert not small_plan.catch_up()
    found = serving(tmp_path / "state")
    assert found.version.number == 1
    assert not found.freshness(datetime.now(UTC)).stale


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


def test_another_database_with_the_same_numbers_is_another_city(
    server: Server,
    migrated: str,
    small_city: Path,
    small_plan: Planner,
    tmp_path: Path,
    connects: Connects,
) -> None:
    """A database made anew counts its loads, changes and versions from 1 again."""
    served = serving(tmp_path / "state")
    other = server.create(migrated)
    engine = connects(other.url)
    text = small_city.read_text("utf-8")
    small_city.write_text(text.replace("小浜町（架空）", "大浜町（架空）"), "utf-8")
    load_city(engine, small_city, lambda _: None)
    Planner(engine, tmp_path / "state").catch_up()
    engine.dispose()
    served.refresh()
    assert served.version.ground.card.name == "大浜町（架空）"
    server.drop(other)


def test_a_database_restored_from_a_backup_publishes_its_older_changes(
    server: Server, migrated: str, small_city: Path, tmp_path: Path, connects: Connects
) -> None:
    original = server.create(migrated)
    engine = connects(original.url)
    load_city(engine, small_city, lambda _: None)
    engine.dispose()
    backup = server.create(original.name)
    engine = connects(original.url)
    planner = Planner(engine, tmp_path / "state")
    for turn in range(KEEP_VERSIONS + 2):
        changes.open_site(engine, "E1", Opening.CLOSED if turn % 2 else Opening.OPEN)
        planner.catch_up()
    engine.dispose()
    served = serving(tmp_path / "state")
    engine = connects(backup.url)
    changes.open_site(engine, "E2", Opening.OPEN)
    Planner(engine, tmp_path / "state").catch_up()
    engine.dispose()
    served.refresh()
    assert served.version.picture.openings["E2"].opening is Opening.OPEN
    assert (mapped.home(tmp_path / "state") / "current").is_dir()
    for made in (original, backup):
        server.drop(made)
