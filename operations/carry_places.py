"""On a load, what is kept of a place follows it to its new id; all places are looked at anew."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Connection, select, update

from city.staff import SYSTEM
from data import tables
from data.homes import holds
from data.live import outbox as live
from data.live.outbox import Topic
from data.places import figures, headcounts
from data.places.headcounts import Received
from operations.places.placestate import renew_all
from shelters.counting import CountKind, HeadCount, Via

FOLLOW: Final = (
    tables.site_room,
    tables.site_facility,
    tables.site_contact,
    tables.site_need,
    tables.site_call,
    tables.hold,
)


def carry_places(
    connection: Connection, load: Any, moved: Mapping[str, str], now: datetime
) -> None:
    """Give what is kept of each place to its new id, and look at all places anew.

    `moved` has the new id of each old one; `load` is the row of the new load. The log of head
    counts stays as it was written: the new id begins with the figure of the old one. Counts of it
    are waited for (`data.inforce.hold_openings`).
    """
    for old, new in moved.items():
        for table in FOLLOW:
            mine = (table.c.city_code == load.code, table.c.site_id == old)
            connection.execute(update(table).where(*mine).values(site_id=new))
        device = tables.device
        connection.execute(update(device).where(device.c.site_id == old).values(site_id=new))
        _begin_with(connection, load.code, old, new, now)
    holds.end_at_no_place(connection, load, now)
    renew_all(connection, load, now)
    _forget(connection, load)


def _begin_with(connection: Connection, code: str, old: str, new: str, now: datetime) -> None:
    """Begin the new id's count with the old one's figure, of the same moment.

    Below zero it stays below zero: nobody knows who is inside.
    """
    kept = figures.read(connection, code, [old]).get(old)
    figure = kept.reckoned.figure if kept else None
    if figure is None or figure.newest is None:
        return
    count = HeadCount(
        id=str(uuid5(NAMESPACE_URL, f"{code}/{old}/{new}/{now.isoformat()}")),
        kind=CountKind.TOTAL,
        persons=figure.raw,
        counted_at=figure.newest[0],
        via=figure.via or Via.CLICKER,
    )
    taken = Received(count, now, now, SYSTEM.actor, confirmed=True)
    headcounts.add(connection, code, new, [taken])
    here = figures.hold(connection, code, [new])[new]
    counted = replace(here.reckoned, figure=headcounts.replay(connection, code, new, None))
    figures.keep(connection, code, new, replace(here, reckoned=counted))


def _forget(connection: Connection, load: Any) -> None:
    """Places that are no more are gone from the live stream too."""
    site, state = tables.evacuation_site.c, tables.live_state.c
    there = set(connection.execute(select(site.id).where(site.load_id == load.id)).scalars())
    shown = select(state.topic, state.key).where(state.state.is_not(None))
    for topic, key in connection.execute(shown).all():
        of_place = topic == Topic.SITES or (topic == Topic.HEADQUARTERS and key.startswith("site:"))
        if of_place and key.removeprefix("site:") not in there:
            live.put(connection, Topic(topic), key, None)
