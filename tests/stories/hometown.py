"""The fictional town with people in it: households where level 4 is in force, and few places."""

import json
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import shapely
from shapely.geometry import shape
from sqlalchemy import Engine, select
from sqlalchemy import text as sql

from city.position import Position
from city.staff import CONSOLE
from data import tables
from data.database import transaction
from data.town.write import LEVEL_4
from operations.changes.change import changing
from operations.household.links import exchange, new_links
from operations.household.turnouts import set_turnout
from operations.load_city import load_city
from operations.places.openings import change_opening
from operations.places.siteinfo import GivenRoom, set_room
from shelters.place import Opening
from tests.integration.counted import EIGHT
from tests.integration.homed import SOURCE

HOUSEHOLDS: Final = 1200
SIZES: Final = (1, 1, 1, 2, 2, 2, 3, 3, 4, 5)
HALL, SPARE = "hall", "spare"
"""Rooms: the one that is in use from the beginning, and the overflow room."""


@dataclass(frozen=True, slots=True)
class Home:
    """A household: its number, where it stands, how many live there."""

    number: int
    at: Position
    persons: int


@dataclass(frozen=True, slots=True)
class Room:
    """What a place holds: its hall, and its overflow room."""

    hall: int
    spare: int

    @property
    def all(self) -> int:
        """Both."""
        return self.hall + self.spare


def load_town(engine: Engine, town: Path, folder: Path, seed: int) -> list[Home]:
    """Load a copy of the town with households in the areas of level 4, told at 20:00."""
    shutil.copytree(town.parent, folder)
    found = list(_homes(folder / "areas.geojson", random.Random(seed)))
    lines = [f"{one.at.lat:.7f},{one.at.lon:.7f},{one.persons}" for one in found]
    (folder / "homes.csv").write_text("\n".join(["lat,lon,persons", *lines]) + "\n", "utf-8")
    city_file = folder / town.name
    city_file.write_text(city_file.read_text("utf-8") + SOURCE, "utf-8")
    load_city(engine, city_file, lambda _: None)
    with transaction(engine, latest=True) as connection:
        connection.execute(sql("UPDATE evacuation_order SET begun_at = :at"), {"at": EIGHT})
    return found


def _homes(areas: Path, dice: random.Random) -> Iterator[Home]:
    features = json.loads(areas.read_text("utf-8"))["features"]
    shapes = [shape(f["geometry"]) for f in features if f["properties"]["S_NAME"] in LEVEL_4]
    weights = [one.area for one in shapes]
    number = 0
    while number < HOUSEHOLDS:
        (area,) = dice.choices(shapes, weights)
        west, south, east, north = area.bounds
        lon, lat = dice.uniform(west, east), dice.uniform(south, north)
        if shapely.contains_xy(area, lon, lat):
            yield Home(number, Position(lat, lon), dice.choice(SIZES))
            number += 1


def give_rooms(engine: Engine, rooms: dict[str, Room], now: datetime) -> None:
    """Say what these places hold and that they are open; all others are shut."""
    with transaction(engine) as connection:
        load = select(tables.city_load.c.id).where(tables.city_load.c.current).scalar_subquery()
        site = tables.evacuation_site.c
        ids = connection.execute(select(site.id).where(site.load_id == load)).scalars().all()
    for site_id in ids:
        opening = Opening.OPEN if site_id in rooms else Opening.CLOSED
        change_opening(engine, CONSOLE, site_id, opening, now=now)
    for site_id, room in rooms.items():
        hall = GivenRoom("体育館", room.hall, "general", overflow=False, in_use=True)
        spare = GivenRoom("多目的室", room.spare, "general", overflow=True, in_use=False)
        set_room(engine, CONSOLE, site_id, HALL, hall, now=now)
        set_room(engine, CONSOLE, site_id, SPARE, spare, now=now)


def expect(engine: Engine, share: float, reason: str, now: datetime) -> None:
    """Headquarters says how many come of those under level 4."""
    given = {"level_4": share, "zoned_level_4": share}
    set_turnout(engine, CONSOLE, given, reason=reason, now=now)


def open_slips(engine: Engine, homes: Sequence[Home], now: datetime) -> dict[int, str]:
    """Print these households' slips and open them; returns their codes by household."""
    with changing(engine, CONSOLE) as change:
        rows = [(one.number, one.at, f"S-{one.number:05}") for one in homes]
        code, end = change.load.code, now + timedelta(days=1)
        tokens = new_links(change.connection, code, rows, now=now, expires_at=end)
    for token in tokens:
        exchange(engine, token, now)
    return {one.number: token for one, token in zip(homes, tokens, strict=True)}


def name(dice: random.Random) -> UUID:
    """An id as a phone makes it."""
    return UUID(int=dice.getrandbits(128), version=4)
