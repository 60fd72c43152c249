"""The water: the surfaces of river and stream, and what has been seen over the low road."""

import shapely
from shapely import Polygon

from data.town.curves import curve
from data.town.geojson import Feature
from data.town.land import RIVER_NAME, STREAM_NAME, Land

SEEN = (
    (4000, 1180), (4200, 1235), (4450, 1225), (4690, 1235), (4755, 1150), (4735, 1075),
    (4560, 1095), (4380, 1065), (4170, 1090), (4020, 1075),
)  # fmt: skip


def waterways(land: Land) -> list[Feature]:
    """List the surfaces of the river and of the stream."""
    surfaces = ((RIVER_NAME, "river", land.channel), (STREAM_NAME, "stream", land.brook))
    return [
        (part, {"name": name, "waterway": kind})
        for name, kind, surface in surfaces
        for part in shapely.get_parts(surface)
    ]


def observed_water() -> list[Feature]:
    """List the water seen at the beginning: it lies over the only road to 中洲町."""
    return [(Polygon(curve(SEEN, closed=True)), {"name": "中洲道の冠水", "kind": "observed"})]
