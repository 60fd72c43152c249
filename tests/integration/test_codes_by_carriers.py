"""Codes and links travel by the real carriers to peers that are as strict as the real servers."""

import re
from collections.abc import Iterator

import pytest

from alerts.channels.line import LineCarrier
from alerts.channels.line_webhook import Followed
from alerts.channels.mail import MailCarrier
from alerts.channels.mail_server import MailServer, Tls
from alerts.channels.port import Carrier
from alerts.channels.twilio import TwilioAccount, TwilioCarrier
from alerts.kinds import ChannelKind
from operations.registering.codes import send_codes
from operations.registering.confirm import Outcome, confirm_code, use_link
from operations.registering.from_line import hear
from operations.registering.register import register
from tests.integration.registered import (
    ADDRESS,
    LINE,
    MAIL,
    NOW,
    NUMBER,
    SITE,
    SMS,
    USER,
    Office,
    asked,
)
from tests.peers.controls import LineControl, SmtpControl, TwilioControl
from tests.peers.line_server import BEARER
from tests.peers.running import line_server, smtp_server, twilio_server
from tests.peers.twilio_server import ACCOUNT, SIGNED_WITH


@pytest.fixture(scope="module")
def peers() -> Iterator[tuple[LineControl, TwilioControl, SmtpControl]]:
    """One of each."""
    with line_server("--fast") as line, twilio_server() as twilio, smtp_server() as smtp:
        yield line, twilio, smtp


@pytest.fixture
def carriers(
    peers: tuple[LineControl, TwilioControl, SmtpControl],
) -> Iterator[dict[ChannelKind, Carrier]]:
    """The real carriers, towards the peers."""
    line, twilio, smtp = peers
    account = TwilioAccount(ACCOUNT, SIGNED_WITH, "+815000000000", base_url=twilio.origin)
    made: dict[ChannelKind, Carrier] = {
        LINE: LineCarrier(BEARER, base_url=line.origin),
        SMS: TwilioCarrier(account),
        MAIL: MailCarrier(
            MailServer("127.0.0.1", smtp.port, sender="alerts@asase.example", tls=Tls.NONE)
        ),
    }
    yield made
    for carrier in made.values():
        carrier.close()


def test_what_arrives_confirms_a_number_a_mail_and_nothing_else(
    office: Office,
    peers: tuple[LineControl, TwilioControl, SmtpControl],
    carriers: dict[ChannelKind, Carrier],
) -> None:
    line, twilio, smtp = peers
    asking = asked("北町一丁目", {SMS: NUMBER, MAIL: ADDRESS})
    token = register(office.engine, office.sealer, asking, NOW)
    followed = Followed("e", NOW, USER, redelivered=False, reply_token="", unblocked=False)
    hear(office.engine, office.sealer, followed, NOW)
    taken = [
        send_codes(office.engine, office.sealer, carriers, NOW, 100, site=SITE) for _ in range(2)
    ]
    assert taken == [3, 0]
    assert line.counts() == {USER: 1}
    (form,) = twilio.forms()
    assert form["To"] == NUMBER
    assert len(form["Body"]) <= 70
    (mail,) = smtp.mails()
    assert mail["address"] == ADDRESS
    assert "List-Unsubscribe" not in mail["headers"]
    code = re.findall(r"\d{6}", form["Body"])[0]
    assert confirm_code(office.engine, office.sealer, token, code, NOW) is Outcome.DONE
    use_link(office.engine, re.findall(rf"{SITE}/register/(\S+)", mail["text"])[0], NOW)
    assert [row[1:3] for row in office.ways()] == [("mail", 1), ("sms", 0)]


def test_a_line_message_that_may_have_arrived_is_repeated_with_its_key_and_arrives_once(
    office: Office,
    peers: tuple[LineControl, TwilioControl, SmtpControl],
    carriers: dict[ChannelKind, Carrier],
) -> None:
    line, _, _ = peers
    line.reset()
    line.behave("error_after", times=1)
    followed = Followed("e", NOW, USER, redelivered=False, reply_token="", unblocked=False)
    hear(office.engine, office.sealer, followed, NOW)
    assert send_codes(office.engine, office.sealer, carriers, NOW, 100, site=SITE) == 0
    office.later(minutes=1)
    assert send_codes(office.engine, office.sealer, carriers, office.now, 100, site=SITE) == 1
    assert line.counts() == {USER: 1}
