"""What the environment says: where the database and the mapped arrays are."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from operations.errors import Refused

ENDING: Final = "nigemichi.ending"
"""Key of the app's lifespan state: what the server calls before it waits for open answers."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`DATABASE_URL` (PostgreSQL with PostGIS) and `NIGEMICHI_STATE` (a folder of our own)."""

    database_url: str
    state: Path


def from_environment() -> Settings:
    """Read the environment; raises `Refused` with what to set."""
    missing = [name for name in ("DATABASE_URL", "NIGEMICHI_STATE") if not os.environ.get(name)]
    if missing:
        raise Refused(f"{' and '.join(missing)} not set: start commands with ./dev run")
    return Settings(os.environ["DATABASE_URL"], state_folder())


def state_folder() -> Path:
    """Where the mapped arrays are; needs no database."""
    folder = os.environ.get("NIGEMICHI_STATE")
    if not folder:
        raise Refused("NIGEMICHI_STATE is not set: start commands with ./dev run")
    return Path(folder)


def find_database_url() -> str | None:
    """Where the database is, None where nobody said."""
    return os.environ.get("DATABASE_URL") or None


def find_redis_url() -> str | None:
    """Where the Redis is that wakes the servers of several machines, None on one machine."""
    return os.environ.get("NIGEMICHI_REDIS_URL") or None


def site_address() -> str:
    """Where the city's pages are, as messages name it; raises `Refused` where production has none.

    Elsewhere it is this machine: nothing leaves it.
    """
    site = os.environ.get("NIGEMICHI_ADDRESS", "").rstrip("/")
    if os.environ.get("NIGEMICHI_PRODUCTION") == "1" and not site.startswith("https://"):
        raise Refused("NIGEMICHI_ADDRESS is not set: the https address of the city's pages")
    return site or "http://localhost:8080"
