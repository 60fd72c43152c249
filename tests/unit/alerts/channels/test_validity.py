"""No carrier delivers what is over: each is told how long it may try, and gets nothing later."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from alerts.channels.mail import MailCarrier
from alerts.channels.mail_server import MailServer, Tls
from alerts.channels.port import Fate
from alerts.channels.smpp import SmppCarrier
from alerts.channels.twilio import LONGEST_VALID_S, TwilioCarrier
from alerts.channels.validity import OVER, valid_s
from tests.peers.controls import SmscControl, SmtpControl, TwilioControl
from tests.unit.alerts.channels import test_twilio
from tests.unit.alerts.channels.letters import (
    NOW,
    fates,
    mail_batch,
    mails,
    numbers,
    sms_batch,
    until,
)
from tests.unit.alerts.channels.smpp_side import LONG, an_account, digits

QUARTER_S = 15 * 60


def a_second_each() -> Callable[[], datetime]:
    """A clock that goes on by a second each time somebody looks."""
    seconds = count()
    return lambda: NOW + timedelta(seconds=next(seconds))


@pytest.fixture
def smpp(centre: SmscControl) -> Iterator[SmppCarrier]:
    made = SmppCarrier(an_account(centre), print, timeout_s=20, clock=lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def by_twilio(twilio: TwilioControl) -> Iterator[TwilioCarrier]:
    made = TwilioCarrier(test_twilio.an_account(twilio), timeout_s=20, clock=lambda: NOW)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("left_s", "told_s"),
    [(86_400, 7_200), (7_200, 7_200), (900.9, 900), (1, 1), (0.9, None), (0, None), (-60, None)],
)
def test_whole_seconds_are_left_and_never_more_than_the_account_has(
    left_s: float, told_s: int | None
) -> None:
    assert valid_s(until(sms_batch(numbers(1)), left_s), 7_200, NOW) == told_s


@pytest.mark.parametrize(("most_s", "told_s"), [(7_200, 7_200), (0, 1)])
def test_what_has_no_end_keeps_the_validity_of_the_account(most_s: int, told_s: int) -> None:
    assert valid_s(sms_batch(numbers(1)), most_s, NOW) == told_s


@pytest.mark.parametrize(
    ("left_s", "told"), [(QUARTER_S, "000000001500000R"), (86_400, "000000020000000R")]
)
def test_a_message_centre_tries_no_longer_than_a_message_holds(
    centre: SmscControl, smpp: SmppCarrier, left_s: int, told: str
) -> None:
    assert fates(smpp.hand_over(until(sms_batch(numbers(2)), left_s))) == [Fate.ACCEPTED] * 2
    assert centre.validities() == dict.fromkeys(digits(2), told)


def test_a_canary_and_a_code_keep_the_validity_of_the_account(
    centre: SmscControl, smpp: SmppCarrier, twilio: TwilioControl, by_twilio: TwilioCarrier
) -> None:
    smpp.hand_over(sms_batch(numbers(1)))
    by_twilio.hand_over(sms_batch(numbers(1)))
    assert centre.validities() == {digits(1)[0]: "000000020000000R"}
    assert [one["ValidityPeriod"] for one in twilio.forms()] == ["7200"]


@pytest.mark.parametrize("text", ["避難してください", LONG], ids=["short", "in parts"])
def test_a_message_centre_gets_no_letter_that_is_over_meanwhile(
    centre: SmscControl, text: str
) -> None:
    carrier = SmppCarrier(an_account(centre), print, timeout_s=20, clock=a_second_each())
    handed = carrier.hand_over(until(sms_batch(numbers(4), text=text), 2))
    carrier.close()
    assert list(handed[2:]) == [OVER] * 2
    assert fates(handed) == [Fate.ACCEPTED] * 2 + [Fate.REFUSED] * 2
    assert centre.counts() == dict.fromkeys(digits(2), 1)
    assert centre.validities()[digits(2)[1]] == "000000000001000R"


@pytest.mark.parametrize(("left_s", "told"), [(QUARTER_S, "900"), (86_400, "7200"), (1, "1")])
def test_twilio_keeps_a_letter_no_longer_than_its_message_holds(
    twilio: TwilioControl, by_twilio: TwilioCarrier, left_s: int, told: str
) -> None:
    assert fates(by_twilio.hand_over(until(sms_batch(numbers(1)), left_s))) == [Fate.ACCEPTED]
    assert [one["ValidityPeriod"] for one in twilio.forms()] == [told]


def test_twilio_is_never_told_more_than_it_allows(twilio: TwilioControl) -> None:
    account = replace(test_twilio.an_account(twilio), validity_s=2 * LONGEST_VALID_S)
    carrier = TwilioCarrier(account, clock=lambda: NOW)
    carrier.hand_over(until(sms_batch(numbers(1)), 3 * LONGEST_VALID_S))
    carrier.close()
    assert [one["ValidityPeriod"] for one in twilio.forms()] == [str(LONGEST_VALID_S)]


def test_twilio_gets_no_letter_that_is_over_meanwhile(twilio: TwilioControl) -> None:
    carrier = TwilioCarrier(test_twilio.an_account(twilio), timeout_s=20, clock=a_second_each())
    handed = carrier.hand_over(until(sms_batch(numbers(4)), 2))
    carrier.close()
    assert fates(handed) == [Fate.ACCEPTED] * 2 + [Fate.REFUSED] * 2
    assert twilio.tally()["requests"] == 2


def test_a_mail_server_gets_no_letter_that_is_over_meanwhile(mail_server: SmtpControl) -> None:
    server = MailServer("127.0.0.1", mail_server.port, "bousai@city.example", tls=Tls.NONE)
    carrier = MailCarrier(server, timeout_s=20, clock=a_second_each())
    handed = carrier.hand_over(until(mail_batch(mails(4)), 2))
    carrier.close()
    assert fates(handed) == [Fate.ACCEPTED] * 2 + [Fate.REFUSED] * 2
    assert mail_server.counts() == dict.fromkeys(mails(2), 1)


def test_mail_that_came_is_not_hidden_at_its_end_for_the_order_stands(
    mail_server: SmtpControl,
) -> None:
    server = MailServer("127.0.0.1", mail_server.port, "bousai@city.example", tls=Tls.NONE)
    carrier = MailCarrier(server, timeout_s=20, clock=lambda: NOW)
    carrier.hand_over(until(mail_batch(mails(1)), QUARTER_S))
    carrier.close()
    (mail,) = mail_server.mails()
    assert not {"expires", "expiry-date"} & {name.lower() for name in mail["headers"]}
