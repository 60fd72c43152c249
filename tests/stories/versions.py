"""Every version of an evening: what it told whom, what headquarters saw, and who heard of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Engine

from data.database import transaction
from data.live import outbox as live
from data.live.outbox import Topic
from operations.people.signing import hash_of
from operations.planning.planner import COUNTS_EVERY_S, Planner
from operations.planning.telling import PLAN, way_key
from operations.serving import CurrentVersion
from routing.plan.assigned import Assigned
from routing.version import PlanVersion


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What a version told, and the households whose pages heard that something is new."""

    number: int
    at: datetime
    assigned: Assigned
    heard: frozenset[int]


@dataclass
class Versions:
    """The real planner, and all that it published; `slips` are codes by household."""

    engine: Engine
    planner: Planner
    served: CurrentVersion
    slips: Mapping[int, str]
    all: list[Told] = field(default_factory=list)
    announced: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._homes = {way_key(hash_of(token)): home for home, token in self.slips.items()}

    def follow(self, now: datetime) -> PlanVersion:
        """The planner looks at everything, counts included; returns what is served then."""
        if self.planner.standing:
            self.planner.standing.looked_at -= COUNTS_EVERY_S
        self.planner.catch_up()
        self.served.refresh()
        version = self.served.version
        if not self.all or self.all[-1].number != version.number:
            assert version.plan is not None
            heard = self._heard(version.number)
            self.all.append(Told(version.number, now, version.plan.assigned, heard))
        for need in self.overflow():
            first = now, datetime.fromisoformat(need["needed_at"])
            self.announced.setdefault(need["site"], first)
        return version

    def overflow(self) -> list[dict[str, Any]]:
        """What headquarters sees of overflow rooms now."""
        with transaction(self.engine) as connection:
            states = {(one.topic, one.key): one.state for one in live.since(connection, 0)}
        found: list[dict[str, Any]] = (states[Topic.HEADQUARTERS, PLAN] or {})["overflow"]
        return found

    def _heard(self, number: int) -> frozenset[int]:
        with transaction(self.engine) as connection:
            told = [one for one in live.since(connection, 0) if one.topic is Topic.WAY]
        return frozenset(
            self._homes[one.key] for one in told if one.state and one.state["number"] == number
        )


def must_hear(before: Assigned, after: Assigned) -> frozenset[int]:
    """Whoever is told another verdict, place or way."""
    other = (before.verdict != after.verdict) | (before.site != after.site)
    return frozenset(np.flatnonzero(other | (before.way != after.way)).tolist())
