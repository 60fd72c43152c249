"""What headquarters' board sends: bounded, and nothing that is not listed here."""

from typing import Annotated, TypeAlias
from uuid import UUID

from pydantic import Field

from api.staff.deskbodies import Body, Moment
from operations.chronology.entering import (
    LONGEST,
    LONGEST_ACTION,
    LONGEST_CONTENT,
    GivenLine,
    LineState,
)

Short: TypeAlias = Annotated[str, Field(max_length=LONGEST)]


class LineBody(Body):
    """A line of the chronology; its key is made by the page, and the same key once more changes
    nothing. Who, whom, what, what was done about it, and who has it.
    """

    key: UUID
    at: Annotated[Moment | None, Field(description="When it happened; null for now.")] = None
    sender: Annotated[Short, Field(alias="from")] = ""
    recipient: Annotated[Short, Field(alias="to")] = ""
    content: Annotated[str, Field(max_length=LONGEST_CONTENT)]
    action: Annotated[str, Field(max_length=LONGEST_ACTION)] = ""
    owner: Short = ""
    corrects: Annotated[
        str | None, Field(max_length=LONGEST, description="The line that this one corrects.")
    ] = None

    def given(self) -> GivenLine:
        """The line as a use case takes it."""
        return GivenLine(
            key=self.key,
            at=self.at,
            sender=self.sender,
            recipient=self.recipient,
            content=self.content,
            action=self.action,
            owner=self.owner,
            corrects=self.corrects,
        )


class StateBody(Body):
    """How far the matter of a line is, and who has it."""

    state: LineState
    owner: Annotated[Short | None, Field(description="Null: whoever had it; empty: nobody.")] = None


class LockBody(Body):
    """A decision is open on somebody's screen, or is not any more."""

    key: Annotated[str, Field(min_length=1, max_length=100)]
    held: bool
