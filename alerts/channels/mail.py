"""Mail by SMTP: one message a letter, each with its reader's own links.

A repeated letter arrives twice; both have the same Message-ID, so that it can be known as one.
"""

import queue
import smtplib
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from alerts.channels import mail_letter
from alerts.channels.mail_server import MailServer
from alerts.channels.mail_talk import AGAIN_S, LATER_S, MailTalk
from alerts.channels.port import Batch, Fate, Handed, Letter, check_reachable
from alerts.channels.validity import OVER, utc_now
from alerts.delivery import is_over
from alerts.kinds import ChannelKind

NO_ADDRESS: Final = Handed(Fate.REFUSED, why="宛先が正しくありません (invalid address)")
NO_TIME: Final = Handed(Fate.NOT_TAKEN, why="no time left")
BUSY: Final = Handed(Fate.NOT_TAKEN, why="all conversations busy", wait_s=AGAIN_S, throttled=True)

NOT_ALLOWED: Final = " 5.7."
CALLS_S: Final = 1_000.0
"""Calls a second where the server sets no limit: more than conversations allow."""


class MailCarrier:
    """One mail server. Safe to call from many threads: conversations are kept and shared out."""

    kind: Final = ChannelKind.MAIL
    at_once: Final = 10
    remembers_s: Final = 0.0

    def __init__(
        self,
        server: MailServer,
        *,
        credential: str = "mail",
        timeout_s: float = 30.0,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Raises `NotLive` for a host beyond reach."""
        check_reachable(server.host)
        self.credential = credential
        self.letters_rate = server.letters_rate
        self.rate = server.letters_rate or CALLS_S
        self._server, self._timeout_s, self._clock = server, timeout_s, clock
        self._free = threading.Semaphore(server.connections)
        self._kept: queue.LifoQueue[MailTalk] = queue.LifoQueue()

    def hand_over(self, batch: Batch) -> Sequence[Handed]:
        """Letter after letter in one conversation; ends within the time-out.

        None is begun after half of it. A fault that is of the server stops the rest.
        """
        now = time.monotonic()
        half, whole = now + self._timeout_s / 2, now + self._timeout_s
        if not self._free.acquire(timeout=self._timeout_s / 2):
            return [BUSY] * len(batch.letters)
        try:
            talk = self._talk(half)
            fates = self._hand_all(talk, batch, half, whole)
            self._keep(talk)
            return fates
        except OSError as error:
            return [_away(error)] * len(batch.letters)
        finally:
            self._free.release()

    def close(self) -> None:
        """Take leave in every conversation that is kept."""
        with suppress(queue.Empty):
            while True:
                self._kept.get_nowait().close()

    def _talk(self, until: float) -> MailTalk:
        """A conversation that was kept and goes on, or a new one; raises `OSError`."""
        with suppress(queue.Empty):
            while True:
                kept = self._kept.get_nowait()
                if kept.fresh(until):
                    return kept
        return MailTalk(self._server, until)

    def _keep(self, talk: MailTalk) -> None:
        if talk.alive:
            self._kept.put(talk)

    def _hand_all(self, talk: MailTalk, batch: Batch, half: float, whole: float) -> list[Handed]:
        fates: list[Handed] = []
        stopped: Handed | None = None
        for letter in batch.letters:
            if stopped is None and time.monotonic() > half:
                stopped = NO_TIME
            handed = stopped or self._hand(talk, batch, letter, whole)
            fates.append(handed)
            if handed.for_all:
                stopped = replace(handed, fate=Fate.NOT_TAKEN)
        return [_of_us(one) for one in fates] if _denies_us(fates) else fates

    def _hand(self, talk: MailTalk, batch: Batch, letter: Letter, until: float) -> Handed:
        """One letter. An address that is none is refused here: it could end a line of SMTP."""
        address = letter.address
        if not address.isascii() or not address.isprintable() or " " in address:
            return NO_ADDRESS
        now = self._clock()
        if batch.expires_at is not None and is_over(batch.expires_at, now):
            return OVER
        octets = mail_letter.octets(batch, letter, self._server, now=now)
        handed = talk.hand(address, octets, until)
        if handed.fate is Fate.ACCEPTED:
            named = mail_letter.message_id(batch, letter, self._server.domain)
            return replace(handed, reference=named)
        return handed


def _denies_us(fates: Sequence[Handed]) -> bool:
    """Whether nobody at all may be written to: "relay access denied" says nothing of a letter.

    Source: RFC 3463, 3.8 (X.7.1, delivery not authorized).
    """
    return len(fates) > 1 and all(NOT_ALLOWED in one.why for one in fates)


def _of_us(refused: Handed) -> Handed:
    return replace(refused, fate=Fate.NOT_TAKEN, wait_s=LATER_S, for_all=True)


def _away(error: OSError) -> Handed:
    """There is no conversation: nothing was handed over."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        why = f"{error.smtp_code} 接続設定を確かめてください (login refused)"
        return Handed(Fate.NOT_TAKEN, why=why, wait_s=LATER_S, for_all=True)
    why = type(error).__name__
    return Handed(Fate.NOT_TAKEN, why=why, wait_s=AGAIN_S, for_all=True)
