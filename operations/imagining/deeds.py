"""What headquarters adopted and took back this night, out of the audit log: for its officers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from data import inforce, tables
from data.rows import card_of, current_load
from hazards.closure import ClosureBasis
from operations.board.look import iso
from operations.chronology.lines import Names
from operations.imagining.adopted import ACTION
from operations.replay.nights import day_of, span_of
from web.staff.chronologywords import deed_words

MOST: Final = 12
_BACK: Final = ("road.reopened", "water.removed", "turnout.cleared", "turnout.set")
"""Of these, those with a reason: by whoever took back."""
_KINDS: Final = (
    ("open", "opened", "場所を開設準備 {}か所"),
    ("lost", "lost", "水の記録 {}件"),
    ("shut", "shut", "場所を閉鎖 {}か所"),
    ("more", "more", "来る人を {} %増"),
)


def deeds_table(connection: Connection, now: datetime) -> dict[str, Any]:
    """All that `GET /api/v1/headquarters/imagined/deeds` answers."""
    load = current_load(connection)
    zone = card_of(load).timezone
    begun, _ = span_of(day_of(now, zone), zone)
    entry = tables.audit_entry.c
    back = entry.action.in_(_BACK) & entry.details.has_key("reason")
    mine = (entry.at >= begun, (entry.action == ACTION) | back)
    query = select(tables.audit_entry).where(*mine).order_by(entry.number.desc()).limit(MOST)
    rows = connection.execute(query).all()
    names = Names(connection, rows, [])
    shut = inforce.standing(connection, tables.closure, load.code)
    return {
        "done": [_deed(row, names) for row in rows],
        "reasons": {str(one.id): one.reason for one in shut if one.basis == ClosureBasis.ORDER},
    }


def _deed(row: Row[Any], names: Names) -> dict[str, Any]:
    taken_back = row.action != ACTION
    words = deed_words(row.action, row.subject, row.details, names.of)
    return {
        "at": iso(row.at),
        "by": names.signed(row.actor),
        "taken_back": taken_back,
        "what": words if taken_back else adopted_words(row.details),
        "reason": row.details.get("reason", ""),
    }


def adopted_words(details: Mapping[str, Any]) -> str:
    """What was adopted, of what was done alone: streets as they are called, the others counted."""
    done = details["done"]
    said = [_streets(details)] if "close" in done else []
    said += [word.format(details[count]) for kind, count, word in _KINDS if kind in done]
    return "、".join(said) or "何もできませんでした"


def _streets(details: Mapping[str, Any]) -> str:
    streets, closed = details.get("streets", ()), details["closed"]
    if not streets:
        return f"通行止め {closed}本"
    more = closed - len(streets)
    return f"通行止め：{'、'.join(streets)}" + (f" ほか{more}本" if more > 0 else "")
