"""One file of map tiles that a browser reads in pieces: PMTiles, version 3.

Layout and names as in https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md.
"""

import gzip
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

Tile = tuple[int, int, int]
"""Zoom, column from the west, row from the north."""

HEADER_BYTES: Final = 127
ROOT_BYTES: Final = 16_384 - HEADER_BYTES
"""The root directory ends where a client's first request does."""
LEAF_ENTRIES: Final = 4096
_GZIP, _MVT, _CLUSTERED = 2, 1, 1
_HEADER: Final = struct.Struct("<7sB11Q6B4iB2i")

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where a tile (`run` 1) or a leaf directory (`run` 0) lies in its section."""

    id: int
    offset: int
    length: int
    run: int = 1


def tile_id(zoom: int, x: int, y: int) -> int:
    """The number of a tile: all of the zooms below it, then its place on the Hilbert curve."""
    found = ((1 << 2 * zoom) - 1) // 3
    half = 1 << zoom >> 1
    while half:
        right, down = int(x & half > 0), int(y & half > 0)
        found += half * half * ((3 * right) ^ down)
        if not down:
            if right:
                x, y = half - 1 - x, half - 1 - y
            x, y = y, x
        half >>= 1
    return found


def write_pmtiles(
    file: BinaryIO, tiles: Mapping[Tile, bytes], bounds: Bounds, metadata: dict[str, Any]
) -> None:
    """Write vector tiles (not compressed; at least one) with west, south, east, north in degrees.

    The same tiles give the same bytes.
    """
    entries, packed = _packed(tiles)
    root, leaves = _directories(entries)
    about = _zipped(json.dumps(metadata, ensure_ascii=False, sort_keys=True).encode())
    sections = (root, about, leaves, b"".join(packed))
    places, at = [], HEADER_BYTES
    for section in sections:
        places += [at, len(section)]
        at += len(section)
    zooms = [zoom for zoom, _, _ in tiles]
    west, south, east, north = (round(degrees * 1e7) for degrees in bounds)
    header = _HEADER.pack(
        b"PMTiles", 3, *places, len(entries), len(entries), len(entries),
        _CLUSTERED, _GZIP, _GZIP, _MVT, min(zooms), max(zooms),
        west, south, east, north,
        min(zooms), (west + east) // 2, (south + north) // 2,
    )  # fmt: skip
    file.write(header)
    for section in sections:
        file.write(section)


def _packed(tiles: Mapping[Tile, bytes]) -> tuple[list[_Entry], list[bytes]]:
    entries, packed, at = [], [], 0
    for number, tile in sorted((tile_id(*tile), tile) for tile in tiles):
        data = _zipped(tiles[tile])
        entries.append(_Entry(number, at, len(data)))
        packed.append(data)
        at += len(data)
    return entries, packed


def _directories(entries: Sequence[_Entry]) -> tuple[bytes, bytes]:
    """The root directory and its leaves, none where the root has room for every entry."""
    root = _directory(entries)
    if len(root) <= ROOT_BYTES:
        return root, b""
    above, leaves = [], b""
    for first in range(0, len(entries), LEAF_ENTRIES):
        part = entries[first : first + LEAF_ENTRIES]
        leaf = _directory(part)
        above.append(_Entry(part[0].id, len(leaves), len(leaf), run=0))
        leaves += leaf
    return _directory(above), leaves


def _directory(entries: Sequence[_Entry]) -> bytes:
    values, last = [len(entries)], 0
    for entry in entries:
        values.append(entry.id - last)
        last = entry.id
    values += [entry.run for entry in entries]
    values += [entry.length for entry in entries]
    values += [entry.offset + 1 for entry in entries]
    return _zipped(b"".join(_varint(value) for value in values))


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _zipped(data: bytes) -> bytes:
    return gzip.compress(data, compresslevel=6, mtime=0)
