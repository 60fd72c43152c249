"""The ledger and the door lists count by one text: random rows, household by household."""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from alerts.delivery import DeliveryState, FallbackClock
from alerts.kinds import ChannelKind
from data import tables
from data.database import transaction
from data.delivery import ledger
from data.delivery.accounted import STATES
from data.delivery.doorsneeded import doors_needed
from data.rows import current_load
from operations.delivery.confirming import How, confirm_household
from tests.integration.homed import load, write_homed_city
from tests.integration.outbox import Outbox

HOMES = 400
M = timedelta(minutes=1)
WAITING = (DeliveryState.QUEUED, DeliveryState.IN_FLIGHT)
TAKEN = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED)


@pytest.fixture
def outbox(engine: Engine, tmp_path: Path) -> Outbox:
    load(engine, write_homed_city(tmp_path / "city"))
    made = Outbox(engine, tmp_path)
    made.execute(
        "INSERT INTO household (load_id, number, area, persons, geom)"
        " SELECT load_id, n, n % 3 - 1, 2, geom FROM household, generate_series(6, :last) AS n"
        " WHERE number = 0",
        last=HOMES - 1,
    )
    return made


@dataclass
class Night:
    """Random rows of a revision and its neighbours, and what the ledger's words make of them."""

    outbox: Outbox
    chance: random.Random
    revision: int = 0
    sends: dict[int, list[tuple[DeliveryState, bool]]] = field(default_factory=dict)
    answered: set[int] = field(default_factory=set)
    over: bool = False

    def state(self, home: int) -> str:
        """The row of the ledger in which a household belongs."""
        rows = self.sends.get(home, [])
        if home in self.answered:
            return "confirmed"
        if not rows:
            return "broadcast_only"
        if any(state in WAITING for state, _ in rows) and not self.over:
            return "followed"
        return "taken" if any(state in TAKEN for state, _ in rows) else "unreached"

    def needs_door(self, home: int, taken: bool = False) -> bool:
        """Nothing that is left reaches it: the last clock of a way that waits has run out too.

        With `taken`, nobody answered in the time of the last way that a carrier took, either.
        """
        state = self.state(home)
        if state == "taken":
            return taken and not any(clock for _, clock in self.sends[home])
        runs = any(clock for one, clock in self.sends.get(home, []) if one in WAITING)
        return state in ("unreached", "broadcast_only") or (state == "followed" and not runs)

    def fill(self) -> None:
        """Up to three ways a home; in every third one nobody registered."""
        numbers = iter(range(1, 10_000))
        chunks = self._chunks(next_revision=self.outbox.approve(areas=(), alert=self._alert()))
        people: list[dict[str, Any]] = []
        rows: list[dict[str, Any]] = []
        for home in range(HOMES):
            for _ in range(self.chance.choice((0, 0, 0, 1, 1, 1, 2, 2, 3))):
                person = next(numbers)
                people.append(
                    {"id": person, "city_code": "999", "status": "Actual", "household": home}
                    | {"categories": [], "language": "ja", "needs": [], "token_hash": f"t{person}"}
                )
                mine = self.chance.random() < 0.9  # the rest were told by the next revision alone
                chunk, runs = self.chance.choice(chunks[mine])
                state = self.chance.choice(tuple(DeliveryState))
                rows.append(
                    {"revision_id": self.revision + (not mine), "recipient_id": person}
                    | {"channel": 1, "chunk_id": chunk, "state": int(state)}
                    | {"perhaps": False, "tries": 0}
                )
                if mine:
                    self.sends.setdefault(home, []).append((state, runs))
        with transaction(self.outbox.engine, latest=True) as connection:
            connection.execute(insert(tables.recipient), people)
            connection.execute(insert(tables.delivery), rows)
            for home in self.chance.sample(range(HOMES), HOMES // 10):
                after = self.chance.choice((-1, 0, 1))  # what came before says nothing of this one
                confirm_household(connection, 1, self.revision + after, home, How.DOOR, "staff:1")
                if after >= 0:
                    self.answered.add(home)

    def _alert(self) -> int:
        self.outbox.approve(areas=())
        self.revision = self.outbox.approve(areas=(), alert=1)
        return 1

    def _chunks(self, next_revision: int) -> dict[bool, list[tuple[int, bool]]]:
        """(id, whether its clock still runs) of chunks, by whether they are of the revision."""
        after = FallbackClock().after_min
        found: dict[bool, list[tuple[int, bool]]] = {True: [], False: []}
        with transaction(self.outbox.engine, latest=True) as connection:
            for mine in (True, False):
                revision = self.revision if mine else next_revision
                query = insert(tables.alert_message).values(
                    revision_id=revision, channel=ChannelKind.LINE, language="ja", body={}
                )
                message = connection.execute(query.returning(tables.alert_message.c.id)).scalar()
                for due, tried in ((-1, None), (-after - 1, None), (-60, -1), (-60, -after - 1)):
                    last = due if tried is None else tried
                    values = {
                        "revision_id": revision,
                        "message_id": message,
                        "channel": ChannelKind.LINE,
                        **{"stage": 0, "lane": 0, "members": []},
                        "key": f"{self.chance.getrandbits(128):032x}",
                        "ready_at": self.outbox.now + due * M,
                        "first_tried_at": None if tried is None else self.outbox.now + tried * M,
                    }
                    made = insert(tables.alert_chunk).values(values)
                    number = connection.execute(made.returning(tables.alert_chunk.c.id)).scalar()
                    found[mine].append((int(number or 0), last > -after))
        return found


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("over", [False, True], ids=["told", "stopped"])
def test_door_lists_are_the_stated_subset_of_the_ledgers_rows(
    outbox: Outbox, seed: int, over: bool
) -> None:
    night = Night(outbox, random.Random(seed), over=over)
    night.fill()
    if over:
        outbox.execute("UPDATE alert_revision SET stopped_at = :now", now=outbox.now)
    with transaction(outbox.engine) as connection:
        table = tables.alert_revision
        row = connection.execute(table.select().where(table.c.id == night.revision)).one()
        city = current_load(connection)
        counted = ledger.households(connection, city, row, outbox.now)
        needed, with_taken = (
            [one.number for one in doors_needed(connection, city, row, outbox.now, taken=taken)]
            for taken in (False, True)
        )
    states = [night.state(home) for home in range(HOMES)]
    assert counted == {state: states.count(state) for state in STATES}
    assert sum(counted.values()) == HOMES
    assert needed == [home for home in range(HOMES) if night.needs_door(home)]
    assert with_taken == [home for home in range(HOMES) if night.needs_door(home, taken=True)]
    assert 0 < len(with_taken) - len(needed) < counted["taken"], "some may answer yet, some not"
    assert over or 0 < counted["followed"] != sum(
        night.state(home) == "followed" for home in needed
    ), "some are followed whose clock runs, and some whose clock does not"


def test_households_that_were_chosen_by_number_stand_on_door_lists_too(outbox: Outbox) -> None:
    revision = outbox.approve()
    outbox.execute('UPDATE alert_revision SET segment = \'{"names": [], "households": [1, 4, 7]}\'')
    with transaction(outbox.engine) as connection:
        table = tables.alert_revision
        row = connection.execute(table.select().where(table.c.id == revision)).one()
        city = current_load(connection)
        assert sum(ledger.households(connection, city, row, outbox.now).values()) == 3
        needed = [one.number for one in doors_needed(connection, city, row, outbox.now)]
    assert needed == [1, 4, 7]
