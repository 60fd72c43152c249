"""Who hears of a version: everybody its number, headquarters its figures, and each household that
has opened its slip that something is new for it.
"""

import hashlib
import logging
from collections.abc import Mapping, Set
from typing import Any, Final

from sqlalchemy import Connection, Engine, select
from sqlalchemy import text as sql

from data import mapped, plans, tables
from data.database import transaction
from data.live import outbox as live
from data.live.outbox import Topic
from routing.plan.changed import Changed, changed
from routing.version import PlanVersion

log = logging.getLogger("nigemichi.planner")
PLAN: Final = "plan"
"""Key of headquarters' topic."""


class Announcer:
    """Tells of each version once in each epoch: what another one was told may be lost."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._announced = ("", 0)
        self._waiting: set[int] = set()

    def announce(
        self,
        epoch: str,
        version: PlanVersion,
        change: Changed | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        """Tell, if it was not told; what goes wrong is tried again, planning goes on."""
        if change is not None:
            self._waiting.update(change.households.tolist())
        if (epoch, version.number) == self._announced:
            return
        try:
            with transaction(self._engine, latest=True) as connection:
                code = version.ground.card.code
                tell(connection, code, version.number, facts, self._changed(connection, version))
            self._announced = (epoch, version.number)
            self._waiting = set()
        except Exception as error:
            log.warning("version %d was not announced: %s", version.number, type(error).__name__)

    def _changed(self, connection: Connection, version: PlanVersion) -> set[int]:
        """Who must hear and has not: those whom a planner before this one changed as well, which
        died before it told them.
        """
        if self._announced[1] or version.plan is None:
            return self._waiting
        missed, told = set(self._waiting), None
        for body in plans.bodies_from(connection, _told_last(connection), version.number):
            after = mapped.unpacked(body)[1]
            if told is not None and len(told.site) == len(after.site):
                missed |= set(changed(told, after).households.tolist())
            told = after
        return missed

    def refresh(self, version: PlanVersion, facts: Mapping[str, Any]) -> None:
        """Tell headquarters new figures of a version that is still the plan."""
        try:
            with transaction(self._engine, latest=True) as connection:
                connection.execute(sql("SET LOCAL lock_timeout = '2s'"))
                live.put(connection, Topic.HEADQUARTERS, PLAN, {"number": version.number, **facts})
        except Exception as error:
            log.warning("figures of version %d: %s", version.number, type(error).__name__)


def tell(
    connection: Connection,
    code: str,
    number: int,
    facts: Mapping[str, Any] | None,
    households: Set[int] | None,
) -> None:
    """Put it all into the stream, in one transaction (`latest`) that waits for nobody for long."""
    connection.execute(sql("SET LOCAL lock_timeout = '2s'"))
    states: dict[tuple[Topic, str], Mapping[str, Any] | None] = {
        (Topic.PLAN, "version"): {"number": number}
    }
    if facts is not None:
        states[Topic.HEADQUARTERS, PLAN] = {"number": number, **facts}
    if households is not None:
        opened = _opened(connection, code)
        for key, household in opened.items():
            if household in households:
                states[Topic.WAY, key] = {"number": number}
        states |= dict.fromkeys(((Topic.WAY, key) for key in _over(connection, opened)), None)
    live.put_all(connection, states)


def way_key(link_hash: str) -> str:
    """The key under which a household hears: 128 bits that only its own page is told."""
    return hashlib.sha256(f"way {link_hash}".encode()).hexdigest()[:32]


def _told_last(connection: Connection) -> int:
    """The number of the version that was told last, 0 before the first."""
    state = tables.live_state.c
    query = select(state.state).where(state.topic == Topic.PLAN, state.key == "version")
    return int((connection.execute(query).scalar() or {}).get("number", 0))


def _over(connection: Connection, opened: Mapping[str, int]) -> set[str]:
    """Keys that something was told on and that nobody may follow any more."""
    state = tables.live_state.c
    query = select(state.key).where(state.topic == Topic.WAY, state.state.is_not(None))
    return set(connection.execute(query).scalars()) - opened.keys()


def _opened(connection: Connection, code: str) -> dict[str, int]:
    """The keys and numbers of households whose slips were opened and still let in."""
    link = tables.household_link.c
    query = select(link.token_hash, link.household).where(
        link.city_code == code,
        link.household.is_not(None),
        link.opened_at.is_not(None),
        link.revoked_at.is_(None),
    )
    return {way_key(row.token_hash): row.household for row in connection.execute(query)}
