"""What the phone desk's page sends: a slip, and what becomes of it."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from city.position import Position
from operations.phone import phonedesk
from operations.phone.slips import GivenSlip, HandedTo, Outcome
from routing.verdict import Verdict

LONGEST: Final = 200
MOST: Final = 2**53
"""Numbers that every JavaScript holds exactly."""
_Line = Annotated[str, Field(max_length=LONGEST)]
_Stored = Annotated[str, Field(max_length=LONGEST, pattern=r"^[^\x00-\x1f]*$")]
"""What goes into a JSON column as it is."""
_SAID: Final = frozenset(("profile", "dwelling", "floor", "floors", "supplies_h"))
_Need = Annotated[str, Field(max_length=phonedesk.LONGEST_NEED)]


class Point(BaseModel):
    """A point in degrees."""

    model_config = ConfigDict(extra="forbid")

    lat: Annotated[float, Field(allow_inf_nan=False)]
    lon: Annotated[float, Field(allow_inf_nan=False)]


class Told(BaseModel):
    """What was read aloud, as the page showed it."""

    model_config = ConfigDict(extra="forbid")

    verdict: Verdict
    place: _Stored | None = None
    plan_version: Annotated[int, Field(ge=0, le=MOST)]
    sentences: Annotated[list[_Stored], Field(max_length=20)] = []


class SlipBody(BaseModel):
    """A slip as the operator took it down; `id` is made by the page, once a slip."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    landmark: _Line = ""
    at: Point | None = None
    exact: bool = False
    household: Annotated[dict[_Stored, _Stored], Field(max_length=20)] = {}
    caller: _Line = ""
    phone: _Line = ""
    need: _Need = ""
    told: Told | None = None
    handed_to: HandedTo | None = None
    outcome: Outcome | None = None

    def given(self) -> GivenSlip:
        """The slip; raises `BadPosition`."""
        kept = {key: value for key, value in self.household.items() if key in _SAID and value}
        told = self.told.model_dump(mode="json") if self.told else {}
        return GivenSlip(
            client_id=self.id,
            landmark=self.landmark,
            position=Position(self.at.lat, self.at.lon) if self.at else None,
            exact=self.exact,
            caller=self.caller,
            phone=self.phone,
            need=self.need,
            told={**told, "household": kept},
            handed_to=self.handed_to,
            outcome=self.outcome,
        )


class StepBody(BaseModel):
    """What becomes of a slip: `into` with join, `to` with hand, `outcome` with close."""

    model_config = ConfigDict(extra="forbid")

    do: Literal["join", "hand", "close", "reopen"]
    into: Annotated[int, Field(ge=1, le=MOST)] | None = None
    to: HandedTo | None = None
    outcome: Outcome = Outcome.RESOLVED
