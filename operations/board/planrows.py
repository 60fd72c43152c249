"""The newest plan's figures."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy import text as sql

from operations.board.look import Look, Section, iso, remembered
from operations.published.decided import find_newest
from web.staff.hqcauses import cause_words

WITHOUT: Final = ("no_way", "no_room")
_SINCE: Final = """
WITH mine AS (SELECT number, published_at, (facts -> 'figures' ->> :name)::int AS homes
  FROM plan_version
  WHERE load_token = :load AND published_at IS NOT NULL AND number <= :number)
SELECT min(published_at) FROM mine WHERE homes > 0
  AND number > COALESCE((SELECT max(number) FROM mine WHERE homes = 0), 0)
"""


def plan(look: Look) -> Section:
    """The version published last; nothing before the first, and no figures of an earlier load."""
    row = find_newest(look.connection)
    if row is None:
        return {}
    facts = row.facts or {}
    earlier = row.load_token != str(look.load.token)
    if earlier:
        facts = {}
    figures = facts.get("figures") or {}
    names = ("going", "expected", "no_way", "no_room", "moved", "walking")
    return {
        "newest": {
            "number": row.number,
            "published_at": iso(row.published_at),
            "cause": cause_words(row.cause or ""),
            **{name: figures.get(name) for name in names},
            **{f"{name}_since": iso(_since(look, row, name, figures)) for name in WITHOUT},
            "households": sum(look.homes.values()),
            "earlier_load": earlier,
            "overflow": [
                {
                    name: one[name]
                    for name in ("site", "name", "persons", "needed_at", "rooms", "beyond")
                }
                for one in facts.get("overflow") or ()
            ],
        }
    }


def _since(look: Look, row: Row[Any], name: str, figures: Mapping[str, Any]) -> datetime | None:
    """Since when every version of this load has had somebody without: a newer version of the same
    trouble does not begin it anew, nor does one that has no figures.
    """
    if not figures.get(name):
        return None
    asked = {"load": row.load_token, "number": row.number, "name": name}
    found: datetime | None = remembered(
        ("without", *asked.values()), lambda: look.connection.scalar(sql(_SINCE), asked)
    )
    return found
