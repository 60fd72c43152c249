"""What the desk of a place sends: bounded, and nothing that is not listed here."""

from datetime import datetime
from typing import Annotated, Final, Literal, TypeAlias
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from operations.places.counts import MOST, GivenCount
from shelters.counting import CountKind, Via
from shelters.needs import GivenNeed, NeedKind

YEARS: Final = range(1970, 2200)
"""A clock that was reset begins in one of these; in others the error itself cannot be reckoned."""


def _reckonable(at: datetime) -> datetime:
    if at.year not in YEARS:
        raise PydanticCustomError("year", "Input should be a time from 1970 to 2199")
    return at


Moment: TypeAlias = Annotated[
    AwareDatetime,
    AfterValidator(_reckonable),
    Field(description="ISO 8601 with offset, by the device's own clock."),
]
SiteId: TypeAlias = Annotated[
    str,
    Field(
        min_length=1,
        max_length=100,
        description="The place; a tablet that belongs to one may leave it out.",
    ),
]
RoomId: TypeAlias = Annotated[
    str, Field(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")
]
MOST_PERSONS: Final = 1_000_000
"""More than the city has; what is odd below that is kept and asked about."""


class Body(BaseModel):
    """What is sent: anything that is not listed is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


class DeskBody(Body):
    """What is said of a place."""

    site: SiteId | None = None


class CountBody(Body):
    """One count; its id is made by the device, and the same id once more changes nothing."""

    id: UUID
    kind: Annotated[
        CountKind, Field(description="`change` adds; `total` is all; `still`: as before.")
    ]
    persons: Annotated[int, Field(ge=-MOST_PERSONS, le=MOST_PERSONS, strict=True)]
    room: Annotated[RoomId | None, Field(description="Null is the place as a whole.")] = None
    at: Moment
    via: Literal[Via.CLICKER, Via.TALLY, Via.QR] = Via.CLICKER
    confirmed: Annotated[bool, Field(description="A person was asked about an odd number.")] = False
    undoes: Annotated[UUID | None, Field(description="The id of a count taken back.")] = None

    def given(self) -> GivenCount:
        """The count as a use case takes it."""
        return GivenCount(
            id=str(self.id),
            kind=self.kind,
            persons=self.persons,
            at=self.at,
            room=self.room,
            via=self.via,
            confirmed=self.confirmed,
            undoes=str(self.undoes) if self.undoes else None,
        )


class CountsBody(DeskBody):
    """Counts as a tablet kept them, perhaps for hours."""

    sent_at: Moment
    counts: Annotated[list[CountBody], Field(min_length=1, max_length=MOST)]


class NeedBody(Body):
    """One need; its id is made by the device."""

    id: UUID
    kind: NeedKind
    words: Annotated[str, Field(max_length=200)] = ""
    at: Moment

    def given(self) -> GivenNeed:
        """The need as a use case takes it."""
        return GivenNeed(self.id, self.kind, self.words, self.at)


class NeedsBody(DeskBody):
    """What the place asks headquarters for."""

    sent_at: Moment
    needs: Annotated[list[NeedBody], Field(min_length=1, max_length=50)]


class RoomBody(DeskBody):
    """A room is opened or shut: overflow rooms before anybody is refused."""

    room: RoomId
    in_use: bool


class OpeningBody(DeskBody):
    """What a desk may say of its place."""

    opening: Literal["open", "full"]
