"""Commands of Nigemichi as processes that are forked from one which has imported everything."""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from tests.integration.forker import STATUS

ROOT: Final = Path(__file__).parents[2]


class Forked:
    """A process of its own, used as `subprocess.Popen` is; its exit code comes by a pipe."""

    def __init__(self, pid: int, told: int) -> None:
        self.pid, self._told = pid, told
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raises `subprocess.TimeoutExpired`."""
        code = self._look(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("nigemichi", timeout or 0.0)
        return code

    def send_signal(self, number: int) -> None:
        """To this process alone, if it runs still."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """`kill -9`."""
        self.send_signal(signal.SIGKILL)

    def _look(self, seconds: float | None) -> int | None:
        if self.returncode is None and select.select([self._told], [], [], seconds)[0]:
            said = os.read(self._told, STATUS.size)
            self.returncode = STATUS.unpack(said)[0] if said else -signal.SIGKILL
            os.close(self._told)
        return self.returncode


class _Forker:
    """The process that forks; it ends with this one."""

    def __init__(self) -> None:
        self._asks, theirs = socket.socketpair()
        self._turn = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.integration.forker", str(theirs.fileno())],
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        atexit.register(self.close)

    def start(
        self, words: Sequence[str], environment: Mapping[str, str], out: IO[bytes], err: IO[bytes]
    ) -> Forked:
        asked = {"words": list(words), "environment": dict(environment), "folder": str(ROOT)}
        told, tells = os.pipe()
        ends = [out.fileno(), err.fileno(), tells]
        with self._turn:
            socket.send_fds(self._asks, [json.dumps(asked).encode()], ends)
            os.close(tells)
            (pid,) = STATUS.unpack(self._asks.recv(STATUS.size))
        return Forked(pid, told)

    def close(self) -> None:
        self._asks.close()
        self._process.wait()


_FORKERS: Final[list[_Forker]] = []


def fork(
    words: Sequence[str],
    environment: Mapping[str, str],
    out: IO[bytes],
    err: IO[bytes] | None = None,
) -> Forked:
    """`nigemichi WORDS...` in that environment; what it says goes into `out` (and `err`)."""
    if not _FORKERS:
        _FORKERS.append(_Forker())
    return _FORKERS[0].start(words, environment, out, err or out)
