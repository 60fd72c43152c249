"""The planner's life: on two machines, killed in between, without its lock, of another engine."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher

from data import mapped, plans
from data.database import transaction
from operations import changes
from operations.household.links import exchange
from operations.planning.planner import COUNTS_EVERY_S, Planner
from operations.planning.warming import warm_loops
from operations.serving import utc_now
from routing import kernel
from routing.engine import loops as engine_loops
from routing.plan import loops as plan_loops
from routing.plan.assigned import Assigned
from shelters.place import Opening
from tests.integration.homed import slips
from tests.integration.loaded import serving
from tests.integration.plannedcity import E1, City, newest, told_of
from tests.integration.processes import kill, started, wait_for


def test_what_was_decided_is_in_the_database_as_on_the_disk(city: City) -> None:
    published = newest(city)
    with transaction(city.engine) as connection:
        body = plans.find_body(connection, published.number)
    assert body is not None
    picture, assigned = mapped.unpacked(body)
    assert published.number == city.version.number
    assert picture.change == city.version.picture.change
    for name in Assigned.__slots__:
        mine, stored = getattr(assigned, name), getattr(city.plan, name)
        assert np.array_equal(mine, stored) if isinstance(mine, np.ndarray) else mine == stored


@contextmanager
def at_work(planner: Planner) -> Iterator[list[str]]:
    """A planner in a thread of its own, and what it says."""
    stop, said = threading.Event(), list[str]()
    thread = threading.Thread(target=planner.run, args=(stop, said.append))
    thread.start()
    try:
        yield said
    finally:
        stop.set()
        thread.join()


def test_another_machine_serves_the_same_version_and_takes_over_within_five_seconds(
    city: City, tmp_path: Path
) -> None:
    other = Planner(city.engine, tmp_path / "elsewhere")
    with started(city.database.url, tmp_path / "state", "planner", log=tmp_path / "log") as process:
        log = tmp_path / "log"
        wait_for("the first is at work", lambda: locked(city), 40)
        with at_work(other) as said:
            wait_for("the other stands by", lambda: said, 20)
            changes.open_site(city.engine, "E1", Opening.CLOSED)
            wait_for("it is published", lambda: b"published" in log.read_bytes(), 60)
            wait_for("both serve it", lambda: same(city, tmp_path), 20)
            one, two = city.version, serving(tmp_path / "elsewhere").version
            assert one.plan is not None
            assert two.plan is not None
            assert np.array_equal(one.plan.assigned.way, two.plan.assigned.way)
            assert one.fields.keys() == two.fields.keys()
            for key, field in one.fields.items():
                assert np.array_equal(field.first.step, two.fields[key].first.step)
            kill(process)
            changes.open_site(city.engine, "E1", Opening.OPEN)
            number = one.number
            took = wait_for(
                "taken over", lambda: serving(tmp_path / "elsewhere").version.number > number, 20
            )
    assert took < 5


def test_a_standby_whose_state_folder_was_wiped_serves_the_newest_version_again(
    city: City, tmp_path: Path
) -> None:
    """All of it, the ground too, while another planner is at work."""
    there = tmp_path / "elsewhere"
    with at_work(city.planner):
        wait_for("the first is at work", lambda: locked(city))
        with at_work(Planner(city.engine, there)):
            changes.open_site(city.engine, "E1", Opening.CLOSED)
            wait_for("both serve it", lambda: same(city, tmp_path))
            shutil.rmtree(there)
            wait_for("it is whole again", lambda: whole(city, there))
            assert same(city, tmp_path)


def whole(city: City, state: Path) -> bool:
    """Whether a state folder has the newest version, and the ground under it."""
    home, published = mapped.home(state), newest(city)
    ground = home / f"ground-{published.load}" / "ground.json"
    return mapped.current_name(home).startswith(f"version-{published.number}-") and ground.is_file()


def locked(city: City) -> bool:
    return bool(
        city.database.one(
            "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE locktype = 'advisory' AND objid = 7310002 AND datname = current_database()"
        )
    )


def same(city: City, folder: Path) -> bool:
    there = folder / "elsewhere"
    if not mapped.current_name(mapped.home(there)):
        return False
    number = city.version.number
    closed = city.version.picture.openings["E1"].opening is Opening.CLOSED
    return closed and serving(there).version.number == number


def test_a_planner_killed_between_database_and_disk_serves_what_the_database_has(
    city: City,
) -> None:
    state = city.planner.state
    before = mapped.current_name(state)
    changes.open_site(city.engine, "E2", Opening.CLOSED)
    city.again()
    after = newest(city)
    mapped.publish(state, before)
    assert city.version.number < after.number
    assert not Planner(city.engine, city.folder / "state").catch_up()
    assert city.version.number == after.number


def test_whom_a_planner_changed_that_died_before_it_told_them_hears_from_the_next(
    city: City, tmp_path: Path
) -> None:
    for slip in slips(city.engine, *range(6)):
        exchange(city.engine, slip.token, utc_now())
    changes.open_site(city.engine, "E1", Opening.CLOSED)
    with transaction(city.engine, latest=True) as connection:
        connection.exec_driver_sql("ALTER TABLE household_link RENAME TO away")
    city.planner.catch_up()
    with transaction(city.engine, latest=True) as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO household_link")
    assert told_of(city) == set()
    assert not Planner(city.engine, tmp_path / "state").catch_up()
    assert told_of(city) == {0, 3, 5}


def test_nothing_is_published_by_a_planner_that_lost_its_lock(city: City) -> None:
    changes.open_site(city.engine, "E2", Opening.CLOSED)
    before = newest(city).number

    def lost() -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        city.planner.catch_up(lost)
    assert newest(city).number == before == city.version.number
    city.planner.catch_up()
    assert newest(city).number == city.version.number > before


def test_five_thousand_closures_become_one_version(city: City) -> None:
    city.database.rows(
        "INSERT INTO closure (city_code, reason, geom, by_water)"
        " SELECT '99902', '試験', geom, false FROM street, generate_series(1, 100)"
        " WHERE load_id = (SELECT id FROM city_load WHERE current) AND number < 50 RETURNING 1"
    )
    before = newest(city).number
    changes.open_site(city.engine, "E4", Opening.CLOSED)
    city.again()
    assert len(city.version.picture.closures) == 5000
    published = city.database.rows(
        f"SELECT number FROM plan_version WHERE published_at IS NOT NULL AND number > {before}"  # noqa: S608
    )
    assert len(published) == 1


def test_a_clock_that_steps_back_loses_nothing(city: City) -> None:
    clock: Callable[[], datetime] = lambda: utc_now() - timedelta(hours=3)  # noqa: E731
    late = Planner(city.engine, city.folder / "state", clock=clock)
    changes.open_site(city.engine, "E1", Opening.CLOSED)
    number = newest(city).number
    assert late.catch_up()
    assert newest(city).number > number
    assert city.version.picture.openings["E1"].opening is Opening.CLOSED
    assert E1 not in city.places()


def test_the_engine_can_be_chosen_and_decides_the_same(city: City, tmp_path: Path) -> None:
    other = city.plan
    city.database.rows("DELETE FROM plan_blob RETURNING 1")
    city.database.rows("DELETE FROM plan_version RETURNING 1")
    plain = Planner(city.engine, tmp_path / "plain", "scipy")
    assert plain.catch_up()
    assert plain.standing is not None
    assert plain.standing.version.plan is not None
    one = plain.standing.version.plan.assigned
    assert np.array_equal(one.site, other.site)
    assert np.array_equal(one.way, other.way)


def test_no_loop_is_compiled_while_a_plan_is_waited_for(city: City, tmp_path: Path) -> None:
    """Neither for the mapped arrays of a planner that begins anew."""
    warm_loops()
    before = compiled()
    assert min(before.values()) == 1
    changes.open_site(city.engine, "E1", Opening.CLOSED)
    anew = Planner(city.engine, tmp_path / "state")
    assert anew.catch_up()
    city.room("E3", 1)
    anew.standing.looked_at -= COUNTS_EVERY_S  # type: ignore[union-attr]
    anew.catch_up()
    assert compiled() == before


def compiled() -> dict[str, int]:
    """For how many kinds of arguments each loop is compiled."""
    return {
        f"{module.__name__}.{name}": len(loop.signatures)
        for module in (kernel, engine_loops, plan_loops)
        for name, loop in vars(module).items()
        if isinstance(loop, Dispatcher) and not name.startswith("_")
    }
