"""What a report from the field brings: bounded, and nothing that is not listed here."""

import base64
import binascii
import math
from typing import Annotated, Any, Final, Literal, TypeAlias
from uuid import UUID

import shapely
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from shapely.geometry.base import BaseGeometry

from api.staff.deskbodies import Body, Moment
from city.position import Position
from data import weblinks
from hazards.observation import Depth, Draft, ObservationKind, ObservationState, SourceKind
from operations.observing.report import GivenReport, Thumbnail
from web.reportpagewords import WRONG

MOST_CORNERS: Final = 500
"""Of a line or an area that somebody drew with a finger."""
LARGEST_THUMBNAIL: Final = 41_000
"""Letters of base64: 30 kB."""
NO_CONTROL: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""Lines and tabs are one's own; a NUL is nobody's, and no text of PostgreSQL's."""
LINK: Final = f"^{weblinks.LINK}$"
_NO_LINK: Final = f"{WRONG['link']} Input should be a link that a browser can open"

Coordinates: TypeAlias = Annotated[
    list[Any], Field(max_length=MOST_CORNERS, description="As GeoJSON has them: lon, lat.")
]


class ShapeBody(Body):
    """GeoJSON: where it is."""

    type: Literal["Point", "LineString", "Polygon"]
    coordinates: Coordinates


def _shape(given: ShapeBody) -> ShapeBody:
    shape = _drawn(given)
    if shape is None or shape.is_empty or not shape.is_valid:
        raise PydanticCustomError("shape", "Input should be a GeoJSON geometry that is whole")
    found = shapely.get_coordinates(shape).tolist()
    if len(found) > MOST_CORNERS:
        raise PydanticCustomError("shape", "Input should have at most 500 corners")
    if not all(abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in found):
        raise PydanticCustomError("shape", "Input should be in degrees, lon before lat")
    return given


def _are_numbers(given: Any) -> bool:
    """Whether there are numbers alone, however deep."""
    if isinstance(given, list):
        return all(map(_are_numbers, given))
    return isinstance(given, int | float) and not isinstance(given, bool)


def _drawn(given: ShapeBody) -> BaseGeometry | None:
    if not _are_numbers(given.coordinates):
        return None
    try:
        shape: BaseGeometry = shapely.geometry.shape(given.model_dump())
    except (
        *(ArithmeticError, ValueError, TypeError, IndexError, AttributeError),
        shapely.errors.ShapelyError,
    ):
        return None
    xy = shapely.get_coordinates(shape)
    return shape if len(xy) and all(map(math.isfinite, xy.ravel().tolist())) else None


Shape: TypeAlias = Annotated[ShapeBody, AfterValidator(_shape)]


def _link(given: str) -> str:
    if given and not weblinks.can_open(given):
        raise PydanticCustomError("link", _NO_LINK)
    return given


class PhotoBody(Body):
    """The small picture; the original follows in pieces (`/api/v1/field/uploads`)."""

    id: UUID
    jpeg: Annotated[
        str, Field(max_length=LARGEST_THUMBNAIL, description="A JPEG up to 30 kB, in base64.")
    ]

    def thumbnail(self) -> Thumbnail:
        """The picture; whatever cannot be read is an empty one, which is refused as none."""
        try:
            return Thumbnail(self.id, base64.b64decode(self.jpeg, validate=True))
        except (binascii.Error, ValueError):
            return Thumbnail(self.id, b"")


class ReportBody(Body):
    """One report; its id is made by the device, and the same id once more changes nothing."""

    id: UUID
    kind: ObservationKind
    where: Shape
    error_m: Annotated[
        float | None,
        Field(ge=0, le=100_000, description="Radius in which the point lies, as receivers say it."),
    ] = None
    at: Annotated[Moment | None, Field(description="When it was seen.")] = None
    depth: Depth | None = None
    note: Annotated[str, Field(max_length=200, pattern=NO_CONTROL)] = ""
    link: Annotated[
        str,
        Field(
            max_length=weblinks.LONGEST, pattern=rf"^$|{LINK}", description="A stream, or a post."
        ),
        AfterValidator(_link),
    ] = ""
    mission: Annotated[int | None, Field(ge=1, le=2**53)] = None
    photo: PhotoBody | None = None
    by_phone: Annotated[
        bool, Field(description="Somebody else saw it, and said so on the telephone.")
    ] = False

    def given(self, kind: SourceKind, source: str, reply_hash: str | None = None) -> GivenReport:
        """The report of whoever answers for it."""
        draft = Draft(
            self.kind,
            shapely.geometry.shape(self.where.model_dump()),
            0.0 if self.where.type != "Point" else self.error_m,
            self.at,
            " ".join(self.note.split()),
            self.depth,
            self.link,
        )
        return GivenReport(
            self.id,
            draft,
            kind,
            source,
            mission=self.mission,
            reply_hash=reply_hash,
            thumbnail=self.photo.thumbnail() if self.photo else None,
        )


class PlaceBody(Body):
    """A point on the street that is meant."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class DecideBody(Body):
    """What headquarters says of a report."""

    state: Literal["confirmed", "resolved", "refuted"]
    outcome: Annotated[
        str, Field(max_length=200, pattern=NO_CONTROL, description="How it ended; told back.")
    ] = ""
    at: Annotated[PlaceBody | None, Field(description="The street of one that named none.")] = None

    @property
    def to(self) -> ObservationState:
        """The state."""
        return ObservationState(self.state)

    @property
    def position(self) -> Position | None:
        """Where the street is."""
        return Position(self.at.lat, self.at.lon) if self.at else None


class MergeBody(Body):
    """Which other report tells of the same."""

    into: UUID
