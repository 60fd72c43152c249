"""The planner: the one writer that turns recorded changes into published plan versions."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Engine

from data import mapped, plans
from data.database import transaction
from operations.planning import held
from operations.planning.asked import Asked, ask
from operations.planning.basis import Basis
from operations.planning.expecting import Evening, read_evening
from operations.planning.facts import facts_of
from operations.planning.following import Following
from operations.planning.inforce import read_picture
from operations.planning.making import Foreseen, changed_by, dark, make_version, same_plan
from operations.planning.methods import HIERARCHY
from operations.planning.mirror import assigned_of, decision_of, version_name
from operations.planning.moves import judge
from operations.planning.standing import KEEP_VERSIONS, Folders, Standing
from operations.planning.telling import Announcer
from operations.serving import utc_now
from routing.picture import Picture
from routing.statehash import state_hash_of
from routing.version import PlanVersion

__all__ = ["KEEP_VERSIONS", "Planner"]

COUNTS_EVERY_S: Final = 10.0
"""Seconds between two looks at who is inside: people walk longer than that."""
LONGEST_PUT_OFF: Final = 2
"""Versions of other changes that go before the question whom a closure moves."""
CAUSES: Final = 5
"""So many changes are named as the cause of a version; of the others it is said how many."""

log = logging.getLogger("nigemichi.planner")


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    """All that a version is made from."""

    asked: Asked
    basis: Basis
    picture: Picture
    evening: Evening
    cause: str


Kept: TypeAlias = tuple[plans.Decided, str]


def kept_of(
    mine: mapped.Decision, body: bytes, told: PlanVersion | None, version: PlanVersion
) -> Kept:
    """What the database keeps of a version, and the name of all that was computed of it."""
    decided = plans.Decided(mine, body, decision_of(told))
    return decided, state_hash_of(version, decided.digest)


class Planner:
    """Publishes into the state folder and into the database; single by an advisory lock there."""

    def __init__(
        self,
        engine: Engine,
        state: Path,
        method: str = HIERARCHY,
        *,
        clock: Callable[[], datetime] = utc_now,
        kept: Callable[..., Kept] = kept_of,
    ) -> None:
        self.engine = engine
        self.clock = clock
        self._kept_of = kept
        self.state = mapped.home(state)
        self.folders = Folders(self.state, method)
        self.standing: Standing | None = None
        self._announcer = Announcer(engine)
        self._foreseen: Foreseen | None = None
        self._put_off = 0

    def run(self, stop: threading.Event, told: Callable[[str], None]) -> None:
        """Follow the database until told to stop; whatever fails is said and tried again."""
        Following(self, stop, told).run()

    def catch_up(self, still_mine: Callable[[], None] = lambda: None) -> bool:
        """Publish a version if anything changed, and note the moment; True if one was published.

        `still_mine` raises if the lock was lost meanwhile: nothing is published then.
        Raises `NoCity` before the first load, `NoDatabase` while PostgreSQL is away.
        """
        with transaction(self.engine) as connection:
            asked = ask(connection, self.clock())
            before = self._before(connection, asked)
            holds = before is not None and _holds(before, asked)
            if before and holds and not asked.unjudged and not _counts_are_due(before, asked):
                return self._stays(before, asked)
            given = self._read(connection, asked, before)
        if before and asked.unjudged and (holds or self._put_off >= LONGEST_PUT_OFF):
            still_mine()
            self._judge(given, before)
            return self.catch_up(still_mine)
        self._put_off = self._put_off + 1 if asked.unjudged else 0
        number = self._number(asked)
        told = before.version if before else None
        version = make_version(
            given.basis,
            number,
            given.picture,
            given.evening.expected,
            told,
            foreseen=self._foreseen,
            at_once=bool(asked.unjudged),
        )
        self._foreseen = None
        if before and self._holds_back(asked, before, version):
            return self.catch_up(still_mine)
        if before and _holds(before, asked) and same_plan(before.version, version):
            before.counts, before.looked_at = asked.counts, time.monotonic()
            self._refresh(given, before, version)
            return self._stays(before, asked)
        try:
            self._publish(given, version, before, still_mine)
        except plans.Overtaken:
            return self.catch_up(still_mine)
        return True

    def _before(self, connection: Connection, asked: Asked) -> Standing | None:
        """What is published of the current load, unless somebody took it away."""
        mine, load = self.standing, asked.origin.load
        whole = mine and mine.origin.load == load and self.folders.is_whole(mine)
        if mine and whole and mine.number == asked.newest:
            return mine
        return self.folders.found(connection, asked.load)

    def _stays(self, before: Standing, asked: Asked) -> bool:
        self.standing = before
        mapped.say_checked(self.state, asked.at)
        self._announcer.announce(asked.epoch, before.version)
        return False

    def _read(self, connection: Connection, asked: Asked, before: Standing | None) -> _Given:
        basis = before.basis if before else self.folders.basis(connection, asked.load)
        load, ground, at = asked.load, basis.ground, asked.at
        waits = held.water_waiting(connection, load.code)
        homes, night = len(basis.homes), dark(ground, at)
        return _Given(
            asked,
            basis,
            picture=read_picture(connection, load, ground, asked.change, at, waits),
            evening=read_evening(connection, load, ground, at, homes=homes, night=night),
            cause=_cause(connection, asked, before),
        )

    def _judge(self, given: _Given, before: Standing) -> None:
        """Whom closures move that reports made; their streets are shut in what stands."""
        self._put_off = 0
        self._foreseen = judge(
            self.engine,
            given.asked.load.code,
            given.basis,
            given.picture,
            given.asked.unjudged,
            given.evening.expected,
            before.version,
        )

    def _number(self, asked: Asked) -> int:
        with transaction(self.engine) as connection:
            return plans.next_number(connection, asked.change, asked.load.id)

    def _holds_back(self, asked: Asked, before: Standing, version: PlanVersion) -> bool:
        """Whether something waits for a person now, without which the version is made anew."""
        with transaction(self.engine, latest=True) as connection:
            items = held.hold_back(connection, asked.load.code, before.version, version)
        if items:
            log.warning("%d new items wait for a person: nigemichi held list", len(items))
        return bool(items)

    def _refresh(self, given: _Given, before: Standing, version: PlanVersion) -> None:
        """Nobody is told anything else, but headquarters sees how full places will be."""
        with transaction(self.engine) as connection:
            waiting = held.waiting(connection, given.asked.load.code)
        facts = facts_of(version, given.evening, None, waiting)
        self._announcer.refresh(before.version, {"cause": given.cause, **facts})

    def _publish(
        self,
        given: _Given,
        version: PlanVersion,
        before: Standing | None,
        still_mine: Callable[[], None],
    ) -> None:
        """The folder first, then the database, and only then what readers follow."""
        asked, basis = given.asked, given.basis
        name = version_name(version.number, asked.origin.change)
        mine = mapped.decision(version.picture, assigned_of(version))
        body = mapped.whole(mine)
        told = before.version if before else None
        with ThreadPoolExecutor(1) as beside:
            kept = beside.submit(self._kept_of, mine, body, told, version)
            mapped.whole_folder(
                self.state / name,
                lambda folder: mapped.save_version(folder, version, asked.origin, body),
            )
            change = changed_by(told, version, basis)
        decided, state_hash = _or_whole(kept, mine, body)
        still_mine()
        with transaction(self.engine, latest=True) as connection:
            waiting = held.waiting(connection, asked.load.code)
            facts = facts_of(version, given.evening, change, waiting)
            plans.publish(
                connection,
                version.number,
                after=asked.newest,
                load=asked.origin.load,
                change=asked.origin.change,
                cause=given.cause,
                facts=facts,
                decided=decided,
                state_hash=state_hash,
            )
        self.folders.serve(name, asked.origin.load)
        self.standing = Standing(
            name,
            version,
            asked.origin,
            basis,
            dark(basis.ground, asked.at),
            asked.counts,
            time.monotonic(),
        )
        mapped.say_checked(self.state, asked.at)
        log.info("published version %d of change %d", version.number, asked.change)
        self._announcer.announce(asked.epoch, version, change, {"cause": given.cause, **facts})


def _or_whole(
    kept: Future[Kept], mine: mapped.Decision, body: bytes
) -> tuple[plans.Decided, str | None]:
    """People wait for the version: what cannot be said shorter is kept whole, without a name."""
    try:
        return kept.result()
    except Exception:  # whatever it is, it would be so again with the next version
        log.exception("a version is kept whole: its difference or its name failed")
        return plans.Decided(mine, body), None


def _holds(before: Standing, asked: Asked) -> bool:
    """Whether what is published holds every recorded change, and is for this time of day."""
    return before.origin == asked.origin and before.dark == dark(before.basis.ground, asked.at)


def _counts_are_due(before: Standing, asked: Asked) -> bool:
    """Whether people came or left, and nobody looked for a while."""
    if before.counts == asked.counts or not len(before.basis.homes):
        return False
    return time.monotonic() - before.looked_at >= COUNTS_EVERY_S


def _cause(connection: Connection, asked: Asked, before: Standing | None) -> str:
    """What was changed since the last version, in a line; nothing of any household is in it."""
    if before is None:
        return "first version of this load"
    found: list[Any] = plans.changes_since(connection, before.origin.change, asked.change)
    if not found:
        return "people came or left" if before.origin == asked.origin else "night or day"
    more = len(found) - CAUSES
    return "; ".join(found[-CAUSES:]) + (f"; and {more} before" if more > 0 else "")
