"""The chronology in pages: what people entered and what the system did, in one order."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row

from data import chronology as kept
from data import chronologysteps
from data.chronology import KINDS
from data.errors import NotThere
from operations.chronology.lines import Names, deed_line, entry_line, version_line
from operations.chronology.refs import mark, read_ref, read_refs
from web.staff.chronologywords import CLOSED_BY, TO

MOST: Final = 200
_CLOSERS: Final = frozenset(one for by in CLOSED_BY.values() for one in by)


def page(
    connection: Connection,
    code: str,
    *,
    before: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """`entries`, the newest first: those before a ref, those after one or several, or the newest.

    `newest` goes into the next `after`, once all before it were read; `more`: there are more in
    that direction. Raises `Refused`,
    `NotThere`.
    """
    limit = min(limit, MOST)
    newest = kept.until(connection)
    if after is not None:
        marks = _marks(connection, code, after)
        found = kept.after(connection, code, TO, marks, limit + 1)
        shown = found[-limit:]
        if len(found) > limit:
            newest = dict(marks)
            for kind, number in shown:
                newest[kind] = max(newest[kind], number)
    else:
        cursor = None if before is None else _cursor(connection, code, before)
        found = kept.before(connection, code, TO, cursor, limit + 1)
        shown = found[:limit]
    return {
        "entries": lines(connection, code, shown),
        "newest": mark(newest),
        "more": len(found) > limit,
    }


def lines(connection: Connection, code: str, things: Sequence[tuple[str, int]]) -> list[Any]:
    """These things as lines, in their order."""
    by_kind = {kind: [number for one, number in things if one == kind] for kind in KINDS}
    entries = kept.entries(connection, by_kind["entry"])
    deeds = kept.deeds(connection, by_kind["audit"])
    versions = kept.versions(connection, by_kind["version"])
    names = Names(connection, list(deeds.values()), list(entries.values()))
    steps = chronologysteps.last_steps(
        connection, code, [f"{kind}:{number}" for kind, number in things]
    )
    far = _how_far(connection, list(deeds.values()))
    found = []
    for kind, number in things:
        if kind == "entry":
            line = entry_line(entries[number], names)
        elif kind == "audit":
            line = deed_line(deeds[number], names, far.get(number))
        else:
            line = version_line(versions[number])
        step = steps.get(line["ref"])
        if step is not None:
            line |= {"state": step.state, "owner": step.owner}
        found.append(line)
    return found


def _how_far(connection: Connection, deeds: Sequence[Row[Any]]) -> dict[int, str]:
    """Of what was open when it entered, how far the log says that it is."""
    opened = [row for row in deeds if row.action in CLOSED_BY]
    if not opened:
        return {}
    far = {row.number: "open" for row in opened}
    since = min(row.number for row in opened)
    for later in kept.later_deeds(connection, {row.subject for row in opened}, _CLOSERS, since):
        for row in opened:
            state = CLOSED_BY[row.action].get(later.action)
            if state and later.subject == row.subject and later.number > row.number:
                far[row.number] = state
    return far


def _cursor(connection: Connection, code: str, text: str) -> tuple[datetime, str, int]:
    ref = read_ref(text)
    at = kept.when(connection, code, ref.kind, ref.number)
    if at is None:
        raise NotThere(f"クロノロに {ref} はありません（no such line）")
    return at, ref.kind, ref.number


def _marks(connection: Connection, code: str, text: str) -> Mapping[str, int]:
    """The highest numbers that somebody has; of kinds that are not said, those of the same time."""
    said = read_refs(text)
    if len(said) == len(KINDS):
        return said
    times = [kept.when(connection, code, kind, number) for kind, number in said.items()]
    known = [at for at in times if at is not None]
    return kept.until(connection, max(known)) | said if known else dict.fromkeys(KINDS, 0) | said
