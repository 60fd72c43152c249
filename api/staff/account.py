"""One's own account, and the registration of a tablet."""

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from api.caller import caller_of, credential_of, csrf_of
from api.gate import credentials
from api.gate.ratelimit import Limits
from api.gate.refusals import in_words
from api.staff.entering import HASHES_AT_ONCE, Field, address, note
from api.staff.staffpages import card_of, see_other, staff_html
from api.state import engine_of
from city.staff import CallerKind
from data.errors import NotThere
from operations.errors import Refused
from operations.people import accounts, devices
from operations.people.accounts import WrongPassword
from operations.people.passwords import SHORTEST
from operations.serving import utc_now
from web.staff.signin import account_page, device_page, home_of

router = APIRouter(include_in_schema=False)


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
    name, asked_from = caller.actor, address(request)
    wait_s = await limits.try_to_sign_in(name, asked_from)
    if wait_s:
        note(request, 429, "too-often", staff=caller.id)
        return _account(request, error=f"{in_words(wait_s)}待ってください。", status=429)
    engine = engine_of(request)
    try:
        await to_thread.run_sync(
            lambda: accounts.change_password(
                engine, caller, old, new, now=utc_now(), kept=held.token_hash
            ),
            limiter=HASHES_AT_ONCE,
        )
    except WrongPassword as error:
        note(request, 422, "wrong-password", staff=caller.id)
        return _account(request, error=str(error), status=422)
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
        note(request, 422, "unknown-device")
        words = "この符号は使えません。管理者に端末の登録をやり直してもらってください。"
        return staff_html(device_page(card_of(request), csrf=csrf_of(request), error=words), 422)
    home = home_of(caller)
    response = see_other("/" if home == "/account" else home)
    credentials.let_tablet_in(request, response, token)
    return response


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
