"""The connection to a message centre: broken, hanging, silent, refused, and renewed."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from alerts.channels.port import Fate
from alerts.channels.smpp import SmppCarrier
from operations.delivery.bound import AGAIN, StaysBound
from tests.peers.controls import SmscControl
from tests.unit.alerts.channels.letters import fates, numbers, sms_batch
from tests.unit.alerts.channels.smpp_side import an_account, digits

ANOTHER = "another"


@pytest.mark.parametrize("behaviour", ["drop_after", "drop_before", "unbind"])
def test_a_connection_that_breaks_leaves_a_letter_unknown_and_is_renewed(
    centre: SmscControl, smpp: SmppCarrier, behaviour: str
) -> None:
    centre.behave(behaviour)
    assert fates(smpp.hand_over(sms_batch(numbers(1)))) == [Fate.UNKNOWN]
    assert centre.counts() == (dict.fromkeys(digits(1), 1) if behaviour == "drop_after" else {})
    centre.behave("ok")
    assert fates(smpp.hand_over(sms_batch(numbers(1)))) == [Fate.ACCEPTED]
    assert centre.tally()["bound"] == 2


@pytest.mark.parametrize("behaviour", ["hang", "late"])
def test_an_answer_that_stays_out_leaves_a_letter_unknown_and_the_connection_is_renewed(
    centre: SmscControl, hasty: SmppCarrier, behaviour: str
) -> None:
    centre.behave(behaviour)
    assert fates(hasty.hand_over(sms_batch(numbers(1)))) == [Fate.UNKNOWN]
    assert centre.counts() == (dict.fromkeys(digits(1), 1) if behaviour == "late" else {})
    centre.behave("ok")
    hasty.connect()
    assert centre.tally()["bound"] == 2


def test_octets_that_are_no_smpp_end_the_connection(centre: SmscControl, smpp: SmppCarrier) -> None:
    centre.behave("garble", times=1)
    assert fates(smpp.hand_over(sms_batch(numbers(1)))) == [Fate.UNKNOWN]
    assert fates(smpp.hand_over(sms_batch(numbers(1)))) == [Fate.ACCEPTED]


def test_what_was_never_submitted_is_not_taken(centre: SmscControl, hasty: SmppCarrier) -> None:
    centre.behave("hang")
    handed = hasty.hand_over(sms_batch(numbers(20)))
    assert fates(handed) == [Fate.UNKNOWN] * 5 + [Fate.NOT_TAKEN] * 15


def test_a_centre_that_hangs_costs_the_time_out_and_no_more(
    centre: SmscControl, hasty: SmppCarrier
) -> None:
    centre.behave("hang")
    began = time.monotonic()
    hasty.hand_over(sms_batch(numbers(200)))
    assert time.monotonic() - began < 10


def test_a_wrong_password_loses_no_letter(centre: SmscControl) -> None:
    carrier = SmppCarrier(an_account(centre, password=ANOTHER), print)
    handed = carrier.hand_over(sms_batch(numbers(2)))
    carrier.close()
    assert [(one.fate, one.for_all) for one in handed] == [(Fate.NOT_TAKEN, True)] * 2
    assert "0x0000000E" in handed[0].why


def test_nobody_there_means_not_taken(centre: SmscControl, smpp: SmppCarrier) -> None:
    smpp.connect()
    centre.behave("off")
    assert set(fates(smpp.hand_over(sms_batch(numbers(2))))) <= {Fate.NOT_TAKEN, Fate.UNKNOWN}
    assert fates(smpp.hand_over(sms_batch(numbers(2)))) == [Fate.NOT_TAKEN] * 2
    assert centre.counts() == {}
    centre.behave("ok")
    assert fates(smpp.hand_over(sms_batch(numbers(2)))) == [Fate.ACCEPTED] * 2


def test_a_silent_line_is_asked_for_a_sign_of_life(centre: SmscControl, hasty: SmppCarrier) -> None:
    until = time.monotonic() + 20
    while centre.tally().get("enquired", 0) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    hasty.connect()
    assert centre.tally()["bound"] == 1
    assert centre.tally()["enquired"] >= 2


def test_a_line_without_a_sign_of_life_is_given_up(centre: SmscControl, hasty: SmppCarrier) -> None:
    centre.behave("hang")
    until = time.monotonic() + 20
    while centre.tally()["bound"] < 2 and time.monotonic() < until:
        time.sleep(0.05)
        hasty.connect()
    assert centre.tally()["bound"] == 2


def test_a_worker_with_nothing_to_send_stays_bound_for_receipts(
    centre: SmscControl, smpp: SmppCarrier
) -> None:
    stays, now = StaysBound(smpp), datetime(2026, 10, 13, 2, 14, tzinfo=UTC)
    centre.behave("off")
    stays(now)
    centre.behave("ok")
    stays(now + timedelta(seconds=1))
    assert centre.tally().get("bound", 0) == 0, "a centre that refuses is let be"
    stays(now + AGAIN)
    stays(now + AGAIN)
    assert centre.tally()["bound"] == 1


def test_leaving_says_goodbye(centre: SmscControl, smpp: SmppCarrier) -> None:
    smpp.connect()
    smpp.close()
    assert centre.tally()["unbound"] == 1
