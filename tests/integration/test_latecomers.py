"""Who registers, moves or comes back while an alert is in force is told of it, once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from alerts.delivery import FallbackClock
from alerts.kinds import AlertKind, ChannelKind, Language, Status
from alerts.registration import Standing, Wishes
from data import recipients, recipientways
from data.database import transaction
from data.delivery import slices
from data.delivery.latecomers import hold_late
from operations.delivery.expanding import expand_next
from operations.delivery.latecomers import Latecomers
from operations.delivery.opening import SealedAddresses
from operations.delivery.worker import Outlet, Worker
from tests.integration.outbox import Counting, Outbox
from tests.integration.processes import wait_for

SMS, LINE = ChannelKind.SMS, ChannelKind.LINE
WAITS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
def outbox(engine: Engine, tmp_path: Path) -> Outbox:
    return Outbox(engine, tmp_path)


def late(outbox: Outbox, count: int, *channels: ChannelKind, **given: Any) -> list[int]:
    """So many who have just registered."""
    numbers = outbox.register(count, *channels, **given)
    with transaction(outbox.engine, latest=True) as connection:
        for number in numbers:
            recipients.set_late(connection, number)
    return numbers


def look(outbox: Outbox, status: Status = Status.ACTUAL) -> bool:
    """What a worker does about each second."""
    return Latecomers(outbox.engine, status)(outbox.now)


def one(outbox: Outbox, query: str, **bound: Any) -> Any:
    with transaction(outbox.engine, latest=True) as connection:
        return connection.execute(sql(query), bound).scalar()


def rows(outbox: Outbox, number: int) -> int:
    """How many rows of the outbox somebody has."""
    query = "SELECT count(*) FROM delivery WHERE recipient_id = :number"
    return int(one(outbox, query, number=number))


def move(outbox: Outbox, number: int, area: str) -> None:
    wishes = Wishes(Standing(area_name=area), frozenset(AlertKind), Language.JAPANESE, frozenset())
    with transaction(outbox.engine, latest=True) as connection:
        recipients.set_wishes(connection, number, wishes)


def line(outbox: Outbox, number: int, change: Callable[..., bool], *words: str) -> None:
    """They block us in LINE, or follow again."""
    outbox.pass_time(1)
    with transaction(outbox.engine, latest=True) as connection:
        assert change(connection, number, LINE, *words, outbox.now)


def test_whoever_comes_after_the_expansion_is_told_once(outbox: Outbox) -> None:
    outbox.register(1, SMS)
    outbox.approve()
    outbox.expand()
    numbers = late(outbox, 2, SMS)
    assert not look(outbox)
    assert not look(outbox)
    assert one(outbox, "SELECT count(*) FROM alert_chunk") == 2
    sms = Counting(SMS)
    outbox.work_off(outbox.slot(sms))
    assert [sms.taken[number] for number in numbers] == [1, 1]


@pytest.mark.parametrize("why", ["elsewhere", "a drill", "stopped", "expired", "told already"])
def test_whom_it_does_not_concern_is_told_nothing(outbox: Outbox, why: str) -> None:
    (known,) = outbox.register(1, SMS)
    outbox.approve(lasts_s=600)
    outbox.expand()
    area = "澪北一丁目" if why == "elsewhere" else "渡場一丁目"
    status = Status.EXERCISE if why == "a drill" else Status.ACTUAL
    (number,) = late(outbox, 1, SMS, area=area, status=status)
    if why == "stopped":
        outbox.execute("UPDATE alert_revision SET stopped_at = now()")
    if why == "expired":
        outbox.pass_time(600)
    if why == "told already":
        number = known
        move(outbox, known, "渡場一丁目")
    look(outbox)
    look(outbox, Status.EXERCISE)
    assert rows(outbox, number) == (1 if why == "told already" else 0)
    assert one(outbox, "SELECT count(*) FROM recipient WHERE late_since IS NOT NULL") == 0


def test_whom_the_expansion_will_reach_is_left_to_it(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "FIRST_SLICE", 1)
    late(outbox, 2, SMS)
    revision = outbox.approve()
    assert expand_next(outbox.engine, FallbackClock(), outbox.now)
    look(outbox)
    assert outbox.counts(revision) == {"sms": {"queued": 1}}
    outbox.expand()
    look(outbox)
    assert outbox.counts(revision) == {"sms": {"queued": 2}}


def test_who_is_confirmed_while_it_is_approved_and_expanded_is_told(outbox: Outbox) -> None:
    """Their commit comes after all of it: neither saw the other."""
    early, _ = outbox.register(2, SMS)
    outbox.execute("UPDATE recipient SET confirmed_at = NULL WHERE id = :id", id=early)
    with transaction(outbox.engine, latest=True) as registering:
        recipients.confirm(registering, early, outbox.now)
        outbox.approve()
        outbox.expand()
        look(outbox)
    assert rows(outbox, early) == 0
    look(outbox)
    assert rows(outbox, early) == 1


def test_a_slice_that_did_not_see_them_is_waited_for(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    early, _ = outbox.register(2, SMS)
    outbox.execute("UPDATE recipient SET confirmed_at = NULL WHERE id = :id", id=early)
    outbox.approve()
    began, go, real = threading.Event(), threading.Event(), slices.expand_slice

    def slow(*words: Any, **named: Any) -> Any:
        made = real(*words, **named)
        began.set()
        assert go.wait(60)
        return made

    monkeypatch.setattr(slices, "expand_slice", slow)
    with ThreadPoolExecutor(2) as pool:
        slice_ = pool.submit(expand_next, outbox.engine, FallbackClock(), outbox.now)
        assert began.wait(60)
        with transaction(outbox.engine, latest=True) as connection:
            recipients.confirm(connection, early, outbox.now)
        looking = pool.submit(look, outbox)
        while not looking.done() and not one(outbox, WAITS):
            threading.Event().wait(0.01)
        go.set()
        assert slice_.result(60)
        looking.result(60)
    assert rows(outbox, early) == 1


def test_latecomers_whom_another_worker_has_are_left_to_it(outbox: Outbox) -> None:
    outbox.approve()
    outbox.expand()
    (number,) = late(outbox, 1, SMS)
    with transaction(outbox.engine, latest=True) as other:
        assert [row.id for row in hold_late(other, Status.ACTUAL, 10)] == [number]
        assert not look(outbox)
        assert rows(outbox, number) == 0
    look(outbox)
    assert rows(outbox, number) == 1


def test_rows_that_are_there_are_no_error(outbox: Outbox) -> None:
    """And no second chunk is made for them."""
    outbox.register(1, SMS)
    outbox.approve()
    outbox.expand()
    outbox.execute("UPDATE recipient SET late_since = now()")
    look(outbox)
    assert one(outbox, "SELECT count(*) FROM alert_chunk") == 1
    assert one(outbox, "SELECT count(*) FROM delivery") == 1


def test_who_moves_into_the_area_is_told(outbox: Outbox) -> None:
    (number,) = outbox.register(1, SMS, area="澪北一丁目")
    outbox.approve()
    outbox.expand()
    move(outbox, number, "渡場一丁目")
    look(outbox)
    assert rows(outbox, number) == 1


def test_who_unblocks_us_is_told(outbox: Outbox) -> None:
    (number,) = outbox.register(1, LINE)
    line(outbox, number, recipientways.block, "unfollow")
    outbox.approve()
    outbox.expand()
    assert rows(outbox, number) == 0
    line(outbox, number, recipientways.unblock)
    look(outbox)
    assert rows(outbox, number) == 1


def test_who_blocked_us_before_it_was_sent_and_unblocks_us_is_told(outbox: Outbox) -> None:
    (number,) = outbox.register(1, LINE)
    revision = outbox.approve()
    outbox.expand()
    line(outbox, number, recipientways.block, "unfollow")
    carrier = Counting(LINE)
    slot = outbox.slot(carrier)
    outbox.work_off(slot)
    assert outbox.counts(revision) == {"line": {"refused": 1}}
    line(outbox, number, recipientways.unblock)
    look(outbox)
    outbox.work_off(slot)
    assert outbox.counts(revision) == {"line": {"accepted": 1}}
    assert carrier.taken == {number: 1}


def test_who_answered_is_not_told_again(outbox: Outbox) -> None:
    (number,) = outbox.register(1, SMS)
    revision = outbox.approve()
    outbox.expand()
    outbox.execute("UPDATE delivery SET state = 6")
    outbox.execute(
        "INSERT INTO confirmation (alert_id, revision_id, recipient_id, how)"
        " SELECT alert_id, id, :number, 'tap' FROM alert_revision WHERE id = :revision",
        number=number,
        revision=revision,
    )
    move(outbox, number, "渡場一丁目")
    look(outbox)
    assert one(outbox, "SELECT state FROM delivery") == 6


def test_a_worker_that_has_nothing_else_to_do_tells_them(outbox: Outbox) -> None:
    outbox.now = datetime.now(UTC)
    outbox.approve()
    outbox.expand()
    (number,) = late(outbox, 1, SMS)
    sms, stop = Counting(SMS), threading.Event()
    opens = SealedAddresses(outbox.sealer)
    worker = Worker(outbox.engine, [Outlet(sms, 1)], opens, Status.ACTUAL, "w")
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        wait_for("they are told", lambda: number in sms.taken)
    finally:
        stop.set()
        thread.join()
    assert sms.taken == {number: 1}
