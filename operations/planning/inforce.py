"""The picture: all that is in force in the database, without what waits for a person."""

from collections.abc import Set
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from city.position import Metres
from data import inforce, tables
from hazards.closure import ObservedWater
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from operations.closures import read_closures, read_doubts
from routing.ground import Ground, in_metres
from routing.picture import Picture
from shelters.place import Opening, SiteState, assumed_opening


def read_picture(
    connection: Connection,
    load: Any,
    ground: Ground,
    change: int,
    as_of: datetime,
    held: Set[int] = frozenset(),
) -> Picture:
    """All that is in force, in the city's metres; `held` back are waters that a person must look at
    first.
    """
    metres = ground.metres
    said = inforce.openings(connection, load.code)
    assumed = assumed_opening(load.assume)
    return Picture(
        change=change,
        as_of=as_of,
        orders=tuple(
            EvacuationOrder(
                id=row.id,
                hazard=HazardKind(row.hazard),
                level=AlertLevel(row.level),
                area_names=tuple(row.area_names),
                area=_in_metres(row, metres),
                issued_at=row.begun_at,
            )
            for row in inforce.standing(connection, tables.evacuation_order, load.code)
        ),
        observed=tuple(
            ObservedWater(row.id, row.source, _in_metres(row, metres), row.begun_at)
            for row in inforce.standing(connection, tables.observed_water, load.code)
            if row.id not in held
        ),
        closures=tuple(read_closures(connection, load.code, ground)),
        openings={
            site.id: SiteState(Opening(said[site.id][0]), said[site.id][1])
            if site.id in said
            else SiteState(assumed)
            for site in ground.sites
        },
        doubts=read_doubts(connection, load.code, ground),
    )


def _in_metres(row: Any, metres: Metres) -> Any:
    geometry = inforce.geometry_of(row)
    return None if geometry is None else in_metres([geometry], metres)[0]
