"""基盤地図情報 数値標高モデル (GSI): tiles of heights as JPGIS (GML), as they are downloaded.

A tile's rows run from north to south, each from west to east (sequenceRule +x-y), one line a
cell: its kind and its height in metres, -9999 for none. They begin at startPoint and may end
early: the rest is sea or unmapped.
"""

import re
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from data.readers.cells import Flags, Floats, heights_at
from data.readers.fgdfiles import Elements, TileFile, elements_of, tile_files

MOST_CELLS: Final = 20_000_000
_NO_DATA_M: Final = -9_998.0
_HEAD: Final = ("lowerCorner", "upperCorner", "low", "high")
_PUBLISHED: Final = "take the file as the GSI publishes it (基盤地図情報 数値標高モデル)"


@dataclass(frozen=True, slots=True)
class _Tile:
    """A tile's file, its corners in degrees, its rows and columns."""

    file: TileFile
    south: float
    west: float
    north: float
    east: float
    rows: int
    columns: int

    @property
    def order(self) -> tuple[float, str, str]:
        """Finer ones first, then by class: DEM5A was measured better than 5B and 5C."""
        letter = re.search(r"DEM\d+([A-Z])", self.file.name, re.IGNORECASE)
        size = round((self.north - self.south) / self.rows, 7)
        return size, letter[1].upper() if letter else "Z", self.file.name

    def holds(self, lonlat: Floats) -> Flags:
        """(N,) whether each of (N, 2) degrees lies in it."""
        lon, lat = lonlat.T
        wide = (lon >= self.west) & (lon <= self.east)
        inside: Flags = wide & (lat >= self.south) & (lat <= self.north)
        return inside


def read_fgd_heights(path: Path, lonlat: Floats) -> tuple[Floats, Flags, Flags]:
    """(N,) metres at (N, 2) degrees, and flags: in a tile, beside an impossible height.

    Of several tiles that hold a place the finest that knows a height there is taken. Tiles
    without a place are not read beyond their heads. Raises `BrokenSource`.
    """
    heights = np.full(len(lonlat), np.nan)
    inside, impossible = np.zeros((2, len(lonlat)), bool)
    with ExitStack() as stack:
        tiles = [_tile_of(file) for file in tile_files(path, stack)]
        for tile in sorted(tiles, key=lambda tile: tile.order):
            within = tile.holds(lonlat)
            inside |= within
            places = np.flatnonzero(within & np.isnan(heights))
            if len(places):
                row = (tile.north - lonlat[places, 1]) / (tile.north - tile.south) * tile.rows
                column = (lonlat[places, 0] - tile.west) / (tile.east - tile.west) * tile.columns
                heights[places], odd = heights_at(_cells(tile), row - 0.5, column - 0.5)
                impossible[places] |= odd
    return heights, inside, impossible


def _tile_of(file: TileFile) -> _Tile:
    """A tile by its head."""
    found = elements_of(file, until=_HEAD)
    south, west = _pair(file, found, "lowerCorner")
    north, east = _pair(file, found, "upperCorner")
    if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):
        what = "element 'gml:Envelope': its corners are no latitude and longitude in degrees"
        raise file.broken(what, remedy=_PUBLISHED)
    columns, rows = _grid(file, found)
    return _Tile(file, south, west, north, east, rows, columns)


def _grid(file: TileFile, found: Elements) -> tuple[int, int]:
    first, last = _pair(file, found, "low"), _pair(file, found, "high")
    columns, rows = (round(high - low) + 1 for low, high in zip(first, last, strict=True))
    if columns < 1 or rows < 1 or columns * rows > MOST_CELLS:
        what = f"element 'gml:GridEnvelope': a grid of {columns:,} x {rows:,} cells"
        raise file.broken(what, remedy=_PUBLISHED)
    return columns, rows


def _pair(file: TileFile, found: Elements, name: str) -> tuple[float, float]:
    text = found.get(name)
    if text is None:
        raise file.broken(f"element 'gml:{name}' is missing", remedy=_PUBLISHED)
    if not re.fullmatch(r"\s*-?\d{1,9}(\.\d*)?\s+-?\d{1,9}(\.\d*)?\s*", text, re.ASCII):
        what = f"element 'gml:{name}' is {text.strip()[:40]!r}, not two numbers"
        raise file.broken(what, remedy=_PUBLISHED)
    one, other = text.split()
    return float(one), float(other)


def _cells(tile: _Tile) -> Floats:
    """(rows, columns) metres, NaN where there is no data."""
    file = tile.file
    found = elements_of(file)
    if found.get("order", "+x-y") != "+x-y":
        what = f"element 'gml:sequenceRule': order {found['order'][:20]!r}, not '+x-y'"
        raise file.broken(what, remedy=_PUBLISHED)
    if "tupleList" not in found:
        raise file.broken("element 'gml:tupleList' is missing", remedy=_PUBLISHED)
    column, row = _pair(file, found, "startPoint") if "startPoint" in found else (0, 0)
    begin = round(row) * tile.columns + round(column)
    values = _heights(file, found["tupleList"])
    cells = np.full(tile.rows * tile.columns, np.nan)
    if begin < 0 or begin + len(values) > len(cells):
        what = f"element 'gml:tupleList': {len(values):,} heights from cell {begin:,}"
        raise file.broken(f"{what} of {len(cells):,}", remedy=_PUBLISHED)
    cells[begin : begin + len(values)] = values
    cells[cells <= _NO_DATA_M] = np.nan
    return cells.reshape(tile.rows, tile.columns)


def _heights(file: TileFile, text: str) -> Floats:
    lines = text.split()
    try:
        return np.array([line.split(",")[1] for line in lines], dtype=np.float64)
    except (ValueError, IndexError):
        number = next(n for n, line in enumerate(lines, start=1) if not _is_height(line))
        what = f"element 'gml:tupleList': its entry {number:,} is {lines[number - 1][:40]!r}"
        raise file.broken(f"{what}, no height", remedy=_PUBLISHED) from None


def _is_height(line: str) -> bool:
    try:
        float(line.split(",")[1])
    except (ValueError, IndexError):
        return False
    return True
