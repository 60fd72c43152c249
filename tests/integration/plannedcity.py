"""The small city with six households, planned and under level 4, and what is heard of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from city.staff import CONSOLE
from data import plans
from data.database import transaction
from data.live import outbox as live
from data.live.outbox import Topic
from operations.places.siteinfo import GivenRoom, set_room
from operations.planning.planner import COUNTS_EVERY_S, Planner
from operations.planning.telling import way_key
from operations.serving import utc_now
from routing.plan.assigned import Assigned
from routing.version import PlanVersion
from tests.integration.databases import Database
from tests.integration.loaded import serving

E1, E2, E3, E4 = range(4)


@dataclass
class City:
    """A loaded city under level 4, its planner, and what is served."""

    engine: Engine
    database: Database
    planner: Planner
    folder: Path

    @property
    def version(self) -> PlanVersion:
        """What a server maps now."""
        return serving(self.folder / "state").version

    @property
    def plan(self) -> Assigned:
        """The plan that is served."""
        assert self.version.plan is not None
        return self.version.plan.assigned

    def again(self) -> Assigned:
        """What the planner has published after all that was changed."""
        if self.planner.standing:
            self.planner.standing.looked_at -= COUNTS_EVERY_S
        self.planner.catch_up()
        return self.plan

    def places(self) -> list[int]:
        """The place (row) of each household."""
        return [int(site) for site in self.again().site]

    def room(
        self, site: str, capacity: int, *, overflow: bool = False, in_use: bool = True
    ) -> None:
        """Let a place hold so many."""
        key = "予備" if overflow else "体育館"
        given = GivenRoom(key, capacity, "general", overflow, in_use)
        set_room(self.engine, CONSOLE, site, key, given, now=utc_now())


def facts(city: City) -> dict[str, Any]:
    """What headquarters sees."""
    with transaction(city.engine) as connection:
        told = {(one.topic, one.key): one.state for one in live.since(connection, 0)}
    return dict(told[Topic.HEADQUARTERS, "plan"] or {})


def newest(city: City) -> plans.Published:
    with transaction(city.engine) as connection:
        found = plans.find_newest(connection)
    assert found is not None
    return found


def told_of(city: City) -> set[int]:
    """The households that something was told."""
    links = city.database.rows("SELECT token_hash, household FROM household_link")
    keys = {way_key(link): household for link, household in links}
    with transaction(city.engine) as connection:
        there = [one for one in live.since(connection, 0) if one.topic is Topic.WAY]
    return {keys[one.key] for one in there if one.state}
