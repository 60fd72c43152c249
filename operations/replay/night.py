"""One night in numbers, each with the frame or version that it is from."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, select

from data import replay, replayruns, tables
from data.places.nightcounts import counts_until
from data.replay import Frame, State
from data.replayruns import RunState
from data.rows import card_of, current_load, read_sites
from operations.replay.curve import unreached
from operations.replay.nights import Night, events
from shelters.counting import Figure, HeadCount, after, figure
from web.nightsheet.told import NightTold, PlaceTold, Row

Inside: TypeAlias = Sequence[tuple[datetime, int]]
"""Who was inside a place, from each moment on."""
STEP: Final = timedelta(minutes=10)
"""Between two rows of a night's table."""


def read_told(connection: Connection, night: Night) -> NightTold:
    """Read a night; raises `ValueError` where a frame is damaged."""
    load = current_load(connection)
    counts = counts_until(connection, load.code, night.last)
    inside = {site: inside_over(mine) for site, mine in counts.items()}
    frames = _frames(connection, load.code, night)
    rows = [_row(at, frame, list(inside.values())) for at, frame in frames]
    last = frames[-1][1]
    versions, moved = _versions(connection, night)
    card = card_of(load)
    run = replayruns.newest_run(connection, load.code, night.day)
    return NightTold(
        name=card.name,
        fictional=card.fictional,
        zone=card.timezone,
        first=night.first,
        last=night.last,
        frames=night.frames,
        rows=rows,
        places=_places(connection, load, counts, inside, night, last.state),
        events=events(connection, night.first, night.last),
        versions=versions,
        moved=moved,
        drill=any(_city(frame).get("drill") for _, frame in frames)
        and not any(_city(frame).get("live") for _, frame in frames),
        last_frame=last.id,
        agrees=all(replay.hash_of(frame.state) == frame.hash for _, frame in frames),
        run=run.result if run and run.state == RunState.DONE else None,
    )


def inside_over(counts: Sequence[HeadCount]) -> list[tuple[datetime, int]]:
    """Who was inside a place from each count on, by what was counted until then."""
    known: dict[str, HeadCount] = {}
    found, now = [], Figure()
    for number, one in enumerate(counts, start=1):
        original = known.get(one.undoes) if one.undoes else None
        then = after(now, one, original=original) if one.undoes is None or original else None
        now = then if then is not None else figure(counts[:number])
        known[one.id] = one
        found.append((one.counted_at, now.persons or 0))
    return found


def inside_at(inside: Sequence[tuple[datetime, int]], moment: datetime) -> int:
    """Who was inside at a moment, of what `inside_over` gives."""
    row = bisect_right(inside, moment, key=lambda one: one[0])
    return inside[row - 1][1] if row else 0


def _frames(connection: Connection, code: str, night: Night) -> list[tuple[datetime, Frame]]:
    """The frame that stood at each step of the night, and the last one."""
    found: list[tuple[datetime, Frame]] = []
    at, before = night.first, None
    for frame in replay.frames(connection, code, night.first, night.last):
        while before is not None and frame.at > at:
            found.append((at, before))
            at += STEP
        before = frame
    if before is not None:
        found.append((night.last, before))
    return found


def _row(at: datetime, frame: Frame, inside: Sequence[Inside]) -> Row:
    state = frame.state
    orders = state.get("orders", {}).values()
    return Row(
        at=at,
        frame=frame.id,
        version=frame.mark.version,
        level=max((row["level"] for row in orders), default=0),
        households=sum(row.get("households") or 0 for row in orders),
        unreached=unreached(state),
        open_sites=sum(bool(row.get("receives")) for row in state.get("sites", {}).values()),
        closures=len(state.get("closures", {})),
        inside=sum(inside_at(mine, at) for mine in inside),
    )


def _places(
    connection: Connection,
    load: Any,
    counts: Mapping[str, Sequence[HeadCount]],
    inside: Mapping[str, Inside],
    night: Night,
    last: State,
) -> list[PlaceTold]:
    opened, shown = _opened(connection, load.code, night), last.get("sites", {})
    found = []
    for site in read_sites(connection, load.id):
        mine = counts.get(site.id, ())
        tonight = [one for one in mine if one.counted_at >= night.first]
        if not tonight and site.id not in opened:
            continue
        peak, at = _peak(inside.get(site.id, ()), night)
        found.append(
            PlaceTold(
                site.id,
                site.name,
                round(site.position.lat, 5),
                round(site.position.lon, 5),
                shown.get(site.id, {}).get("capacity"),
                peak,
                at,
                figure(mine).persons,
                len(tonight),
                opened.get(site.id),
            )
        )
    return sorted(found, key=lambda one: (-one.peak, one.id))


def _peak(inside: Inside, night: Night) -> tuple[int, datetime | None]:
    """The most that were inside at once during the night, and since when."""
    best: tuple[int, datetime | None] = (0, None)
    for at, persons in inside:
        if at >= night.first and persons > best[0]:
            best = persons, at
    return best


def _opened(connection: Connection, code: str, night: Night) -> dict[str, datetime]:
    table = tables.site_opening
    query = select(table.c.site_id, table.c.begun_at).where(table.c.city_code == code)
    query = query.where(table.c.opening == "open")
    query = query.where(table.c.begun_at.between(night.first, night.last))
    found: dict[str, datetime] = {}
    for site, at in connection.execute(query.order_by(table.c.begun_at)):
        found.setdefault(site, at)
    return found


def _versions(connection: Connection, night: Night) -> tuple[tuple[int, int], int]:
    """The first and the last version of the night, and how many households a new place was told,
    each time that it was.
    """
    table = tables.plan_version
    query = select(table.c.number, table.c.facts)
    query = query.where(table.c.published_at.between(night.first, night.last))
    rows = connection.execute(query.order_by(table.c.number)).all()
    if not rows:
        return (0, 0), 0
    changed = [(row.facts or {}).get("changed") or {} for row in rows]
    return (rows[0].number, rows[-1].number), sum(one.get("place") or 0 for one in changed)


def _city(frame: Frame) -> Mapping[str, Any]:
    return frame.state.get("city", {}).get("city", {})
