"""One batch on its way to a message centre: its submits, and what their answers make of letters."""

import hashlib
import re
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Final

from alerts.channels import smpp_status, smpp_text
from alerts.channels.links import sms_text
from alerts.channels.port import Batch, Fate, Handed, Letter
from alerts.channels.smpp_pdu import Message
from alerts.channels.smpp_session import Answered, Broken, SmppSession
from alerts.channels.validity import OVER

AGAIN_S: Final = 1.0
NUMBER: Final = re.compile(r"\+?[0-9]{5,20}")
"""What fits whole into SMPP's field: a longer number would be cut, and be somebody else's."""

NO_NUMBER: Final = Handed(Fate.REFUSED, why="宛先の番号が正しくありません (invalid number)")
NOT_SENT: Final = Handed(Fate.NOT_TAKEN, why="not sent", wait_s=AGAIN_S, for_all=True)
LATE: Final = Handed(Fate.UNKNOWN, why="no answer in time", wait_s=AGAIN_S, for_all=True)
BROKE: Final = Handed(Fate.UNKNOWN, why="connection broke", wait_s=AGAIN_S, for_all=True)
IN_PART: Final = Handed(Fate.UNKNOWN, why="taken in part", wait_s=AGAIN_S)

Waiting = Future[Answered]


@dataclass(frozen=True, slots=True)
class Parts:
    """A letter as it is submitted: whole, or in parts that a phone joins."""

    letter: Letter
    octets: Sequence[bytes]


def parts_of(batch: Batch, *, payload: bool) -> list[Parts]:
    """All letters, ready to submit; raises `ValueError` for a text that no phone could join.

    `payload`: each goes as one submit, however long it is.
    """
    return [Parts(letter, _octets(batch, letter, payload=payload)) for letter in batch.letters]


def _octets(batch: Batch, letter: Letter, *, payload: bool) -> list[bytes]:
    text = sms_text(str(batch.message["text"]), letter)
    if payload:
        return [smpp_text.octets(text)]
    joint = hashlib.sha256(batch.key.bytes + str(letter.recipient).encode()).digest()[0]
    return smpp_text.parts(text, joint)


class Sending:
    """Submits letters; stops at the first answer that is of the carrier and not of a letter."""

    def __init__(
        self, session: SmppSession, valid_s: Callable[[], int | None], *, until: float
    ) -> None:
        """`valid_s` says how long the centre may try, None: it is over."""
        self._session, self._valid_s, self._until = session, valid_s, until
        self._stopped = threading.Event()

    def submit(self, parts: Parts) -> list[Waiting | Handed]:
        """Submit one letter: of each part its future, or what became of it without one.

        A letter that is begun goes on, although no other is begun any more.
        """
        if not NUMBER.fullmatch(parts.letter.address):
            return [NO_NUMBER]
        if self._stopped.is_set():
            return [NOT_SENT]
        valid_s = self._valid_s()
        if valid_s is None:
            return [OVER]
        joined = len(parts.octets) > 1
        return [
            self._submit(parts.letter, Message(octets, valid_s, joined, asked=not place))
            for place, octets in enumerate(parts.octets)
        ]

    def _submit(self, letter: Letter, message: Message) -> Waiting | Handed:
        sent = self._session.submit(letter.address, message, until=self._until)
        if sent is None:
            return NOT_SENT
        sent.add_done_callback(self._look)
        return sent

    def _look(self, done: Waiting) -> None:
        if done.exception() is None and smpp_status.handed(done.result()).for_all:
            self._stopped.set()


def answers(submitted: Sequence[Waiting | Handed], until: float) -> list[Handed]:
    """What became of each part of a letter, known by `until` (monotonic) at the latest."""
    return [one if isinstance(one, Handed) else _answer(one, until) for one in submitted]


def _answer(waiting: Waiting, until: float) -> Handed:
    try:
        return smpp_status.handed(waiting.result(max(until - time.monotonic(), 0.0)))
    except TimeoutError:
        return LATE
    except Broken:
        return BROKE


def of_letter(parts: Sequence[Handed]) -> Handed:
    """What became of a letter: as of its first part where all fared alike.

    A part that is never taken refuses it. A letter taken in part may not go out again unseen.
    """
    refused = [one for one in parts if one.fate is Fate.REFUSED]
    if refused:
        return refused[0]
    if len({one.fate for one in parts}) == 1:
        return parts[0]
    throttled = any(one.throttled for one in parts)
    in_part = replace(IN_PART, throttled=throttled)
    return next((one for one in parts if one.fate is Fate.UNKNOWN), in_part)
