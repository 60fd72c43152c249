"""The planner publishes whole versions that answer like the ones it computed."""

import random
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from city.position import Position
from city.traveller import Dwelling, Household, Profile
from data import mapped
from data.database import connect, transaction
from data.inforce import last_change
from data.rows import current_load
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.answer import answer
from operations.load_city import load_city
from operations.planning.basis import open_basis, write_basis
from operations.planning.inforce import read_picture
from operations.planning.making import prepare
from operations.planning.methods import HIERARCHY
from operations.planning.planner import KEEP_VERSIONS, Planner
from operations.serving import Freshness
from routing.guidance import Question, guide
from routing.version import PlanVersion
from shelters.place import Opening
from tests.integration.databases import Connects, Database
from tests.integration.loaded import serving
from tests.integration.processes import wait_for
from tests.integration.small_city import box, position, write_features

NOW = datetime(2026, 10, 10, 11, 42, tzinfo=UTC)


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
    connects: Connects,
) -> None:
    database, state = plan
    stored = serving(state).version
    engine = connects(database.url)
    with transaction(engine) as connection:
        load, (change, _) = current_load(connection), last_change(connection)
        folder = state.parent / "other"
        write_basis(connection, load, folder)
        ground = open_basis(folder, HIERARCHY).ground
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
