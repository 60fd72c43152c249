"""Real processes of Nigemichi, ended by their own process ids."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from click.testing import CliRunner

from operations.cli import main
from tests.integration.forking import ROOT, Forked, fork

OFTEN_S: Final = 0.01
"""How soon is looked again at first, or always where the very moment counts."""
LATER: Final = 0.05
"""Then by this share of what was waited: each look may open a connection."""
LATEST_S: Final = 0.2


def environment(url: str, state: Path) -> dict[str, str]:
    """The environment of a command on that database and state folder."""
    return os.environ | {
        "DATABASE_URL": url,
        "NIGEMICHI_STATE": str(state),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }


def nigemichi(url: str, state: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `nigemichi WORDS...` to its end, in a process of its own."""
    with TemporaryFile() as out, TemporaryFile() as err:
        process = fork(words, environment(url, state), out, err)
        try:
            code = process.wait(60)
        finally:
            process.kill()
        said = []
        for stream in (out, err):
            stream.seek(0)
            said.append(stream.read().decode())
        return subprocess.CompletedProcess(words, code, *said)


def commanded(url: str, state: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The same within this process: for what a command does and says, not for how it starts."""
    told = {"DATABASE_URL": url, "NIGEMICHI_STATE": str(state)}
    done = CliRunner().invoke(main, words, env=told, catch_exceptions=False)
    return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)


@contextmanager
def started(
    url: str, state: Path, *words: str, log: Path, more: Mapping[str, str] | None = None
) -> Iterator[Forked]:
    """`nigemichi WORDS...` while the block runs; all that it says goes into `log`.

    `more` stands in its environment as well.
    """
    with log.open("wb") as stream:
        process = fork(words, environment(url, state) | dict(more or {}), stream)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def kill(process: Forked) -> None:
    """`kill -9` of one process that we started."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def wait_for(
    what: str, holds: Callable[[], object], seconds: float = 20, *, closely: bool = False
) -> float:
    """Wait until something holds; returns after how many seconds it did.

    It is looked for less and less often, unless `closely`.
    """
    began = time.monotonic()
    while (waited := time.monotonic() - began) < seconds:
        if holds():
            return time.monotonic() - began
        time.sleep(OFTEN_S if closely else max(OFTEN_S, min(waited * LATER, LATEST_S)))
    raise AssertionError(f"not within {seconds} s: {what}")


def free_port() -> int:
    """A TCP port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
