"""Rows that change hands: moved to an earlier chunk, tried again, put back untried."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from alerts.channels.line import body
from alerts.channels.port import Fate
from alerts.kinds import ChannelKind, Status
from data.database import transaction
from data.delivery import chunks
from data.delivery.nextways import advance
from operations.delivery.confirming import How, confirm
from operations.delivery.opening import SealedAddresses
from operations.delivery.slot import Opens
from tests.integration.outbox import Counting, Outbox, everything

LINE, SMS = ChannelKind.LINE, ChannelKind.SMS


@pytest.fixture
def outbox(engine: Engine, tmp_path: Path) -> Outbox:
    return Outbox(engine, tmp_path)


@dataclass
class Meanwhile:
    """Does something once while a slot opens addresses: between its claim and its call."""

    opens: Opens
    act: Callable[[], object]
    done: bool = False

    def address(self, sealed: bytes, key_number: int, channel: ChannelKind, status: Status) -> str:
        if not self.done:
            self.done = True
            self.act()
        return self.opens.address(sealed, key_number, channel, status)

    def link(self, recipient: int) -> str:
        return self.opens.link(recipient)


def test_who_was_moved_to_another_chunk_after_the_claim_is_not_handed_over_twice(
    outbox: Outbox,
) -> None:
    moved, *others = outbox.register(3, SMS)
    revision = outbox.approve()
    outbox.expand()

    def move() -> None:
        outbox.execute(
            "WITH made AS (INSERT INTO alert_chunk (revision_id, message_id, channel, stage, lane,"
            " key, members, ready_at) SELECT revision_id, message_id, channel, stage, lane,"
            " gen_random_uuid(), ARRAY[CAST(:moved AS bigint)], ready_at FROM alert_chunk LIMIT 1"
            " RETURNING id) UPDATE delivery SET chunk_id = made.id FROM made"
            " WHERE recipient_id = :moved",
            moved=moved,
        )

    sms = Counting(SMS)
    opens = Meanwhile(SealedAddresses(outbox.sealer), move)
    outbox.work_off(replace(outbox.slot(sms), opens=opens))
    assert sms.taken == dict.fromkeys([moved, *others], 1)
    assert outbox.counts(revision)["sms"] == {"accepted": 3}


def test_whoever_moves_rows_waits_for_who_claims_their_chunk(outbox: Outbox) -> None:
    (who,) = outbox.register(1, LINE, SMS)
    revision = outbox.approve(level=4)
    outbox.expand()
    outbox.pass_time(600)
    earlier = outbox.now - timedelta(seconds=1)
    found: list[int] = []

    def move() -> None:
        with transaction(outbox.engine, latest=True) as connection:
            found.append(advance(connection, revision, 0, [who], earlier))

    with transaction(outbox.engine, latest=True) as connection:
        chunk = chunks.claim(connection, SMS, Status.ACTUAL, "one", outbox.now)
        assert chunk is not None
        other = threading.Thread(target=move)
        other.start()
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        with outbox.engine.connect() as watching:
            while other.is_alive() and not watching.execute(sql(waiting)).scalar():
                watching.rollback()
        assert other.is_alive()
    other.join()
    assert found == [0]
    with transaction(outbox.engine) as connection:
        assert [row.recipient for row in chunks.unsettled(connection, chunk)] == [who]


def test_a_second_try_at_line_is_the_same_to_the_last_byte_whoever_answered_meanwhile(
    outbox: Outbox,
) -> None:
    answers, blocks, _ = outbox.register(3, SMS, LINE)
    outbox.approve(level=5)
    outbox.expand()
    line = Counting(LINE, remembers_s=86400, fates=[Fate.UNKNOWN])
    outbox.work_off(outbox.slot(line))
    with transaction(outbox.engine, latest=True) as connection:
        shown = everything(connection)
        assert confirm(connection, answers, How.TAP, outbox.now, shown=shown) == 1
    outbox.execute(
        "UPDATE recipient_address SET blocked_at = now() WHERE recipient_id = :id", id=blocks
    )
    outbox.pass_time(30)
    outbox.work_off(outbox.slot(line))
    first, again = line.batches
    assert (first.key, body(first)) == (again.key, body(again))


def test_a_chunk_that_is_put_back_untried_is_not_taken_for_tried(outbox: Outbox) -> None:
    """Else nobody would move its people to the front when their way before it fails."""
    (who,) = outbox.register(1, LINE, SMS)
    revision = outbox.approve(level=4)
    outbox.expand()
    at = outbox.now + timedelta(minutes=11)
    with transaction(outbox.engine, latest=True) as connection:
        chunk = chunks.claim(connection, SMS, Status.ACTUAL, "one", at)
        assert chunk is not None
        chunks.put_back(connection, chunk, "one", at + timedelta(minutes=5), "no turn", tried=False)
        assert advance(connection, revision, 0, [who], at) == 1
