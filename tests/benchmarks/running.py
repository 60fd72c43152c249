"""Real processes of Nigemichi on loopback, ended with the run."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def process(
    command: str, environment: dict[str, str], *options: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """A command of Nigemichi that runs meanwhile."""
    running = subprocess.Popen(
        [sys.executable, "-m", "operations.cli", command, *options],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait(20)


def start_once(environment: dict[str, str]) -> float:
    """Seconds from starting a server to its first ready answer; it is ended again."""
    port = free_port()
    began = time.perf_counter()
    with process("serve", environment, "--port", str(port)):
        until_ready(port)
        return time.perf_counter() - began


def until_ready(port: int) -> None:
    """Wait for a server. Raises `TimeoutError`."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.01)
    raise TimeoutError("the server did not become ready")


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
