"""What a person said of a site goes with the site when a reload gives it another 共通ID."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from geoalchemy2.shape import to_shape
from sqlalchemy import Connection, Row, select

from city.area import folded
from city.position import Metres, Position
from data import inforce, tables
from data.cityfile import CityFile
from shelters.place import RECEIVING, EvacuationSite

SAME_SITE_M: Final = 50.0


@dataclass(frozen=True, slots=True)
class Place:
    """What a site's id stood for: its name, and where it is."""

    name: str
    position: Position

    def away_m(self, site: EvacuationSite, metres: Metres) -> float:
        """Metres to a site."""
        here, there = metres.of(self.position), metres.of(site.position)
        return float(np.hypot(*np.subtract(there, here)))

    def is_surely(self, site: EvacuationSite, metres: Metres) -> bool:
        """Whether a site is the same place: it has its name, and stands there."""
        same = folded(self.name) == folded(site.name)
        return same and self.away_m(site, metres) <= SAME_SITE_M

    def is_at(self, site: EvacuationSite, metres: Metres) -> bool:
        """Whether a site may be the same place: it has its name, or stands there."""
        if folded(self.name) == folded(site.name):
            return True
        return self.away_m(site, metres) <= SAME_SITE_M


def places(connection: Connection, code: str) -> dict[str, Place]:
    """Every site of the load that stands, by id: ask before it is replaced."""
    table, load = tables.evacuation_site, tables.city_load
    query = select(table).join(load).where(load.c.current, load.c.code == code)
    return {row.id: _place(row.name, row.geom) for row in connection.execute(query)}


def moved_places(
    file: CityFile, sites: Sequence[EvacuationSite], before: dict[str, Place]
) -> dict[str, str]:
    """The new id of each site that is surely still there and whose id is gone."""
    metres = Metres(file.city.crs)
    ids = {site.id for site in sites}
    moved: dict[str, str] = {}
    for old, place in before.items():
        same = None if old in ids else _same_site(place, sites, (), metres, sure=True)
        if same and same.id not in before and same.id not in moved.values():
            moved[old] = same.id
    return moved


def carry_openings(
    connection: Connection,
    file: CityFile,
    sites: Sequence[EvacuationSite],
    before: dict[str, Place],
) -> list[str]:
    """Give every standing opening whose site has another id now to that id; returns remarks.

    "Open" goes only to a site of the same name at the same place. "Closed" goes to what may be
    the same site, and stays with its id where none may. Nobody opens or closes a site before the
    transaction ends.
    """
    metres, code = Metres(file.city.crs), file.city.code
    inforce.hold_openings(connection)
    by_id = {site.id: site for site in sites}
    fresh = [s for s in sites if s.id not in before or not before[s.id].is_at(s, metres)]
    remarks: list[str] = []
    closed_ids: set[str] = set()
    # Closed first: where two sites became one, nobody is sent to what a person closed.
    rows = inforce.standing(connection, tables.site_opening, code)
    for row in sorted(rows, key=lambda row: row.opening in RECEIVING):
        meant = _place(row.site_name, row.geom) if row.site_name else before.get(row.site_id)
        there, closed = by_id.get(row.site_id), row.opening not in RECEIVING
        if there and (meant is None or meant.is_surely(there, metres)):
            if closed:
                closed_ids.add(row.site_id)
            continue
        new = meant and _same_site(meant, sites, fresh, metres, sure=not closed)
        if closed:
            closed_ids.add(new.id if new else row.site_id)
        elif new and new.id in closed_ids:
            inforce.end(connection, tables.site_opening, [row.id])
            remarks.append(_stays_closed(row, new))
            continue
        if closed and there and meant and not new and meant.is_at(there, metres):
            remarks.append(_renamed(row, meant, there))
            continue
        if new:
            fresh = [site for site in fresh if site is not new]
            inforce.end(connection, tables.site_opening, [row.id])
            _say_again(connection, code, new, row)
            remarks.append(_moved(row, new))
        elif (there or meant) and not closed:
            inforce.end(connection, tables.site_opening, [row.id])
            remarks.append(_ended(row, meant, there))
        else:
            remarks.append(_kept(row, meant, there))
    return remarks


def _say_again(connection: Connection, code: str, new: EvacuationSite, row: Row[Any]) -> None:
    """What was said of a site, of its new id."""
    inforce.set_opening(
        connection,
        code,
        new,
        row.opening,
        since=row.begun_at,
        stage=row.stage,
        expected_at=row.expected_at,
        note=row.note,
        said_by=row.said_by,
    )


def _place(name: str, point: Any) -> Place:
    lon, lat, _, _ = to_shape(point).bounds
    return Place(name, Position(lat, lon))


def _same_site(
    meant: Place,
    sites: Sequence[EvacuationSite],
    fresh: Sequence[EvacuationSite],
    metres: Metres,
    *,
    sure: bool,
) -> EvacuationSite | None:
    """The nearest namesake near by; unless it must be `sure`, else the only `fresh` one anywhere,
    else the nearest fresh one near by.
    """

    def away_m(site: EvacuationSite) -> float:
        return meant.away_m(site, metres)

    surely = sorted((site for site in sites if meant.is_surely(site, metres)), key=away_m)
    if surely or sure:
        return surely[0] if surely else None
    named = [site for site in fresh if folded(site.name) == folded(meant.name)]
    near = sorted((site for site in fresh if away_m(site) <= SAME_SITE_M), key=away_m)
    return named[0] if len(named) == 1 else next(iter(near), None)


def _renamed(row: Row[Any], meant: Place, there: EvacuationSite) -> str:
    return (
        f"the id {row.site_id} names {there.name} now, no longer {meant.name}, or at another "
        f"place: it stays {row.opening}. If that is wrong: nigemichi site open {row.site_id}"
    )


def _stays_closed(row: Row[Any], new: EvacuationSite) -> str:
    return (
        f"{new.name} has the id {new.id} and stays closed, for what may be the same site was said "
        f"to be closed; {row.site_id} was said to be {row.opening}. If it is: nigemichi site open "
        f"{new.id}"
    )


def _moved(row: Row[Any], new: EvacuationSite) -> str:
    return f"{new.name} has the id {new.id}, no longer {row.site_id}: {row.opening}"


def _ended(row: Row[Any], meant: Place | None, there: EvacuationSite | None) -> str:
    who = meant.name if meant else "another site"
    if there is None:
        return (
            f"{who} ({row.site_id}) was said to be {row.opening} and is not among the sites any "
            f"more: whatever else stands there counts as not confirmed. If it is: "
            f"{_command(row, 'ID')}"
        )
    return (
        f"the id {row.site_id} names {there.name} now, no longer {who}, which was said to be "
        f"{row.opening}: that does not hold for {there.name}. If it is: {_command(row)}"
    )


def _kept(row: Row[Any], meant: Place | None, there: EvacuationSite | None) -> str:
    who = f"{meant.name} ({row.site_id})" if meant else f"a site with the id {row.site_id}"
    if there:
        return (
            f"{who} was said to be {row.opening}; the id names {there.name} now, which stays "
            f"{row.opening}. If that is wrong: nigemichi site open {row.site_id}"
        )
    return (
        f"{who} was said to be {row.opening} and is not among the sites any more: that is kept for "
        f"its id. If it is there under another name and id: {_command(row, 'ID')}"
    )


def _command(row: Row[Any], site: str = "") -> str:
    word = "close" if row.opening not in RECEIVING else "open"
    return f"nigemichi site {word} {site or row.site_id}"
