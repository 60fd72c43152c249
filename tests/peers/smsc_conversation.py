"""One connection to the message centre: packets in, answers out, receipts later."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from tests.peers import smpp_codec as smpp
from tests.peers.ledger import Behaviour
from tests.peers.smpp_codec import Malformed, Packet, Submit

SYSTEM_ID, ENTERS_WITH = "nigemichi", "smpptest"
STATUSES = {"throttle": smpp.THROTTLED, "queue_full": smpp.QUEUE_FULL}
GARBAGE = b"\xff" * 32
ZONE = ZoneInfo("Asia/Tokyo")


class Centre(Protocol):
    """What a conversation asks of the centre."""

    behaviour: Behaviour
    receipt: str
    receipt_after_s: float
    latency_s: float
    refused: set[str]

    def next(self) -> Behaviour:
        """What to do with this submit."""

    def note(self, what: str) -> None:
        """Count something."""

    def took(self, sent: Submit) -> str:
        """Note a packet that was taken; returns its message id."""


class Conversation:
    """Runs until the connection ends."""

    def __init__(
        self, centre: Centre, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.writer, self._reader, self._centre = writer, reader, centre
        self._is_bound, self._sequence, self._waiting = False, 0, 0

    async def run(self) -> None:
        """Raises `IncompleteReadError` and `OSError` where the other side is gone."""
        takes: dict[int, Callable[[Packet], bool]] = {
            smpp.BIND_TRANSCEIVER: self._bind,
            smpp.SUBMIT: self._submit,
            smpp.ENQUIRE: self._enquire,
            smpp.UNBIND: self._unbind,
            smpp.DELIVER | smpp.ANSWER: self._told,
        }
        ended = False
        while not ended:
            head = await self._reader.readexactly(smpp.HEADER.size)
            length, command, status, sequence = smpp.HEADER.unpack(head)
            body = await self._reader.readexactly(length - smpp.HEADER.size)
            ended = takes.get(command, self._other)(Packet(command, status, sequence, body))

    def tell(self, sent: Submit, message_id: str) -> None:
        """Send the receipt of a message, once it is time."""
        self._sequence += 1
        at = f"{datetime.now(ZONE):%y%m%d%H%M}"
        told = smpp.delivery(self._sequence, sent, message_id, self._centre.receipt, at)
        self._later(self._centre.receipt_after_s, told)

    def _bind(self, packet: Packet) -> bool:
        asked = smpp.bind(packet.body)
        refused = self._centre.behaviour.name == "bind_refused"
        self._is_bound = asked == (SYSTEM_ID, ENTERS_WITH, 0x34) and not refused
        self._centre.note("bound" if self._is_bound else "bind refused")
        body = b"smsc\0" if self._is_bound else b""
        self._send(packet.answer(smpp.OK if self._is_bound else smpp.BAD_PASSWORD, body))
        return False

    def _submit(self, packet: Packet) -> bool:
        """True where the connection ends with it."""
        now = self._centre.next()
        if now.name in ("hang", "drop_before"):
            return now.name == "drop_before"
        if now.name in ("unbind", "garble"):
            unbind = Packet(smpp.UNBIND, smpp.OK, 1).octets()
            self.writer.write(unbind if now.name == "unbind" else GARBAGE)
            return False
        sent, status = self._read(packet, now)
        message_id = self._centre.took(sent) if sent and status == smpp.OK else ""
        if sent and message_id and sent.registered & 1 and self._centre.receipt:
            self.tell(sent, message_id)
        if now.name in ("late", "drop_after"):
            return now.name == "drop_after"
        self._waiting += 1
        self._centre.note(f"{self._waiting} waiting")
        body = message_id.encode() + b"\0" if message_id else b""
        self._later(self._centre.latency_s, packet.answer(status, body))
        return False

    def _read(self, packet: Packet, now: Behaviour) -> tuple[Submit | None, int]:
        """A submit, and the status with which it is answered."""
        if not self._is_bound:
            return None, smpp.NOT_BOUND
        if now.name in STATUSES or now.name == "status":
            return None, STATUSES.get(now.name, now.status)
        try:
            sent = smpp.submit(packet.body)
            smpp.text_of(sent)
        except (Malformed, UnicodeDecodeError) as error:
            self._centre.note(f"malformed: {error}")
            return None, smpp.TOO_LONG
        known = sent.destination.isdigit() and sent.destination not in self._centre.refused
        return sent, smpp.OK if known else smpp.BAD_DESTINATION

    def _enquire(self, packet: Packet) -> bool:
        self._centre.note("enquired")
        if self._centre.behaviour.name != "hang":
            self._send(packet.answer(smpp.OK))
        return False

    def _unbind(self, packet: Packet) -> bool:
        self._centre.note("unbound")
        self._send(packet.answer(smpp.OK))
        return False

    def _told(self, packet: Packet) -> bool:
        self._centre.note(f"receipt answered {packet.status}")
        return False

    def _other(self, packet: Packet) -> bool:
        if not packet.command & smpp.ANSWER:
            self._send(Packet(smpp.ANSWER, smpp.BAD_COMMAND, packet.sequence))
        return False

    def _later(self, seconds: float, packet: Packet) -> None:
        if seconds:
            asyncio.get_running_loop().call_later(seconds, self._send, packet)
        else:
            self._send(packet)

    def _send(self, packet: Packet) -> None:
        self._waiting -= packet.command == smpp.SUBMIT | smpp.ANSWER
        if not self.writer.transport.is_closing():
            self.writer.write(packet.octets())
