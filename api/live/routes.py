"""The live stream: a socket, server-sent events, and polling; the same words on each.

What the words are is told in `operations/live/now.py`. On a socket each message is one of them. As
events, `id` is where the stream stands; heartbeats are events of that name. Polled, it is one
object: `snapshot` or `changes`, `epoch`, `offset`; the header `nigemichi-checked-at` is its age.
"""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Query, Request, Response
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send

from api.examples import STAFF_PROBLEMS
from api.live.asked import SINCE, ChangesAsked, LiveAsked, asked_by, view_of
from api.live.streams import Events, Socket
from api.problems import Problem, problem_json
from api.state import service_of
from operations.live.now import LiveNow, View

router = APIRouter(prefix="/api/v1/live", tags=["live"], responses=STAFF_PROBLEMS)

CHECKED_AT: Final = "nigemichi-checked-at"
NOT_YET: Final = Problem(
    503,
    "no-stream",
    "準備中です",
    "まだ配信するものがありません。少し待ってください。(nothing to follow yet: wait a little)",
    headers={"retry-after": "5"},
)


class _Live:
    """ASGI app of the socket: plain, because there may be ten thousand."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse before the handshake, or follow until one side ends."""
        asked = asked_by(scope)
        found = asked if isinstance(asked, Problem) else view_of(scope, asked)
        crier = service_of(scope["app"]).crier
        if isinstance(asked, Problem):
            await problem_json(asked)(scope, receive, send)
        elif isinstance(found, Problem):
            await problem_json(found)(scope, receive, send)
        elif crier is None or crier.closing:
            await problem_json(NOT_YET)(scope, receive, send)
        else:
            await Socket(scope, receive, send).follow(crier, found, asked.known)


router.routes.append(WebSocketRoute("/api/v1/live", endpoint=_Live()))


@router.get(
    "/events", summary="The stream as server-sent events", response_class=Events, status_code=200
)
async def events(
    request: Request,
    asked: Annotated[LiveAsked, Query()],
    last_event_id: Annotated[str | None, Header(pattern=SINCE)] = None,
) -> Response:
    """First a snapshot, or with `since` (or `Last-Event-ID`) only what is newer; then changes.

    Lines of comment keep it open; an event `heartbeat` says how old the knowledge is.
    """
    crier = service_of(request.app).crier
    found = view_of(request.scope, asked)
    if isinstance(found, Problem):
        return problem_json(found)
    if crier is None or crier.closing:
        return problem_json(NOT_YET)
    if last_event_id is not None:
        asked = asked.model_copy(update={"since": last_event_id})
    return Events(crier, found, asked.known)


@router.get("/changes", summary="The stream polled: what is newer than `since`")
async def changes(
    request: Request,
    asked: Annotated[ChangesAsked, Query()],
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """A snapshot, or with a `since` of this epoch only what is newer; may be kept a second."""
    hub = service_of(request.app).live
    now, found = hub.now, view_of(request.scope, asked)
    if isinstance(found, Problem):
        return problem_json(found)
    if not now.epoch:
        return problem_json(NOT_YET)
    epoch, offset = asked.known or ("", 0)
    newer = now.tells_from(epoch, offset)
    newest = max(now.offset, offset) if newer else now.offset
    etag = f'"{now.epoch}:{newest}"'
    headers = {"cache-control": _kept(found), "etag": etag}
    if hub.checked_at:
        headers[CHECKED_AT] = hub.checked_at.isoformat(timespec="milliseconds")
    if if_none_match and etag in if_none_match.replace("W/", ""):
        return Response(status_code=304, headers=headers)
    body = _polled(now, found, offset if newer else None, newest)
    return Response(body, headers=headers, media_type="application/json")


def _kept(view: View) -> str:
    """How long an answer may be kept; one household's own fills no cache of others."""
    return f"{'private' if view.way else 'public'}, max-age=1, stale-if-error=1800"


def _polled(now: LiveNow, view: View, offset: int | None, newest: int) -> Any:
    if offset is None:
        return now.message(view, None)
    bodies = b",".join(one.body for one in now.after(view, offset))
    return b'{"changes":[%b],"epoch":"%b","offset":%d}' % (bodies, now.epoch.encode(), newest)
