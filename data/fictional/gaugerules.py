"""Two rules of the fictional city: its first gauge shuts the bridge and the underpass nearest."""

from typing import Final

import numpy as np
import shapely

from data.fictional.crossings import THOROUGHFARES
from data.fictional.drawing import Kinds
from data.fictional.frame import degrees
from data.fictional.inland import underpass_points
from data.fictional.noding import Sections
from data.fictional.water import Gauge
from data.town.frame import Array

RULE: Final = """\
[[settings.gauge_rules]]
gauge = "{gauge}"
level = "danger"
kind = "{kind}"
at = [{lat:.6f}, {lon:.6f}]
"""


def gauge_rules(gauges: list[Gauge], sections: Sections, kinds: Kinds) -> list[str]:
    """The tables of the city file."""
    at, properties = gauges[0]
    found = {
        "bridge": bridge_points(sections, kinds),
        "underpass": underpass_points(sections, kinds),
    }
    rules = []
    for kind, points in found.items():
        nearest = points[np.hypot(*(points - (at.x, at.y)).T).argmin()]
        ((lon, lat),) = degrees(nearest.reshape(1, 2))
        rules.append(RULE.format(gauge=properties["name"], kind=kind, lat=lat, lon=lon))
    return rules


def bridge_points(sections: Sections, kinds: Kinds) -> Array:
    """Return the middles of the bridges of thoroughfares (N, 2)."""
    bridges = np.array([bool(k.bridge) and k.highway in THOROUGHFARES for k in kinds.each])
    shapes = sections.shapes[bridges[sections.kind]]
    points = shapely.line_interpolate_point(shapes, 0.5, normalized=True)
    found: Array = shapely.get_coordinates(points)
    return found
