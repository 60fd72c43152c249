"""What a household's own page shows beside its way: what it said, and whether it is on the way."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from city.safeword import Visible
from data import safewords
from data.database import transaction
from data.homes import holds, links, said
from data.homes.holds import Hold
from data.homes.links import Home
from data.homes.said import Said
from data.rows import current_load
from operations.people.signing import hash_of


@dataclass(frozen=True, slots=True)
class Standing:
    """A household with its standing word and its own hold, None where it has none.

    `safe`: who may see that it is safe, and since when it says so.
    """

    home: Home
    said: Said | None
    hold: Hold | None
    safe: tuple[Visible, datetime] | None = None


def look(engine: Engine, cookie: str, now: datetime) -> Standing | None:
    """What stands of a session's household; None where the session lets nobody in."""
    with transaction(engine) as connection:
        home = links.find_by_session(connection, hash_of(cookie), now)
        if home is None:
            return None
        code = current_load(connection).code
        return Standing(
            home,
            said.find_said(connection, code, home.household),
            holds.find_of_household(connection, code, home.household, now),
            safewords.of_link(connection, home.link_hash),
        )
