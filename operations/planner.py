"""The planner: the one writer that turns recorded changes into published plan versions."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import shapely
from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import DBAPIError

from city.daylight import is_night
from city.position import Metres
from city.traveller import Profile
from data import inforce, mapped, tables
from data.database import CHANNEL, transaction
from data.errors import NoCity, NoDatabase
from data.rows import card_of, current_load, read_city
from data.sources import ground_of
from hazards.closure import Closure, ObservedWater
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from routing.ground import Ground, in_metres
from routing.picture import Picture
from routing.rules import rules_from
from routing.version import Hazards, PlanVersion
from routing.weights import Conditions
from shelters.place import Opening, SiteState

PLANNER_LOCK = 7_310_002
KEEP_VERSIONS = 5
SAME_STREET_M = 5.0
"""A closure finds its street again after a reload where the middle of its line lies this near."""

log = logging.getLogger("nigemichi.planner")


@dataclass(slots=True)
class Standing:
    """What is published: its origin, its ground, and whether its fields are for the dark."""

    origin: mapped.Origin
    ground: Ground
    dark: bool


class Planner:
    """Publishes into the state folder; single by an advisory lock in the database."""

    def __init__(self, engine: Engine, state: Path) -> None:
        self.engine = engine
        self.state = mapped.home(state)
        self.standing: Standing | None = None
        self.state.mkdir(parents=True, exist_ok=True)

    def catch_up(self, still_mine: Callable[[], None] = lambda: None) -> bool:
        """Publish a version if anything changed, and note the moment; True if one was published.

        `still_mine` raises if the lock was lost meanwhile: nothing is published then.
        Raises `NoCity` before the first load, `NoDatabase` while PostgreSQL is away.
        """
        asked_at = datetime.now(UTC)
        with transaction(self.engine) as connection:
            load = current_load(connection)
            change, token = inforce.last_change(connection)
            origin = mapped.Origin(str(load.token), token)
            before = self.standing or self._found(origin)
            same = before is not None and before.origin == origin
            if before and same and before.dark == _dark(before.ground, asked_at):
                self.standing = before
                mapped.say_checked(self.state, asked_at)
                return False
            same_ground = before is not None and before.origin.load == origin.load
            ground = before.ground if before and same_ground else self._ground(connection, load)
            picture = read_picture(connection, load, ground, change, asked_at)
        version = self._version(ground, picture, load.id)
        name = f"version-{version.number}-{origin.change[:8]}"
        mapped.whole_folder(
            self.state / name, lambda folder: mapped.save_version(folder, version, origin)
        )
        still_mine()
        mapped.publish(self.state, name)
        mapped.prune(self.state, versions=KEEP_VERSIONS, ground=f"ground-{origin.load}")
        self.standing = Standing(origin, ground, _dark(ground, asked_at))
        mapped.say_checked(self.state, asked_at)
        log.info("published version %d of change %d", version.number, change)
        return True

    def run(self, stop: threading.Event, told: Callable[[str], None]) -> None:
        """Follow the database until told to stop; what fails is said and tried again."""
        while not stop.is_set():
            try:
                self._follow(stop, told)
            except (NoDatabase, DBAPIError, psycopg.Error) as error:
                told(f"waiting for PostgreSQL: {str(error).splitlines()[0]}")
                stop.wait(1)
            except OSError as error:
                told(f"trying again: {error}")
                stop.wait(1)

    def _follow(self, stop: threading.Event, told: Callable[[str], None]) -> None:
        with self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.set_autocommit(True)
            self._lock(driver, stop, told)
            driver.execute(f"LISTEN {CHANNEL}")
            waiting = False
            while not stop.is_set():
                try:
                    self.catch_up(lambda: driver.execute("SELECT 1"))
                    waiting = False
                except NoCity as error:
                    if not waiting:
                        told(str(error))
                    waiting = True
                for _ in driver.notifies(timeout=0.5, stop_after=1):
                    pass

    def _lock(self, driver: Any, stop: threading.Event, told: Callable[[str], None]) -> None:
        """Wait until no other planner is at work on this database."""
        said = False
        while not stop.is_set():
            row = driver.execute("SELECT pg_try_advisory_lock(%s)", (PLANNER_LOCK,)).fetchone()
            if row[0]:
                return
            if not said:
                told("another planner is at work: standing by")
                said = True
            stop.wait(0.5)

    def _found(self, origin: mapped.Origin) -> Standing | None:
        """What a planner before this one has published of the same load."""
        found = mapped.published(self.state)
        if found is None or found[0].load != origin.load:
            return None
        return Standing(found[0], mapped.open_ground(self._folder(origin.load)), found[1])

    def _folder(self, load: str) -> Path:
        return self.state / f"ground-{load}"

    def _ground(self, connection: Connection, load: Any) -> Ground:
        folder = self._folder(str(load.token))
        if not (folder / "ground.json").is_file():
            rows = read_city(connection, load)
            ground = ground_of(card_of(load), rules_from(load.settings), rows)
            mapped.whole_folder(folder, lambda f: mapped.save_ground(f, ground, load.settings))
        return mapped.open_ground(folder)

    def _version(self, ground: Ground, picture: Picture, load_id: int) -> PlanVersion:
        """Number a version and compute what most doors will ask of it."""
        with transaction(self.engine) as connection:
            number = connection.execute(
                insert(tables.plan_version)
                .values(change_id=picture.change, load_id=load_id)
                .returning(tables.plan_version.c.number)
            ).scalar_one()
        version = PlanVersion.of(number, ground, picture)
        prepare(version, picture.as_of)
        return version


def read_picture(
    connection: Connection, load: Any, ground: Ground, change: int, as_of: datetime
) -> Picture:
    """All that is in force in the database, in the city's metres."""
    metres = ground.metres
    said = inforce.openings(connection, load.code)
    assumed = Opening.UNCONFIRMED if load.assume == "open" else Opening.CLOSED
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
        ),
        closures=tuple(
            _closure(row, ground) for row in inforce.standing(connection, tables.closure, load.code)
        ),
        openings={
            site.id: SiteState(Opening(said[site.id][0]), said[site.id][1])
            if site.id in said
            else SiteState(assumed)
            for site in ground.sites
        },
    )


