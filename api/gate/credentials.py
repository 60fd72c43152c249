"""What a browser or a tablet shows to be let in: cookies, or a token in a header."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, cookie_parser
from starlette.responses import Response

from api.permissions import Roles
from city.staff import Caller
from operations.people.signing import (
    LIFE,
    Credential,
    csrf_of_token,
    hash_of,
)

SESSION: Final = "nigemichi"
DEVICE: Final = "nigemichi_device"
DEVICE_LIFE: Final = timedelta(days=180)
"""A flood season; whoever revokes a tablet does not wait for it."""
_LONGEST: Final = 100
"""Letters of a token; ours have 43."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One token that was shown; a cookie is sent by the browser, whichever page asks."""

    kind: str
    token: str
    by_cookie: bool

    @property
    def credential(self) -> Credential:
        """What is looked for in the database, also later: whether it still lets in."""
        return Credential(self.kind, hash_of(self.token))


@dataclass(frozen=True, slots=True)
class Known:
    """Who was let in, by what, and what their pages send back."""

    caller: Caller
    shown: Shown

    @property
    def csrf(self) -> str:
        """Needed only where the browser sends the token by itself."""
        return csrf_of_token(self.shown.token) if self.shown.by_cookie else ""

    @property
    def credential(self) -> Credential:
        """To look later whether it still lets in."""
        return self.shown.credential


def shown_by(headers: Headers, scheme: str) -> list[Shown]:
    """The tokens of a request: a header before the cookies, a session before a tablet."""
    found = list(_shown(headers, secure=scheme in ("https", "wss")))
    return [one for one in found if 0 < len(one.token) <= _LONGEST and one.token.isascii()]


def _shown(headers: Headers, *, secure: bool) -> Iterator[Shown]:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        yield Shown("device", token.strip(), by_cookie=False)
        return
    cookies = cookie_parser(headers.get("cookie", ""))
    for kind, name in (("session", SESSION), ("device", DEVICE)):
        token = cookies.get(_name(name, secure=secure), "")
        if token:
            yield Shown(kind, token, by_cookie=True)


def known_of(
    shown: list[Shown], allowed: Roles, found: Mapping[Credential, Caller]
) -> Known | None:
    """Whoever was found and may do this; else whoever is let in first; None for nobody."""
    known = [Known(found[one.credential], one) for one in shown if one.credential in found]
    return next((one for one in known if one.caller.roles & allowed), next(iter(known), None))


def let_in(connection: HTTPConnection, response: Response, token: str) -> None:
    """Give a browser its session."""
    _set(connection, response, SESSION, token, LIFE)


def let_tablet_in(connection: HTTPConnection, response: Response, token: str) -> None:
    """Give a tablet its token."""
    _set(connection, response, DEVICE, token, DEVICE_LIFE)


def let_out(connection: HTTPConnection, response: Response) -> None:
    """Take a browser's session."""
    _set(connection, response, SESSION, "", timedelta())


def session_token(connection: HTTPConnection) -> str | None:
    """The session that a browser shows, whether or not it lets in."""
    shown = shown_by(connection.headers, connection.url.scheme)
    return next((one.token for one in shown if one.kind == "session"), None)


def _set(
    connection: HTTPConnection, response: Response, name: str, token: str, life: timedelta
) -> None:
    secure = connection.url.scheme in ("https", "wss")
    response.set_cookie(
        _name(name, secure=secure),
        token,
        max_age=int(life.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def _name(name: str, *, secure: bool) -> str:
    """Over https a name that no other host of the domain can set (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{name}" if secure else name
