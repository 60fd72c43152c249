"""Whatever is wrong with a city's files: the load stops, says where, and the old city serves on."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from sqlalchemy import Engine

from data import mapped
from data.database import transaction
from data.errors import DataError
from data.rows import current_load, read_city
from hazards.zone import ZoneLayer
from operations.load_city import load_city
from operations.planning.planner import Planner
from operations.serving import CurrentVersion
from tests.integration import loaded
from tests.integration.databases import Database
from tests.integration.processes import commanded, nigemichi
from tests.integration.small_city import box, rewrite, write_features

Damage = Callable[[Path], object]


def cut(name: str) -> Damage:
    def damage(folder: Path) -> None:
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[: len(whole) // 2])

    return damage


def unavailable(name: str) -> Damage:
    return lambda folder: (folder / name).write_text('{"type": "unavailable"}')


def swap(folder: Path) -> None:
    def turn(table: dict[str, object]) -> None:
        for feature in table["features"]:  # type: ignore[attr-defined]
            ring = feature["geometry"]["coordinates"][0]
            ring[:] = [[lat, lon] for lon, lat in ring]

    rewrite(folder / "flood.geojson", turn)


def elsewhere(folder: Path) -> None:
    write_features(folder / "flood.geojson", [(box(5000, 0, 5001, 1), {"A31b_201": 1})])


def bow_tie(folder: Path) -> None:
    def tie(table: dict[str, object]) -> None:
        ring = table["features"][1]["geometry"]["coordinates"][0]  # type: ignore[index]
        ring[1], ring[2] = ring[2], ring[1]

    rewrite(folder / "flood.geojson", tie)


def without_column(folder: Path) -> None:
    rewrite(folder / "sites.geojson", lambda t: t["features"][2]["properties"].pop("高潮"))


def flag_two(folder: Path) -> None:
    rewrite(folder / "sites.geojson", lambda t: t["features"][2]["properties"].update(洪水="2"))


def one_id(folder: Path) -> None:
    def same(table: dict[str, object]) -> None:
        for feature in table["features"]:  # type: ignore[attr-defined]
            feature["properties"]["共通ID"] = "E1"

    rewrite(folder / "sites.geojson", same)


def null_properties(folder: Path) -> None:
    rewrite(folder / "areas.geojson", lambda t: t["features"][1].update(properties=None))


def unknown_area(folder: Path) -> None:
    more = '\n[start]\norders = [{hazard = "flood", level = 4, areas = ["東町"]}]\n'
    city_file = folder / "city.toml"
    city_file.write_text(city_file.read_text("utf-8").replace("99902", "99904") + more, "utf-8")


def without_zones(name: str, complete: str) -> Damage:
    """An empty file of zones, where the officer states completeness for other layers only."""

    def damage(folder: Path) -> None:
        write_features(folder / name, [])
        city_file = folder / "city.toml"
        text = city_file.read_text("utf-8")
        city_file.write_text(re.sub(r"complete = .*", f"complete = {complete}", text), "utf-8")

    return damage


no_zones = without_zones("flood.geojson", '["landslide"]')
no_slopes = without_zones("slopes.geojson", '["depth", "duration", "collapse"]')


def missing(folder: Path) -> None:
    (folder / "areas.geojson").unlink()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (cut("roads.graphml"), ("roads.graphml", "line", "cut off", "fetch the file again")),
        (cut("sites.geojson"), ("sites.geojson", "no JSON", "fetch the file again")),
        (unavailable("sites.geojson"), ("sites.geojson", "no data", "ask the municipality")),
        (unavailable("shelters.geojson"), ("shelters.geojson", "no data", "leave this source out")),
        (swap, ("flood.geojson", "row 1", "geometry", "swapped")),
        (elsewhere, ("flood.geojson", "outside the road network", "another city")),
        (without_column, ("sites.geojson", "row 3", "'高潮' is missing", "as published")),
        (flag_two, ("sites.geojson", "row 3", "'洪水' is '2'")),
        (one_id, ("sites.geojson", "row 2", "'共通ID' is 'E1'", "施設・場所名 is another")),
        (null_properties, ("areas.geojson", "row 2", "'S_NAME' is missing (there are: none)")),
        (unknown_area, ("no such area: 東町", "北町一丁目")),
        (no_zones, ("flood.geojson", "no zone at all", "leave the source out", "depth, duration,")),
        (no_slopes, ("slopes.geojson", "no zone at all", "complete (landslide)")),
        (missing, ("areas.geojson", "there is no such file", "check its path")),
    ],
    ids=lambda given: None if callable(given) else given[-1][:12],
)
def test_the_old_city_goes_on_serving(
    engine: Engine,
    database: Database,
    small_city: Path,
    tmp_path: Path,
    damage: Damage,
    words: tuple[str, ...],
) -> None:
    load_city(engine, small_city, lambda _: None)
    planner = Planner(engine, tmp_path / "state")
    planner.catch_up()
    serving = CurrentVersion(tmp_path / "state")
    serving.refresh()
    before, link = loaded.everything(database), mapped.home(tmp_path / "state") / "current"
    published = link.readlink()
    damaged = shutil.copytree(small_city.parent, tmp_path / "damaged")
    damage(damaged)
    with pytest.raises(DataError) as refused:
        load_city(engine, damaged / "city.toml", lambda _: None)
    assert [word for word in words if word not in str(refused.value)] == []
    assert loaded.everything(database) == before
    assert not planner.catch_up()
    assert link.readlink() == published
    assert not serving.refresh()
    assert serving.version.ground.card.name == "小浜町（架空）"


def test_a_zone_that_crosses_itself_is_repaired_told_of_and_never_smaller(
    engine: Engine, small_city: Path
) -> None:
    """An officer cannot mend a ministry's file; a zone that shrinks would show water as dry."""
    bow_tie(small_city.parent)
    report = load_city(engine, small_city, lambda _: None)
    assert report is not None
    (flood,) = (source for source in report.sources if source.file == "flood.geojson")
    assert sum(flood.repaired.values()) == 1
    assert [spot.row for spot in flood.spots] == ["row 2"]
    with transaction(engine) as connection:
        zones = read_city(connection, current_load(connection)).zones
    (tied,) = (zone.geometry for zone in zones if zone.layer is ZoneLayer.DURATION)
    (table,) = (
        feature
        for feature in json.loads((small_city.parent / "flood.geojson").read_text("utf-8"))[
            "features"
        ]
        if "A31b_301" in feature["properties"]
    )
    ring = table["geometry"]["coordinates"][0]
    for halfway in range(len(ring) - 1):
        (x, y), (u, v) = ring[halfway], ring[halfway + 1]
        assert tied.intersects(shapely.Point((x + u) / 2, (y + v) / 2).buffer(1e-9))
    assert tied.is_valid
    assert tied.area > 0


def test_no_zones_are_believed_where_an_officer_states_it(
    engine: Engine, database: Database, small_city: Path
) -> None:
    load_city(engine, small_city, lambda _: None)
    without_zones("slopes.geojson", '["landslide"]')(small_city.parent)
    load_city(engine, small_city, lambda _: None)
    assert database.one("SELECT count(*) FROM hazard_zone WHERE layer = 'landslide'") == 0


def test_the_command_ends_with_one_line_and_status_2(
    engine: Engine, database: Database, small_city: Path, tmp_path: Path
) -> None:
    load_city(engine, small_city, lambda _: None)
    before = loaded.everything(database)
    cut("roads.graphml")(small_city.parent)
    done = commanded(database.url, tmp_path, "city", "load", str(small_city))
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("nigemichi: roads.graphml, ")
    assert "Traceback" not in done.stderr
    assert loaded.everything(database) == before


def test_without_a_database_the_command_says_so(small_city: Path, tmp_path: Path) -> None:
    url = f"postgresql+psycopg:///nothing?host={tmp_path}&user=postgres"
    done = nigemichi(url, tmp_path, "city", "load", str(small_city))
    assert done.returncode == 2
    assert "PostgreSQL does not answer" in done.stderr
    assert "Traceback" not in done.stderr
