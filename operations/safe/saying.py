"""「無事です」: said by a household on its page, or for a caller by the phone desk."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine

from city.safeword import LONGEST, LONGEST_PLACE, Visible, check_said
from city.staff import PUBLIC, Caller
from data import safewords
from data.database import transaction
from data.homes.links import Home
from data.people import audit
from data.recipients import hold_keys
from data.rows import current_load
from data.sealing import Sealer
from operations.wording import line


@dataclass(frozen=True, slots=True)
class GivenSafeWord:
    """What somebody said; `id` is made by the page. `code` is the family's word; of whoever is
    shown to nobody neither name nor place is kept.
    """

    id: UUID
    visible: Visible
    name: str = field(default="", repr=False)
    place: str = field(default="", repr=False)
    code: str = field(default="", repr=False)


def say_of_home(
    engine: Engine, sealer: Sealer, home: Home, given: GivenSafeWord, now: datetime
) -> None:
    """A household says that it is safe; what it said before is erased.

    Raises `BadSafeWord`, `Refused`, `BrokenKeys`.
    """
    with transaction(engine, latest=True) as connection:
        safewords.lock_link(connection, home.link_hash)
        if safewords.is_there(connection, given.id):
            return
        safewords.end_of_link(connection, home.link_hash, now)
        _say(connection, sealer, PUBLIC, given, now, home.link_hash)


def take_back(engine: Engine, home: Home, now: datetime) -> None:
    """What a household said is over, and erased; nothing where it said nothing."""
    with transaction(engine, latest=True) as connection:
        if safewords.end_of_link(connection, home.link_hash, now):
            audit.record(connection, PUBLIC, "safe.withdrawn")


def say_by_phone(
    engine: Engine, sealer: Sealer, by: Caller, given: GivenSafeWord, now: datetime
) -> bool:
    """The phone desk writes it down for a caller; False where its id was there already."""
    with transaction(engine, latest=True) as connection:
        if safewords.is_there(connection, given.id):
            return False
        _say(connection, sealer, by, given, now, None)
        return True


def _say(
    connection: Connection,
    sealer: Sealer,
    by: Caller,
    given: GivenSafeWord,
    now: datetime,
    link_hash: str | None,
) -> None:
    name = line(given.name, "名前", longest=LONGEST)
    place = line(given.place, "いる所", longest=LONGEST_PLACE)
    code = line(given.code, "合言葉", longest=LONGEST)
    check_said(name, code, given.visible)
    hold_keys(connection)
    values = safewords.sealed_values(sealer, given.visible, name, place, code)
    safewords.add(
        connection,
        given.id,
        city_code=current_load(connection).code,
        link_hash=link_hash,
        visible=given.visible,
        said_by=by.actor,
        said_at=now,
        **values,
    )
    # Nobody's name, and no row by which the log could be joined with one.
    audit.record(connection, by, "safe.said", visible=given.visible)
