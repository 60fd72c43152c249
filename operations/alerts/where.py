"""Where an alert is for: named areas, a drawn polygon, or the whole city."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import shapely
from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from alerts.errors import NotFit
from alerts.kinds import AlertKind
from data import inforce
from hazards.zone import ZoneLayer
from operations import given
from operations.alerts.draft import Draft
from operations.alerts.drawing import drawn
from operations.proposals.proposable import spelled
from operations.published.board import audience
from operations.published.sentto import households_sent_to

LEAST_M2: Final = 100.0
"""Of the city that a drawn polygon covers: less is a slip of the hand, no area."""
_GIVEN: Final = "ST_SetSRID(CAST(:geom AS geometry), 4326)"


@dataclass(frozen=True, slots=True)
class Where:
    """`geometry` in (lon, lat), None for the whole city; `names` as the city spells them.

    `concerned` are the names of all 町丁目 of which some part lies in it, `households` the numbers
    of those to whom it goes beside whoever is in the geometry. `by`: how it was chosen: areas,
    city, polygon, zone, site or plan; `of`: which zone, place or version.
    """

    names: list[str]
    whole_city: bool
    geometry: BaseGeometry | None
    concerned: list[str]
    households: list[int] = field(default_factory=list)
    by: str = "areas"
    of: str | None = None

    @property
    def stored(self) -> Any:
        """The geometry as a column takes it."""
        return None if self.geometry is None else from_shape(self.geometry, srid=4326)

    @property
    def segment(self) -> dict[str, Any]:
        """What is stored beside it; 町丁目 are none where single households are meant."""
        return {
            "names": [] if self.households else self.concerned,
            "households": self.households,
            "by": self.by,
            **({} if self.of is None else {"of": self.of}),
        }


def where_of(connection: Connection, load: Row[Any], draft: Draft) -> Where:
    """Raises `NotThere` for an unknown area, `NotFit` for a polygon that is none of the city's."""
    if draft.whole_city:
        return Where([], True, None, [], by="city")
    if draft.by_plan:
        return _by_plan(connection, load, draft)
    if draft.polygon is None:
        names = spelled(connection, load, draft.areas)
        shape = _union(connection, load, names)
        return Where(names, False, shape, _concerned(connection, load, shape))
    shape, names = _drawn(connection, load, draft.polygon)
    if draft.kind is AlertKind.EVACUATION:
        # By name, whole: nobody knows where in a 町丁目 the line ran.
        return Where(names, False, _union(connection, load, names), names)
    # Nobody knows where a line was drawn: what is said are the names of all that it touches.
    return Where(names, False, shape, names, by="polygon")


def where_before(row: Row[Any]) -> Where:
    """Where a revision was for."""
    segment = row.segment
    chosen = segment.get("households", []), segment.get("by", "areas"), segment.get("of")
    names, shape = list(row.area_names), inforce.geometry_of(row)
    return Where(names, row.whole_city, shape, segment.get("names", []), *chosen)


def count_households(connection: Connection, load: Row[Any], where: Where) -> tuple[int, int]:
    """Households and persons who live there."""
    row = connection.execute(
        sql(
            "SELECT count(*) AS homes, coalesce(sum(persons), 0) AS persons FROM household"
            f" WHERE load_id = :load AND (:whole OR ST_Covers({_GIVEN}, geom)"
            " OR number = ANY(CAST(:households AS integer[])))"
        ),
        {
            "load": load.id,
            "whole": where.whole_city,
            "geom": _bound(where.geometry),
            "households": where.households,
        },
    ).one()
    return int(row.homes), int(row.persons)


