"""A watched directory: each photo once, whole, and also after a restart."""

import os
import shutil
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest

from data.errors import BrokenSource
from data.readers.dronefolder import SAME, Landed, Outcome, PhotoSetAside, Setting
from data.readers.dronewatch import WatchedFolder, watch
from tests.unit.data.dronemade import LAT, LON, a_photo, aimed_photo

SETTING = Setting(ZoneInfo("Asia/Tokyo"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


def watched(folder: Path) -> WatchedFolder:
    return WatchedFolder(folder, folder.parent / "state", SETTING)


def names(found: list[Outcome]) -> list[str]:
    return [outcome.name for outcome in found]


def photo(yaw: int) -> bytes:
    return aimed_photo(LAT, LON, 60, yaw, -60)


def test_a_photo_counts_once_it_has_stood_still(folder: Path) -> None:
    looking = watched(folder)
    (folder / "a.jpg").write_bytes(photo(1)[:500])
    assert list(looking.look()) == []
    (folder / "a.jpg").write_bytes(photo(1))  # Still coming in.
    assert list(looking.look()) == []
    found = list(looking.look())
    assert names(found) == ["a.jpg"]
    assert isinstance(found[0], Landed)
    assert list(looking.look()) == []


def test_a_transfer_that_paused_is_set_aside_and_read_when_it_is_whole(folder: Path) -> None:
    looking = watched(folder)
    (folder / "a.jpg").write_bytes(photo(1)[:-50])
    assert list(looking.look()) == []
    (cut,) = looking.look()
    assert isinstance(cut, PhotoSetAside)
    assert "切れています" in cut.why
    assert list(looking.look()) == []  # Told once.
    (folder / "a.jpg").write_bytes(photo(1))
    assert list(looking.look()) == []
    (whole,) = looking.look()
    assert isinstance(whole, Landed)


def test_the_same_photo_under_another_name_counts_once(folder: Path) -> None:
    looking = watched(folder)
    (folder / "a.jpg").write_bytes(photo(1))
    (folder / "b.jpg").write_bytes(photo(1))
    assert list(looking.look()) == []
    first, second = looking.look()
    assert isinstance(first, Landed)
    assert isinstance(second, PhotoSetAside)
    assert second.why == SAME


def test_a_restart_reads_nothing_twice_and_misses_nothing(folder: Path) -> None:
    before = watched(folder)
    (folder / "a.jpg").write_bytes(photo(1))
    list(before.look())
    assert names(list(before.look())) == ["a.jpg"]
    (folder / "b.jpg").write_bytes(photo(2))
    after = watched(folder)
    list(after.look())
    assert names(list(after.look())) == ["b.jpg"]
    # Another name for what was read before the restart.
    (folder / "c.jpg").write_bytes(photo(1))
    list(after.look())
    assert [outcome.name for outcome in after.look() if isinstance(outcome, Landed)] == []


def test_a_file_that_is_only_touched_is_not_told_again(folder: Path) -> None:
    looking = watched(folder)
    (folder / "a.jpg").write_bytes(photo(1))
    list(looking.look())
    assert len(list(looking.look())) == 1
    os.utime(folder / "a.jpg", ns=(1, 1))
    assert list(looking.look()) == []
    assert list(looking.look()) == []


def test_whoever_is_stopped_in_the_middle_is_given_the_photo_again(folder: Path) -> None:
    stopped = watched(folder)
    (folder / "a.jpg").write_bytes(photo(1))
    list(stopped.look())
    first = next(stopped.look())  # And then the power fails.
    after = watched(folder)
    list(after.look())
    (again,) = after.look()
    assert isinstance(first, Landed)
    assert isinstance(again, Landed)
    assert first.id == again.id


def test_a_state_file_cut_off_by_a_power_failure_is_read_as_far_as_it_goes(folder: Path) -> None:
    looking = watched(folder)
    for at in (1, 2):
        (folder / f"{at}.jpg").write_bytes(photo(at))
    list(looking.look())
    assert len(list(looking.look())) == 2
    state = folder.parent / "state"
    state.write_bytes(b"\xff\0garbled\n[]\n" + state.read_bytes()[:-20])
    after = watched(folder)
    list(after.look())
    assert names(list(after.look())) == ["2.jpg"]
    list(after.look())
    again = watched(folder)
    list(again.look())
    assert list(again.look()) == []


def test_the_state_file_may_lie_in_the_directory(folder: Path) -> None:
    looking = WatchedFolder(folder, folder / "state", SETTING)
    (folder / "a.jpg").write_bytes(photo(1))
    assert [names(list(looking.look())) for _ in range(4)] == [[], ["a.jpg"], [], []]


def test_what_is_no_photo_is_told_once(folder: Path) -> None:
    looking = watched(folder)
    (folder / "setup.jpg").write_bytes(b"MZ" + b"\0" * 99)
    told = [[why.why for why in looking.look() if isinstance(why, PhotoSetAside)] for _ in "1234"]
    assert [len(some) for some in told] == [0, 1, 0, 0]
    assert "実行ファイル" in told[1][0]


class Rounds(Event):
    """Stops after so many looks, and does something between them; waits for nothing."""

    def __init__(self, *between: object) -> None:
        super().__init__()
        self.between = between
        self.round = count()

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout == 2.0
        at = next(self.round)
        if at >= len(self.between):
            self.set()
        elif callable(action := self.between[at]):
            action()
        return self.is_set()


def test_a_share_that_is_gone_is_told_once_and_comes_back(folder: Path) -> None:
    (folder / "a.jpg").write_bytes(photo(1))
    looking = watched(folder)
    elsewhere = folder.parent / "elsewhere"

    def away() -> None:
        shutil.move(folder, elsewhere)

    def back() -> None:
        shutil.move(elsewhere, folder)
        (folder / "b.jpg").write_bytes(photo(2))

    stop = Rounds(None, away, None, back, None, None)
    found = list(watch(looking, stop, timedelta(seconds=2)))
    assert names(found) == ["a.jpg", "in", "b.jpg"]
    assert isinstance(found[1], PhotoSetAside)
    assert "フォルダーがありません" in found[1].why


def test_a_state_that_cannot_be_written_is_told_and_no_photo_comes_twice(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = watched(folder)
    (folder / "a.jpg").write_bytes(photo(1))
    list(looking.look())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("data.readers.dronewatch.os.fsync", full)
    with pytest.raises(BrokenSource, match="状態ファイル"):
        list(looking.look())
    assert list(looking.look()) == []


def test_a_photo_of_no_spot_keeps_its_hash_for_whoever_places_it(folder: Path) -> None:
    looking = watched(folder)
    (folder / "a.jpg").write_bytes(a_photo(place={}))
    list(looking.look())
    (one,) = looking.look()
    assert isinstance(one, PhotoSetAside)
    assert len(one.sha256) == 64
    assert one.photo is not None
