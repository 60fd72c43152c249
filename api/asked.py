"""What a question may say in its query string, and the `Question` that it makes."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)
from pydantic_core import PydanticCustomError

from city.position import Position
from city.traveller import Dwelling, Household, Profile
from hazards.kinds import AlertLevel, HazardKind
from routing.door import Question

FARTHEST = timedelta(days=366)
_WIDE: Final = re.compile("[0-9.+０-９．＋－-]+")
"""A number whose signs may be full width, as a Japanese keyboard writes them."""


class WrongForm(Exception):
    """A question that is not understood: rows as pydantic has them, without what was given."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        super().__init__("form")
        self.rows = [dict(row) for row in rows]


class Asked(BaseModel):
    """The query of `/api/v1/guidance`. Anything not listed here is refused."""

    model_config = ConfigDict(extra="forbid")

    # Position refuses what is out of range, and asks whether the two were swapped.
    lat: Annotated[
        float,
        Field(
            allow_inf_nan=False,
            description="Degrees north, EPSG:4326.",
            json_schema_extra={"minimum": -90, "maximum": 90},
        ),
    ]
    lon: Annotated[
        float,
        Field(
            allow_inf_nan=False,
            description="Degrees east, EPSG:4326.",
            json_schema_extra={"minimum": -180, "maximum": 180},
        ),
    ]
    hazard: Annotated[
        list[HazardKind], Field(description="Adds to the hazards in force; never removes one.")
    ] = []
    level: Annotated[
        int | None, Field(ge=1, le=5, description="May raise the level in force, never lower it.")
    ] = None
    profile: Profile = Profile.WALK
    dwelling: Annotated[
        Dwelling | None, Field(description="Not said counts as unknown: nobody is told to stay.")
    ] = None
    floor: Annotated[
        int | None,
        Field(ge=-10, le=100, description="The own floor, the Japanese way: 1 is the ground."),
    ] = None
    floors: Annotated[int | None, Field(ge=1, le=100, description="Floors of the building.")] = None
    supplies_h: Annotated[
        float | None,
        Field(ge=0, le=10_000, allow_inf_nan=False, description="Hours that supplies last."),
    ] = None
    at: Annotated[
        AwareDatetime | None,
        Field(description="ISO 8601 with offset: whether it is dark then. Now by default."),
    ] = None

    to: Annotated[
        str | None,
        Field(max_length=100, description="Id of the site told before: nobody is turned round."),
    ] = None

    @field_validator("lat", "lon", "level", "floor", "floors", "supplies_h", mode="before")
    @classmethod
    def _full_width(cls, number: Any) -> Any:
        if isinstance(number, str) and _WIDE.fullmatch(number.strip()):
            return unicodedata.normalize("NFKC", number)
        return number

    @field_validator("at", mode="before")
    @classmethod
    def _iso_8601(cls, at: Any) -> Any:
        """Refuse a bare number, a Unix time; in a query string an unescaped + is a space."""
        if isinstance(at, str) and not re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", at):
            raise PydanticCustomError("datetime_parsing", "Input should be ISO 8601 with offset")
        return re.sub(r" (?=\d\d:\d\d$)", "+", at) if isinstance(at, str) else at

    @field_validator("at")
    @classmethod
    def _within_a_year(cls, at: datetime | None) -> datetime | None:
        if at is not None and abs(at - datetime.now(UTC)) > FARTHEST:
            raise ValueError("more than a year away from now")
        return at

    def question(self, now: datetime) -> Question:
        """The question; raises `CityError` where the home is described impossibly."""
        return Question(
            position=Position(self.lat, self.lon),
            at=self.at or now,
            household=Household(
                self.profile, self.dwelling, self.floor, self.floors, self.supplies_h
            ),
            hazards=frozenset(self.hazard),
            level=AlertLevel(self.level or 0),
            told=self.to,
        )


def refuse_repeated(values: Iterable[tuple[str, str]]) -> None:
    """Refuse a key that says two things: the last one could turn `secure_now` into `go`."""
    counts = Counter(key for key, _ in values if key in Asked.model_fields and key != "hazard")
    twice = [key for key, count in counts.items() if count > 1]
    if twice:
        raise WrongForm(
            {"type": "repeated", "loc": (key,), "msg": "Given more than once"} for key in twice
        )


def asked_of_form(values: list[tuple[str, str]]) -> tuple[Asked, dict[str, str]]:
    """The question of a form, whose empty fields say nothing, and its values to keep in links.

    A form's `hazard` may stand there several times; in links they are joined by commas. Keys that
    are not of a question are passed over: apps add their own to links that are shared.
    """
    refuse_repeated(values)
    given: dict[str, Any] = {}
    for key, value in values:
        if value.strip() == "" or key not in Asked.model_fields:
            continue
        if key == "hazard":
            given.setdefault(key, {}).update(dict.fromkeys(value.split(",")))
        else:
            given[key] = value.strip()
    if "hazard" in given:
        given["hazard"] = list(given["hazard"])
    try:
        asked = Asked.model_validate(given)
    except ValidationError as error:
        raise WrongForm(
            error.errors(include_input=False, include_url=False, include_context=False)
        ) from None
    return asked, kept_of(asked)


def kept_of(asked: Asked) -> dict[str, str]:
    """The question in its shortest words, for links: nothing that was not understood."""
    said: dict[str, Any] = asked.model_dump(exclude_defaults=True) | {
        "lat": f"{asked.lat:.6f}",
        "lon": f"{asked.lon:.6f}",
        "hazard": ",".join(asked.hazard),
        "at": asked.at.isoformat() if asked.at else "",
        "supplies_h": "" if asked.supplies_h is None else f"{asked.supplies_h:g}",
    }
    return {key: str(value) for key, value in said.items() if value != ""}
