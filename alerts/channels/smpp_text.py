"""A text as a short message carries it: UCS-2, in parts that a phone joins again.

Source: SMPP 3.4, 5.2.19 (`data_coding`); 3GPP TS 23.040, 9.2.3.24.1 (concatenation).
"""

from collections.abc import Iterator
from typing import Final

WHOLE: Final = 70
PART: Final = 67
"""UTF-16 units of a text that goes in one, and of a part beside its header."""

MOST_PARTS: Final = 255


def octets(text: str) -> bytes:
    """The text in UCS-2, big endian; letters beyond the basic plane take two units."""
    return text.encode("utf-16-be")


def parts(text: str, reference: int) -> list[bytes]:
    """The text whole, or with a header (UDH) on each of its parts; raises `ValueError`.

    `reference` (0–255) joins them: the same for the same letter, so that a repeated part is known.
    """
    if len(octets(text)) <= 2 * WHOLE:
        return [octets(text)]
    pieces = list(_pieces(text))
    if len(pieces) > MOST_PARTS:
        raise ValueError(f"more than {MOST_PARTS} parts")
    head = bytes((5, 0, 3, reference, len(pieces)))
    return [head + bytes((number,)) + piece for number, piece in enumerate(pieces, start=1)]


def _pieces(text: str) -> Iterator[bytes]:
    """Pieces of at most `PART` units; no letter is cut in two."""
    piece = b""
    for letter in text:
        coded = octets(letter)
        if len(piece) + len(coded) > 2 * PART:
            yield piece
            piece = b""
        piece += coded
    yield piece
