"""`kill -9` while the fictional city is generated, two generators at once, files that were damaged:
what is kept is always whole.

A file of the same size with other bytes in it is beyond the stamp: it holds sizes, for a hash over
every file at each start would cost as much as reading the city. The readers judge the bytes.
"""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from data.cityfile import read_city_file
from data.fictional import kept
from data.fictional.kept import STAMP, kept_fictional_city
from data.report import LoadReport
from operations.fitted_city import fitted
from tests.integration.paced_generator import write_slowly
from tests.integration.processes import ROOT, environment, kill, started, wait_for

GENERATING = "generating the fictional city"


@pytest.fixture
def paced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A quick generator in place of the real one; the folders into which it wrote."""
    written: list[Path] = []

    def write(directory: Path, seed: int) -> Path:
        written.append(directory)
        return write_slowly(directory, seed)

    monkeypatch.setattr(kept, "write_fictional_city", write)
    return written


@contextmanager
def generating(folder: Path, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The paced generator as a process of its own, ended with the block."""
    with log.open("wb") as stream:
        words = [sys.executable, "-m", "tests.integration.paced_generator", str(folder)]
        env = environment("", folder.parent)
        process = subprocess.Popen(words, env=env, cwd=ROOT, stdout=stream, stderr=stream)
        try:
            yield process
        finally:
            if process.poll() is None:
                kill(process)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def says(log: Path, words: str) -> Callable[[], bool]:
    return lambda: words in log.read_text("utf-8")


def nothing_beside(folder: Path) -> None:
    assert {path.name for path in folder.parent.iterdir() if path.suffix != ".log"} <= {
        folder.name,
        f".{folder.name}.lock",
    }


@pytest.mark.parametrize(
    ("before", "delay_s"),
    [
        ("nothing", 0.0),
        ("another generator's", 0.15),
        ("nothing", 0.4),
        ("another generator's", 0.7),
    ],
)
def test_after_a_kill_the_next_one_writes_all_anew(
    tmp_path: Path, paced: list[Path], before: str, delay_s: float
) -> None:
    folder, log = tmp_path / "kept", tmp_path / "said.log"
    if before != "nothing":
        kept_fictional_city(folder, lambda _: None, seed=2)
        (folder / "left.txt").write_text("of another generator")
        paced.clear()
    with generating(folder, log) as process:
        wait_for(GENERATING, says(log, GENERATING), 60, closely=True)
        time.sleep(delay_s)
        kill(process)
    assert str(folder) not in log.read_text("utf-8")
    said: list[str] = []
    city_file = kept_fictional_city(folder, said.append)
    assert said == [GENERATING]
    assert len(paced) == 1
    whole = write_slowly(tmp_path / "whole.log", 1).parent
    assert bytes_of(folder) == bytes_of(whole) | {STAMP: (folder / STAMP).read_bytes()}
    nothing_beside(folder)
    assert kept_fictional_city(folder, said.append) == city_file
    assert said == [GENERATING]


def test_a_real_one_that_is_killed_leaves_nothing_that_counts(tmp_path: Path) -> None:
    """Through the command, and the generator as it is."""
    state, log = tmp_path / "state", tmp_path / "said.log"
    url = "postgresql+psycopg:///nothing"
    with started(url, state, "city", "load-fictional", log=log) as process:
        wait_for(GENERATING, says(log, GENERATING), 60)
        draft = state / ".fictional-city.draft"
        wait_for("a file of it", lambda: draft.is_dir() and [*draft.iterdir()], seconds=120)
        kill(process)
    assert not (state / "fictional-city" / STAMP).exists()
    assert not (state / "fictional-city" / "city.toml").exists()


def test_two_at_once_write_once_and_both_find_it_whole(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    logs = [tmp_path / "one.log", tmp_path / "two.log"]
    with generating(folder, logs[0]) as one, generating(folder, logs[1]) as two:
        assert one.wait(60) == two.wait(60) == 0
    lines = [log.read_text("utf-8").splitlines() for log in logs]
    assert sum(GENERATING in said for said in lines) == 1
    assert [said[-1] for said in lines] == [str(folder / "city.toml")] * 2
    nothing_beside(folder)


def test_whoever_waits_for_one_that_is_killed_writes_it_itself(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    logs = [tmp_path / "one.log", tmp_path / "two.log"]
    with generating(folder, logs[0]) as one:
        wait_for(GENERATING, says(logs[0], GENERATING), 60)
        one.send_signal(signal.SIGSTOP)  # in the middle of its work, however slow the other starts
        with generating(folder, logs[1]) as two:
            wait_for("it waits", says(logs[1], "waiting for another process"), 60)
            kill(one)
            assert two.wait(60) == 0
    assert logs[1].read_text("utf-8").splitlines()[-2:] == [GENERATING, str(folder / "city.toml")]
    assert fitted(read_city_file(folder / "city.toml"), LoadReport(""), lambda _: None).rows.sites
    nothing_beside(folder)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: cut(folder / "sites.geojson"),
        lambda folder: (folder / "sites.geojson").unlink(),
        lambda folder: (folder / "more.geojson").write_text("{}"),
        lambda folder: (folder / STAMP).unlink(),
        lambda folder: cut(folder / STAMP),
        lambda folder: (folder / STAMP).write_text("[]"),
        shutil.rmtree,
    ],
    ids=["cut", "missing", "more", "no stamp", "cut stamp", "another stamp", "all gone"],
)
def test_what_was_damaged_is_written_anew(
    tmp_path: Path, paced: list[Path], damage: Callable[[Path], object]
) -> None:
    folder = tmp_path / "kept"
    kept_fictional_city(folder, lambda _: None)
    before = bytes_of(folder)
    assert "sites.geojson" in before
    damage(folder)
    kept_fictional_city(folder, lambda _: None)
    assert len(paced) == 2
    assert bytes_of(folder) == before
