"""The map that moves: its tiles by byte ranges, what is so now, and the files it loads."""

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from api.caching import shared
from api.problems import Problem, problem_json
from api.public import json_answer
from api.state import service_of
from operations.serving import utc_now
from web.assets import STATIC, find_asset
from web.language import known
from web.moving import NOW, map_now

router = APIRouter(include_in_schema=False)

FOR_GOOD: Final = "public, max-age=31536000, immutable"
"""For addresses that name their content."""
TILES_TYPE: Final = "application/vnd.pmtiles"
_NO_FILE: Final = Problem(
    404, "not-found", "地図の準備ができていません", "元の地図を使ってください。"
)


@router.get(NOW)
def now(request: Request) -> Response:
    """What the whole city's map shows now: nothing of a question is asked for."""
    current, at = service_of(request.app).current, utc_now()
    # Before the version is taken: a newer one may be shown as older, never the other way.
    freshness = current.freshness(at)
    table = map_now(
        current.version,
        f"/map/{current.load}.pmtiles" if current.tiles.is_file() else "",
        known(request.query_params.get("lang", "")),
        now=at,
        checked_at=freshness.checked_at,
        stale=freshness.stale,
    )
    return json_answer(table, shared(request, "lang"))


@router.get("/map/{load}.pmtiles")
def tiles(request: Request, load: str) -> Response:
    """The tiles of the ground that answers now, whole or by byte ranges."""
    current = service_of(request.app).current
    if load != current.load or not current.tiles.is_file():
        return problem_json(_NO_FILE)
    return FileResponse(current.tiles, media_type=TILES_TYPE, headers={"cache-control": FOR_GOOD})


@router.get(STATIC + "{name}")
def asset(request: Request, name: str) -> Response:
    """A file that a page loads on demand."""
    found = find_asset(name)
    if found is None:
        return problem_json(_NO_FILE)
    etag = f'"{found.etag}"'
    named = request.query_params.get("v") == found.etag
    headers = {
        "cache-control": FOR_GOOD if named else "no-cache",
        "etag": etag,
        "vary": "accept-encoding",
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    zipped = "gzip" in request.headers.get("accept-encoding", "")
    if zipped:
        headers["content-encoding"] = "gzip"
    body = found.zipped if zipped else found.body
    return Response(body, media_type=found.media_type, headers=headers)
