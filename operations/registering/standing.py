"""Where somebody is told of: by the link of their slip, by a point, or by the name of a 町丁目."""

from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row

from alerts.registration import Standing
from city.position import Position
from data import recipientplaces as places
from data.errors import NotThere
from data.homes.links import Home
from operations.errors import Refused

LONGEST: Final = 100
"""Letters of a 町丁目."""
ANOTHER_LOAD: Final = (
    "市のデータが新しくなりました。画面を開き直してください（another load: ask again）"
)


@dataclass(frozen=True, slots=True)
class Given:
    """One of these: whose slip's link was opened, a point, a 町丁目 by name."""

    home: Home | None = field(default=None, repr=False)
    position: Position | None = field(default=None, repr=False)
    area_name: str = ""


def standing_of(connection: Connection, load: Row[Any], given: Given) -> Standing:
    """The household where there is exactly one, else the 町丁目, else the point alone.

    Raises `NotThere` for a name that the city has not, and `Refused` for a home of another load.
    """
    if given.home is not None:
        if given.home.load_id != load.id:
            raise Refused(ANOTHER_LOAD)
        at = given.home.position
        return Standing(given.home.household, places.find_area(connection, load.id, at), at)
    if given.position is not None:
        return _at(connection, load, given.position)
    name = None
    if 0 < len(given.area_name) <= LONGEST:
        name = places.find_area_named(connection, load.id, given.area_name)
    if name is None:
        raise NotThere("その町はありません。選び直してください（no such area in this city）")
    return Standing(area_name=name)


def _at(connection: Connection, load: Row[Any], at: Position) -> Standing:
    area = places.find_area(connection, load.id, at)
    found = places.find_household(connection, load.id, at)
    if found is not None:
        return Standing(found.number, area, found.position)
    return Standing(area_name=area) if area else Standing(position=at)
