"""The small city with households in it, and slips' links into them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from city.position import Position
from city.staff import CONSOLE
from operations.changes.change import changing
from operations.household.links import new_links
from operations.load_city import load_city
from operations.serving import utc_now
from tests.integration.small_city import position, write_small_city

AT = ((1.3, 6.0), (4.4, 5.1), (4.4, 5.1), (3.4, 1.1), (5.2, 1.3), (2.3, 5.2))
"""Where each household stands, in streets: 1 and 2 in one house, 3 and 4 in the south."""
PERSONS = (2, 3, 1, 4, 2, 60)
SOURCE = '\n[sources.households]\nformat = "points"\npath = "homes.csv"\n'


def write_homes(folder: Path, at: Sequence[tuple[float, float]] = AT) -> Path:
    """Write the households; returns the city file."""
    lines = ["lat,lon,persons"]
    for (x, y), persons in zip(at, PERSONS, strict=False):
        lat, lon = position(x, y)
        lines.append(f"{lat:.7f},{lon:.7f},{persons}")
    (folder / "homes.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder / "city.toml"


def write_homed_city(folder: Path, code: str = "99902") -> Path:
    """The small city's files with `AT` as its households."""
    write_small_city(folder, code, SOURCE)
    return write_homes(folder)


def load(engine: Engine, city_file: Path) -> None:
    """Load a city, whichever is there."""
    load_city(engine, city_file, lambda _: None, other_city=True)


@dataclass(frozen=True, slots=True)
class Slip:
    """A printed slip: what is read aloud, and what its code holds."""

    household: int
    label: str
    token: str


def slips(engine: Engine, *households: int, expires_at: datetime | None = None) -> list[Slip]:
    """Print slips for these households."""
    now = utc_now()
    with changing(engine, CONSOLE) as change:
        rows = [(one, Position(*position(*AT[one])), f"S-{one:03}") for one in households]
        tokens = new_links(
            change.connection,
            change.load.code,
            rows,
            now=now,
            expires_at=expires_at or now + timedelta(days=3),
        )
    pairs = zip(rows, tokens, strict=True)
    return [Slip(number, label, token) for (number, _, label), token in pairs]
