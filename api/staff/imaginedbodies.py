"""What headquarters imagines, as it is sent."""

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from fastapi import Path
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from api.staff.headquartersbodies import Body
from api.staff.reportbodies import Shape, ShapeBody
from operations.imagining.imagined import MOST_MORE, MOST_STREETS


def _area(given: ShapeBody) -> ShapeBody:
    if given.type != "Polygon":
        raise PydanticCustomError("shape", "Input should be a GeoJSON polygon")
    return given


Area: TypeAlias = Annotated[Shape, AfterValidator(_area)]
Lon: TypeAlias = Annotated[float, Field(ge=-180, le=180)]
Lat: TypeAlias = Annotated[float, Field(ge=-90, le=90)]
Street: TypeAlias = Annotated[int, Field(ge=0, le=2**31)]
Name: TypeAlias = Annotated[str, Field(max_length=60)]
Number: TypeAlias = Annotated[int, Path(ge=1, lt=2**63)]
SiteId: TypeAlias = Annotated[str, Field(max_length=100)]


class ImaginedBody(Body):
    """A change that nobody has made: streets by number, by a point on them (lon, lat) or by name;
    places by id; a river side as polygons or 町丁目; how many percent more people come. `by_water`:
    water closes those streets.
    """

    close: tuple[Street, ...] = Field((), max_length=MOST_STREETS)
    close_at: tuple[tuple[Lon, Lat], ...] = Field((), max_length=MOST_STREETS)
    close_named: tuple[Name, ...] = Field((), max_length=10)
    by_water: bool = False
    open: tuple[SiteId, ...] = Field((), max_length=100)
    shut: tuple[SiteId, ...] = Field((), max_length=100)
    lose: tuple[Area, ...] = Field((), max_length=20)
    lose_areas: tuple[Name, ...] = Field((), max_length=60)
    more_percent: Annotated[int, Field(ge=0, le=MOST_MORE)] = 0
    load: Annotated[
        str, Field(max_length=60, description="The load whose street numbers are meant.")
    ] = ""


class AdoptionBody(Body):
    """What is to be done now, and the digest of the effect that was looked at. The same `key`
    again does nothing more. `dry`: the reason speaks of water, and no water closes these streets.
    """

    imagined: ImaginedBody
    digest: Annotated[str, Field(min_length=64, max_length=64)]
    reason: Annotated[str, Field(max_length=200)] = ""
    key: UUID
    dry: bool = False
    confirmed: Literal[True]


class ConfirmedBody(Body):
    """Said once more."""

    confirmed: Literal[True]


class TakenBackBody(ConfirmedBody):
    """Said once more, and why: it is kept."""

    reason: Annotated[str, Field(max_length=200)] = ""


class TurnoutBackBody(TakenBackBody):
    """Which turnout is taken back; `to_city`: for the city's file, not for what was before it."""

    number: Annotated[int, Field(ge=1, lt=2**63)]
    to_city: bool = False
