"""Shapefiles as ministries publish them: bare, or zipped; whole, or refused."""

import codecs
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from data.errors import BrokenSource

MOST_BYTES: Final = 2_000_000_000
"""Of all parts of a zipped shapefile unpacked: a format of 4-byte lengths ends there too."""
NEEDED: Final = (".shp", ".shx", ".dbf")
_TAKEN: Final = (*NEEDED, ".prj", ".cpg")
_AGAIN: Final = "fetch the file again"
_POLYGON_TYPES: Final = (5, 15, 25)
"""Polygon, PolygonZ, PolygonM (ESRI Shapefile Technical Description, 1998)."""
_ENCODINGS: Final = {
    "": "cp932",
    **dict.fromkeys(("932", "sjis", "shift_jis", "shift-jis", "ms932"), "cp932"),
    "65001": "utf-8",
}
"""What a .cpg may say, without "ANSI" and "CP"."""


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The one shapefile of a zip, unpacked for as long as it is read; raises `BrokenSource`.

    Where a zip holds several (A33 comes as points, lines and polygons), the one of polygons.
    """
    try:
        with (
            zipfile.ZipFile(path, metadata_encoding="cp932") as archive,
            TemporaryDirectory() as to,
        ):
            parts = _parts(path, archive)
            if sum(part.file_size for part in parts.values()) > MOST_BYTES:
                what = f"is over {MOST_BYTES / 1e9:g} GB when unpacked"
                raise BrokenSource(path, what, remedy="take the file of your prefecture or mesh")
            for suffix, part in parts.items():
                _extract(archive, part, Path(to) / f"zipped{suffix}")
            yield Path(to) / "zipped.shp"
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise BrokenSource(path, f"is no whole zip: {error}", remedy=_AGAIN) from error


def _parts(path: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    named = {info.filename.lower(): info for info in archive.infolist() if not info.is_dir()}
    if any(info.flag_bits & 1 for info in named.values()):
        raise BrokenSource(path, "is locked with a password", remedy="unpack it, or fetch it again")
    shapes = [name for name in named if name.endswith(".shp")]
    if len(shapes) > 1:
        shapes = [name for name in shapes if _holds_polygons(archive, named[name])]
    if len(shapes) != 1:
        found = ", ".join(named[name].filename for name in shapes[:4]) or "none"
        what = f"does not hold one shapefile of polygons, but {len(shapes)} ({found})"
        raise BrokenSource(path, what, remedy="unpack it, and name each .shp as a source")
    stem = shapes[0].removesuffix(".shp")
    return {suffix: named[stem + suffix] for suffix in _TAKEN if stem + suffix in named}


def _holds_polygons(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    with archive.open(info) as file:
        head = file.read(36)
    return len(head) == 36 and struct.unpack("<i", head[32:])[0] in _POLYGON_TYPES


def _extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, to: Path) -> None:
    """Never more than the size that the zip states: `zipfile` stops there."""
    with archive.open(info) as packed, to.open("wb") as file:
        while block := packed.read(1 << 20):
            file.write(block)


def refuse_partial(path: Path, named: Path) -> None:
    """Raise `BrokenSource`, naming the file that an officer knows, where a part is missing or cut
    short, or where the parts are not of one shapefile.
    """
    parts = {suffix: part_of(path, suffix) for suffix in NEEDED}
    missing = [suffix for suffix, part in parts.items() if part is None]
    if missing:
        what = f"its {' and '.join(missing)} is missing"
        raise BrokenSource(named, what, remedy="keep .shp, .shx, .dbf and .prj in one folder")
    counts = [_records(named, part, suffix) for suffix, part in parts.items() if part is not None]
    if counts[1] != counts[2]:
        what = f"{counts[1]:,} shapes (.shx), and {counts[2]:,} rows (.dbf)"
        raise BrokenSource(named, what, remedy=f"parts of two files? {_AGAIN}")


def part_of(path: Path, suffix: str) -> Path | None:
    """The file beside a .shp that ends so, in small or capital letters."""
    names = (path.with_suffix(suffix), path.with_suffix(suffix.upper()))
    return next((name for name in names if name.is_file()), None)


def _records(named: Path, part: Path, suffix: str) -> int:
    """How many records a part holds, by its header; not known of a .shp."""
    size = part.stat().st_size
    with part.open("rb") as file:
        head = file.read(100)
    if suffix == ".dbf":
        rows, start, length = struct.unpack("<IHH", head[4:12]) if len(head) >= 32 else (0, 1, 0)
        sound = len(head) >= 32 and size >= start + rows * length
        return rows if sound else _refuse(named, suffix)
    sound = len(head) == 100 and struct.unpack(">i", head[:4])[0] == 9994
    stated = struct.unpack(">i", head[24:28])[0] * 2 if sound else 0
    return (stated - 100) // 8 if sound and size >= stated >= 100 else _refuse(named, suffix)


def _refuse(named: Path, suffix: str) -> int:
    raise BrokenSource(named, f"its {suffix} is no such file, or cut short", remedy=_AGAIN)


def encoding_of(path: Path, named: Path, asked: str | None) -> str:
    """In which encoding its text is: as asked, as its .cpg says, or cp932."""
    beside = part_of(path, ".cpg")
    said = asked or (beside.read_text("ascii", "replace").strip() if beside else "")
    word = said.lower().removeprefix("ansi ").removeprefix("cp")
    try:
        return codecs.lookup(_ENCODINGS.get(word, said)).name
    except (LookupError, ValueError):  # A word with the character NUL in it.
        what = f"its text is in {said[:20]!r}, an encoding that is not known"
        raise BrokenSource(named, what, remedy="write UTF-8 or CP932 into its .cpg") from None
