"""What headquarters sends of sources of information: bounded, and nothing that is not listed."""

from typing import Annotated

from pydantic import Field

from api.staff.headquartersbodies import Body, Line
from hazards.information import Shape, Theme, Way
from operations.information.addresses import LONGEST_URL
from operations.information.registering import LEAST_S, LONGEST_NAME, MOST_S, GivenSource


class SourceBody(Body):
    """A new source; a folder is added at the server."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    theme: Theme
    format: Shape
    address: Annotated[
        str,
        Field(max_length=LONGEST_URL, description="https; empty where files are handed over."),
    ] = ""
    licence: Line = ""
    attribution: Line = ""
    every_s: Annotated[
        int | None,
        Field(
            ge=LEAST_S,
            le=MOST_S,
            description="How often it is asked, in seconds; how long a file counts as new.",
        ),
    ] = None
    public: Annotated[bool, Field(description="Whether citizens see it.")] = False
    only: Annotated[
        Line, Field(description="Words with commas: only items that have one of them.")
    ] = ""

    def given(self) -> GivenSource:
        """What was said of it."""
        return GivenSource(
            self.name,
            self.theme,
            self.format,
            Way.URL if self.address.strip() else Way.DROP,
            self.address,
            self.licence,
            self.attribution,
            self.every_s,
            self.public,
            self.only,
        )


class ReasonBody(Body):
    """Why."""

    reason: Annotated[Line, Field(min_length=1)]


class LookedAtBody(ReasonBody):
    """Why, and which copy was looked at: another one is not decided on."""

    digest: Annotated[str, Field(min_length=1, max_length=64)]
