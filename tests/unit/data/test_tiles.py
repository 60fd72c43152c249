"""Map tiles: read back by GDAL, the same bytes each time, whole or not there at all."""

import fcntl
import gzip
import io
import resource
import shutil
import signal
import struct
import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import mapped, tiles
from data.pmtiles import HEADER_BYTES, Tile, tile_id, write_pmtiles
from data.tiles import TILES, layers_of, main, whole_layer, write_tiles
from hazards.zone import ZoneLayer
from routing.ground import Ground
from routing.roads import StreetFlag
from tests.builders import a_grid, a_shelter, a_site, collapse, depth, slope, town_ground

ROOT = Path(__file__).parents[3]
BOX = (139.0, 35.0, 139.1, 35.1)


def grid() -> Ground:
    """Nine streets of which one is a stair, two zones, two places."""
    return a_grid(
        3,
        sites=[a_site(50, 50, name="浅瀬高校")],
        shelters=[a_shelter(150, 150)],
        zones=[depth(3, 0, 0, 90, 90), slope(2, 110, 110, 190, 190)],
        rivers=[a_grid(2).lines[0].buffer(20)],
        flags={(0, 1): StreetFlag.STEPS},
    )


def rows(path: Path, layer: str) -> list[dict[str, Any]]:
    """The properties of a layer's features at the closest zoom, as GDAL reads them."""
    about, _, _, columns = pyogrio.raw.read(path, layer=layer)
    names = [str(name) for name in about["fields"]]
    found = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
    return [{key: row[key] for key in row if key != "mvt_id"} for row in found]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiles of the small grid."""
    path = tmp_path_factory.mktemp("tiles") / TILES
    write_tiles(path, grid())
    return path


def test_gdal_finds_every_layer_in_the_tiles(written: Path) -> None:
    found = {str(name) for name, _ in pyogrio.list_layers(written)}
    assert found == {"roads", "water", "zones", "sites", "shelters"}


def test_tiles_of_streets_say_what_they_are(written: Path) -> None:
    streets = rows(written, "roads")
    assert {row["class"] for row in streets} == {"street", "steps"}
    assert {row["name"] for row in streets} == {"縦の道", "横の道"}
    assert len(streets) == grid().roads.street_count


def test_tiles_of_zones_say_that_they_are_assumed(written: Path) -> None:
    near = [row for row in rows(written, "zones") if row["layer"] in ("depth", "landslide")]
    assert {(row["layer"], int(row["rank"])) for row in near} == {("depth", 3), ("landslide", 2)}
    assert {str(row["assumed"]) for row in near} == {"1"}


def test_water_that_is_forecast_is_not_called_assumed(tmp_path: Path) -> None:
    ground = grid()
    zone = ground.zones[ZoneLayer.DEPTH]
    told = replace(zone, forecast=np.array([True]))
    ground = replace(ground, zones=ground.zones | {ZoneLayer.DEPTH: told})
    write_tiles(tmp_path / TILES, ground)
    found = {row["layer"]: str(row["assumed"]) for row in rows(tmp_path / TILES, "zones")}
    assert (found["depth"], found["landslide"]) == ("0", "1")


def test_collapse_zone_that_was_cut_has_one_outline() -> None:
    halves = [collapse(1, 0, 0, 50, 50), collapse(1, 50, 0, 90, 50), collapse(2, 0, 60, 9, 90)]
    (zones,) = (one for one in layers_of(a_grid(2, zones=halves)) if one.name == "zones")
    mine = zones.columns["layer"] == "collapse"
    assert zones.columns["rank"][mine].tolist() == [1, 2]


def test_tiles_of_sites_hold_only_what_stays(written: Path) -> None:
    (site,) = rows(written, "sites")
    assert site == {
        "id": "浅瀬高校",
        "name": "浅瀬高校",
        "designated_for": "flood,landslide",
    }
    (shelter,) = rows(written, "shelters")
    assert set(shelter) == {"id", "name"}


def test_the_same_ground_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_tiles(tmp_path / name, town_ground())
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "other"]


def test_town_is_drawn_at_every_zoom_in_tiles_that_load_fast(tmp_path: Path) -> None:
    write_tiles(tmp_path / TILES, town_ground())
    data = (tmp_path / TILES).read_bytes()
    assert data[:8] == b"PMTiles\x03"
    assert (data[100], data[101]) == (9, 14)
    entries = directory(data, *struct.unpack_from("<2Q", data, 8))
    assert max(length for _, _, length, _ in entries) < 100_000


def directory(data: bytes, offset: int, length: int) -> list[tuple[int, int, int, int]]:
    """(id, run, length, offset) of every entry of a directory."""
    raw = gzip.decompress(data[offset : offset + length])
    values, value, place = [], 0, 0
    for byte in raw:
        value |= (byte & 127) << place
        place += 7
        if byte < 128:
            values.append(value)
            value, place = 0, 0
    count = values[0]
    steps, runs, lengths, offsets = (
        values[1 + n * count : 1 + n * count + count] for n in range(4)
    )
    ids = [sum(steps[: n + 1]) for n in range(count)] if count < 5000 else steps
    return list(zip(ids, runs, lengths, [at - 1 for at in offsets], strict=True))


def test_tiles_are_numbered_as_the_format_says() -> None:
    known = {(0, 0, 0): 0, (1, 0, 0): 1, (1, 0, 1): 2, (1, 1, 1): 3, (1, 1, 0): 4, (2, 0, 0): 5}
    assert {tile: tile_id(*tile) for tile in known} == known


@given(zoom=st.integers(1, 6))
def test_numbers_of_a_zoom_are_one_walk_through_neighbours(zoom: int) -> None:
    side = range(2**zoom)
    walk = sorted((tile_id(zoom, x, y), x, y) for x in side for y in side)
    first = (4**zoom - 1) // 3
    assert [number for number, _, _ in walk] == list(range(first, first + 4**zoom))
    assert all(abs(a[1] - b[1]) + abs(a[2] - b[2]) == 1 for a, b in pairwise(walk))


def many_tiles() -> dict[Tile, bytes]:
    """More than a root directory has room for, each of other bytes."""
    return {(9, x, y): b"%d/%d" % (x, y) * (x % 7 + 1) for x in range(200) for y in range(200)}


def test_directory_of_many_tiles_has_leaves_that_lead_to_each() -> None:
    many = many_tiles()
    file = io.BytesIO()
    write_pmtiles(file, many, BOX, {})
    data = file.getvalue()
    begin, size, _, _, leaves, _, at, _ = struct.unpack_from("<8Q", data, 8)
    assert begin + size <= 16_384
    above = directory(data, begin, size)
    assert {run for _, run, _, _ in above} == {0}
    found = {}
    for _, _, length, offset in above:
        for number, _, held, place in directory(data, leaves + offset, length):
            found[number] = gzip.decompress(data[at + place : at + place + held])
    assert found == {tile_id(*tile): content for tile, content in many.items()}


def test_header_is_as_long_as_the_format_says() -> None:
    file = io.BytesIO()
    write_pmtiles(file, {(0, 0, 0): b"x"}, BOX, {})
    assert struct.unpack_from("<Q", file.getvalue(), 8) == (HEADER_BYTES,) == (127,)


@pytest.mark.parametrize("end", [0, 1, 2, 60, -1])
def test_tile_that_was_cut_off_is_refused(end: int) -> None:
    layer = b"\x1a\xac\x02" + bytes(300)
    assert whole_layer(layer) == layer
    with pytest.raises(OSError, match="cut off"):
        whole_layer(layer[:end])


def test_tile_that_gdal_wrote_in_part_fails_the_whole_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = tiles._cut

    def cut_short(folder: Path, layer: Any) -> None:
        cut(folder, layer)
        last = max(folder.glob("*/*/*.pbf"))
        last.write_bytes(last.read_bytes()[:-1])

    monkeypatch.setattr(tiles, "_cut", cut_short)
    with pytest.raises(OSError, match="cut off"):
        write_tiles(tmp_path / TILES, grid())
    assert list(tmp_path.iterdir()) == []


def saved(folder: Path) -> Path:
    """The ground of the town as the planner leaves it."""
    mapped.whole_folder(folder, lambda draft: mapped.save_ground(draft, town_ground(), {}))
    return folder


@pytest.fixture(scope="module")
def town_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to copy."""
    return saved(tmp_path_factory.mktemp("state") / "ground-1")


