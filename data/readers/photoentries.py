"""Files of a folder or a ZIP, opened one after another, each within bounds and without its name
ever being a path that is written to.
"""

import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import SpooledTemporaryFile
from typing import IO, Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from data.errors import BrokenSource

MOST_FILES: Final = 20_000
MOST_BYTES: Final = 64_000_000
"""Of one file of a ZIP, unpacked: as `dronephoto.MOST_BYTES`."""
MOST_RATIO: Final = 20
"""Photos are packed already: a ZIP makes little of them, a bomb packs a thousandfold."""
SLACK: Final = 20_000_000
"""Bytes up to which a ZIP may unpack however tightly it is packed."""
_INDEX: Final = 4_000_000
"""Of what a ZIP is read at once: so long a list of files, for no such list is read by pieces."""
_MEMORY: Final = 8_000_000
_CHUNK: Final = 1 << 20
_HEAD: Final = 1 << 12
_BROKEN: Final = (BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError)
_PHOTOS: Final = "写真だけを入れたZIPにしてください"
_LEFT: Final = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: open until the next is asked for, or why it is not."""

    name: str
    content: IO[bytes] | None = field(default=None, compare=False, repr=False)
    why: str = ""


def folder_files(folder: Path) -> list[Path]:
    """Files below a folder by their names, without hidden ones; links to folders are not followed.

    Raises `BrokenSource`.
    """
    found: list[Path] = []
    if not folder.is_dir():
        raise BrokenSource(folder, "フォルダーがありません（there is no such folder）")
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _left(name))
        found += [Path(at) / name for name in sorted(names) if not _left(name)]
        if len(found) > MOST_FILES:
            raise BrokenSource(folder, f"ファイルが多すぎます（more than {MOST_FILES:,} files）")
    return found


def folder_entries(folder: Path) -> Iterator[Entry]:
    """The files of a folder, however deep; raises `BrokenSource`."""
    for path in folder_files(folder):
        with opened(path, str(path.relative_to(folder))) as entry:
            yield entry


@contextmanager
def opened(path: Path, name: str) -> Iterator[Entry]:
    """A file of a folder as it stands there: no link, no pipe, no device."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            yield Entry(name, why="ファイルではなく、リンクなどです（a link, a pipe or a device）")
            return
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        yield Entry(name, why=f"読めません（cannot be read: {error.strerror}）")
        return
    with open(number, "rb") as file:  # noqa: PTH123
        yield Entry(name, file)


def zip_entries(path: Path) -> Iterator[Entry]:
    """The files of a ZIP; raises `BrokenSource` for what is none, or unpacks to far too much."""
    try:
        with (
            path.open("rb", buffering=0) as raw,
            _Careful(raw) as file,
            ZipFile(file, metadata_encoding="cp932") as archive,
        ):
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES:
                what = f"ファイルが多すぎます（more than {MOST_FILES:,} files）"
                raise BrokenSource(path, what, remedy=_PHOTOS)
            left = SLACK + MOST_RATIO * path.stat().st_size
            for entry in entries:
                if not _escapes(entry.filename) and any(map(_left, entry.filename.split("/"))):
                    continue
                with SpooledTemporaryFile(max_size=_MEMORY) as spool:
                    why = _unpack(archive, entry, spool)
                    left -= spool.tell()
                    if left < 0:
                        what = "展開すると大きくなりすぎます（a ZIP bomb）"
                        raise BrokenSource(path, what, remedy=_PHOTOS)
                    yield Entry(entry.filename, None if why else spool, why)
    except (BadZipFile, OSError) as error:
        what = f"ZIPとして読めません（no ZIP, or cut off: {error}）"
        raise BrokenSource(path, what, remedy="ZIPを作り直してください") from error


def _unpack(archive: ZipFile, entry: ZipInfo, spool: IO[bytes]) -> str:
    """Why a file is not unpacked whole; of what does not begin as a JPEG only the head is."""
    if _escapes(entry.filename):
        return "ZIPの外を指す名前です（a path out of the ZIP）"
    if entry.flag_bits & 1:
        return "パスワードがかかっています（locked with a password）"
    most = min(MOST_BYTES, SLACK + MOST_RATIO * entry.compress_size)
    try:
        with archive.open(entry) as packed:
            spool.write(head := packed.read(_HEAD))
            while head.startswith(b"\xff\xd8") and (chunk := packed.read(_CHUNK)):
                spool.write(chunk)
                if spool.tell() > most:
                    return "展開すると大きくなりすぎます（unpacks to more than a photo）"
    except _BROKEN:
        return "ZIPの中で壊れています（broken inside the ZIP）"
    return ""


def _escapes(name: str) -> bool:
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    parts = {*posix.parts, *windows.parts}
    return posix.is_absolute() or bool(windows.drive or windows.root) or ".." in parts


def _left(name: str) -> bool:
    return (name.startswith(".") and name not in {".", ".."}) or name in _LEFT


class _Careful(BufferedReader):
    """Reads no more at once than the list of files of any ZIP of photos takes."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            here = self.tell()
            size = self.seek(0, os.SEEK_END) - here
            self.seek(here)
        if size > _INDEX:
            raise BadZipFile("its list of files is too long")
        return super().read(size)
