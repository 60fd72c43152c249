"""Reports, decisions and readings in any order, repeated and late, end in the same picture."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from city.staff import PUBLIC, Caller
from data.database import connect
from hazards.errors import NotAState
from hazards.observation import ObservationKind, ObservationState, SourceKind
from operations.observing.deciding import decide
from operations.observing.gauges import GivenReading
from operations.observing.report import GivenReport, report
from tests.integration.databases import Server
from tests.integration.gauged import MINUTE, NOW, Gauged, gauged
from tests.integration.observed import DRONE, FIELD, OFFICER, seen

PLACES = ((4.4, 5.0), (4.6, 5.0), (6.5, 3.0))
KINDS = (ObservationKind.SLIDE, ObservationKind.ROAD_FLOODED, ObservationKind.RESCUE)
SAID = (ObservationState.CONFIRMED, ObservationState.REFUTED, ObservationState.RESOLVED)
RISING = (1.9, 2.1, 2.6, 3.2, 3.3, 3.8, 4.4, 5.1, 5.2)
"""A healthy gauge, every ten minutes."""


@dataclass
class Event:
    """Something that happens; `after` names what must have happened before."""

    do: Callable[[], object]
    name: str
    after: tuple[str, ...] = ()


@dataclass
class Night:
    """One run from a clean database."""

    here: Gauged
    events: list[Event] = field(default_factory=list)

    def clean(self) -> None:
        with self.here.engine.begin() as connection:
            connection.exec_driver_sql("TRUNCATE observation, closure, water_reading CASCADE")

    def picture(self) -> tuple[Any, ...]:
        """What is shut, how, where and why; the state of every report; which streets it doubts."""
        rows = self.here.database.rows
        return (
            rows(
                "SELECT street, basis, by_water, reason, ST_AsText(geom, 6) FROM closure"
                " WHERE ended_at IS NULL ORDER BY street"
            ),
            # When a gauge reached a level is known by what has come so far.
            rows(
                "SELECT id, state, set_aside, CASE source_kind WHEN 'sensor' THEN NULL"
                " ELSE seen_at END FROM observation ORDER BY id"
            ),
            rows("SELECT DISTINCT street FROM observation_street ORDER BY 1"),
        )


@pytest.fixture(scope="module")
def night(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Night]:
    made = server.create(migrated)
    engine = connect(made.url)
    yield Night(gauged(engine, made, tmp_path_factory.mktemp("gauged") / "city"))
    engine.dispose()
    server.drop(made)


class AnyOrder(RuleBasedStateMachine):
    """Happens in the order in which it is found; then once more in another one."""

    night: ClassVar[Night]

    def __init__(self) -> None:
        super().__init__()
        self.night.clean()
        self.events: list[Event] = []
        self.decided: dict[str, int] = {}
        self.ended = False
        self.shut: set[str] = set()

    def happens(self, do: Callable[[], object], name: str, *after: str) -> None:
        self.events.append(Event(do, name, after))
        do()

    @initialize(seed=st.integers(0, 999))
    def order(self, seed: int) -> None:
        self.random = random.Random(seed)

    @rule(
        place=st.sampled_from(PLACES),
        kind=st.sampled_from(KINDS),
        by=st.sampled_from([PUBLIC, FIELD, DRONE]),
        photo=st.booleans(),
        error_m=st.sampled_from([8.0, 50.0, None]),
        late=st.integers(0, 90),
    )
    def reports(self, **given: Any) -> None:
        number = UUID(int=len(self.events) + 1)
        known = given["by"] is not PUBLIC
        kind = SourceKind.FIELD if known else SourceKind.PUBLIC
        at, now = NOW, NOW + given["late"] * MINUTE
        draft = seen(*given["place"], given["kind"], error_m=given["error_m"], at=at)
        source = given["by"].actor if known else ""
        one = GivenReport(number, draft, kind, source, photo=given["photo"])
        by: Caller = given["by"]
        self.happens(lambda: report(self.night.here.engine, by, one, now), f"report {number}")

    @precondition(lambda self: self.events)
    @rule(which=st.integers(0, 999))
    def comes_again(self, which: int) -> None:
        event = self.events[which % len(self.events)]
        if event.name.startswith(("report", "reading")):
            event.do()

    @precondition(lambda self: any(one.name.startswith("report") for one in self.events))
    @rule(which=st.integers(0, 999), to=st.sampled_from(SAID))
    def headquarters_decides(self, which: int, to: ObservationState) -> None:
        reports = [one.name for one in self.events if one.name.startswith("report")]
        name = reports[which % len(reports)]
        number, so_far = UUID(name.split()[1]), self.decided.get(name, 0)
        now = NOW + timedelta(hours=2, minutes=len(self.events))
        after = (name, *(f"decision {name} {n}" for n in range(so_far)))

        def says() -> None:
            decide(self.night.here.engine, OFFICER, number, to, now=now)

        try:
            self.happens(says, f"decision {name} {so_far}", *after)
        except NotAState:
            self.events.pop()
            return
        self.decided[name] = so_far + 1
        self.ended |= to is not ObservationState.CONFIRMED

    @rule(which=st.integers(0, len(RISING) - 1), late=st.integers(0, 60))
    def gauge_tells(self, which: int, late: int) -> None:
        at = NOW + which * 10 * MINUTE
        given, now = [GivenReading(at, RISING[which])], NOW + (90 + late) * MINUTE
        self.happens(lambda: self.night.here.give(given, now), f"reading {which}")

    @invariant()
    def nothing_opens_by_itself_and_nobody_unknown_closes(self) -> None:
        rows = self.night.here.database.rows
        now = {row[0] for row in rows("SELECT street FROM closure WHERE ended_at IS NULL")}
        assert self.ended or self.shut <= now
        self.shut = now
        unknown = (
            "SELECT count(*) FROM closure WHERE ended_at IS NULL AND NOT EXISTS (SELECT FROM"
            " observation JOIN observation_street s ON s.observation = observation.id"
            " WHERE s.street = closure.street AND (source <> '' OR state = 'confirmed'))"
        )
        assert rows(unknown) == [(0,)]

    def teardown(self) -> None:
        before = self.night.picture()
        self.night.clean()
        happened: set[str] = set()
        waiting = [*self.events, *self.random.sample(self.events, len(self.events) // 3)]
        waiting = [one for one in waiting if not one.name.startswith("decision")]
        waiting += [one for one in self.events if one.name.startswith("decision")]
        self.random.shuffle(waiting)
        while waiting:
            ready = next(one for one in waiting if happened.issuperset(one.after))
            waiting.remove(ready)
            ready.do()
            happened.add(ready.name)
        assert self.night.picture() == before


def test_any_order_repetition_and_delay_end_in_the_same_picture(night: Night) -> None:
    AnyOrder.night = night
    machine = AnyOrder.TestCase
    machine.settings = settings(
        max_examples=10,
        stateful_step_count=16,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    machine().runTest()
