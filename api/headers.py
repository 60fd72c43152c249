"""Headers of every answer: nothing is stored or told to other sites; HEAD is answered."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.aging import AGING_HASH
from web.gps import GPS_HASH
from web.moving import MOVING_HASH
from web.style import STYLE_HASHES

POLICY: Final = (
    f"default-src 'none'; img-src 'self'; style-src {' '.join(STYLE_HASHES)}; "
    f"script-src {GPS_HASH} {AGING_HASH} {MOVING_HASH}; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
MAP_POLICY: Final = (
    POLICY.replace("style-src ", "style-src 'self' ").replace("script-src ", "script-src 'self' ")
    + "; worker-src 'self'"
)
"""For a page that can load the map that moves: files of our own, and nothing else's."""
STAFF_POLICY: Final = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""For pages of staff: nothing inline, nothing from elsewhere."""
_ALWAYS: Final = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class SafeHeaders:
    """ASGI middleware that adds them where a route has not said otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add headers to the answer's start."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.setdefault("content-security-policy", POLICY)
            await send(message)

        await self.app(scope, receive, with_headers)


class GzipButTiles(GZipMiddleware):
    """Compresses answers, but no map tiles: they are compressed, and asked for by byte ranges."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request for tiles on as it is."""
        if scope["type"] == "http" and scope["path"].endswith(".pmtiles"):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


ENDLESS: Final = frozenset({"/api/v1/live/events"})
"""An answer that never ends has no HEAD."""


class HeadAsGet:
    """ASGI middleware that answers HEAD as GET is answered, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask for the page, and keep its body back."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"] in ENDLESS:
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, without_body)
