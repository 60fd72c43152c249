"""What a drone's photo tells of itself, from two real ones and from broken ones."""

import math
import struct
import zlib
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL.ExifTags import GPS, Base
from shapely.geometry import Point

from data.errors import BrokenSource
from data.readers.dronefolder import Setting, aim_photo
from data.readers.dronephoto import MOST_BYTES, DronePhoto, read_photo
from hazards.aiming import Aimed, NoTarget
from hazards.footprint import Lens
from tests.unit.data.dronemade import LAT, LON, NO_SAMPLES, SAMPLES, TAGS, a_photo, gps, xmp

TOKYO = ZoneInfo("Asia/Tokyo")


def read(content: bytes, name: str = "DJI_0001.JPG") -> DronePhoto:
    return read_photo(BytesIO(content), name, TOKYO)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason=NO_SAMPLES)
@pytest.mark.parametrize(
    ("name", "lat", "lon", "height", "yaw"),
    [
        ("DJI_0018.JPG", 46 + 50 / 60 + 33.3855 / 3600, -(91 + 59 / 60 + 40.4156 / 3600), 39.8, 45),
        ("DJI_0034.JPG", 46 + 50 / 60 + 33.4654 / 3600, -(91 + 59 / 60 + 36.8832 / 3600), 40, 44.7),
    ],
)
def test_a_real_photo_lands_in_its_footprint_by_hand(
    name: str, lat: float, lon: float, height: float, yaw: float
) -> None:
    with (SAMPLES / name).open("rb") as file:
        photo = read_photo(file, name, TOKYO)
    assert (photo.make, photo.model, photo.width, photo.height) == ("DJI", "FC300S", 4000, 2250)
    assert (photo.height_m, photo.yaw, photo.pitch, photo.roll) == (height, yaw, -89.9, 0.0)
    found = aim_photo(photo, Setting(TOKYO))
    assert isinstance(found, Aimed)

    # A tenth of a degree off the plumb line; a degree of latitude at 46.84 is 111,168 m.
    bearing, tilt = math.radians(yaw), math.radians(0.1)
    a_degree = 111_132.954 - 559.822 * math.cos(2 * math.radians(lat))
    across_m = 111_412.84 * math.cos(math.radians(lat)) - 93.5 * math.cos(3 * math.radians(lat))

    def there(ahead: float, right: float) -> tuple[float, float]:
        east = ahead * math.sin(bearing) + right * math.cos(bearing)
        north = ahead * math.cos(bearing) - right * math.sin(bearing)
        return lon + east / across_m, lat + north / a_degree

    target = there(height * math.tan(tilt), 0)
    assert (found.target.lon, found.target.lat) == pytest.approx(target, abs=1e-7)
    # The 6.17 mm of a 1/2.3 inch sensor behind 3.61 mm: 40.5 degrees to either side.
    wide = 6.17 / 2 / 3.61
    high = math.atan(wide * 2250 / 4000)
    expected = []
    for up, side in ((-1, -1), (-1, 1), (1, 1), (1, -1)):
        angle = tilt + up * high
        right = side * wide * height * math.cos(high) / math.cos(angle)
        expected.append(there(height * math.tan(angle), right))
    assert found.footprint is not None
    corners = list(found.footprint.exterior.coords)[:-1]
    assert len(corners) == 4
    for corner, by_hand in zip(corners, expected, strict=True):
        assert corner == pytest.approx(by_hand, abs=2e-6)  # 0.2 m
    assert found.footprint.contains(Point(*target))
    assert found.footprint.contains(Point(found.target.lon, found.target.lat))
    assert 4 < found.error_m < 6


@pytest.mark.parametrize("elements", [False, True])
def test_tags_are_read_as_attributes_and_as_elements(elements: bool) -> None:
    photo = read(a_photo(packet=xmp(elements=elements)))
    assert (photo.height_m, photo.altitude_m) == (100.0, 132.5)
    assert (photo.yaw, photo.pitch, photo.roll, photo.heading) == (90.0, -45.0, 0.0, 88.1)
    assert photo.missing == {}


