"""Files of 現地報告 at headquarters: looked at first, then taken in as they were looked at."""

from typing import Annotated, Any, TypeAlias

import orjson
import shapely
from fastapi import APIRouter, Form, Request, Response, UploadFile

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.state import engine_of
from hazards.observation import KIND_WORDS
from operations.observing import importing
from operations.observing.importing import Preview, PreviewRow
from operations.serving import utc_now

router = APIRouter(
    prefix="/api/v1/headquarters/observations", tags=["headquarters"], responses=STAFF_PROBLEMS
)

Digest: TypeAlias = Annotated[str, Form(pattern="^[0-9a-f]{64}$")]


@router.post("/preview", summary="What a file of reports would do; nothing is kept")
def preview(request: Request, file: UploadFile) -> Response:
    """GeoJSON, KML, KMZ, GPX, CSV or Cursor on Target, up to 1 MB. Each row says where it lies and
    what it would do, or why it is refused and what to do.
    """
    engine, by, data = engine_of(request), caller_of(request), file.file.read()
    return _private(_table(importing.preview(engine, by, file.filename or "", data, utc_now())))


@router.post("/import", summary="Take in the file that was previewed")
def take_in(request: Request, file: UploadFile, digest: Digest) -> Response:
    """With the `digest` of its preview; another file is refused. Each row counts once, however
    often it is sent, shows as 未確認, and shuts no road.
    """
    engine, by, data = engine_of(request), caller_of(request), file.file.read()
    done = importing.accept(engine, by, file.filename or "", data, digest, utc_now())
    return _private(
        {
            "new": done.new,
            "known": done.known,
            "set_aside": done.set_aside,
            "refused": done.refused,
        }
    )


def _table(seen: Preview) -> dict[str, Any]:
    return {
        "name": seen.name,
        "format": seen.shape,
        "digest": seen.digest,
        "taken": len(seen.taken),
        "refused": len(seen.rows) - len(seen.taken),
        "rows": [_row(row) for row in seen.rows],
    }


def _row(row: PreviewRow) -> dict[str, Any]:
    draft, place = row.draft, row.place
    table: dict[str, Any] = {
        "row": row.label,
        "does": row.does,
        "refused": row.refused,
        "remedy": row.remedy,
        "remarks": row.remarks,
    }
    if draft is not None:
        table |= {
            "kind": draft.kind,
            "kind_words": KIND_WORDS[draft.kind],
            "geometry": orjson.Fragment(shapely.to_geojson(draft.geometry)),
            "seen_at": draft.seen_at,
            "error_m": draft.error_m,
            "depth": draft.depth,
            "note": draft.note,
            "link": draft.link,
        }
    if place is not None:
        table |= {
            "streets": place.names,
            "names_street": place.is_named,
            "away_m": round(place.away_m, 1),
        }
    return table


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
