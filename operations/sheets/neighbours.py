"""The households of a 町丁目 as its 班: each by the label of its paper."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from city.area import folded
from city.han import han
from city.position import Metres, Position
from data.errors import NotThere
from data.rows import card_of
from operations.changes.areas import likest

LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""Without those that are taken for a digit, or for one another."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A household: its number in the load, where it stands, and its paper's label ("K7-04")."""

    number: int
    position: Position
    area: str
    han: int
    label: str

    @property
    def place(self) -> int:
        """Its place in the 班, from 1: the last number of its label."""
        return int(self.label.rpartition("-")[2])


def neighbours(connection: Connection, load: Row[Any], names: Sequence[str]) -> list[Neighbour]:
    """The households of these 町丁目, by area, 班 and place in it; a name is spelled loosely.

    Raises `NotThere` for an area that is none, naming the likest.
    """
    metres = Metres(card_of(load).crs)
    known = _areas(connection, load)
    wanted = dict.fromkeys(_found(name, known) for name in names)
    return [one for name in wanted for one in _of_area(connection, load, metres, known, name)]


def neighbour_labelled(connection: Connection, load: Row[Any], label: str) -> Neighbour | None:
    """The household whose paper is labelled so in this load; None where none is."""
    begin = re.match("[A-Z]+", label)
    known = _areas(connection, load)
    named = next((name for row, name in enumerate(known) if begin and letters(row) == begin[0]), "")
    if not named:
        return None
    metres = Metres(card_of(load).crs)
    found = _of_area(connection, load, metres, known, named)
    return next((one for one in found if one.label == label), None)


def letters(number: int) -> str:
    """A, B … Z, AA, AB …: what the papers of the area with that number (from 0) begin with."""
    tens, ones = divmod(number, len(LETTERS))
    return (letters(tens - 1) if tens else "") + LETTERS[ones]


def _areas(connection: Connection, load: Row[Any]) -> list[str]:
    """The names of all 町丁目; a household's `area` counts them."""
    query = "SELECT name FROM area WHERE load_id = :load AND kind = 'chome' ORDER BY number"
    return list(connection.execute(sql(query), {"load": load.id}).scalars())


def _found(name: str, known: Sequence[str]) -> str:
    """The city's own spelling of a name."""
    for one in known:
        if folded(one) == folded(name):
            return one
    there = "、".join(likest(name, known)) or "none"
    raise NotThere(f"no such area: {name} (there are: {there}): write the whole name of a 町丁目")


def _of_area(
    connection: Connection, load: Row[Any], metres: Metres, known: Sequence[str], name: str
) -> list[Neighbour]:
    """One 町丁目, which may lie in several parts."""
    rows = [row for row, one in enumerate(known) if folded(one) == folded(name)]
    found = connection.execute(
        sql(
            "SELECT number, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM household"
            " WHERE load_id = :load AND area = ANY(:rows) ORDER BY number"
        ),
        {"load": load.id, "rows": rows},
    ).all()
    lonlat = np.array([(row.lon, row.lat) for row in found]).reshape(-1, 2)
    groups, places = han(metres.xy(lonlat))
    begin = letters(rows[0])
    return [
        Neighbour(
            number=found[row].number,
            position=Position(found[row].lat, found[row].lon),
            area=name,
            han=int(groups[row]),
            label=f"{begin}{groups[row]}-{places[row]:02}",
        )
        for row in np.lexsort((places, groups)).tolist()
    ]
