"""Small pictures made of large ones, for lists and for looking whether two are alike."""

from io import BytesIO
from typing import Final

from PIL import Image

from data.photos.looking import THUMBNAIL_BYTES

SIDE: Final = 480
"""Pixels of the longer side: as the field page makes them."""
_QUALITIES: Final = (80, 60, 40, 20)


def thumbnail_of(shown: bytes) -> bytes:
    """A JPEG up to 30 kB, of a copy for showing that we have written ourselves."""
    side = SIDE
    with Image.open(BytesIO(shown), formats=("JPEG",)) as image:
        image.draft("RGB", (side, side))
        image.load()
        while True:
            small = image.copy()
            small.thumbnail((side, side), reducing_gap=2.0)
            for quality in _QUALITIES:
                written = BytesIO()
                small.save(written, "JPEG", quality=quality)
                if written.tell() <= THUMBNAIL_BYTES:
                    return written.getvalue()
            side //= 2
