"""Whether a change comes from a page of our own: by its origin, and by what only it holds."""

import hmac
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

import anyio
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

LARGEST: Final = 1_000_000
"""Bytes of a body."""
LARGER: Final[Mapping[str, int]] = {"/report/photo": 10_000_000}
"""Of routes whose bodies may be larger: a browser without script sends a picture as it was taken.
The gate lets in `LARGE_AT_ONCE` of them, for each is held in memory."""
LARGE_AT_ONCE: Final = 4
PATIENCE_S: Final = 60.0
"""For a whole body; 1 MB takes that long at 140 kbit/s."""
FORM: Final = "application/x-www-form-urlencoded"
_SECURE: Final = {"http": "http", "https": "https", "ws": "http", "wss": "https"}


class TooLarge(Exception):
    """The body is larger than its route takes."""


class BrokenOff(Exception):
    """Whoever sent the body hung up before its end: half of it says something else."""


class TooSlow(Exception):
    """The body does not come within `PATIENCE_S`: it would hold a connection for ever."""


def own_origin(scope: Scope, headers: Headers) -> str:
    """Scheme and host as whoever asks sees them; uvicorn has read what a proxy says."""
    return f"{_SECURE[scope.get('scheme', 'http')]}://{headers.get('host', '')}".lower()


def is_ours(scope: Scope, headers: Headers) -> bool | None:
    """Whether the page that asks is one of ours; None where the browser says nothing."""
    origin = headers.get("origin")
    if origin is not None and origin != "null":
        return origin.lower() == own_origin(scope, headers)
    # A form of a page with `no-referrer` has the origin "null" (Fetch, 3.2).
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    referer = headers.get("referer")
    if referer is not None:
        parts = urlsplit(referer)
        return f"{parts.scheme}://{parts.netloc}".lower() == own_origin(scope, headers)
    return False if origin == "null" else None


async def read_body(headers: Headers, receive: Receive, largest: int = LARGEST) -> bytes:
    """The whole body; raises `BrokenOff`, `TooLarge`, `TooSlow`."""
    with anyio.move_on_after(PATIENCE_S):
        return await _read(headers, receive, largest)
    raise TooSlow


async def _read(headers: Headers, receive: Receive, largest: int) -> bytes:
    said = headers.get("content-length", "")
    if said.isdigit() and int(said) > largest:
        raise TooLarge
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise BrokenOff
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > largest:
            raise TooLarge
        if not message.get("more_body", False):
            return b"".join(parts)


def replayed(body: bytes, receive: Receive) -> Receive:
    """A body that was read, for the app to read."""
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def holds_csrf(headers: Headers, body: bytes, csrf: str) -> bool:
    """Whether a header or the form's hidden field says what only our page was told."""
    given = headers.get("x-csrf-token")
    if given is None and headers.get("content-type", "").split(";")[0].strip().lower() == FORM:
        given = parse_qs(body.decode("utf-8", "replace"), max_num_fields=100).get("csrf", [""])[-1]
    return bool(csrf) and hmac.compare_digest((given or "").encode(), csrf.encode())
