"""Readings that sensors send by themselves, each let in by its token."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.sensorbodies import ReadingsBody, Row, Unread
from api.state import engine_of
from data.database import transaction
from data.rows import current_load
from hazards.readings import Judged
from operations.observing.gauges import take_readings
from operations.observing.sensors import sensor_of
from operations.serving import utc_now

router = APIRouter(prefix="/api/v1/sensors", tags=["sensors"], responses=STAFF_PROBLEMS)


@router.post("/readings", summary="Send readings of a water level")
def readings(request: Request, body: ReadingsBody) -> Response:
    """Each is kept once. `results` are in the order of `readings`: `taken`, or `set_aside` with a
    reason, and then nothing follows from it; what cannot be read is not `kept` either. Send at
    most one in ten seconds.
    """
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    with transaction(engine, latest=True) as connection:
        sensor = sensor_of(connection, current_load(connection), by).id
    given = [one.given() for one in body.readings if not isinstance(one, Unread)]
    taken = take_readings(engine, by, sensor, given, now=now, sent_at=body.sent_at)
    return _answer(_results(body.readings, iter(taken.judged)), taken.new, now)


def _results(rows: list[Row], judged: Iterator[Judged | None]) -> list[dict[str, Any]]:
    """Of each row as it was sent what became of it; `judged` are those that could be read."""
    return [
        {"status": "set_aside", "reason": row.reason, "kept": False}
        if isinstance(row, Unread)
        else _result(next(judged)) | {"kept": True}
        for row in rows
    ]


def _result(one: Judged | None) -> dict[str, Any]:
    if one is None:
        return {"status": "set_aside", "reason": "観測所が市のデータにありません"}
    return {"status": "taken" if one.credible else "set_aside", "reason": one.reason}


def _answer(results: list[dict[str, Any]], new: int, now: datetime) -> Response:
    found = json_answer(
        {"results": results, "new": new, "server_now": now.isoformat(timespec="milliseconds")}
    )
    found.headers["cache-control"] = "no-store"
    return found
