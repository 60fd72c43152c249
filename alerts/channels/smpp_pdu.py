"""SMPP's packets, built and read by smpplib; the only file that knows it.

smpplib's own client is left aside: it waits for each answer, and writes whole packets, with the
numbers in them, into its debug log.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from smpplib import command_codes, consts, exceptions, smpp

from alerts.channels.receipt import Receipt
from alerts.channels.smpp_account import SmppAccount
from alerts.channels.smpp_receipt import receipt
from alerts.channels.smpp_text import WHOLE

HEADER: Final = struct.Struct(">LLLL")
LARGEST: Final = 70_000
"""Octets: a packet with the longest `message_payload` has 64 kB."""

ANSWER: Final = 0x8000_0000
"""The bit of a command's number that makes it an answer."""

INTERNATIONAL: Final[int] = consts.SMPP_TON_INTL
ISDN: Final[int] = consts.SMPP_NPI_ISDN
UCS2: Final[int] = consts.SMPP_ENCODING_ISO10646
UDH_INDICATOR: Final[int] = consts.SMPP_GSMFEAT_UDHI
UNKNOWN_COMMAND: Final[int] = consts.SMPP_ESME_RINVCMDID
TRY_AGAIN: Final[int] = consts.SMPP_ESME_RX_T_APPN

UNREADABLE = (
    exceptions.PDUError,
    exceptions.UnknownCommandError,
    struct.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
)
"""What smpplib raises where a packet is not as it should be."""


class Garbled(OSError):
    """Octets that are no SMPP: nothing after them can be understood either."""


@dataclass(frozen=True, slots=True)
class Came:
    """A packet that came in; `command` is "" for a request that could not be read."""

    command: str
    status: int
    sequence: int
    message_id: str = ""
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What is submitted: a whole text, or a part of one.

    `valid_s`: seconds for which the centre tries a phone that is off; `joined`: it begins with a
    UDH; `asked`: a receipt is wanted.
    """

    octets: bytes
    valid_s: int
    joined: bool
    asked: bool


def bind(account: SmppAccount, sequence: int) -> bytes:
    """Ask to be bound as a transceiver."""
    return _built(
        "bind_transceiver",
        sequence,
        system_id=account.system_id,
        password=account.password,
        system_type=account.system_type,
    )


def submit(account: SmppAccount, number: str, message: Message, sequence: int) -> bytes:
    """One short message; what is longer than one goes as `message_payload`."""
    octets = message.octets
    text = "message_payload" if len(octets) > 2 * WHOLE else "short_message"
    return _built(
        "submit_sm",
        sequence,
        source_addr_ton=account.source_ton,
        source_addr_npi=account.source_npi,
        source_addr=account.source,
        dest_addr_ton=INTERNATIONAL,
        dest_addr_npi=ISDN,
        destination_addr=number.removeprefix("+"),
        esm_class=UDH_INDICATOR if message.joined else 0,
        validity_period=relative_time(message.valid_s),
        registered_delivery=1 if message.asked else 0,
        data_coding=UCS2,
        **{text: octets},
    )


def relative_time(seconds: int) -> str:
    """Seconds in SMPP's relative form: years to seconds, then "000R" (7.1.1.2)."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"0000{days:02}{hours:02}{minutes:02}{seconds:02}000R"


def plain(command: str, sequence: int, status: int = 0) -> bytes:
    """A packet without fields: enquire_link, unbind, and the answers."""
    return _built(command, sequence, status=status)


def _built(command: str, sequence: int, **fields: Any) -> bytes:
    pdu = smpp.make_pdu(command, sequence=sequence, **fields)
    pdu.sequence = sequence  # smpplib takes the argument for a reason to ask no generator
    built: bytes = pdu.generate()
    return built


def cut(received: bytearray) -> Iterator[Came]:
    """Take whole packets off the front of what was received; raises `Garbled`."""
    while len(received) >= HEADER.size:
        length = HEADER.unpack_from(received)[0]
        if not HEADER.size <= length <= LARGEST:
            raise Garbled("not SMPP")
        if len(received) < length:
            return
        raw = bytes(received[:length])
        del received[:length]
        yield _read(raw)


def _read(raw: bytes) -> Came:
    _, code, status, sequence = HEADER.unpack_from(raw)
    try:
        command = command_codes.get_command_name(code)
        pdu = smpp.parse_pdu(raw, sequence=sequence, allow_unknown_opt_params=True)
        told = _told(pdu) if command == "deliver_sm" else None
        message_id = getattr(pdu, "message_id", None) or b""
        return Came(command, status, sequence, message_id.decode("ascii", "replace"), told)
    except UNREADABLE:
        return Came("unreadable_resp" if code & ANSWER else "", status, sequence)


def _told(pdu: Any) -> Receipt | None:
    text = pdu.short_message or pdu.message_payload or b""
    return receipt(pdu.esm_class or 0, text, pdu.receipted_message_id, pdu.message_state)
