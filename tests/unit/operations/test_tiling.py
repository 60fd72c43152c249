"""The planner's tiles: one writer, beside it, and a failure that is said once."""

import logging
import time
from pathlib import Path

import pytest

from data import mapped
from data.tiles import TILES
from operations.tiling import Tiler
from tests.builders import a_grid


def ground_folder(state: Path, name: str = "ground-1") -> Path:
    """A saved ground."""
    folder = state / name
    mapped.whole_folder(folder, lambda draft: mapped.save_ground(draft, a_grid(3), {}))
    return folder


def until_ended(tiler: Tiler, ground: Path) -> None:
    """Look after it until its writer has ended."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        tiler.look_after(ground)
        if tiler._writer is None:
            return
        time.sleep(0.05)
    pytest.fail("the writer does not end")


def test_tiles_are_written_while_nobody_waits(tmp_path: Path) -> None:
    ground, tiler = ground_folder(tmp_path), Tiler()
    tiler.look_after(ground)
    assert not (ground / TILES).exists()
    until_ended(tiler, ground)
    assert (ground / TILES).exists()


def test_failed_writer_is_logged_in_a_line_and_not_started_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ground, tiler = ground_folder(tmp_path), Tiler()
    (ground / "ground.json").write_text("{")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            until_ended(tiler, ground)
    (line,) = caplog.messages
    assert line.startswith("no map tiles: JSONDecodeError")
    assert "\n" not in line


def test_a_writer_that_failed_is_tried_again_when_a_disk_may_have_room(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground, tiler = ground_folder(tmp_path), Tiler()
    whole = (ground / "ground.json").read_bytes()
    (ground / "ground.json").write_text("{")
    with caplog.at_level(logging.WARNING):
        until_ended(tiler, ground)
    (ground / "ground.json").write_bytes(whole)
    until_ended(tiler, ground)
    assert not (ground / TILES).exists()
    monkeypatch.setattr("operations.tiling.AGAIN_S", 0.0)
    until_ended(tiler, ground)
    assert (ground / TILES).exists()


def test_another_ground_waits_for_the_writer_at_work(tmp_path: Path) -> None:
    first, second = ground_folder(tmp_path), ground_folder(tmp_path, "ground-2")
    tiler = Tiler()
    tiler.look_after(first)
    tiler.look_after(second)
    assert set(tiler._tried) == {first}
    until_ended(tiler, first)
    until_ended(tiler, second)
    assert (second / TILES).exists()


def test_writer_ends_with_its_planner(tmp_path: Path) -> None:
    ground, tiler = ground_folder(tmp_path), Tiler()
    tiler.look_after(ground)
    writer = tiler._writer
    assert writer
    tiler.close()
    assert writer.poll() is not None
    assert not (ground / TILES).exists()
