"""What headquarters enters about a place: its rooms, what it offers, whom to call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, func, select
from sqlalchemy.dialects.postgresql import insert

from city.staff import Caller
from data import tables
from data.database import transaction
from data.errors import NotThere
from data.people import audit
from operations.errors import Refused
from operations.places import placestate
from operations.places.onesite import one_site
from operations.refusals import refusals
from operations.wording import line, phone_number, public_note
from shelters.facility import Facility
from shelters.rooms import MeantFor

LARGEST: Final = 20_000
"""Persons in one room: no hall of a city holds more, so more is a slip of the finger."""
MOST_ROOMS: Final = 100
SHORT: Final = 40


@dataclass(frozen=True, slots=True)
class GivenRoom:
    """What is said of a room; None leaves it as it was.

    A new one has a name, no known capacity, is meant for nobody in particular, no overflow room,
    and not in use.
    """

    name: str | None = None
    capacity: int | None = None
    meant_for: str | None = None
    overflow: bool | None = None
    in_use: bool | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call about a place: personal data, for headquarters alone."""

    phone: str = ""
    key_holder: str = ""
    key_holder_phone: str = ""


def set_room(
    engine: Engine, by: Caller, site_id: str, room: str, given: GivenRoom, *, now: datetime
) -> None:
    """Add a room to a place, or change one of it.

    Raises `NotThere`, `Refused`.
    """
    with (
        refusals(engine, by, "room", site_id),
        transaction(engine, latest=True) as connection,
    ):
        load, site = one_site(connection, by, site_id)
        room = line(room, "部屋の番号", longest=SHORT, needed=True)
        values = _room(connection, load, site.id, room, given)
        key = {"city_code": load.code, "site_id": site.id, "room": room}
        _put(connection, tables.site_room, key, values)
        placestate.renew(connection, load, site.id, now)
        said = {name: values[name] for name in ("capacity", "overflow", "in_use")}
        audit.record(connection, by, "room.set", site.id, room=room, **said)


def use_room(
    engine: Engine, by: Caller, site_id: str, room: str, *, in_use: bool, now: datetime
) -> None:
    """Open or shut a room that is known, as the desk of the place does with its overflow rooms.

    Raises `NotThere`, `Refused`.
    """
    with (
        refusals(engine, by, "room", site_id),
        transaction(engine, latest=True) as connection,
    ):
        load, site = one_site(connection, by, site_id)
        table = tables.site_room
        mine = (table.c.city_code == load.code, table.c.site_id == site.id, table.c.room == room)
        changed = connection.execute(table.update().where(*mine).values(in_use=in_use))
        if not changed.rowcount:
            raise NotThere("その部屋はまだ登録されていません（no such room: headquarters adds it）")
        placestate.renew(connection, load, site.id, now)
        audit.record(connection, by, "room.set", site.id, room=room, in_use=in_use)


def set_facility(
    engine: Engine,
    by: Caller,
    site_id: str,
    facility: Facility,
    *,
    offered: bool,
    note: str = "",
    now: datetime,
) -> None:
    """Say whether a place offers something; raises `NotThere`, `Refused`."""
    with (
        refusals(engine, by, "facility", site_id),
        transaction(engine, latest=True) as connection,
    ):
        load, site = one_site(connection, by, site_id)
        key = {"city_code": load.code, "site_id": site.id, "facility": facility}
        values = {"offered": offered, "note": public_note(note), "said_at": now}
        _put(connection, tables.site_facility, key, values)
        placestate.renew(connection, load, site.id, now)
        audit.record(connection, by, "facility.set", site.id, facility=facility, offered=offered)


def set_contact(engine: Engine, by: Caller, site_id: str, contact: Contact) -> None:
    """Say whom to call about a place; the audit log learns only that it was said.

    Raises `NotThere`, `Refused`.
    """
    with (
        refusals(engine, by, "contact", site_id),
        transaction(engine, latest=True) as connection,
    ):
        load, site = one_site(connection, by, site_id)
        key = {"city_code": load.code, "site_id": site.id}
        values = {
            "phone": phone_number(contact.phone, "電話番号"),
            "key_holder": line(contact.key_holder, "鍵の管理者", longest=SHORT),
            "key_holder_phone": phone_number(contact.key_holder_phone, "鍵の管理者の電話番号"),
        }
        _put(connection, tables.site_contact, key, values)
        audit.record(connection, by, "contact.set", site.id)


def contacts(connection: Connection, load: Row[Any]) -> Mapping[str, Contact]:
    """Whom to call, by the id of the site: for headquarters' own answer and nothing else."""
    table = tables.site_contact
    rows = connection.execute(select(table).where(table.c.city_code == load.code))
    return {row.site_id: Contact(row.phone, row.key_holder, row.key_holder_phone) for row in rows}


def _room(
    connection: Connection, load: Row[Any], site_id: str, room: str, given: GivenRoom
) -> dict[str, Any]:
    table = tables.site_room
    mine = (table.c.city_code == load.code, table.c.site_id == site_id)
    before = connection.execute(select(table).where(*mine, table.c.room == room)).first()
    there = connection.execute(select(func.count()).select_from(table).where(*mine)).scalar_one()
    if before is None and there >= MOST_ROOMS:
        raise Refused(f"部屋は {MOST_ROOMS} までです（at most {MOST_ROOMS} rooms）")
    if given.capacity is not None and not 0 <= given.capacity <= LARGEST:
        raise Refused(f"定員は 0 から {LARGEST:,} 人で入れてください（0 to {LARGEST:,} persons）")
    new = {"name": "", "capacity": None, "meant_for": "", "overflow": False, "in_use": False}
    known = new if before is None else {name: getattr(before, name) for name in new}
    said = {name: getattr(given, name) for name in new}
    joined = known | {name: value for name, value in said.items() if value is not None}
    joined["name"] = line(joined["name"], "部屋の名前", longest=SHORT, needed=True)
    if joined["meant_for"] and joined["meant_for"] not in set(MeantFor):
        raise Refused(
            f"部屋の使いみちは {'・'.join(MeantFor)} のどれかです（one of these, or empty）"
        )
    return joined


def _put(
    connection: Connection, table: Any, key: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    query = insert(table).values(**key, **values)
    connection.execute(query.on_conflict_do_update(index_elements=list(key), set_=dict(values)))
