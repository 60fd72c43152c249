"""The reached ledger accounts for every household, once."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from alerts.channels.port import Fate, Handed
from alerts.delivery import FallbackClock
from alerts.kinds import ChannelKind
from data import tables
from data.database import transaction
from data.delivery import ledger
from data.rows import current_load
from operations.delivery.confirming import How, confirm, confirm_household
from operations.delivery.expanding import expand_next
from tests.integration.homed import load, write_homed_city
from tests.integration.outbox import Counting, Outbox, everything

LINE, SMS = ChannelKind.LINE, ChannelKind.SMS


@pytest.fixture
def outbox(engine: Engine, tmp_path: Path) -> Outbox:
    load(engine, write_homed_city(tmp_path / "city"))
    return Outbox(engine, tmp_path)


class Refusing(Counting):
    """A carrier that knows nobody."""

    def hand_over(self, batch):  # type: ignore[no-untyped-def]
        return [Handed(Fate.REFUSED, why="unknown")] * len(batch.letters)


def read(outbox: Outbox, revision: int) -> dict[str, int]:
    with transaction(outbox.engine) as connection:
        row = connection.execute(
            tables.alert_revision.select().where(tables.alert_revision.c.id == revision)
        ).one()
        return ledger.households(connection, current_load(connection), row, outbox.now)


def homes(outbox: Outbox) -> int:
    with transaction(outbox.engine) as connection:
        return int(connection.execute(sql("SELECT count(*) FROM household")).scalar_one())


def test_every_household_stands_in_one_row_of_the_ledger(outbox: Outbox) -> None:
    everybody = homes(outbox)
    taps = outbox.register(1, LINE, SMS, household=0)[0]
    outbox.register(1, LINE, household=1)
    outbox.register(1, SMS, household=2)
    outbox.register(1, LINE, SMS, household=3)
    outbox.register(5, LINE)
    revision = outbox.approve(areas=())
    while expand_next(outbox.engine, FallbackClock(), outbox.now):
        pass
    outbox.work_off(
        outbox.slot(Counting(LINE, remembers_s=86400)), outbox.slot(Refusing(SMS), worker="two")
    )
    with transaction(outbox.engine, latest=True) as connection:
        confirm(connection, taps, How.TAP, outbox.now, shown=everything(connection))
        confirm_household(connection, 1, revision, 4, How.DOOR, "staff:1")
    found = read(outbox, revision)
    assert sum(found.values()) == everybody
    assert found == {
        "confirmed": 2,
        "taken": 1,
        "followed": 1,
        "broadcast_only": everybody - 5,
        "unreached": 1,
    }


def test_who_registered_without_a_household_is_counted_apart(outbox: Outbox) -> None:
    numbers = outbox.register(3, LINE)
    revision = outbox.approve(areas=())
    while expand_next(outbox.engine, FallbackClock(), outbox.now):
        pass
    with transaction(outbox.engine, latest=True) as connection:
        confirm(connection, numbers[0], How.TAP, outbox.now, shown=everything(connection))
        row = connection.execute(
            tables.alert_revision.select().where(tables.alert_revision.c.id == revision)
        ).one()
        assert ledger.others(connection, row) == {"people": 3, "confirmed": 1}


def test_cells_of_fewer_than_ten_households_are_not_shown(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = outbox.approve(areas=())
    with transaction(outbox.engine) as connection:
        row = connection.execute(
            tables.alert_revision.select().where(tables.alert_revision.c.id == revision)
        ).one()
        city = current_load(connection)
        cells = ledger.unreached_cells(connection, city, row, outbox.now)
        assert all(cell.households >= 10 and cell.households % 10 == 0 for cell in cells)
        monkeypatch.setattr(ledger, "LEAST_CELL", 1)
        every = ledger.unreached_cells(connection, city, row, outbox.now)
        assert len(every) > len(cells)
