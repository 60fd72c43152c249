"""Links that let nobody in any longer: of a lost slip, of a 町丁目, of all after the event."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import Engine, func, true
from sqlalchemy.sql.elements import ColumnElement

from city.staff import Caller
from data import tables
from data.errors import NotThere
from data.homes import holds, links, said
from data.people import audit
from operations.changes.change import Change, changing
from operations.household.links import spelled
from operations.household.named import areas_named

_LINK = tables.household_link.c


def revoke_label(engine: Engine, by: Caller, label: str, *, now: datetime) -> int:
    """End the links of a slip, by what it is called; raises `NotThere` where none lets in."""
    with changing(engine, by) as change:
        ended = _revoke(change, _LINK.label == spelled(label), now, how="label")
        if not ended:
            raise NotThere(
                "その番号の紙に、使えるリンクはありません（no living link of a slip so labelled）"
            )
        return ended


def revoke_areas(engine: Engine, by: Caller, names: Sequence[str], *, now: datetime) -> int:
    """End the links of all households in these 町丁目; raises `NotThere` for one that is none."""
    with changing(engine, by) as change:
        shape = areas_named(change.connection, change.load, names)
        area = from_shape(shapely.force_2d(shape), srid=4326)
        return _revoke(change, func.ST_Covers(area, _LINK.geom), now, how="area", areas=list(names))


def revoke_all(engine: Engine, by: Caller, *, now: datetime) -> int:
    """End every link of the city."""
    with changing(engine, by) as change:
        return _revoke(change, true(), now, how="all")


def end_event(engine: Engine, by: Caller, *, now: datetime) -> int:
    """The event is over: with it every link, word and hold, which say nothing of the next one.

    Groups and turnout stay as they are; returns how many links ended.
    """
    with changing(engine, by) as change:
        connection, code = change.connection, change.load.code
        ended = links.revoke(connection, code, true(), now)
        words, held = said.end_all(connection, code, now), holds.end_all(connection, code, now)
        counts = {"links": ended, "words": words, "holds": held}
        change.record("the event is over", "event.ended", "", **counts)
        return ended


def _revoke(
    change: Change, which: ColumnElement[bool], now: datetime, *, how: str, **more: Any
) -> int:
    ended = links.revoke(change.connection, change.load.code, which, now)
    if ended:
        audit.record(
            change.connection, change.by, "household.revoked", "", how=how, count=ended, **more
        )
    return ended
