"""gzip as it comes: all of its members (RFC 1952), and no more of them than is allowed."""

import zlib
from typing import Final

_GZIP: Final = 31
"""`wbits` of zlib for gzip alone."""


class Unpacking:
    """Unpacks pieces; `most` bytes, and one more, from which a reader sees that it is too much."""

    def __init__(self, most: int) -> None:
        self._most, self._made = most, 0
        self._member = zlib.decompressobj(wbits=_GZIP)

    @property
    def is_whole(self) -> bool:
        """Whether what came by now ends with the end of a member."""
        return self._member.eof

    def more(self, raw: bytes) -> bytes:
        """What the next piece holds; raises `zlib.error`."""
        pieces = []
        while raw and self._made <= self._most:
            if self._member.eof:
                raw = raw.lstrip(b"\0")  # padding, as gzip itself passes over
                if not raw:
                    break
                self._member = zlib.decompressobj(wbits=_GZIP)
            piece = self._member.decompress(raw, self._most - self._made + 1)
            self._made += len(piece)
            pieces.append(piece)
            raw = self._member.unused_data
        return b"".join(pieces)
