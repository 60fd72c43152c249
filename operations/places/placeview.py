"""What everybody and what staff may see of a place, as JSON has it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from data.places.figures import Kept
from data.places.placerows import Place
from shelters.calling import unknown_since
from shelters.congestion import Counted
from shelters.counting import COUNTED_BY, Figure, HeadCount
from shelters.place import Opening, SiteState
from shelters.rooms import Room, capacity_in_use
from shelters.settings import CrowdRules

SHOWS_NO_CROWD: Final = frozenset({Opening.UNOPENED, Opening.CLOSED, Opening.ENDANGERED})
"""Places of which nobody is told that there is room."""

PUBLIC: Final = (
    *("id", "name", "lat", "lon", "opening", "opening_since", "expected_at", "note"),
    *("band", "persons", "capacity", "counted_at", "unknown_after", "overflow"),
    *("facilities", "receives", "counted_by"),
)
"""What everybody may know of what staff see."""


def counted_of(place: Place, figure: Figure, now: datetime) -> Counted:
    """What is known of who is inside. A device's clock may be a little ahead of now.

    More who left than ever came: somebody was missed, and nobody knows how many are inside.
    """
    at = figure.counted_at
    capacity = capacity_in_use(place.rooms, place.stated, place.hazards)
    by = COUNTED_BY[figure.via] if figure.via else None
    persons = None if figure.raw < 0 else figure.persons
    return Counted(persons, capacity, min(at, now) if at else None, by)


def staff_view(place: Place, kept: Kept, rules: CrowdRules, now: datetime) -> dict[str, Any]:
    """What staff see; everybody sees of it what `PUBLIC` names."""
    return _said(place) | _crowd(place, kept, rules) | _inside(place, kept, rules, now)


def _said(place: Place) -> dict[str, Any]:
    """What people said of a place."""
    return {
        "id": place.id,
        "name": place.name,
        "lat": place.lat,
        "lon": place.lon,
        "opening": place.opening,
        "opening_since": _iso(place.since),
        "expected_at": _iso(place.expected_at),
        "note": place.note,
        "stage": place.stage,
        "overflow": any(room.overflow and room.in_use for room in place.rooms),
        "facilities": list(place.facilities),
        "receives": SiteState(place.opening).receives,
        "needs": [_utc(need, "received_at", "answered_at", "expected_at") for need in place.needs],
        "last_call": place.last_call and _utc(place.last_call, "at"),
        "phone": None,
    }


def _crowd(place: Place, kept: Kept, rules: CrowdRules) -> dict[str, Any]:
    """How full the public sees it."""
    shown, silent = kept.shown, place.opening in SHOWS_NO_CROWD
    ends = shown.counted_at + rules.known_for if shown.counted_at else None
    return {
        "band": None if silent else shown.band,
        "persons": None if silent else shown.persons,
        "capacity": shown.capacity,
        "counted_at": None if silent else _iso(shown.counted_at),
        "counted_by": None if silent else shown.counted_by,
        "unknown_after": None if silent else _iso(ends),
    }


def _inside(place: Place, kept: Kept, rules: CrowdRules, now: datetime) -> dict[str, Any]:
    """Who is inside, as staff see it at once."""
    figure = kept.reckoned.figure
    counted = counted_of(place, figure, now)
    ends = counted.counted_at + rules.known_for if counted.counted_at else None
    missed = unknown_since(
        place.opening,
        opening_since=place.since,
        ordered_since=place.ordered_since,
        counted_at=counted.counted_at,
        below_zero=figure.raw < 0,
        rules=rules,
        now=now,
    )
    return {
        "raw_persons": figure.persons,
        "raw_band": kept.reckoned.band if ends and now < ends else None,
        "raw_capacity": counted.capacity,
        "raw_counted_at": _iso(counted.counted_at),
        "raw_unknown_after": _iso(ends),
        "below_zero": figure.raw < 0,
        "raw_counted_by": counted.counted_by,
        "via": figure.via,
        "rooms": [_room(room, figure) for room in place.rooms],
        "held": [_held(count) for count in figure.held],
        "call_next": missed is not None,
        "thresholds": {"some": rules.some, "crowded": rules.crowded, "full": rules.full},
    }


def _room(room: Room, figure: Figure) -> dict[str, Any]:
    return {
        "room": room.room,
        "name": room.name,
        "meant_for": room.meant_for,
        "overflow": room.overflow,
        "in_use": room.in_use,
        "capacity": room.capacity,
        "persons": figure.in_room(room.room),
    }


def _held(count: HeadCount) -> dict[str, Any]:
    return {
        "id": count.id,
        "persons": count.persons,
        "kind": count.kind,
        "room": count.room,
        "flags": list(count.flags),
        "counted_at": _iso(count.counted_at),
    }


def _utc(said: Mapping[str, Any], *moments: str) -> dict[str, Any]:
    """PostgreSQL writes moments in the zone of whoever asks."""
    found = {key: said[key] and _iso(datetime.fromisoformat(said[key])) for key in moments}
    return {**said, **found}


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="milliseconds") if at else None
