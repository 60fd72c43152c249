"""What several commands need: the database, and positions and times as they are typed."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import click

from city.position import Position
from operations.errors import Refused
from operations.settings import from_environment

if TYPE_CHECKING:
    from sqlalchemy import Engine

FARTHEST: Final = timedelta(days=366)
"""As for the API (`api/asked.py`)."""


def engine() -> "Engine":
    """The database of the environment; shut when the command ends, however it ends."""
    from data.database import connect, shut

    made = connect(from_environment().database_url)
    click.get_current_context().call_on_close(lambda: shut(made))
    return made


def position(text: str) -> Position:
    """LAT,LON as typed; raises `Refused`."""
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError:
        raise Refused(f"write LAT,LON, such as 29.60223,135.39625, not {text!r}") from None
    return Position(lat, lon)


def moment(text: str, name: str = "--at", *, farthest: timedelta | None = FARTHEST) -> datetime:
    """An ISO 8601 time with offset, not farther from now than `farthest`; raises `Refused`, which
    speaks of `name`.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f"{name} is ISO 8601 such as 2026-10-10T20:42+09:00, not {text!r}") from None
    if at.tzinfo is None:
        raise Refused(f"{name} needs an offset, such as +09:00")
    if farthest and abs(at - datetime.now(UTC)) > farthest:
        raise Refused(f"{name} is more than a year away from now: {text}")
    return at
