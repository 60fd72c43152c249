"""The map on a poster: where the alert applies, and what could come there; no place to go to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from web.frame import Frame, around
from web.labels import Labels
from web.mapsigns import furniture, north_of, scale_of
from web.paths import area_path, line_path
from web.sheets.drawing import background, streets_path

WIDTH: Final = 718
TALL: Final = 0.42
LEAST_M: Final = 500.0
LETTER: Final = 17
_EDGE: Final = 'fill="none" stroke-linejoin="round"'


@dataclass(frozen=True, slots=True, eq=False)
class AreaMap:
    """All in metres, as far as the frame reaches.

    - `zones`: by the class that draws them (`web/sheets/drawing.py`), assumed ones alone;
    - `named`: areas with their names; `outline`: where the alert applies.
    """

    frame: Frame
    outline: BaseGeometry
    zones: Mapping[str, Sequence[BaseGeometry]]
    rivers: Sequence[tuple[str, BaseGeometry]]
    streets: Sequence[BaseGeometry]
    named: Sequence[tuple[str, BaseGeometry]]

    def values(self) -> dict[str, Any]:
        """What typst draws."""
        labels = self._labels()
        scale, north = scale_of(self.frame, []), north_of(self.frame, [])
        parts = self.parts()
        return {
            "height": self.frame.height,
            "svg": self._with_outline(background(self.frame, parts)),
            "zones": [name for name in parts if name in self.zones],
            "labels": [[one.x, one.y, one.text, one.strong] for one in labels.placed],
            "scale": [scale.x, scale.units, scale.metres],
            "north": [north.x, north.y],
        }

    def parts(self) -> dict[str, str]:
        """Path data in units by the class that draws it."""
        surfaces = [shape for _, shape in self.rivers if shape.geom_type.endswith("Polygon")]
        streams = [shape for _, shape in self.rivers if not shape.geom_type.endswith("Polygon")]
        lines = np.array(self.streets, dtype=object)
        parts = {name: area_path(self.frame, shapes) for name, shapes in self.zones.items()}
        parts["river"] = area_path(self.frame, surfaces)
        parts["stream"] = line_path(self.frame, streams)
        parts["street"] = streets_path(self.frame, lines) if len(lines) else ""
        return {name: data for name, data in parts.items() if data}

    def _with_outline(self, svg: str) -> str:
        """The borders of areas thin, where the alert applies thick."""
        borders = line_path(self.frame, [shape.boundary for _, shape in self.named])
        edge = line_path(self.frame, [self.outline.boundary])
        return svg.removesuffix("</svg>") + (
            f'<path d="{borders}" {_EDGE} stroke="#5b6570" stroke-width="1.5"'
            ' stroke-dasharray="6 4"/>'
            f'<path d="{edge}" {_EDGE} stroke="#fff" stroke-width="9"/>'
            f'<path d="{edge}" {_EDGE} stroke="#14171a" stroke-width="5"/></svg>'
        )

    def _labels(self) -> Labels:
        """Areas where the alert applies first, then the others, then rivers."""
        scale, north = scale_of(self.frame, []), north_of(self.frame, [])
        fixed = furniture(self.frame, scale, north)
        labels = Labels(self.frame, LETTER, shapely.Point(), list(fixed), signs=tuple(fixed))
        seen = [(name, shapely.intersection(one, self.frame.box)) for name, one in self.named]
        shapely.prepare(self.outline)
        for name, part in sorted(
            seen, key=lambda one: (not _lies_in(one[1], self.outline), -one[1].area, one[0])
        ):
            if not part.is_empty:
                labels.add_at(name, *self._units(part))
        for name, shape in self.rivers:
            part = shapely.intersection(shape, self.frame.box)
            if name and not part.is_empty and all(one.text != name for one in labels.placed):
                labels.add(name, *self._units(part))
        return labels

    def _units(self, part: BaseGeometry) -> tuple[float, float]:
        point = part.representative_point()
        x, y = self.frame.units(np.array([[point.x, point.y]]))[0].tolist()
        return x, y


def frame_around(outline: BaseGeometry) -> Frame:
    """The frame of a map of an outline in metres."""
    points = np.array(outline.bounds).reshape(2, 2)
    return around(points, width=WIDTH, least_m=LEAST_M, margin=0.1, shape=(TALL, TALL))


def _lies_in(part: BaseGeometry, outline: BaseGeometry) -> bool:
    return not part.is_empty and bool(outline.intersects(part.representative_point()))
