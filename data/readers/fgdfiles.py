"""The files of 基盤地図情報 数値標高モデル: found in folders and zips, and read in bounds."""

import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any, Final
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from zipfile import BadZipFile, ZipFile

from defusedxml import DefusedXmlException
from defusedxml.expatreader import create_parser

from data.errors import BrokenSource

MOST_FILES: Final = 20_000
MOST_BYTES: Final = 300_000_000
"""Of one tile, unpacked: a tile of 10 m takes 25 million."""
MOST_ZIP_BYTES: Final = 1_000_000_000
"""Of zips in a zip, unpacked, together."""

Elements = dict[str, str]
"""The text of a tile's elements by their names without prefix; `order` of its sequenceRule."""

_WANTED: Final = frozenset({"lowerCorner", "upperCorner", "low", "high", "tupleList", "startPoint"})
_TILE: Final = re.compile(r"FG-GML-.*DEM.*\.xml", re.IGNORECASE)
_CHUNK: Final = 1 << 16
_AGAIN: Final = "fetch the file again"
_BOMB: Final = "this is no elevation model of the GSI: fetch the file again"
_BROKEN: Final = (BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError)


@dataclass(frozen=True, slots=True)
class TileFile:
    """One tile: the file that was named, what it is called in it, and how to open it."""

    path: Path
    member: str
    begin: Callable[[], IO[bytes]]

    @property
    def name(self) -> str:
        """The tile's own name, without folders."""
        return self.member.rpartition("/")[2] or self.path.name

    def broken(self, what: str, *, row: str = "", remedy: str) -> BrokenSource:
        """What is wrong with it, for raising."""
        where = ", ".join(part for part in (self.member, row) if part)
        return BrokenSource(self.path, what, row=where or None, remedy=remedy)


def tile_files(path: Path, stack: ExitStack) -> list[TileFile]:
    """The tiles of one .xml, of a folder, or of a .zip with zips in it; raises `BrokenSource`.

    Zips stay open until the stack is closed.
    """
    found: list[TileFile] = []
    for file in _files(path):
        if file.suffix.lower() == ".zip":
            found += _zipped(file, stack)
        else:
            found.append(TileFile(file, "", lambda file=file: file.open("rb")))  # type: ignore[misc]
    if not found:
        what = "holds no FG-GML-…-DEM….xml"
        raise BrokenSource(path, what, remedy="choose 数値標高モデル when downloading it")
    if len(found) > MOST_FILES:
        what = f"holds {len(found):,} tiles, at most {MOST_FILES:,} are taken"
        raise BrokenSource(path, what, remedy="leave out those that are not of the city")
    return found


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    inside = [file for file in sorted(path.rglob("*")) if file.is_file()]
    return [file for file in inside if _TILE.fullmatch(file.name) or file.suffix.lower() == ".zip"]


def _zipped(path: Path, stack: ExitStack) -> Iterator[TileFile]:
    left = MOST_ZIP_BYTES
    try:
        outer = stack.enter_context(ZipFile(path))
        yield from _members(path, "", outer)
        for entry in outer.infolist():
            if entry.filename.lower().endswith(".zip"):
                left -= entry.file_size
                if left < 0:
                    what = f"unpacks to more than {MOST_ZIP_BYTES:,} bytes"
                    raise BrokenSource(path, what, row=entry.filename, remedy=_BOMB)
                inner = ZipFile(_unpacked(outer, entry.filename, stack))
                yield from _members(path, f"{entry.filename}/", stack.enter_context(inner))
    except _BROKEN as error:
        what = f"is no zip that can be unpacked: {str(error)[:120]}"
        raise BrokenSource(path, what, remedy=_AGAIN) from error


def _unpacked(outer: ZipFile, name: str, stack: ExitStack) -> IO[bytes]:
    """A zip in a zip, on the disk: its tiles are jumped to."""
    room: IO[bytes] = TemporaryFile()  # noqa: SIM115
    stack.callback(room.close)
    with outer.open(name) as packed:
        copyfileobj(packed, room, _CHUNK)
    return room


def _members(path: Path, within: str, zipped: ZipFile) -> Iterator[TileFile]:
    for entry in zipped.infolist():
        if not _TILE.fullmatch(entry.filename.rpartition("/")[2]):
            continue
        file = TileFile(path, within + entry.filename, lambda entry=entry: zipped.open(entry))  # type: ignore[misc]
        if entry.file_size > MOST_BYTES:
            raise file.broken(f"unpacks to {entry.file_size:,} bytes", remedy=_BOMB)
        yield file


def elements_of(file: TileFile, *, until: tuple[str, ...] = ()) -> Elements:
    """The wanted elements of a tile, read no farther than until all of `until` are there.

    No entity and no DOCTYPE is followed. Raises `BrokenSource`.
    """
    texts = _Texts()
    parser: Any = create_parser(forbid_dtd=True)
    parser.setContentHandler(texts)
    try:
        with file.begin() as stream:
            for read in range(MOST_BYTES // _CHUNK + 1):
                chunk = stream.read(_CHUNK)
                if not chunk and not read:
                    raise file.broken("is empty", remedy=_AGAIN)
                if not chunk:
                    parser.close()
                    return texts.found
                parser.feed(chunk)
                if until and texts.found.keys() >= set(until):
                    return texts.found
    except DefusedXmlException as error:
        raise file.broken("holds a DOCTYPE, which no tile has", remedy=_BOMB) from error
    except SAXParseException as error:
        what = f"is cut off or no XML ({error.getMessage()})"
        raise file.broken(what, row=f"line {error.getLineNumber()}", remedy=_AGAIN) from error
    except (SAXException, *_BROKEN, ValueError, LookupError) as error:
        raise file.broken(f"cannot be read: {str(error)[:120]}", remedy=_AGAIN) from error
    raise file.broken(f"is larger than {MOST_BYTES:,} bytes", remedy=_BOMB)


class _Texts(ContentHandler):
    """Keeps the text of the wanted elements, and nothing of the others."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Elements = {}
        self._parts: list[str] | None = None

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        """Begin to keep a wanted element's text, and the order of the cells."""
        local = name.rpartition(":")[2]
        self._parts = [] if local in _WANTED else None
        if local == "sequenceRule" and "order" in attrs:
            self.found["order"] = attrs["order"]

    def characters(self, content: str) -> None:
        """Keep a piece of text."""
        if self._parts is not None:
            self._parts.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        """Keep the first of each name: a file holds one tile."""
        if self._parts is not None:
            self.found.setdefault(name.rpartition(":")[2], "".join(self._parts))
        self._parts = None
