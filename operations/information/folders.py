"""A source in a folder of the server: its regular files, and nothing that leads out of it."""

import os
import stat
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from hazards.information import Shape
from operations.information.fetching import MOST_BYTES, NotFetched

MOST_FILES: Final = 500
"""Of a folder, the newest; older ones are passed over."""
ENDINGS: Final = {
    Shape.GEOJSON: (".geojson", ".json"),
    Shape.CSV: (".csv",),
    Shape.ATOM_CAP: (".xml", ".atom", ".cap"),
    Shape.JMA: (".xml",),
    Shape.GSI_SITES: (".geojson", ".json", ".csv"),
}
STILL_S: Final = 1.0
"""A file that was written less than so many seconds ago may be half of one: it is waited for."""


class Unfinished(NotFetched):
    """A file that somebody is writing."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that is there: its name, and when it was last written."""

    name: str
    at: datetime

    @property
    def id(self) -> str:
        """Another one once it is written anew: a telegram may be seen when half of it is there."""
        return f"{self.name} {self.at.timestamp():.6f}"


@dataclass(frozen=True, slots=True)
class Read:
    """A file: its name, what it holds, when it was last written."""

    name: str
    body: bytes
    at: datetime


def listing(folder: Path, shape: Shape) -> list[Listed]:
    """The newest `MOST_FILES` files of a format, the newest last; links are passed over.

    None of them is opened. Raises `NotFetched` where there is none.
    """
    found = []
    try:
        with os.scandir(folder) as entries:
            for one in entries:
                if one.name.lower().endswith(ENDINGS[shape]) and not one.name.startswith("."):
                    found += _listed(one)
    except OSError:
        raise NotFetched("フォルダーを開けません") from None
    if not found:
        raise NotFetched("フォルダーに、この形式のファイルがありません")
    return sorted(found, key=lambda one: (one.at, one.name))[-MOST_FILES:]


def newest(folder: Path, shape: Shape) -> Read:
    """The file that was written last; raises `NotFetched` where there is none."""
    for one in reversed(listing(folder, shape)):
        read = read_file(folder, one.name)
        if read is not None:
            return read
    raise NotFetched("フォルダーのファイルを読めません")


def _listed(entry: os.DirEntry[str]) -> list[Listed]:
    """A regular file; nothing for what is none, or went meanwhile."""
    try:
        about = entry.stat(follow_symlinks=False)
    except OSError:
        return []
    return [Listed(entry.name, moment_of(about))] if stat.S_ISREG(about.st_mode) else []


def moment_of(about: os.stat_result) -> datetime:
    """When a file was last written; a moment that is none is the first there is."""
    try:
        return datetime.fromtimestamp(about.st_mtime, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def read_file(folder: Path, name: str) -> Read | None:
    """A regular file itself; None for a link, a pipe, a folder, or what went meanwhile.

    Raises `NotFetched` for one that is too large, `Unfinished` for one that is being written.
    """
    try:
        handle = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            return None
        if about.st_size > MOST_BYTES:
            raise NotFetched(f"ファイルが大きすぎます（{MOST_BYTES:,}バイトまで）")
        if 0 <= (age := time.time() - about.st_mtime) < STILL_S:
            time.sleep(STILL_S - age)
        body = file.read(MOST_BYTES + 1)
        after = os.fstat(file.fileno())
    if (after.st_size, after.st_mtime_ns) != (about.st_size, about.st_mtime_ns):
        raise Unfinished("ファイルが書きかけです。次の回にもう一度読みます")
    return Read(name, body, moment_of(about))
