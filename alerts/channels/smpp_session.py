"""One connection to a message centre: submits in a window, receipts whenever they come.

A thread of its own reads. After as long a silence as an answer may take it asks for a sign of
life, and gives the connection up when none comes.
"""

import logging
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Final

from alerts.channels import smpp_pdu
from alerts.channels.receipt import Receipt
from alerts.channels.smpp_account import SmppAccount
from alerts.channels.smpp_pdu import Came, Message

LARGEST_READ: Final = 65_536
GOODBYE_S: Final = 1.0

log = logging.getLogger("nigemichi.smpp")


class BindRefused(OSError):
    """The centre does not let this account in; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(f"bind refused: 0x{status:08X}")
        self.status = status


class Broken(OSError):
    """The connection ended before the answer came."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The centre's answer to a submit: `message_id` where `status` is 0."""

    status: int
    message_id: str


class SmppSession:
    """Bound while it lives; once it is not `alive` it never is again. Safe for many threads.

    `told` is called in the reading thread, which waits for it: it only puts the receipt aside.
    Where it fails, the centre is asked to tell again.
    """

    def __init__(
        self, account: SmppAccount, told: Callable[[Receipt], None], *, until: float, quiet_s: float
    ) -> None:
        """Connect and bind before `until`; raises `OSError`, among them `BindRefused`.

        `until` is of the monotonic clock; `quiet_s` is the longest silence, and the longest wait
        for a centre that does not read.
        """
        self._account, self._told, self._quiet_s = account, told, quiet_s
        self._numbers = count(1)
        self._window = threading.Semaphore(account.window)
        self._pending: dict[int, Future[Answered]] = {}
        self._state, self._writing = threading.Lock(), threading.Lock()
        self._alive, self._silent = True, False
        self._received = bytearray()
        self._socket = socket.create_connection((account.host, account.port), _left_s(until))
        try:
            self._bind(until)
        except OSError:
            self._socket.close()
            raise
        self._reader = threading.Thread(target=self._read, name="smpp-reader", daemon=True)
        self._reader.start()

    @property
    def alive(self) -> bool:
        """Whether submits can be sent."""
        return self._alive

    def submit(self, number: str, message: Message, *, until: float) -> Future[Answered] | None:
        """Send a submit once the window has room; None: it was certainly not sent.

        `until` is of the monotonic clock. The future may raise `Broken`.
        """
        sequence, waiting = next(self._numbers), Future[Answered]()
        built = smpp_pdu.submit(self._account, number, message, sequence)
        if not self._window.acquire(timeout=_left_s(until)):
            return None
        with self._state:
            if not self._alive:
                self._window.release()
                return None
            self._pending[sequence] = waiting
        try:
            self._send(built)
        except OSError as error:
            self._end(error)
            return None
        return waiting

    def end(self, why: str) -> None:
        """Give the connection up: whoever still waits learns that it broke."""
        self._end(Broken(why))

    def close(self) -> None:
        """Take leave of the centre, and end."""
        with suppress(OSError):
            self._send(smpp_pdu.plain("unbind", next(self._numbers)))
            self._reader.join(GOODBYE_S)
        self._end(Broken("closed"))
        self._reader.join(GOODBYE_S)

    def _bind(self, until: float) -> None:
        self._send(smpp_pdu.bind(self._account, next(self._numbers)))
        while True:
            self._socket.settimeout(_left_s(until))
            self._receive()
            for came in smpp_pdu.cut(self._received):
                if came.status:
                    raise BindRefused(came.status)
                if came.command == "bind_transceiver_resp":
                    self._socket.settimeout(self._quiet_s)
                    return

    def _receive(self) -> None:
        octets = self._socket.recv(LARGEST_READ)
        if not octets:
            raise Broken("closed by the centre")
        self._received += octets

    def _read(self) -> None:
        """The reading thread: until the connection ends."""
        try:
            while self._alive:
                for came in smpp_pdu.cut(self._received):
                    self._take(came)
                try:
                    self._receive()
                    self._silent = False
                except TimeoutError:
                    self._ask()
        except OSError as error:
            self._end(error)

    def _ask(self) -> None:
        """Nothing came for long: ask whether the centre lives; raises `Broken` the second time."""
        if self._silent:
            raise Broken("no sign of life")
        self._silent = True
        self._send(smpp_pdu.plain("enquire_link", next(self._numbers)))

    def _take(self, came: Came) -> None:
        match came.command:
            case "submit_sm_resp" | "generic_nack":
                self._answered(came)
            case "deliver_sm":
                self._send(smpp_pdu.plain("deliver_sm_resp", came.sequence, self._tell(came)))
            case "enquire_link":
                self._send(smpp_pdu.plain("enquire_link_resp", came.sequence))
            case "unbind":
                self._send(smpp_pdu.plain("unbind_resp", came.sequence))
                raise Broken("unbound by the centre")
            case "unbind_resp":
                raise Broken("closed")
            case "":
                refusal = smpp_pdu.UNKNOWN_COMMAND
                self._send(smpp_pdu.plain("generic_nack", came.sequence, refusal))

    def _answered(self, came: Came) -> None:
        with self._state:
            waiting = self._pending.pop(came.sequence, None)
        if waiting is not None:
            self._window.release()
            waiting.set_result(Answered(came.status, came.message_id))

    def _tell(self, came: Came) -> int:
        """Pass a receipt on; the status with which the centre is answered."""
        if came.receipt is None:
            return 0
        try:
            self._told(came.receipt)
        except Exception as error:  # whatever it was, submits must go on
            log.error("a receipt could not be put aside: %s", type(error).__name__)
            return smpp_pdu.TRY_AGAIN
        return 0

    def _send(self, octets: bytes) -> None:
        with self._writing:
            self._socket.sendall(octets)

    def _end(self, why: OSError) -> None:
        with self._state:
            self._alive = False
            waiting, self._pending = self._pending, {}
        for one in waiting.values():
            one.set_exception(Broken(type(why).__name__))
            self._window.release()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def _left_s(until: float) -> float:
    """Seconds until then, of the monotonic clock; never none at all, which would mean no wait."""
    return max(until - time.monotonic(), 0.001)
