"""A night of 5,000 versions, kept: how many bytes, how soon any of its minutes is there again."""

import random
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any, Final

import numpy as np
from sqlalchemy import Engine
from sqlalchemy import text as sql

from data import mapped, plankept, replay
from data.database import transaction
from data.mapped.plan import Decision
from data.rows import current_load
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.board.state import board_state
from operations.planning.mirror import decision_of
from operations.planning.planner import Planner
from operations.replay.again import compare, read_night
from operations.replay.looking import seen_at
from operations.replay.nights import Night
from operations.replay.scenes import Change
from operations.replay.verifying import verify
from routing.statehash import state_hash_of
from tests.benchmarks.loads import Loaded
from tests.benchmarks.planshappening import SEED, events
from tests.benchmarks.table import Table

VERSIONS: Final = 5_000
REAL: Final = 30
"""Versions that are really planned; the night goes up and down along them."""
NIGHT: Final = timedelta(hours=24)
BEGINS: Final = datetime(2026, 10, 10, 3, tzinfo=UTC)
PART: Final = timedelta(minutes=20)
"""Of the night, planned once more."""
FRAMES: Final = 8_640
"""One in ten seconds."""
SEEKS: Final = 200
LOOKS: Final = 5
MOVED: Final = 6
"""Places whose figure changes from one frame to the next."""
MB: Final = 1e6


@dataclass(frozen=True, slots=True)
class _Kept:
    """Versions in memory, and what stands between two of them."""

    decisions: list[Decision]
    bodies: list[bytes]
    steps: dict[tuple[int, int], plankept.Decided]

    def step(self, before: int, after: int) -> plankept.Decided:
        """A version on its way into the database, after another one."""
        key = before, after
        if key not in self.steps:
            was = self.decisions[before]
            self.steps[key] = plankept.Decided(self.decisions[after], self.bodies[after], was)
        return self.steps[key]


def replay_figures(table: Table, loaded: Loaded) -> None:
    """Plan some versions of a city under level 4, keep a night of them, look at any minute."""
    engine = loaded.engine
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    planner = Planner(engine, loaded.state)
    planner.catch_up()
    kept = _real(table, planner)
    with transaction(engine, latest=True) as connection:
        connection.execute(sql("DELETE FROM plan_blob"))
    _publish(engine, kept)
    _record(table, engine)
    _sizes(table, engine)
    _seeks(table, engine)
    _again(table, planner)


def _real(table: Table, planner: Planner) -> _Kept:
    version = planner.standing.version  # type: ignore[union-attr]
    homes = len(version.plan.homes) if version.plan else 0
    table.subject("replay", f"{homes:,} homes; {REAL} planned versions, walked up and down")
    decisions, hashing, keeping = [], [], []
    before = decision_of(version)
    for happen in islice(events(planner.engine, version), REAL):
        happen()
        planner.catch_up()
        now = planner.standing.version  # type: ignore[union-attr]
        began = time.perf_counter()
        after = decision_of(now)
        assert after is not None
        body = mapped.whole(after)
        packed = time.perf_counter()
        made = plankept.Decided(after, body, before)
        kept = time.perf_counter()
        state_hash_of(now, made.digest)
        hashing.append(time.perf_counter() - kept)
        keeping.append(kept - packed)
        decisions.append(after)
        before = after
        del began
    table.times("published besides: the difference", keeping)
    table.times("published besides: the hash of weights, fields and plan", hashing)
    agreed = _verified(table, planner)
    assert agreed
    return _Kept(decisions, [mapped.whole(one) for one in decisions], {})


def _verified(table: Table, planner: Planner) -> bool:
    number = planner.standing.number  # type: ignore[union-attr]
    began = time.perf_counter()
    with transaction(planner.engine) as connection:
        found = verify(connection, planner.state, number)
    table.row("a version computed anew", time.perf_counter() - began, "s", note=str(found.agrees))
    return bool(found.agrees)


def _publish(engine: Engine, kept: _Kept) -> None:
    """`VERSIONS` one after the other, laid out over the night."""
    up_and_down = cycle([*range(REAL), *range(REAL - 2, 0, -1)])
    with transaction(engine, latest=True) as connection:
        load = current_load(connection)
        row = {"load": load.id, "token": str(load.token), "change": 0}
        after, before = 0, next(up_and_down)
        for mine in islice(up_and_down, VERSIONS):
            number = connection.execute(_VERSION, row).scalar_one()
            plankept.keep(connection, number, kept.step(before, mine), after=after)
            after, before = number, mine
        spread = (
            "UPDATE plan_version SET published_at = CAST(:begins AS timestamptz)"
            " + :step * (number - (SELECT min(number) FROM plan_blob))"
        )
        connection.execute(sql(spread), {"begins": BEGINS, "step": NIGHT / VERSIONS})


_VERSION: Final = sql(
    "INSERT INTO plan_version (change_id, load_id, load_token, published_at)"
    " VALUES (:change, :load, :token, now()) RETURNING number"
)


