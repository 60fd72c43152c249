"""Gauges on the rivers, and which low-lying 町丁目 are under an order at the beginning."""

from typing import Final

import numpy as np
import shapely
from shapely import Point

from data.fictional.addresses import Address
from data.fictional.areas import Areas
from data.fictional.flood import Zones
from data.fictional.land import INCISION_M, Land
from data.fictional.names import BRANCH, MAIN_RIVER, Namebook

Gauge = tuple[Point, dict[str, str | float]]

GAUGES: Final = (
    (False, 0.22),
    (False, 0.47),
    (False, 0.70),
    (False, 0.88),
    (True, 0.3),
    (True, 0.75),
)
"""Whether a gauge is on the branch, and how far down its river it stands."""
LEVELS_M: Final = (2.4, 3.3, 4.1)
LEVEL_4, LEVEL_3 = 10, 10


def gauges(land: Land, book: Namebook) -> list[Gauge]:
    """List the gauges with their three levels in metres above the sea, as rivers publish them."""
    found: list[Gauge] = []
    for (on_branch, share), stem in zip(GAUGES, book.stems[40:], strict=False):
        river = land.branch if on_branch else land.main_river
        at = river.interpolate(share, normalized=True)
        bed_m = float(land.height_at(np.array([[at.x, at.y]]))[0]) - INCISION_M / 3.0
        start_m, warning_m, flood_m = (round(bed_m + level_m, 2) for level_m in LEVELS_M)
        properties: dict[str, str | float] = {
            "name": book.made(stem, "水位観測所", "すいいかんそくじょ"),
            "river": (BRANCH if on_branch else MAIN_RIVER)[0],
            "startLevel": start_m,
            "warnLevel": warning_m,
            "fladLevel": flood_m,
        }
        found.append((at, properties))
    return found


def ordered_areas(
    areas: Areas, addresses: list[Address], depth: Zones, seen: shapely.Polygon
) -> dict[int, list[str]]:
    """Name the 町丁目 under an order of level 4 and of level 3: those that would lie deepest."""
    deep = shapely.union_all(depth.shapes[depth.rank >= 2])
    share = shapely.area(shapely.intersection(areas.shapes, deep)) / shapely.area(areas.shapes)
    share = share + shapely.intersects(areas.shapes, seen)
    order = np.argsort(-share, kind="stable").tolist()
    return {
        4: [addresses[i].name for i in order[:LEVEL_4]],
        3: [addresses[i].name for i in order[LEVEL_4 : LEVEL_4 + LEVEL_3]],
    }
