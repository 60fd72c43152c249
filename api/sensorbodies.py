"""What a sensor sends: each row by itself, so that a bad one takes no good one with it."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    ValidationError,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from api.staff.deskbodies import Moment
from hazards.levelunits import Unit
from operations.observing.gauges import MOST, GivenReading

Level = Annotated[float, Field(allow_inf_nan=False, strict=True)]
_WRONG: Final = {
    "at": "測った時刻がないか、読めません。時差（+09:00 など）を付けてください",
    "level": "水位が数ではありません",
    "level_m": "水位が数ではありません",
    "unit": f"単位が読めません。{'・'.join(Unit)} のどれかにしてください",
}
_EXTRA: Final = "知らない項目があります。at・level・level_m・unit だけを送ってください"
_ONE_LEVEL: Final = "水位は level か level_m の、どちらか一つだけにしてください"
_IN_METRES: Final = "level_m はメートルです。ほかの単位は level で送ってください"
_NO_ROW: Final = "観測値の形になっていません。at と、level か level_m を送ってください"
_OWN: Final = "said"
NOT_KEPT: Final = "（この行は保存していません）"


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
            raise PydanticCustomError(_OWN, _ONE_LEVEL)
        if self.level_m is not None and self.unit not in (None, Unit.METRE):
            raise PydanticCustomError(_OWN, _IN_METRES)
        return self

    def given(self) -> GivenReading:
        """The value as a use case takes it."""
        if self.level_m is not None:
            return GivenReading(self.at, self.level_m, Unit.METRE)
        assert self.level is not None  # noqa: S101 - as validated
        return GivenReading(self.at, self.level, self.unit)


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that cannot be read, and why: without a time and a number there is nothing to keep."""

    reason: str


def _read(row: Any) -> ReadingBody | Unread:
    try:
        return ReadingBody.model_validate(row)
    except ValidationError as error:
        return Unread(_why(error) + NOT_KEPT)


def _why(error: ValidationError) -> str:
    """What is wrong first; nothing of what was sent is repeated."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == _OWN:
        return first["msg"]
    if first["type"] == "extra_forbidden":
        return _EXTRA
    field = str(first["loc"][0]) if first["loc"] else ""
    return _WRONG.get(field, _NO_ROW)


Row = Annotated[ReadingBody | SkipJsonSchema[InstanceOf[Unread]], BeforeValidator(_read)]


class ReadingsBody(BaseModel):
    """Readings as a sensor kept them, in any order; the same once more changes nothing."""

    model_config = ConfigDict(extra="forbid")

    readings: Annotated[list[Row], Field(min_length=1, max_length=MOST)]
    sent_at: Annotated[
        Moment | None,
        Field(description="The sensor's clock as it sent them: five minutes off, none counts."),
    ] = None