def _record(table: Table, engine: Engine) -> None:
    """What headquarters sees, with figures of places that change."""
    with transaction(engine) as connection:
        seconds = []
        for _ in range(LOOKS):
            began = time.perf_counter()
            state = board_state(connection, datetime.now(UTC))
            seconds.append(time.perf_counter() - began)
        table.times("a look at the board, as the recorder takes it", seconds)
        code = current_load(connection).code
        first = connection.execute(sql("SELECT min(number) FROM plan_blob")).scalar_one()
    rng, last = random.Random(SEED), None
    frames: Iterator[tuple[int, Any]] = enumerate(_stirred(state, rng))
    with transaction(engine, latest=True) as connection:
        for turn, seen in islice(frames, FRAMES):
            version = first + turn * VERSIONS // FRAMES
            mark = replay.Mark(turn, turn, version, 0)
            last = replay.add_frame(connection, code, seen, mark, last)
        spread = (
            "UPDATE replay_frame SET at = CAST(:begins AS timestamptz)"
            " + :step * (id - (SELECT min(id) FROM replay_frame))"
        )
        connection.execute(sql(spread), {"begins": BEGINS, "step": NIGHT / FRAMES})


def _stirred(state: replay.State, rng: random.Random) -> Iterator[replay.State]:
    seen, sites = deepcopy(state), list(state["sites"])
    for turn in range(FRAMES):
        moved = dict(seen["sites"])
        for site in rng.sample(sites, min(MOVED, len(sites))):
            persons = (moved[site]["persons"] or 0) + rng.randrange(20)
            at = (BEGINS + timedelta(seconds=10 * turn)).isoformat()
            moved[site] = moved[site] | {"persons": persons, "as_of": at}
        last = {"entry": turn, "audit": turn, "version": turn}
        seen = seen | {"sites": moved, "chronicle": {"last": last}}
        yield seen


def _sizes(table: Table, engine: Engine) -> None:
    with transaction(engine) as connection:
        plans_b, frames_b, whole_b, wholes = connection.execute(
            sql(
                "SELECT pg_total_relation_size('plan_blob'),"
                " pg_total_relation_size('replay_frame'),"
                " (SELECT sum(length(body)) FROM plan_blob WHERE place = 0),"
                " (SELECT count(*) FROM plan_blob WHERE place = 0)"
            )
        ).one()
        middle = "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY length(body)) FROM {} WHERE"
        each = [
            float(connection.execute(sql(f"{middle.format(name)} place > 0")).scalar_one())
            for name in ("plan_blob", "replay_frame")
        ]
    note = f"(plans {plans_b / MB:.0f}, frames {frames_b / MB:.0f})"
    total = (plans_b + frames_b) / MB
    table.row(
        f"{VERSIONS:,} versions, {FRAMES:,} frames", total, "MB", must=1000, stretch=300, note=note
    )
    table.row("  a difference of two versions, median", each[0] / 1000, "kB")
    table.row("  a whole one", float(whole_b) / wholes / 1000, "kB", note=f"({wholes} of them)")
    table.row("  a difference of two frames, median", each[1], "B")


def _seeks(table: Table, engine: Engine) -> None:
    rng = random.Random(SEED)
    moments = [BEGINS + NIGHT * rng.random() for _ in range(SEEKS)]
    with transaction(engine) as connection:
        query = sql("SELECT number FROM plan_blob ORDER BY random() LIMIT :count")
        numbers = list(connection.execute(query, {"count": SEEKS}).scalars())

        def seek(moment: datetime) -> None:
            assert seen_at(connection, moment)["agrees"]

        def read(number: int) -> None:
            assert plankept.find_decision(connection, number, anew=True) is not None

        _timed(table, "seek: any minute", seek, moments, 2000, 500)
        _timed(table, "a version read: any", read, numbers, 200, 100)


def _again(table: Table, planner: Planner) -> None:
    """A part of the night, as recorded and with a change: seconds of each plan."""
    part = Night(BEGINS.date(), BEGINS, BEGINS + PART, 0, 0, 0)
    began = time.perf_counter()
    with transaction(planner.engine) as connection:
        read = read_night(connection, planner.state, part)
    took = time.perf_counter() - began
    turns = [0]

    def step(_done: int, of: int) -> None:
        turns[0] = of

    began, cpu = time.perf_counter(), time.process_time()
    compare(read, Change(timedelta(hours=2), timedelta(hours=2)), step)
    each = (time.perf_counter() - began) / turns[0]
    note = f"({turns[0]} of them; CPU {(time.process_time() - cpu) / turns[0]:.2f} s each)"
    table.row("the night once more: each plan", each, "s", note=note)
    table.row("  its versions read", took, "s", note=f"({len(read.scenes)} minutes)")


def _timed(
    table: Table,
    what: str,
    does: Callable[[Any], None],
    over: list[Any],
    must: float,
    stretch: float,
) -> None:
    seconds, cpu = [], time.process_time()
    for one in over:
        began = time.perf_counter()
        does(one)
        seconds.append(time.perf_counter() - began)
    cpu_ms = 1000 * (time.process_time() - cpu) / len(over)
    p50, p95, worst = (1000 * np.percentile(seconds, [50, 95, 100])).tolist()
    note = f"(p50 {p50:.0f}, p95 {p95:.0f}, CPU {cpu_ms:.0f} each; the worst counts)"
    table.row(what, worst, "ms", must=must, stretch=stretch, note=note)
