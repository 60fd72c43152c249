"""Twilio's Messages resource: takes forms, answers with a sid, posts signed call-backs later.

Run as `python -m tests.peers.twilio_server [--end delivered] [--rate N]`.
Behaviours: ok, off, rate (429), queue_full, unauthorized, error_before, error_after, hang, late
(takes it, and answers after so many seconds), status.
"""

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections import deque
from email.utils import formatdate
from urllib.parse import parse_qsl, urlencode

import httpx
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.peers.ledger import Behaviour
from tests.peers.line_limits import Limits
from tests.peers.listening import HttpListener
from tests.peers.peer import Peer
from tests.peers.serving import options, run

ACCOUNT = "AC" + "0123456789abcdef" * 2
SIGNED_WITH = "twilio-account-of-the-tests"
BASIC = "Basic " + base64.b64encode(f"{ACCOUNT}:{SIGNED_WITH}".encode()).decode()
LONGEST = 1_600
CODES = {
    "rate": (429, 20429, "Too Many Requests"),
    "queue_full": (429, 21611, "This 'From' number has exceeded the maximum number of messages"),
    "unauthorized": (401, 20003, "Authenticate"),
}


class TwilioPeer(Peer):
    """One account. Its ledger counts by the hash of the text."""

    def __init__(self, end: str, limits: Limits) -> None:
        super().__init__()
        self.end, self.codes = end, dict[str, int]()
        self.posted: list[dict[str, object]] = []
        self.forms: deque[dict[str, str]] = deque(maxlen=100)
        self._limits = limits
        self._telling: set[asyncio.Task[None]] = set()
        route = Route(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", self.send, methods=["POST"])
        self.listener = HttpListener(Starlette(routes=[route]))

    def reset(self) -> None:
        """Forget everything, as if just started."""
        super().reset()
        self._limits.reset()
        self.end, self.codes, self.posted = "", {}, []
        self.forms.clear()

    async def send(self, request: Request) -> Response:
        """One CreateMessage, as the behaviour of the moment has it."""
        now = self.next()
        try:
            form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        except ClientDisconnect:
            return Response(status_code=499)
        refusal = self._refusal(request, form, now)
        if refusal is not None:
            return refusal
        if now.name in ("hang", "error_before"):
            await asyncio.sleep(now.seconds)
            return JSONResponse({"message": "Internal Server Error"}, 500)
        sid = self._take(form)
        if now.name == "late":
            await asyncio.sleep(now.seconds)
        if now.name == "error_after":
            return JSONResponse({"message": "Internal Server Error"}, 503)
        told = {"sid": sid, "status": "queued", "to": form["To"], "date_created": formatdate()}
        return JSONResponse(told, 201)

    def _refusal(self, request: Request, form: dict[str, str], now: Behaviour) -> Response | None:
        """What Twilio has against the request, if anything."""
        if now.name == "status":
            return _refused(now.status, 0, "as the test wants it")
        if request.headers.get("authorization") != BASIC:
            return _refused(*CODES["unauthorized"])
        if now.name in CODES or self._limits.exceeded():
            return _refused(*CODES[now.name if now.name in CODES else "rate"])
        code = self._code(form)
        return _refused(400, code, f"The message to {form.get('To')} was refused") if code else None

    def _code(self, form: dict[str, str]) -> int:
        """Twilio's error code for a form; 0 for a right one."""
        to = form.get("To", "")
        sender = form.get("From") or form.get("MessagingServiceSid")
        if to in self.codes:
            return self.codes[to]
        if not to.startswith("+") or not to[1:].isdigit():
            return 21211
        if not 0 < len(form.get("Body", "")) <= LONGEST:
            return 21617
        return 0 if sender else 21603

    def _take(self, form: dict[str, str]) -> str:
        sid = f"SM{secrets.token_hex(16)}"
        self.forms.append(form)
        self.ledger.take(hashlib.sha256(form["Body"].encode()).hexdigest(), (form["To"],))
        if self.end and "StatusCallback" in form:
            task = asyncio.create_task(self._tell(form["StatusCallback"], form["To"], sid))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)
        return sid

    async def _tell(self, url: str, to: str, sid: str) -> None:
        """Post that it was sent, then how it ended."""
        for status in ("sent", self.end):
            told = {"MessageSid": sid, "MessageStatus": status, "To": to, "AccountSid": ACCOUNT}
            await self.post(url, told)

    async def post(self, url: str, form: dict[str, str], signature: str = "") -> int:
        """Post a call-back; returns the status of its answer."""
        signed = url + "".join(f"{name}{form[name]}" for name in sorted(form))
        digest = hmac.new(SIGNED_WITH.encode(), signed.encode(), hashlib.sha1).digest()
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-twilio-signature": signature or base64.b64encode(digest).decode(),
        }
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(url, content=urlencode(form), headers=headers)
        self.posted.append({"status": form["MessageStatus"], "answer": answer.status_code})
        return answer.status_code

    async def numbers(self, request: Request) -> Response:
        """`PUT {number: code}`: refused with that code of Twilio's. `GET`: the last forms."""
        if request.method == "PUT":
            self.codes = await request.json()
        return JSONResponse(list(self.forms))

    async def ending(self, request: Request) -> Response:
        """`PUT {"end"}`: how messages end; "": nobody says. `GET`: what was posted."""
        if request.method == "PUT":
            self.end = (await request.json())["end"]
        return JSONResponse(self.posted)

    async def webhook(self, request: Request) -> Response:
        """`POST {"url", "form", "signature"?}`: one call-back of the test's own."""
        asked = await request.json()
        status = await self.post(asked["url"], asked["form"], asked.get("signature", ""))
        return JSONResponse({"status": status})


def _refused(status: int, code: int, message: str) -> Response:
    return JSONResponse({"code": code, "message": message, "status": status}, status)


def main() -> None:
    """Start as asked for."""
    parser = options("Twilio's Messages for tests")
    parser.add_argument("--end", default="", help="how messages end: delivered, undelivered")
    parser.add_argument("--rate", type=float, default=0, help="requests a second; 0: no limit")
    given = parser.parse_args()
    peer = TwilioPeer(given.end, Limits(rate=given.rate, concurrent=0, quota=0))
    more = [
        Route("/numbers", peer.numbers, methods=["GET", "PUT"]),
        Route("/ending", peer.ending, methods=["GET", "PUT"]),
        Route("/webhook", peer.webhook, methods=["POST"]),
    ]
    run(peer, given, more)


if __name__ == "__main__":
    main()
