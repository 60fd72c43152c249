"""Photos from the field, as headquarters sees them: nobody else does, and nothing is published."""

from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Final, TypeAlias

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Path, Request, Response

from api.examples import STAFF_PROBLEMS
from api.problems import Problem, answer_problem
from api.state import engine_of
from data.photos.errors import NotAPhoto, StoreAway
from data.photos.store import Store
from operations.photos.showing import find_shown

router = APIRouter(tags=["photos"], responses=STAFF_PROBLEMS)
Sha256: TypeAlias = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
AT_ONCE: Final = 4
"""Threads and connections of a server for photos: the others are for what is urgent."""
_JPEG: Final = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Photos:
    """What a running app has for photos."""

    store: Store
    limiter: CapacityLimiter = field(default_factory=partial(CapacityLimiter, AT_ONCE))


def photos_of(request: Request) -> Photos:
    """The app's."""
    found: Photos = request.app.state.photos
    return found


def refused(request: Request, error: NotAPhoto | StoreAway) -> Response:
    """What the photo says, or its store."""
    if isinstance(error, NotAPhoto):
        problem = Problem(422, "not-a-photo", "この写真は使えません", str(error))
    else:
        problem = Problem(
            503, "photo-store", "いまは写真を扱えません", str(error), headers={"retry-after": "30"}
        )
    return answer_problem(request, problem)


@router.get(
    "/api/v1/headquarters/photos/{sha256}",
    summary="A photo, for showing",
    responses={200: {"description": "A copy, at most 1600 pixels.", "content": {_JPEG: {}}}},
    response_class=Response,
)
async def show(request: Request, sha256: Sha256) -> Response:
    """A thumbnail or an original by its SHA-256, upright, without what the camera wrote into it."""
    photos, engine = photos_of(request), engine_of(request)
    try:
        shown = await to_thread.run_sync(
            partial(find_shown, engine, photos.store, sha256), limiter=photos.limiter
        )
    except (NotAPhoto, StoreAway) as error:
        return refused(request, error)
    headers = {"cache-control": "no-store", "content-disposition": 'inline; filename="photo.jpg"'}
    return Response(shown, media_type=_JPEG, headers=headers)
