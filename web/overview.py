"""The city as an image to tap: streets, waters, the names of its areas."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from city.position import Position
from routing.ground import Ground
from routing.version import PlanVersion
from web.frame import Frame
from web.labels import Labels
from web.paths import area_path, line_path, near, waters
from web.tapmap import SIZE, Box, box_of, position_of
from web.templating import ENGINE

MOST_STREETS: Final = 1500
LETTER: Final = 26
SMALL: Final = 22
MARK: Final = 9
_FINER: Final = 2


def map_image(version: PlanVersion, query: Mapping[str, str]) -> str:
    """The image that `web.home.map_url` asks for: `box` and, where one is marked, `point`."""
    lat, _, lon = query.get("point", "").partition(",")
    box = box_of(query.get("box", ""), version.ground)
    return overview_svg(version.ground, version, box=box, point=position_of(lat, lon))


def overview_svg(
    ground: Ground,
    version: PlanVersion,
    *,
    box: Box,
    size: int = SIZE,
    point: Position | None = None,
) -> str:
    """An SVG image of the box, `size` CSS pixels wide, with the chosen point on it."""
    frame = box.frame(size * _FINER)
    streets = line_path(frame, _streets(ground, frame))
    rivers, streams = waters(ground, frame)
    marked = None
    if point is not None:
        px, py = box.pixel(*ground.metres.of(point), size * _FINER)
        marked = round(px), round(py)
    labels = _labels(ground, frame, marked)
    names = Labels(frame, SMALL, labels.way, labels.taken)
    sites = _sites(ground, frame, names)
    if box.is_closest:
        _name_streets(ground, frame, labels)
    return ENGINE.get_template("overview.html").render(
        size=size,
        units=size * _FINER,
        streets=streets,
        rivers=area_path(frame, rivers),
        streams=line_path(frame, streams),
        borders=line_path(frame, [one.boundary for one in near(ground.area_polygons, frame)]),
        observed=area_path(frame, near(version.water.polygons, frame)),
        labels=labels.placed,
        sites=sites,
        names=names.placed,
        point=marked,
        wide=2 if box.side > 4000 else 4 if not box.is_closest else 9,
    )


def _streets(ground: Ground, frame: Frame) -> list[BaseGeometry]:
    """The streets of the box; where they are too many, the named ones and the longest."""
    roads = ground.roads
    rows = ground.tree.query(frame.box, predicate="intersects")
    if len(rows) > MOST_STREETS:
        order = np.lexsort((-roads.length_m[rows], roads.name[rows] < 0))
        rows = rows[order[:MOST_STREETS]]
    return list(ground.lines[np.sort(rows)])


def _labels(ground: Ground, frame: Frame, marked: tuple[int, int] | None) -> Labels:
    """The areas' names, the larger area first."""
    labels = Labels(frame, LETTER, shapely.Point())
    if marked is not None:
        labels.keep_free(*marked, 40)
    rows = ground.area_tree.query(frame.box, predicate="intersects")
    seen = [(shapely.intersection(ground.area_polygons[row], frame.box), int(row)) for row in rows]
    for part, row in sorted(seen, key=lambda pair: (-pair[0].area, pair[1])):
        if not part.is_empty:
            labels.add_at(ground.areas[row].name, *_units(frame, part))
    return labels


def _sites(ground: Ground, frame: Frame, names: Labels) -> list[tuple[int, int]]:
    """Marks of the sites whose names have room: people find home by them."""
    marks: list[tuple[int, int]] = []
    for site, at in zip(ground.sites, frame.units(ground.site_xy).tolist(), strict=True):
        x, y = at
        if (
            frame.holds(x, y, MARK)
            and names.is_free(x, y, MARK)
            and names.add_beside(site.name, x, y, MARK)
        ):
            names.keep_free(x, y, MARK)
            marks.append((x, y))
    return marks


def _name_streets(ground: Ground, frame: Frame, labels: Labels) -> None:
    named: set[str] = set()
    for row in ground.tree.query(frame.box, predicate="intersects").tolist():
        name = ground.roads.street_name(row)
        part = shapely.intersection(ground.lines[row], frame.box)
        if name and name not in named and part.length * frame.scale > 3 * LETTER:
            named.add(name)
            middle = shapely.line_interpolate_point(
                shapely.get_geometry(part, 0), 0.5, normalized=True
            )
            labels.add(name, *_units(frame, middle))


def _units(frame: Frame, geometry: BaseGeometry) -> tuple[float, float]:
    point = geometry.representative_point()
    x, y = frame.units(np.array([[point.x, point.y]]))[0].tolist()
    return x, y
