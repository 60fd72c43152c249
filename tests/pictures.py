"""Pictures for tests, and what only looks like one."""

import struct
import zlib
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image

ORIENTATION, IFD_EXIF, TAKEN, OFFSET, IFD_GPS = 0x0112, 0x8769, 0x9003, 0x9011, 0x8825
TURNED = 6
"""The camera was held upright: a quarter turn to the right shows it so."""


def a_picture(width: int = 64, height: int = 48, seed: int = 0) -> Image.Image:
    """Soft shapes, different for each seed."""
    random = Random(seed)
    small = Image.new("RGB", (8, 6))
    small.putdata([(random.randrange(256), random.randrange(256), 80) for _ in range(48)])
    return small.resize((width, height), Image.Resampling.BICUBIC)


def a_photo(
    width: int = 64, height: int = 48, seed: int = 0, form: str = "JPEG", **saved: Any
) -> bytes:
    """The bytes of one."""
    written = BytesIO()
    a_picture(width, height, seed).save(written, form, **saved)
    return written.getvalue()


def a_large_photo(size: int, seed: int = 0) -> bytes:
    """A JPEG of about so many bytes: noise, which does not get smaller."""
    side = max(16, int((size / 0.94) ** 0.5))
    noise = Image.frombytes("RGB", (side, side), Random(seed).randbytes(side * side * 3))
    written = BytesIO()
    noise.save(written, "JPEG", quality=90)
    return written.getvalue()


def exif(*, orientation: int = TURNED, offset: str = "+09:00") -> Image.Exif:
    """What a phone writes: how it was held, when, and where."""
    said = Image.Exif()
    said[ORIENTATION] = orientation
    said[IFD_EXIF] = {TAKEN: "2026:09:01 02:10:00"} | ({OFFSET: offset} if offset else {})
    said[IFD_GPS] = {1: "N", 2: (29.0, 36.0, 8.0), 3: "E", 4: (135.0, 23.0, 46.0)}
    return said


def a_png_that_says(width: int, height: int) -> bytes:
    """A PNG of a kilobyte whose header says so many pixels, and that holds them too, as zeros."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
