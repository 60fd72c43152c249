"""Signing in and out, one-time links, one's own account, and the registration of a tablet."""

from typing import Annotated, Final

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Form, Request, Response

from api.caller import caller_of, credential_of, csrf_of
from api.gate import credentials
from api.gate.ratelimit import Limits, address_of
from api.gate.refusals import in_words
from api.staff.oidc import sign_on_address
from api.staff.staffpages import card_of, local, see_other, staff_html
from api.state import engine_of
from city.staff import PUBLIC, Caller, CallerKind
from data.errors import NoDatabase, NotThere
from operations.errors import Refused
from operations.people import accounts, devices, links, signing
from operations.people.passwords import SHORTEST
from operations.people.signing import SignedIn, WrongSignIn
from operations.serving import utc_now
from web.staff.signin import account_page, device_page, home_of, link_page, sign_in_page

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=2000)]

HASHES_AT_ONCE: Final = CapacityLimiter(2)
"""Each takes 64 MB and tens of milliseconds of a core; guidance goes on beside them."""
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
    asked_from = _asked_from(request)
    name = accounts.folded_login(login)
    wait_s = await limits.try_to_sign_in(name, asked_from)
    if wait_s:
        _refused(request, 429, "too-often")
        words = f"試した回数が多すぎます。{in_words(wait_s)}待ってから、もう一度入れてください。"
        return _sign_in(request, next, login, words, 429, wait_s)
    try:
        engine = engine_of(request)
        signed = await to_thread.run_sync(
            lambda: signing.sign_in(engine, login, password, now=utc_now()),
            limiter=HASHES_AT_ONCE,
        )
    except WrongSignIn as error:
        _refused(request, 422, "wrong-sign-in", staff=error.account)
        return _sign_in(request, next, login, str(error), 422)
    except NoDatabase:
        await limits.signed_in(name, asked_from)
        return _sign_in(request, next, login, AWAY, 503)
    await limits.signed_in(name, asked_from)
    return await _let_in(request, signed, next)


@router.get("/signin/link")
async def link_form(request: Request) -> Response:
    """The code of a one-time link, which the page's script takes out of the address."""
    page = link_page(card_of(request), csrf=csrf_of(request), shortest=SHORTEST)
    return staff_html(page)


@router.post("/signin/link")
async def use_link(
    request: Request,
    code: Field = "",
    step: Field = "",
    login: Field = "",
    name: Field = "",
    password: Field = "",
    again: Field = "",
) -> Response:
    """Look what a code is for; in a second step set the password and sign in."""
    card, csrf, engine = card_of(request), csrf_of(request), engine_of(request)

    def page(error: str = "", found: links.Found | None = None, status: int = 200) -> Response:
        made = link_page(
            card,
            csrf=csrf,
            shortest=SHORTEST,
            found=found,
            code=code if found else "",
            login=login,
            name=name,
            error=error,
        )
        return staff_html(made, status)

    try:
        found = await to_thread.run_sync(lambda: links.find_code(engine, code, now=utc_now()))
    except Refused as error:
        _refused(request, 422, "dead-link")
        return page(str(error), status=422)
    if step != "set":
        return page(found=found)
    if password != again:
        return page("二つのパスワードが違います。もう一度入れてください。", found, 422)
    try:
        signed = await to_thread.run_sync(
            lambda: links.use_code(engine, code, password, login=login, name=name, now=utc_now()),
            limiter=HASHES_AT_ONCE,
        )
    except Refused as error:
        return page(str(error), found, 422)
    return await _let_in(request, signed, "")


@router.post("/signout")
def sign_out(request: Request) -> Response:
    """End the session; a tablet stays registered until an administrator revokes it."""
    token, caller = credentials.session_token(request), caller_of(request)
    if token and caller.kind == CallerKind.STAFF:
        signing.sign_out(engine_of(request), token, caller, now=utc_now())
    response = see_other("/signin")
    credentials.let_out(request, response)
    return response


@router.get("/account")
async def account(request: Request, done: str = "") -> Response:
    """Who is signed in, and another password."""
    return _account(request, done=bool(done))


@router.post("/account/password")
async def change_password(
    request: Request, old: Field = "", new: Field = "", again: Field = ""
) -> Response:
    """Set another password; sessions elsewhere end."""
    caller, held = caller_of(request), credential_of(request)
    if caller.kind != CallerKind.STAFF or held is None:
        return _account(request, error="端末にパスワードはありません。", status=422)
    if new != again:
        return _account(request, error="二つの新しいパスワードが違います。", status=422)
    limits: Limits = request.app.state.limits
    name, asked_from = caller.actor, _asked_from(request)
    wait_s = await limits.try_to_sign_in(name, asked_from)
    if wait_s:
        return _account(request, error=f"{in_words(wait_s)}待ってください。", status=429)
    engine = engine_of(request)
    try:
        await to_thread.run_sync(
            lambda: accounts.change_password(
                engine, caller, old, new, now=utc_now(), kept=held.token_hash
            ),
            limiter=HASHES_AT_ONCE,
        )
    except (Refused, NotThere) as error:
        return _account(request, error=str(error), status=422)
    await limits.signed_in(name, asked_from)
    return see_other("/account?done=1")


@router.get("/desk/join")
async def join_form(request: Request) -> Response:
    """A tablet's token, which the page's script takes out of the address."""
    return staff_html(device_page(card_of(request), csrf=csrf_of(request)))


@router.post("/desk/join")
def join(request: Request, code: Field = "") -> Response:
    """Give the tablet its token; it stays until it is revoked."""
    token = code.strip()
    caller = devices.join(engine_of(request), token, now=utc_now())
    if caller is None:
        _refused(request, 422, "unknown-device")
        words = "この符号は使えません。管理者に端末の登録をやり直してもらってください。"
        return staff_html(device_page(card_of(request), csrf=csrf_of(request), error=words), 422)
    home = home_of(caller)
    response = see_other("/" if home == "/account" else home)
    credentials.let_tablet_in(request, response, token)
    return response


async def _let_in(request: Request, signed: SignedIn, after: str) -> Response:
    """Into the new session; the one before it ends."""
    before, caller = credentials.session_token(request), caller_of(request)
    if before and caller.kind == CallerKind.STAFF:
        engine = engine_of(request)
        await to_thread.run_sync(
            lambda: signing.sign_out(engine, before, caller, now=utc_now()),
        )
    response = see_other(local(after) or home_of(signed.caller))
    credentials.let_in(request, response, signed.token)
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


def _account(
    request: Request, *, done: bool = False, error: str = "", status: int = 200
) -> Response:
    page = account_page(
        card_of(request),
        caller=caller_of(request),
        csrf=csrf_of(request),
        shortest=SHORTEST,
        done=done,
        error=error,
    )
    return staff_html(page, status)


def _asked_from(request: Request) -> str:
    client = (request.client.host, request.client.port) if request.client else None
    return address_of(client) or "here"


def _refused(request: Request, status: int, why: str, **details: int | None) -> None:
    """Note it in the audit log, without what was typed."""
    by: Caller = PUBLIC
    said = {key: value for key, value in details.items() if value is not None}
    template = request.url.path
    request.app.state.refusals.note(by, template, status=status, why=why, **said)
