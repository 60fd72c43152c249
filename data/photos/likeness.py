"""Likeness of pictures: a hash of 64 bits whose bits differ little for what looks alike.

dHash: of the picture in 9 x 8 greys, whether each is darker than the one right of it.
"""

from typing import Final

from PIL import Image

ALIKE: Final = 10
"""Up to so many different bits two pictures are worth a look; unrelated ones have some 32."""
_WIDTH, _HEIGHT = 9, 8


def likeness(image: Image.Image) -> int:
    """The hash, as a signed number of 64 bits."""
    greys = image.convert("L").resize((_WIDTH, _HEIGHT), Image.Resampling.BOX).tobytes()
    bits = 0
    for place in range(_WIDTH * _HEIGHT):
        if place % _WIDTH < _WIDTH - 1:
            bits = bits << 1 | (greys[place] < greys[place + 1])
    return int.from_bytes(bits.to_bytes(8), signed=True)


def distance(one: int, other: int) -> int:
    """How many bits differ, 0 to 64."""
    return ((one ^ other) & (2**64 - 1)).bit_count()