def prepare(version: PlanVersion, at: datetime) -> None:
    """Compute the fields that most doors will ask for: what is in force, now."""
    storm = version.picture.storm(version.ground.rules.underpass_closes_at)
    for profile in Profile:
        conditions = Conditions(profile, _dark(version.ground, at), storm)
        for hazards in _hazards_of_doors(version):
            version.field(conditions, hazards)


def _hazards_of_doors(version: PlanVersion) -> set[Hazards]:
    """The sets of hazards that orders put in force, and those that count without an order."""
    calm = {
        frozenset({HazardKind.FLOOD}),
        frozenset({HazardKind.FLOOD, HazardKind.LANDSLIDE}),
    }
    sample = version.ground.roads.junction_xy[
        :: max(1, len(version.ground.roads.junction_xy) // 500)
    ]
    ordered: dict[HazardKind, Any] = {}
    for order in version.picture.orders:
        inside = (
            np.ones(len(sample), bool)
            if order.area is None
            else shapely.intersects_xy(order.area, sample[:, 0], sample[:, 1])
        )
        ordered[order.hazard] = ordered.get(order.hazard, False) | inside
    combined = {
        frozenset(hazard for hazard, inside in ordered.items() if inside[row])
        for row in range(len(sample))
    }
    return calm | {hazards for hazards in combined if hazards}


def _dark(ground: Ground, at: datetime) -> bool:
    x, y = ground.roads.junction_xy.mean(axis=0).tolist()
    return is_night(ground.metres.position(x, y), at)


def _in_metres(row: Any, metres: Metres) -> Any:
    geometry = inforce.geometry_of(row)
    return None if geometry is None else in_metres([geometry], metres)[0]


def _closure(row: Any, ground: Ground) -> Closure:
    """Find a closure's street again: the one whose line runs along it."""
    line = _in_metres(row, ground.metres)
    street, away = None, SAME_STREET_M
    for candidate in ground.tree.query(line, predicate="dwithin", distance=SAME_STREET_M):
        apart = shapely.hausdorff_distance(ground.lines[candidate], line)
        if apart < away:
            street, away = int(candidate), apart
    if street is None:
        log.warning(
            "closure %d matches no street of the loaded city: shown, closes nothing", row.id
        )
    return Closure(row.id, street, row.reason, line, row.begun_at)
