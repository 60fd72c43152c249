"""A directory into which photos come one by one: from a card, a tablet, a transfer that is slow.

A file is read once it is as it was a look ago, and each photo once, by its content, also after a
restart: what was read stands in a state file, a line each.
"""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Final

from data.errors import BrokenSource
from data.readers.dronefolder import SAME, Outcome, PhotoSetAside, Setting, read_entry
from data.readers.photoentries import folder_files, opened

EVERY: Final = timedelta(seconds=2)
_STATE: Final = "状態ファイルに書けません。空きと権限を確かめてください（the state file）"

Mark = tuple[int, int, int]
"""Size, and when it was written and last touched, in nanoseconds."""


class WatchedFolder:
    """Looks into a directory; `state` is kept outside of it, or is passed over."""

    def __init__(self, folder: Path, state: Path, setting: Setting) -> None:
        self.folder, self.state, self.setting = folder, state, setting
        self._done: dict[str, tuple[Mark, bytes]] = {}
        self._seen: set[bytes] = set()
        self._before: dict[str, Mark] = {}
        self._remember_all()

    def look(self) -> Iterator[Outcome]:
        """What came and has stood still since the last look; raises `BrokenSource` where the
        directory is gone, or the state file cannot be written.

        A photo counts as read when the next is asked for: whoever is stopped before that is given
        it again, under the same `id`.
        """
        now = {
            str(path.relative_to(self.folder)): mark
            for path in folder_files(self.folder)
            if not self._is_state(path) and (mark := _mark(path)) is not None
        }
        before, self._before = self._before, now
        self._done = {name: done for name, done in self._done.items() if name in now}
        for name, mark in now.items():
            formerly, was = self._done.get(name, (None, b""))
            if formerly == mark or before.get(name) != mark:
                continue
            with opened(self.folder / name, name) as entry:
                outcome = read_entry(entry, self.setting)
                digest = bytes.fromhex(outcome.sha256)
                if digest and digest in self._seen:
                    outcome = PhotoSetAside(outcome.name, SAME, outcome.sha256)
                if not digest or digest != was:
                    yield outcome
            self._remember(name, mark, digest)

    def _is_state(self, path: Path) -> bool:
        return path.name == self.state.name and path.resolve() == self.state.resolve()

    def _remember(self, name: str, mark: Mark, digest: bytes) -> None:
        self._done[name] = mark, digest
        if digest:
            self._seen.add(digest)
        line = json.dumps({"name": name, "mark": mark, "sha256": digest.hex()})
        try:
            with self.state.open("a", encoding="ascii") as file:
                file.write(line + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise BrokenSource(self.state, _STATE) from error

    def _remember_all(self) -> None:
        """What stands in the state file; a line that was cut off by the end is none."""
        try:
            lines = self.state.read_text(encoding="ascii", errors="replace").split("\n")
        except FileNotFoundError:
            return
        except OSError as error:
            raise BrokenSource(self.state, _STATE) from error
        if lines[-1]:
            # The next line begins on its own.
            with self.state.open("a", encoding="ascii") as file:
                file.write("\n")
        for line in lines:
            try:
                told = json.loads(line)
                size, written, touched = map(int, told["mark"])
                name, digest = str(told["name"]), bytes.fromhex(told["sha256"])
            except (ValueError, TypeError, LookupError):
                continue
            self._done[name] = (size, written, touched), digest
            if digest:
                self._seen.add(digest)


def watch(watched: WatchedFolder, stop: Event, every: timedelta = EVERY) -> Iterator[Outcome]:
    """Looks until `stop` is set. What is wrong with the directory is told once, until it is well
    again: a share that is gone comes back.
    """
    told = ""
    while not stop.is_set():
        try:
            yield from watched.look()
            told = ""
        except BrokenSource as error:
            if str(error) != told:
                told = str(error)
                yield PhotoSetAside(watched.folder.name, told)
        stop.wait(every.total_seconds())


def _mark(path: Path) -> Mark | None:
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns
