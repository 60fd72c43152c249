"""The page behind a reader's own link in SMS and mail: `/r/{token}`.

A GET confirms nothing: carriers, mail scanners and previews open links before anybody reads them.
Only the button does, which is a POST. Whatever is wrong with a token, the answer is the same.
"""

import logging
from collections.abc import Callable, Collection
from functools import partial
from typing import Final, TypeVar

from anyio import CapacityLimiter, fail_after, to_thread
from fastapi import APIRouter, Request, Response
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from alerts.kinds import Language
from alerts.wording.seen import shown_of
from api.gate import refusals
from api.problems import answer_problem
from api.registerforms import form_of
from api.registering import counted, registering_of
from api.registerpage import HEADERS, LONGEST, find_card, html, lang_of
from data.errors import NoCity, NoDatabase
from data.sealing import Sealer
from operations.registering.reader import Reader, look, say_seen
from operations.serving import utc_now
from web.reader import (
    AWAY,
    DEAD,
    READER,
    UNSENT,
    Door,
    profile_of,
    reader_page,
    without_alerts,
)

log = logging.getLogger("nigemichi.reader")
router = APIRouter(include_in_schema=False)
T = TypeVar("T")

AT_ONCE: Final = 8
PATIENCE_S: Final = 3.0
"""Whoever waits longer is shown the way to the guidance, which needs no database."""


class Readers:
    """Those of one server process: so many look at once, and nobody waits for long."""

    def __init__(self, engine: Engine | None) -> None:
        self._engine = engine
        self._limiter = CapacityLimiter(AT_ONCE)

    async def run(
        self, sealer: Sealer | None, work: Callable[[Engine, Sealer], T], *, leave: bool
    ) -> T:
        """Do something in a thread; raises `NoDatabase` where it cannot be done.

        With `leave` it is left to itself where it takes too long: only for what changes nothing.
        """
        if self._engine is None or sealer is None:
            raise NoDatabase("this server has no database, or no keys")
        made = partial(work, self._engine, sealer)
        try:
            with fail_after(PATIENCE_S if leave else None):
                return await to_thread.run_sync(
                    made, limiter=self._limiter, abandon_on_cancel=leave
                )
        except (TimeoutError, NoCity, NoDatabase, SQLAlchemyError) as error:
            log.warning("a reader's link could not be looked at: %s", type(error).__name__)
            raise NoDatabase("the database does not answer, or has no city") from None


@router.get(f"{READER}/{{token}}")
async def read(request: Request, token: str) -> Response:
    """What they were told; looking records nothing."""
    now = utc_now()
    try:
        found = await _run(request, token, lambda e, s: look(e, s, token, now), leave=True)
    except NoDatabase:
        return _nothing(request, AWAY, token, 503)
    if found is None:
        return _dead(request)
    language = _language(request, found)
    door = Door(found.wishes.where.position, profile_of(found.wishes.needs))
    page = reader_page(found.card, found.told, door, token=token, language=language, now=now)
    return html(page)


@router.post(f"{READER}/{{token}}/seen")
async def seen(request: Request, token: str) -> Response:
    """They say that they have read what the page showed; then the page as it is by then."""
    now, shown = utc_now(), shown_of((await form_of(request)).get("shown"))
    try:
        found = await _run(
            request, token, lambda e, s: say_seen(e, s, token, shown, now), leave=False
        )
    except NoDatabase:
        return _nothing(request, UNSENT, token, 503, shown)
    if not found:
        return _dead(request)
    asked = request.query_params.get("lang", "")
    query = f"?lang={asked}" if asked in set(Language) else ""
    location = f"{READER}/{token}{query}"
    return Response(status_code=303, headers={**HEADERS, "location": location})


async def _run(
    request: Request, token: str, work: Callable[[Engine, Sealer], T | None], *, leave: bool
) -> T | None:
    if len(token) > LONGEST:
        return None
    readers: Readers = request.app.state.readers
    return await readers.run(registering_of(request).find_sealer(), work, leave=leave)


def _language(request: Request, found: Reader) -> Language:
    """The one that the address names, else the one that they chose."""
    asked = request.query_params.get("lang", "")
    return Language(asked) if asked in set(Language) else found.wishes.language


def _dead(request: Request) -> Response:
    """Never was, was left, is not ours: one page; guessing is slowed down."""
    guesses = registering_of(request).guesses
    if not counted(request, guesses):
        return answer_problem(request, refusals.too_often(guesses.wait_s()).problem)
    return _nothing(request, DEAD, "", 404)


def _nothing(
    request: Request,
    state: str,
    token: str,
    status: int,
    shown: Collection[tuple[int, int]] = (),
) -> Response:
    page = without_alerts(
        find_card(request), state, token=token, lang=lang_of(request), shown=shown
    )
    return html(page, status)
