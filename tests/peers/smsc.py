"""An SMPP message centre: binds, takes submits, sends receipts later, and fails as it is told.

Run as `python -m tests.peers.smsc [--receipt DELIVRD] [--receipt-after-s S] [--latency-s S]`.
Behaviours, of a submit: ok, off, throttle, queue_full, status, hang (takes nothing, says nothing),
late (takes it, says nothing), drop_before, drop_after (takes it, then drops the connection),
unbind, garble; of a bind: bind_refused.
"""

import asyncio
import hashlib
from collections import defaultdict
from contextlib import suppress
from itertools import count

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.peers import smpp_codec as smpp
from tests.peers.listening import loopback
from tests.peers.peer import Peer
from tests.peers.serving import options, run
from tests.peers.smpp_codec import Submit
from tests.peers.smsc_conversation import Conversation


class Smsc(Peer):
    """The centre. Its ledger counts whole messages, by the hash of their text."""

    def __init__(self, receipt: str, receipt_after_s: float, latency_s: float) -> None:
        super().__init__()
        self.receipt, self.receipt_after_s, self.latency_s = receipt, receipt_after_s, latency_s
        self.refused: set[str] = set()
        self.listener = SmscListener(self)
        self._joined: dict[tuple[str, int], dict[int, str]] = defaultdict(dict)
        self._texts: dict[str, str] = {}
        self._validities: dict[str, str] = {}
        self._numbers = count(1)

    def reset(self) -> None:
        """Forget everything, as if just started; who is bound stays so."""
        super().reset()
        self.receipt, self.receipt_after_s, self.latency_s = "", 0.0, 0.0
        self.refused, self._texts, self._validities = set(), {}, {}
        self._joined.clear()

    def note(self, what: str) -> None:
        """Count something."""
        self.tally[what] += 1

    def took(self, sent: Submit) -> str:
        """Note a packet; a message of several counts once all its parts are there."""
        text, (joint, parts, number) = smpp.text_of(sent)
        seen = self._joined[sent.destination, joint]
        seen[number] = text
        if len(seen) == parts:
            whole = "".join(seen[place] for place in sorted(seen))
            del self._joined[sent.destination, joint]
            self._texts[sent.destination] = whole
            self.ledger.take(hashlib.sha256(whole.encode()).hexdigest(), (sent.destination,))
        self._validities[sent.destination] = sent.validity
        self.note("packets")
        return f"{next(self._numbers):010}"

    async def numbers(self, request: Request) -> Response:
        """`PUT`: these numbers do not exist. `GET`: the last whole text of each number."""
        if request.method == "PUT":
            self.refused = set(await request.json())
        return JSONResponse(self._texts)

    async def validities(self, _: Request) -> Response:
        """How long the last packet to each number is to be tried, as it was told."""
        return JSONResponse(self._validities)

    async def mood(self, request: Request) -> Response:
        """`PUT {"receipt", "receipt_after_s", "latency_s"}`: how messages are answered and end."""
        told = await request.json()
        self.receipt, self.receipt_after_s = told["receipt"], told["receipt_after_s"]
        self.latency_s = told["latency_s"]
        return JSONResponse({})


class SmscListener:
    """The centre's port."""

    def __init__(self, centre: Smsc) -> None:
        self._centre = centre
        self._server: asyncio.Server | None = None
        self._here: set[Conversation] = set()

    async def open(self, port: int) -> int:
        """Listen; returns the port."""
        listening = loopback(port)
        self._server = await asyncio.start_server(self._meet, sock=listening)
        return int(listening.getsockname()[1])

    async def close(self) -> None:
        """Listen no more, and drop everybody."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for one in self._here:
            one.writer.transport.abort()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = Conversation(self._centre, reader, writer)
        self._here.add(conversation)
        with suppress(OSError, asyncio.IncompleteReadError):
            await conversation.run()
        self._here.discard(conversation)
        writer.transport.abort()


def main() -> None:
    """Start as asked for."""
    parser = options("an SMPP message centre for tests")
    parser.add_argument("--receipt", default="", help="how messages end: DELIVRD, EXPIRED, UNDELIV")
    parser.add_argument("--receipt-after-s", type=float, default=0.0)
    parser.add_argument("--latency-s", type=float, default=0.0, help="before a submit is answered")
    given = parser.parse_args()
    centre = Smsc(given.receipt, given.receipt_after_s, given.latency_s)
    more = [
        Route("/numbers", centre.numbers, methods=["GET", "PUT"]),
        Route("/validities", centre.validities),
        Route("/mood", centre.mood, methods=["PUT"]),
    ]
    run(centre, given, more)


if __name__ == "__main__":
    main()
