"""What a person said of a site goes with the site when a reload gives it another 共通ID."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from geoalchemy2.shape import to_shape
from sqlalchemy import Connection, Row, select

from city.area import folded
from city.position import Metres, Position
from data import inforce, tables
from data.cityfile import CityFile
from shelters.place import EvacuationSite, Opening

SAME_SITE_M: Final = 50.0


def carry_openings(
    connection: Connection, file: CityFile, sites: Sequence[EvacuationSite]
) -> list[str]:
    """Give every standing opening whose id is gone to the site's new id; returns remarks.

    Call it before the load that stands is replaced: its rows say which site an id was.
    """
    metres, code = Metres(file.city.crs), file.city.code
    there, before = {site.id for site in sites}, _before(connection, code)
    fresh = [site for site in sites if site.id not in before]
    gone = [
        row
        for row in inforce.standing(connection, tables.site_opening, code)
        if row.site_id not in there
    ]
    remarks = []
    # Closed first: where two sites became one, nobody is sent to what a person closed.
    for row in sorted(gone, key=lambda row: bool(row.opening != Opening.CLOSED)):
        old = before.get(row.site_id)
        new = old and _same_site(old, fresh, metres)
        if not new:
            remarks.append(_kept(row, old))
            continue
        fresh.remove(new)
        inforce.end(connection, tables.site_opening, [row.id])
        inforce.set_opening(connection, code, new.id, row.opening)
        remarks.append(f"{new.name} has the id {new.id}, no longer {row.site_id}: {row.opening}")
    return remarks


def _before(connection: Connection, code: str) -> dict[str, tuple[str, Position]]:
    """Name and place of every site of the load that stands, by id."""
    table, load = tables.evacuation_site, tables.city_load
    query = select(table).join(load).where(load.c.current, load.c.code == code)
    found = {}
    for row in connection.execute(query):
        lon, lat, _, _ = to_shape(row.geom).bounds
        found[row.id] = row.name, Position(lat, lon)
    return found


def _same_site(
    old: tuple[str, Position], sites: Sequence[EvacuationSite], metres: Metres
) -> EvacuationSite | None:
    """The nearest namesake near by, else the only one anywhere, else the nearest near by."""
    name, at = old
    here = metres.of(at)
    away = {
        site.id: float(np.hypot(*np.subtract(metres.of(site.position), here))) for site in sites
    }
    near = sorted(
        (site for site in sites if away[site.id] <= SAME_SITE_M), key=lambda site: away[site.id]
    )
    named = [site for site in sites if folded(site.name) == folded(name)]
    both = [site for site in near if site in named]
    found = both[:1] or (named if len(named) == 1 else near[:1])
    return found[0] if found else None


def _kept(row: Row[Any], old: tuple[str, Position] | None) -> str:
    who = f"{old[0]} ({row.site_id})" if old else f"a site with the id {row.site_id}"
    word = "close" if row.opening == Opening.CLOSED else "open"
    return (
        f"{who} was said to be {row.opening} and is not among the sites any more: that is kept for "
        f"its id. If it is there under another name and id: nigemichi site {word} ID"
    )
