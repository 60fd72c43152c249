"""Residents report a danger: what, where, a few words; all of it without script, and 未確認."""

import hashlib
from typing import Final
from uuid import uuid4

from fastapi import APIRouter, Request, Response

from api.gate import refusals
from api.householdforms import form_of
from api.householdpage import cookie_of, homes_of
from api.problems import answer_problem
from api.registering import registering_of
from api.registerpage import lang_of
from api.reportforms import kind_of, number_of, written_of
from api.reportlimits import report_limits_of
from api.reportpage import (
    AT_HOME,
    home_of,
    html,
    lang_in,
    mine_of,
    nothing,
    put,
    run,
    secret_of,
    secret_or_new,
    usable,
)
from api.state import engine_of, service_of
from city.staff import PUBLIC
from data.sealing import Sealer
from hazards.observation import SourceKind
from operations.observing.report import GivenReport, take_report
from operations.residents.replies import replies_of, reply_hash
from operations.serving import utc_now
from routing.ground import Ground
from web.registerplace import tapped
from web.report import (
    HOME,
    MINE,
    PLACE,
    REPORT,
    Typed,
    more_page,
    what_page,
    where_page,
)
from web.reportplace import spot_of

router = APIRouter(include_in_schema=False)
LONGEST_FIELD: Final = 100


@router.get(REPORT)
async def begin(request: Request) -> Response:
    """What happened; with `kind`, where: by a name, or from a map."""
    query, lang, ground = request.query_params, lang_of(request), _ground(request)
    kind = kind_of(query.get("kind", ""))
    if kind is None:
        wrong = "kind" in query
        return html(what_page(ground.card, lang=lang, wrong=wrong), 422 if wrong else 200)
    text, near = query.get("q", ""), query.get("near", "")[:LONGEST_FIELD]
    return html(where_page(ground, kind, lang=lang, text=text, near=near))


@router.get(HOME)
async def begin_at_home(request: Request) -> Response:
    """The same from a household's page: what comes from one home is of one source."""
    seen = await homes_of(request).see(cookie_of(request), utc_now())
    answer = html(what_page(_ground(request).card, lang=lang_of(request)))
    sealer = registering_of(request).find_sealer()
    if seen.home is not None and sealer is not None:
        put(request, answer, AT_HOME, _of_home(sealer, seen.home.link_hash))
    return answer


@router.post(PLACE)
async def place(request: Request) -> Response:
    """A tap, the phone's position, or somewhere near a name. No address holds it."""
    form, ground = await form_of(request), _ground(request)
    kind, lang = kind_of(form.get("kind", "")), lang_in(form)
    if kind is None:
        return html(what_page(ground.card, lang=lang, wrong=True), 422)
    found = tapped(ground, form)
    if found.point is not None and not form.get("lat"):
        form |= {"lat": str(found.point.lat), "lon": str(found.point.lon)}
    spot = spot_of(ground, form)
    if spot is None or found.outside:
        box = None if found.outside else found.box
        return html(where_page(ground, kind, lang=lang, box=box, outside=found.outside))
    page = more_page(ground, kind, spot, uuid4(), lang=lang, typed=Typed())
    return html(page)


@router.post(REPORT)
async def send(request: Request) -> Response:
    """Take a report in, once by its id; the answer shows what becomes of it."""
    form, ground = await form_of(request), _ground(request)
    kind, spot, lang = kind_of(form.get("kind", "")), spot_of(ground, form), lang_in(form)
    if kind is None:
        return html(what_page(ground.card, lang=lang, wrong=True), 422)
    outside = tapped(ground, form).outside
    if spot is None or outside:
        return html(where_page(ground, kind, lang=lang, outside=outside), 422)
    number, written = number_of(form, "id"), written_of(form)
    if written.typed.wrong:
        page = more_page(ground, kind, spot, number, lang=lang, typed=written.typed)
        return html(page, 422)
    secret, limits = secret_or_new(request), report_limits_of(request)
    if not limits.may_report(request, reply_hash(secret)):
        return answer_problem(request, refusals.too_often(limits.browsers.wait_s()).problem)
    given = GivenReport(
        number,
        written.draft(kind, spot),
        SourceKind.PUBLIC,
        _source(request, secret),
        reply_hash=reply_hash(secret),
    )
    await take_report(engine_of(request), PUBLIC, given)
    return await mine_of(request, secret, said="sent", lang=lang)


@router.get(MINE)
async def mine(request: Request) -> Response:
    """What this browser reported; the code behind the # of a link is read by the page's script."""
    return await mine_of(request, secret_of(request))


@router.post(MINE)
async def open_by_code(request: Request) -> Response:
    """What was reported with a code."""
    form = await form_of(request)
    secret, lang, now = usable(form.get("code", "").strip()), lang_in(form), utc_now()
    if not await run(request, lambda engine: replies_of(engine, secret, now)):
        return await nothing(request, secret_of(request), lang)
    return await mine_of(request, secret, lang=lang)


def _source(request: Request, secret: str) -> str:
    """Who it is by, so that a home's or a browser's reports count as one: nobody is known by it."""
    home = home_of(request)
    if home:
        return f"home:{home}"
    return f"browser:{hashlib.sha256(f'source {secret}'.encode()).hexdigest()[:12]}"


def _of_home(sealer: Sealer, link_hash: str) -> str:
    return sealer.derive("report home", link_hash.encode()).hex()[:16]


def _ground(request: Request) -> Ground:
    return service_of(request.app).current.version.ground
