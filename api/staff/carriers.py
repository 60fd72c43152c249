"""Whether what is approved can leave the machine, for the bar of headquarters."""

from fastapi import APIRouter, Request, Response

from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.state import engine_of
from data.database import transaction
from data.delivery.carriers import is_any_known

router = APIRouter(
    prefix="/api/v1/headquarters/carriers", tags=["headquarters"], responses=STAFF_PROBLEMS
)


@router.get("", summary="Whether any carrier of alerts was ever connected")
def connected(request: Request) -> Response:
    """Also where it is gone for now: what waits leaves once it comes back. Drills' do not count."""
    with transaction(engine_of(request)) as connection:
        found = json_answer({"connected": is_any_known(connection)})
    found.headers["cache-control"] = "no-store"
    return found
