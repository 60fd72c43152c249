"""A drone's photo: what EXIF and DJI's XMP tell of it. Its pixels are never unpacked."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import IO, Final

from PIL.ExifTags import IFD, Base
from PIL.JpegImagePlugin import JpegImageFile

from city.position import Position
from data.errors import BrokenSource
from data.readers.droneexif import (
    UNREADABLE,
    Tags,
    named,
    read_lens,
    read_position,
    read_time,
    tags_of,
)
from data.readers.dronexmp import read_dji
from data.readers.flighttrack import looks_like_track
from hazards.footprint import Lens

MOST_BYTES: Final = 64_000_000
"""Of one photo: 48 megapixels take 25 million."""
MOST_PIXELS: Final = 200_000_000
_HEAD: Final = 4_000_000
"""In these bytes the tags stand: thermal cameras write their raw picture before the picture."""
_LINE: Final = 4_000
"""Bytes in which a track says that it is one."""
_START: Final = b"\xff\xd8\xff"
_END: Final = b"\xff\xd9"
_CHUNK: Final = 1 << 20
_TAKE: Final = "撮影した元のJPEGを取り込んでください"


@dataclass(frozen=True, slots=True)
class DronePhoto:
    """One photo, as far as its tags go; `missing` says by the field's name why one is None.

    `height_m` above the take-off, `altitude_m` above the sea by the drone's own reckoning; angles
    in degrees as in `hazards.sightline.Camera`, `heading` that of the drone itself; `taken_at`
    aware.
    """

    width: int
    height: int
    make: str
    model: str
    position: Position | None
    taken_at: datetime | None
    lens: Lens | None
    height_m: float | None
    altitude_m: float | None
    yaw: float | None
    pitch: float | None
    roll: float | None
    heading: float | None
    missing: Mapping[str, str]


_DJI: Final = {
    "height_m": "RelativeAltitude",
    "altitude_m": "AbsoluteAltitude",
    "yaw": "GimbalYawDegree",
    "pitch": "GimbalPitchDegree",
    "roll": "GimbalRollDegree",
    "heading": "FlightYawDegree",
}


def read_photo(file: IO[bytes], name: str, zone: tzinfo) -> DronePhoto:
    """Read a JPEG's tags; times without an offset are of `zone`.

    By its content, whatever its name. Raises `BrokenSource` for what is no JPEG, is cut off, or is
    larger than any photo.
    """
    path = Path(name)
    size = file.seek(0, SEEK_END)
    file.seek(0)
    head = file.read(_HEAD)
    if not head.startswith(_START):
        if looks_like_track(head[:_LINE]):
            raise BrokenSource(path, _TRACK, remedy=_GIVE)
        raise BrokenSource(path, _no_jpeg(head), remedy=_TAKE)
    if size > MOST_BYTES:
        raise BrokenSource(path, f"大きすぎます（more than {MOST_BYTES:,} bytes）", remedy=_TAKE)
    main, exif, gps, xmp, sides, scan = _opened(head, path)
    if sides[0] * sides[1] > MOST_PIXELS:
        what = f"画素数が多すぎます（{sides[0]:,} × {sides[1]:,} pixels）"
        raise BrokenSource(path, what, remedy=_TAKE)
    if not _ends(file, scan):
        raise BrokenSource(path, "途中で切れています（the picture is cut off）", remedy=_TAKE)
    return _photo(main, exif, gps, xmp, sides, zone)


def _photo(
    main: Tags, exif: Tags, gps: Tags, xmp: bytes, sides: tuple[int, int], zone: tzinfo
) -> DronePhoto:
    position, no_position = read_position(gps)
    taken_at, no_time = read_time(exif, zone)
    numbers, reasons = read_dji(xmp)
    lens, no_lens = read_lens(main, exif, *sides, numbers.get("GimbalRollDegree"))
    missing = {"position": no_position, "taken_at": no_time, "lens": no_lens}
    missing |= {field: reasons.get(tag, "") for field, tag in _DJI.items()}
    return DronePhoto(
        width=sides[0],
        height=sides[1],
        make=named(main, Base.Make),
        model=named(main, Base.Model),
        position=position,
        taken_at=taken_at,
        lens=lens,
        **{field: numbers.get(tag) for field, tag in _DJI.items()},
        missing={field: why for field, why in missing.items() if why},
    )


def _opened(head: bytes, path: Path) -> tuple[Tags, Tags, Tags, bytes, tuple[int, int], int]:
    """Tags, XMP, width and height, and where the first scan begins."""
    start = BytesIO(head)
    with warnings.catch_warnings():
        # Pillow warns of garbled tags: each of them is None here, with its reason.
        warnings.simplefilter("ignore")
        try:
            with JpegImageFile(start) as image:
                scan = start.tell()
                xmp = image.info.get("xmp", b"")
                exif = image.getexif()
                parts = tags_of(exif), tags_of(exif, IFD.Exif), tags_of(exif, IFD.GPSInfo)
                return *parts, xmp if isinstance(xmp, bytes) else b"", image.size, scan
        except UNREADABLE as error:
            what = "JPEGとして読めないか、途中で切れています（broken or cut off）"
            raise BrokenSource(path, what, remedy=_TAKE) from error


def _ends(file: IO[bytes], scan: int) -> bool:
    """Whether the picture's end is there: no byte of a scan looks like it (JPEG, B.1.1.5)."""
    file.seek(scan)
    last = b""
    while chunk := file.read(_CHUNK):
        if _END in last + chunk:
            return True
        last = chunk[-1:]
    return False


def _no_jpeg(head: bytes) -> str:
    kinds = {
        b"MZ": "実行ファイルです（an executable）",
        b"\x7fELF": "実行ファイルです（an executable）",
        b"PK": "ZIPの中のZIPは開きません。一つずつ取り込んでください（a ZIP among photos）",
        b"\x89PNG": "PNGです。ドローンの写真はJPEGです（a PNG）",
    }
    if not head:
        return "空です（empty）"
    return next((why for start, why in kinds.items() if head.startswith(start)), _OTHER)


_TRACK: Final = "飛行記録のようです（a flight track）"
_GIVE: Final = "--track で渡してください"
_OTHER: Final = "JPEGの写真ではありません（no JPEG）"
