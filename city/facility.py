"""要配慮者利用施設: hospitals, homes and schools whose people need care to leave.

水防法15条の3 and 土砂災害防止法8条の2 bind those whom the city's plan names inside a zone.
"""

from dataclasses import dataclass

from city.position import Position


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility by the id that it keeps from one list to the next.

    `phone` is "" where the list has none; `persons` who may be there at once, None where unsaid.
    """

    id: str
    name: str
    kind: str
    address: str
    position: Position
    phone: str
    persons: int | None