@pytest.fixture
def folder(town_folder: Path, tmp_path: Path) -> Path:
    """A ground's folder of the test's own, without tiles."""
    return Path(shutil.copytree(town_folder, tmp_path / "ground-1"))


def started(folder: Path, **more: Any) -> "subprocess.Popen[str]":
    """The program that the planner starts."""
    command = [sys.executable, "-m", "data.tiles", str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, **more)


def drafts(folder: Path) -> list[Path]:
    """What a writer has begun."""
    return list(folder.glob(".tiles-*"))


def test_program_writes_the_tiles_of_a_saved_ground(folder: Path) -> None:
    program = started(folder)
    assert program.communicate(timeout=60) == (None, "")
    assert program.returncode == 0
    assert len(rows(folder / TILES, "sites")) >= len(town_ground().sites)
    assert drafts(folder) == []


def test_killed_program_leaves_no_half_file_and_the_next_one_clears_up(folder: Path) -> None:
    program = started(folder)
    end = time.monotonic() + 60
    while not drafts(folder) and program.poll() is None and time.monotonic() < end:
        time.sleep(0.005)
    program.kill()
    program.communicate()
    assert program.returncode == -signal.SIGKILL
    assert len(drafts(folder)) == 1
    assert not (folder / TILES).exists()
    main(folder)
    assert (folder / TILES).exists()
    assert drafts(folder) == []


def small_disk() -> None:
    """Let no file grow beyond 60 kB."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))


def test_full_disk_is_said_in_a_line_and_leaves_nothing(folder: Path) -> None:
    before = sorted(path.name for path in folder.iterdir())
    program = started(folder, preexec_fn=small_disk)
    _, said = program.communicate(timeout=60)
    assert program.returncode == 1
    assert "Error" in said.splitlines()[-1]
    after = sorted(path.name for path in folder.iterdir() if path.name != ".tiles.lock")
    assert after == before
    assert mapped.open_ground(folder).roads.street_count == town_ground().roads.street_count


def test_second_writer_leaves_the_first_alone(folder: Path) -> None:
    with (folder / ".tiles.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        (folder / ".tiles-first").mkdir()
        main(folder)
        assert drafts(folder) == [folder / ".tiles-first"]
        assert not (folder / TILES).exists()


def test_tiles_that_are_there_are_not_written_again(folder: Path) -> None:
    (folder / TILES).write_bytes(b"there")
    main(folder)
    assert (folder / TILES).read_bytes() == b"there"
    assert drafts(folder) == []