@pytest.mark.parametrize(("lat", "lon"), [(LAT, LON), (-44.69, 170.42), (46.8, -91.9), (-1, -2)])
def test_every_hemisphere_is_read(lat: float, lon: float) -> None:
    position = read(a_photo(place=gps(lat, lon))).position
    assert position is not None
    assert (position.lat, position.lon) == pytest.approx((lat, lon), abs=1e-6)


def test_seconds_rounded_up_to_a_minute_are_one() -> None:
    position = read(a_photo(place=gps() | {GPS.GPSLatitude: (35.0, 14.0, 60.0)})).position
    assert position is not None
    assert position.lat == pytest.approx(LAT)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({}, "ありません"),
        ({GPS.GPSLatitude: (35.0, 0.0, 0.0), GPS.GPSLatitudeRef: "N"}, "ありません"),
        (gps(0, 0), "0,0"),
        (gps() | {GPS.GPSLatitudeRef: "X"}, "読めません"),
        ({k: v for k, v in gps().items() if k != GPS.GPSLongitudeRef}, "読めません"),
        (gps() | {GPS.GPSLatitude: (35.0, 61.0, 0.0)}, "読めません"),
        (gps() | {GPS.GPSLatitude: (35.0, 15.0)}, "読めません"),
        (gps() | {GPS.GPSLatitude: (95.0, 0.0, 0.0)}, "ありえない"),
    ],
)
def test_a_place_that_is_none_says_why(place: dict[int, Any], words: str) -> None:
    photo = read(a_photo(place=place))
    assert photo.position is None
    assert words in photo.missing["position"]
    found = aim_photo(photo, Setting(TOKYO))
    assert isinstance(found, NoTarget)
    assert words in found.why


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, datetime(2026, 9, 1, 2, 0, tzinfo=UTC)),
        ({Base.OffsetTimeOriginal: "-05:00"}, datetime(2026, 9, 1, 16, 0, tzinfo=UTC)),
        ({Base.OffsetTimeOriginal: "Z"}, datetime(2026, 9, 1, 11, 0, tzinfo=UTC)),
        ({Base.OffsetTimeOriginal: "?"}, datetime(2026, 9, 1, 2, 0, tzinfo=UTC)),
    ],
)
def test_a_time_without_an_offset_is_the_citys(tags: dict[int, Any], expected: datetime) -> None:
    photo = read(a_photo(tags={Base.DateTimeOriginal: "2026:09:01 11:00:00", **tags}))
    assert photo.taken_at == expected
    assert photo.taken_at is not None
    assert photo.taken_at.utcoffset() is not None


@pytest.mark.parametrize("said", ["", "0000:00:00 00:00:00", "昨夜", "1970:01:01 00:00:00"])
def test_a_time_that_is_none_says_why(said: str) -> None:
    photo = read(a_photo(tags={Base.DateTimeOriginal: said.encode("ascii", "replace").decode()}))
    assert photo.taken_at is None
    assert "撮影時刻" in photo.missing["taken_at"]


