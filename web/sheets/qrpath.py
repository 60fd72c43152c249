"""QR codes as SVG documents of rectangles: sharp on paper, and quickly typeset."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
import segno
from numpy.typing import NDArray

Modules = NDArray[np.int8]
QUIET: Final = 4
"""White modules around the code (JIS X 0510)."""
MANY: Final = 400
"""So many addresses are coded at once: more than the bits in which they differ."""
_MASK: Final = 3
"""One mask for all: scoring the eight takes five times as long, and any of them can be read."""


def qr_paths(urls: Sequence[str]) -> list[str]:
    """The code of each address; error correction M survives a crease or a drop.

    Raises `segno.DataOverflowError` where no code holds an address.
    """
    paths = [""] * len(urls)
    for rows in _by_length(urls):
        some = [urls[row] for row in rows]
        codes = _together(some) if len(some) >= MANY else np.stack([_code(one) for one in some])
        for row, code in zip(rows, codes, strict=True):
            paths[row] = _path(code)
    return paths


def _by_length(urls: Sequence[str]) -> list[list[int]]:
    rows: dict[int, list[int]] = defaultdict(list)
    for row, url in enumerate(urls):
        rows[len(url)].append(row)
    return list(rows.values())


def _code(url: str) -> Modules:
    """(side, side) 1 where a module is dark."""
    code = segno.make(url, error="m", micro=False, boost_error=False, mask=_MASK, mode="byte")
    return np.array([list(row) for row in code.matrix], dtype=np.int8) & 1


def _together(urls: Sequence[str]) -> Modules:
    """(n, side, side) the codes of addresses of one length.

    Data, Reed-Solomon words and mask are linear over bits: a code differs from the first one by
    the sum of what each differing bit changes by itself.
    """
    letters = np.frombuffer("".join(urls).encode("latin-1"), np.uint8).reshape(len(urls), -1)
    first, differ = _code(urls[0]), np.unpackbits(letters ^ letters[0], axis=1)
    bits = np.flatnonzero(differ.any(axis=0))
    changes = np.stack([_code(_flipped(urls[0], int(bit))) ^ first for bit in bits])
    flat = changes.reshape(len(bits), -1).astype(np.float32)
    changed = (differ[:, bits].astype(np.float32) @ flat).astype(np.int32) & 1
    codes: Modules = changed.reshape(-1, *first.shape).astype(np.int8) ^ first
    return codes


def _flipped(url: str, bit: int) -> str:
    letter = bit // 8
    return url[:letter] + chr(ord(url[letter]) ^ (128 >> bit % 8)) + url[letter + 1 :]


def _path(code: Modules) -> str:
    edges = np.diff(np.pad(code, ((0, 0), (1, 1))), axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    bars = zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True)
    data = "".join(f"M{a} {row}h{b - a}v1H{a}z" for row, a, b in bars)
    size = len(code) + 2 * QUIET
    box = f"{-QUIET} {-QUIET} {size} {size}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><path d="{data}"/></svg>'
