"""Disks that run full: one clear line, nothing half there, and all is well once there is room.

The planner on a full disk is in `test_planner_failures`, the map's tiles in `unit/data/test_tiles`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
import shapely
from psycopg import sql

from data.database import connect, migrate
from data.errors import NoDatabase
from data.fictional import kept
from data.fictional.files import write_geojson, write_geopackage, write_shapefile
from data.fictional.kept import ROOM_BYTES, STAMP, NotWritten, kept_fictional_city
from operations.load_city import load_city
from tests.integration import loaded
from tests.integration.cluster import own_cluster
from tests.integration.databases import Connects, Database, Server, plain
from tests.integration.paced_generator import write_slowly
from tests.integration.processes import nigemichi

MB = 1_000_000


@contextmanager
def disk(size_bytes: int) -> Iterator[Path]:
    """A folder on a disk of its own of that size, gone with the block."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux may mount a small disk")
    folder = Path(tempfile.mkdtemp(prefix="nigemichi-disk-"))
    options = f"size={size_bytes},mode=0755"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        if done.returncode:
            pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
        yield folder
    finally:
        if not done.returncode:
            subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


def fill(folder: Path, leave_bytes: int) -> Path:
    """A file that takes all room but that."""
    filler = folder / "filler"
    free = shutil.disk_usage(folder).free
    with suppress(OSError):  # somebody else took room meanwhile
        filler.write_bytes(bytes(max(free - leave_bytes, 0)))
    return filler


def test_the_command_says_that_there_is_no_room_for_the_fictional_city(
    database: Database, small_city: Path, connects: Connects
) -> None:
    engine = connects(database.url)
    load_city(engine, small_city, lambda _: None)
    engine.dispose()
    before = loaded.everything(database)
    with disk(2 * MB) as state:
        done = nigemichi(database.url, state, "city", "load-fictional")
        assert {path.name for path in state.rglob("*")} <= {
            "fictional-city",
            ".fictional-city.lock",
        }
    assert done.returncode == 2
    (line,) = (said for said in done.stderr.splitlines() if said.startswith("nigemichi: "))
    assert line == done.stderr.splitlines()[-1]
    assert "fictional-city: " in line
    assert "20 MB are needed there, and 2.0 MB are free" in line
    assert f"see that {state} has room" in line
    assert "Traceback" not in done.stderr
    assert loaded.everything(database) == before


SHAPES = [shapely.box(10 * n, 0, 10 * n + 9, 9) for n in range(4000)]


def features(path: Path) -> None:
    write_geojson(path / "zones.geojson", [(shape, {"rank": 1}) for shape in SHAPES])


def shapefile(path: Path) -> None:
    write_shapefile(path / "zones.shp", shapely.get_parts(SHAPES), {})


def geopackage(path: Path) -> None:
    write_geopackage(path / "zones.gpkg", shapely.get_parts(SHAPES), {})


@pytest.mark.parametrize("write", [features, shapefile, geopackage])
def test_room_that_ends_while_it_is_generated_leaves_nothing_and_the_next_run_succeeds(
    monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], None]
) -> None:
    def generate(directory: Path, seed: int) -> Path:
        path = write_slowly(directory, seed)
        write(directory)
        return path

    monkeypatch.setattr(kept, "write_fictional_city", generate)
    with disk(ROOM_BYTES + 10 * MB) as state:
        folder = state / "fictional-city"
        monkeypatch.setattr(kept, "ROOM_BYTES", 0)
        filler = fill(state, 300_000)
        with pytest.raises(NotWritten, match="has room and may be written to") as refused:
            kept_fictional_city(folder, lambda _: None)
        assert "\n" not in str(refused.value)
        assert {path.name for path in state.iterdir()} == {"filler", ".fictional-city.lock"}
        filler.unlink()
        city_file = kept_fictional_city(folder, lambda _: None)
        assert city_file == folder / "city.toml"
        assert (folder / STAMP).is_file()
        assert {path.name for path in state.iterdir()} == {folder.name, ".fictional-city.lock"}


@contextmanager
def database_on(folder: Path, server: Server, template: str) -> Iterator[Database]:
    """A database whose tables lie in that folder."""
    inside = folder / "tables"
    inside.mkdir()
    name = f"nigemichi_test_disk_{os.getpid()}"
    url = server.url.set(database=name).render_as_string(hide_password=False)
    root = plain(server.url.render_as_string(hide_password=False))
    named = sql.Identifier(name)
    with psycopg.connect(root, autocommit=True) as connection:
        try:
            shutil.chown(inside, "postgres", "postgres")
            connection.execute(
                sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(named, sql.Literal(str(inside)))
            )
        except (psycopg.Error, LookupError) as error:
            pytest.skip(f"PostgreSQL cannot keep tables in a folder of this machine: {error}")
        try:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} TABLESPACE {}").format(
                    named, sql.Identifier(template), named
                )
            )
            yield Database(name, url)
        finally:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(named)
            connection.execute(drop)
            connection.execute(sql.SQL("DROP TABLESPACE {}").format(named))


@contextmanager
def full_database() -> Iterator[tuple[Path, Database]]:
    """A small disk and a database on it, in a cluster of its own: no other's checkpoints fail."""
    with disk(80 * MB) as folder, own_cluster() as cluster:
        server = Server(cluster.url)
        template = server.create()
        engine = connect(template.url)
        migrate(engine)
        engine.dispose()
        with database_on(folder, server, template.name) as database:
            yield folder, database
        server.close()


def test_a_database_whose_disk_is_full_keeps_the_old_city(
    small_city: Path, town: Path, tmp_path: Path
) -> None:
    with full_database() as (folder, database):
        engine = connect(database.url)
        try:
            load_city(engine, small_city, lambda _: None)
            before = loaded.everything(database)
            filler = fill(folder, 200_000)
            with pytest.raises(
                NoDatabase, match=r"nothing was changed: .*No space left"
            ) as refused:
                load_city(engine, town, lambda _: None, other_city=True)
            assert "\n" not in str(refused.value)
            assert loaded.everything(database) == before
            done = nigemichi(database.url, tmp_path, "city", "load", str(town), "--other-city")
            assert done.returncode == 2
            assert "No space left" in done.stderr.splitlines()[-1]
            assert "Traceback" not in done.stderr
            assert loaded.everything(database) == before
            filler.unlink()
            load_city(engine, town, lambda _: None, other_city=True)
            assert set(loaded.loads_of_rows(database)["street"]) == {loaded.current(database)}
        finally:
            engine.dispose()
