"""Where a machine's households stand, kept for the hours in which the database is away.

A file's time is when the database last confirmed it: a link that was revoked while nobody could
look must not go on opening here.

A file for each session that was let in here, named by the hash of its secret, readable by its owner
alone. A cookie that held the number, signed, would need places to look it up in on every machine
and a key that never leaks; one that held the place would be somebody's address in a phone.
"""

import os
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import orjson

from city.errors import CityError
from city.position import Position
from data.homes.links import Home
from operations.people.signing import hash_of

FOLDER: Final = "homes"
PRUNED_EACH: Final = 1000
"""After so many new files those that are over are looked for."""
KNOWN_MOST: Final = 200_000
"""Sessions of which a process remembers that their file is as it should be."""
COUNTS_FOR: Final = timedelta(hours=12)
"""Policy: a night. Without the database for longer, paper leads."""
TOUCHED_EVERY: Final = timedelta(minutes=5)
"""A page that asks every few seconds writes no file each time."""


class Remembered:
    """What a state folder remembers; what cannot be written is not remembered."""

    def __init__(self, state: Path) -> None:
        self._folder = state / FOLDER
        self._kept: dict[str, tuple[Home, datetime]] = {}
        self._written = 0

    def keep(self, cookie: str, home: Home, now: datetime) -> None:
        """Remember a session's household, as the database has just said."""
        name = hash_of(cookie)
        before = self._kept.get(name)
        if before and before[0] == home and abs(now - before[1]) < TOUCHED_EVERY:
            return
        if len(self._kept) >= KNOWN_MOST:
            self._kept.clear()
        with suppress(OSError):
            if before and before[0] == home and self._confirm(name, now):
                self._kept[name] = home, now
                return
            self._write(name, home, now)
            self._kept[name] = home, now
            if self._written % PRUNED_EACH == 0:
                self._prune(now)
            self._written += 1

    def forget(self, cookie: str) -> None:
        """The database said that this session lets nobody in."""
        name = hash_of(cookie)
        self._kept.pop(name, None)
        with suppress(OSError):
            (self._folder / name).unlink(missing_ok=True)

    def find(self, cookie: str, now: datetime) -> Home | None:
        """The household of a session, as it was known last; None once its link is over, or nobody
        has confirmed it for `COUNTS_FOR`.
        """
        return self._read(self._folder / hash_of(cookie), now)

    def _confirm(self, name: str, now: datetime) -> bool:
        """Write the time of a file; False where it is there no more."""
        try:
            os.utime(self._folder / name, (now.timestamp(), now.timestamp()))
        except FileNotFoundError:
            return False
        return True

    def _write(self, name: str, home: Home, now: datetime) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._folder / f".{name}.{os.getpid()}"
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "wb") as file:
            file.write(orjson.dumps(asdict(home)))
        os.utime(draft, (now.timestamp(), now.timestamp()))
        draft.replace(self._folder / name)

    def _prune(self, now: datetime) -> None:
        for file in self._folder.iterdir():
            if self._read(file, now) is None:
                file.unlink(missing_ok=True)

    def _read(self, file: Path, now: datetime) -> Home | None:
        """What still counts of a file; a time to come was written by another clock."""
        try:
            if abs(now.timestamp() - file.stat().st_mtime) > COUNTS_FOR.total_seconds():
                return None
            table = orjson.loads(file.read_bytes())
            table["position"] = Position(**table["position"])
            table["expires_at"] = datetime.fromisoformat(table["expires_at"])
            home = Home(**table)
        except (OSError, ValueError, LookupError, TypeError, CityError):
            return None
        return home if home.expires_at > now else None
