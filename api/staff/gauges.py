"""The gauges at headquarters."""

from fastapi import APIRouter, Request, Response

from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.state import engine_of
from operations.observing.gaugeboard import gauges_now
from operations.serving import utc_now

router = APIRouter(prefix="/api/v1/headquarters", tags=["headquarters"], responses=STAFF_PROBLEMS)


@router.get("/gauges", summary="Levels of rivers, sensors that are silent, values set aside")
def show(request: Request) -> Response:
    """For headquarters alone: where a level goes is no public forecast. No level means that
    anything may reopen.
    """
    found = json_answer(gauges_now(engine_of(request), utc_now()))
    found.headers["cache-control"] = "private, no-store"
    return found
