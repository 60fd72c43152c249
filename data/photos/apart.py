"""Looking at originals in a process of its own: what breaks a decoder, breaks nothing else.

The process has neither our environment nor our database, little time and a bounded memory, and
gives way to all others. One at a time works for each server.
"""

import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from data.photos.errors import NotAPhoto, StoreAway
from data.photos.looking import MOST_BYTES, Looked, look

MEMORY: Final = 2**30
"""Bytes of address space: 60 megapixels with transparency take most of it."""
WORKS_S: Final = 20
"""Of the processor."""
WAITS_S: Final = 60.0
"""A machine so busy that it takes longer looks at no pictures now."""
_LIMITS: Final = (
    "写真として開けません。小さくするか、別の写真を送ってください（not within the limits）"
)
_ROOT: Final = Path(__file__).parents[2]
_TURN: Final = threading.RLock()


@contextmanager
def turn() -> Iterator[None]:
    """One thread at a time: whoever has it may hold an original in memory. Raises `StoreAway`."""
    if not _TURN.acquire(timeout=WAITS_S):
        raise StoreAway(
            "写真の処理が混んでいます。少し待って、もう一度送ってください（other photos first）"
        )
    try:
        yield
    finally:
        _TURN.release()


def look_apart(content: bytes) -> tuple[Looked, bytes]:
    """`look`, in a process of its own. Raises `NotAPhoto`, and `StoreAway` where none starts."""
    with turn():
        done = _run(content)
    head, _, shown = done.stdout.partition(b"\n")
    if done.returncode or not head:
        raise NotAPhoto(_LIMITS)
    said = json.loads(head)
    if "refused" in said:
        raise NotAPhoto(said["refused"])
    at = said.pop("taken_at")
    return Looked(**said, taken_at=datetime.fromisoformat(at) if at else None), shown


def _run(content: bytes) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(
            [sys.executable, "-m", "data.photos.apart"],
            input=content,
            capture_output=True,
            env={"PYTHONPATH": str(_ROOT), "PATH": os.defpath},
            timeout=3 * WORKS_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StoreAway(
            f"写真をいま処理できません。少し待って、もう一度試してください（{type(error).__name__}）"
        ) from error


def main() -> None:
    """Look at what comes in; answer with a line of JSON, and the copy after it."""
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, WORKS_S)):
        resource.setrlimit(what, (most, most))
    os.nice(10)
    try:
        looked, shown = look(sys.stdin.buffer.read(MOST_BYTES + 1))
    except NotAPhoto as error:
        answer, shown = json.dumps({"refused": str(error)}), b""
    else:
        at = looked.taken_at.isoformat() if looked.taken_at else None
        answer = json.dumps(
            {
                "mime": looked.mime,
                "width": looked.width,
                "height": looked.height,
                "likeness": looked.likeness,
                "taken_at": at,
            }
        )
    sys.stdout.buffer.write(answer.encode() + b"\n" + shown)


if __name__ == "__main__":
    main()
