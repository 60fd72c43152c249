"""A peer for each carrier, started once a worker and as if new for each test."""

from collections.abc import Iterator
from queue import Queue

import pytest

from alerts.channels.receipt import Receipt
from alerts.channels.smpp import SmppCarrier
from tests.peers.controls import LineControl, SmscControl, SmtpControl, TwilioControl
from tests.peers.running import line_server, smsc, smtp_server, twilio_server
from tests.unit.alerts.channels.smpp_side import PATIENCE_S, an_account


@pytest.fixture(scope="session")
def line_peer() -> Iterator[LineControl]:
    """LINE, by its own OpenAPI."""
    with line_server() as peer:
        yield peer


@pytest.fixture(scope="session")
def centre_peer() -> Iterator[SmscControl]:
    """An SMPP message centre."""
    with smsc() as peer:
        yield peer


@pytest.fixture(scope="session")
def twilio_peer() -> Iterator[TwilioControl]:
    """Twilio."""
    with twilio_server() as peer:
        yield peer


@pytest.fixture(scope="session")
def mail_peer() -> Iterator[SmtpControl]:
    """A mail server without encryption."""
    with smtp_server() as peer:
        yield peer


@pytest.fixture
def line(line_peer: LineControl) -> LineControl:
    """LINE as if just started."""
    line_peer.reset()
    return line_peer


@pytest.fixture
def centre(centre_peer: SmscControl) -> SmscControl:
    """The message centre as if just started."""
    centre_peer.reset()
    return centre_peer


@pytest.fixture
def twilio(twilio_peer: TwilioControl) -> TwilioControl:
    """Twilio as if just started."""
    twilio_peer.reset()
    return twilio_peer


@pytest.fixture
def mail_server(mail_peer: SmtpControl) -> SmtpControl:
    """The mail server as if just started."""
    mail_peer.reset()
    return mail_peer


@pytest.fixture
def receipts() -> "Queue[Receipt]":
    """What the message centre told."""
    return Queue()


@pytest.fixture
def smpp(centre: SmscControl, receipts: "Queue[Receipt]") -> Iterator[SmppCarrier]:
    """A carrier with much patience."""
    made = SmppCarrier(an_account(centre), receipts.put, timeout_s=20)
    yield made
    made.close()


@pytest.fixture
def hasty(centre: SmscControl) -> Iterator[SmppCarrier]:
    """One with a window of five and little patience, bound already."""
    made = SmppCarrier(an_account(centre, window=5), print, timeout_s=PATIENCE_S)
    made.connect()
    yield made
    made.close()
