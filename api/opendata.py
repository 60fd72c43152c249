"""Open data out: files that anybody's program may read, and the page that documents them."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from alerts.feed import Feed
from alerts.kinds import Status
from api.alertfeed import feed_address, named_site
from api.caching import shared
from api.problems import Problem, problem_json
from api.state import service_of
from data.errors import NoCity, NoDatabase
from data.live.outbox import Topic
from operations.alerts.feeds import Feeds
from operations.information.shown import Informed
from operations.opendata import rows
from operations.opendata.fields import FILES
from operations.opendata.files import AS_OF, CSV, GEOJSON, STALE, About, as_csv, geojson
from operations.opendata.kept import KeptFiles
from operations.opendata.orders import orders
from operations.opendata.rows import Line
from operations.serving import utc_now
from routing.version import PlanVersion
from web.language import known
from web.opendata import open_data_page

router = APIRouter(include_in_schema=False)
ANYBODY: Final = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": f"etag, {AS_OF}, {STALE}",
}
"""Pages of others may read these files, and no other answer of ours."""
STALE_S: Final = 60.0
"""After so many seconds a list of alerts that cannot be read anew is old."""
KEPT_S: Final = 10
"""A file is made at most once in so many seconds while nothing in it changes: figures grow old."""
WRITERS: Final = {"geojson": (geojson, GEOJSON), "csv": (as_csv, CSV)}
_AWAY: Final = Problem(
    503,
    "no-database",
    "配信の一覧を読めません",
    "少し待って、もう一度読んでください。避難情報は、市長が解除するまで続きます。"
    "（the database does not answer: ask again; orders stand until they are lifted）",
)


@router.get("/open")
def page(request: Request) -> HTMLResponse:
    """Which files there are: their fields, units, licence, and how often they change."""
    service, now = service_of(request.app), utc_now()
    informed: Informed = request.app.state.informed
    reading = informed.reading(now)
    card = service.current.version.ground.card
    about = About(card, now, False, now, reading.licence if reading else None)
    made = open_data_page(
        card,
        FILES.values(),
        licence=about.licence.licence if about.licence else "",
        licence_url=about.licence.licence_url if about.licence else "",
        attribution=about.attribution,
        lang=known(request.query_params.get("lang", "")),
    )
    return HTMLResponse(made, headers=shared(request, "lang"))


@router.get("/open/{name}.{form}")
def file(request: Request, name: str, form: str) -> Response:
    """A file as it is now; with the database away as it was last, which it says."""
    if name not in FILES or form not in WRITERS:
        raise HTTPException(404)
    service, now = service_of(request.app), utc_now()
    # Before the version is taken: a newer one may be shown as older, never the other way.
    freshness = service.current.freshness(now)
    as_of, stale = freshness.checked_at, freshness.stale
    stream, states = service.live.freshness(now), service.live.states(Topic.SITES)
    version = service.current.version
    if name == "congestion" and stream is not None:
        as_of, stale = min(as_of, stream.checked_at), stale or stream.stale
    feed: Feed | None = None
    if name == "alerts":
        try:
            feed = _feed(request, now)
        except NoDatabase:
            return problem_json(_AWAY)
        as_of, stale = feed.read_at, _is_old(feed, now)
    elif name == "orders":
        feed = _fresh_feed(request, now)
    informed: Informed = request.app.state.informed
    reading = informed.reading(now)
    about = About(version.ground.card, as_of, stale, now, reading.licence if reading else None)
    write, media_type = WRITERS[form]

    def make() -> bytes:
        lines = _lines(name, version, feed, states, now)
        return write(FILES[name], lines, about)

    beside = feed.entries if feed else states if name == "congestion" else None
    made_of = (beside, about.licence, stale, about.moment(as_of), now.timestamp() // KEPT_S)
    called = (name, form, feed.site if feed and name == "alerts" else "")
    body = _kept(request).body(called, version, made_of, make)
    return _answer(request, body, media_type, _called(about, name, form), about.headers)


def _lines(
    name: str,
    version: PlanVersion,
    feed: Feed | None,
    states: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> list[Line]:
    if name == "orders":
        return orders(version, feed, now)
    if feed is not None:
        return rows.alerts(version, feed, now)
    if name == "places":
        return rows.places(version)
    return rows.congestion(version, states, now) if name == "congestion" else rows.closures(version)


def _feed(request: Request, now: datetime) -> Feed:
    feeds: Feeds = request.app.state.feeds
    return feeds.feed(Status.ACTUAL, feed_address(request), now)


def _fresh_feed(request: Request, now: datetime) -> Feed | None:
    """None where it is not known which alerts there are: orders do not wait for that."""
    try:
        feed = _feed(request, now)
    except (NoCity, NoDatabase):
        return None
    return None if _is_old(feed, now) else feed


def _is_old(feed: Feed, now: datetime) -> bool:
    return (now - feed.read_at).total_seconds() > STALE_S


def _kept(request: Request) -> KeptFiles:
    state = request.app.state
    if not hasattr(state, "open_files"):
        state.open_files = KeptFiles()
    found: KeptFiles = state.open_files
    return found


def _called(about: About, name: str, form: str) -> str:
    """The name under which it is saved: nobody takes a fictional city's for another."""
    return f"{'fictional-' if about.card.fictional else ''}{about.card.code}-{name}.{form}"


def _answer(
    request: Request, body: bytes, media_type: str, called: str, about: Mapping[str, str]
) -> Response:
    """The body, or only that it is the one that is known already (RFC 9110, 13.1.2)."""
    # Weak: a proxy may pack the same body in another way.
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    keeps = shared(request) if named_site() or "alerts" not in called else {}
    headers = {"etag": etag, **about, **ANYBODY, **keeps}
    asked = request.headers.get("if-none-match", "")
    if etag in (one.strip() for one in asked.split(",")):
        return Response(status_code=304, headers=headers)
    headers["content-disposition"] = f'inline; filename="{called}"'
    return Response(body, headers=headers, media_type=media_type)
