"""What answers now: whole versions only, with their age, and nothing stale shown as live."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data import mapped
from data.errors import NoCity
from operations.errors import Refused
from operations.serving import STALE_AFTER, CurrentVersion
from operations.settings import from_environment, state_folder
from tests.integration.small_city import write_small_city
from tests.unit.api.served import Served, order

NOW = datetime.now(UTC)


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return Served(write_small_city(tmp_path / "city"), tmp_path / "state")


@pytest.fixture
def current(served: Served) -> Iterator[CurrentVersion]:
    made = CurrentVersion(served.state)
    made.refresh()
    yield made
    made.close()


def wait_for_number(current: CurrentVersion, number: int) -> bool:
    for _ in range(200):
        if current.version.number == number:
            return True
        time.sleep(0.01)
    return False


def test_before_the_first_version_there_is_no_city(tmp_path: Path) -> None:
    current = CurrentVersion(tmp_path)
    assert not current.refresh()
    with pytest.raises(NoCity, match="load a city and start the planner"):
        _ = current.version


def test_a_version_is_mapped_once(served: Served, current: CurrentVersion) -> None:
    first = current.version
    assert not current.refresh()
    assert current.version is first
    served.publish(order(4))
    assert current.refresh()
    assert current.version is not first
    assert current.version.ground is first.ground


def test_a_follower_sees_the_next_version_by_itself(
    served: Served, current: CurrentVersion
) -> None:
    current.follow()
    served.publish(order(4))
    assert wait_for_number(current, served.number)


@pytest.mark.parametrize(("age_s", "stale"), [(0, False), (9.9, False), (10.1, True), (9e5, True)])
def test_what_nobody_checked_for_ten_seconds_is_stale(
    served: Served, current: CurrentVersion, age_s: float, stale: bool
) -> None:
    served.checked(NOW - timedelta(seconds=age_s))
    found = current.freshness(NOW)
    assert found.stale is stale
    assert found.checked_at == NOW - timedelta(seconds=age_s)
    assert timedelta(seconds=10) == STALE_AFTER


def test_without_a_note_the_version_is_as_old_as_its_picture(
    served: Served, current: CurrentVersion
) -> None:
    (served.home / "checked").unlink()
    found = current.freshness(NOW + timedelta(hours=1))
    assert (found.checked_at, found.stale) == (current.version.picture.as_of, True)


def test_a_version_that_is_gone_leaves_the_last_one_answering(
    served: Served, current: CurrentVersion
) -> None:
    before = current.version
    current.follow()
    mapped.publish(served.home, "version-99")
    time.sleep(0.1)
    assert current.version is before
    served.publish(order(4))
    assert wait_for_number(current, served.number)


def test_a_version_that_cannot_be_read_leaves_the_follower_alive(
    served: Served, current: CurrentVersion
) -> None:
    thread = current.follow()
    broken = shutil.copytree(served.home / "version-1", served.home / "version-98")
    (broken / "version.json").write_text(json.dumps({"number": 98}))
    mapped.publish(served.home, broken.name)
    time.sleep(0.1)
    assert thread.is_alive()
    served.publish(order(4))
    assert wait_for_number(current, served.number)


def test_load_and_version_belong_together_while_another_city_is_opened(
    served: Served, current: CurrentVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both stay as they are until the other version is whole, and where it cannot be opened."""
    seen, opens = list[Any](), mapped.open_version
    before = current.load, current.version, current.tiles
    ground = served.home / f"ground-{before[0]}"

    def looks(*asked: Any) -> Any:
        seen.append((current.load, current.version, current.tiles))
        return opens(*asked)

    monkeypatch.setattr(mapped, "open_version", looks)
    shutil.copytree(ground, served.home / "ground-other")
    whole = json.loads((served.home / "version-1" / "version.json").read_text()) | {"load": "other"}
    for name, table in (("version-98", {"load": "other"}), ("version-99", whole)):
        assert (current.load, current.version, current.tiles) == before
        folder = shutil.copytree(served.home / "version-1", served.home / name)
        (folder / "version.json").write_text(json.dumps(table))
        mapped.publish(served.home, name)
        current.try_refresh()
    assert seen == [before] * 2
    assert (current.load, current.tiles.parent.name) == ("other", "ground-other")
    assert current.version is not before[1]


