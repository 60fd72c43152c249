"""The small city with a drone over it: photos of known spots, and a store for them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from PIL.ExifTags import Base
from sqlalchemy import Engine

from city.staff import CONSOLE, Caller
from data.readers.dronefolder import read_photos
from hazards.observation import ObservationKind
from operations.observing.droneflight import GivenFlight, Reading, Said, begin
from operations.observing.dronephotos import TakenPhoto, take_in
from tests.integration.databases import Database
from tests.integration.small_city import position
from tests.unit.data.dronemade import TAGS, a_photo, aimed_photo, gps, xmp

NOW = datetime(2026, 9, 1, 2, 10, tzinfo=UTC)
"""Ten minutes after `dronemade.a_photo` was taken."""
FLOWN = GivenFlight("JU0123456789", "消防本部 ドローン班", None, "東空運第1号", "浅瀬消防署")
_LAT, _ = position(0, 0)
NORTH_M = 111_132.954 - 559.822 * math.cos(2 * math.radians(_LAT))
EAST_M = 111_412.84 * math.cos(math.radians(_LAT)) - 93.5 * math.cos(3 * math.radians(_LAT))


class Shelf(dict[str, bytes]):
    """A store in memory."""

    def put(self, key: str, content: bytes) -> None:
        self[key] = content

    def find(self, key: str) -> bytes | None:
        return self.get(key)

    def has(self, key: str) -> bool:
        return key in self

    def remove(self, key: str) -> None:
        self.pop(key, None)

    def older(self, than: datetime) -> Iterator[str]:
        yield from ()


@dataclass
class Droned:
    """Whoever reads photos into a database."""

    engine: Engine
    database: Database
    folder: Path
    store: Any = field(default_factory=Shelf)

    def put(self, content: bytes, name: str = "") -> str:
        """A photo in the folder; returns its name."""
        name = name or f"DJI_{uuid4().hex[:8]}.JPG"
        (self.folder / name).write_bytes(content)
        return name

    def begin(self, kind: str | None = None, by: Caller = CONSOLE, **more: Any) -> Reading:
        """Begin to read."""
        shows = ObservationKind(kind) if kind else None
        said = Said(more.pop("flight", FLOWN), shows, more.pop("note", ""))
        return begin(self.engine, self.store, by, said, **more)

    def read(
        self, kind: str | None = None, path: Path | None = None, **more: Any
    ) -> list[TakenPhoto]:
        """Read the folder, or a ZIP."""
        now = more.pop("now", NOW)
        reading = self.begin(kind, **more)
        outcomes = read_photos(path or self.folder, reading.setting)
        return [take_in(reading, outcome, now) for outcome in outcomes]

    def count(self, table: str) -> int:
        """Rows of a table."""
        return int(self.database.one(f"SELECT count(*) FROM {table}"))  # noqa: S608


def above(
    x: float,
    y: float,
    *,
    height: float = 40,
    yaw: float = 0,
    pitch: float = -80,
    timed: bool = True,
) -> bytes:
    """A photo whose target is at (x, y) streets; not `timed`, it was taken as it is read."""
    lat, lon = position(x, y)
    far = height / math.tan(math.radians(-pitch))
    lat -= far * math.cos(math.radians(yaw)) / NORTH_M
    lon -= far * math.sin(math.radians(yaw)) / EAST_M
    if timed:
        return aimed_photo(lat, lon, height, yaw, pitch)
    angles = {"GimbalYawDegree": f"{yaw:+.2f}", "GimbalPitchDegree": f"{pitch:+.2f}"}
    packet = xmp(TAGS | angles | {"RelativeAltitude": f"{height:+.2f}"})
    return a_photo(place=gps(lat, lon), tags={Base.FocalLengthIn35mmFilm: 24}, packet=packet)


def metres_off(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Between two (lat, lon) of the small city."""
    return math.hypot((one[0] - other[0]) * NORTH_M, (one[1] - other[1]) * EAST_M)
