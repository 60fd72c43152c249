"""What is sent of the duties of the night: bounded, and nothing that is not listed here."""

from typing import Annotated, TypeAlias
from uuid import UUID

from pydantic import Field

from api.staff.deskbodies import Body
from api.staff.homebodies import PLAIN
from hazards.facilitycalls import FacilityAnswer
from operations.duties.entries import LONGEST_TEXT
from operations.facilities.calling import LONGEST_TOLD, GivenCall
from operations.wording import LONGEST_NOTE

Note: TypeAlias = Annotated[str, Field(max_length=LONGEST_NOTE, pattern=PLAIN)]


class CallBody(Body):
    """A call to a facility; its key is made by the page, and the same once more changes nothing."""

    key: UUID
    answer: FacilityAnswer
    level: Annotated[int, Field(ge=0, le=5, description="The level that was told; 0: none stands.")]
    told: Annotated[
        str,
        Field(max_length=LONGEST_TOLD, pattern=PLAIN, description="The post of who took the call."),
    ] = ""
    note: Note = ""

    def given(self) -> GivenCall:
        """The call as a use case takes it."""
        return GivenCall(self.key, self.answer, self.level, self.told, self.note)


class CorrectionBody(Body):
    """A call was noted wrongly: why."""

    key: UUID
    why: Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE, pattern=PLAIN)]


class EntryBody(Body):
    """A field of a form; null says that nobody knows it any more. Refused (409) where another entry
    than `seen` is the newest.
    """

    key: UUID
    value: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT, pattern=PLAIN)] | None
    confirmed: bool = False
    seen: Annotated[
        int, Field(ge=0, le=2**53, description="The newest entry that was looked at; 0: none.")
    ] = 0