def test_a_version_that_could_not_be_mapped_is_not_shown_as_live(
    served: Served, current: CurrentVersion
) -> None:
    """The planner's note speaks of the published version, not of the older one served here."""
    mapped.publish(served.home, "version-99")
    later = datetime.now(UTC) + timedelta(minutes=1)
    served.checked(later)
    with pytest.raises(OSError, match="version-99"):
        current.refresh()
    found = current.freshness(later)
    assert (found.checked_at, found.stale) == (current.version.picture.as_of, True)


def test_a_note_from_the_future_is_not_shown_as_live(
    served: Served, current: CurrentVersion
) -> None:
    """A clock was set back: how old the note is, nobody can say."""
    served.checked(NOW + timedelta(minutes=5))
    assert current.freshness(NOW).stale


def test_a_folder_is_whole_or_not_there(tmp_path: Path) -> None:
    def fails(folder: Path) -> None:
        (folder / "half").write_text("")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        mapped.whole_folder(tmp_path / "version-1", fails)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `current` points to survives a power cut."""
    did: list[str] = []
    fsync, replaces, renames = os.fsync, Path.replace, Path.rename

    def synced(opened: int) -> None:
        did.append(Path(f"/proc/self/fd/{opened}").readlink().name.lstrip(".").split("-")[0])
        fsync(opened)

    def renamed(old: Path, new: Path) -> Path:
        did.append("rename")
        return renames(old, new)

    def replaced(old: Path, new: Path) -> Path:
        did.append("replace")
        return replaces(old, new)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "rename", renamed)
    monkeypatch.setattr(Path, "replace", replaced)
    state = tmp_path / "state"
    mapped.whole_folder(state / "version-1", lambda folder: (folder / "a").write_text("a"))
    mapped.publish(state, "version-1")
    assert did == ["a", "version", "rename", "state", "replace", "state"]


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch])
def test_what_stands_in_the_way_is_replaced(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """A state folder that was copied may hold a folder where a link was."""
    for name in ("current", "version-1"):
        make(tmp_path / name)
    assert mapped.current_name(tmp_path) == ""
    mapped.whole_folder(tmp_path / "version-1", lambda folder: (folder / "a").write_text("a"))
    mapped.publish(tmp_path, "version-1")
    assert (tmp_path / "current" / "a").read_text() == "a"


@pytest.mark.parametrize("text", ["", "{", "[]", "1", "{}", '{"load": '])
def test_a_damaged_version_is_pruned(served: Served, text: str) -> None:
    broken = shutil.copytree(served.home / "version-1", served.home / "version-98")
    (broken / "version.json").write_text(text)
    mapped.prune(served.home, versions=5, ground="ground-1")
    names = {path.name for path in served.home.iterdir()}
    assert names == {"version-1", "ground-1", "current", "checked"}


def test_current_is_replaced_and_never_missing(tmp_path: Path) -> None:
    mapped.publish(tmp_path, "version-1")
    mapped.publish(tmp_path, "version-2")
    assert (tmp_path / "current").readlink() == Path("version-2")
    assert [path.name for path in tmp_path.iterdir()] == ["current"]


def test_the_environment_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "NIGEMICHI_STATE"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(Refused, match="DATABASE_URL and NIGEMICHI_STATE not set"):
        from_environment()
    with pytest.raises(Refused, match=r"NIGEMICHI_STATE is not set: .*\./dev run"):
        state_folder()
    monkeypatch.setenv("DATABASE_URL", "postgresql:///x")
    monkeypatch.setenv("NIGEMICHI_STATE", "/somewhere")
    assert from_environment().state == Path("/somewhere")
