"""The chronology as it stood at a moment: nothing that was entered, corrected or done later."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from data import chronology, tables
from data.chronology import KINDS
from data.replay import Frame
from data.rows import current_load
from operations.chronology.lines import Names, deed_line, entry_line, version_line
from web.staff.chronologywords import CLOSED_BY, TO

MOST: Final = 200
"""Lines of one answer, the newest."""
_CLOSERS: Final = frozenset(one for by in CLOSED_BY.values() for one in by)


def entries_until(connection: Connection, frame: Frame) -> tuple[list[dict[str, Any]], bool]:
    """The lines that were there when a frame was recorded, the newest first; whether there were
    more, and older ones.
    """
    code, marks = current_load(connection).code, frame.mark
    last = dict(zip(KINDS, (marks.version, marks.audit, marks.chronicle), strict=True))
    cursor = (frame.at, KINDS[-1], 2**62)
    found = chronology.before(connection, code, TO, cursor, MOST + 1)
    things = [(kind, number) for kind, number in found[:MOST] if number <= last[kind]]
    of = {kind: [number for one, number in things if one == kind] for kind in KINDS}
    entries = chronology.entries(connection, of["entry"])
    corrected = _corrected(connection, of["entry"], marks.chronicle)
    deeds = chronology.deeds(connection, of["audit"])
    versions = chronology.versions(connection, of["version"])
    names = Names(connection, list(deeds.values()), list(entries.values()))
    far, steps = _far(connection, deeds, marks.audit), _steps(connection, frame, things)
    lines = []
    for kind, number in things:
        if kind == "entry":
            line = entry_line(entries[number], names)
            later = corrected.get(number)
            line["corrected_by"] = later and f"entry:{later}"
        elif kind == "audit":
            line = deed_line(deeds[number], names, far.get(number))
        else:
            line = version_line(versions[number])
        lines.append(line | steps.get(line["ref"], {}))
    return lines, len(found) > MOST


def _corrected(connection: Connection, numbers: Sequence[int], last: int) -> dict[int, int]:
    """The newest entry that corrected each of these by then."""
    table = tables.chronology_entry
    query = select(table.c.corrects, func.max(table.c.id))
    query = query.where(table.c.corrects.in_(numbers), table.c.id <= last)
    rows = connection.execute(query.group_by(table.c.corrects))
    return {int(number): int(later) for number, later in rows}


def _far(connection: Connection, deeds: Mapping[int, Row[Any]], last: int) -> dict[int, str]:
    """Of what was open when it entered, how far the log says that it was by then."""
    opened = [row for row in deeds.values() if row.action in CLOSED_BY]
    far = {row.number: "open" for row in opened}
    if not opened:
        return far
    since, subjects = min(far), {row.subject for row in opened}
    for later in chronology.later_deeds(connection, subjects, _CLOSERS, since):
        for row in opened:
            state = CLOSED_BY[row.action].get(later.action)
            same = later.subject == row.subject and row.number < later.number <= last
            if state and same:
                far[row.number] = state
    return far


def _steps(
    connection: Connection, frame: Frame, things: Sequence[tuple[str, int]]
) -> dict[str, dict[str, Any]]:
    """What was said by then of how far each line was, and who had it."""
    table, refs = tables.chronology_step, [f"{kind}:{number}" for kind, number in things]
    query = select(table).where(table.c.ref.in_(refs), table.c.said_at <= frame.at)
    rows = connection.execute(query.order_by(table.c.id))
    return {
        row.ref: {"state": row.state} | ({"owner": row.owner} if row.owner else {}) for row in rows
    }
