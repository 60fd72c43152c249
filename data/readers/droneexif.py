"""Tags of EXIF as a camera wrote them: place, time and lens, each checked, or why it is not there.

Names of tags are those of EXIF 2.32 (CIPA DC-008).
"""

import math
import re
import struct
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any, Final

from PIL.ExifTags import GPS, IFD, Base
from PIL.Image import Exif

from city.errors import BadPosition
from city.position import Position
from data.readers.dronecameras import SENSORS_MM
from hazards.footprint import Lens, lens_of_film, lens_of_sensor

Tags = Mapping[int, Any]
NO_GPS: Final = "位置情報（GPS）がありません（no GPS tags）"
NOWHERE: Final = "位置が 0,0 です。機器が場所を知りません（the drone had no fix）"
UNREADABLE: Final = (
    *(SyntaxError, OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(struct.error, EOFError, RecursionError),
)
"""What Pillow raises over tags that somebody garbled."""
_OFFSET: Final = re.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d|Z")
_EARLIEST: Final = 2000
_TURNED: Final = frozenset({5, 6, 7, 8})
"""Orientations that show a picture's height as its width."""


def tags_of(exif: Exif, part: IFD | None = None) -> dict[int, Any]:
    """The tags of the picture itself, or of a part; those that cannot be read are left out."""
    tags: dict[int, Any] = {}
    try:
        found: Any = exif if part is None else exif.get_ifd(part)
        names = list(found)
    except UNREADABLE:
        return tags
    for name in names:
        try:
            tags[name] = found[name]
        except UNREADABLE:
            continue
    return tags


def read_position(gps: Tags) -> tuple[Position | None, str]:
    """Where the camera was, or why nobody knows."""
    if GPS.GPSLatitude not in gps or GPS.GPSLongitude not in gps:
        return None, NO_GPS
    lat = _degrees(gps[GPS.GPSLatitude], _word(gps.get(GPS.GPSLatitudeRef)), "NS")
    lon = _degrees(gps[GPS.GPSLongitude], _word(gps.get(GPS.GPSLongitudeRef)), "EW")
    if lat is None or lon is None:
        return None, "位置情報が読めません（GPS tags that are no degrees, or without N/S, E/W）"
    if abs(lat) < 1e-6 and abs(lon) < 1e-6:
        return None, NOWHERE
    try:
        return Position(lat, lon), ""
    except BadPosition:
        return None, "位置情報がありえない緯度・経度です（no such latitude or longitude）"


def read_time(tags: Tags, zone: tzinfo) -> tuple[datetime | None, str]:
    """When it was taken, in the camera's own offset or that of `zone`, or why nobody knows."""
    said = _word(tags.get(Base.DateTimeOriginal))
    if not said:
        return None, "撮影時刻がありません（DateTimeOriginal is missing）"
    offset = _word(tags.get(Base.OffsetTimeOriginal))
    try:
        if _OFFSET.fullmatch(offset):
            at = datetime.strptime(said + offset, "%Y:%m:%d %H:%M:%S%z")
        else:
            at = datetime.strptime(said, "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
    except ValueError:
        return None, f"撮影時刻が読めません: {said[:20]!r}（no such time）"
    if at.year < _EARLIEST:
        return None, f"撮影時刻がありえません: {said[:20]!r}（the clock was not set）"
    return at, ""


def read_lens(
    main: Tags, tags: Tags, width: int, height: int, roll: float | None
) -> tuple[Lens | None, str]:
    """What the picture shows to its sides, by the sensor where its model is known.

    A camera that stands on its side says so by its `roll`, or else by the picture's orientation.
    """
    focal = number_of(tags.get(Base.FocalLength))
    film = number_of(tags.get(Base.FocalLengthIn35mmFilm))
    sensor = SENSORS_MM.get(_word(main.get(Base.Model)))
    lens = None
    if sensor is not None and focal is not None:
        zoom = number_of(tags.get(Base.DigitalZoomRatio)) or 1.0
        lens = lens_of_sensor(focal * max(zoom, 1.0), sensor, width, height)
    if lens is None and film is not None:
        lens = lens_of_film(film, width, height)
    if lens is None:
        return None, "画角が分かりません（no focal length that a camera has）"
    if main.get(Base.Orientation) in _TURNED and not 45 <= abs(roll or 0.0) <= 135:
        lens = Lens(lens.upright, lens.across)
    return lens, ""


def named(main: Tags, tag: Base) -> str:
    """A name such as that of the maker, in one line of at most 40 letters."""
    return "".join(c for c in _word(main.get(tag)) if c.isprintable())[:40]


def number_of(value: Any) -> float | None:
    """A finite number, or None."""
    try:
        number = float(value)
    except UNREADABLE:
        return None
    return number if math.isfinite(number) else None


def _word(value: Any) -> str:
    """Text without what stands behind its end: DJI fills tags up with NUL."""
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.partition("\0")[0].strip() if isinstance(value, str) else ""


def _degrees(value: Any, side: str, sides: str) -> float | None:
    if side[:1].upper() not in (*sides,) or not isinstance(value, tuple) or len(value) != 3:
        return None
    degrees, minutes, seconds = map(number_of, value)
    if degrees is None or minutes is None or seconds is None:
        return None
    # 60 itself is what rounding makes of 59.99996.
    if degrees < 0 or not (0 <= minutes <= 60 and 0 <= seconds <= 60):
        return None
    angle = degrees + minutes / 60 + seconds / 3600
    return angle if side[0].upper() == sides[0] else -angle
