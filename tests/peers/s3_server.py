"""One bucket of an S3: objects put, got, listed and removed, by requests that are rightly signed.

Run as `python -m tests.peers.s3_server`.
Behaviours: ok, off, busy (503 SlowDown), hang, status.
https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

import asyncio
import hashlib
import hmac
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final
from urllib.parse import parse_qsl, quote

from defusedxml.ElementTree import fromstring
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.peers.listening import HttpListener
from tests.peers.peer import Peer
from tests.peers.serving import options, run

BUCKET: Final = "photos-of-the-tests"
REGION: Final = "us-east-1"
KEY_ID: Final = "AKIATESTS"
SIGNED_WITH: Final = "s3-account-of-the-tests"
_EMPTY: Final = hashlib.sha256(b"").hexdigest()


class S3Peer(Peer):
    """What was put, and when."""

    def __init__(self) -> None:
        super().__init__()
        self._objects: dict[str, tuple[bytes, datetime]] = {}
        each = [f"/{BUCKET}", f"/{BUCKET}/{{key:path}}"]
        methods = ["GET", "HEAD", "PUT", "POST"]
        routes = [Route(path, self.serve, methods=methods) for path in each]
        self.listener = HttpListener(Starlette(routes=routes))

    async def serve(self, request: Request) -> Response:
        """One request, as the behaviour of the moment has it."""
        now, body = self.next(), await request.body()
        if now.name == "hang":
            await asyncio.sleep(now.seconds)
        if now.name in ("busy", "status"):
            return _error(now.status or 503, "SlowDown")
        refusal = _refusal(request, body)
        if refusal:
            self.tally[refusal] += 1
            return _error(403, refusal)
        key = request.path_params.get("key", "")
        if request.method == "POST":
            return self._removed(body)
        return self._object(request.method, key, body) if key else self._listed(request)

    def _object(self, method: str, key: str, body: bytes) -> Response:
        """PutObject, GetObject, HeadObject."""
        if method == "PUT":
            self._objects[key] = (body, datetime.now(UTC).replace(microsecond=0))
            return Response(headers={"etag": _etag(body)})
        if key not in self._objects:
            return _error(404, "NoSuchKey")
        content, at = self._objects[key]
        headers = {"etag": _etag(content), "last-modified": format_datetime(at, usegmt=True)}
        return Response(content, headers=headers, media_type="application/octet-stream")

    def _removed(self, body: bytes) -> Response:
        """DeleteObjects: what is not there is removed too."""
        keys = [one.text or "" for one in fromstring(body).iter() if one.tag.endswith("Key")]
        for key in keys:
            self._objects.pop(key, None)
        rows = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        return Response(f"<DeleteResult>{rows}</DeleteResult>", media_type="application/xml")

    def _listed(self, request: Request) -> Response:
        """ListObjectsV2, two to a page."""
        prefix, after = (request.query_params.get(n, "") for n in ("prefix", "continuation-token"))
        keys = sorted(key for key in self._objects if key.startswith(prefix) and key > after)
        rows = "".join(
            f"<Contents><Key>{key}</Key><LastModified>{self._objects[key][1].isoformat()}"
            f"</LastModified><ETag>{_etag(self._objects[key][0])}</ETag>"
            f"<Size>{len(self._objects[key][0])}</Size></Contents>"
            for key in keys[:2]
        )
        more = len(keys) > 2
        token = f"<NextContinuationToken>{keys[1]}</NextContinuationToken>" if more else ""
        return Response(
            f"<ListBucketResult><Name>{BUCKET}</Name><Prefix>{prefix}</Prefix>"
            f"<KeyCount>{len(keys[:2])}</KeyCount><IsTruncated>{str(more).lower()}</IsTruncated>"
            f"{token}{rows}</ListBucketResult>",
            media_type="application/xml",
        )


def _refusal(request: Request, body: bytes) -> str:
    """Why a request is not believed, "" where its signature (SigV4) is right."""
    scheme, _, said = request.headers.get("authorization", "").partition(" ")
    given = dict(part.strip().split("=", 1) for part in said.split(",") if "=" in part)
    if scheme != "AWS4-HMAC-SHA256" or not given.get("Credential", "").startswith(KEY_ID + "/"):
        return "AccessDenied"
    digest = request.headers.get("x-amz-content-sha256", _EMPTY)
    if digest not in ("UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest()):
        return "XAmzContentSHA256Mismatch"
    right = _signature(request, given, digest)
    return "" if hmac.compare_digest(right, given["Signature"]) else "SignatureDoesNotMatch"


def _signature(request: Request, given: dict[str, str], digest: str) -> str:
    names = given["SignedHeaders"].split(";")
    query = sorted(parse_qsl(request.url.query, keep_blank_values=True))
    canonical = "\n".join(
        [
            request.method,
            quote(request.url.path, safe="/-_.~"),
            "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in query),
            *(f"{name}:{' '.join(request.headers[name].split())}" for name in names),
            "",
            given["SignedHeaders"],
            digest,
        ]
    )
    scope = given["Credential"].split("/", 1)[1]
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = "\n".join(("AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, hashed))
    key = f"AWS4{SIGNED_WITH}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, to_sign.encode(), "sha256").hex()


def _etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _error(status: int, code: str) -> Response:
    body = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>"
    return Response(body, status, media_type="application/xml")


def main() -> None:
    """Start as asked for."""
    run(S3Peer(), options("A bucket for tests").parse_args())


if __name__ == "__main__":
    main()
