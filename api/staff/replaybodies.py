"""What is asked of the night's replay."""

from datetime import date
from typing import Annotated

from pydantic import Field

from api.staff.headquartersbodies import Body

Minutes = Annotated[int, Field(ge=0, le=360)]


class RunBody(Body):
    """A night once more: which, and what comes how much earlier; `sites` null: all that were
    opened.
    """

    day: date | None = None
    orders_earlier_min: Minutes = 0
    sites_earlier_min: Minutes = 0
    sites: Annotated[list[Annotated[str, Field(max_length=100)]] | None, Field(max_length=1000)] = (
        None
    )
