"""Whom a plan expects and where there is room, as the database has it."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection
from sqlalchemy import text as sql

from data.homes.groups import standing_groups
from data.homes.holds import Hold, standing_holds
from data.homes.said import standing_said
from data.homes.turnouts import standing_turnout
from data.places.placerows import Place, read_places, site_ids
from hazards.kinds import HazardKind
from operations.places.placestate import counted_now
from routing.ground import Ground
from routing.plan.book import Longs
from routing.plan.expected import Expected
from routing.plan.settings import NO_LIMIT, PlanSettings, plan_settings_from
from shelters.place import SiteState
from shelters.rooms import capacity_in_use
from shelters.space import Space


@dataclass(frozen=True, slots=True)
class Evening:
    """What is expected, the space of each place by its id, and for how many a place counts of which
    nobody says how many it holds.
    """

    expected: Expected
    spaces: Mapping[str, Space]
    unstated: int = NO_LIMIT


def read_evening(
    connection: Connection,
    load: Any,
    ground: Ground,
    now: datetime,
    *,
    homes: int,
    night: bool,
) -> Evening:
    """Read counts, rooms, holds, groups and what households said, where anybody lives."""
    if not homes:
        return Evening(Expected(free=np.zeros(len(ground.sites), np.int64)), {})
    settings, turnout = plan_settings_from(load.settings)
    spaces = _spaces(connection, load, now)
    rows = {site.id: row for row, site in enumerate(ground.sites)}
    free, unstated = _free(spaces, ground, settings)
    holds = standing_holds(connection, load.code, now)
    return Evening(
        Expected(
            free=free,
            turnout=standing_turnout(connection, load.code) or turnout,
            arrived=sum(space.inside for space in spaces.values()),
            said={one.household: one.intent for one in standing_said(connection, load.code)},
            walking={one: rows[to] for one, to in _on_the_way(holds, firm=False) if to in rows},
            sent={one: rows[to] for one, to in _on_the_way(holds, firm=True) if to in rows},
            groups=[group.households for group in standing_groups(connection, load.code)],
            night=night,
        ),
        spaces,
        unstated,
    )


def on_a_calm_day(connection: Connection, load: Any, ground: Ground, now: datetime) -> Expected:
    """Read what is expected on another night than this one: nobody is inside or on the way, no room
    is kept, no place is full, no overflow room is open yet, and no household said anything.
    """
    settings, turnout = plan_settings_from(load.settings)
    places = read_places(connection, load, site_ids(connection, load), now)
    spaces = {key: _empty(_overflow_shut(place), frozenset()) for key, place in places.items()}
    return Expected(
        free=_free(spaces, ground, settings)[0],
        turnout=standing_turnout(connection, load.code) or turnout,
        groups=[group.households for group in standing_groups(connection, load.code)],
        night=True,
    )


def _free(spaces: Mapping[str, Space], ground: Ground, settings: PlanSettings) -> tuple[Longs, int]:
    """(S,) persons that each site has room for, and for how many one counts that says nothing."""
    known = any(space.ordinary is not None for space in spaces.values())
    unstated = settings.unstated_persons if known else NO_LIMIT
    free = [spaces[site.id].free(unstated) if site.id in spaces else 0 for site in ground.sites]
    return np.array(free, np.int64), unstated


def _on_the_way(holds: Sequence[Hold], *, firm: bool) -> list[tuple[int, str]]:
    """Households with the site that they go to, by their own word or by that of staff."""
    mine = [one for one in holds if one.firm is firm]
    return [(one.household, one.site_id) for one in mine if one.household is not None]


def _spaces(connection: Connection, load: Any, now: datetime) -> dict[str, Space]:
    held: dict[str, int] = {}
    for hold in standing_holds(connection, load.code, now):
        if hold.firm:
            held[hold.site_id] = held.get(hold.site_id, 0) + hold.persons
    spaces = {}
    for place, counted in counted_now(connection, load, now):
        receives = SiteState(place.opening).receives
        spaces[place.id] = replace(
            _empty(place, place.hazards),
            inside=counted.persons or 0 if receives else 0,
            held=held.get(place.id, 0),
            full=place.opening == "full",
        )
    return spaces


def _overflow_shut(place: Place) -> Place:
    rooms = (replace(room, in_use=room.in_use and not room.overflow) for room in place.rooms)
    return replace(place, rooms=tuple(rooms))


def _empty(place: Place, hazards: Set[HazardKind]) -> Space:
    """What a place holds under these hazards while nobody is there."""
    return Space(
        ordinary=capacity_in_use(place.rooms, place.stated, hazards),
        overflow=tuple(
            room for room in place.rooms if room.overflow and not room.in_use and room.for_anybody
        ),
        inside=0,
        held=0,
        full=False,
    )


def counts_mark(connection: Connection, code: str, now: datetime) -> str:
    """Words that change with every figure and every room of every place, and with whoever is on the
    way, also when that ends by itself.
    """
    query = sql(
        "SELECT md5(coalesce((SELECT string_agg(site_id || figure::text, ',' ORDER BY site_id)"
        " FROM site_figure WHERE city_code = :code), '') ||"
        " coalesce((SELECT string_agg(room::text, ',' ORDER BY site_id, room)"
        " FROM site_room room WHERE city_code = :code), '') ||"
        " (SELECT concat(count(*), max(begun_at)) FROM hold WHERE city_code = :code"
        " AND ended_at IS NULL AND expires_at > :now))"
    )
    return str(connection.execute(query, {"code": code, "now": now}).scalar_one())
