"""The version that answers now: mapped from the state folder, swapped when a new one is published.

Nothing here needs the database: with PostgreSQL stopped the last version goes on answering.
"""

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data import mapped
from data.errors import NoCity
from data.tiles import TILES
from routing.field import warm
from routing.ground import Ground
from routing.homes import Homes
from routing.plan.near import tree_of
from routing.version import PlanVersion

STALE_AFTER = timedelta(seconds=10)

log = logging.getLogger("nigemichi.serving")


@dataclass(frozen=True, slots=True)
class Freshness:
    """When the version was last known to hold everything, and whether that is too long ago."""

    checked_at: datetime
    stale: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Answering:
    """The version that answers, of ground and homes of this load, and its folder's name."""

    name: str
    load: str
    version: PlanVersion


class CurrentVersion:
    """Follows `current`; `version` is read without a lock and is always a whole one."""

    def __init__(self, state: Path) -> None:
        self.state = mapped.home(state)
        self._answering: _Answering | None = None
        self._ground: tuple[str, Ground, Homes] | None = None
        self._checked: tuple[str, datetime] | None = None
        self._complaint = ""
        self._stop = threading.Event()

    @property
    def version(self) -> PlanVersion:
        """The version that answers; raises `NoCity` before the first one."""
        return self._whole.version

    @property
    def load(self) -> str:
        """The token of the city load that answers, empty before the first version."""
        answering = self._answering
        return answering.load if answering else ""

    @property
    def ground_folder(self) -> Path:
        """Where the ground that answers is mapped from."""
        return self.state / f"ground-{self.load}"

    @property
    def tiles(self) -> Path:
        """The map tiles of the ground that answers; they may not be there yet, or ever."""
        return self.ground_folder / TILES

    def freshness(self, now: datetime) -> Freshness:
        """How old the knowledge is: a note on another version than ours says nothing of ours, and
        one from the future was written by another clock.
        """
        ours, before = self._whole, self._checked
        noted = mapped.last_checked(self.state, ours.name)
        if noted is None and before and before[0] == ours.name:
            noted = before[1]
        at = noted or ours.version.picture.as_of
        self._checked = ours.name, at
        return Freshness(at, abs(now - at) > STALE_AFTER)

    def refresh(self) -> bool:
        """Map the published version if it is another one than ours.

        Raises whatever reading a broken one raises; ours goes on answering then.
        """
        name, ours = mapped.current_name(self.state), self._answering
        if name == "" or (ours and name == ours.name):
            return False
        folder = self.state / name
        load = mapped.load_of(folder)
        version = mapped.open_version(folder, *self._ground_of(load))
        # In one step: whoever reads meanwhile sees load and version of the one or of the other.
        self._answering = _Answering(name, load, version)
        return True

    def try_refresh(self) -> None:
        """Refresh; a version that cannot be mapped is logged once, and tried again."""
        try:
            self.refresh()
            self._complaint = ""
        except Exception as error:  # whatever is broken in it, the last version must go on
            if str(error) != self._complaint:
                log.warning("the published version cannot be mapped: %s", error)
            self._complaint = str(error)

    def follow(self) -> threading.Thread:
        """Look for a new version every 20 ms in a thread of its own, until `close`."""
        thread = threading.Thread(target=self._run, name="current-version", daemon=True)
        thread.start()
        return thread

    @property
    def _whole(self) -> _Answering:
        if self._answering is None:
            raise NoCity("no plan has been published yet: load a city and start the planner")
        return self._answering

    def _ground_of(self, load: str) -> tuple[Ground, Homes]:
        """Opened once, however often a version of it cannot be."""
        opened = self._ground
        if opened is None or opened[0] != load:
            self._ground = opened = load, *_opened(self.state / f"ground-{load}")
        return opened[1], opened[2]

    def _warm(self) -> None:
        """Load the field's compiled loops before the first question that needs them."""
        if not self._stop.wait(1):
            warm()

    def close(self) -> None:
        """End the thread."""
        self._stop.set()

    def _run(self) -> None:
        threading.Thread(target=self._warm, name="warm", daemon=True).start()
        while not self._stop.wait(0.02):
            self.try_refresh()


def _opened(folder: Path) -> tuple[Ground, Homes]:
    """A load's ground and homes, ready for the first door."""
    homes = mapped.open_homes(folder)
    if len(homes):
        tree_of(homes)
    return mapped.open_ground(folder), homes


def utc_now() -> datetime:
    """The moment, aware."""
    return datetime.now(UTC)
