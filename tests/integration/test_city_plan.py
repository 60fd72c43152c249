"""The planner and who goes where: the small city with six households, whatever happens in it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher
from sqlalchemy import Engine

from city.intent import Intent
from city.staff import CONSOLE
from data import mapped, plans
from data.database import transaction
from data.live import outbox as live
from data.live.outbox import Topic
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.household import holding
from operations.household.grouping import add_group
from operations.household.links import exchange
from operations.household.revoking import revoke_all
from operations.household.saying import say
from operations.household.turnouts import set_turnout
from operations.places.counts import GivenCount, record_counts
from operations.places.siteinfo import GivenRoom, set_room
from operations.planning import held
from operations.planning.planner import COUNTS_EVERY_S, Planner
from operations.planning.telling import way_key
from operations.planning.warming import warm_loops
from operations.serving import utc_now
from routing import kernel
from routing.engine import loops as engine_loops
from routing.plan import loops as plan_loops
from routing.plan.assigned import NOWHERE, Assigned
from routing.plan.plan import Unplaced
from routing.version import PlanVersion
from shelters.counting import CountKind
from shelters.place import Opening
from tests.integration.databases import Database
from tests.integration.homed import load, slips, write_homed_city
from tests.integration.loaded import serving
from tests.integration.processes import kill, started, wait_for
from tests.integration.small_city import box, write_features

E1, E2, E3, E4 = range(4)
PERSONS = [2, 3, 1, 4, 2, 60]


@dataclass
class City:
    """A loaded city under level 4, its planner, and what is served."""

    engine: Engine
    database: Database
    planner: Planner
    folder: Path

    @property
    def version(self) -> PlanVersion:
        """What a server maps now."""
        return serving(self.folder / "state").version

    @property
    def plan(self) -> Assigned:
        """The plan that is served."""
        assert self.version.plan is not None
        return self.version.plan.assigned

    def again(self) -> Assigned:
        """What the planner has published after all that was changed."""
        if self.planner.standing:
            self.planner.standing.looked_at -= COUNTS_EVERY_S
        self.planner.catch_up()
        return self.plan

    def places(self) -> list[int]:
        """The place (row) of each household."""
        return [int(site) for site in self.again().site]

    def room(
        self, site: str, capacity: int, *, overflow: bool = False, in_use: bool = True
    ) -> None:
        """Let a place hold so many."""
        key = "予備" if overflow else "体育館"
        given = GivenRoom(key, capacity, "general", overflow, in_use)
        set_room(self.engine, CONSOLE, site, key, given, now=utc_now())


@pytest.fixture
def city(engine: Engine, database: Database, tmp_path: Path) -> City:
    load(engine, write_homed_city(tmp_path / "city"))
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    set_turnout(engine, CONSOLE, {"level_4": 1, "zoned_level_4": 1}, reason="試験", now=utc_now())
    made = City(engine, database, Planner(engine, tmp_path / "state"), tmp_path)
    made.planner.catch_up()
    return made


def test_every_household_has_a_place_and_its_door_is_led_there(city: City) -> None:
    assert city.places() == [E1, E3, E3, E1, E3, E1]
    assert city.plan.demand.tolist() == [100 * persons for persons in PERSONS]
    assert city.version.planned_site(3) == "E1"


def test_a_place_with_little_room_takes_who_loses_most_elsewhere(city: City) -> None:
    city.room("E1", 62)
    city.room("E3", 100)
    after = city.again()
    assert after.load.tolist() == [6200, 0, 1000, 0]
    assert after.site.tolist() == [E1, E3, E3, E3, E3, E1]
    assert after.figures.gap < 0.001


def test_who_is_inside_takes_room_and_a_count_alone_moves_others(city: City) -> None:
    city.room("E1", 66)
    city.room("E3", 100)
    changes.open_site(city.engine, "E1", Opening.OPEN)
    assert city.places() == [E1, E3, E3, E1, E3, E1]
    count = GivenCount(str(uuid4()), CountKind.CHANGE, 60, utc_now())
    record_counts(city.engine, CONSOLE, "E1", [count], sent_at=utc_now(), now=utc_now())
    assert not city.planner.catch_up()
    after = city.again()
    assert int(after.free[E1]) == 600
    assert facts(city)["figures"]["expected"] == after.figures.expected == 18
    assert after.site[5] == E3
    assert after.site[3] == E1


def test_overflow_rooms_count_as_room_and_are_called_for_before_they_are_needed(
    city: City,
) -> None:
    city.room("E1", 30)
    city.room("E1", 200, overflow=True, in_use=False)
    city.room("E3", 100)
    assert city.places() == [E1, E3, E3, E1, E3, E1]
    (need,) = facts(city)["overflow"]
    assert (need["site"], need["rooms"], need["beyond"]) == ("E1", ["予備"], 0)
    assert (need["coming"], need["persons"]) == (66, 36)
    now = city.version.picture.as_of
    assert datetime.fromisoformat(need["needed_at"]) - now > timedelta(minutes=45)


def facts(city: City) -> dict[str, Any]:
    """What headquarters sees."""
    with transaction(city.engine) as connection:
        told = {(one.topic, one.key): one.state for one in live.since(connection, 0)}
    return dict(told[Topic.HEADQUARTERS, "plan"] or {})


def newest(city: City) -> plans.Published:
    with transaction(city.engine) as connection:
        found = plans.find_newest(connection)
    assert found is not None
    return found


def test_a_hold_of_staff_takes_room_and_one_of_residents_does_not(city: City) -> None:
    for site in ("E1", "E3"):
        city.room(site, 66)
    (slip,) = slips(city.engine, 1)
    home = exchange(city.engine, slip.token, utc_now()).home
    holding.set_out(city.engine, home, uuid4(), "E1", utc_now())
    assert city.places() == [E1, E3, E3, E1, E3, E1]
    number = uuid4()
    holding.keep_room(city.engine, CONSOLE, number, "E1", 5, now=utc_now())
    assert city.places() == [E1, E3, E3, E3, E3, E1] or city.places()[0] == E3
    assert int(city.plan.free[E1]) == 6100
    holding.release(city.engine, CONSOLE, number, now=utc_now())
    assert int(city.again().free[E1]) == 6600


def test_room_that_the_desk_keeps_for_a_household_is_kept_and_not_counted_twice(city: City) -> None:
    for site in ("E1", "E3"):
        city.room(site, 66)
    (slip,) = slips(city.engine, 1)
    before = city.again()
    holding.keep_room(city.engine, CONSOLE, uuid4(), "E1", 50, label=slip.label, now=utc_now())
    after = city.again()
    assert int(after.free[E1]) == 6600 - 5000
    assert int(after.site[1]) == E1
    assert (int(before.demand[1]), int(after.demand[1])) == (300, 0)


def test_a_small_water_bites_at_once_whatever_else_was_shut(city: City, tmp_path: Path) -> None:
    for site in ("E1", "E2", "E3", "E4"):
        changes.open_site(city.engine, site, Opening.CLOSED)
    small = write_features(tmp_path / "small.geojson", [(box(1.1, 5.8, 1.5, 6.3), {})])
    changes.observe_water(city.engine, small)
    city.again()
    assert len(city.version.picture.observed) == 1
    assert newest(city).facts["held"] == []


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


def told_of(city: City) -> set[int]:
    """The households that something was told."""
    links = city.database.rows("SELECT token_hash, household FROM household_link")
    keys = {way_key(link): household for link, household in links}
    with transaction(city.engine) as connection:
        there = [one for one in live.since(connection, 0) if one.topic is Topic.WAY]
    return {keys[one.key] for one in there if one.state}


def test_whoever_set_out_is_not_turned_round_when_the_place_is_full_and_others_are_sent_elsewhere(
    city: City,
) -> None:
    here = city.places()[1]
    assert city.places()[2] == here
    site = ("E1", "E2", "E3")[here]
    (slip,) = slips(city.engine, 1)
    home = exchange(city.engine, slip.token, utc_now()).home
    holding.set_out(city.engine, home, uuid4(), site, utc_now())
    changes.open_site(city.engine, site, Opening.FULL)
    after = city.again()
    assert int(after.site[1]) == here
    assert int(after.site[2]) not in (here, NOWHERE)
    assert after.figures.walking == 1
    changes.open_site(city.engine, site, Opening.ENDANGERED)
    assert int(city.again().site[1]) not in (here, NOWHERE)


def test_a_group_stays_together_where_its_households_would_part(city: City) -> None:
    add_group(city.engine, CONSOLE, "隣組", [0, 1], now=utc_now())
    after = city.places()
    assert after[0] == after[1]


def test_what_a_household_says_changes_how_many_are_expected(city: City) -> None:
    assert city.again().figures.expected == sum(PERSONS)
    say(city.engine, 5, Intent.HOTEL, CONSOLE)
    assert city.again().figures.expected == sum(PERSONS) - 60
    set_turnout(
        city.engine, CONSOLE, {"level_4": 0, "zoned_level_4": 0}, reason="試験", now=utc_now()
    )
    assert city.again().figures.expected == 0
    assert city.plan.figures.going == 6


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


def test_water_over_the_whole_city_waits_for_a_person_and_nothing_else_does(
    city: City, tmp_path: Path
) -> None:
    path = write_features(tmp_path / "all.geojson", [(box(-2, -2, 9, 9), {})])
    (number,) = changes.observe_water(city.engine, path)
    before = city.plan
    after = city.again()
    assert not city.version.picture.observed
    assert np.array_equal(before.site, after.site)
    (waits,) = newest(city).facts["held"]
    assert (waits["kind"], waits["item"]) == ("observed_water", number)
    assert "100%" in waits["why"]
    (other,) = changes.observe_water(city.engine, path)
    city.again()
    changes.remove_water(city.engine, [other])
    city.again()
    assert [one["item"] for one in newest(city).facts["held"]] == [number]
    small = write_features(tmp_path / "small.geojson", [(box(1.1, 5.8, 1.5, 6.3), {})])
    changes.observe_water(city.engine, small)
    city.again()
    assert len(city.version.picture.observed) == 1
    assert city.plan.why[0] == Unplaced.NO_WAY
    held.apply_held(city.engine, [waits["number"]], now=utc_now())
    city.again()
    assert len(city.version.picture.observed) == 2
    assert set(city.plan.why.tolist()) == {Unplaced.NO_WAY}
    changes.remove_water(city.engine, [])
    assert city.again().figures.going == 6


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


def test_only_who_must_change_hears_and_only_on_their_own_key(city: City) -> None:
    for slip in slips(city.engine, *range(6)):
        exchange(city.engine, slip.token, utc_now())
    changes.open_site(city.engine, "E1", Opening.CLOSED)
    assert city.places() == [E3] * 6
    assert told_of(city) == {0, 3, 5}
    revoke_all(city.engine, CONSOLE, now=utc_now())
    changes.open_site(city.engine, "E1", Opening.OPEN)
    city.again()
    assert told_of(city) == set()


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
