"""What headquarters sends about the plan."""

from typing import Literal

from api.staff.headquartersbodies import Body


class HeldBody(Body):
    """What becomes of an item that waits: it is meant."""

    decision: Literal["apply"]
