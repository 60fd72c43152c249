"""Files of a folder are read once nobody writes them any more."""

import os
from pathlib import Path

import pytest

from operations.information import folders
from operations.information.folders import Unfinished, read_file

LONG_AGO = 1_000_000_000


def test_a_file_that_is_being_written_is_not_read_as_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"a,b\n1,")

    at = file.stat().st_mtime

    def write_on(_: float) -> None:
        file.write_bytes(b"a,b\n1,2\n")

    monkeypatch.setattr(folders.time, "time", lambda: at + 0.25)
    monkeypatch.setattr(folders.time, "sleep", write_on)
    with pytest.raises(Unfinished, match="書きかけ"):
        read_file(tmp_path, "a.csv")


def test_a_new_file_is_waited_for_and_an_old_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(folders.time, "sleep", waited.append)
    file = tmp_path / "a.csv"
    file.write_bytes(b"a\n")
    at = file.stat().st_mtime
    monkeypatch.setattr(folders.time, "time", lambda: at + 0.25)
    for _ in range(2):
        found = read_file(tmp_path, "a.csv")
        assert found is not None
        assert found.body == b"a\n"
        os.utime(file, (LONG_AGO, LONG_AGO))
    assert waited == [0.75]
