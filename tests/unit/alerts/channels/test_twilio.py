"""Short messages by Twilio's API."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.channels.port import Fate
from alerts.channels.twilio import QUEUE_FULL_S, RATE_S, REFUSED, TwilioAccount, TwilioCarrier
from tests.peers.controls import TwilioControl
from tests.peers.running import twilio_server
from tests.peers.twilio_server import ACCOUNT, SIGNED_WITH
from tests.unit.alerts.channels.letters import fates, numbers, sms_batch

PATIENCE_S = 2.0
SENDER = "+815031234567"
CALL_BACK = "http://127.0.0.1:1/sms/a-token-of-ours"
ANOTHER = "another account's"
CONTRACT = Path(__file__).parents[5] / "shared/data/sms/twilio_api_v2010.yaml"


def an_account(twilio: TwilioControl, *, auth_token: str = SIGNED_WITH) -> TwilioAccount:
    """The account that the stand-in knows."""
    return TwilioAccount(
        ACCOUNT,
        auth_token,
        SENDER,
        callback_url=CALL_BACK,
        base_url=twilio.origin,
    )


@pytest.fixture
def carrier(twilio: TwilioControl) -> Iterator[TwilioCarrier]:
    made = TwilioCarrier(an_account(twilio), timeout_s=20)
    yield made
    made.close()


@pytest.fixture
def hasty(twilio: TwilioControl) -> Iterator[TwilioCarrier]:
    made = TwilioCarrier(an_account(twilio), timeout_s=PATIENCE_S)
    yield made
    made.close()


def test_a_letter_is_accepted_with_its_sid(twilio: TwilioControl, carrier: TwilioCarrier) -> None:
    handed = carrier.hand_over(sms_batch(numbers(2)))
    assert fates(handed) == [Fate.ACCEPTED] * 2
    assert len({one.reference for one in handed}) == 2
    assert all(one.reference.startswith("SM") for one in handed)
    assert twilio.counts() == dict.fromkeys(numbers(2), 1)


def test_twilio_knows_no_key_so_a_repeated_letter_arrives_twice(
    twilio: TwilioControl, carrier: TwilioCarrier
) -> None:
    batch = sms_batch(numbers(1))
    carrier.hand_over(batch)
    carrier.hand_over(batch)
    assert twilio.counts() == {numbers(1)[0]: 2}
    assert carrier.remembers_s == 0


@pytest.mark.parametrize("code", sorted(REFUSED))
def test_codes_of_the_letter_refuse_it_alone(
    twilio: TwilioControl, carrier: TwilioCarrier, code: int
) -> None:
    twilio.refuse({numbers(3)[1]: code})
    handed = carrier.hand_over(sms_batch(numbers(3)))
    assert fates(handed) == [Fate.ACCEPTED, Fate.REFUSED, Fate.ACCEPTED]
    assert handed[1].why.startswith(str(code))
    assert not handed[1].for_all


def test_a_code_that_is_of_the_sender_keeps_the_letter(
    twilio: TwilioControl, carrier: TwilioCarrier
) -> None:
    twilio.refuse({numbers(1)[0]: 21606})
    handed = carrier.hand_over(sms_batch(numbers(1)))
    assert [(one.fate, one.for_all) for one in handed] == [(Fate.NOT_TAKEN, True)]


def test_a_number_that_is_none_is_refused(carrier: TwilioCarrier) -> None:
    assert fates(carrier.hand_over(sms_batch(["090-no-number"]))) == [Fate.REFUSED]


def test_a_text_has_at_most_1600_letters(carrier: TwilioCarrier) -> None:
    assert fates(carrier.hand_over(sms_batch(numbers(1), text="あ" * 1_600))) == [Fate.REFUSED]


@pytest.mark.parametrize(("behaviour", "wait_s"), [("rate", RATE_S), ("queue_full", QUEUE_FULL_S)])
def test_a_limit_stops_the_rest(
    twilio: TwilioControl, carrier: TwilioCarrier, behaviour: str, wait_s: float
) -> None:
    twilio.behave(behaviour)
    handed = carrier.hand_over(sms_batch(numbers(3)))
    assert [(one.fate, one.wait_s, one.for_all) for one in handed] == [
        (Fate.NOT_TAKEN, wait_s, True)
    ] * 3
    assert twilio.tally()["requests"] == 1


@pytest.mark.parametrize("behaviour", ["error_before", "error_after", "hang", "late"])
def test_after_an_error_the_letter_is_unknown_and_the_rest_is_not_sent(
    twilio: TwilioControl, carrier: TwilioCarrier, hasty: TwilioCarrier, behaviour: str
) -> None:
    hangs = behaviour in ("hang", "late")
    twilio.behave(behaviour, seconds=4 if hangs else 0)
    handed = (hasty if hangs else carrier).hand_over(sms_batch(numbers(3)))
    assert fates(handed) == [Fate.UNKNOWN, Fate.NOT_TAKEN, Fate.NOT_TAKEN]
    assert twilio.tally()["requests"] == 1
    arrived = behaviour in ("error_after", "late")
    assert twilio.counts() == ({numbers(1)[0]: 1} if arrived else {})


def test_a_wrong_credential_loses_no_letter(twilio: TwilioControl) -> None:
    carrier = TwilioCarrier(an_account(twilio, auth_token=ANOTHER))
    handed = carrier.hand_over(sms_batch(numbers(2)))
    carrier.close()
    assert [(one.fate, one.for_all) for one in handed] == [(Fate.NOT_TAKEN, True)] * 2


def test_nobody_there_means_not_taken(twilio: TwilioControl, carrier: TwilioCarrier) -> None:
    twilio.behave("off")
    assert fates(carrier.hand_over(sms_batch(numbers(2)))) == [Fate.NOT_TAKEN] * 2
    twilio.behave("ok")
    assert fates(carrier.hand_over(sms_batch(numbers(2)))) == [Fate.ACCEPTED] * 2


def test_a_twilio_that_hangs_costs_the_time_out_once(
    twilio: TwilioControl, hasty: TwilioCarrier
) -> None:
    twilio.behave("hang", seconds=20)
    began = time.monotonic()
    hasty.hand_over(sms_batch(numbers(40)))
    assert time.monotonic() - began < 10


def test_a_slow_twilio_gets_no_letter_after_half_of_the_time(
    twilio: TwilioControl, hasty: TwilioCarrier
) -> None:
    twilio.behave("late", seconds=PATIENCE_S / 5)
    handed = hasty.hand_over(sms_batch(numbers(10)))
    begun = fates(handed).index(Fate.NOT_TAKEN)
    assert fates(handed) == [Fate.ACCEPTED] * begun + [Fate.NOT_TAKEN] * (10 - begun)
    assert not any(one.for_all for one in handed)
    assert twilio.tally()["requests"] == begun


def test_a_rate_of_twilios_own_is_kept_by_waiting() -> None:
    with twilio_server("--rate", "2") as twilio:
        carrier = TwilioCarrier(an_account(twilio))
        handed = carrier.hand_over(sms_batch(numbers(3)))
        carrier.close()
        assert fates(handed) == [Fate.ACCEPTED, Fate.ACCEPTED, Fate.NOT_TAKEN]


def test_the_form_names_sender_text_link_call_back_and_validity(
    twilio: TwilioControl, carrier: TwilioCarrier
) -> None:
    batch = sms_batch(numbers(1))
    carrier.hand_over(batch)
    assert twilio.forms() == [
        {
            "From": SENDER,
            "To": numbers(1)[0],
            "Body": f"避難してください\n{batch.letters[0].link}",
            "StatusCallback": CALL_BACK,
            "ValidityPeriod": "7200",
        }
    ]


@pytest.mark.skipif(not CONTRACT.is_file(), reason="../shared/data/sms is not there")
def test_every_field_of_the_request_is_twilios(
    twilio: TwilioControl, carrier: TwilioCarrier
) -> None:
    carrier.hand_over(sms_batch(numbers(1)))
    lines = CONTRACT.read_text()
    told = lines[lines.index("title: CreateMessageRequest") :]
    told = told[: told.index("              required:")]
    for name in twilio.forms()[0]:
        assert f"\n                {name}:\n" in told
