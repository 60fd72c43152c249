"""Expanding, claiming and settling: nobody is left out, nobody gets it twice unnoticed."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from alerts.channels.port import Fate
from alerts.delivery import FallbackClock
from alerts.kinds import ChannelKind, Status
from data.database import transaction
from data.delivery import chunks, rows, slices
from operations.delivery.confirming import How, confirm
from operations.delivery.expanding import expand_next, finish_sent
from tests.integration.outbox import Counting, Outbox, everything

LINE, SMS, MAIL = ChannelKind.LINE, ChannelKind.SMS, ChannelKind.MAIL


@pytest.fixture
def outbox(engine: Engine, tmp_path: Path) -> Outbox:
    return Outbox(engine, tmp_path)


def test_everybody_in_the_area_has_a_row_on_each_way_and_nobody_else(outbox: Outbox) -> None:
    inside = outbox.register(3, LINE, SMS, MAIL)
    outbox.register(2, LINE, area="澪北一丁目")
    outbox.register(2, LINE, status=Status.EXERCISE)
    revision = outbox.approve()
    outbox.expand()
    with transaction(outbox.engine) as connection:
        found = connection.execute(
            sql("SELECT recipient_id, channel FROM delivery WHERE revision_id = :id"),
            {"id": revision},
        ).all()
    assert sorted(found) == [(n, way) for n in inside for way in (1, 2, 3)]


def test_expanding_goes_on_where_it_was_killed(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "FIRST_SLICE", 4)
    monkeypatch.setattr(slices, "SLICE", 5)
    outbox.register(20, SMS)
    revision = outbox.approve()
    assert expand_next(outbox.engine, FallbackClock(), outbox.now)
    assert outbox.counts(revision) == {"sms": {"queued": 4}}
    assert outbox.expand() == 5
    assert outbox.counts(revision) == {"sms": {"queued": 20}}


def test_a_language_without_a_text_gets_the_japanese_one(outbox: Outbox) -> None:
    outbox.register(1, SMS, language="vi")
    outbox.register(1, SMS, language="en")
    outbox.approve()
    outbox.expand()
    sms = Counting(SMS)
    outbox.work_off(outbox.slot(sms))
    assert sorted(batch.message["text"] for batch in sms.batches) == ["sms en", "sms ja"]


def test_each_is_handed_over_once_and_the_revision_is_sent(outbox: Outbox) -> None:
    people = outbox.register(120, SMS)
    revision = outbox.approve()
    outbox.expand()
    assert finish_sent(outbox.engine, outbox.now) == []
    sms = Counting(SMS)
    outbox.work_off(outbox.slot(sms))
    assert sms.taken == dict.fromkeys(people, 1)
    assert outbox.counts(revision) == {"sms": {"accepted": 120}}
    assert finish_sent(outbox.engine, outbox.now) == [revision]


def test_letters_carry_the_readers_own_link_but_not_on_line(outbox: Outbox) -> None:
    outbox.register(1, LINE, SMS)
    outbox.approve(level=5)
    outbox.expand()
    line, sms = Counting(LINE, remembers_s=86400), Counting(SMS)
    outbox.work_off(outbox.slot(line), outbox.slot(sms))
    assert line.batches[0].letters[0].link == ""
    assert sms.batches[0].letters[0].link.startswith("https://city.example/r/")
    assert sms.batches[0].letters[0].address.startswith("+8170")


def test_the_next_way_waits_for_an_answer_and_is_not_used_after_one(outbox: Outbox) -> None:
    answers, waits = outbox.register(2, LINE, SMS)
    revision = outbox.approve(level=4)
    outbox.expand()
    line, sms = Counting(LINE, remembers_s=86400), Counting(SMS)
    outbox.work_off(outbox.slot(line), outbox.slot(sms))
    assert (set(line.taken), sms.taken) == ({answers, waits}, {})
    with transaction(outbox.engine, latest=True) as connection:
        assert confirm(connection, answers, How.TAP, outbox.now, shown=everything(connection)) == 1
        assert confirm(connection, answers, How.TAP, outbox.now, shown=everything(connection)) == 0
    outbox.pass_time(600)
    outbox.work_off(outbox.slot(line), outbox.slot(sms))
    assert sms.taken == {waits: 1}
    assert outbox.counts(revision)["sms"] == {"accepted": 1, "not_needed": 1}


def test_at_level_5_no_way_waits_for_another(outbox: Outbox) -> None:
    outbox.register(1, LINE, SMS, MAIL)
    revision = outbox.approve(level=5)
    outbox.expand()
    carriers = [Counting(LINE, remembers_s=86400), Counting(SMS), Counting(MAIL)]
    outbox.work_off(*map(outbox.slot, carriers))
    assert outbox.counts(revision) == {way: {"accepted": 1} for way in ("line", "sms", "mail")}


def test_what_was_stopped_is_not_handed_over(outbox: Outbox) -> None:
    outbox.register(300, SMS)
    revision = outbox.approve()
    outbox.expand()
    sms = Counting(SMS)
    with transaction(outbox.engine, latest=True) as connection:
        connection.execute(sql("UPDATE alert_revision SET stopped_at = now()"))
    assert outbox.work_off(outbox.slot(sms)) == 0
    assert outbox.counts(revision) == {"sms": {"queued": 300}}


def test_stopping_ends_a_chunk_that_is_being_handed_over(outbox: Outbox) -> None:
    outbox.register(200, SMS)
    outbox.approve()
    outbox.expand()

    class Stopping(Counting):
        def hand_over(self, batch):  # type: ignore[no-untyped-def]
            with transaction(outbox.engine, latest=True) as connection:
                connection.execute(sql("UPDATE alert_revision SET stopped_at = now()"))
            return super().hand_over(batch)

    sms = Stopping(SMS)
    outbox.work_off(outbox.slot(sms))
    assert len(sms.taken) == 50


def test_an_expired_text_is_not_handed_over(outbox: Outbox) -> None:
    outbox.register(1, SMS)
    revision = outbox.approve(lasts_s=60)
    outbox.expand()
    outbox.pass_time(60)
    sms = Counting(SMS)
    assert outbox.work_off(outbox.slot(sms)) == 0
    assert finish_sent(outbox.engine, outbox.now) == [revision]


def test_line_gets_the_same_key_and_the_same_people_at_each_try(outbox: Outbox) -> None:
    people = outbox.register(3, LINE)
    revision = outbox.approve()
    outbox.expand()
    line = Counting(LINE, remembers_s=86400, fates=[Fate.UNKNOWN, Fate.NOT_TAKEN])
    slot = outbox.slot(line)
    for _ in range(3):
        outbox.work_off(slot)
        outbox.pass_time(120)
    assert len({batch.key for batch in line.batches}) == 1
    assert {batch.letters for batch in line.batches} == {line.batches[0].letters}
    assert len(line.batches) == 3
    assert line.taken == dict.fromkeys(people, 1)
    assert outbox.counts(revision) == {"line": {"accepted": 3}}


def test_a_chunk_of_a_killed_worker_is_taken_up_and_said_to_be_perhaps_sent(
    outbox: Outbox,
) -> None:
    people = outbox.register(60, SMS)
    revision = outbox.approve()
    outbox.expand()
    with transaction(outbox.engine, latest=True) as connection:
        chunk = chunks.claim(connection, SMS, Status.ACTUAL, "killed", outbox.now)
        assert chunk is not None
        rows.mark_in_flight(connection, chunk, people[:50], outbox.now)
    sms = Counting(SMS)
    slot = outbox.slot(sms, worker="other")
    assert outbox.work_off(slot) == 0, "while its lease lasts"
    outbox.pass_time(chunks.LEASE / timedelta(seconds=1) + 1)
    outbox.work_off(slot)
    assert sms.taken == dict.fromkeys(people, 1)
    assert outbox.counts(revision) == {"sms": {"accepted": 60, "perhaps": 50}}


def test_an_answer_that_did_not_come_is_perhaps_sent_and_tried_again(outbox: Outbox) -> None:
    people = outbox.register(5, MAIL)
    revision = outbox.approve()
    outbox.expand()
    mail = Counting(MAIL, fates=[Fate.UNKNOWN])
    slot = outbox.slot(mail)
    outbox.work_off(slot)
    assert outbox.counts(revision) == {"mail": {"queued": 5, "perhaps": 5}}
    outbox.pass_time(120)
    outbox.work_off(slot)
    assert mail.taken == dict.fromkeys(people, 1)
    assert outbox.counts(revision) == {"mail": {"accepted": 5, "perhaps": 5}}


def test_a_carrier_that_fails_again_and_again_is_let_be_and_then_probed_once(
    outbox: Outbox,
) -> None:
    outbox.register(800, SMS)
    outbox.approve()
    outbox.expand()
    sms = Counting(SMS, fates=[Fate.NOT_TAKEN] * 4)
    slot = outbox.slot(sms)
    assert outbox.work_off(slot) == 3, "three failures in a row"
    while sms.fates:
        outbox.pass_time(1)
        assert outbox.work_off(slot) <= 1, "one probe"
    assert (len(sms.batches), outbox.work_off(slot)) == (4, 0)
    outbox.pass_time(180)
    outbox.work_off(slot)
    assert sum(sms.taken.values()) == 800


def test_the_next_way_of_who_is_refused_waits_for_no_clock(outbox: Outbox) -> None:
    people = outbox.register(3, LINE, SMS)
    revision = outbox.approve(level=4)
    outbox.expand()
    line, sms = Counting(LINE, remembers_s=86400, fates=[Fate.REFUSED]), Counting(SMS)
    outbox.work_off(outbox.slot(line), outbox.slot(sms))
    assert sms.taken == dict.fromkeys(people, 1)
    assert outbox.counts(revision) == {"line": {"refused": 3}, "sms": {"accepted": 3}}
    outbox.pass_time(700)
    assert (outbox.work_off(outbox.slot(sms)), len(sms.batches)) == (1, 1), "an empty chunk"


def test_when_a_carrier_is_down_nobodys_next_way_waits_for_its_clock(outbox: Outbox) -> None:
    people = outbox.register(1_500, LINE, SMS)
    outbox.approve(level=4)
    outbox.expand()
    line = Counting(LINE, remembers_s=86400, fates=[Fate.UNKNOWN] * 3)
    sms = Counting(SMS)
    outbox.work_off(outbox.slot(line))
    outbox.work_off(outbox.slot(sms))
    assert sms.taken == dict.fromkeys(people, 1)


def test_a_rate_is_kept_over_all_workers(outbox: Outbox) -> None:
    outbox.register(2_500, LINE)
    outbox.approve()
    outbox.expand()
    line = Counting(LINE, remembers_s=86400, rate=2.0)
    began = outbox.now
    outbox.work_off(outbox.slot(line), outbox.slot(line, worker="two"))
    assert len(line.batches) == 5
    assert (outbox.now - began).total_seconds() >= 1.9


def test_who_left_or_blocked_before_the_first_try_gets_nothing(outbox: Outbox) -> None:
    stays, blocks = outbox.register(2, LINE)
    revision = outbox.approve()
    outbox.expand()
    with transaction(outbox.engine, latest=True) as connection:
        connection.execute(
            sql("UPDATE recipient_address SET blocked_at = now() WHERE recipient_id = :id"),
            {"id": blocks},
        )
    line = Counting(LINE, remembers_s=86400)
    outbox.work_off(outbox.slot(line))
    assert line.taken == {stays: 1}
    assert outbox.counts(revision) == {"line": {"accepted": 1, "refused": 1}}


def test_a_drill_is_claimed_by_a_drills_worker_alone(outbox: Outbox) -> None:
    outbox.register(2, SMS, status=Status.EXERCISE)
    outbox.approve(status=Status.EXERCISE)
    outbox.expand()
    live, drill = Counting(SMS), Counting(SMS)
    assert outbox.work_off(outbox.slot(live)) == 0
    assert outbox.work_off(outbox.slot(drill, status=Status.EXERCISE)) == 1
