"""Signing in by the city's own sign-on: OpenID Connect with discovery, state, nonce and PKCE."""

import logging
import os
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from anyio import to_thread
from fastapi import Request, Response
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api.caller import csrf_of
from api.gate import credentials
from api.staff.staffpages import card_of, local, see_other, staff_html
from api.state import engine_of
from city.staff import PUBLIC
from operations.people.signon import Identity, UnknownIdentity, sign_in_by_identity
from operations.serving import utc_now
from web.staff.signin import home_of, sign_in_page

log = logging.getLogger("nigemichi.oidc")

BEGIN: Final = "/signin/oidc"
BACK: Final = "/signin/oidc/back"
AFTER: Final = "nigemichi.after"
WAY_S: Final = 600
"""How long somebody may take at the provider."""
AWAY: Final = "市の共通アカウントの窓口が応えません。少し待つか、ログイン名とパスワードで。"
BROKEN: Final = "サインインが途中で切れました。もう一度始めてください。"


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider and what we are to it, as `NIGEMICHI_OIDC_ISSUER`, `…_CLIENT_ID` and
    `…_CLIENT_SECRET` say.
    """

    issuer: str
    client_id: str
    client_secret: str


def provider() -> Provider | None:
    """What the environment names; None where it names none."""
    names = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")
    issuer, client_id, secret = (os.environ.get(f"NIGEMICHI_OIDC_{name}", "") for name in names)
    return Provider(issuer.rstrip("/"), client_id, secret) if issuer and client_id else None


def sign_on_address(after: str) -> str:
    """Where the sign-on begins, empty where there is none; it ends at `after`."""
    if provider() is None:
        return ""
    return BEGIN + (f"?{urlencode({'next': after})}" if after else "")


async def begin(request: Request) -> Response:
    """Send the browser to the provider."""
    client = _client()
    request.session[AFTER] = local(request.query_params.get("next", ""))
    back = str(request.base_url).rstrip("/") + BACK
    try:
        redirect: Response = await client.authorize_redirect(request, back)
    except Exception as error:
        return _told(request, error)
    return redirect


async def back(request: Request) -> Response:
    """The browser comes back: whose account is it?"""
    client = _client()
    after = local(str(request.session.get(AFTER, "")))
    try:
        token = await client.authorize_access_token(request)
        identity = Identity.of_claims(token["userinfo"])
    except Exception as error:
        return _told(request, error)
    finally:
        request.session.clear()
    engine = engine_of(request)
    try:
        signed = await to_thread.run_sync(
            lambda: sign_in_by_identity(engine, identity, now=utc_now())
        )
    except UnknownIdentity as error:
        request.app.state.refusals.note(PUBLIC, BACK, status=422, why="unknown-identity")
        return _sign_in(request, str(error), 422)
    response = see_other(after or home_of(signed.caller))
    credentials.let_in(request, response, signed.token)
    return response


@cache
def _own_key() -> str:
    return secrets.token_urlsafe(32)


class Remembered:
    """ASGI middleware: what we must know again when the browser comes back, signed in a cookie.

    The key is `NIGEMICHI_SECRET`; without it one of this process, so with several processes it must
    be set.
    """

    def __init__(self, app: ASGIApp) -> None:
        key = os.environ.get("NIGEMICHI_SECRET") or _own_key()
        self._plain, self._secure = (
            SessionMiddleware(
                app,
                key,
                session_cookie="nigemichi_oidc",
                max_age=WAY_S,
                path=BEGIN,
                https_only=secure,
            )
            for secure in (False, True)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """With a cookie for https only where it is https."""
        chosen = self._secure if scope.get("scheme") == "https" else self._plain
        await chosen(scope, receive, send)


routes: Final = [
    Route(BEGIN, begin, methods=["GET"], middleware=[Middleware(Remembered)]),
    Route(BACK, back, methods=["GET"], middleware=[Middleware(Remembered)]),
]
"""For the app itself: a router that is included would lose their middleware."""


def _client() -> Any:
    """Authlib's client; it reads the provider's own description at first use."""
    found = provider()
    if found is None:
        raise HTTPException(404)
    return _registered(found)


@cache
def _registered(found: Provider) -> Any:
    from authlib.integrations.starlette_client import OAuth

    return OAuth().register(
        "city",
        client_id=found.client_id,
        client_secret=found.client_secret or None,
        server_metadata_url=f"{found.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "timeout": 5,
        },
    )


def _told(request: Request, error: Exception) -> Response:
    """What went wrong, without the provider's words: they may name the person."""
    from authlib.integrations.starlette_client import OAuthError
    from joserfc.errors import JoseError

    log.warning("sign-on: %s", type(error).__name__)
    ours = isinstance(error, OAuthError | JoseError | KeyError)
    request.app.state.refusals.note(
        PUBLIC, request.url.path, status=422 if ours else 503, why="sign-on-broke"
    )
    return _sign_in(request, BROKEN if ours else AWAY, 422 if ours else 503)


def _sign_in(request: Request, error: str, status: int) -> Response:
    page = sign_in_page(
        card_of(request),
        csrf=csrf_of(request),
        after="",
        oidc=sign_on_address(""),
        error=error,
    )
    return staff_html(page, status)
