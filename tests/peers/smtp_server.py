"""A mail server of aiosmtpd: keeps what it took, and fails as it is told.

Run as `python -m tests.peers.smtp_server [--tls starttls|tls --certificate PEM] [--login]`.
Behaviours: ok, off, rcpt_later (450), rcpt_refused (550), rcpt_denied (554), sender_refused (550),
data_later (451), data_refused (554), closing (421), hang (takes nothing, says nothing), late (takes
it, says nothing), drop_before (at RCPT), drop_after (takes it, then drops the connection).
"""

import asyncio
import ssl
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from typing import Any, cast
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.peers.listening import loopback
from tests.peers.peer import Peer
from tests.peers.serving import options, run

LOGIN, ENTERS_WITH = b"nigemichi", b"smtp-account-of-the-tests"
ANSWERS = {
    "rcpt_later": "450 4.2.0 Greylisted, try again later",
    "rcpt_refused": "550 5.1.1 No such user {to}",
    "rcpt_denied": "554 5.7.1 {to}: Relay access denied",
    "data_later": "451 4.3.0 Mail system busy",
    "data_refused": "554 5.6.0 Message refused",
    "closing": "421 4.3.2 Closing down",
    "sender_refused": "550 5.7.1 Sender not allowed",
}


@dataclass
class Taken:
    """One mail as it was taken; `address` is the envelope's."""

    address: str
    message_id: str
    headers: dict[str, str]
    text: str


@dataclass
class Encryption:
    """What the server offers: a context from the first octet, or after STARTTLS."""

    at_once: ssl.SSLContext | None = None
    asked_for: ssl.SSLContext | None = None
    login: bool = False


class SmtpPeer(Peer):
    """The server; its ledger counts by Message-ID."""

    def __init__(self, encryption: Encryption) -> None:
        super().__init__()
        self.taken: list[Taken] = []
        self.listener = SmtpListener(self, encryption)

    def reset(self) -> None:
        """Forget everything, as if just started."""
        super().reset()
        self.taken = []

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, sender: str, given: list[str]
    ) -> str:
        """A letter begins."""
        session.peer_behaviour = now = self.next()  # type: ignore[attr-defined]
        if now.name in ("closing", "sender_refused"):
            return ANSWERS[now.name]
        envelope.mail_from = sender
        envelope.mail_options.extend(given)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, to: str, given: list[str]
    ) -> str:
        """Its address."""
        name = session.peer_behaviour.name  # type: ignore[attr-defined]
        if name == "drop_before":
            _drop(server)
        if name.startswith("rcpt_"):
            return ANSWERS[name].format(to=to)
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """All of it is there."""
        now = session.peer_behaviour  # type: ignore[attr-defined]
        if now.name.startswith("data_"):
            return ANSWERS[now.name]
        if now.name == "hang":
            await asyncio.sleep(now.seconds)
            return ANSWERS["data_later"]
        self._take(envelope)
        if now.name == "late":
            await asyncio.sleep(now.seconds)
        if now.name == "drop_after":
            _drop(server)
        return "250 OK: queued"

    def _take(self, envelope: Envelope) -> None:
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, _class=EmailMessage, policy=MAIL_POLICY)
        named, text = str(mail["Message-ID"]), str(mail.get_content())
        for address in envelope.rcpt_tos:
            headers = {name: str(value) for name, value in mail.items()}
            self.taken.append(Taken(address, named, headers, text))
            self.ledger.take(named, (address,))

    async def mails(self, _: Request) -> Response:
        """What was taken, headers and text."""
        return JSONResponse([vars(one) for one in self.taken])


@dataclass
class SmtpListener:
    """The server's port."""

    peer: SmtpPeer
    encryption: Encryption
    here: WeakSet[SMTP] = field(default_factory=WeakSet)
    server: asyncio.Server | None = None

    async def open(self, port: int) -> int:
        """Listen; returns the port."""
        listening = loopback(port)
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(
            self._meet, sock=listening, ssl=self.encryption.at_once
        )
        return int(listening.getsockname()[1])

    async def close(self) -> None:
        """Listen no more, and drop everybody."""
        if self.server is not None:
            self.server.close()
            self.server = None
        for one in self.here:
            _drop(one)
        self.here.clear()

    def _meet(self) -> SMTP:
        met = SMTP(
            self.peer,
            hostname="mail.test",
            tls_context=self.encryption.asked_for,
            require_starttls=self.encryption.asked_for is not None,
            auth_required=self.encryption.login,
            auth_require_tls=self.encryption.at_once is None,
            authenticator=_enters,
        )
        self.here.add(met)
        return met


def _drop(server: SMTP) -> None:
    if server.transport is not None:
        cast("asyncio.WriteTransport", server.transport).abort()


def _enters(_: Any, __: Any, ___: Any, mechanism: str, given: Any) -> AuthResult:
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (
        LOGIN,
        ENTERS_WITH,
    )
    return AuthResult(success=right, handled=False)


def main() -> None:
    """Start as asked for."""
    parser = options("a mail server for tests")
    parser.add_argument("--tls", choices=("none", "starttls", "tls"), default="none")
    parser.add_argument("--certificate", help="a PEM file with the key in it")
    parser.add_argument("--login", action="store_true", help="ask for a login")
    given = parser.parse_args()
    encryption = Encryption(login=given.login)
    if given.tls != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(given.certificate)
        encryption.at_once = context if given.tls == "tls" else None
        encryption.asked_for = context if given.tls == "starttls" else None
    peer = SmtpPeer(encryption)
    run(peer, given, [Route("/mails", peer.mails)])


if __name__ == "__main__":
    main()
