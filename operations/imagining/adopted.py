"""What was adopted, as it is kept: the same key again finds it and does nothing more."""

from dataclasses import dataclass, field

from sqlalchemy import Engine, select

from city.staff import Caller
from data import tables
from data.database import transaction
from data.people import audit
from operations.board.streetnames import called
from operations.imagining.effect import Effect
from operations.imagining.streets import street_row

ACTION = "imagined.adopted"
MOST_STREETS = 3
"""That are named in what is kept."""


@dataclass(slots=True)
class Adopted:
    """What was `done` (kinds of change) and what was `refused`, with the reason for people, and
    whether the move by it `waits` for another person. `behind`: streets were closed while another
    change was not in the plan yet, so that the plan may move others than was looked at.
    """

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    waits: bool = False
    behind: bool = False


def earlier(engine: Engine, by: Caller, key: str) -> Adopted | None:
    """What this person adopted with this key."""
    entry = tables.audit_entry.c
    mine = (entry.action == ACTION, entry.actor == by.actor, entry.details["key"].astext == key)
    with transaction(engine) as connection:
        details = connection.scalars(select(entry.details).where(*mine).limit(1)).first()
    if details is None:
        return None
    refused = [(what, why) for what, why in details["refused"]]
    return Adopted(details["done"], refused, details["waits"], details.get("behind", False))


def record(engine: Engine, by: Caller, effect: Effect, key: str, adopted: Adopted) -> None:
    """Keep what was done and what was refused."""
    imagined = effect.imagined
    counts = {"closed": len(imagined.closed), "opened": len(imagined.opened)}
    counts |= {"shut": len(imagined.shut), "lost": len(imagined.lost), "more": imagined.more}
    counts |= {"by_water": imagined.by_water}
    said = {"key": key, "done": adopted.done, "refused": adopted.refused, "waits": adopted.waits}
    said |= {"behind": adopted.behind, "streets": _streets(effect)}
    with transaction(engine, latest=True) as connection:
        audit.record(connection, by, ACTION, str(effect.version.number), **counts, **said)


def _streets(effect: Effect) -> list[str]:
    """The first streets that were closed, as headquarters calls them."""
    ground = effect.version.ground
    rows = [street_row(ground, street) for street in effect.imagined.closed[:MOST_STREETS]]
    return [called(row["area"], row["name"], row["length_m"], bridge=row["bridge"]) for row in rows]
