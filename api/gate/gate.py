"""The gate: nobody enters a route without a row in `api/permissions.py` that lets them in.

It also says who calls (`api/caller.py`), and refuses what comes from a page of somebody else, what
comes too often, and what is too large. Every refusal goes into the audit log.
"""

import logging
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.caller import CALLER, CREDENTIAL, CSRF
from api.gate import credentials, origins, refusals
from api.gate.credentials import Known
from api.gate.looks import Looks
from api.gate.origins import BrokenOff, TooLarge, TooSlow
from api.gate.ratelimit import Limits, address_of
from api.gate.refusals import Refusal
from api.gate.routetable import RouteTable
from api.permissions import ALLOWED, EVERYBODY, LIVE, SOCKET, Roles, may_follow
from api.problems import answer_problem
from api.state import service_of
from city.staff import PUBLIC, Caller
from data.errors import NoDatabase
from operations.people.auditing import Refusals

log = logging.getLogger("nigemichi.gate")

READING: Final = frozenset({"GET", "HEAD", "OPTIONS", SOCKET})
ASKS_WHO: Final = ("/signin", "/desk/join", LIVE)
"""Where those for everybody begin that look at who calls; the others never ask the database."""


@dataclass(slots=True)
class _Asked:
    """A request on its way through the gate."""

    scope: Scope
    template: str
    allowed: Roles
    headers: Headers
    known: Known | None = None

    @property
    def caller(self) -> Caller:
        return self.known.caller if self.known else PUBLIC


