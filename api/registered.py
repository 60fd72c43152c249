"""After the form: the code, what is registered, the links of letters, and leaving."""

from fastapi import APIRouter, Request, Response

from api.gate import refusals
from api.problems import answer_problem
from api.registerforms import form_of
from api.registering import NoKeys, counted, registering_of
from api.registerpage import (
    LONGEST,
    card_of,
    find_mine,
    html,
    lang_of,
    let_in,
    let_out,
    said,
    seen_by,
    to_page,
    token_of,
    ways_of,
)
from operations.registering.confirm import (
    Outcome,
    confirm_code,
    is_mail_link,
    send_again,
    use_link,
)
from operations.registering.errors import DeadLink
from operations.registering.leave import leave, leave_by_token, who_leaves
from operations.serving import utc_now
from web.language import known
from web.register import (
    AGAIN,
    CODE,
    MINE,
    OUT,
    REGISTER,
    code_page,
    leave_page,
    mail_page,
    mine_page,
)

router = APIRouter(include_in_schema=False)


@router.get(CODE)
async def code(request: Request) -> Response:
    """Where the code is entered."""
    return await _code(request, "", lang_of(request))


@router.post(CODE)
async def enter(request: Request) -> Response:
    """Enter a code; wrong ones are counted, in the database and here."""
    form, now, token = await form_of(request), utc_now(), token_of(request)
    registering, lang = registering_of(request), known(form.get("lang"))
    typed = form.get("code")
    try:
        outcome = await registering.run(
            lambda engine, sealer: confirm_code(engine, sealer, token, typed, now)
        )
    except NoKeys:
        return said(request, "closed", 503, lang)
    except DeadLink:
        return _dead(request, lang)
    if outcome is Outcome.DONE:
        return to_page(MINE, lang)
    if not counted(request, registering.guesses):
        return _too_often(request)
    return await _code(request, outcome, lang, 422)


@router.post(AGAIN)
async def again(request: Request) -> Response:
    """Send new codes for what waits."""
    form, now, token = await form_of(request), utc_now(), token_of(request)
    registering, lang = registering_of(request), known(form.get("lang"))
    if not counted(request, registering.forms):
        return _too_often(request)
    try:
        await registering.run(lambda engine, sealer: send_again(engine, sealer, token, now))
    except NoKeys:
        return said(request, "closed", 503, lang)
    except DeadLink:
        return _dead(request, lang)
    return await _code(request, "again", lang)


@router.get(MINE)
async def mine(request: Request) -> Response:
    """What this browser has registered."""
    found = await find_mine(request)
    if found is None:
        return said(request, "dead", 404)
    page = mine_page(
        card_of(request),
        found.wishes,
        ways_of(found),
        lang=lang_of(request),
        confirmed=found.confirmed,
    )
    return html(page)


@router.post(OUT)
async def out(request: Request) -> Response:
    """Leave, by the browser's own registration."""
    form, now, token = await form_of(request), utc_now(), token_of(request)
    lang = known(form.get("lang"))
    try:
        await registering_of(request).run(lambda engine, _: leave_by_token(engine, token, now))
    except NoKeys:
        return said(request, "closed", 503, lang)
    except DeadLink:
        return _dead(request, lang)
    return let_out(request, said(request, "left", 200, lang))


@router.get(f"{REGISTER}/{{token}}")
async def open_link(request: Request, token: str) -> Response:
    """A link of a letter: looking uses nothing up, for whoever carries letters looks too."""
    now, lang = utc_now(), lang_of(request)
    try:
        found = await seen_by(request, token)
        if found is not None:
            page = REGISTER if found.by_line and not found.ways else MINE
            return let_in(request, to_page(page, lang), token)
        is_mail = len(token) <= LONGEST and await registering_of(request).run(
            lambda engine, _: is_mail_link(engine, token, now)
        )
    except NoKeys:
        return said(request, "closed", 503)
    if is_mail:
        return html(mail_page(card_of(request), token, lang=lang))
    return _dead(request, lang)


@router.post(f"{REGISTER}/{{token}}")
async def use_mail_link(request: Request, token: str) -> Response:
    """Confirm a mail address."""
    form, now = await form_of(request), utc_now()
    lang = known(form.get("lang"))
    try:
        await registering_of(request).run(lambda engine, _: use_link(engine, token, now))
    except NoKeys:
        return said(request, "closed", 503, lang)
    except DeadLink:
        return _dead(request, lang)
    return said(request, "confirmed", 200, lang)


@router.get("/leave/{token}")
@router.get("/r/{token}/leave")
async def ask_leave(request: Request, token: str) -> Response:
    """One button; looking changes nothing."""
    sealer = registering_of(request).find_sealer()
    if sealer is None:
        return said(request, "closed", 503)
    if who_leaves(sealer, token) is None:
        return _dead(request, lang_of(request))
    return html(leave_page(card_of(request), request.url.path, lang=lang_of(request)))


@router.post("/leave/{token}")
@router.post("/r/{token}/leave")
async def do_leave(request: Request, token: str) -> Response:
    """Leave, by a person's tap or by their mail program's (RFC 8058)."""
    form, now = await form_of(request), utc_now()
    lang = known(form.get("lang"))
    try:
        await registering_of(request).run(lambda engine, sealer: leave(engine, sealer, token, now))
    except NoKeys:
        return said(request, "closed", 503, lang)
    except DeadLink:
        return _dead(request, lang)
    return said(request, "left", 200, lang)


async def _code(request: Request, state: str, lang: str, status: int = 200) -> Response:
    found = await find_mine(request)
    if found is None:
        return said(request, "dead", 404, lang)
    waiting = [line for line in ways_of(found) if line.waits]
    page = code_page(card_of(request), waiting, lang=lang, state=state)
    return html(page, status)


def _dead(request: Request, lang: str) -> Response:
    """Whatever was wrong with a token, the same page."""
    if not counted(request, registering_of(request).guesses):
        return _too_often(request)
    return said(request, "dead", 404, lang)


def _too_often(request: Request) -> Response:
    wait_s = registering_of(request).guesses.wait_s()
    return answer_problem(request, refusals.too_often(wait_s).problem)
