"""A thumbnail out of a copy for showing, where nobody's device has made one."""

from io import BytesIO
from itertools import product
from typing import Final

from PIL import Image

from data.photos.errors import NotAPhoto
from data.photos.looking import THUMBNAIL_BYTES

_SIDES: Final = (800, 640, 480, 360, 240, 160)
_QUALITIES: Final = (70, 50, 35)
"""Poorer first, then smaller: as phones make theirs (`web/static/fieldphoto.js`)."""


def small(shown: bytes) -> bytes:
    """A JPEG up to `THUMBNAIL_BYTES`; `shown` is a copy of our own making (`looking.look`)."""
    with Image.open(BytesIO(shown), formats=("JPEG",)) as image:
        image.load()
        for side, quality in product(_SIDES, _QUALITIES):
            less = image.copy()
            less.thumbnail((side, side))
            written = BytesIO()
            less.save(written, "JPEG", quality=quality, optimize=True)
            if written.tell() <= THUMBNAIL_BYTES:
                return written.getvalue()
    raise NotAPhoto("写真を小さくできません（it cannot be made small）")
