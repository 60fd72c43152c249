"""Readings that sensors send by themselves, each let in by its token."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.deskbodies import Moment
from api.state import engine_of
from data.database import transaction
from data.rows import current_load
from hazards.levelunits import LARGEST_M, METRES, Unit
from hazards.readings import Judged
from operations.observing.gauges import MOST, GivenReading, take_readings
from operations.observing.sensors import sensor_of
from operations.serving import utc_now

router = APIRouter(prefix="/api/v1/sensors", tags=["sensors"], responses=STAFF_PROBLEMS)

LARGEST = LARGEST_M / min(METRES.values())
Level = Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False, strict=True)]


class ReadingBody(BaseModel):
    """One value: `level_m` in metres, or `level` in `unit`, by default the sensor's own."""

    model_config = ConfigDict(extra="forbid")

    at: Moment
    level_m: Level | None = None
    level: Level | None = None
    unit: Unit | None = None

    @model_validator(mode="after")
    def _one_level(self) -> "ReadingBody":
        if (self.level_m is None) == (self.level is None):
            raise ValueError("either level_m, or level")
        if self.level_m is not None and self.unit not in (None, Unit.METRE):
            raise ValueError("level_m is in metres")
        return self

    def given(self) -> GivenReading:
        """The value as a use case takes it."""
        if self.level_m is not None:
            return GivenReading(self.at, self.level_m, Unit.METRE)
        assert self.level is not None  # noqa: S101 - as validated
        return GivenReading(self.at, self.level, self.unit)


class ReadingsBody(BaseModel):
    """Readings as a sensor kept them, in any order; the same once more changes nothing."""

    model_config = ConfigDict(extra="forbid")

    readings: Annotated[list[ReadingBody], Field(min_length=1, max_length=MOST)]
    sent_at: Annotated[
        Moment | None,
        Field(description="The sensor's clock as it sent them: five minutes off, none counts."),
    ] = None


@router.post("/readings", summary="Send readings of a water level")
def readings(request: Request, body: ReadingsBody) -> Response:
    """Each is kept once. `results` are in the order of `readings`: `taken`, or `set_aside` with a
    reason, and then nothing follows from it. Send at most one in ten seconds.
    """
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    with transaction(engine, latest=True) as connection:
        sensor = sensor_of(connection, current_load(connection), by).id
    given = [one.given() for one in body.readings]
    taken = take_readings(engine, by, sensor, given, now=now, sent_at=body.sent_at)
    return _answer([_result(one) for one in taken.judged], taken.new, now)


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