@pytest.mark.parametrize(
    ("packet", "words"),
    [
        (b"", "XMP"),
        (b"<x/>", "XMP"),
        (b"<x", "壊れています"),
        (b'<!DOCTYPE r [<!ENTITY a "ha">]><r>&a;</r>', "実体"),
        (b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>', "実体"),
        (xmp(TAGS | {"RelativeAltitude": "high"}), "RelativeAltitudeが読めません"),
        (xmp(TAGS | {"RelativeAltitude": "nan"}), "RelativeAltitudeが読めません"),
        (xmp(TAGS | {"GimbalPitchDegree": "-900"}), "GimbalPitchDegreeが読めません"),
        (xmp({k: v for k, v in TAGS.items() if k != "GimbalYawDegree"}), "GimbalYawDegreeがあり"),
    ],
)
def test_without_height_and_angles_no_target_is_made_up(packet: bytes, words: str) -> None:
    photo = read(a_photo(packet=packet))
    assert photo.position is not None
    found = aim_photo(photo, Setting(TOKYO))
    assert isinstance(found, NoTarget)
    assert words in found.why


def test_a_lens_is_taken_from_the_film_or_the_sensor_and_else_unknown() -> None:
    by_film = read(a_photo()).lens
    assert by_film is not None
    assert by_film.across == pytest.approx(0.8 * math.hypot(36, 24) / 48)
    sensor = read(a_photo(main={Base.Model: "FC6310\0\0"}, tags={Base.FocalLength: 8.8})).lens
    assert sensor == Lens(pytest.approx(8.8 * 4 / 3 / 17.6), pytest.approx(0.5))
    zoomed = read(
        a_photo(
            main={Base.Model: "FC6310"},
            tags={Base.FocalLength: 8.8, Base.DigitalZoomRatio: 2.0},
        )
    ).lens
    assert zoomed == Lens(pytest.approx(8.8 * 4 / 3 / 35.2), pytest.approx(0.25))
    without = read(a_photo(tags={}))
    assert without.lens is None
    assert "画角" in without.missing["lens"]


def test_a_picture_stored_on_its_side_changes_its_angles_once() -> None:
    level = read(a_photo()).lens
    turned = read(a_photo(main={Base.Orientation: 6})).lens
    rolled = read(
        a_photo(main={Base.Orientation: 6}, packet=xmp(TAGS | {"GimbalRollDegree": "+90.0"}))
    ).lens
    assert level is not None
    assert turned == Lens(level.upright, level.across)
    assert rolled == level


def a_vast_png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + crc

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    packed = chunk(b"IDAT", zlib.compress(b""))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + packed + chunk(b"IEND", b"")


def a_vast_jpeg() -> bytes:
    content = bytearray(a_photo())
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", 30_000, 30_000)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空です"),
        (b"MZ\x90\0" + b"\0" * 500, "実行ファイル"),
        (b"\x7fELF" + b"\0" * 500, "実行ファイル"),
        (b"PK\x03\x04" + b"\0" * 500, "ZIPの中のZIP"),
        (b"#!/bin/sh\nrm -rf /\n", "JPEGの写真ではありません"),
        (a_vast_png(), "PNG"),
        (a_vast_jpeg(), "画素数が多すぎます"),
        (b"\xff\xd8\xff", "途中で切れています"),
        (b"\xff\xd8\xff\xe1" + b"\xff" * 500, "途中で切れています"),
        (a_photo()[:300], "途中で切れています"),
        (a_photo()[:-2], "途中で切れています"),
        (a_photo()[:-20], "途中で切れています"),
    ],
    ids=[
        *("empty", "exe", "elf", "zip", "script", "vast png", "vast jpeg", "start", "marker"),
        *("cut in the tags", "without its end", "cut in the scan"),
    ],
)
def test_what_is_no_whole_photo_is_refused_whatever_its_name(content: bytes, words: str) -> None:
    with pytest.raises(BrokenSource, match=words) as refusal:
        read(content)
    assert str(refusal.value).startswith("DJI_0001.JPG: ")
    assert "\n" not in str(refusal.value)


def test_a_photo_counts_by_its_content_though_it_is_called_otherwise() -> None:
    assert read(a_photo(), "setup.exe").position is not None


def test_a_file_larger_than_any_photo_is_refused() -> None:
    class Vast(BytesIO):
        def seek(self, to: int, whence: int = 0) -> int:
            return super().seek(to, whence) + (MOST_BYTES if whence else 0)

    with pytest.raises(BrokenSource, match="大きすぎます"):
        read_photo(Vast(a_photo()), "DJI_0001.JPG", TOKYO)


def test_what_follows_the_picture_does_no_harm() -> None:
    assert read(a_photo() + b"\0" * 3_000_000).position is not None


def test_a_photo_garbled_anywhere_is_read_or_refused_in_words() -> None:
    whole = a_photo(packet=xmp(elements=True))
    until = whole.index(b"\xff\xda")
    for at in range(2, until, 7):
        garbled = bytearray(whole)
        garbled[at] ^= 0xFF
        try:
            found = aim_photo(read(bytes(garbled)), Setting(TOKYO))
        except BrokenSource:
            continue
        assert isinstance(found, Aimed) or found.why


def test_names_of_cameras_are_one_line() -> None:
    photo = read(a_photo(main={Base.Model: "A\nB" + "x" * 900}))
    assert photo.model == "AB" + "x" * 38
