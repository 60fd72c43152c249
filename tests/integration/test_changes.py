"""What a person changes is one recorded change; a refusal changes nothing."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import shapely
from sqlalchemy import Engine

from city.area import Area
from city.position import Position
from data.database import CHANNEL
from data.errors import BrokenSource, DataError, NoCity, NotThere
from hazards.errors import HazardError, LowerThanInForce, NothingInForce
from hazards.kinds import AlertLevel, HazardKind
from operations import changes, listing
from shelters.place import Opening
from tests.integration import loaded
from tests.integration.databases import Database, plain
from tests.integration.processes import commanded, nigemichi
from tests.integration.small_city import box, position, write_features

FLOOD, SLIDE = HazardKind.FLOOD, HazardKind.LANDSLIDE
L3, L4, L5 = AlertLevel.ELDERLY_LEAVE, AlertLevel.ALL_LEAVE, AlertLevel.SECURE_NOW
SOUTH, NORTH = "南町二丁目", "北町一丁目"


@pytest.fixture(scope="session")
def template(with_small_city: str) -> str:
    """Every test finds the small city loaded."""
    return with_small_city


def at(x: float, y: float) -> Position:
    return Position(*position(x, y))


def levels(database: Database) -> list[tuple[str, int, list[str]]]:
    return database.rows(  # type: ignore[return-value]
        "SELECT hazard, level, area_names FROM evacuation_order"
        " WHERE ended_at IS NULL ORDER BY hazard, level, id"
    )


def refused(
    database: Database, kind: type[Exception], words: str, change: Callable[[], object]
) -> None:
    """The change is refused with these words, and every table is as before."""
    before = loaded.everything(database)
    with pytest.raises(kind, match=words):
        change()
    assert loaded.everything(database) == before


def test_a_level_is_raised_in_its_place(engine: Engine, database: Database) -> None:
    changes.set_level(engine, FLOOD, L3, areas=[SOUTH])
    changes.set_level(engine, FLOOD, L4, areas=[SOUTH])
    assert levels(database) == [("flood", 4, [SOUTH])]
    assert [what.split(": ")[1] for what in loaded.changes(database)[1:]] == [
        "flood level 3",
        "flood level 4",
    ]


def test_an_order_stands_until_a_person_lifts_it(engine: Engine, database: Database) -> None:
    number = changes.set_level(engine, FLOOD, L4, areas=[SOUTH])
    for lower in (L3,):
        refused(
            database,
            LowerThanInForce,
            rf"level 4 stands there: lift it first \(nigemichi level lift flood --order {number}\)",
            lambda lower=lower: changes.set_level(engine, FLOOD, lower, areas=[SOUTH]),
        )
    changes.lift_level(engine, FLOOD)
    assert levels(database) == []
    changes.set_level(engine, FLOOD, L3, areas=[SOUTH])
    assert levels(database) == [("flood", 3, [SOUTH])]


def test_a_lower_level_elsewhere_lowers_nothing(engine: Engine, database: Database) -> None:
    changes.set_level(engine, FLOOD, L5, areas=[SOUTH])
    changes.set_level(engine, FLOOD, L3)
    changes.set_level(engine, SLIDE, L3, areas=[SOUTH])
    assert [row[:2] for row in levels(database)] == [
        ("flood", 3),
        ("flood", 5),
        ("landslide", 3),
    ]


def test_areas_are_found_however_they_are_spelled(engine: Engine, database: Database) -> None:
    changes.set_level(engine, FLOOD, L3, areas=["南町２丁目", "北町 1丁目"])
    assert levels(database) == [("flood", 3, [NORTH, SOUTH])]
    changes.set_level(engine, FLOOD, L4, areas=[NORTH, SOUTH])
    assert levels(database) == [("flood", 4, [NORTH, SOUTH])]


def test_an_unknown_area_is_named_with_those_that_exist(engine: Engine, database: Database) -> None:
    words = rf"no such area: 東町 \(there are: {NORTH}、{SOUTH}\): write the whole name of a 町丁目"
    refused(
        database,
        NotThere,
        words,
        lambda: changes.set_level(engine, FLOOD, L4, areas=[SOUTH, "東町"]),
    )


def test_one_order_is_lifted_by_its_areas_or_its_number(engine: Engine, database: Database) -> None:
    changes.set_level(engine, FLOOD, L4, areas=[SOUTH])
    number = changes.set_level(engine, FLOOD, L3, areas=[NORTH])
    whole = changes.set_level(engine, FLOOD, L3)
    assert changes.lift_level(engine, FLOOD, order=number) == [number]
    assert changes.lift_level(engine, FLOOD, areas=["南町2丁目"]) != [whole]
    assert levels(database) == [("flood", 3, [])]
    assert len(loaded.changes(database)) == 1 + 3 + 2


@pytest.mark.parametrize(
    "lift",
    [
        lambda engine: changes.lift_level(engine, SLIDE),
        lambda engine: changes.lift_level(engine, FLOOD, areas=[NORTH]),
        lambda engine: changes.lift_level(engine, FLOOD, order=99),
        lambda engine: changes.lift_level(engine, SLIDE, order=1),
    ],
)
def test_what_is_not_in_force_cannot_be_lifted(
    engine: Engine, database: Database, lift: Callable[[Engine], object]
) -> None:
    changes.set_level(engine, FLOOD, L4, areas=[SOUTH])
    words = r"^no \w+ order.* is in force \(nigemichi level list\): (lift one|none to lift)"
    refused(database, NothingInForce, words, lambda: lift(engine))


def test_an_order_for_a_polygon_is_raised_by_the_same_polygon(
    engine: Engine, database: Database, tmp_path: Path
) -> None:
    path = write_features(tmp_path / "p.geojson", [(box(0, 0, 2, 2), {})])
    changes.set_level(engine, FLOOD, L3, polygon=path)
    changes.set_level(engine, FLOOD, L5, polygon=path)
    assert [row[1] for row in levels(database)] == [5]


@pytest.mark.parametrize(
    ("rows", "kind", "words"),
    [
        ([(box(900, 0, 901, 1), {})], NotThere, "outside 小浜町（架空）; are latitude and long"),
        ([], NotThere, "no polygon in it"),
        ([(None, {})], BrokenSource, r"p\.geojson, row 1: geometry: is null"),
        ([({"type": "Point", "coordinates": [135.4, 29.6]}, {})], BrokenSource, "not Point"),
    ],
)
def test_a_polygon_that_cannot_be_used_is_refused(
    engine: Engine,
    database: Database,
    tmp_path: Path,
    rows: list[tuple[dict[str, object] | None, dict[str, object]]],
    kind: type[DataError],
    words: str,
) -> None:
    path = write_features(tmp_path / "p.geojson", rows)
    refused(database, kind, words, lambda: changes.set_level(engine, FLOOD, L4, polygon=path))
    refused(database, kind, words, lambda: changes.observe_water(engine, path))


def test_one_polygon_outside_refuses_the_whole_file(
    engine: Engine, database: Database, tmp_path: Path
) -> None:
    rows = [(box(0, 0, 1, 1), {}), (box(0, 900, 1, 901), {})]
    path = write_features(tmp_path / "w.geojson", rows)
    words = r"w\.geojson, row 2: lies outside"
    refused(database, NotThere, words, lambda: changes.observe_water(engine, path))


def test_water_is_observed_and_removed_by_headquarters(
    engine: Engine, database: Database, tmp_path: Path
) -> None:
    rows = [(box(n, n, n + 1, n + 1), {}) for n in range(3)]
    path = write_features(tmp_path / "w.geojson", rows)
    numbers = changes.observe_water(engine, path)
    assert len(numbers) == 3
    assert len(loaded.changes(database)) == 2
    assert changes.remove_water(engine, numbers[:1]) == numbers[:1]
    refused(
        database,
        NothingInForce,
        rf"not in force: {numbers[0]} \(in force: {numbers[1]}, {numbers[2]}\)",
        lambda: changes.remove_water(engine, numbers[:2]),
    )
    assert changes.remove_water(engine, []) == numbers[1:]
    words = r"not in force: anything of that kind \(in force: none\)"
    refused(database, NothingInForce, words, lambda: changes.remove_water(engine, []))


def test_the_nearest_street_is_closed_and_reopened(engine: Engine, database: Database) -> None:
    number, name, _ = changes.close_road(engine, at(2.5, 3.1), "冠水")
    assert name == "3番通り"
    second, unnamed, _ = changes.close_road(engine, at(2.0, 3.4), "倒木")
    assert unnamed == ""
    assert changes.reopen_road(engine, [number]) == [number]
    assert changes.reopen_road(engine, []) == [second]
    words = r"not in force: anything of that kind \(in force: none\)"
    refused(database, NothingInForce, words, lambda: changes.reopen_road(engine, []))
    assert len(loaded.changes(database)) == 1 + 4


def test_nearest_is_meant_in_metres_not_in_degrees(engine: Engine) -> None:
    """A degree of longitude is shorter: 0.30 of a step to the east is nearer than 0.28 north."""
    _, name, _ = changes.close_road(engine, at(2.30, 3.28), "冠水")
    assert name == ""


def test_a_closure_is_of_a_street_that_people_walk_along(
    engine: Engine, database: Database
) -> None:
    """Closing the motorway would leave the street beside it open."""
    _, name, _ = changes.close_road(engine, at(2.48, 3.1), "冠水")
    assert name == "3番通り"
    changes.reopen_road(engine, [])
    with psycopg.connect(plain(database.url)) as connection:
        connection.execute("UPDATE street SET access = 4 WHERE start_junction = 26 AND name >= 0")
    number, name, _ = changes.close_road(engine, at(2.48, 3.1), "冠水")
    assert name == ""
    query = "SELECT access FROM street JOIN closure ON street.geom = closure.geom WHERE id = "
    assert database.one(f"{query}{number}") == 15


def test_a_place_away_from_every_street_closes_nothing(engine: Engine, database: Database) -> None:
    refused(
        database,
        NotThere,
        r"no street within 50 m of there \(the nearest is \d+ m away\): give a point on the street,"
        r" LAT,LON, such as 29\.60000,135\.40000",
        lambda: changes.close_road(engine, at(-1, -1), "?"),
    )


def test_a_site_is_opened_and_closed_by_id_and_by_name(engine: Engine, database: Database) -> None:
    standing = "SELECT site_id, opening FROM site_opening WHERE ended_at IS NULL ORDER BY id"
    assert changes.open_site(engine, "E1", Opening.OPEN) == "北小学校"
    assert changes.open_site(engine, "北 小学校", Opening.CLOSED) == "北小学校"
    changes.open_site(engine, "E3", Opening.OPEN)
    assert database.rows(standing) == [("E1", "closed"), ("E3", "open")]
    assert len(loaded.changes(database)) == 1 + 3


@pytest.mark.parametrize(
    ("site", "words"),
    [
        ("集会所", r"more than one site has the name '集会所': say which by its id \(E3, E4\)"),
        ("西小学校", "no evacuation site has the id or name '西小学校' .there are: 北小学校、"),
        ("S1", "no evacuation site has the id or name 'S1'"),
        ("", "no evacuation site has the id or name ''"),
    ],
)
def test_a_site_that_is_not_one_is_refused(
    engine: Engine, database: Database, site: str, words: str
) -> None:
    refused(database, NotThere, words, lambda: changes.open_site(engine, site, Opening.OPEN))


def test_every_change_wakes_the_planner_when_it_is_committed(
    engine: Engine, database: Database
) -> None:
    with psycopg.connect(plain(database.url), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}".encode())
        changes.open_site(engine, "E1", Opening.OPEN)
        with pytest.raises(HazardError):
            changes.lift_level(engine, FLOOD)
        heard = [note.payload for note in listener.notifies(timeout=1, stop_after=2)]
    assert heard == [str(database.one("SELECT max(id) FROM change"))]


def test_before_a_city_is_loaded_everything_is_refused(engine: Engine, database: Database) -> None:
    with psycopg.connect(plain(database.url), autocommit=True) as connection:
        connection.execute("DELETE FROM city_load")
    for change in (
        lambda: changes.set_level(engine, FLOOD, L4),
        lambda: changes.open_site(engine, "E1", Opening.OPEN),
        lambda: changes.close_road(engine, at(1, 1), "?"),
        lambda: listing.list_levels(engine),
    ):
        refused(database, NoCity, "nigemichi city load FILE", change)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["level", "set", "flood", "4"], "say where"),
        (["level", "set", "flood", "4", "--all", "--area", SOUTH], "say where"),
        (["level", "set", "flood", "2", "--all"], "2"),
        (["level", "set", "rain", "4", "--all"], "rain"),
        (["level", "set", "flood", "4", "--area", "無い町"], f"there are: {NORTH}"),
        (["level", "lift", "flood"], "say which: --area NAME (repeatable), --order N"),
        (["level", "lift", "flood", "--all", "--order", "1"], "say which: --area NAME"),
        (["level", "lift", "flood", "--all"], "no flood order is in force"),
        (["level", "lift", "flood", "--order", "9"], "no flood order 9 is in force"),
        (["level", "lift", "flood", "--area", SOUTH], "order for exactly these areas is in force"),
        (["water", "remove"], "name the numbers, or --all"),
        (["road", "reopen", "--all"], "not in force: anything of that kind (in force: none)"),
        (["road", "close", "--at", "35,135", "--reason", "x"], "no street within 50 m"),
        (
            ["road", "close", "--at", "0,0", "--reason", "x"],
            " km away): give a point on the street",
        ),
        (["road", "close", "--at", "29.6,135.4", "--reason", " "], "say why the street is closed"),
        (["road", "close", "--at", "29.6,135.4", "--reason", "\udc81"], "is not UTF-8"),
        (["road", "close", "--at", "135.4,29.6", "--reason", "x"], "lat と lon が逆"),
        (["road", "close", "--at", "nan,nan", "--reason", "x"], "lat, lon must be finite"),
        (["road", "close", "--at", "here", "--reason", "x"], "LAT,LON"),
        (["site", "open", "西"], "there are: 北小学校、南公園、集会所): /api/v1/sites lists all"),
    ],
)
def test_the_command_refuses_in_one_line(
    database: Database, tmp_path: Path, words: list[str], told: str
) -> None:
    before = loaded.everything(database)
    done = commanded(database.url, tmp_path, *words)
    assert done.returncode == 2
    assert told in done.stderr.splitlines()[-1]
    assert loaded.everything(database) == before


def test_one_command_lifts_only_what_it_names(database: Database, tmp_path: Path) -> None:
    def run(*words: str) -> str:
        done = commanded(database.url, tmp_path, "level", *words)
        assert done.returncode == 0, done
        return done.stdout.strip()

    for where in (("--area", SOUTH), ("--area", NORTH), ("--area", NORTH, "--area", SOUTH)):
        run("set", "flood", "4", *where)
    run("set", "landslide", "4", "--all")
    assert run("lift", "flood", "--area", SOUTH) == "lifted: 1"
    assert run("lift", "flood", "--order", "2") == "lifted: 2"
    assert levels(database) == [("flood", 4, [NORTH, SOUTH]), ("landslide", 4, [])]
    assert run("lift", "flood", "--all") == "lifted: 3"
    assert levels(database) == [("landslide", 4, [])]


def test_points_are_refused_with_what_to_draw(
    engine: Engine, database: Database, tmp_path: Path
) -> None:
    lat, lon = position(1, 1)
    path = write_features(
        tmp_path / "p.geojson", [({"type": "Point", "coordinates": [lon, lat]}, {})]
    )
    words = "not Point — draw the outline of the area"
    refused(database, BrokenSource, words, lambda: changes.observe_water(engine, path))


def test_a_city_without_areas_says_how_else_to_order(engine: Engine, database: Database) -> None:
    with psycopg.connect(plain(database.url), autocommit=True) as connection:
        connection.execute("DELETE FROM area")
    words = r"the city was loaded without areas: use --polygon FILE, or --all"
    change = lambda: changes.set_level(engine, FLOOD, L4, areas=[SOUTH])  # noqa: E731
    refused(database, NotThere, words, change)


def test_the_commands_of_a_night(database: Database, tmp_path: Path) -> None:
    where = "{},{}".format(*position(2.5, 3.1))
    for words, told in (
        (["level", "set", "flood", "4", "--area", SOUTH], "is in force until somebody lifts it"),
        (["road", "close", "--at", where, "--reason", "冠水"], "3番通り"),
    ):
        done = nigemichi(database.url, tmp_path, *words)
        assert (done.returncode, told in done.stdout) == (0, True), done


def test_an_order_for_a_name_covers_every_area_of_that_name() -> None:
    """A 町丁目 may lie in several parts (e-Stat)."""
    parts = [Area("1", "南町", shapely.box(0, 0, 1, 1)), Area("1", "南町", shapely.box(5, 5, 6, 6))]
    assert changes.area_of(parts, ["南町"]).area == 2


def test_orders_for_polygons_are_lifted_by_their_numbers_only(
    engine: Engine, database: Database, tmp_path: Path
) -> None:
    for x in (1, 3):
        drawn = write_features(tmp_path / "drawn.geojson", [(box(x, 1, x + 1, 2), {})])
        changes.set_level(engine, FLOOD, L4, polygon=drawn)
    (name,) = {names[0] for _, _, names in levels(database)}
    refused(
        database,
        NothingInForce,
        r"for exactly these areas is in force .*\(1, 2\)",
        lambda: changes.lift_level(engine, FLOOD, areas=[name]),
    )
    assert changes.lift_level(engine, FLOOD, order=1) == [1]


@pytest.mark.parametrize(
    ("reason", "option", "wet"),
    [
        *(("冠水", [], True), ("水道工事", [], False), ("川があふれた", [], True)),
        *(("通行止め", ["--water"], True), ("冠水", ["--no-water"], False)),
    ],
)
def test_whoever_closes_a_road_may_say_whether_water_is_there(
    database: Database, tmp_path: Path, reason: str, option: list[str], wet: bool
) -> None:
    lat, lon = position(2.5, 3.1)
    where = ["road", "close", "--at", f"{lat},{lon}", "--reason", reason, *option]
    done = commanded(database.url, tmp_path, *where)
    assert done.stdout.endswith(", by water\n" if wet else ", not by water\n"), done.stderr
    assert "shown to residents and in open data: no names of people" in done.stderr
    assert database.one("SELECT by_water FROM closure") is wet
