"""What all maps of one print have behind their ways: streets, water, zones, made ready once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from hazards.zone import DEPTH_LAYERS, RED, ZoneLayer
from routing.ground import Ground
from routing.roads import StreetFlag
from routing.version import PlanVersion
from web.frame import Frame
from web.paths import area_path, line_path
from web.sheets.drawing import streets_path

FINE_M: Final = 1.0
SAME_M: Final = 60.0
"""Underpasses this near to one another are one: both carriageways, or its pieces."""


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """In metres, around all that is printed: `zones` by the class that draws them, `streams` that
    are known as lines.
    """

    ground: Ground
    zones: dict[str, BaseGeometry]
    streams: list[BaseGeometry]

    def svg_parts(self, frame: Frame) -> dict[str, str]:
        """Path data in units by class; what is not in the frame is left out."""
        parts = {name: area_path(frame, [shape]) for name, shape in self.zones.items()}
        streets = self.ground.lines[np.sort(self.ground.tree.query(frame.box))]
        parts["stream"] = line_path(frame, self.streams)
        parts["street"] = streets_path(frame, streets)
        return {name: data for name, data in parts.items() if data}

    def underpasses(self, frame: Frame) -> list[tuple[float, float]]:
        """The middles in metres of what closes first in heavy rain (`safety.md` 7)."""
        rows = np.sort(self.ground.tree.query(frame.box, predicate="intersects"))
        rows = rows[self.ground.roads.has(StreetFlag.UNDERPASS)[rows]]
        found: list[tuple[float, float]] = []
        for line in self.ground.lines[rows]:
            middle = line.interpolate(0.5, normalized=True)
            if all(np.hypot(middle.x - x, middle.y - y) > SAME_M for x, y in found):
                found.append((middle.x, middle.y))
        return found


def backdrop(version: PlanVersion, box: tuple[float, float, float, float]) -> Backdrop:
    """Join and simplify what lies in a box of metres: west, south, east, north."""
    ground = version.ground
    slides, depths = ground.zones[ZoneLayer.LANDSLIDE], [ground.zones[one] for one in DEPTH_LAYERS]
    red = slides.ranks == RED
    chosen = {
        "assumed": [one for zone in depths for one in zone.polygons[~zone.forecast]],
        "forecast": [one for zone in depths for one in zone.polygons[zone.forecast]],
        "slide": list(slides.polygons[~red]),
        "special": list(slides.polygons[red]),
        "river": [one for one in ground.waterways if _is_surface(one)],
        "collapse": list(ground.zones[ZoneLayer.COLLAPSE].polygons),
        "observed": list(version.water.polygons),
    }
    joined = {name: _joined(shapes, box) for name, shapes in chosen.items()}
    near = ground.waterways[ground.waterway_tree.query(shapely.box(*box))]
    return Backdrop(
        ground,
        {name: one for name, one in joined.items() if not one.is_empty},
        [one for one in near if not _is_surface(one)],
    )


def _is_surface(water: BaseGeometry) -> bool:
    return str(water.geom_type).endswith("Polygon")


def _joined(shapes: Sequence[BaseGeometry], box: tuple[float, float, float, float]) -> BaseGeometry:
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    near = array[STRtree(array).query(shapely.box(*box))]
    whole = shapely.union_all(shapely.clip_by_rect(near, *box))
    return shapely.simplify(whole, FINE_M)
