"""Originals of photos from the field, in pieces over a poor network: tus 1.0.0.

A piece comes whole or not at all (`api/gate` reads bodies to their end, within a minute and up to
1 MB): over 16 kB/s pieces of 64 to 256 kB are right.
"""

from functools import partial
from typing import Any, Final
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.problems import Problem, answer_problem
from api.staff.photos import photos_of, refused
from api.state import engine_of
from data.photos.errors import NotAPhoto, StoreAway
from operations.photos.keeping import AnotherPhoto
from operations.photos.uploads import BASE, Answered, Asked, answer
from operations.photos.uploadsaid import BadUpload
from operations.photos.uploadstore import NotWhole
from operations.serving import utc_now

PIECE: Final = "application/offset+octet-stream"
_MORE: Final[dict[int | str, dict[str, Any]]] = {
    410: {"description": "The upload was not finished within 7 days: begin anew."},
    412: {"description": "Not tus 1.0.0: `Tus-Resumable`."},
    415: {"description": f"A piece is `{PIECE}`."},
    422: {"description": "Not a photo (`not-a-photo`), or broken on its way (`not-whole`)."},
    460: {"description": "The piece is not that of `Upload-Checksum`: send it again."},
}


def _headers(*names: str) -> dict[str, Any]:
    """The protocol's headers, which the library reads, for the OpenAPI document."""
    described = [
        {
            "name": name,
            "in": "header",
            "required": name in ("Tus-Resumable", "Upload-Length", "Upload-Offset"),
            "schema": _HEADERS[name],
        }
        for name in names
    ]
    return {"parameters": described}


_SAID: Final = (
    "photo MDE5MGY2YzItNWUxYS03YjMxLTlkMGUtMmY2YTFjM2I0ZDVl,"
    "observation MDE5MGY2YzItNWUxYS03YjMxLTlkMGUtMDAwMDAwMDAwMDAx"
)
"""Two UUIDs in Base64."""
_HEADERS: Final[dict[str, dict[str, Any]]] = {
    "Tus-Resumable": {"type": "string", "enum": ["1.0.0"]},
    "Upload-Length": {"type": "integer", "minimum": 1, "maximum": 30_000_000},
    "Upload-Metadata": {"type": "string", "example": _SAID},
    "Upload-Offset": {"type": "integer", "minimum": 0},
    "Upload-Checksum": {"type": "string", "pattern": "^sha(1|256) [A-Za-z0-9+/]+=*$"},
}
_TUS: Final = _headers("Tus-Resumable")
router = APIRouter(prefix=BASE, tags=["photos"], responses=STAFF_PROBLEMS | _MORE)

_WORDS: Final = {
    400: (
        "not-understood",
        "入力を確かめてください",
        "送り方が正しくありません。画面を開き直して、もう一度送ってください。",
    ),
    403: (
        "finished",
        "この操作はできません",
        "もう写真として保存されています。送り直す必要はありません。",
    ),
    404: ("not-there", "見つかりません", "送りかけの写真がありません。最初から送ってください。"),
    409: ("wrong-offset", "続きの位置が違います", "どこまで届いたかを確かめて、続きから送ります。"),
    410: (
        "upload-over",
        "期限が過ぎました",
        "送りかけのままでした。最初から送ってください。",
    ),
    412: ("tus-version", "この送り方はできません", "画面を開き直してください。"),
    413: ("too-large", "大きすぎます", "写真は 30 MB までです。小さくして送ってください。"),
    415: ("wrong-type", "この送り方はできません", "画面を開き直して、もう一度送ってください。"),
    460: ("wrong-checksum", "途中で壊れました", "同じ所をもう一度送ります。"),
}


@router.options("", include_in_schema=False)
async def offers(request: Request) -> Response:
    """What is offered."""
    return await _answer(request, "OPTIONS")


@router.post(
    "",
    status_code=201,
    summary="Begin to send an original",
    response_class=Response,
    openapi_extra=_headers("Tus-Resumable", "Upload-Length", "Upload-Metadata"),
)
async def begin(request: Request) -> Response:
    """`Upload-Length`, and in `Upload-Metadata` `photo` and `observation`: ids of the client's own.

    Also `sha256` of all of it, and `taken_at`. Whoever begins the same photo again gets the same
    upload, and goes on with it: `Location`, `Upload-Offset`.
    """
    return await _answer(request, "POST")


@router.get("/{upload}", summary="How much has come", response_class=Response, openapi_extra=_TUS)
async def show(request: Request, upload: UUID) -> Response:
    """As for HEAD: `Upload-Offset` of `Upload-Length`. For whoever began it."""
    return await _answer(request, "HEAD", upload)


@router.patch(
    "/{upload}",
    status_code=204,
    summary="Send a piece",
    openapi_extra=_headers("Tus-Resumable", "Upload-Offset", "Upload-Checksum")
    | {"requestBody": {"content": {PIECE: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def add(request: Request, upload: UUID) -> Response:
    """Begins at `Upload-Offset`. The last one makes the photo its report's original, exactly once.

    What is answered was kept. With `Upload-Checksum` (`sha256 …`) a broken piece is refused.
    """
    return await _answer(request, "PATCH", upload, await request.body())


@router.delete("/{upload}", status_code=204, summary="Give an upload up", openapi_extra=_TUS)
async def end(request: Request, upload: UUID) -> Response:
    """Refused where it is a photo already."""
    return await _answer(request, "DELETE", upload)


async def _answer(
    request: Request, method: str, upload: UUID | None = None, body: bytes = b""
) -> Response:
    photos, engine = photos_of(request), engine_of(request)
    headers = dict(request.headers)
    asked = Asked(method, str(upload) if upload else "", headers, body)
    work = partial(answer, engine, photos.store, caller_of(request), asked, utc_now())
    try:
        found = await to_thread.run_sync(work, limiter=photos.limiter)
    except (NotAPhoto, StoreAway) as error:
        return refused(request, error)
    except (BadUpload, NotWhole, AnotherPhoto) as error:
        return answer_problem(request, _problem(error))
    return _response(request, found)


def _problem(error: BadUpload | NotWhole | AnotherPhoto) -> Problem:
    """Their types tell a client what to do: mend, begin anew, or ask a person."""
    if isinstance(error, AnotherPhoto):
        return Problem(409, "another-photo", "別の写真があります", str(error))
    kind = "not-whole" if isinstance(error, NotWhole) else "not-understood"
    return Problem(422, kind, "写真を受け取れません", str(error))


def _response(request: Request, found: Answered) -> Response:
    if found.status < 400:
        return Response(status_code=found.status, headers=dict(found.headers))
    kind, title, detail = _WORDS.get(found.status, _WORDS[400])
    if not found.said.isascii():  # a sentence of ours says more than the status
        detail = found.said
    elif found.said:
        detail += f"（{found.said}）"
    return answer_problem(
        request, Problem(found.status, kind, title, detail, headers=found.headers)
    )
