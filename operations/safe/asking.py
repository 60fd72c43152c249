"""Who is safe: found by name and the family's word together, and by nothing else.

Of whoever is on the list of 閲覧制限, of whoever gave another word, and of whoever never said
anything the answer is one and the same: nobody.
"""

from typing import Any, Final

from sqlalchemy import Engine

from city.safeword import LONGEST
from city.staff import Caller
from data import safewords
from data.database import transaction
from data.people import audit
from data.rows import current_load
from data.safewords import SafeWord
from data.sealing import Sealer

MOST: Final = 500


def ask(engine: Engine, sealer: Sealer, name: str, code: str) -> list[SafeWord]:
    """Who is found, the newest first. What is longer than any name finds nobody."""
    name, code = name[: LONGEST + 1], code[: LONGEST + 1]
    found = safewords.lookup(sealer, name, code)
    named = safewords.name_lookup(sealer, name)
    with transaction(engine, latest=True) as connection:
        city = current_load(connection).code
        return safewords.find(connection, sealer, city, found, named)


def told_to_headquarters(engine: Engine, sealer: Sealer, by: Caller) -> dict[str, Any]:
    """Those who said it to headquarters, and how many there are of all; each look is audited."""
    with transaction(engine, latest=True) as connection:
        city = current_load(connection).code
        shown = safewords.for_headquarters(connection, sealer, city, MOST)
        table = {
            "counts": safewords.counts(connection, city),
            "safe": [lines(one) for one in shown],
        }
        audit.record(connection, by, "safe.seen", count=len(shown))
        return table


def lines(one: SafeWord) -> dict[str, str]:
    """Somebody who is safe, as programs read it."""
    said_at = one.said_at.isoformat(timespec="seconds")
    return {"name": one.name, "place": one.place, "said_at": said_at}
