"""What headquarters sends: bounded, and nothing that is not listed here."""

from typing import Annotated, Final, Literal, TypeAlias
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from hazards.kinds import HazardKind
from operations.places.sitecalls import Outcome
from operations.places.siteinfo import LARGEST
from shelters.facility import Facility
from shelters.needs import NeedState
from shelters.opening import Stage
from shelters.place import Opening
from shelters.rooms import MeantFor

Line: TypeAlias = Annotated[str, Field(max_length=200)]
Short: TypeAlias = Annotated[str, Field(max_length=40)]
MOST_PERSONS: Final = 99_999


class Body(BaseModel):
    """What is sent: anything that is not listed is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


class OpeningBody(Body):
    """A state that a place has now; in the same state, what is left out stays as it was."""

    opening: Opening
    stage: Stage | None = None
    expected_at: AwareDatetime | None = None
    note: Line | None = None


class CountBody(Body):
    """All who are in a place, by phone; with `still`, that the last number is still right."""

    persons: Annotated[int, Field(ge=0, le=MOST_PERSONS)]
    kind: Literal["total", "still"] = "total"
    id: UUID = Field(default_factory=uuid4, description="The same id once more changes nothing.")
    confirmed: Annotated[bool, Field(description="An odd number was asked about again.")] = False


class CallBody(Body):
    """A call to a place."""

    outcome: Outcome
    note: Line = ""


class RoomBody(Body):
    """A room; what is left out stays as it was."""

    room: Annotated[Short, Field(min_length=1)]
    name: Short | None = None
    capacity: Annotated[int, Field(ge=0, le=LARGEST)] | None = None
    meant_for: MeantFor | Literal[""] | None = None
    overflow: bool | None = None
    in_use: bool | None = None


class FacilityBody(Body):
    """Something that a place offers, or does not."""

    facility: Facility
    offered: bool
    note: Line = ""


class ContactBody(Body):
    """Whom to call."""

    phone: Short = ""
    key_holder: Short = ""
    key_holder_phone: Short = ""


class AnswerBody(Body):
    """What becomes of a need."""

    state: Literal[NeedState.ACCEPTED, NeedState.DONE, NeedState.REFUSED]
    answer: Line = ""
    expected_at: AwareDatetime | None = None


class ProposalBody(Body):
    """A level for areas or for the whole city, or an order that is to be lifted."""

    hazard: HazardKind | None = None
    level: Literal[3, 4, 5] | None = None
    areas: Annotated[list[Line], Field(max_length=500)] = []
    whole_city: bool = False
    lifts: Annotated[int, Field(ge=1, le=2**53)] | None = None
    reason: Line


class DecisionBody(Body):
    """What another person decides, or whoever proposed it takes back."""

    decision: Literal["approved", "rejected", "withdrawn"]
    why: Line = ""


class LiftBody(Body):
    """Why an order is to be lifted."""

    why: Line
