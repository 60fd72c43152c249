"""For machines that watch: alive, ready, metrics."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.public import json_answer
from api.state import service_of
from operations.serving import utc_now

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="The process is alive")
async def healthz() -> Response:
    """Always 200 while the process answers."""
    return json_answer({"alive": True})


@router.get("/readyz", summary="A plan is mapped")
async def readyz(request: Request) -> Response:
    """200 with the plan's number and age; 503 before the first plan.

    A stale plan still answers doors, so it is ready, and says `stale`.
    """
    current = service_of(request.app).current
    version, now = current.version, utc_now()
    freshness = current.freshness(now)
    return json_answer(
        {
            "ready": True,
            "plan_version": version.number,
            "checked_at": freshness.checked_at.isoformat(timespec="seconds"),
            "stale": freshness.stale,
        }
    )


@router.get("/metrics", summary="Prometheus metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Counts and times; nothing of any question."""
    service = service_of(request.app)
    counts, now = service.counts, utc_now()
    counts.version.set(service.current.version.number)
    age = now - service.current.freshness(now).checked_at
    counts.checked.set(age.total_seconds())
    return Response(generate_latest(counts.registry), media_type=CONTENT_TYPE_LATEST)
