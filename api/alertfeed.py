"""What went out, for the city's own site and for television: feeds, and CAP documents.

Drills have addresses of their own: none is found under that of an alert.
"""

import hashlib
import os
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final, TypeAlias

from fastapi import APIRouter, Path, Request, Response

from alerts.atom import ATOM_TYPE, atom_document
from alerts.cap import CAP_TYPE
from alerts.feed import Feed
from alerts.jsonfeed import JSON_FEED_TYPE, json_feed_document
from alerts.kinds import Status
from api.caching import shared
from api.problems import Problem, problem_json
from api.state import engine_of
from data.database import transaction
from data.errors import NoDatabase
from data.rows import current_load
from operations.alerts.feeds import Feeds
from operations.alerts.published import document
from operations.serving import utc_now

router = APIRouter(include_in_schema=False)

Number: TypeAlias = Annotated[int, Path(ge=1, le=2**53)]
SITE: Final = "NIGEMICHI_ADDRESS"
"""Where the city's pages are; without it the address that was asked."""
_AWAY: Final = Problem(
    503,
    "no-database",
    "配信の一覧を読めません",
    "少し待って、もう一度開いてください。避難情報は、市長が解除するまで続きます。"
    "（the database does not answer: ask again; orders stand until they are lifted）",
)


@router.get("/alerts.atom")
def alerts_atom(request: Request) -> Response:
    """Alerts in force, or over for less than a day, as Atom."""
    return _feed(request, Status.ACTUAL, atom_document, ATOM_TYPE)


@router.get("/drills.atom")
def drills_atom(request: Request) -> Response:
    """Drills (訓練) as Atom."""
    return _feed(request, Status.EXERCISE, atom_document, ATOM_TYPE)


@router.get("/alerts.json")
def alerts_json(request: Request) -> Response:
    """Alerts in force, or over for less than a day, as JSON Feed."""
    return _feed(request, Status.ACTUAL, json_feed_document, JSON_FEED_TYPE)


@router.get("/drills.json")
def drills_json(request: Request) -> Response:
    """Drills (訓練) as JSON Feed."""
    return _feed(request, Status.EXERCISE, json_feed_document, JSON_FEED_TYPE)


@router.get("/alerts/{number}.cap.xml")
def alert_document(request: Request, number: Number) -> Response:
    """A revision that went out as CAP 1.2; its number is in the feed."""
    return _document(request, Status.ACTUAL, number)


@router.get("/drills/{number}.cap.xml")
def drill_document(request: Request, number: Number) -> Response:
    """A drill as CAP 1.2: `Exercise`."""
    return _document(request, Status.EXERCISE, number)


def _feed(
    request: Request,
    status: Status,
    write: Callable[[Feed, datetime], bytes],
    media_type: str,
) -> Response:
    feeds: Feeds = request.app.state.feeds
    now = utc_now()
    try:
        feed = feeds.feed(status, feed_address(request), now)
    except NoDatabase:
        return problem_json(_AWAY)
    return _answer(request, write(feed, now), media_type)


def _document(request: Request, status: Status, number: int) -> Response:
    try:
        with transaction(engine_of(request)) as connection:
            load = current_load(connection)
            made = document(connection, load, status, number, feed_address(request))
    except NoDatabase:
        return problem_json(_AWAY)
    return _answer(request, made, CAP_TYPE)


def _answer(request: Request, body: bytes, media_type: str) -> Response:
    """The body, or only that it is the one that is known already (RFC 9110, 13.1.2)."""
    # Weak: a proxy may pack the same body in another way.
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": etag} | (shared(request) if named_site() else {})
    known = request.headers.get("if-none-match", "")
    if etag in (one.strip() for one in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def feed_address(request: Request) -> str:
    """The address of the city's pages, without a slash at its end."""
    return named_site() or str(request.base_url).rstrip("/")


def named_site() -> str:
    """Without it addresses come from the request's Host: nobody keeps them for others."""
    return os.environ.get(SITE, "").rstrip("/")
