"""A source in a folder of the server: its regular files, and nothing that leads out of it."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from hazards.information import Shape
from operations.information.fetching import MOST_BYTES, NotFetched

MOST_FILES: Final = 500
ENDINGS: Final = {
    Shape.GEOJSON: (".geojson", ".json"),
    Shape.CSV: (".csv",),
    Shape.ATOM_CAP: (".xml", ".atom", ".cap"),
    Shape.JMA: (".xml",),
    Shape.GSI_SITES: (".geojson", ".json", ".csv"),
}


@dataclass(frozen=True, slots=True)
class Read:
    """A file: its name, what it holds, when it was last written."""

    name: str
    body: bytes
    at: datetime


def read_folder(folder: Path, shape: Shape) -> Iterator[Read]:
    """The files of a format, the newest last; links are passed over. Raises `NotFetched`."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208  names without paths
    except OSError:
        raise NotFetched("フォルダーを開けません") from None
    found = []
    for name in names:
        if name.lower().endswith(ENDINGS[shape]) and not name.startswith("."):
            one = _read(folder, name)
            found += [one] if one else []
        if len(found) > MOST_FILES:
            raise NotFetched(f"ファイルが多すぎます（{MOST_FILES}まで）")
    yield from sorted(found, key=lambda one: (one.at, one.name))


def newest(folder: Path, shape: Shape) -> Read:
    """The file that was written last; raises `NotFetched` where there is none."""
    found = list(read_folder(folder, shape))
    if not found:
        raise NotFetched("フォルダーに、この形式のファイルがありません")
    return found[-1]


def _read(folder: Path, name: str) -> Read | None:
    """A regular file itself; None for a link, a pipe, a folder, or what went meanwhile."""
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
        body = file.read(MOST_BYTES + 1)
    return Read(name, body, datetime.fromtimestamp(about.st_mtime, UTC))
