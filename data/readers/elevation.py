"""Heights of junctions from an elevation model: a GeoTIFF, or the GSI's own tiles."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from data.errors import BrokenSource
from data.readers.cells import Flags, Floats, heights_at
from data.readers.fgddem import read_fgd_heights
from data.report import SourceReport

UNKNOWN: Final = "junctions outside the elevation model: taken as flat"
IMPOSSIBLE: Final = "junctions beside heights outside -500 to 9,000 m: those taken as unknown"

_MOST_CELLS: Final = 4_000_000
"""Cells that are read at once."""
_CACHE_MB: Final = 64
_MOST_BLOCK: Final = 64_000_000
_METRES: Final = frozenset({"", "m", "metre", "meter", "metres", "meters"})
_AGAIN: Final = "fetch the file again, or save it as a GeoTIFF (gdal_translate)"
_ELSEWHERE: Final = "another city's file, or latitude and longitude swapped?"


def read_elevation(path: Path, format: str, lonlat: Floats, report: SourceReport) -> Floats:
    """(N,) metres at (N, 2) degrees, NaN where the model knows no height.

    `format` is "geotiff", any CRS, the first band; or "gsi-dem", 基盤地図情報 数値標高モデル as
    JPGIS (GML): one .xml, a folder, or the .zip as downloaded. Bilinear between the cells.
    Raises `BrokenSource`.
    """
    readers = {"geotiff": _raster_heights, "gsi-dem": read_fgd_heights}
    if format not in readers:
        what = f"format {format!r} is none of {', '.join(readers)}"
        raise BrokenSource(path, what, remedy="name its real format in the city file")
    if not path.exists():
        raise BrokenSource(path, "there is no such file", remedy="check its path")
    heights, inside, impossible = readers[format](path, lonlat)
    if len(lonlat) and not inside.any():
        raise BrokenSource(path, "lies wholly outside the road network", remedy=_ELSEWHERE)
    report.read = len(lonlat)
    report.kept = int(np.isfinite(heights).sum())
    if report.kept < report.read:
        report.note(UNKNOWN, count=report.read - report.kept)
    if impossible.any():
        report.note(IMPOSSIBLE, count=int(impossible.sum()))
    return heights


def _raster_heights(path: Path, lonlat: Floats) -> tuple[Floats, Flags, Flags]:
    """(N,) metres, and flags: inside of the raster, beside an impossible height."""
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning, RasterioError

    if not path.is_file():
        raise BrokenSource(path, "is a folder", remedy="name the GeoTIFF itself")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            # Other drivers read files, and addresses, that a file names inside.
            with (
                rasterio.Env(GDAL_CACHEMAX=_CACHE_MB),
                rasterio.open(path, driver="GTiff") as raster,
            ):
                _refuse_unusable(path, raster)
                return _sampled(raster, *_cells_of(path, raster, lonlat))
    except (RasterioError, OSError, ValueError) as error:
        cause = str(error.__cause__ or error).replace(str(path), path.name)
        what = f"is no GeoTIFF, or cut off: {cause[:160]}"
        raise BrokenSource(path, what, remedy=_AGAIN) from error


def _refuse_unusable(path: Path, raster: Any) -> None:
    if raster.crs is None:
        remedy = "give it one: gdal_translate -a_srs EPSG:… (ask who made the file which)"
        raise BrokenSource(path, "crs: the raster has none", remedy=remedy)
    if np.dtype(raster.dtypes[0]).kind not in "iuf":
        what = f"band 1: holds {raster.dtypes[0]}, no heights"
        raise BrokenSource(path, what, remedy="name the raster of heights")
    unit = str(raster.units[0] or "").strip().lower()
    if unit not in _METRES:
        remedy = "convert it to metres (gdal_calc.py), and set the band's unit"
        raise BrokenSource(path, f"band 1: unit is {unit[:20]!r}, not metres", remedy=remedy)
    if not raster.transform.determinant:
        remedy = "fetch the file again, or set its corners: gdal_translate -a_ullr"
        raise BrokenSource(path, "transform: its cells have no size", remedy=remedy)
    high, wide = raster.block_shapes[0]
    if high * wide > _MOST_BLOCK:
        remedy = "save it in tiles: gdal_translate -co TILED=YES -co COMPRESS=DEFLATE"
        raise BrokenSource(path, f"band 1: blocks of {high:,} x {wide:,} cells", remedy=remedy)


def _cells_of(path: Path, raster: Any, lonlat: Floats) -> tuple[Floats, Floats]:
    """(N,) rows and columns, from the raster's upper left corner; NaN where there are none."""
    try:
        crs = CRS.from_wkt(raster.crs.to_wkt())
        over = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    except ProjError as error:
        what = f"crs: {raster.crs.to_string()[:80]} has no way from longitude and latitude"
        raise BrokenSource(path, what, remedy="gdalwarp -t_srs EPSG:6668") from error
    x, y = over.transform(lonlat[:, 0], lonlat[:, 1])
    back = ~raster.transform
    with np.errstate(invalid="ignore"):
        column = back.a * np.asarray(x) + back.b * np.asarray(y) + back.c
        row = back.d * np.asarray(x) + back.e * np.asarray(y) + back.f
    return row, column


def _sampled(raster: Any, row: Floats, column: Floats) -> tuple[Floats, Flags, Flags]:
    heights = np.full(len(row), np.nan)
    impossible = np.zeros(len(row), bool)
    high, wide = raster.shape
    inside = (row >= 0) & (row <= high) & (column >= 0) & (column <= wide)
    for places, top, left, cells in _pieces(raster, np.flatnonzero(inside), row, column):
        heights[places], impossible[places] = heights_at(
            cells, row[places] - 0.5 - top, column[places] - 0.5 - left
        )
    return heights, inside, impossible


def _pieces(
    raster: Any, places: NDArray[np.int64], row: Floats, column: Floats
) -> Iterator[tuple[NDArray[np.int64], int, int, NDArray[np.floating]]]:
    """The pieces of the raster that hold places: which, first row and column, heights."""
    tall, broad = _piece_shape(raster)
    key = (row[places] // tall).astype(np.int64) * (raster.width // broad + 1)
    key += (column[places] // broad).astype(np.int64)
    order = np.argsort(key, kind="stable")
    cuts = np.flatnonzero(np.diff(key[order])) + 1
    for some in np.split(places[order], cuts):
        if len(some):
            # A cell more on every side, for the places at the rim of the piece.
            top = max(int(row[some[0]] // tall) * tall - 1, 0)
            left = max(int(column[some[0]] // broad) * broad - 1, 0)
            yield some, top, left, _read(raster, top, left, tall + 2, broad + 2)


def _piece_shape(raster: Any) -> tuple[int, int]:
    """Rows and columns that are read at once: whole blocks, lest each be unpacked many times."""
    high, wide = raster.block_shapes[0]
    broad = wide * max(1, min(2048, raster.width) // wide)
    rows = max(1, _MOST_CELLS // broad)
    return (rows // high * high if rows > high else rows), broad


def _read(raster: Any, top: int, left: int, tall: int, broad: int) -> NDArray[np.floating]:
    from rasterio.windows import Window

    window = Window(left, top, min(broad, raster.width - left), min(tall, raster.height - top))
    found = raster.read(1, window=window, masked=True)
    exact = np.float32 if found.dtype.itemsize < 4 else np.float64
    # Garbled bytes are any number, or a NaN that numpy warns of.
    with np.errstate(invalid="ignore", over="ignore"):
        cells = found.astype(exact).filled(np.nan)
        scaled: NDArray[np.floating] = cells * raster.scales[0] + raster.offsets[0]
    return scaled
