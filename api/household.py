"""A household's own pages: its slip's code becomes a cookie, and the cookie its way."""

from datetime import datetime
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.exc import SQLAlchemyError

from api.asked import Asked
from api.gate import refusals
from api.gate.ratelimit import Limits, address_of
from api.householdforms import LONGEST_SITE, form_of, id_of, intent_of, profile_of, way_address
from api.householdpage import (
    HEADERS,
    Seen,
    code_answer,
    cookie_of,
    homes_of,
    let_in,
    let_out,
)
from api.problems import answer_problem
from api.public import answer_question
from api.registering import registering_of
from api.staff.staffpages import see_other
from api.state import service_of
from city.staff import PUBLIC
from data.errors import NoDatabase
from data.homes.links import Home
from data.live.outbox import Topic
from operations.household import holding, links
from operations.household.homepage import Standing
from operations.household.links import DeadLink
from operations.household.planned import planned_site
from operations.household.saying import say
from operations.planning.telling import way_key
from operations.serving import utc_now
from web.household import ASK, AWAY, CODE, DEAD, WAY, Word, household_page
from web.language import known
from web.safe import Safe

router = APIRouter(include_in_schema=False)


@router.get(CODE)
async def code(request: Request) -> Response:
    """The page that takes the code; the same for everybody."""
    return code_answer(request, ASK, 200)


@router.post(CODE)
async def exchange(request: Request) -> Response:
    """Begin a session by a code; any that lets nobody in gets the same 404."""
    form, now = await form_of(request), utc_now()
    lang, token = form.get("lang", ""), form.get("code", "")
    try:
        opened = await homes_of(request).change(lambda engine: links.exchange(engine, token, now))
    except DeadLink:
        return _dead(request, lang)
    except (NoDatabase, SQLAlchemyError):
        return code_answer(request, AWAY, 503, lang)
    response = see_other(way_address({"lang": lang}))
    let_in(request, response, opened.secret, opened.home, now)
    return response


@router.get(WAY)
async def way(request: Request) -> Response:
    """The way of the household whose cookie it is, by the plan that answers now."""
    cookie, now = cookie_of(request), utc_now()
    if not cookie:
        return code_answer(request, ASK, 404)
    seen = await homes_of(request).see(cookie, now)
    if seen.home is None:
        return nobody(request, seen)
    return _way(request, seen, seen.home, now)


@router.post("/h/said")
async def said(request: Request) -> Response:
    """Say what the household will do, or take it back with an empty word."""
    form, now = await form_of(request), utc_now()
    seen = await homes_of(request).see(cookie_of(request), now)
    if seen.home is None or seen.away:
        return nobody(request, seen)
    home, intent = seen.home, intent_of(form.get("intent"))
    if not homes_of(request).words.hit(key_of(home)):
        return too_often(request)
    await homes_of(request).change(
        lambda engine: say(engine, home.household, intent, PUBLIC, load_id=home.load_id)
    )
    return see_other(way_address(form) + "#plans")


@router.post("/h/hold")
async def hold(request: Request) -> Response:
    """向かっています, or with `do=undo` not after all."""
    form, now = await form_of(request), utc_now()
    seen = await homes_of(request).see(cookie_of(request), now)
    if seen.home is None or seen.away:
        return nobody(request, seen)
    home = seen.home
    if not homes_of(request).words.hit(key_of(home)):
        return too_often(request)
    if form.get("do") == "undo":
        await homes_of(request).change(lambda engine: holding.take_back(engine, home, now))
    else:
        number, site = id_of(form.get("id", "")), form.get("site", "")[:LONGEST_SITE]
        await homes_of(request).change(
            lambda engine: holding.set_out(engine, home, number, site, now)
        )
    return see_other(way_address(form) + "#going")


def _way(request: Request, seen: Seen, home: Home, now: datetime) -> Response:
    service, query = service_of(request.app), request.query_params
    # Before the version is taken: a newer one may be shown as older, never the other way.
    freshness = service.current.freshness(now)
    version = service.current.version
    planned = planned_site(version, home.household) if home.load == service.current.load else None
    asked = Asked(
        lat=home.position.lat,
        lon=home.position.lon,
        profile=profile_of(query.get("profile", "")),
        to=_told(seen) or (None if planned else query.get("to", "")[:LONGEST_SITE] or None),
    )
    page = household_page(
        answer_question(service, asked, planned=planned, on_the_way=bool(_told(seen))),
        _shown(seen.word) if seen.word else None,
        lang=known(query.get("lang", "")),
        now=now,
        checked_at=freshness.checked_at,
        stale=freshness.stale,
        base_url=str(request.base_url),
        hold_id=str(uuid4()),
        key=way_key(home.link_hash),
        states=service.live.states(Topic.SITES),
        safe=_safe(request, seen),
    )
    return HTMLResponse(page, headers=HEADERS)


def _safe(request: Request, seen: Seen) -> Safe | None:
    """What it said of being safe; None where this server has no keys to keep names by."""
    if seen.word is None or registering_of(request).find_sealer() is None:
        return None
    visible, said_at = seen.word.safe or (None, None)
    return Safe(visible, said_at, wrong=request.query_params.get("safe", ""))


def _told(seen: Seen) -> str | None:
    """Where the household said that it is on its way to: nobody is turned round."""
    return seen.word.hold.site_id if seen.word and seen.word.hold else None


def _shown(found: Standing) -> Word:
    said, hold = found.said, found.hold
    return Word(
        intent=said.intent if said else None,
        said_at=said.at if said else None,
        going_to=hold.site_id if hold else "",
        going_until=hold.expires_at if hold else None,
    )


def nobody(request: Request, seen: Seen) -> Response:
    """The cookie lets nobody in, or nobody can look whether it does, or write anything down."""
    if seen.away:
        return code_answer(request, AWAY, 503)
    response = code_answer(request, DEAD, 404)
    let_out(request, response)
    return response


def _dead(request: Request, lang: str) -> Response:
    limits: Limits = request.app.state.limits
    client = request.client
    counted = address_of((client.host, client.port)) if client else None
    request.app.state.refusals.note(PUBLIC, CODE, status=404, why="dead-link")
    if counted is not None and not limits.unknown.hit(counted):
        problem = refusals.too_often(limits.unknown.wait_s()).problem
        return answer_problem(request, problem)
    return code_answer(request, DEAD, 404, lang)


def too_often(request: Request) -> Response:
    """It said more than any household says in a minute."""
    wait_s = homes_of(request).words.wait_s()
    return answer_problem(request, refusals.too_often(wait_s).problem)


def key_of(home: Home) -> str:
    """By what a household's words are counted."""
    return f"{home.load}/{home.household}"
