"""A load says truly what it read, and PostGIS gives back exactly that."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pyogrio
import pytest
import shapely
from sqlalchemy import Engine

from city.position import Position
from data import mapped
from data.city_rows import CityRows
from data.cityfile import read_city_file
from data.database import transaction
from data.errors import BrokenCityFile
from data.groundwork import ground_of
from data.network import Network
from data.report import LoadReport
from data.rows import current_load, read_city
from data.sources import read_sources
from hazards.kinds import AlertLevel, HazardKind
from hazards.zone import ZoneLayer
from operations import changes, listing
from operations.errors import Refused
from operations.load_city import LOAD_LOCK, load_city
from operations.planning.planner import Planner
from shelters.place import Opening
from tests.integration import loaded
from tests.integration.databases import Connects, Database, Server, plain
from tests.integration.processes import commanded, nigemichi, wait_for
from tests.integration.small_city import position, rewrite, write_small_city

UBE = Path(__file__).parents[1] / "cities" / "ube.toml"
CLOSED_AT = Position(*position(2.5, 3.0))


def load(engine: Engine, city_file: Path, *, if_changed: bool = False) -> LoadReport | None:
    return load_city(engine, city_file, lambda _: None, if_changed=if_changed)


def kept(report: LoadReport | None, source: str, file: str) -> tuple[int, int]:
    assert report is not None
    (found,) = [s for s in report.sources if (s.source, s.file) == (source, file)]
    return found.read, found.kept


def stored(engine: Engine) -> CityRows:
    with transaction(engine) as connection:
        return read_city(connection, current_load(connection))


def same(one: CityRows, other: CityRows) -> None:
    for name in Network.__slots__:
        a, b = getattr(one.network, name), getattr(other.network, name)
        if isinstance(a, tuple):
            assert a == b, name
        else:
            assert (a.dtype, a.tobytes()) == (b.dtype, b.tobytes()), name
    assert one.sites == other.sites
    assert one.shelters == other.shelters
    for mine, yours in ((one.zones, other.zones), (one.areas, other.areas)):
        assert [_flat(row) for row in mine] == [_flat(row) for row in yours]
    assert [(n, s.wkb) for n, s in one.waterways] == [(n, s.wkb) for n, s in other.waterways]


def _flat(row: Any) -> list[Any]:
    values = [getattr(row, name) for name in row.__slots__]
    return [v.wkb if isinstance(v, shapely.Geometry) else v for v in values]


def test_everything_comes_back_as_it_was_read(town: Path, town_engine: Engine) -> None:
    file = read_city_file(town)
    same(read_sources(file, LoadReport("town"), lambda _: None), stored(town_engine))


@pytest.mark.skipif(not UBE.is_file(), reason="no city file of Ube")
def test_everything_of_ube_comes_back_as_it_was_read(engine: Engine) -> None:
    file = read_city_file(UBE)
    if not file.sources.roads.path.is_file():
        pytest.skip("the data of Ube is not beside the checkout (../shared)")
    report = load(engine, UBE)
    same(read_sources(file, LoadReport("Ube"), lambda _: None), stored(engine))
    sites = json.loads(file.sources.sites.path.read_text("utf-8"))["features"]
    assert kept(report, "sites", file.sources.sites.path.name)[0] == len(sites)


def test_the_report_counts_what_the_files_hold(town: Path, town_engine: Engine) -> None:
    with transaction(town_engine) as connection:
        report = current_load(connection).report
    by_file = {source["file"]: source for source in report["sources"]}
    text = (town.parent / "roads.graphml").read_text("utf-8")
    edges = re.findall(r'<edge source="(\d+)" target="(\d+)"', text)
    roads = by_file["roads.graphml"]
    assert roads["read"] == roads["kept"] == len(edges) == 2 * roads["made"]
    for path in town.parent.glob("*.geojson"):
        if path.name != "observed_water.geojson":
            features = json.loads(path.read_text("utf-8"))["features"]
            assert by_file[path.name]["read"] == by_file[path.name]["kept"] == len(features)


def test_the_tables_hold_what_the_report_says(town: Path, town_database: Database) -> None:
    rows = loaded.loads_of_rows(town_database)
    facilities = "SELECT load_id, count(*) FROM facility GROUP BY 1"
    rows["facility"] = dict(town_database.rows(facilities))
    here = loaded.current(town_database)
    report = town_database.one("SELECT report FROM city_load WHERE current")
    total = {
        **{"roads": 0, "sites": 0, "shelters": 0, "zones": 0, "areas": 0, "waterways": 0},
        "facilities": 0,
    }
    for source in report["sources"]:
        if source["source"] != "places":
            made = "made" if source["source"] == "roads" else "kept"
            total[source["source"]] += source[made]
    tables = (
        *("street", "evacuation_site", "shelter", "hazard_zone", "area", "waterway"),
        "facility",
    )
    assert [rows[table] for table in tables] == [{here: count} for count in total.values()]
    nodes = (town.parent / "roads.graphml").read_text("utf-8").count("<node ")
    assert rows["junction"] == {here: nodes}


def test_a_city_whose_files_are_the_same_is_left_alone(
    engine: Engine, database: Database, small_city: Path
) -> None:
    assert load(engine, small_city, if_changed=True) is not None
    before = loaded.everything(database)
    assert load(engine, small_city, if_changed=True) is None
    assert loaded.everything(database) == before
    river = small_city.parent / "river.geojson"
    river.write_text(river.read_text("utf-8").replace("小川", "大川"), "utf-8")
    assert load(engine, small_city, if_changed=True) is not None
    assert loaded.current(database) == 2


def test_a_shapefile_whose_table_alone_changed_is_loaded_again(
    engine: Engine, small_city: Path
) -> None:
    """The ranks of its zones stand beside the shapes, in the .dbf."""
    folder = small_city.parent

    def write_slopes(rank: int) -> None:
        corners = [position(y, x)[::-1] for x, y in ((6.5, 6.5), (8, 6.5), (8, 8), (6.5, 8))]
        pyogrio.raw.write(
            folder / "slopes.shp",
            np.array([shapely.Polygon(corners).wkb], dtype=object),
            [np.array([rank], np.int32)],
            ["A33_002"],
            geometry_type="Polygon",
            crs="EPSG:6668",
        )

    text = small_city.read_text("utf-8")
    text = text.replace('"a33-geojson"', '"a33"').replace("slopes.geojson", "slopes.shp")
    small_city.write_text(text, "utf-8")
    write_slopes(1)
    assert load(engine, small_city, if_changed=True) is not None
    shapes = (folder / "slopes.shp").read_bytes()
    write_slopes(2)
    assert (folder / "slopes.shp").read_bytes() == shapes
    assert load(engine, small_city, if_changed=True) is not None
    (zone,) = (z for z in stored(engine).zones if z.layer is ZoneLayer.LANDSLIDE)
    assert zone.rank == 2


def test_one_load_is_one_change_and_leaves_no_rows_of_the_one_before(
    engine: Engine, database: Database, small_city: Path
) -> None:
    for _ in range(3):
        load(engine, small_city)
    here = loaded.current(database)
    assert all(set(rows) == {here} for rows in loaded.loads_of_rows(database).values())
    assert loaded.changes(database) == ["city loaded: 小浜町（架空）"] * 3


def test_loading_twice_gives_the_same_arrays(
    town: Path, town_engine: Engine, tmp_path: Path
) -> None:
    planner = Planner(town_engine, tmp_path / "first")
    planner.catch_up()
    load(town_engine, town)
    again = Planner(town_engine, tmp_path / "second")
    again.catch_up()
    (one,), (other,) = (
        list(mapped.home(tmp_path / name).glob("ground-*")) for name in ("first", "second")
    )
    assert one.name != other.name
    files = sorted(path.name for path in one.iterdir())
    assert files == sorted(path.name for path in other.iterdir())
    different = [n for n in files if (one / n).read_bytes() != (other / n).read_bytes()]
    assert different == []


def test_the_fictional_town_begins_with_its_orders_only_once(
    town: Path, town_engine: Engine, town_database: Database
) -> None:
    count = "SELECT count(*) FROM evacuation_order"
    assert town_database.one(count) == 2
    changes.lift_level(town_engine, HazardKind.FLOOD)
    load(town_engine, town)
    assert town_database.one(count) == 2
    assert town_database.one(count + " WHERE ended_at IS NULL") == 0


def test_first_water_without_an_order_is_put_in_force_only_once(
    engine: Engine, database: Database, town: Path, tmp_path: Path
) -> None:
    more = '\n[start]\nobserved_water = [{path = "areas.geojson"}]\n'
    city_file = write_small_city(tmp_path / "wet", more=more)
    for _ in range(3):
        load(engine, city_file)
    assert database.one("SELECT count(*) FROM observed_water") == 1


def test_another_city_keeps_what_is_in_force_in_the_first(
    engine: Engine, database: Database, small_city: Path, tmp_path: Path
) -> None:
    load(engine, small_city)
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE, areas=["南町二丁目"])
    changes.close_road(engine, CLOSED_AT, "倒木")
    changes.open_site(engine, "E1", Opening.OPEN)
    before = loaded.fingerprint(database, *loaded.EVENT_TABLES)
    load(engine, write_small_city(tmp_path / "other", code="99903"))
    assert listing.list_levels(engine) == []
    assert loaded.fingerprint(database, *loaded.EVENT_TABLES) == before
    load(engine, small_city)
    assert len(listing.list_levels(engine)) == 1


def test_a_real_city_in_which_something_is_in_force_is_replaced_only_on_purpose(
    engine: Engine, database: Database, small_city: Path, tmp_path: Path
) -> None:
    """A mistyped code would end every order without a word."""
    text = small_city.read_text("utf-8").replace("（架空）", "").replace(" (fictional)", "")
    small_city.write_text(text.replace("fictional = true", "fictional = false"), "utf-8")
    load(engine, small_city)
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE, areas=["南町二丁目"])
    before = loaded.everything(database)
    mistyped = tmp_path / "mistyped.toml"
    mistyped.write_text(
        small_city.read_text("utf-8")
        .replace("99902", "99912")
        .replace('path = "', f'path = "{small_city.parent}/'),
        "utf-8",
    )
    with pytest.raises(Refused, match=r"1 orders\. They would count no more.*--other-city"):
        load(engine, mistyped)
    assert loaded.everything(database) == before
    report = load_city(engine, mistyped, lambda _: None, other_city=True)
    assert report is not None
    assert any("they do not count in" in remark for remark in report.remarks)


def test_two_first_loads_at_once_leave_one_whole_city(
    engine: Engine, database: Database, small_city: Path
) -> None:
    with ThreadPoolExecutor() as pool, psycopg.connect(plain(database.url)) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", (LOAD_LOCK,))
        both = [
            pool.submit(load_city, engine, small_city, lambda _: None, if_changed=False)
            for _ in range(2)
        ]
        wait_for("both wait", lambda: loaded.locks_waited_for(database) == 2)
        holder.execute("SELECT pg_advisory_unlock(%s)", (LOAD_LOCK,))
        assert all(one.result(timeout=60) is not None for one in both)
    here = loaded.current(database)
    assert all(set(rows) == {here} for rows in loaded.loads_of_rows(database).values())


def test_a_layer_said_to_be_complete_of_which_no_zone_comes_is_unknown(
    engine: Engine, small_city: Path
) -> None:
    def empty(table: dict[str, Any]) -> None:
        table["features"] = []

    rewrite(small_city.parent / "slopes.geojson", empty)
    report = load_city(engine, small_city, lambda _: None)
    assert report is not None
    assert [r for r in report.remarks if r.startswith("zones.complete names landslide")]
    file = read_city_file(small_city)
    rows = read_sources(file, LoadReport(""), lambda _: None)
    assert not ground_of(file.card, file.rules, rows).zones[ZoneLayer.LANDSLIDE].complete


def test_a_closure_whose_street_is_redrawn_is_remarked(engine: Engine, small_city: Path) -> None:
    load(engine, small_city)
    changes.close_road(engine, CLOSED_AT, "倒木")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE closure SET geom = ST_Translate(geom, 0, 0.00012)")
    report = load_city(engine, small_city, lambda _: None)
    assert report is not None
    (remark,) = [r for r in report.remarks if r.startswith("closure ")]
    assert "(倒木): its street is not on this map as it was: what lies within 15 m" in remark
    assert "not on the loaded map as it was" in listing.list_roads(engine)[0]


def test_a_reload_keeps_what_is_in_force_and_the_closure_finds_its_street(
    engine: Engine, database: Database, small_city: Path, tmp_path: Path
) -> None:
    load(engine, small_city)
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE, areas=["南町二丁目"])
    number, name, _ = changes.close_road(engine, CLOSED_AT, "倒木")
    assert name == "3番通り"
    changes.open_site(engine, "E1", Opening.OPEN)
    planner = Planner(engine, tmp_path / "state")
    planner.catch_up()
    roads = small_city.parent / "roads.graphml"
    ends = ('source="1" target="2"', 'source="2" target="1"')
    lines = roads.read_text("utf-8").splitlines()
    others = [line for line in lines if not any(pair in line for pair in ends)]
    roads.write_text("\n".join(others), "utf-8")
    load(engine, small_city)
    planner.catch_up()
    picture = _picture(tmp_path / "state")
    folder = mapped.home(tmp_path / "state")
    ground = mapped.open_ground(folder / f"ground-{mapped.load_of(folder / 'current')}")
    (closure,) = picture.closures
    assert closure.id == number
    (street,) = closure.streets
    assert ground.roads.names[int(ground.roads.name[street])] == "3番通り"
    assert np.allclose(shapely.hausdorff_distance(ground.lines[street], closure.line), 0)
    assert [order.level for order in picture.orders] == [AlertLevel.ALL_LEAVE]
    assert picture.openings["E1"].opening is Opening.OPEN
    assert picture.openings["E2"].opening is Opening.UNCONFIRMED


def _picture(state: Path) -> Any:
    folder = mapped.home(state)
    ground = mapped.open_ground(folder / f"ground-{mapped.load_of(folder / 'current')}")
    return mapped.open_version(folder / "current", ground).picture


def test_a_crs_of_another_region_is_refused(engine: Engine, small_city: Path) -> None:
    said = small_city.read_text("utf-8")
    for crs in ("EPSG:3857", "EPSG:32631", "EPSG:2062"):
        small_city.write_text(said.replace("EPSG:32653", crs), "utf-8")
        with pytest.raises(BrokenCityFile, match=r"city\.crs: .* measures "):
            load(engine, small_city)


def test_the_command_prints_its_progress_and_the_report(
    database: Database, small_city: Path, tmp_path: Path
) -> None:
    done = nigemichi(database.url, tmp_path, "city", "load", str(small_city))
    assert done.returncode == 0, done.stderr
    assert "reading roads" in done.stderr
    assert "loaded" in done.stderr
    assert "read 224 edges, kept 224 edges as 112 streets" in done.stdout
    report = json.loads(commanded(database.url, tmp_path, "city", "report").stdout)
    assert report["city"] == "小浜町（架空）"


def test_a_server_url_without_its_driver_is_understood(
    server: Server, database: Database, connects: Connects
) -> None:
    engine = connects(database.url.replace("postgresql+psycopg", "postgresql"))
    with transaction(engine) as connection:
        assert connection.dialect.driver == "psycopg"
    engine.dispose()
