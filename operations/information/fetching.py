"""A source fetched within bounds: TLS, public addresses, every hop checked, size and time limited.

What is said of a failure names neither the address nor anything of a query, which may hold a key.
"""

import ssl
import time
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin

import httpx

from hazards.information import Shape
from operations.information.addresses import Bounds, Forbidden, Resolve, by_dns, checked
from operations.information.pinned import Clock, Deadline, Late, Transport
from operations.information.unpacking import Unpacking

MOST_BYTES: Final = 8_000_000
"""As sent, and unpacked: ten times the largest list of places of a prefecture."""
MOST_S: Final = 30.0
MOST_HOPS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_NOT_MODIFIED: Final = 304
_XML: Final = frozenset(
    {"application/xml", "text/xml", "application/atom+xml", "application/cap+xml"}
)
_PLAIN: Final = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream"})
_JSON: Final = frozenset({"application/json", "application/geo+json", "application/vnd.geo+json"})
_CSV: Final = frozenset({"text/csv", "application/csv", "application/vnd.ms-excel"})
TYPES: Final = {
    Shape.GEOJSON: _PLAIN | _JSON,
    Shape.CSV: _PLAIN | _CSV,
    Shape.ATOM_CAP: _PLAIN | _XML,
    Shape.JMA: _PLAIN | _XML,
    Shape.GSI_SITES: _PLAIN | _JSON | _CSV,
}
"""What each format may be sent as; a page (text/html) is a notice of a server, and no data."""
_LINES: Final = frozenset({Shape.CSV, Shape.GSI_SITES})
"""Formats that may be lines, which nobody misses."""


class NotFetched(Exception):
    """It was not fetched: why, in words for an officer, without the address."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the server said of the copy that is known: sent back, so that it need not send it."""

    etag: str = ""
    modified: str = ""

    def headers(self) -> dict[str, str]:
        """As a conditional request has them (RFC 9110, 13.1)."""
        said = {"if-none-match": self.etag, "if-modified-since": self.modified}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Fetched:
    """The body, or None where the copy that is known is still the newest."""

    body: bytes | None
    known: Known = field(default_factory=Known)


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches within `bounds`. `trust`, `resolve` and `clock` are those of tests."""

    bounds: Bounds = field(default_factory=Bounds)
    trust: ssl.SSLContext | None = None
    resolve: Resolve = by_dns
    clock: Clock = time.monotonic
    most_bytes: int = MOST_BYTES
    most_s: float = MOST_S
    turn: Deadline | None = None
    """Until when all that is fetched in one turn must be there."""

    def fetch(self, url: str, shape: Shape, known: Known | None = None) -> Fetched:
        """What is at an address; raises `NotFetched`."""
        whole = self.turn or Deadline(self.most_s, self.clock)
        try:
            return self._fetch(url, shape, known or Known(), whole.within(self.most_s))
        except Forbidden as error:
            raise NotFetched(str(error)) from None
        except (Late, httpx.TimeoutException):
            raise NotFetched("時間内に届きませんでした") from None
        except httpx.ConnectError as error:
            raise NotFetched(_no_connection(error)) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
            raise NotFetched("相手のサーバーと通信できませんでした") from None

    def _fetch(self, url: str, shape: Shape, known: Known, deadline: Deadline) -> Fetched:
        transport = Transport(self.bounds, deadline, trust=self.trust, resolve=self.resolve)
        with httpx.Client(transport=transport, trust_env=False, timeout=self.most_s) as client:
            for _ in range(MOST_HOPS + 1):
                checked(url, self.bounds)
                headers = {"accept-encoding": "gzip", "user-agent": "nigemichi", **known.headers()}
                client.cookies.clear()
                with client.stream("GET", url, headers=headers) as answer:
                    if answer.status_code not in _REDIRECTS:
                        return self._taken(answer, shape, known, deadline)
                    url = urljoin(url, answer.headers.get("location", ""))
        raise NotFetched("転送が多すぎます")

    def _taken(
        self, answer: httpx.Response, shape: Shape, known: Known, deadline: Deadline
    ) -> Fetched:
        if answer.status_code == _NOT_MODIFIED and known.headers():
            return Fetched(None, known)
        if answer.status_code != httpx.codes.OK:
            raise NotFetched(f"相手のサーバーが断りました（HTTP {answer.status_code}）")
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in TYPES[shape]:
            raise NotFetched("データではなく、別の種類のものが返ってきました")
        body = b"".join(self._pieces(answer, deadline))
        if shape in _LINES and not _ends(answer, body):
            raise NotFetched("途中で切れています（長さが示されず、最後の行が終わっていません）")
        tags = (answer.headers.get(name, "")[:200] for name in ("etag", "last-modified"))
        return Fetched(body, Known(*tags))

    def _pieces(self, answer: httpx.Response, deadline: Deadline) -> Iterator[bytes]:
        """The body, unpacked: no more of it than `most_bytes`, neither as sent nor unpacked."""
        packing = answer.headers.get("content-encoding", "identity").strip().lower()
        if packing not in ("identity", "gzip", "x-gzip", ""):
            raise NotFetched("知らない圧縮です")
        unpack = Unpacking(self.most_bytes) if "gzip" in packing else None
        sent = made = 0
        for raw in answer.iter_raw():
            deadline.left()
            sent += len(raw)
            try:
                piece = unpack.more(raw) if unpack else raw
            except zlib.error:
                raise NotFetched("圧縮が壊れています") from None
            made += len(piece)
            if max(sent, made) > self.most_bytes:
                raise NotFetched(f"大きすぎます（{self.most_bytes:,}バイトまで）")
            yield piece
        if unpack is not None and not unpack.is_whole:
            raise NotFetched("圧縮が途中で切れています")


def _ends(answer: httpx.Response, body: bytes) -> bool:
    """Whether a table is whole as far as can be told: its length was said, its packing has an end,
    or its last row has one. JSON and XML say themselves where they end.
    """
    said = {"content-length", "transfer-encoding"} & answer.headers.keys()
    packed = "gzip" in answer.headers.get("content-encoding", "").lower()
    is_json = body.removeprefix(BOM_UTF8).lstrip().startswith((b"{", b"["))
    return bool(said) or packed or is_json or body.endswith((b"\n", b"\r"))


def _no_connection(error: httpx.ConnectError) -> str:
    """Whether it was the certificate: then nobody turns checking off, but asks the publisher."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError) or "CERTIFICATE" in str(cause):
            return "相手の証明書を確かめられません"
        cause = cause.__cause__ or cause.__context__
    return "相手のサーバーにつながりません"
