"""Short messages in bulk by SMPP 3.4: many submits under way at once on one connection.

A repeated submit sends a second message: message centres remember no key.
"""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from alerts.channels.port import Batch, Fate, Handed, check_reachable
from alerts.channels.receipt import Receipt
from alerts.channels.smpp_account import SmppAccount
from alerts.channels.smpp_sending import AGAIN_S, LATE, Sending, answers, of_letter, parts_of
from alerts.channels.smpp_session import BindRefused, SmppSession
from alerts.channels.validity import utc_now, valid_s
from alerts.kinds import ChannelKind

REFUSES_US_S: Final = 10.0


class SmppCarrier:
    """One account at a message centre, on one connection that is renewed when it breaks.

    Safe to call from many threads: they share the connection and its window. A letter longer than
    one message asks a receipt of its first part alone, whose number is its reference.
    """

    kind: Final = ChannelKind.SMS
    at_once: Final = 200
    remembers_s: Final = 0.0

    def __init__(
        self,
        account: SmppAccount,
        told: Callable[[Receipt], None],
        *,
        credential: str = "smpp",
        timeout_s: float = 10.0,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """`told` takes receipts (see `SmppSession`); raises `NotLive` for a host beyond reach."""
        check_reachable(account.host)
        self.credential = credential
        self.rate = self.letters_rate = account.letters_rate
        self._account, self._told, self._timeout_s = account, told, timeout_s
        self._clock = clock
        self._session: SmppSession | None = None
        self._opening = threading.Lock()

    def hand_over(self, batch: Batch) -> Sequence[Handed]:
        """Submit all letters, then wait for the answers; ends within the time-out.

        New submits stop at half of it, so that each has the other half to be answered. A
        connection on which an answer stays out is given up. Raises `ValueError`, before anything
        is sent, for a text of more than 255 parts.
        """
        ready = parts_of(batch, payload=self._account.payload)
        now = time.monotonic()
        half, whole = now + self._timeout_s / 2, now + self._timeout_s
        try:
            session = self._bound(half)
        except OSError as error:
            return [_away(error)] * len(ready)
        most_s = self._account.validity_s
        sending = Sending(session, lambda: valid_s(batch, most_s, self._clock()), until=half)
        submitted = [sending.submit(parts) for parts in ready]
        told = [answers(parts, whole) for parts in submitted]
        if any(one is LATE for parts in told for one in parts):
            session.end("no answer in time")
        return [of_letter(parts) for parts in told]

    def connect(self) -> None:
        """Be bound before the first letter, so that receipts come in; raises `OSError`."""
        self._bound(time.monotonic() + self._timeout_s)

    def close(self) -> None:
        """Take leave of the centre."""
        with self._opening:
            if self._session is not None:
                self._session.close()
                self._session = None

    def _bound(self, until: float) -> SmppSession:
        """The session that lives, or a new one; raises `OSError`."""
        if not self._opening.acquire(timeout=max(until - time.monotonic(), 0.0)):
            raise TimeoutError
        try:
            if self._session is None or not self._session.alive:
                self._session = SmppSession(
                    self._account, self._told, until=until, quiet_s=self._timeout_s / 2
                )
            return self._session
        finally:
            self._opening.release()


def _away(error: OSError) -> Handed:
    """There is no connection: nothing was sent."""
    if isinstance(error, BindRefused):
        why = f"接続設定を確かめてください ({error})"
        return Handed(Fate.NOT_TAKEN, why=why, wait_s=REFUSES_US_S, for_all=True)
    why = type(error).__name__
    return Handed(Fate.NOT_TAKEN, why=why, wait_s=AGAIN_S, for_all=True)