def _by_plan(connection: Connection, load: Row[Any], draft: Draft) -> Where:
    """A zone is a shape; whom the plan sends somewhere are households by number."""
    if draft.zone is not None:
        shape = _zone(connection, load, draft.zone)
        names = _concerned(connection, load, shape)
        return Where(names, False, shape, names, by="zone", of=draft.zone)
    if draft.site is not None:
        numbers = households_sent_to(connection, load, draft.site)
    else:
        numbers = audience(connection, draft.changed_in or 0).households.tolist()
    if not numbers:
        raise NotFit("その割当には、届ける世帯がありません（the plan has no such household）")
    names = _areas_of(connection, load, numbers)
    by, of = ("plan", str(draft.changed_in)) if draft.site is None else ("site", draft.site)
    return Where(names, False, None, names, numbers, by, of)


def _zone(connection: Connection, load: Row[Any], layer: ZoneLayer) -> BaseGeometry:
    whole = connection.execute(
        sql(
            "SELECT ST_AsBinary(ST_UnaryUnion(ST_Collect(geom))) FROM hazard_zone"
            " WHERE load_id = :load AND layer = :layer AND kind = 'assumed'"
        ),
        {"load": load.id, "layer": layer},
    ).scalar()
    if whole is None:
        raise NotFit("その区域の図は、市のデータにありません（no such zone in the city's data）")
    return shapely.from_wkb(bytes(whole))


def _areas_of(connection: Connection, load: Row[Any], numbers: Sequence[int]) -> list[str]:
    rows = connection.execute(
        sql(
            "SELECT DISTINCT a.name FROM household h JOIN area a ON a.load_id = h.load_id"
            " AND a.kind = 'chome' AND a.number = h.area WHERE h.load_id = :load"
            " AND h.number = ANY(CAST(:numbers AS integer[])) ORDER BY a.name"
        ),
        {"load": load.id, "numbers": list(numbers)},
    )
    return list(rows.scalars())


def _union(connection: Connection, load: Row[Any], names: Sequence[str]) -> BaseGeometry:
    whole = connection.execute(
        sql(
            "SELECT ST_AsBinary(ST_UnaryUnion(ST_Collect(geom))) FROM area"
            " WHERE load_id = :load AND name = ANY(CAST(:names AS text[]))"
        ),
        {"load": load.id, "names": list(names)},
    ).scalar_one()
    return shapely.from_wkb(bytes(whole))


def _drawn(
    connection: Connection, load: Row[Any], polygon: object
) -> tuple[BaseGeometry, list[str]]:
    """What was drawn, as far as it lies around the city, and the names that it touches."""
    shape = given.around(given.surroundings(connection, load), drawn(polygon))
    names = [] if shape.is_empty else _concerned(connection, load, shape)
    if not names:
        raise NotFit("区域が市の外です。緯度と経度が逆ではありませんか（outside the city）")
    if _square_metres(connection, load, shape) < LEAST_M2:
        raise NotFit(
            "区域が小さすぎます。描き直してください（the polygon has no size in the city）"
        )
    return shape, names


def _square_metres(connection: Connection, load: Row[Any], shape: BaseGeometry) -> float:
    """How much of the city it covers."""
    covered = connection.execute(
        sql(
            f"SELECT coalesce(sum(ST_Area(ST_Intersection(geom, {_GIVEN})::geography)), 0)"
            " FROM area WHERE load_id = :load AND kind = 'chome'"
            f" AND ST_Intersects(geom, {_GIVEN})"
        ),
        {"load": load.id, "geom": _bound(shape)},
    ).scalar_one()
    return float(covered)


def _concerned(connection: Connection, load: Row[Any], shape: BaseGeometry) -> list[str]:
    """By their insides: neighbours along a border are not concerned."""
    rows = connection.execute(
        sql(
            "SELECT DISTINCT name FROM area WHERE load_id = :load AND kind = 'chome'"
            f" AND ST_Relate(geom, {_GIVEN}, 'T********') ORDER BY name"
        ),
        {"load": load.id, "geom": _bound(shape)},
    )
    return list(rows.scalars())


def _bound(shape: BaseGeometry | None) -> str | None:
    return None if shape is None else shape.wkb_hex
