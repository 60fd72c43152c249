"""What lies under the marks of a load's map: its extent, the streets, degrees and kilometres."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from web.frame import Frame
from web.paths import line_path

Floats = NDArray[np.float64]

MOST_STREET_BYTES: Final = 200_000
_MOST_STREETS: Final = 12_000
_LEAST_M: Final = 500.0
_STRAY_M: Final = 2_000.0
_STRAY_DEG: Final = 0.5
"""Without outline and streets, a row farther from the middle of the others is left off."""
_NORTH_M: Final = 110_900.0
_EAST_M: Final = 111_320.0
"""Metres of a degree of latitude about Japan, and of one of longitude at the equator (GRS80)."""
_DEGREES: Final = tuple(m * 10.0**e for e in range(-4, 2) for m in (1, 2, 5))
_CORNER: Final = 60
_KM: Final = tuple(m * 10.0**e for e in range(-2, 4) for m in (1, 2, 5))


@dataclass(frozen=True, slots=True)
class Extent:
    """What a map shows, in metres about its middle; `lon`, `lat` of the middle in degrees."""

    lon: float
    lat: float
    west: float
    south: float
    east: float
    north: float

    def metres(self, lonlat: Floats) -> Floats:
        """(n, 2) degrees to (n, 2) metres."""
        return (lonlat - (self.lon, self.lat)) * _metres_of_degree(self.lat)

    def holds(self, lonlat: tuple[float, float]) -> bool:
        """Whether a place is on the map."""
        x, y = self.metres(np.array([lonlat]))[0]
        return bool(self.west <= x <= self.east and self.south <= y <= self.north)

    def frame(self, width: int, most: int) -> Frame:
        """The extent in `width` units, at most `most` units high."""
        wide, tall = self.east - self.west, self.north - self.south
        scale = min(width / wide, most / tall)
        height = round(min(most, max(tall * scale, width * 0.55)))
        west = (self.west + self.east - width / scale) / 2
        north = (self.south + self.north + height / scale) / 2
        return Frame(west, north, scale, width, height)


def extent_of(known: Floats, spots: Floats) -> Extent | None:
    """Around (n, 2) degrees of the city and the spots near it; around the spots where it is not
    known; None where nothing is.
    """
    base = known[np.isfinite(known).all(axis=1)]
    if not len(base) and len(spots):
        away = np.abs(spots - np.median(spots, axis=0)).max(axis=1)
        base = spots[np.abs(spots - spots[away.argmin()]).max(axis=1) <= _STRAY_DEG]
    if not len(base):
        return None
    middle = (base.min(axis=0) + base.max(axis=0)) / 2
    metre = _metres_of_degree(float(middle[1]))
    low, high = (base.min(axis=0) - middle) * metre, (base.max(axis=0) - middle) * metre
    near = (spots - middle) * metre
    stray = max(float((high - low).max()) / 2, _STRAY_M)
    near = near[np.all((near >= low - stray) & (near <= high + stray), axis=1)]
    low, high = np.vstack([near, low]).min(axis=0), np.vstack([near, high]).max(axis=0)
    room = np.maximum((high - low) * 0.05, _LEAST_M / 2)
    return Extent(*middle.tolist(), *(low - room).tolist(), *(high + room).tolist())


def _metres_of_degree(lat: float) -> Floats:
    return np.array([_EAST_M * max(math.cos(math.radians(lat)), 0.01), _NORTH_M])


def streets_path(extent: Extent, frame: Frame, streets: Floats, cuts: NDArray[np.integer]) -> str:
    """The streets as path data of at most 200 kB: where they are too many, the longest."""
    lines = _lines(extent, frame, streets, np.asarray(cuts, np.int64))
    lines = lines[np.argsort(-shapely.length(lines), kind="stable")][:_MOST_STREETS]
    path = line_path(frame, lines)
    while len(path) > MOST_STREET_BYTES:
        lines = lines[: len(lines) * MOST_STREET_BYTES * 9 // (len(path) * 10)]
        path = line_path(frame, lines)
    return path


def _lines(
    extent: Extent, frame: Frame, streets: Floats, cuts: NDArray[np.int64]
) -> NDArray[np.object_]:
    """The streets in the frame, in metres."""
    sound = np.isfinite(streets).all(axis=1)
    street = np.repeat(np.arange(len(cuts) - 1), np.diff(cuts))
    broken = np.bincount(street[~sound], minlength=len(cuts) - 1) > 0
    kept = ((np.diff(cuts) > 1) & ~broken)[street]
    _, numbers = np.unique(street[kept], return_inverse=True)
    lines = np.asarray(shapely.linestrings(extent.metres(streets[kept]), indices=numbers))
    found: NDArray[np.object_] = lines[shapely.intersects(lines, frame.box)]
    return found


def outline_path(
    extent: Extent, frame: Frame, outline: Sequence[Sequence[tuple[float, float]]]
) -> str:
    """The city's rings as path data."""
    lines: list[BaseGeometry] = [
        shapely.LineString(extent.metres(np.array(ring, float)))
        for ring in outline
        if len(ring) > 1
    ]
    return line_path(frame, lines)


