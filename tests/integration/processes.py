"""Real processes of Nigemichi, ended by their own process ids."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


def environment(url: str, state: Path) -> dict[str, str]:
    """The environment of a command on that database and state folder."""
    return os.environ | {
        "DATABASE_URL": url,
        "NIGEMICHI_STATE": str(state),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }


def nigemichi(url: str, state: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `nigemichi WORDS...` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "operations.cli", *words],
        env=environment(url, state),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def started(
    url: str, state: Path, *words: str, log: Path, more: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """`nigemichi WORDS...` while the block runs; all that it says goes into `log`.

    `more` stands in its environment as well.
    """
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "operations.cli", *words],
            env=environment(url, state) | dict(more or {}),
            cwd=ROOT,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def kill(process: "subprocess.Popen[bytes]") -> None:
    """`kill -9` of one process that we started."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def wait_for(what: str, holds: Callable[[], object], seconds: float = 20) -> float:
    """Wait until something holds; returns after how many seconds it did."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if holds():
            return time.monotonic() - began
        time.sleep(0.01)
    raise AssertionError(f"not within {seconds} s: {what}")


def free_port() -> int:
    """A TCP port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
