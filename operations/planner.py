"""The planner: the one writer that turns recorded changes into published plan versions."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Connection, Engine, insert
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from city.daylight import is_night
from city.position import Metres
from city.traveller import Profile
from data import inforce, mapped, tables
from data.database import CHANNEL, transaction
from data.errors import NoCity, NoDatabase
from data.groundwork import ground_of
from data.live import outbox as live
from data.rows import card_of, current_load, read_city
from hazards.closure import ObservedWater
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from operations.closures import read_closures
from operations.tiling import Tiler
from routing.door import hazards_of_junctions
from routing.ground import Ground, in_metres
from routing.picture import Picture
from routing.rules import rules_from
from routing.version import PlanVersion
from shelters.place import Opening, SiteState, assumed_opening

PLANNER_LOCK = 7_310_002
KEEP_VERSIONS = 5

log = logging.getLogger("nigemichi.planner")
T = TypeVar("T")


@dataclass(slots=True)
class Standing:
    """What is published: name and number, origin, ground, and whether it is for the dark."""

    name: str
    number: int
    origin: mapped.Origin
    ground: Ground
    dark: bool


class Planner:
    """Publishes into the state folder; single by an advisory lock in the database."""

    def __init__(self, engine: Engine, state: Path) -> None:
        self.engine = engine
        self.state = mapped.home(state)
        self.standing: Standing | None = None
        self._complaint = ""
        self._tiler = Tiler()
        self._announced = ("", 0)

    def catch_up(self, still_mine: Callable[[], None] = lambda: None) -> bool:
        """Publish a version if anything changed, and note the moment; True if one was published.

        `still_mine` raises if the lock was lost meanwhile: nothing is published then.
        Raises `NoCity` before the first load, `NoDatabase` while PostgreSQL is away.
        """
        asked_at = datetime.now(UTC)
        with transaction(self.engine) as connection:
            load = current_load(connection)
            change, token = inforce.last_change(connection)
            origin, epoch = mapped.Origin(str(load.token), token), live.epoch(connection)
            before = self._intact() or self._found(origin)
            same = before is not None and before.origin == origin
            if before and same and before.dark == _dark(before.ground, asked_at):
                self.standing = before
                mapped.say_checked(self.state, asked_at)
                self._announce(epoch, before.number)
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
        self.standing = Standing(name, version.number, origin, ground, _dark(ground, asked_at))
        mapped.say_checked(self.state, asked_at)
        log.info("published version %d of change %d", version.number, change)
        self._announce(epoch, version.number)
        return True

    def run(self, stop: threading.Event, told: Callable[[str], None]) -> None:
        """Follow the database until told to stop; whatever fails is said and tried again."""
        while not stop.is_set():
            try:
                self._follow(stop, told)
            except Exception as error:  # nothing but being told to may end the planner
                with suppress(OSError, ValueError):  # of a terminal that is gone
                    told(self._failed(error))
                stop.wait(1)
        self._tiler.close()

    def _failed(self, error: Exception) -> str:
        """A failure in a line; of one that nobody foresaw the log has the rest, once.

        After any but the database's, what is published is looked at anew.
        """
        first = next(iter(str(error).splitlines()), "")
        if isinstance(error, NoDatabase | DBAPIError | psycopg.Error):
            return f"waiting for PostgreSQL: {first}"
        self.standing = None
        words = f"trying again: {type(error).__name__}: {first}"
        if words != self._complaint and not isinstance(error, OSError):
            log.error("the planner failed", exc_info=error)
        self._complaint = words
        return words

    def _follow(self, stop: threading.Event, told: Callable[[str], None]) -> None:
        with self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            # Closed afterwards, not pooled: its lock would keep the next attempt out.
            connection.detach()
            driver.set_autocommit(True)
            self._lock(driver, stop, told)
            driver.execute(f"LISTEN {CHANNEL}")
            waiting = False
            while not stop.is_set():
                try:
                    self.catch_up(lambda: driver.execute("SELECT 1"))
                    waiting = False
                    self._draw()
                except NoCity as error:
                    if not waiting:
                        told(str(error))
                    waiting = True
                for _ in driver.notifies(timeout=0.5, stop_after=1):
                    pass

    def _draw(self) -> None:
        """Have the map tiles of what is published drawn, without waiting for them."""
        if self.standing:
            self._tiler.look_after(self._folder(self.standing.origin.load))

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

    def _announce(self, epoch: str, number: int) -> None:
        """Tell who follows the live stream, once in each epoch: what another one was told may be
        lost. What goes wrong is tried again, planning goes on.
        """
        if (epoch, number) == self._announced:
            return
        try:
            with transaction(self.engine, latest=True) as connection:
                connection.execute(sql("SET LOCAL lock_timeout = '2s'"))
                live.put(connection, live.Topic.PLAN, "version", {"number": number})
            self._announced = (epoch, number)
        except Exception as error:
            log.warning("version %d was not announced: %s", number, type(error).__name__)

    def _intact(self) -> Standing | None:
        """What this planner has published, unless somebody took it away."""
        mine = self.standing
        if (
            mine
            and mapped.current_name(self.state) == mine.name
            and (self.state / mine.name / "version.json").is_file()
            and (self._folder(mine.origin.load) / "ground.json").is_file()
        ):
            return mine
        return None

    def _found(self, origin: mapped.Origin) -> Standing | None:
        """What a planner before this one has published of the same load, if it can be read."""
        name = mapped.current_name(self.state)
        return _readable(self.state / name, lambda: self._opened(name, origin)) if name else None

    def _opened(self, name: str, origin: mapped.Origin) -> Standing | None:
        found, dark = mapped.origin_of(self.state / name)
        if found.load != origin.load:
            return None
        ground = mapped.open_ground(self._folder(found.load))
        number = mapped.open_version(self.state / name, ground).number
        return Standing(name, number, found, ground, dark)

    def _folder(self, load: str) -> Path:
        return self.state / f"ground-{load}"

    def _ground(self, connection: Connection, load: Any) -> Ground:
        folder = self._folder(str(load.token))
        found = _readable(folder, lambda: mapped.open_ground(folder))
        if found is None:
            rows = read_city(connection, load)
            ground = ground_of(card_of(load), rules_from(load.settings), rows)
            mapped.whole_folder(folder, lambda f: mapped.save_ground(f, ground, load.settings))
            found = mapped.open_ground(folder)
        return found

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


def _readable(folder: Path, read: Callable[[], T | None]) -> T | None:
    """What a folder holds; one that is damaged, in whatever way, counts as absent."""
    if not folder.exists():
        return None
    try:
        return read()
    except Exception as error:
        log.warning("%s is damaged, made anew: %s: %s", folder.name, type(error).__name__, error)
        return None


def read_picture(
    connection: Connection, load: Any, ground: Ground, change: int, as_of: datetime
) -> Picture:
    """All that is in force in the database, in the city's metres."""
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
        ),
        closures=read_closures(connection, load.code, ground),
        openings={
            site.id: SiteState(Opening(said[site.id][0]), said[site.id][1])
            if site.id in said
            else SiteState(assumed)
            for site in ground.sites
        },
    )


def prepare(version: PlanVersion, at: datetime) -> None:
    """Compute the fields that most doors will ask for: what counts there, now."""
    dark = _dark(version.ground, at)
    flood = frozenset({HazardKind.FLOOD})
    calm = {flood, flood | {HazardKind.LANDSLIDE}}
    everywhere = calm | hazards_of_junctions(version).keys()
    for profile in Profile:
        for hazards in everywhere:
            version.prepare(version.conditions(profile, night=dark, hazards=hazards), hazards)


def _dark(ground: Ground, at: datetime) -> bool:
    x, y = ground.roads.junction_xy.mean(axis=0).tolist()
    return is_night(ground.metres.position(x, y), at)


def _in_metres(row: Any, metres: Metres) -> Any:
    geometry = inforce.geometry_of(row)
    return None if geometry is None else in_metres([geometry], metres)[0]
