"""The household of a cookie: looked up while the database answers, remembered while it does not."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from anyio import CapacityLimiter, fail_after, to_thread
from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api.gate.ratelimit import Window
from api.headers import POLICY
from api.staff.staffpages import card_of
from data.errors import NoDatabase
from data.homes.links import Home
from operations.household.homepage import Standing, look
from operations.household.remembered import Remembered
from web.household import code_page
from web.language import known

T = TypeVar("T")

COOKIE: Final = "nigemichi_home"
HOME_POLICY: Final = POLICY.replace("style-src ", "style-src 'self' ").replace(
    "script-src ", "script-src 'self' "
)
HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": HOME_POLICY,
    "cache-control": "no-store",
    # Forms name their origin to ourselves; the fragment is in no referrer.
    "referrer-policy": "same-origin",
}
AT_ONCE: Final = 8
PATIENCE_S: Final = 3.0
"""A way that is remembered is shown rather than waited for."""
AGAIN_S: Final = 5.0
"""So long nobody else waits for a database that did not answer."""
WORDS_EACH_MINUTE: Final = 10
"""Of one household: each may move the plan."""
LONGEST_COOKIE: Final = 100


@dataclass(frozen=True, slots=True)
class Seen:
    """Whose cookie it is, None for nobody's; `word` is None where the database is `away`."""

    home: Home | None
    word: Standing | None = None
    away: bool = False


class Homes:
    """Those of one server process; without an engine, only what its folder remembers."""

    def __init__(self, engine: Engine | None, state: Path) -> None:
        self.words = Window(WORDS_EACH_MINUTE)
        self._engine = engine
        self._remembered = Remembered(state)
        self._limiter = CapacityLimiter(AT_ONCE)
        self._away_until = 0.0

    async def see(self, cookie: str, now: datetime) -> Seen:
        """The household of a cookie, as the database says, or as it last said."""
        if self._engine is None or time.monotonic() < self._away_until:
            return self._from_memory(cookie, now)
        try:
            with fail_after(PATIENCE_S):
                word = await self._run(partial(look, self._engine, cookie, now), leave=True)
        except (TimeoutError, NoDatabase, SQLAlchemyError):
            self._away_until = time.monotonic() + AGAIN_S
            return self._from_memory(cookie, now)
        if word is None:
            self._remembered.forget(cookie)
            return Seen(None)
        self._remembered.keep(cookie, word.home, now)
        return Seen(word.home, word)

    async def change(self, work: Callable[[Engine], T]) -> T:
        """Do what changes something, in a thread; raises `NoDatabase` where it cannot be done."""
        if self._engine is None:
            raise NoDatabase("this server was started without a database (DATABASE_URL)")
        if time.monotonic() < self._away_until:
            raise NoDatabase("PostgreSQL did not answer a moment ago")
        try:
            return await self._run(partial(work, self._engine), leave=False)
        except NoDatabase:
            self._away_until = time.monotonic() + AGAIN_S
            raise

    async def _run(self, work: Callable[[], T], *, leave: bool) -> T:
        return await to_thread.run_sync(work, limiter=self._limiter, abandon_on_cancel=leave)

    def _from_memory(self, cookie: str, now: datetime) -> Seen:
        return Seen(self._remembered.find(cookie, now), away=True)


def homes_of(request: Request) -> Homes:
    """The households of the app."""
    found: Homes = request.app.state.homes
    return found


def cookie_of(request: Request) -> str:
    """The session that a browser shows, "" for none."""
    value = request.cookies.get(_name(request), "")
    return value if len(value) <= LONGEST_COOKIE and value.isascii() else ""


def let_in(request: Request, response: Response, secret: str, home: Home, now: datetime) -> None:
    """Give a browser a household's session: sent with our own pages below /h and to no script."""
    life = int((home.expires_at - now).total_seconds())
    _set(request, response, secret, max_age=max(life, 1))


def let_out(request: Request, response: Response) -> None:
    """Take a session that lets nobody in."""
    _set(request, response, "", max_age=0)


def code_answer(request: Request, state: str, status: int, lang: str = "") -> HTMLResponse:
    """The page of the code; no two refusals differ."""
    lang = known(lang or request.query_params.get("lang", ""))
    page = code_page(card_of(request), state, lang=lang)
    return HTMLResponse(page, status, headers=HEADERS)


def _set(request: Request, response: Response, value: str, *, max_age: int) -> None:
    response.set_cookie(
        _name(request),
        value,
        max_age=max_age,
        path="/h",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def _name(request: Request) -> str:
    """Over https a name that no page without it can set (RFC 6265bis, 4.1.3.1)."""
    return f"__Secure-{COOKIE}" if request.url.scheme == "https" else COOKIE
