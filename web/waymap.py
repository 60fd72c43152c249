"""The map of a way: streets around it, where water could be, will be and is, and the way."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from hazards.zone import DEPTH_LAYERS, RED, ZoneLayer
from routing.advice import Advice
from routing.ground import Ground
from routing.guidance import Guidance
from web.frame import Frame, around
from web.labels import Label
from web.language import Translate
from web.mapnames import labels_around, map_labels
from web.mapsigns import Mark, Scale, closure_marks, furniture, mark_at, north_of, scale_of
from web.paths import area_path, line_path, near, waters

WIDTH: Final = 600
MOST_STREETS: Final = 400
LEAST_M: Final = 350.0
LARGER: Final = 1.5
"""How much larger the map may become so that the second place is on it."""


@dataclass(frozen=True, slots=True)
class Layers:
    """Path data in units; an empty string draws nothing and stays out of the legend."""

    streets: str
    rivers: str
    streams: str
    assumed: str
    forecast: str
    collapse: str
    slide: str
    slide_special: str
    observed: str
    way: str
    second: str


@dataclass(frozen=True, slots=True)
class WayMap:
    """What the map's template draws; `labels` lie above all."""

    width: int
    height: int
    layers: Layers
    door: Mark
    site: Mark
    second_site: Mark | None
    closures: tuple[Mark, ...]
    labels: tuple[Label, ...]
    scale: Scale
    north: Mark


def way_map(guidance: Guidance, first: Advice, t: Translate) -> WayMap:
    """Draw the first way with its surroundings, and the second as far as it is near."""
    ground = guidance.version.ground
    lines = [
        ground.metres.xy(advice.line) for advice in (first, guidance.second) if advice is not None
    ]
    frame = _frame(lines)
    marks = [mark_at(frame, *line[-1]) for line in lines]
    door, site = mark_at(frame, *lines[0][0]), marks[0]
    second = next((mark for mark in marks[1:] if frame.holds(mark.x, mark.y, 24)), None)
    closures = closure_marks(frame, guidance)
    places = [door, site, *([second] if second else [])]
    scale, north = scale_of(frame, places), north_of(frame, places)
    return WayMap(
        width=frame.width,
        height=frame.height,
        layers=_layers(guidance, frame, lines),
        door=door,
        site=site,
        second_site=second,
        closures=closures,
        labels=map_labels(
            guidance,
            labels_around(frame, lines[0], [*places, *closures], furniture(frame, scale, north)),
            t,
            door=door,
            site=site,
            second=second,
        ),
        scale=scale,
        north=north,
    )


def _frame(lines: list[NDArray[np.float64]]) -> Frame:
    """Around the first way, or both where that keeps the first large."""

    def frame(xy: NDArray[np.float64]) -> Frame:
        return around(xy, width=WIDTH, least_m=LEAST_M, margin=0.14, shape=(0.72, 1.25))

    first, both = frame(lines[0]), frame(np.concatenate(lines))
    return both if first.scale <= both.scale * LARGER else first


def _layers(guidance: Guidance, frame: Frame, lines: list[NDArray[np.float64]]) -> Layers:
    ground = guidance.version.ground
    ways: list[BaseGeometry] = [LineString(line) for line in lines]
    slides = ground.zones[ZoneLayer.LANDSLIDE]
    rivers, streams = waters(ground, frame)
    return Layers(
        streets=line_path(
            frame, ground.lines[streets_near(ground, frame, shapely.union_all(ways))]
        ),
        rivers=area_path(frame, rivers),
        streams=line_path(frame, streams),
        assumed=area_path(frame, _water_near(ground, frame, forecast=False)),
        forecast=area_path(frame, _water_near(ground, frame, forecast=True)),
        collapse=area_path(frame, near(ground.zones[ZoneLayer.COLLAPSE].polygons, frame)),
        slide=area_path(frame, near(slides.polygons[slides.ranks != RED], frame)),
        slide_special=area_path(frame, near(slides.polygons[slides.ranks == RED], frame)),
        observed=area_path(frame, near(guidance.version.water.polygons, frame)),
        way=line_path(frame, ways[:1]),
        second=line_path(frame, ways[1:]),
    )


def _water_near(ground: Ground, frame: Frame, *, forecast: bool) -> list[BaseGeometry]:
    """The polygons of all depths that are a map of what could be, or those that are forecast."""
    maps = [ground.zones[layer] for layer in DEPTH_LAYERS]
    return [one for zone in maps for one in near(zone.polygons[zone.forecast == forecast], frame)]


def streets_near(ground: Ground, frame: Frame, ways: BaseGeometry) -> list[int]:
    """The streets in the frame; where they are too many, those nearest to any of the ways."""
    rows = ground.tree.query(frame.box, predicate="intersects")
    if len(rows) > MOST_STREETS:
        away = shapely.distance(ground.lines[rows], ways)
        rows = rows[np.argsort(away, kind="stable")[:MOST_STREETS]]
    found: list[int] = np.sort(rows).tolist()
    return found