def edges_svg(extent: Extent, frame: Frame) -> str:
    """The frame, and degrees at its edges."""
    wide, tall = frame.width, frame.height
    west, south, east, north = frame.bounds
    metre_x, metre_y = _metres_of_degree(extent.lat).tolist()
    parts = [f'<rect class="f" width="{wide}" height="{tall}"/>']
    for text, at in _ticks(extent.lon + west / metre_x, extent.lon + east / metre_x, 7, "EW"):
        x = round(((at - extent.lon) * metre_x - west) * frame.scale)
        if not _CORNER <= x <= wide - _CORNER:
            continue
        parts.append(f'<path class="f" d="M{x} 0v-14M{x} {tall}v14"/>')
        parts.append(f'<text class="d" x="{x}" y="{tall + 44}">{text}</text>')
    for text, at in _ticks(extent.lat + south / metre_y, extent.lat + north / metre_y, 7, "NS"):
        y = round((north - (at - extent.lat) * metre_y) * frame.scale)
        if not _CORNER <= y <= tall - _CORNER:
            continue
        parts.append(f'<path class="f" d="M0 {y}h-14M{wide} {y}h14"/>')
        parts.append(f'<text class="d" transform="translate(-24 {y}) rotate(-90)">{text}</text>')
    return "".join(parts)


def _ticks(low: float, high: float, most: int, sides: str) -> list[tuple[str, float]]:
    """Round degrees from low to high, with their words."""
    step = next((s for s in _DEGREES if (high - low) / s <= most), _DEGREES[-1])
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    ticks = [n * step for n in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return [(f"{abs(at):.{digits}f}°{sides[at < 0]}", at) for at in ticks]


def scale_svg(frame: Frame, marks: Sequence[tuple[int, int]], north: str) -> str:
    """A bar of kilometres and where north is, in the lower corner with fewer marks."""
    km = max((k for k in _KM if k * 1000 * frame.scale <= frame.width / 4), default=_KM[0])
    bar = round(km * 1000 * frame.scale)
    room = bar + 130
    low = [x for x, y in marks if y > frame.height - 120]
    left = sum(x < room for x in low) <= sum(x > frame.width - room for x in low)
    x = 12 if left else frame.width - room - 12
    return (
        f'<g transform="translate({x} {frame.height - 122})">'
        f'<rect class="s" width="{room}" height="110"/>'
        f'<path class="k" d="M30 70h{bar // 2}v14h-{bar // 2}z"/>'
        f'<path class="f" d="M30 70h{bar}v14h-{bar}z"/>'
        f'<text class="d" x="30" y="58">0</text>'
        f'<text class="d" x="{30 + bar}" y="58">{km:g} km</text>'
        f'<text class="d" x="{room - 34}" y="100">{north}</text>'
        f'<path class="k" d="M{room - 34} 68l10 -2l-10 -34l-10 34z"/></g>'
    )
