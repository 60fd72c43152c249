"""Where in the city the rows of a file lie, in the words of its streets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from data.observing.snapping import Street, along, nearest
from hazards.evidence import names_a_street
from hazards.observation import SHUTS_ROAD, Draft, ObservationKind
from hazards.plausible import OUTSIDE_M

NAMELESS: Final = "名前のない道"


@dataclass(frozen=True, slots=True)
class Place:
    """The streets' names, those that it names or the nearest; how many metres away.

    `is_named`: it names them as a report does, and so raises what it costs to walk there.
    """

    names: tuple[str, ...]
    away_m: float
    is_named: bool


def places(connection: Connection, load: Any, drafts: Sequence[Draft]) -> list[Place]:
    """A place for each draft, `away_m` infinite where no street is anywhere near."""
    points = [one for one in drafts if one.geometry.geom_type == "Point"]
    near, away = nearest(
        connection, load, [(p.geometry, ObservationKind.OTHER, OUTSIDE_M) for p in points]
    )
    named, _ = nearest(connection, load, [(p.geometry, p.kind, p.error_m or 0.0) for p in points])
    found = {
        id(point): _of_point(load, point, one, street, metres)
        for point, one, street, metres in zip(points, named, near, away, strict=True)
    }
    return [
        found[id(one)] if id(one) in found else _of_shape(connection, load, one) for one in drafts
    ]


def _of_point(
    load: Any, draft: Draft, named: Street | None, near: Street | None, away_m: float
) -> Place:
    is_named = named is not None and draft.kind in SHUTS_ROAD and names_a_street(draft.error_m)
    street = named if is_named else near
    return Place((_name(load, street),) if street else (), away_m, is_named)


def _of_shape(connection: Connection, load: Any, draft: Draft) -> Place:
    streets, away_m = along(connection, load, draft.geometry)
    names = tuple(dict.fromkeys(_name(load, street) for street in streets))
    return Place(names, away_m, bool(streets) and draft.kind in SHUTS_ROAD)


def _name(load: Any, street: Street) -> str:
    return str(load.street_names[street.name]) if street.name >= 0 else NAMELESS
