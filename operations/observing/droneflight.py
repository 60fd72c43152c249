"""What is known of a flight before its photos are read: by which right, over which ground."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from city.position import Position
from city.staff import Caller
from data import missions
from data.database import transaction
from data.observing.heights import junction_heights
from data.photos.store import Store
from data.readers.dronefolder import Setting
from data.rows import card_of, current_load
from hazards.aiming import FLAT, above_takeoff
from hazards.flight import Exemption, Flight, Track
from hazards.observation import ObservationKind
from hazards.sightline import Ground
from operations.wording import LONGEST, line

LONGEST_FACT: Final = 60
FLEW_ALREADY_M: Final = 10.0
"""A track whose first point is this high did not begin where the drone took off."""


@dataclass(frozen=True, slots=True)
class GivenFlight:
    """What was said of a flight, as it was typed; a `mission` may know the rest."""

    drone: str = ""
    operator: str = ""
    mission: int | None = None
    permit: str = ""
    asked_by: str = ""

    def __bool__(self) -> bool:
        return bool(self.mission or any((self.drone, self.operator, self.permit, self.asked_by)))


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of all photos of a reading; without a `kind` a person says it of each."""

    flight: GivenFlight = GivenFlight()
    kind: ObservationKind | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of photos: by whom, for which flight, over which ground, into which store."""

    engine: Engine
    store: Store
    by: Caller
    setting: Setting
    flight: Flight | None = None
    kind: ObservationKind | None = None
    note: str = ""

    @property
    def is_flat(self) -> bool:
        """Whether the ground is taken to be flat."""
        return self.setting.ground is None


def begin(
    engine: Engine,
    store: Store,
    by: Caller,
    said: Said,
    *,
    track: Track | None = None,
    takeoff: Position | None = None,
) -> Reading:
    """Begin to read photos. The ground has the heights of the map's junctions, where the map knows
    them, and it is known where the drone took off: by `takeoff`, or the first point of its track.

    Raises `BadFlight`, `NotThere` for a mission, `Refused` for what is no line, `NoCity`.
    """
    note = line(said.note, "メモ", longest=LONGEST)
    with transaction(engine) as connection:
        load = current_load(connection)
        flight = flight_of(connection, load.code, said.flight)
        zone = ZoneInfo(card_of(load).timezone)
        ground = _ground(connection, load, takeoff or _first(track))
    # The nearest junction's height is as far from the ground as a plain is from flat.
    setting = Setting(zone, track, ground, FLAT if ground else None)
    return Reading(engine, store, by, setting, flight, said.kind, note)


def flight_of(connection: Connection, code: str, given: GivenFlight) -> Flight | None:
    """The flight, with what its mission knows of it; None where nothing was said.

    Raises `BadFlight`, `NotThere`, `Refused`.
    """
    if not given:
        return None
    if given.mission is not None:
        known = missions.get(connection, code, given.mission).flight or {}
        facts = ("drone", "operator", "permit", "asked_by")
        missing = {name: known.get(name, "") for name in facts if not getattr(given, name)}
        given = replace(given, **missing)
    return Flight(
        _line(given.drone, "機体の登録記号"),
        _line(given.operator, "操縦者"),
        given.mission,
        _line(given.permit, "許可番号"),
        Exemption(asked_by) if (asked_by := _line(given.asked_by, "依頼した機関")) else None,
    )


def zone_of(engine: Engine) -> ZoneInfo:
    """The zone of the city's clocks; raises `NoCity`."""
    with transaction(engine) as connection:
        return ZoneInfo(card_of(current_load(connection)).timezone)


def day_of(setting: Setting, now: datetime) -> str:
    """The day by the city's clocks: the same said on another day is another flight."""
    return now.astimezone(setting.zone).date().isoformat()


def _line(text: str, what: str) -> str:
    return line(text, what, longest=LONGEST_FACT)


def _first(track: Track | None) -> Position | None:
    """Where a track began on the ground."""
    if track is None:
        return None
    fix = track.fixes[0]
    return fix.position if (fix.height_m or 0.0) <= FLEW_ALREADY_M else None


def _ground(connection: Connection, load: Any, takeoff: Position | None) -> Ground | None:
    if takeoff is None:
        return None
    heights = junction_heights(connection, load)
    return above_takeoff(heights, takeoff) if heights else None
