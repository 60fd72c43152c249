"""Whom an alert would reach, before it is released (blast radius): counted, never estimated."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import shapely
from sqlalchemy import Connection, Row

from data.alerts import revisions
from data.delivery import slices
from data.delivery.slices import Audience
from operations.alerts.areas import square_km
from operations.alerts.where import Where, count_households, where_before
from operations.registering.keyring import numbers_here

SECOND_LOOK: Final = 0.10
"""Share of the city's households from which a second confirmation is asked for: policy, as on
the screens."""
DRAWN_TO: Final = 0.0002
"""Degrees: some 20 m, less than a line of the map is wide."""
_COMPARED: Final = ("level", "hazard", "subject", "reason", "action")


def blast_of(
    connection: Connection, load: Row[Any], row: Row[Any], audience: Audience, now: datetime
) -> dict[str, Any]:
    """Households, persons, recipients by channel and language, and what the last one had."""
    homes, persons = count_households(connection, load, where_before(row))
    whole, _ = count_households(connection, load, Where([], True, None, []))
    share = homes / whole if whole else 1.0
    return {
        "counted_at": now.isoformat(timespec="seconds"),
        "households": homes,
        "persons": persons,
        "share": round(share, 4),
        "second_look": share >= SECOND_LOOK,
        "recipients": [
            {"channel": channel, "language": language, "count": count}
            for channel, language, count in slices.count_recipients(
                connection, audience, numbers_here(connection)
            )
        ],
        "change": _change(connection, load, row, homes, persons),
        "shape": _shape(row),
        "square_km": square_km(connection, row),
    }


def _change(
    connection: Connection, load: Row[Any], row: Row[Any], homes: int, persons: int
) -> dict[str, Any] | None:
    """What differs from the revision that went out last; None where none did."""
    last = revisions.newest_out(connection, row.alert_id)
    if last is None:
        return None
    homes_before, persons_before = count_households(connection, load, where_before(last))
    words = {
        name: [getattr(last, name), getattr(row, name)]
        for name in _COMPARED
        if getattr(last, name) != getattr(row, name)
    }
    return {
        "revision": last.revision,
        "added": _without(row.area_names, last.area_names),
        "removed": _without(last.area_names, row.area_names),
        "whole_city": [last.whole_city, row.whole_city],
        "households": homes - homes_before,
        "persons": persons - persons_before,
        "words": words,
        "shape": _shape(last),
    }


def _shape(row: Row[Any]) -> list[list[list[float]]]:
    """The rings of its area, (lon, lat), to be drawn small; none of the whole city."""
    shape = where_before(row).geometry
    if shape is None:
        return []
    simple = shapely.simplify(shape, DRAWN_TO)
    return [
        [[round(lon, 5), round(lat, 5)] for lon, lat in ring.coords]
        for part in shapely.get_parts(simple)
        for ring in (part.exterior, *part.interiors)
    ]


def _without(names: Sequence[str], others: Sequence[str]) -> list[str]:
    return [name for name in names if name not in set(others)]
