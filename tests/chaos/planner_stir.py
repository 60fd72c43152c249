"""What keeps the planner busy: closures, openings and counts, with a ledger of what stood when."""

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine

from city.position import Position
from city.staff import CONSOLE
from data import inforce
from data.database import transaction
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.errors import Refused
from operations.household.turnouts import set_turnout
from operations.places.counts import GivenCount, record_counts
from operations.places.siteinfo import GivenRoom, set_room
from operations.serving import utc_now
from shelters.counting import CountKind
from shelters.place import Opening
from tests.integration.small_city import SIDE, SITES, position

ROOMS: Final[Mapping[str, int]] = {"E1": 62, "E2": 30, "E3": 100, "E4": 20}
MOST_INSIDE: Final = 40
MOST_CLOSED: Final = 5
"""Streets at a time: so few take nobody's every way, and none of them waits for a person."""
STEPS: Final[Mapping[str, tuple[Opening, ...]]] = {
    "E1": (Opening.OPEN, Opening.FULL),
    **dict.fromkeys(("E2", "E3", "E4"), (Opening.OPEN, Opening.FULL, Opening.CLOSED)),
}
"""The first place is never shut: somebody has a place at any time."""


@dataclass(frozen=True, slots=True)
class Stood:
    """What stood after a change: closures by id, openings by site; `since` when it was known."""

    since: datetime
    closures: frozenset[int]
    openings: Mapping[str, Opening]


@dataclass
class Stirring:
    """The one writer of changes; `ledger` says what stood after the change of each number."""

    engine: Engine
    seed: int
    ledger: dict[int, Stood] = field(default_factory=dict)
    inside: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ROOMS, 0))
    wrong: BaseException | None = None

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.closed: set[int] = set()
        self.openings = {site: Opening.UNCONFIRMED for site, *_ in SITES}
        self.changed = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stirring")

    def begin(self) -> None:
        """The order, how many come, what the places hold; then changes without end."""
        changes.set_level(self.engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
        all_come = {"level_4": 1, "zoned_level_4": 1}
        set_turnout(self.engine, CONSOLE, all_come, reason="試験", now=utc_now())
        for site, persons in ROOMS.items():
            room = GivenRoom("体育館", persons, "general", overflow=False, in_use=True)
            set_room(self.engine, CONSOLE, site, "hall", room, now=utc_now())
        self._note()
        self._thread.start()

    def stop(self) -> None:
        """No more changes."""
        self._stop.set()
        self._thread.join(60)

    def end(self) -> None:
        """No more changes but a last one, which a version must hold."""
        self.stop()
        if self.wrong:
            raise self.wrong
        self._open_or_close("E2")

    @property
    def last(self) -> int:
        """The number of the last change."""
        return max(self.ledger)

    def _run(self) -> None:
        try:
            while not self._stop.wait(self.dice.uniform(0.05, 0.6)):
                self._stir()
        except BaseException as error:  # the test's thread tells of it
            self.wrong = error

    def _stir(self) -> None:
        chance = self.dice.random()
        if chance < 0.3:
            self._count(self.dice.choice(list(ROOMS)))
        elif chance < 0.5:
            self._open_or_close(self.dice.choice(list(ROOMS)))
        elif len(self.closed) >= MOST_CLOSED or (self.closed and chance < 0.7):
            self._reopen()
        else:
            self._close()

    def _count(self, site: str) -> None:
        persons = self.dice.choice((1, 2, 3, 5, -2))
        if 0 <= self.inside[site] + persons <= MOST_INSIDE:
            number, now = UUID(int=self.dice.getrandbits(128), version=4), utc_now()
            count = GivenCount(str(number), CountKind.CHANGE, persons, now)
            record_counts(self.engine, CONSOLE, site, [count], sent_at=now, now=now)
            self.inside[site] += persons

    def _open_or_close(self, site: str) -> None:
        others = [step for step in STEPS[site] if step is not self.openings[site]]
        after = self.dice.choice(others)
        if self.openings[site] is Opening.CLOSED:
            after = Opening.OPEN
        changes.open_site(self.engine, site, after)
        self.openings[site] = after
        self._note()

    def _close(self) -> None:
        column, row = self.dice.randrange(SIDE - 1), self.dice.randrange(SIDE)
        at = Position(*position(column + 0.5, row))
        try:
            number, _, _ = changes.close_road(self.engine, at, "試験")
        except Refused:
            return
        self.closed.add(number)
        self._note()

    def _reopen(self) -> None:
        number = self.dice.choice(sorted(self.closed))
        changes.reopen_road(self.engine, [number])
        self.closed.remove(number)
        self._note()

    def _note(self) -> None:
        with transaction(self.engine) as connection:
            number, _ = inforce.last_change(connection)
        self.ledger[number] = Stood(utc_now(), frozenset(self.closed), dict(self.openings))
        self.changed.set()


def openings_of(picture: Any) -> dict[str, Opening]:
    """The openings of a picture, by site."""
    return {site: state.opening for site, state in picture.openings.items()}
