"""`nigemichi city check`, `diff`, `report` and `sample-sites`, as an officer uses them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pytest
from sqlalchemy import Engine

from data.cityfile import read_city_file
from data.database import transaction
from data.errors import DataError
from data.report import LoadReport
from data.rows import current_load, read_city, read_households
from data.sources import read_sources
from operations.load_city import load_city
from tests.integration import loaded
from tests.integration.databases import Database
from tests.integration.processes import commanded, kill, nigemichi, started, wait_for
from tests.integration.small_city import box, position, rewrite, write_features
from tests.integration.whole_city import write_whole_city

NOWHERE = "postgresql+psycopg:///nowhere?host=/nonexistent"
DATA = Path(__file__).parents[3] / "shared" / "data"
HACHIOJI = Path(__file__).parents[2] / "data" / "cities" / "hachioji.toml"


@pytest.fixture
def whole_city(tmp_path: Path) -> Path:
    """The city file of a small city with every kind of source."""
    return write_whole_city(tmp_path / "whole")


def check(city_file: Path, *words: str) -> tuple[int, str, str]:
    """(exit code, out, err) of `city check`, with no database anywhere."""
    done = commanded(NOWHERE, city_file.parent / "state", "city", "check", str(city_file), *words)
    return done.returncode, done.stdout, done.stderr


def test_check_tells_what_loading_would_do_and_needs_no_database(whole_city: Path) -> None:
    code, out, err = check(whole_city)
    assert code == 0, err
    assert out.rstrip().endswith("it would be loaded")
    for words in (
        "households: placed along residential streets\n    read 200, kept 200",
        "gauges: gauges.geojson\n    read 1, kept 1",
        "elevation: elevation.tif\n    read 64, kept 64",
    ):
        assert words in out
    assert "reading zones: inland.geojson" in err


def test_check_tells_of_every_broken_source_at_once(whole_city: Path) -> None:
    folder = whole_city.parent
    (folder / "sites.geojson").write_text("{", "utf-8")
    (folder / "readings.csv").write_text("name,kana\n", "utf-8")
    (folder / "roads.graphml").unlink()
    code, out, err = check(whole_city)
    assert code == 2
    assert out.count("REFUSED") == 3
    assert "it would be loaded" not in out
    for words in ("roads.graphml: no roads", "sites.geojson: is no JSON", "readings.csv"):
        assert words in out
        assert words in err
    assert "gauges: gauges.geojson\n    read 1, kept 1" in out


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ('orders = [{hazard = "flood", level = 4, areas = ["東町"]}]', "no such area: 東町"),
        ('observed_water = [{path = "seen.geojson"}]', "seen.geojson: there is no such file"),
    ],
)
def test_check_refuses_a_beginning_that_loading_would_refuse(
    whole_city: Path, start: str, said: str
) -> None:
    text = whole_city.read_text("utf-8")
    whole_city.write_text(f"{text}\n[start]\n{start}\n", "utf-8")
    code, out, err = check(whole_city)
    assert code == 2
    assert said in err
    assert "it would be loaded" not in out


def test_check_draws_where_rows_were_dropped(whole_city: Path, tmp_path: Path) -> None:
    lat, lon = position(30, 30)
    rewrite(
        whole_city.parent / "sites.geojson",
        lambda table: table["features"].extend(
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [lon + 1, lat]},
                "properties": table["features"][0]["properties"] | {"共通ID": "FAR"},
            }
            for _ in range(1)
        ),
    )
    code, out, _ = check(whole_city, "--map", str(tmp_path / "map.svg"))
    drawn = (tmp_path / "map.svg").read_text("utf-8")
    assert code == 0
    assert "dropped 1: 10 km and more from the roads" in out
    assert drawn.startswith("<svg")
    assert "小浜町（架空）" in drawn


@pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is absent: no pieces of Hachioji")
def test_the_pieces_of_hachioji_are_reported_without_roads_and_never_loaded(
    database: Database, engine: Engine
) -> None:
    files = DATA / "hachioji"
    done = commanded(NOWHERE, files, "city", "check", str(HACHIOJI), "--files", str(files))
    assert done.returncode == 2
    assert "roads.osm.pbf: no roads: there is no such file" in done.stderr
    lines = [line.strip() for line in done.stdout.splitlines()]

    def said(source: str) -> str:
        return lines[lines.index(source) + 1]

    def rows(name: str) -> int:
        return len(json.loads((files / name).read_text("utf-8"))["features"])

    sites, zones = rows("emergency_sites.geojson"), rows("flood_A31b_201.geojson")
    chome = len((files / "chome_households_2024.csv").read_text("utf-8").splitlines()) - 1
    assert said("sites: emergency_sites.geojson") == f"read {sites}, kept {sites}"
    assert said("zones: flood_A31b_201.geojson") == f"read {zones:,}, kept {zones:,}"
    assert said("households: chome_households_2024.csv") == f"read {chome}, kept {chome}"
    assert said("areas: by nearest point") == f"read {chome}, kept {chome}"
    with pytest.raises(DataError, match="no roads"):
        load_city(engine, HACHIOJI, lambda _: None, files=files)
    assert database.one("SELECT count(*) FROM city_load") == 0


def test_every_source_comes_back_from_the_database_as_it_was_read(
    engine: Engine, whole_city: Path
) -> None:
    load_city(engine, whole_city, lambda _: None)
    read = read_sources(read_city_file(whole_city), LoadReport(""), lambda _: None)
    with transaction(engine) as connection:
        load = current_load(connection)
        stored, homes = read_city(connection, load), read_households(connection, load.id)
    assert stored.gauges == read.gauges
    assert stored.readings == read.readings
    assert stored.welfare == read.welfare
    assert [a.name for a in stored.districts] == ["全町"]
    assert [(z.layer, z.kind, z.after_min) for z in stored.zones] == [
        (z.layer, z.kind, z.after_min) for z in read.zones
    ]
    assert {z.after_min for z in stored.zones} == {None, 60, 120}
    for name in ("lonlat", "persons", "area"):
        assert np.array_equal(getattr(homes, name), getattr(read.households, name)), name
    assert (len(homes), int(homes.persons.sum())) == (200, 431)
    assert np.isfinite(stored.network.elevation_m).all()


def diff(engine: Engine, database: Database, city_file: Path) -> str:
    """What `city diff` prints; the database stays as it is."""
    before = loaded.everything(database)
    done = commanded(database.url, city_file.parent, "city", "diff", str(city_file))
    assert done.returncode == 0, done.stderr
    assert loaded.everything(database) == before
    return done.stdout


def test_diff_of_the_same_files_is_nothing(
    engine: Engine, database: Database, whole_city: Path
) -> None:
    load_city(engine, whole_city, lambda _: None)
    assert "nothing would change" in diff(engine, database, whole_city)


def lose_a_site(folder: Path) -> None:
    rewrite(folder / "sites.geojson", lambda table: table["features"].pop(2))


def move_and_rename_a_site(folder: Path) -> None:
    def change(table: dict[str, Any]) -> None:
        site = table["features"][0]
        site["properties"] |= {"施設・場所名": "北中学校", "洪水": "", "高潮": "1"}
        site["geometry"]["coordinates"][0] += 0.001

    rewrite(folder / "sites.geojson", change)


def grow_the_flood(folder: Path) -> None:
    zones = [(box(-1, -1, 8, 3), {"A31b_201": 2}), (box(-1, -1, 8, 2), {"A31b_301": 2})]
    write_features(folder / "flood.geojson", zones)


def lose_a_street(folder: Path) -> None:
    path = folder / "roads.graphml"
    text = path.read_text("utf-8")
    lines = [line for line in text.split("\n") if 'source="1" target="2"' not in line]
    path.write_text("\n".join(x for x in lines if 'source="2" target="1"' not in x), "utf-8")


def lose_an_area(folder: Path) -> None:
    rewrite(folder / "areas.geojson", lambda table: table["features"].pop(1))


def unstate_a_layer(folder: Path) -> None:
    path = folder / "city.toml"
    text = path.read_text("utf-8").replace('"duration", ', "")
    path.write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lose_a_site, ["evacuation sites: 1 changes", "lost: 集会所 (E3)"]),
        (
            move_and_rename_a_site,
            [
                "renamed: 北小学校 → 北中学校 (E1)",
                "moved 97 m: 北中学校 (E1)",
                "no longer designated for flood: 北中学校",
                "now designated for storm_surge: 北中学校",
            ],
        ),
        (
            grow_the_flood,
            ["zones assumed depth rank 2: 0.29 → 0.39 km², 9.66 ha more, 0.00 ha less", "collapse"],
        ),
        (lose_a_street, ["streets: 112 → 111; 1 are gone or drawn otherwise, 0 are new"]),
        (lose_an_area, ["areas: 1 changes", "lost: 南町二丁目: an order that names it", "120"]),
        (unstate_a_layer, ["zones no longer complete: duration: nobody is told to stay"]),
    ],
)
def test_diff_tells_what_a_new_file_changes_before_it_goes_live(
    engine: Engine,
    database: Database,
    whole_city: Path,
    tmp_path: Path,
    change: Callable[[Path], None],
    said: list[str],
) -> None:
    load_city(engine, whole_city, lambda _: None)
    new = shutil.copytree(whole_city.parent, tmp_path / "new")
    change(new)
    told = diff(engine, database, new / "city.toml")
    for words in said:
        assert words in told
    assert "nothing would change" not in told


def test_diff_before_anything_is_loaded_says_what_to_do(
    database: Database, whole_city: Path
) -> None:
    done = commanded(database.url, whole_city.parent, "city", "diff", str(whole_city))
    assert done.returncode == 2
    assert "no city is loaded: nigemichi city load FILE" in done.stderr


STAGES = (
    "reading roads",
    "reading elevation",
    "reading welfare",
    "reading zones: forecast",
    "reading households",
    "placing 200 households",
    "checking how",
    "writing to the database",
)


@pytest.mark.parametrize("stage", STAGES)
def test_a_load_killed_at_any_stage_leaves_no_half_of_it(
    database: Database, whole_city: Path, tmp_path: Path, stage: str
) -> None:
    log = tmp_path / "log"
    words = ("city", "load", str(whole_city))
    with started(database.url, tmp_path, *words, log=log) as process:
        wait_for(stage, lambda: stage in log.read_text("utf-8"), closely=True)
        kill(process)
    idle = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    wait_for("the killed load's connection ended", lambda: database.one(idle) == 1)
    if database.one("SELECT count(*) FROM city_load"):
        assert loaded.current(database)
        assert database.one("SELECT count(*) FROM household") == 200
    else:
        assert not any(loaded.loads_of_rows(database).values())
        assert database.one("SELECT count(*) FROM household") == 0


def write_roads(path: Path) -> Path:
    """A cross of two streets."""
    writer = osmium.SimpleWriter(str(path))
    for ref, at in enumerate([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)], start=1):
        lonlat = (139.3 + at[0] * 0.01, 35.6 + at[1] * 0.01)
        writer.add_node(osmium.osm.mutable.Node(id=ref, location=lonlat))
    for number, refs in enumerate([(2, 1, 3), (4, 1, 5)], start=1):
        tags = {"highway": "residential"}
        writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags))
    writer.close()
    return path


def test_sample_sites_are_invented_say_so_and_are_never_written_over(tmp_path: Path) -> None:
    roads, sites = write_roads(tmp_path / "roads.osm.pbf"), tmp_path / "sites.csv"
    words = ("city", "sample-sites", str(roads), str(sites), "--count", "3")
    done = nigemichi(NOWHERE, tmp_path, *words)
    assert done.returncode == 0, done.stderr
    rows = sites.read_text("utf-8-sig").splitlines()[1:]
    assert len(rows) == 1
    assert all("（架空）" in row for row in rows)
    again = commanded(NOWHERE, tmp_path, *words)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert sites.read_text("utf-8-sig").splitlines()[1:] == rows
