"""The newest plan's figures."""

from operations.board.look import Look, Section, iso
from operations.published.decided import find_newest
from web.staff.hqcauses import cause_words


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
