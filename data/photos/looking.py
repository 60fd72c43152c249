"""Looking at pictures that strangers send: what they are, how large, and a copy for showing.

Nothing of a picture is decoded before its header was found within the limits. A copy is JPEG,
turned upright, and says neither where nor when nor by what it was taken.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from data.photos.errors import NotAPhoto
from data.photos.likeness import likeness

MOST_BYTES: Final = 30_000_000
MOST_PIXELS: Final = 60_000_000
SHOWN_SIDE: Final = 1600
"""Pixels of the longer side of a copy for showing."""
THUMBNAIL_BYTES: Final = 30_000
THUMBNAIL_PIXELS: Final = SHOWN_SIDE**2

_GREYS: Final = (72, 64)
"""Enough for a likeness."""
_MIMES: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_NAMES: Final = {"WEBP": "WebP"}
_TIMES: Final = (0x9003, 0x9011)
"""DateTimeOriginal and OffsetTimeOriginal (Exif 2.32, 4.6.5), in the IFD 0x8769."""
_JAPAN: Final = timezone(timedelta(hours=9))
"""Of cameras that do not say their offset."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a picture is: its type, pixels before it is turned, likeness, and when it was taken."""

    mime: str
    width: int
    height: int
    likeness: int
    taken_at: datetime | None


def is_photo(head: bytes) -> bool:
    """Whether these first 12 bytes begin a picture that can be shown, whatever its name is."""
    webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    return webp or head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))


def look(content: bytes) -> tuple[Looked, bytes]:
    """What an original is, and the copy for showing; raises `NotAPhoto`.

    Takes up to a gigabyte: call it by `data/photos/apart.py`.
    """
    image = _open(content, tuple(_MIMES), MOST_BYTES, MOST_PIXELS)
    mime, (width, height) = _MIMES.get(image.format or "", "image/jpeg"), image.size
    taken_at = _taken_at(image)
    upright = _shrunk(image)
    return Looked(mime, width, height, likeness(upright), taken_at), _jpeg(upright)


def look_at_thumbnail(content: bytes) -> Looked:
    """The same of a JPEG that is small in every way: within a millisecond, without a copy."""
    image = _open(content, ("JPEG",), THUMBNAIL_BYTES, THUMBNAIL_PIXELS)
    width, height = image.size
    with _broken():
        image.draft("L", _GREYS)
        image.load()
        alike = likeness(ImageOps.exif_transpose(image))
    return Looked("image/jpeg", width, height, alike, _taken_at(image))


def show_thumbnail(content: bytes) -> bytes:
    """The copy of a thumbnail for showing; raises `NotAPhoto`."""
    return _jpeg(_shrunk(_open(content, ("JPEG",), THUMBNAIL_BYTES, THUMBNAIL_PIXELS)))


def _open(content: bytes, formats: tuple[str, ...], most: int, pixels: int) -> Image.Image:
    if len(content) > most:
        raise _too_large(most)
    if not is_photo(content[:12]):
        raise _cannot("it is no picture", formats)
    try:
        image = Image.open(BytesIO(content), formats=formats)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many(pixels) from error
    except MemoryError:
        raise
    except UnidentifiedImageError as error:
        raise _cannot("not of a kind that is read here", formats) from error
    except Exception as error:
        raise _cannot(type(error).__name__, formats) from error
    if image.width * image.height > pixels:
        raise _too_many(pixels)
    return image


def _cannot(why: str, formats: tuple[str, ...] = tuple(_MIMES)) -> NotAPhoto:
    kinds = "・".join(_NAMES.get(one, one) for one in formats)
    return NotAPhoto(f"写真として開けません。{kinds} を送ってください（{why}）")


def _too_large(most: int) -> NotAPhoto:
    size = f"{most / 1e6:g} MB" if most >= 1e6 else f"{most / 1e3:g} kB"
    return NotAPhoto(
        f"写真が大きすぎます。{size} までに小さくして送ってください（more than {most} bytes）"
    )


def _too_many(pixels: int) -> NotAPhoto:
    most = f"{pixels / 1e6:g}"
    return NotAPhoto(
        f"画素が多すぎます。{most} メガピクセルまでに小さくして送ってください"
        f"（over {most} megapixels）"
    )


def _shrunk(image: Image.Image) -> Image.Image:
    """Upright, in colours or greys, at most `SHOWN_SIDE` long; JPEG is decoded smaller at once."""
    side = (SHOWN_SIDE, SHOWN_SIDE)
    with _broken():
        image.draft("RGB", side)
        image.load()
        if image.mode not in ("L", "RGB", "RGBA"):
            see_through = "transparency" in image.info or image.mode in ("LA", "PA", "La", "RGBa")
            image = image.convert("RGBA" if see_through else "RGB")
        image.thumbnail(side, reducing_gap=2.0)
        return _on_white(ImageOps.exif_transpose(image))


@contextmanager
def _broken() -> Iterator[None]:
    """Decoders meet what is broken with errors of many kinds."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        raise _cannot(f"it is broken: {type(error).__name__}") from error


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _jpeg(image: Image.Image) -> bytes:
    """A JPEG of the pixels alone."""
    image.info.clear()
    written = BytesIO()
    image.save(written, "JPEG", quality=82, optimize=True)
    return written.getvalue()


def _taken_at(image: Image.Image) -> datetime | None:
    """When, by the camera's clock; None where it does not say, or what nobody can read."""
    with suppress(Exception):
        said = image.getexif().get_ifd(0x8769)
        at, offset = (str(said.get(tag, "")).strip("\0 ") for tag in _TIMES)
        moment = datetime.strptime(f"{at} {offset}", "%Y:%m:%d %H:%M:%S %z") if offset else None
        return moment or datetime.strptime(at, "%Y:%m:%d %H:%M:%S").replace(tzinfo=_JAPAN)
    return None
