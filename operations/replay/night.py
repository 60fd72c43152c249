"""One night in numbers, each with the frame or version that it is from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from data import replay, replayruns, tables
from data.places.nightcounts import Counted, counts_until
from data.replay import Frame, State
from data.replayruns import RunState
from data.rows import card_of, current_load, read_sites
from operations.replay.curve import is_few, total, unreached
from operations.replay.happened import events
from operations.replay.inside import Inside, inside_at, inside_over, peak_of
from operations.replay.looking import STALE_S
from operations.replay.nights import Night
from operations.replay.scenes import OPEN
from shelters.place import Opening
from web.nightsheet.told import NightTold, PlaceTold, Row

STEP: Final = timedelta(minutes=10)
"""Between two rows of a night's table."""


def read_told(connection: Connection, night: Night) -> NightTold:
    """Read a night; raises `ValueError` where every frame is damaged."""
    load = current_load(connection)
    counts = counts_until(connection, load.code, night.first, night.last)
    inside = {site: inside_over(mine.counts, mine.resets) for site, mine in counts.items()}
    lost: list[int] = []
    frames, drill = _frames(connection, load.code, night, lost)
    if not frames:
        raise ValueError("every frame of the night is damaged")
    rows = [_row(at, frame, list(inside.values()), drill=drill) for at, frame in frames]
    last = frames[-1][1]
    happened, more = events(connection, night.first, night.last)
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
        events=happened,
        more_events=more,
        versions=versions,
        moved=moved,
        drill=drill,
        last_frame=last.id,
        lost=lost,
        agrees=all(replay.hash_of(frame.state) == frame.hash for _, frame in frames),
        run=run.result if run and run.state == RunState.DONE else None,
    )


def _frames(
    connection: Connection, code: str, night: Night, lost: list[int]
) -> tuple[list[tuple[datetime, Frame]], bool]:
    """The frame that stood at each step of the night, and the last one; whether all was a drill.
    Damaged frames are `lost`.
    """
    found: list[tuple[datetime, Frame]] = []
    at, before, drill, live = night.first, None, False, False
    for frame in replay.frames(connection, code, night.first, night.last, lost):
        while before is not None and frame.at > at:
            found.append((at, before))
            at += STEP
        before = frame
        drill, live = (
            drill or bool(_city(frame).get("drill")),
            live or bool(_city(frame).get("live")),
        )
    if before is not None:
        found.append((night.last, before))
    return found, drill and not live


def _row(at: datetime, frame: Frame, inside: Sequence[Inside], *, drill: bool) -> Row:
    """What a frame shows; where it is too old, nobody recorded what was shown."""
    state = frame.state
    missing = set(_city(frame).get("missing") or ())
    if (at - frame.at).total_seconds() > STALE_S:
        missing |= {"orders", "sites", "closures"}
        state = {}
    orders = None if "orders" in missing else state.get("orders", {}).values()
    openings = [row.get("opening") for row in state.get("sites", {}).values()]
    closures = None if "closures" in missing else len(state.get("closures", {}))
    return Row(
        at=at,
        frame=frame.id,
        version=frame.mark.version,
        level=None if orders is None else max((row["level"] for row in orders), default=0),
        households=None if orders is None else households_under(list(orders), _city(frame)),
        unreached=unreached(state, drill=drill),
        open_sites=None if "sites" in missing else sum(one in OPEN for one in openings),
        closures=closures,
        inside=_sum(inside_at(mine, at) for mine in inside),
        unconfirmed=None if "sites" in missing else openings.count(Opening.UNCONFIRMED),
        few_unreached=is_few(state, drill=drill),
    )


def households_under(orders: Sequence[Mapping[str, Any]], city: Mapping[str, Any]) -> int | None:
    """Households under any of the orders, each once; None where the city's file has none.

    Of a frame that does not say it only where one order has them all: a sum counts some twice.
    """
    if not orders:
        return 0
    if city.get("households") == 0:
        return None
    if city.get("target") is not None:
        return int(city["target"])
    largest = next((one for one in orders if one.get("whole_city")), None)
    if largest is None and len(orders) == 1:
        largest = orders[0]
    return None if largest is None else largest.get("households")


def _sum(counts: Iterable[int | None]) -> int | None:
    """Of the places where anybody counted; None where nobody did anywhere."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _places(
    connection: Connection,
    load: Any,
    counts: Mapping[str, Counted],
    inside: Mapping[str, Inside],
    night: Night,
    last: State,
) -> list[PlaceTold]:
    opened, shown = _opened(connection, load.code, night), last.get("sites", {})
    found = []
    for site in read_sites(connection, load.id):
        mine, was_inside = counts.get(site.id, Counted()), inside.get(site.id, ())
        tonight = [one for one in mine.counts if one.counted_at >= night.first]
        standing = inside_at(was_inside, night.first)
        if not (tonight or standing or site.id in opened):
            continue
        peak, at = peak_of(was_inside, night.first)
        found.append(
            PlaceTold(
                site.id,
                site.name,
                round(site.position.lat, 5),
                round(site.position.lon, 5),
                shown.get(site.id, {}).get("capacity"),
                peak,
                at,
                inside_at(was_inside, night.last),
                len(tonight),
                opened.get(site.id),
            )
        )
    return sorted(found, key=lambda one: (-(one.peak or 0), one.id))


def _opened(connection: Connection, code: str, night: Night) -> dict[str, datetime]:
    table = tables.site_opening
    query = select(table.c.site_id, table.c.begun_at).where(table.c.city_code == code)
    query = query.where(table.c.opening == "open")
    query = query.where(table.c.begun_at.between(night.first, night.last))
    found: dict[str, datetime] = {}
    for site, at in connection.execute(query.order_by(table.c.begun_at)):
        found.setdefault(site, at)
    return found


def _versions(connection: Connection, night: Night) -> tuple[tuple[int, int], int | None]:
    """The first and the last version of the night, and how many households a new place was told,
    each time that it was; None where a version does not say it.
    """
    table = tables.plan_version
    query = select(table.c.number, table.c.facts)
    query = query.where(table.c.published_at.between(night.first, night.last))
    rows = connection.execute(query.order_by(table.c.number)).all()
    if not rows:
        return (0, 0), 0
    span = rows[0].number, rows[-1].number
    if any("changed" not in (row.facts or {}) for row in rows):
        return span, None
    changed = [row.facts["changed"] for row in rows if row.facts["changed"]]
    return span, total(one.get("place") for one in changed)


def _city(frame: Frame) -> Mapping[str, Any]:
    return frame.state.get("city", {}).get("city", {})
