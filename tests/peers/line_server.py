"""LINE's Messaging API as far as the city uses it: stateful, strict, and of any mood.

Run as `python -m tests.peers.line_server [--fast] [--quota N] [--rate N] [--concurrent N]`.
Behaviours: ok, off, rate, concurrent, monthly, error_before, error_after, late (takes it, then
hangs), hang, unauthorized, blunt (says that "to" is wrong, and not where), status.
"""

import asyncio
import time
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.peers.ledger import Behaviour
from tests.peers.line_content import Contents
from tests.peers.line_contract import Contract
from tests.peers.line_limits import SAID, Limits
from tests.peers.line_rules import CONTRACT, LARGEST_BODY, MULTICAST, faults
from tests.peers.line_webhooks import webhook_route
from tests.peers.listening import HttpListener
from tests.peers.peer import Peer
from tests.peers.serving import cannot_start, options, run

BEARER = "line-bearer-of-the-tests"
DAY_S = 24 * 3600.0
BLUNT = "The property, 'to', in the request body is invalid (line: -, column: -)"


@dataclass(frozen=True)
class Accepted:
    """A multicast that was taken, as a repeated key is compared with."""

    request_id: str
    body: bytes
    at: float


class LinePeer(Peer):
    """One channel of LINE; without a contract it is fast."""

    def __init__(self, contract: Contract | None, limits: Limits) -> None:
        super().__init__()
        self._contract, self._limits = contract, limits
        self._accepted: dict[str, Accepted] = {}
        self._blocked: set[str] = set()
        self._messages: deque[dict[str, Any]] = deque(maxlen=50)
        self.contents = Contents(BEARER)
        routes = [
            Route(MULTICAST, self.multicast, methods=["POST"]),
            Route("/v2/bot/message/quota", self.quota),
            Route("/v2/bot/message/quota/consumption", self.consumption),
            self.contents.route(),
        ]
        self.listener = HttpListener(Starlette(routes=routes))

    def reset(self) -> None:
        """Forget everything, as if just started."""
        super().reset()
        self._limits.reset()
        self._accepted, self._blocked = {}, set()
        self._messages.clear()

    async def messages(self, _: Request) -> Response:
        """The last fifty multicasts that were taken."""
        return JSONResponse(list(self._messages))

    async def block(self, request: Request) -> Response:
        """These people blocked the channel: LINE answers 200 and delivers nothing."""
        self._blocked = set(await request.json())
        return JSONResponse({})

    async def quota(self, _: Request) -> Response:
        """How many messages may be sent this month."""
        limited = {"type": "limited", "value": self._limits.quota}
        return JSONResponse(limited if self._limits.quota else {"type": "none"})

    async def consumption(self, _: Request) -> Response:
        """How many were."""
        return JSONResponse({"totalUsage": self._limits.used})

    async def multicast(self, request: Request) -> Response:
        """One multicast, as the behaviour of the moment has it."""
        now = self.next()
        self._limits.running += 1
        try:
            return await self._answer(request, now)
        except ClientDisconnect:
            return Response(status_code=499)
        finally:
            self._limits.running -= 1

    async def _answer(self, request: Request, now: Behaviour) -> Response:
        raw = await request.body()
        refusal = self._refused(request.headers, now) or self._wrong(request.headers, raw, now)
        if refusal is not None:
            return refusal
        if now.name in ("hang", "error_before"):
            await asyncio.sleep(now.seconds)
            return self._said(500, "Internal Server Error")
        taken = self._take(request.headers["x-line-retry-key"], raw)
        if now.name == "late":
            await asyncio.sleep(now.seconds)
        return self._said(500, "Internal Server Error") if now.name == "error_after" else taken

    def _refused(self, headers: Mapping[str, str], now: Behaviour) -> Response | None:
        """What comes before a body is even looked at."""
        if now.name == "unauthorized" or headers.get("authorization") != f"Bearer {BEARER}":
            return self._said(401, "Authentication failed due to the following reason: invalid")
        if now.name == "status":
            return self._said(now.status, "as the test wants it")
        limit = now.name if now.name in SAID else self._limits.exceeded()
        return self._said(429, SAID[limit]) if limit else None

    def _wrong(self, headers: Mapping[str, str], raw: bytes, now: Behaviour) -> Response | None:
        """What is wrong with the body, or with the key beside it."""
        if len(raw) > LARGEST_BODY:
            return self._said(413, "Request body is too large")
        key = headers.get("x-line-retry-key", "")
        body = _json(raw)
        if body is None or not _is_uuid(key):
            return self._said(400, "The request body or the retry key is invalid")
        found = list(faults(body))
        if found and now.name == "blunt":
            return self._said(400, BLUNT)
        if found:
            details = [{"property": name, "message": wrong} for name, wrong in found]
            return self._said(400, f"The request body has {len(found)} error(s)", details=details)
        if self._contract and (fault := self._contract.fault(raw, headers)):
            self.tally["against_contract"] += 1
            return self._said(400, f"The request body has an error: {fault}")
        return self._repeated(key, raw, body)

    def _repeated(self, key: str, raw: bytes, body: dict[str, Any]) -> Response | None:
        """A key that was taken within a day, or a quota that is used up.

        LINE looks at the key alone; that the body was another is the sender's fault, and counted.
        """
        known = self._accepted.get(key)
        if known is None or time.monotonic() - known.at > DAY_S:
            return self._said(429, SAID["monthly"]) if self._limits.spent(len(body["to"])) else None
        self.tally["other_body"] += known.body != raw
        answer = self._said(409, "The retry key is already accepted")
        answer.headers["x-line-accepted-request-id"] = known.request_id
        return answer

    def _take(self, key: str, raw: bytes) -> Response:
        """Deliver to everybody who has not blocked the channel."""
        told = orjson.loads(raw)
        to = told["to"]
        self._messages.append(told)
        answer = self._said(200, "")
        self._accepted[key] = Accepted(answer.headers["x-line-request-id"], raw, time.monotonic())
        self._limits.used += len(to)
        reached = [one for one in to if one not in self._blocked] if self._blocked else to
        self.ledger.take(key, reached)
        return answer

    def _said(self, status: int, message: str, **more: Any) -> Response:
        self.tally[str(status)] += 1
        body = orjson.dumps({"message": message} | more if message else {})
        headers = {"x-line-request-id": str(uuid.uuid4())}
        return Response(body, status, headers, media_type="application/json")


def _json(raw: bytes) -> dict[str, Any] | None:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return body if isinstance(body, dict) else None


def _is_uuid(key: str) -> bool:
    try:
        return str(uuid.UUID(key)) == key.lower()
    except ValueError:
        return False


def main() -> None:
    """Start as asked for."""
    parser = options("LINE's Messaging API for tests")
    parser.add_argument("--fast", action="store_true", help="without LINE's OpenAPI")
    parser.add_argument("--quota", type=int, default=0, help="messages a month; 0: no limit")
    parser.add_argument("--rate", type=float, default=0, help="requests a second; 0: no limit")
    parser.add_argument("--concurrent", type=int, default=0, help="at once; 0: no limit")
    given = parser.parse_args()
    if not given.fast and not CONTRACT.is_file():
        cannot_start("shared/data/line/messaging-api.yml is not there")
    limits = Limits(rate=given.rate, concurrent=given.concurrent, quota=given.quota)
    peer = LinePeer(None if given.fast else Contract(), limits)
    more = [Route("/blocked", peer.block, methods=["PUT"]), Route("/messages", peer.messages)]
    run(peer, given, [webhook_route(), peer.contents.control(), *more])


if __name__ == "__main__":
    main()