class Gate:
    """ASGI middleware; `app.state.limits` counts, `app.state.refusals` writes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._table: RouteTable | None = None
        self._looks = Looks()
        self._large = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on who may pass; answer the others."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        table = self._table = self._table or RouteTable(scope["app"])
        method = _method(scope)
        template = table.find(method, scope["path"])
        allowed = ALLOWED.get((method, template)) if template else EVERYBODY
        counted = address_of(scope.get("client"))
        limits: Limits = scope["app"].state.limits
        if counted is not None and not limits.addresses.hit(counted):
            asked = _Asked(scope, template or "", EVERYBODY, Headers(scope=scope))
            await _refuse(asked, refusals.too_often(limits.addresses.wait_s()), receive, send)
        elif template is None or (
            allowed is EVERYBODY and method in READING and not template.startswith(ASKS_WHO)
        ):
            await self.app(scope, receive, send)
        else:
            asked = _Asked(scope, template, allowed or frozenset(), Headers(scope=scope))
            if method not in READING and template in origins.LARGER:
                await self._ask_large(asked, method, counted, receive, send)
            else:
                await self._ask(asked, method, counted, receive, send)

    async def _ask_large(
        self, asked: _Asked, method: str, counted: str | None, receive: Receive, send: Send
    ) -> None:
        """The same where a body may be large: few at a time, each held in memory to its end."""
        if self._large >= origins.LARGE_AT_ONCE:
            await _refuse(asked, refusals.BUSY, receive, send)
            return
        self._large += 1
        try:
            await self._ask(asked, method, counted, receive, send)
        finally:
            self._large -= 1

    async def _ask(
        self, asked: _Asked, method: str, counted: str | None, receive: Receive, send: Send
    ) -> None:
        """Find out who calls, and whether they may."""
        refusal = await self._know(asked, counted) or _refusal(asked, method)
        if refusal is None and method not in READING:
            try:
                largest = origins.LARGER.get(asked.template, origins.LARGEST)
                body = await origins.read_body(asked.headers, receive, largest)
            except BrokenOff:
                return  # nobody is there to be answered
            except TooLarge:
                large = asked.template in origins.LARGER
                refusal = refusals.LARGE_PICTURE if large else refusals.TOO_LARGE
            except TooSlow:
                refusal = refusals.TOO_SLOW
            else:
                refusal = _of_another_page(asked, body)
                receive = origins.replayed(body, receive)
        if refusal is not None:
            await _refuse(asked, refusal, receive, send)
            return
        if asked.known:
            asked.scope[CALLER] = asked.known.caller
            asked.scope[CSRF] = asked.known.csrf
            asked.scope[CREDENTIAL] = asked.known.credential
        await self.app(asked.scope, receive, _with_referrer(send))

    async def _know(self, asked: _Asked, counted: str | None) -> Refusal | None:
        """Who calls, if the database knows; what refuses them otherwise."""
        shown = credentials.shown_by(asked.headers, asked.scope.get("scheme", "http"))
        if not shown:
            return None
        app: FastAPI = asked.scope["app"]
        engine, limits = service_of(app).engine, app.state.limits
        for_all = asked.allowed is EVERYBODY
        if engine is None:
            return None if for_all else refusals.NO_DATABASE
        try:
            found = await self._looks.callers(engine, [one.credential for one in shown])
        except (NoDatabase, SQLAlchemyError) as error:
            log.warning("who calls is not known: %s", type(error).__name__)
            return None if for_all else refusals.NO_DATABASE
        asked.known = credentials.known_of(shown, _wanted(asked), found)
        if asked.known is None:
            # After the look: whoever shares an address with them is let in all the same.
            if counted is not None and not limits.unknown.hit(counted):
                return refusals.too_often(limits.unknown.wait_s())
        elif not limits.sessions.hit(asked.known.caller.actor):
            return refusals.too_often(limits.sessions.wait_s())
        return None


def _wanted(asked: _Asked) -> Roles:
    """Who may have what is asked for, to choose between a person and the tablet they sit at."""
    if not asked.template.startswith(LIVE):
        return asked.allowed
    return may_follow(QueryParams(asked.scope["query_string"]).get("topics", ""))


def _refusal(asked: _Asked, method: str) -> Refusal | None:
    """Whether the table lets them in, and for sockets and changes, whether it is our page."""
    if not asked.caller.roles & asked.allowed:
        if asked.known is not None:
            return refusals.NOT_YOURS
        shown = credentials.shown_by(asked.headers, asked.scope.get("scheme", "http"))
        return refusals.OVER if shown else refusals.UNKNOWN
    if method == SOCKET and origins.is_ours(asked.scope, asked.headers) is False:
        return refusals.ELSEWHERE
    return None


def _of_another_page(asked: _Asked, body: bytes) -> Refusal | None:
    """Refuse a change that a page of somebody else makes a browser send."""
    ours = origins.is_ours(asked.scope, asked.headers)
    by_cookie = asked.known is not None and asked.known.shown.by_cookie
    if ours is False or (ours is None and by_cookie):
        return refusals.ELSEWHERE
    if asked.known is None or not by_cookie or asked.allowed is EVERYBODY:
        return None
    holds = origins.holds_csrf(asked.headers, body, asked.known.csrf)
    return None if holds else refusals.NO_CSRF


async def _refuse(asked: _Asked, refusal: Refusal, receive: Receive, send: Send) -> None:
    """Answer, and note it: a template and a reason, nothing of the request."""
    scope = asked.scope
    written: Refusals = scope["app"].state.refusals
    if refusal.noted:
        written.note(asked.caller, asked.template, status=refusal.status, why=refusal.why)
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": refusal.why})
        return
    path: str = scope["path"]
    if refusal.signs_in and scope["method"] in READING and not path.startswith("/api/"):
        query = scope.get("query_string", b"").decode("latin-1")
        after = urlencode({"next": f"{path}?{query}" if query else path})
        await RedirectResponse(f"/signin?{after}", 303)(scope, receive, send)
        return
    await answer_problem(Request(scope), refusal.problem)(scope, receive, send)


def _with_referrer(send: Send) -> Send:
    """Our pages name their origin to ourselves: forms need it, and nobody else is told."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).setdefault("referrer-policy", "same-origin")
        await send(message)

    return sent


def _method(scope: Scope) -> str:
    if scope["type"] == "websocket":
        return SOCKET
    method: str = scope["method"]
    return "GET" if method == "HEAD" else method
