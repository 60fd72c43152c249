"""What is in force can be read by those who put it there."""

import gc
import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from city.position import Position
from hazards.kinds import AlertLevel, HazardKind
from operations import changes, listing
from operations.city_facts import city_facts
from operations.errors import Refused
from operations.planning.planner import Planner
from operations.serving import CurrentVersion, utc_now
from shelters.place import Opening
from tests.integration import loaded
from tests.integration.databases import Database
from tests.integration.processes import commanded, wait_for
from tests.integration.small_city import box, position, write_features

SINCE = r" \(20\d\d-\d\d-\d\d \d\d:\d\d\+0900\)"
STREET = Position(*position(2.5, 3.1))


@pytest.fixture(scope="session")
def template(with_small_city: str) -> str:
    """Every test finds the small city loaded."""
    return with_small_city


def test_every_list_names_what_is_in_force(
    engine: Engine, database: Database, tmp_path: Path
) -> None:
    def run(what: str) -> str:
        done = commanded(database.url, tmp_path, what, "list")
        assert done.returncode == 0, done
        return done.stdout.strip()

    assert {run(what) for what in ("level", "water", "road", "site")} == {"none in force"}
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE, areas=["南町二丁目"])
    changes.observe_water(engine, write_features(tmp_path / "川.geojson", [(box(1, 1, 2, 2), {})]))
    changes.close_road(engine, STREET, "倒木")
    changes.open_site(engine, "北小学校", Opening.CLOSED)
    for what, line in (
        ("level", "1: flood 4 避難指示 南町二丁目"),
        ("water", r"1: 川\.geojson 29\.60150,135\.40150"),
        ("road", r"1: 3番通り 倒木, not by water 29\.60300,135\.40250"),
        ("site", r"E1: 北小学校 closed 29\.60620,135\.40120"),
    ):
        assert re.fullmatch(line + SINCE, run(what)), run(what)


def test_a_site_that_is_gone_is_listed_all_the_same(engine: Engine, database: Database) -> None:
    changes.open_site(engine, "E1", Opening.CLOSED)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM evacuation_site WHERE id = 'E1'")
    assert listing.list_sites(engine)[0].startswith("E1: 北小学校 closed, not among the sites")


def test_a_closed_street_is_not_closed_again(engine: Engine, database: Database) -> None:
    number, _, _ = changes.close_road(engine, STREET, "倒木")
    before = loaded.everything(database)
    words = (
        rf"3番通り is closed already, nothing was changed: closure {number}, 倒木, since 20.*0900"
    )
    with pytest.raises(Refused, match=words):
        changes.close_road(engine, Position(*position(2.4, 3.0)), "工事")
    assert loaded.everything(database) == before
    changes.close_road(engine, Position(*position(3.5, 3.0)), "工事")
    assert len(listing.list_roads(engine)) == 2


def test_that_water_closes_it_too_is_not_lost(engine: Engine, database: Database) -> None:
    """A closure by water is confirmed water (`safety.md` 5)."""
    changes.close_road(engine, STREET, "倒木")
    changes.close_road(engine, STREET, "冠水")
    (line,) = listing.list_roads(engine)
    assert "冠水、倒木" in line
    assert len(loaded.changes(database)) == 3
    with pytest.raises(Refused, match="冠水、倒木"):
        changes.close_road(engine, STREET, "冠水")


def test_the_city_says_where_its_closures_and_its_water_are(engine: Engine, tmp_path: Path) -> None:
    changes.close_road(engine, STREET, "冠水")
    changes.close_road(engine, Position(*position(2.0, 3.4)), "倒木")
    changes.observe_water(engine, write_features(tmp_path / "w.geojson", [(box(1, 1, 2, 2), {})]))
    Planner(engine, tmp_path / "state").catch_up()
    current = CurrentVersion(tmp_path / "state")
    current.refresh()
    facts = city_facts(current.version, current.freshness(utc_now()))["in_force"]
    wet, dry = facts["closures"]
    assert (wet["name"], wet["by_water"], wet["matched"]) == ("3番通り", True, True)
    assert (wet["lat"], wet["lon"]) == pytest.approx(position(2.5, 3.0), abs=2e-6)
    assert (dry["name"], dry["by_water"]) == (None, False)
    (water,) = facts["observed_water"]
    assert (water["lat"], water["lon"]) == pytest.approx(position(1.5, 1.5), abs=2e-5)


@pytest.mark.parametrize("words", [("list",), ("lift", "flood", "--all")], ids=["done", "refused"])
def test_a_command_lets_its_connections_go_when_it_ends(
    database: Database, tmp_path: Path, words: tuple[str, ...]
) -> None:
    gc.disable()
    try:
        commanded(database.url, tmp_path, "level", *words)
        held = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        wait_for("nobody else is connected", lambda: database.one(held) == 1, 2)
    finally:
        gc.enable()
