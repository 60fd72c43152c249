"""Positions in degrees, and the city's own metres."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from city.errors import BadPosition


@dataclass(frozen=True, slots=True)
class Position:
    """A point on the ground: degrees north and east, EPSG:4326.

    Raises `BadPosition` for NaN, infinities and degrees that do not exist.
    """

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lat) and math.isfinite(self.lon)):
            raise BadPosition("緯度・経度は数で書いてください（lat, lon must be finite numbers）")
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            swapped = -90 <= self.lon <= 90 and -180 <= self.lat <= 180
            hint = "lat と lon が逆ではありませんか" if swapped else "度で書いてください"
            raise BadPosition(f"その緯度・経度はありません。{hint}（lat -90..90, lon -180..180）")

    def swapped(self) -> "Position | None":
        """The same two numbers the other way round, if that is a position at all."""
        return Position(self.lon, self.lat) if abs(self.lon) <= 90 else None


class Metres:
    """Converts between degrees and a metric coordinate system such as EPSG:6671."""

    def __init__(self, crs: str) -> None:
        self.crs = crs
        self._to_metres, self._to_degrees = _transformers(crs)

    def of(self, position: Position) -> tuple[float, float]:
        """(x, y) in metres, x to the east."""
        x, y = self._to_metres.transform(position.lon, position.lat)
        return float(x), float(y)

    def position(self, x: float, y: float) -> Position:
        """The position of a point given in metres."""
        lon, lat = self._to_degrees.transform(x, y)
        return Position(float(lat), float(lon))

    def xy(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 2) degrees (lon, lat) to (n, 2) metres (x, y)."""
        return np.column_stack(self._to_metres.transform(lonlat[:, 0], lonlat[:, 1]))

    def lonlat(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 2) metres (x, y) to (n, 2) degrees (lon, lat)."""
        return np.column_stack(self._to_degrees.transform(xy[:, 0], xy[:, 1]))


@lru_cache(maxsize=8)
def _transformers(crs: str) -> tuple[Transformer, Transformer]:
    metric = CRS.from_user_input(crs)
    if not metric.is_projected or any(axis.unit_name != "metre" for axis in metric.axis_info):
        raise BadPosition(
            f"{crs} does not measure in metres: name a projected CRS in the city file"
        )
    degrees = CRS.from_epsg(4326)
    return (
        Transformer.from_crs(degrees, metric, always_xy=True),
        Transformer.from_crs(metric, degrees, always_xy=True),
    )
