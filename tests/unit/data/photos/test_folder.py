"""The folder of photos: whole files or none, and what stands in the way is said."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.photos.errors import StoreAway
from data.photos.store import Folder, original_key, shown_key

SHA = "ab" * 32
NOW = datetime.now(UTC)


def test_what_was_put_is_found_under_its_hash(tmp_path: Path) -> None:
    store = Folder(tmp_path / "photos")
    assert store.find(original_key(SHA)) is None
    assert not store.has(original_key(SHA))
    store.put(original_key(SHA), b"one")
    store.put(original_key(SHA), b"one")
    store.put(shown_key(SHA), b"copy")
    assert store.find(original_key(SHA)) == b"one"
    assert store.has(shown_key(SHA))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in files} == {SHA, f"{SHA}.jpg"}


def test_nobody_else_may_look_into_it(tmp_path: Path) -> None:
    store = Folder(tmp_path / "photos")
    store.put(original_key(SHA), b"one")
    (file,) = (path for path in (tmp_path / "photos").rglob("*") if path.is_file())
    assert file.stat().st_mode & 0o077 == 0
    assert (tmp_path / "photos").stat().st_mode & 0o077 == 0


def test_a_write_that_fails_leaves_what_was_there_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Folder(tmp_path)
    store.put(original_key(SHA), b"before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreAway, match="No space left"):
        store.put(original_key(SHA), b"after")
    monkeypatch.undo()
    assert store.find(original_key(SHA)) == b"before"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [SHA]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "photos").write_text("a file stands here")
    with pytest.raises(StoreAway):
        Folder(tmp_path / "photos").put(original_key(SHA), b"one")


def test_old_files_are_listed_also_those_half_written(tmp_path: Path) -> None:
    store = Folder(tmp_path)
    store.put(original_key(SHA), b"one")
    half = tmp_path / "originals" / "ab" / f".{SHA}.0011"
    half.write_bytes(b"ha")
    assert set(store.older(NOW + timedelta(days=1))) == {
        original_key(SHA),
        f"originals/ab/{half.name}",
    }
    assert list(store.older(NOW - timedelta(days=1))) == []
    store.remove(original_key(SHA))
    store.remove(original_key(SHA))
    assert not store.has(original_key(SHA))
