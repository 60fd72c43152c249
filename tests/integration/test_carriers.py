"""All carriers against the processes that stand for them: what must hold for every one."""

import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from alerts.channels import line_webhook, twilio_webhook
from alerts.channels.errors import Forged, Unreadable
from alerts.channels.line import LineCarrier
from alerts.channels.mail import MailCarrier
from alerts.channels.mail_server import MailServer, Tls
from alerts.channels.port import Batch, Carrier, Fate
from alerts.channels.receipt import ReceiptState
from alerts.channels.smpp import SmppCarrier
from alerts.channels.smpp_account import SmppAccount
from alerts.channels.twilio import TwilioAccount, TwilioCarrier
from tests.peers import line_server as line_side
from tests.peers import twilio_server as twilio_side
from tests.peers.controls import Control, LineControl, SmscControl, TwilioControl
from tests.peers.line_webhooks import SIGNED_WITH
from tests.peers.running import ROOT, line_server, smsc, smtp_server, twilio_server
from tests.peers.smsc_conversation import ENTERS_WITH, SYSTEM_ID
from tests.unit.alerts.channels.letters import fates, line_batch, mail_batch, sms_batch

PLANTED = {
    "line": ["U" + "7" * 32, "U" + "0" * 32, "U" + "1" * 32],
    "mail": ["planted777@home.example", "a@home.example", "b@home.example"],
    "smpp": ["+819077777777", "+819000000000", "+819000000001"],
    "twilio": ["+819077777777", "+819000000000", "+819000000001"],
}
KINDS = sorted(PLANTED)
BATCH: dict[str, Callable[[list[str]], Batch]] = {
    "line": line_batch,
    "mail": mail_batch,
    "smpp": sms_batch,
    "twilio": sms_batch,
}
FAULTS = {
    "line": ["rate", "monthly", "error_before", "error_after", "unauthorized", "late"],
    "mail": [
        "closing",
        "data_later",
        "data_refused",
        "drop_after",
        "drop_before",
        "late",
        "rcpt_later",
        "rcpt_refused",
        "sender_refused",
    ],
    "smpp": ["throttle", "queue_full", "drop_before", "drop_after", "unbind", "garble", "late"],
    "twilio": ["rate", "queue_full", "error_before", "error_after", "unauthorized", "late"],
}


def ignored(_: object) -> None:
    """Nobody asks for receipts here."""


@contextmanager
def carried(kind: str, timeout_s: float = 20) -> Iterator[tuple[Carrier, Control]]:
    """A carrier and its peer, both while the block runs."""
    with ExitStack() as stack:
        if kind == "line":
            peer: Control = stack.enter_context(line_server("--fast"))
            made: Carrier = LineCarrier(line_side.BEARER, base_url=peer.origin, timeout_s=timeout_s)
        elif kind == "twilio":
            peer = stack.enter_context(twilio_server())
            account = TwilioAccount(
                twilio_side.ACCOUNT, twilio_side.SIGNED_WITH, "+8150", base_url=peer.origin
            )
            made = TwilioCarrier(account, timeout_s=timeout_s)
        elif kind == "smpp":
            peer = stack.enter_context(smsc())
            centre = SmppAccount("127.0.0.1", peer.port, SYSTEM_ID, ENTERS_WITH, source="81500")
            made = SmppCarrier(centre, ignored, timeout_s=timeout_s)
        else:
            peer = stack.enter_context(smtp_server())
            server = MailServer("127.0.0.1", peer.port, "bousai@city.example", tls=Tls.NONE)
            made = MailCarrier(server, timeout_s=timeout_s)
        stack.callback(made.close)
        yield made, peer


