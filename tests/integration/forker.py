"""A process that has all of Nigemichi imported, and forks each command that a test asks for.

A fresh interpreter imports for two to three seconds of CPU, some hundred times in a run. What it
forks is a process of its own like any other: with its own environment, to be killed by its pid.
"""

import atexit
import gc
import json
import os
import select
import signal
import socket
import struct
import sys
import threading
import traceback
from importlib import import_module
from typing import Any, Final, NoReturn

LOADED: Final = ("api.app", "api.live.sockets", "operations.planning.planner")
"""Beside each command's own module."""
STATUS: Final = struct.Struct("i")
_ENDED: Final[dict[int, int]] = {}
"""For each process that runs the descriptor by which its exit code is told."""


def serve(asks: socket.socket) -> None:
    """Fork for each request, until nobody asks any more; whoever runs then is killed."""
    wakes, woken = os.pipe()
    for end in (wakes, woken):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    heard: list[Any] = [asks, wakes]
    while True:
        ready, _, _ = select.select(heard, [], [])
        if wakes in ready:
            os.read(wakes, 4096)
            _tell_ended()
        if asks in ready and not _take(asks):
            break
    for pid in _ENDED:
        os.kill(pid, signal.SIGKILL)


def _take(asks: socket.socket) -> bool:
    asked, ends, _, _ = socket.recv_fds(asks, 1 << 20, 3)
    if not asked:
        return False
    out, err, tells = ends
    pid = os.fork()
    if pid == 0:
        for end in (asks.fileno(), tells, *_ENDED.values()):
            os.close(end)
        _run(json.loads(asked), out, err)
    _ENDED[pid] = tells
    for end in (out, err):
        os.close(end)
    asks.sendall(STATUS.pack(pid))
    return True


def _tell_ended() -> None:
    while _ENDED:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        tells = _ENDED.pop(pid)
        os.write(tells, STATUS.pack(os.waitstatus_to_exitcode(status)))
        os.close(tells)


def _run(asked: dict[str, Any], out: int, err: int) -> NoReturn:
    """Be the command, in a process just forked."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for end, mine in enumerate((os.open(os.devnull, os.O_RDONLY), out, err)):
        os.dup2(mine, end)
        os.close(mine)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(write_through=True)  # type: ignore[union-attr]
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.argv = ["nigemichi", *asked["words"]]
    code = _code(asked["words"])
    threading._shutdown()  # type: ignore[attr-defined]  # as an interpreter ends
    atexit._run_exitfuncs()
    os._exit(code)


def _code(words: list[str]) -> int:
    from operations.cli import main

    try:
        main(words)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    from operations.cli import COMMANDS

    for module in (*LOADED, *sorted({f"operations.commands.{one}" for one in COMMANDS.values()})):
        import_module(module)
    gc.collect()
    gc.freeze()
    serve(socket.socket(fileno=int(sys.argv[1])))
