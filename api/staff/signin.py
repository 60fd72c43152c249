"""Signing in and out."""

from typing import Final

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from api.caller import caller_of, csrf_of
from api.gate import credentials
from api.gate.ratelimit import Limits
from api.gate.refusals import in_words
from api.staff.entering import HASHES_AT_ONCE, Field, address, enter, note
from api.staff.oidc import sign_on_address
from api.staff.staffpages import card_of, local, see_other, staff_html
from api.state import engine_of
from city.staff import CallerKind
from data.errors import NoDatabase
from operations.people import accounts, signing
from operations.people.signing import WrongSignIn
from operations.serving import utc_now
from web.staff.signin import home_of, sign_in_page

router = APIRouter(include_in_schema=False)

AWAY: Final = "データベースにつながりません。避難案内はそのまま使えます。少し待ってもう一度。"


@router.get("/signin")
async def sign_in_form(request: Request, next: str = "") -> Response:
    """Login and password; who is in already goes on."""
    caller = caller_of(request)
    if caller.kind == CallerKind.STAFF:
        return see_other(local(next) or home_of(caller))
    return _sign_in(request, next)


@router.post("/signin")
async def sign_in(
    request: Request, login: Field = "", password: Field = "", next: Field = ""
) -> Response:
    """Begin a session."""
    limits: Limits = request.app.state.limits
    asked_from = address(request)
    name = accounts.folded_login(login)
    wait_s = await limits.try_to_sign_in(name, asked_from)
    if wait_s:
        note(request, 429, "too-often")
        words = f"試した回数が多すぎます。{in_words(wait_s)}待ってから、もう一度入れてください。"
        return _sign_in(request, next, login, words, 429, wait_s)
    try:
        engine = engine_of(request)
        signed = await to_thread.run_sync(
            lambda: signing.sign_in(engine, login, password, now=utc_now()),
            limiter=HASHES_AT_ONCE,
        )
    except WrongSignIn as error:
        note(request, 422, "wrong-sign-in", staff=error.account)
        return _sign_in(request, next, login, str(error), 422)
    except NoDatabase:
        await limits.give_back(name, asked_from)
        return _sign_in(request, next, login, AWAY, 503)
    await limits.signed_in(name, asked_from)
    return await enter(request, signed, next)


@router.post("/signout")
def sign_out(request: Request) -> Response:
    """End the session; a tablet stays registered until an administrator revokes it."""
    token, caller = credentials.session_token(request), caller_of(request)
    if token and caller.kind == CallerKind.STAFF:
        signing.sign_out(engine_of(request), token, caller, now=utc_now())
    response = see_other("/signin")
    credentials.let_out(request, response)
    return response


def _sign_in(
    request: Request,
    after: str,
    login: str = "",
    error: str = "",
    status: int = 200,
    wait_s: int = 0,
) -> Response:
    after = local(after)
    page = sign_in_page(
        card_of(request),
        csrf=csrf_of(request),
        after=after,
        oidc=sign_on_address(after),
        login=login[:100],
        error=error,
    )
    return staff_html(page, status, **({"retry-after": str(wait_s)} if wait_s else {}))
