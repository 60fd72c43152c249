"""The night once more: as it was recorded and with a change, by one model, side by side."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection

from data import mapped, plankept
from data.homes.groups import standing_groups
from data.homes.turnouts import standing_turnout
from data.places.placerows import read_places, site_ids
from data.rows import current_load
from operations.errors import Refused
from operations.planning.expecting import on_a_calm_day
from operations.replay.curve import Beat, curve
from operations.replay.model import run
from operations.replay.nights import Night
from operations.replay.scenes import Change, Scene, with_change
from operations.replay.totals import Given, Totals
from operations.replay.verifying import NO_GROUND, basis_of
from routing.ground import Ground
from routing.plan.settings import NO_LIMIT
from routing.plan.turnout import HUNDREDTHS

NO_VERSIONS: Final = "その夜の版は残っていません（no versions of that night are kept）"
NO_HOMES: Final = "世帯のデータがない市では、計算し直せません（no household of this city is known）"
LONGEST: Final = timedelta(hours=6)
"""By so much a change may come earlier."""
Step = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What is read once for both runs: what they stand on, the recorded scenes, which versions
    those are, and the recorded curve of households that nobody had reached.
    """

    given: Given
    scenes: Sequence[Scene]
    versions: tuple[int, int]
    unreached: Sequence[tuple[datetime, int | None]]


def read_night(
    connection: Connection, arrays: Path, night: Night, beat: Beat = lambda: None
) -> Read:
    """Read a night; raises `Refused` where its versions or its load's ground are gone, or nobody
    is known to live there. `beat` hears of each version and frame, and ends it by raising.

    Rooms, turnout and groups are those that are known now: what was known then is not kept.
    """
    load = current_load(connection)
    heads = list(_last_of_minutes(connection, night, beat))
    if not heads:
        raise Refused(NO_VERSIONS)
    if {one.load for one in heads} != {str(load.token)}:
        raise Refused(NO_GROUND)
    basis = basis_of(arrays, str(load.token))
    if not len(basis.homes):
        raise Refused(NO_HOMES)
    expected = on_a_calm_day(connection, load, basis.ground, night.first)
    given = Given(
        basis,
        ordinary=np.minimum(expected.free, NO_LIMIT),
        overflow=_overflow(connection, load, basis.ground, night.first),
        turnout=standing_turnout(connection, load.code) or expected.turnout,
        until=night.last + timedelta(minutes=1),
        groups=[group.households for group in standing_groups(connection, load.code)],
    )
    scenes = [Scene(one.at, mapped.picture_from(one.head["picture"])) for one in heads]
    numbers = heads[0].number, heads[-1].number
    return Read(given, scenes, numbers, curve(connection, load.code, night, beat))


def compare(read: Read, change: Change, step: Step = lambda *_: None) -> dict[str, Any]:
    """Both runs as plain values; `step` hears of each turn of both."""
    given, until = read.given, read.given.until
    recorded, changed = (
        with_change(read.scenes, one, until, lambda: step(0, 1)) for one in (Change(), change)
    )
    halves = (lambda done, of: step(done, 2 * of), lambda done, of: step(of + done, 2 * of))
    before, after = run(given, recorded, halves[0]), run(given, changed, halves[1])
    ground = given.basis.ground
    return {
        "change": change_table(change),
        "versions": list(read.versions),
        "scenes": len(read.scenes),
        "until": until.isoformat(),
        "turnout": given.turnout.level_4,
        "start_delay_s": ground.rules.start_delay_s,
        "recorded": totals_table(before, ground),
        "changed": totals_table(after, ground),
        "curve": []
        if not any(count for _, count in read.unreached)
        else [
            {"at": at.isoformat(), "recorded": count, "changed": shifted}
            for at, count, shifted in _beside(read.unreached, change.orders, until)
        ],
    }


def change_table(change: Change) -> dict[str, Any]:
    """A change as plain values."""
    sites = None if change.sites is None else sorted(change.sites)
    return {
        "orders_earlier_min": round(change.orders.total_seconds() / 60),
        "sites_earlier_min": round(change.openings.total_seconds() / 60),
        "sites": sites,
    }


def change_from(table: dict[str, Any]) -> Change:
    """The change of such a table; raises `Refused` where it changes nothing or by too much."""
    orders, openings = (
        timedelta(minutes=int(table[name])) for name in ("orders_earlier_min", "sites_earlier_min")
    )
    sites = table["sites"]
    change = Change(orders, openings, None if sites is None else frozenset(sites))
    if change.is_none or (sites is not None and not sites and not orders):
        raise Refused("何も変えていません。場所か発令を早めてください（nothing is changed）")
    if not timedelta() <= max(orders, openings) <= LONGEST or min(orders, openings) < timedelta():
        raise Refused("早められるのは0分から6時間までです（0 minutes to 6 hours earlier）")
    return change


def check_sites(change: Change, known: Collection[str]) -> None:
    """Raises `Refused` where a place of the change is none of the city's."""
    unknown = sorted((change.sites or frozenset()) - set(known))
    if unknown:
        raise Refused(
            f"知らない避難場所です：{'、'.join(unknown[:3])}（no such place: nothing was begun）"
        )


def totals_table(totals: Totals, ground: Ground) -> dict[str, Any]:
    """What a run comes to, in persons and metres."""
    return {
        "set_out": _persons(totals.set_out),
        "arrived": _persons(totals.arrived),
        "turned_away": _persons(totals.turned_away),
        "overflow": _persons(totals.overflow),
        "walked_m": round(totals.walked_m),
        "exposed_m": round(totals.exposed_m),
        "moved": totals.moved,
        "no_room": totals.no_room,
        "no_way": totals.no_way,
        "open_hours": round(totals.open_s / 3600, 1),
        "full": [
            {"site": ground.sites[row].id, "name": ground.sites[row].name, "at": at.isoformat()}
            for row, at in sorted(totals.full.items(), key=lambda one: one[1])
        ],
    }


def _persons(hundredths: int) -> int:
    """Whole persons, rounded up: nobody who was turned away is lost in rounding."""
    return -(-hundredths // HUNDREDTHS)


def _last_of_minutes(connection: Connection, night: Night, beat: Beat) -> Iterator[plankept.Headed]:
    """The last version of each minute; those of the head alone are read."""
    last: plankept.Headed | None = None
    for one in plankept.heads(connection, night.first, night.last):
        beat()
        if last and (one.at.replace(second=0, microsecond=0) > last.at):
            yield last
        last = one
    if last:
        yield last


def _overflow(connection: Connection, load: Any, ground: Ground, now: datetime) -> Any:
    """(S,) persons that overflow rooms hold which anybody may use."""
    places = read_places(connection, load, site_ids(connection, load), now)
    held = {
        key: sum(room.capacity or 0 for room in place.rooms if room.overflow and room.for_anybody)
        for key, place in places.items()
    }
    return np.array([held.get(site.id, 0) for site in ground.sites], np.int64)


def _beside(
    recorded: Sequence[tuple[datetime, int | None]], earlier: timedelta, until: datetime
) -> Iterator[tuple[datetime, int | None, int | None]]:
    """The recorded curve, and the same where everything was told so much earlier, from its first
    moment on.
    """
    first = recorded[0][0]
    moments = {at for at, _ in recorded} | {max(at - earlier, first) for at, _ in recorded}
    for at in sorted(moments | {until}):
        yield at, _then(recorded, at), _then(recorded, at + earlier)


def _then(recorded: Sequence[tuple[datetime, int | None]], at: datetime) -> int | None:
    row = bisect_right(recorded, at, key=lambda one: one[0])
    return recorded[row - 1][1] if row else None
