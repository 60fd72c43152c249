"""Map tiles beside the planner: written by a process of their own, after the plan is published.

Nothing waits for them, and nothing but the moving map misses them.
"""

import logging
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Final

from data.tiles import TILES

AGAIN_S: Final = 600.0
"""Seconds after which a failed attempt is repeated: a disk may have room again."""
LONGEST_S: Final = 600.0
"""Seconds after which a writer is given up: the largest city takes a tenth of it."""

log = logging.getLogger("nigemichi.tiles")


class Tiler:
    """One writer at a time, and one attempt for each ground in ten minutes; failures are logged."""

    def __init__(self) -> None:
        self._tried: dict[Path, float] = {}
        self._writer: subprocess.Popen[bytes] | None = None
        self._said: IO[bytes] | None = None
        self._begun = 0.0

    def look_after(self, ground: Path) -> None:
        """Start a writer where a ground's tiles are missing; log one that failed. Never waits."""
        try:
            if self._is_busy() or self._tried_lately(ground) or (ground / TILES).exists():
                return
            self._tried[ground] = time.monotonic()
            self._start(ground)
        except OSError as error:  # no memory or no room for another process
            log.warning("no map tiles: %s", error)

    def _tried_lately(self, ground: Path) -> bool:
        tried = self._tried.get(ground)
        return tried is not None and time.monotonic() - tried < AGAIN_S

    def close(self) -> None:
        """End the writer, if one is at work."""
        if self._writer and self._writer.poll() is None:
            self._writer.kill()
            self._writer.wait()
        self._forget()

    def _start(self, ground: Path) -> None:
        command = [sys.executable, "-m", "data.tiles", str(ground)]
        # A file, not a pipe: nobody reads while it is written.
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  closed in `_forget`
        self._begun = time.monotonic()
        self._writer = subprocess.Popen(  # noqa: S603  our own program
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            cwd=Path(__file__).parents[1],
        )

    def _is_busy(self) -> bool:
        """Whether a writer is at work; of one that has ended the failure is logged."""
        if self._writer is None:
            return False
        if self._writer.poll() is None:
            if time.monotonic() - self._begun < LONGEST_S:
                return True
            log.warning("no map tiles: not written within %d s", LONGEST_S)
            self.close()
        elif self._writer.returncode:
            log.warning(
                "no map tiles: %s", self._last_words() or f"ended {self._writer.returncode}"
            )
        self._forget()
        return False

    def _last_words(self) -> str:
        if self._said is None:
            return ""
        self._said.seek(0)
        lines = self._said.read().decode("utf-8", "replace").splitlines()
        return lines[-1][:300] if lines else ""

    def _forget(self) -> None:
        if self._said:
            self._said.close()
        self._writer = self._said = None
