"""One conversation with a mail server: letter after letter, and what each answer means.

Source: RFC 5321, 4.2 (replies) and 4.2.5 (after DATA the server answers for the letter).
"""

import smtplib
import ssl
import time
from contextlib import suppress
from typing import Final

from alerts.channels.mail_server import MailServer, Tls
from alerts.channels.port import Fate, Handed
from alerts.channels.redaction import without_addresses

AGAIN_S: Final = 1.0
BUSY_S: Final = 5.0
LATER_S: Final = 60.0
"""After 4xx for one letter: greylisting lets it in after about a minute."""

OK, GO_ON, CLOSING, FAILED = 250, 354, 421, 500
LOST: Final = Handed(Fate.NOT_TAKEN, why="connection lost", wait_s=AGAIN_S, for_all=True)
UNANSWERED: Final = Handed(
    Fate.UNKNOWN, why="no answer after the text", wait_s=AGAIN_S, for_all=True
)


class MailTalk:
    """Open from the start until it is not `alive`. For one thread at a time."""

    def __init__(self, server: MailServer, until: float) -> None:
        """Connect, encrypt and log in before `until` (monotonic); raises `OSError`."""
        self._server = server
        context = ssl.create_default_context(cafile=server.authorities or None)
        self._smtp = _greeted(server, until, context)
        try:
            if server.tls is Tls.STARTTLS:
                self._left(until)
                self._smtp.starttls(context=context)
            self._left(until)
            self._smtp.ehlo_or_helo_if_needed()
            if server.login:
                self._left(until)
                self._smtp.login(server.login, server.password)
        except OSError:
            self._smtp.close()
            raise

    @property
    def alive(self) -> bool:
        """Whether another letter can be handed over."""
        return self._smtp.sock is not None

    def fresh(self, until: float) -> bool:
        """Whether the server still listens after a pause."""
        with suppress(OSError):
            self._left(until)
            if self._ready():
                return True
        self._smtp.close()
        return False

    def hand(self, address: str, octets: bytes, until: float) -> Handed:
        """Hand over one letter; what became of it is known before `until` (monotonic)."""
        try:
            stopped = self._envelope(address, until)
            if stopped is not None:
                return stopped
            self._left(until)
            self._smtp.send(octets)
        except OSError:
            self._smtp.close()
            return LOST
        return self._outcome(until)

    def close(self) -> None:
        """Take leave."""
        with suppress(OSError):
            self._left(time.monotonic() + AGAIN_S)
            self._smtp.quit()
        self._smtp.close()

    def _envelope(self, address: str, until: float) -> Handed | None:
        """Up to DATA; None where the text may come. Raises `OSError`."""
        self._left(until)
        code, said = self._smtp.mail(self._server.sender)
        if code != OK:
            return self._refusal(code, said, of_us=True)
        self._left(until)
        code, said = self._smtp.rcpt(address)
        if code // 100 != OK // 100:
            return self._refusal(code, said)
        self._left(until)
        code, said = self._smtp.docmd("DATA")
        return None if code == GO_ON else self._refusal(code, said)

    def _outcome(self, until: float) -> Handed:
        """The server's word for a letter of which it has every octet."""
        try:
            self._left(until)
            code, said = self._smtp.getreply()
        except OSError:
            code, said = -1, b""
        if code // 100 == OK // 100:
            return Handed(Fate.ACCEPTED)
        if code < CLOSING:
            self._smtp.close()
            return UNANSWERED
        return self._refusal(code, said)

    def _refusal(self, code: int, said: bytes, *, of_us: bool = False) -> Handed:
        """What a refusal means; the conversation is ready for the next letter, or closed."""
        why = f"{code} {without_addresses(said.decode('utf-8', 'replace'))}"
        if code == CLOSING or not self._ready():
            self._smtp.close()
        if code == CLOSING:
            return Handed(Fate.NOT_TAKEN, why=why, wait_s=BUSY_S, for_all=True, throttled=True)
        if of_us or code < FAILED:
            busy = of_us and code < FAILED
            return Handed(Fate.NOT_TAKEN, why=why, wait_s=LATER_S, for_all=of_us, throttled=busy)
        return Handed(Fate.REFUSED, why=why)

    def _ready(self) -> bool:
        """Drop what was begun; False where the server does not agree, or is gone."""
        try:
            return self._smtp.rset()[0] == OK
        except OSError:
            return False

    def _left(self, until: float) -> None:
        """Let the next step last no longer than `until`; raises `OSError` without a connection."""
        if self._smtp.sock is None:
            raise smtplib.SMTPServerDisconnected
        self._smtp.sock.settimeout(max(until - time.monotonic(), 0.001))


def _greeted(server: MailServer, until: float, context: ssl.SSLContext) -> smtplib.SMTP:
    """Connected and greeted; raises `OSError`."""
    timeout_s = max(until - time.monotonic(), 0.001)
    if server.tls is Tls.TLS:
        return smtplib.SMTP_SSL(
            server.host, server.port, "localhost", timeout=timeout_s, context=context
        )
    return smtplib.SMTP(server.host, server.port, "localhost", timeout=timeout_s)
