"""A slip of the phone desk: what is given, how it is read, and which may be of one matter."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row

from city.area import folded
from city.position import Position
from data.places import callslips

SAME_CALL: Final = timedelta(hours=6)
NEAR_M: Final = 50.0
"""Slips this young and this near, or of the same number or landmark, may be of one matter."""


class HandedTo(StrEnum):
    """Who takes a matter on from the phone desk."""

    HEADQUARTERS = "headquarters"
    FIELD = "field"
    WELFARE = "welfare"
    FIRE = "119"


class Outcome(StrEnum):
    """How a matter ended."""

    GUIDED = "guided"
    RESOLVED = "resolved"
    NO_CONTACT = "no_contact"
    MISTAKEN = "mistaken"


@dataclass(frozen=True, slots=True)
class GivenSlip:
    """What the operator took down; `told` is what was read aloud: verdict, place, sentences.

    `exact`: the position is the caller's own, not that of a whole 町丁目 or street.
    """

    client_id: UUID
    landmark: str = ""
    position: Position | None = None
    exact: bool = False
    caller: str = ""
    phone: str = ""
    need: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    handed_to: HandedTo | None = None
    outcome: Outcome | None = None


def slip_table(row: Row[Any], joined: int = 0) -> dict[str, Any]:
    """A slip as the phone desk reads it; `joined` were found to be of the same matter."""
    at = callslips.position_of(row)
    return {
        "number": row.id,
        "landmark": row.landmark,
        "at": at and {"lat": at.lat, "lon": at.lon},
        "caller": row.caller,
        "phone": row.caller_phone,
        "need": row.need,
        "told": row.told,
        "taken_by": row.taken_by,
        "taken_at": row.taken_at.isoformat(timespec="seconds"),
        "state": row.state,
        "handed_to": row.handed_to,
        "joined": joined,
    }


def similar_slips(
    connection: Connection,
    code: str,
    given: GivenSlip,
    values: Mapping[str, Any],
    now: datetime,
) -> list[Row[Any]]:
    """Slips that may be of the same matter: a 町丁目 in common makes none."""
    rows = callslips.standing_since(connection, code, now - SAME_CALL, given.position)
    return [row for row in rows if _is_same(row, given, values)]


def _is_same(row: Row[Any], given: GivenSlip, values: Mapping[str, Any]) -> bool:
    digits = _digits(values["caller_phone"])
    if digits and digits == _digits(row.caller_phone):
        return True
    if not (given.exact and row.told.get("exact")):
        return False
    near = row.away_m is not None and row.away_m <= NEAR_M
    named = folded(values["landmark"])
    return near or bool(named and named == folded(row.landmark))


def _digits(phone: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", phone) if one.isdigit())