@pytest.mark.parametrize("kind", KINDS)
def test_no_address_is_in_any_result_or_log(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    found: list[object] = []
    with caplog.at_level(logging.DEBUG), carried(kind, timeout_s=1) as (carrier, peer):
        for fault in FAULTS[kind]:
            peer.behave(fault, seconds=3)
            found += carrier.hand_over(BATCH[kind](PLANTED[kind]))
        peer.behave("off")
        found += carrier.hand_over(BATCH[kind](PLANTED[kind]))
        peer.behave("ok")
        wrong = [f"{PLANTED[kind][0]}\r\nx", *PLANTED[kind]]
        found += carrier.hand_over(BATCH[kind](wrong))
        peer.reset()
    assert len(found) == 3 * len(FAULTS[kind]) + 7
    shown = f"{found!r} {caplog.text}"
    assert "7777" not in shown
    assert "planted" not in shown
    assert b"819077777777".hex() not in shown
    assert "避難" not in caplog.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_carrier_that_is_off_for_a_while_loses_no_letter(kind: str) -> None:
    with carried(kind) as (carrier, peer):
        batch = BATCH[kind](PLANTED[kind])
        peer.behave("off", seconds=0.5)
        handed = carrier.hand_over(batch)
        assert fates(handed) == [Fate.NOT_TAKEN] * 3
        assert all(one.for_all and one.wait_s > 0 for one in handed)
        until = time.monotonic() + 20
        while fates(handed) != [Fate.ACCEPTED] * 3 and time.monotonic() < until:
            time.sleep(0.1)
            handed = carrier.hand_over(batch)
        assert fates(handed) == [Fate.ACCEPTED] * 3
        assert peer.summary() == {"recipients": 3, "deliveries": 3, "most": 1, "repeated": 0}


def test_a_stumbling_line_reaches_each_of_3000_people_once() -> None:
    people = [f"U{number:032x}" for number in range(3_000)]
    batches = [line_batch(people[first : first + 100]) for first in range(0, 3_000, 100)]
    with carried("line") as (carrier, peer):
        for fault in ("error_after", "error_before", "rate", "ok"):
            peer.behave(fault, every=3)
            batches = [one for one in batches if not _accepted(carrier, one)] or batches
        for batch in batches:
            assert _accepted(carrier, batch)
        assert peer.counts() == dict.fromkeys(people, 1)
        assert peer.tally()["other_body"] == 0


def _accepted(carrier: Carrier, batch: Batch) -> bool:
    return set(fates(carrier.hand_over(batch))) == {Fate.ACCEPTED}


@contextmanager
def receiver(take: Callable[[bytes, dict[str, str], str], object]) -> Iterator[str]:
    """A server that gives each call-back to `take`: 200, or 403 where it is forged."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                take(raw, headers, f"http://127.0.0.1:{self.server.server_port}{self.path}")  # type: ignore[attr-defined]
                self.send_response(200)
            except (Forged, Unreadable):
                self.send_response(403)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def an_event(kind: str, number: int, **more: Any) -> dict[str, Any]:
    """One event as LINE writes it."""
    return {
        "type": kind,
        "mode": "active",
        "timestamp": 1_790_000_000_000,
        "source": {"type": "user", "userId": PLANTED["line"][number]},
        "webhookEventId": f"01FZ74A0TDDPYRVKNK77XKC3Z{number}",
        "deliveryContext": {"isRedelivery": False},
        **more,
    }


def test_lines_call_backs_are_taken_signed_and_refused_forged() -> None:
    taken: list[line_webhook.LineEvent] = []

    def take(raw: bytes, headers: dict[str, str], _: str) -> None:
        taken.extend(line_webhook.events(raw, headers["x-line-signature"], secret=SIGNED_WITH))

    told = [
        an_event("unfollow", 0),
        an_event("follow", 1, replyToken="r", follow={"isUnblocked": False}),
        an_event("postback", 2, replyToken="r", postback={"data": "safe"}),
    ]
    with line_server("--fast") as line, receiver(take) as url:
        assert isinstance(line, LineControl)
        assert line.webhook(url, told)["status"] == 200
        assert [type(one) for one in taken] == [
            line_webhook.Unfollowed,
            line_webhook.Followed,
            line_webhook.Tapped,
        ]
        assert line.webhook(url, told, signature="forged")["status"] == 403
        assert len(taken) == 3
        again = [one | {"deliveryContext": {"isRedelivery": True}} for one in told]
        assert line.webhook(url, again)["status"] == 200
        assert [one.event_id for one in taken[3:]] == [one.event_id for one in taken[:3]]
        assert all(one.redelivered for one in taken[3:])


def test_twilios_call_backs_tell_how_messages_ended() -> None:
    taken: list[tuple[str, ReceiptState] | None] = []

    def take(raw: bytes, headers: dict[str, str], url: str) -> None:
        signature, token = headers["x-twilio-signature"], twilio_side.SIGNED_WITH
        found = twilio_webhook.receipt(raw, signature, url=url, auth_token=token)
        taken.append((found.reference, found.state) if found else None)

    with twilio_server("--end", "undelivered") as twilio, receiver(take) as url:
        assert isinstance(twilio, TwilioControl)
        call_back = f"{url}/sms/a-token-of-ours"
        account = TwilioAccount(
            twilio_side.ACCOUNT,
            twilio_side.SIGNED_WITH,
            "+8150",
            callback_url=call_back,
            base_url=twilio.origin,
        )
        carrier = TwilioCarrier(account)
        (handed,) = carrier.hand_over(sms_batch(PLANTED["twilio"][:1]))
        carrier.close()
        until = time.monotonic() + 20
        while len(twilio.posted()) < 2 and time.monotonic() < until:
            time.sleep(0.02)
        assert taken == [None, (handed.reference, ReceiptState.FAILED)]
        form = {"MessageSid": handed.reference, "MessageStatus": "delivered"}
        assert twilio.webhook(call_back, form, signature="forged") == 403
        assert twilio.webhook(call_back, form) == 200
        assert taken[2:] == [(handed.reference, ReceiptState.DELIVERED)]


@pytest.mark.parametrize("module", ["line_server", "smsc", "smtp_server", "twilio_server"])
def test_a_peer_ends_by_itself_when_its_time_is_over(module: str) -> None:
    fast = ["--fast"] if module == "line_server" else []
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.peers.{module}", "--limit-s", "0.1", *fast],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        said, _ = process.communicate(timeout=20)
        assert set(json.loads(said)) == {"port", "control"}
        assert process.returncode == 0


def test_a_centre_counts_each_letter_of_many_at_once() -> None:
    people = [f"+8190{number:08}" for number in range(2_000)]
    with carried("smpp") as (carrier, peer):
        assert isinstance(peer, SmscControl)
        for first in range(0, 2_000, 200):
            assert _accepted(carrier, sms_batch(people[first : first + 200]))
        assert peer.summary() == {
            "recipients": 2_000,
            "deliveries": 2_000,
            "most": 1,
            "repeated": 0,
        }
