"""A night in which the planner is killed with -9 at random moments, on one machine or on two."""

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from operations.household.links import exchange
from operations.serving import utc_now
from tests.chaos.planner_checks import check_folder, check_heard, check_last, check_versions
from tests.chaos.planner_stir import Stirring
from tests.chaos.planner_watch import number_of, watching
from tests.integration.databases import Database
from tests.integration.forking import Forked
from tests.integration.homed import AT, load, slips, write_homed_city
from tests.integration.processes import kill, started, wait_for

TAKES_OVER_S: Final = 5.0
PAIRED: Final = 0.4
"""The share of kills at which a second planner stands by."""
AT_START: Final = 0.2
"""The share of the others that come while the planner starts."""
AFTER_A_CHANGE_S: Final = 0.5
"""Within so long after a change most kills come: it is being planned, written or published."""


@dataclass
class Machine:
    """A state folder, and the planner on it while one runs."""

    state: Path
    log: Path
    process: Forked | None = None

    def said(self, words: str) -> bool:
        """Whether this run's planner has said that."""
        return self.log.is_file() and words.encode() in self.log.read_bytes()


@dataclass
class PlannerNight:
    """Two machines on one database, and who stirs it."""

    database: Database
    stirring: Stirring
    machines: list[Machine]
    kills: int = 0
    takeovers: list[float] = field(default_factory=list)

    def newest(self) -> tuple[int, int]:
        """Number and change of the newest published version, (0, 0) before the first."""
        rows = self.database.rows(
            "SELECT number, change_id FROM plan_version"
            " WHERE published_at IS NOT NULL ORDER BY number DESC LIMIT 1"
        )
        return rows[0] if rows else (0, 0)

    def published(self) -> int:
        """How many versions were published."""
        query = "SELECT count(*) FROM plan_version WHERE published_at IS NOT NULL"
        return int(self.database.one(query))

    def unfinished(self) -> int:
        """How many versions were numbered and never published: killed in between."""
        query = "SELECT count(*) FROM plan_version WHERE published_at IS NULL"
        return int(self.database.one(query))


@contextmanager
def planner_night(
    engine: Engine, database: Database, folder: Path, seed: int
) -> Iterator[PlannerNight]:
    """The small city with its six households, whose slips are opened, under level 4."""
    load(engine, write_homed_city(folder / "city"))
    for slip in slips(engine, *range(len(AT))):
        exchange(engine, slip.token, utc_now())
    machines = [Machine(folder / name, folder / f"{name}.log") for name in ("one", "two")]
    made = PlannerNight(database, Stirring(engine, seed), machines)
    made.stirring.begin()
    try:
        yield made
    finally:
        made.stirring.stop()


def planner_rounds(made: PlannerNight, number: int, seed: int) -> None:
    """Kill the planner so many times; whatever is published is whole, and nothing stays behind.

    Raises `AssertionError` naming the round and what is wrong.
    """
    dice = random.Random(seed)
    states = [one.state for one in made.machines]
    with ExitStack() as stack, watching(made.database, states) as wrong:
        works, other = made.machines
        _start(made, stack, works)
        for row in range(number):
            if dice.random() < PAIRED:
                _kill_beside_another(made, stack, works, other, dice)
                works, other = other, works
            else:
                _kill_alone(made, works, dice)
                if dice.random() < PAIRED:
                    works, other = other, works
                _start(made, stack, works)
            _check(made, f"round {row + 1}", wrong)
        _settle(made, stack, other)
        _check(made, "in the end", wrong)


def _kill_alone(made: PlannerNight, works: Machine, dice: random.Random) -> None:
    if dice.random() < AT_START:
        time.sleep(dice.uniform(0.3, 3))
    else:
        _wait_at_work(made, works)
        _after_a_change(made, dice)
    _kill(made, works)


def _kill_beside_another(
    made: PlannerNight, stack: ExitStack, works: Machine, other: Machine, dice: random.Random
) -> None:
    _wait_at_work(made, works)
    _start(made, stack, other)
    wait_for("the other stands by", lambda: other.said("standing by"), 60)
    number, _ = made.newest()
    wait_for("it serves what is published", lambda: number_of(other.state) >= number, 20)
    _after_a_change(made, dice)
    _kill(made, works)
    number, change = made.newest()[0], made.stirring.last
    took = wait_for("the other has taken over", lambda: made.newest()[1] >= change, 30)
    assert took < TAKES_OVER_S, f"the other took over after {took:.1f} s"
    made.takeovers.append(took)


def _wait_at_work(made: PlannerNight, works: Machine) -> None:
    wait_for("the planner is at work", lambda: works.said("published version"), 60)


def _after_a_change(made: PlannerNight, dice: random.Random) -> None:
    made.stirring.changed.clear()
    assert made.stirring.changed.wait(30)
    time.sleep(dice.uniform(0, AFTER_A_CHANGE_S))


def _start(made: PlannerNight, stack: ExitStack, machine: Machine) -> None:
    url = made.database.url
    machine.process = stack.enter_context(started(url, machine.state, "planner", log=machine.log))


def _kill(made: PlannerNight, machine: Machine) -> None:
    assert machine.process is not None
    kill(machine.process)
    made.kills += 1


def _check(made: PlannerNight, when: str, wrong: list[str]) -> None:
    assert not wrong, f"until {when}: {wrong}"
    try:
        for machine in made.machines:
            check_folder(made.database, machine.state, made.stirring)
    except AssertionError as error:
        raise AssertionError(f"{when}: {error}") from error


def _settle(made: PlannerNight, stack: ExitStack, other: Machine) -> None:
    """Nothing changes any more: both machines serve the newest version, and it holds the last."""
    _start(made, stack, other)
    made.stirring.end()
    last = made.stirring.last
    wait_for("the last change is published", lambda: made.newest()[1] == last, 60)
    wait_for(
        "both serve it",
        lambda: {number_of(one.state) for one in made.machines} == {made.newest()[0]},
        60,
    )
    check_versions(made.database, made.stirring)
    check_last(made.database, made.stirring)
    check_heard(made.database)
