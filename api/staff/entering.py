"""What signing in, links and one's own account share: entering, and noting what was refused."""

from typing import Annotated, Final

from anyio import CapacityLimiter, to_thread
from fastapi import Form, Request, Response

from api.caller import caller_of
from api.gate import credentials
from api.gate.ratelimit import address_of
from api.staff.staffpages import local, see_other
from api.state import engine_of
from city.staff import PUBLIC, Caller, CallerKind
from operations.people import signing
from operations.people.signing import SignedIn
from operations.serving import utc_now
from web.staff.signin import home_of

Field = Annotated[str, Form(max_length=2000)]

HASHES_AT_ONCE: Final = CapacityLimiter(2)
"""Each takes 64 MB and tens of milliseconds of a core; guidance goes on beside them."""


async def enter(request: Request, signed: SignedIn, after: str) -> Response:
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


def address(request: Request) -> str:
    """From where somebody tries to sign in."""
    client = (request.client.host, request.client.port) if request.client else None
    return address_of(client) or "here"


def note(request: Request, status: int, why: str, **details: int | None) -> None:
    """Note it in the audit log, without what was typed."""
    by: Caller = PUBLIC
    said = {key: value for key, value in details.items() if value is not None}
    template = request.url.path
    request.app.state.refusals.note(by, template, status=status, why=why, **said)
