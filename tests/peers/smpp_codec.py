"""SMPP 3.4 as a message centre reads and writes it, of the specification alone (section 4 and 5).

It shares nothing with the library that the carrier uses, so that it can catch that one's errors.
"""

import struct
from dataclasses import dataclass, field

BIND_TRANSCEIVER, SUBMIT, DELIVER, UNBIND, ENQUIRE = 0x09, 0x04, 0x05, 0x06, 0x15
ANSWER = 0x8000_0000
OK, TOO_LONG, BAD_COMMAND, NOT_BOUND = 0x00, 0x01, 0x03, 0x04
BAD_DESTINATION, BAD_PASSWORD, QUEUE_FULL, THROTTLED = 0x0B, 0x0E, 0x14, 0x58
MESSAGE_PAYLOAD, RECEIPTED_ID, MESSAGE_STATE = 0x0424, 0x001E, 0x0427
UDH_INDICATOR, RECEIPT, UCS2 = 0x40, 0x04, 0x08
HEADER = struct.Struct(">IIII")


class Malformed(ValueError):
    """A packet that the specification does not allow."""


@dataclass(frozen=True)
class Packet:
    """One packet, its body still as octets."""

    command: int
    status: int
    sequence: int
    body: bytes = b""

    def answer(self, status: int, body: bytes = b"") -> "Packet":
        """The answer to it."""
        return Packet(self.command | ANSWER, status, self.sequence, body)

    def octets(self) -> bytes:
        """As it goes over the line."""
        length = HEADER.size + len(self.body)
        return HEADER.pack(length, self.command, self.status, self.sequence) + self.body


@dataclass(frozen=True)
class Submit:
    """The fields of a submit_sm that matter to a centre."""

    source: str
    destination: str
    esm_class: int
    validity: str
    registered: int
    data_coding: int
    message: bytes
    tlvs: dict[int, bytes] = field(default_factory=dict)


class Reader:
    """Takes fields off the front of a body; raises `Malformed`."""

    def __init__(self, body: bytes) -> None:
        self._body, self._at = body, 0

    def octet(self) -> int:
        """An integer of one octet."""
        return self.octets(1)[0]

    def octets(self, length: int) -> bytes:
        """So many octets."""
        taken = self._body[self._at : self._at + length]
        if len(taken) < length:
            raise Malformed("packet too short")
        self._at += length
        return taken

    def text(self, longest: int) -> str:
        """A C-octet string of at most so many octets, its NUL among them."""
        end = self._body.find(b"\0", self._at)
        if not 0 <= end - self._at < longest:
            raise Malformed("string too long or not ended")
        taken = self._body[self._at : end]
        self._at = end + 1
        return taken.decode("ascii")

    def tlvs(self) -> dict[int, bytes]:
        """All that is left, as optional parameters."""
        found: dict[int, bytes] = {}
        while self._at < len(self._body):
            tag, length = struct.unpack(">HH", self.octets(4))
            found[tag] = self.octets(length)
        return found


def bind(body: bytes) -> tuple[str, str, int]:
    """System id, password and interface version of a bind."""
    read = Reader(body)
    system_id, password, _ = read.text(16), read.text(9), read.text(13)
    return system_id, password, read.octet()


def submit(body: bytes) -> Submit:
    """The fields of a submit_sm; raises `Malformed`."""
    read = Reader(body)
    read.text(6)
    read.octets(2)
    source = read.text(21)
    read.octets(2)
    destination, esm_class = read.text(21), read.octet()
    read.octets(2)
    scheduled, validity, registered = read.text(17), read.text(17), read.octet()
    if scheduled or len(validity) not in (0, 16):
        raise Malformed("schedule or validity")
    read.octet()
    data_coding = read.octet()
    read.octet()
    length = read.octet()
    if length > 254:
        raise Malformed("short message too long")
    message, tlvs = read.octets(length), read.tlvs()
    if message and MESSAGE_PAYLOAD in tlvs:
        raise Malformed("two texts")
    return Submit(source, destination, esm_class, validity, registered, data_coding, message, tlvs)


def text_of(sent: Submit) -> tuple[str, tuple[int, int, int]]:
    """The text of one packet, and (joint, parts, number) of its header; raises `Malformed`."""
    octets, part = sent.tlvs.get(MESSAGE_PAYLOAD, sent.message), (0, 1, 1)
    if sent.data_coding != UCS2 or len(octets) % 2:
        raise Malformed("not UCS-2")
    if len(sent.message) > 140:
        raise Malformed("more than a phone takes in one message")
    if sent.esm_class & UDH_INDICATOR:
        if octets[:3] != b"\x05\x00\x03" or not 1 <= octets[5] <= octets[4]:
            raise Malformed("header of joined parts")
        part, octets = (octets[3], octets[4], octets[5]), octets[6:]
    return octets.decode("utf-16-be"), part


def delivery(sequence: int, sent: Submit, message_id: str, state: str, at: str) -> Packet:
    """A deliver_sm that says what became of a message."""
    codes = {"ENROUTE": 1, "DELIVRD": 2, "EXPIRED": 3, "UNDELIV": 5, "REJECTD": 8}
    told = (
        f"id:{message_id} sub:001 dlvrd:001 submit date:{at} done date:{at} stat:{state} err:000"
    ).encode("ascii")
    source, destination = sent.destination.encode(), sent.source.encode()
    body = b"\0\x01\x01" + source + b"\0\x01\x01" + destination + b"\0"
    body += bytes((RECEIPT, 0, 0)) + b"\0\0" + bytes((0, 0, 0, 0, len(told))) + told
    named = message_id.encode() + b"\0"
    body += struct.pack(">HH", RECEIPTED_ID, len(named)) + named
    body += struct.pack(">HHB", MESSAGE_STATE, 1, codes[state])
    return Packet(DELIVER, OK, sequence, body)
