"""What the phone desk sends about households: their words, room kept for them, 班 tallies."""

from typing import Annotated, Final, Literal, TypeAlias
from uuid import UUID

from pydantic import Field

from api.staff.headquartersbodies import Body
from city.intent import Intent
from operations.household.holding import MOST_PERSONS
from operations.household.tallying import LARGEST, GivenTally

PLAIN: Final = r"^[^\x00-\x1f\x7f-\x9f]*$"
"""No control characters: PostgreSQL takes no NUL."""
Label: TypeAlias = Annotated[str, Field(min_length=1, max_length=100, pattern=PLAIN)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=LARGEST)]
LONGEST_NAME: Final = 100


class SaidBody(Body):
    """What a household says, by its slip's label; null takes back what it said."""

    label: Label
    intent: Intent | None


class HoldBody(Body):
    """Room that is kept at a place; `id` is made by whoever asks, once for each."""

    id: UUID
    site: Annotated[str, Field(max_length=100, pattern=PLAIN)]
    persons: Annotated[int, Field(ge=1, le=MOST_PERSONS)]
    label: Annotated[
        str, Field(max_length=100, pattern=PLAIN, description="Of whose slip, where known.")
    ] = ""


class ReleaseBody(Body):
    """What becomes of room that is kept."""

    do: Literal["release"]


class TallyBody(Body):
    """Households of a 班, as its head tells them."""

    area: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    han: Count
    called: Count
    left: Count
    staying: Count
    lift: Count

    def given(self) -> GivenTally:
        """The tally."""
        return GivenTally(self.area, self.han, self.called, self.left, self.staying, self.lift)
