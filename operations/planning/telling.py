"""Who hears of a version: everybody its number, headquarters its figures, and each household that
has opened its slip that something is new for it.
"""

import hashlib
import logging
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, select
from sqlalchemy import text as sql

from data import tables
from data.database import transaction
from data.live import outbox as live
from data.live.outbox import Topic
from routing.plan.changed import Changed
from routing.version import PlanVersion

log = logging.getLogger("nigemichi.planner")
PLAN: Final = "plan"
"""Key of headquarters' topic."""


class Announcer:
    """Tells of each version once in each epoch: what another one was told may be lost."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._announced = ("", 0)

    def announce(
        self,
        epoch: str,
        version: PlanVersion,
        change: Changed | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        """Tell, if it was not told; what goes wrong is tried again, planning goes on."""
        if (epoch, version.number) == self._announced:
            return
        households = change.households if change else None
        try:
            with transaction(self._engine, latest=True) as connection:
                tell(connection, version.ground.card.code, version.number, facts, households)
            self._announced = (epoch, version.number)
        except Exception as error:
            log.warning("version %d was not announced: %s", version.number, type(error).__name__)

    def refresh(self, version: PlanVersion, facts: Mapping[str, Any]) -> None:
        """Tell headquarters new figures of a version that is still the plan."""
        try:
            with transaction(self._engine, latest=True) as connection:
                tell(connection, version.ground.card.code, version.number, facts, None)
        except Exception as error:
            log.warning("figures of version %d: %s", version.number, type(error).__name__)


def tell(
    connection: Connection,
    code: str,
    number: int,
    facts: Mapping[str, Any] | None,
    households: NDArray[np.int64] | None,
) -> None:
    """Put it all into the stream, in one transaction (`latest`) that waits for nobody for long."""
    connection.execute(sql("SET LOCAL lock_timeout = '2s'"))
    states: dict[tuple[Topic, str], Mapping[str, Any] | None] = {
        (Topic.PLAN, "version"): {"number": number}
    }
    if facts is not None:
        states[Topic.HEADQUARTERS, PLAN] = {"number": number, **facts}
    if households is not None and len(households):
        changed = set(households.tolist())
        for key, household in _opened(connection, code):
            if household in changed:
                states[Topic.WAY, key] = {"number": number}
    live.put_all(connection, states)


def way_key(link_hash: str) -> str:
    """The key under which a household hears: 128 bits that only its own page is told."""
    return hashlib.sha256(f"way {link_hash}".encode()).hexdigest()[:32]


def _opened(connection: Connection, code: str) -> list[tuple[str, int]]:
    """The keys and numbers of households whose slips were opened and still let in."""
    link = tables.household_link.c
    query = select(link.token_hash, link.household).where(
        link.city_code == code,
        link.household.is_not(None),
        link.opened_at.is_not(None),
        link.revoked_at.is_(None),
    )
    return [(way_key(row.token_hash), row.household) for row in connection.execute(query)]
