"""One-time links: the first administrator, and a person's own (new) password."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine

from city.staff import Caller, Role
from data.database import in_order, transaction
from data.people import audit, staff, tokens
from data.people.tokens import Link, Purpose
from operations.errors import Refused
from operations.people.accounts import checked_login, checked_name, put_password, there
from operations.people.passwords import check_password, hash_password
from operations.people.signing import SignedIn, begin, hash_of, new_secret

LIFE: Final = timedelta(hours=24)
"""Until the next day: whoever is invited in the evening comes to it in the morning."""
PATH: Final = "/signin/link"


class DeadLink(Refused):
    """The link was used, has expired, or never was."""

    def __init__(self) -> None:
        super().__init__(
            "このリンクはもう使えません（一度だけ、24時間以内）。管理者に新しいリンクを頼んでください。"
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A link that may be used, and the login that it is for, None for the first administrator."""

    purpose: Purpose
    login: str | None


def link_to(base: str, code: str) -> str:
    """The address to hand over: what follows the # goes to no server, and so into no log."""
    return f"{base.rstrip('/')}{PATH}#{code}"


def first_administrator_code(engine: Engine, by: Caller, *, now: datetime) -> str:
    """A code that makes the first administrator; raises `Refused` where there is one."""
    with transaction(engine, latest=True) as connection:
        _nobody_administers(connection)
        return _add(connection, by, Purpose.FIRST_ADMINISTRATOR, None, now)


def password_code(engine: Engine, by: Caller, number: int, *, now: datetime) -> str:
    """A code by which an account's person sets a password; earlier ones end."""
    with transaction(engine, latest=True) as connection:
        if there(connection, number).disabled_at is not None:
            raise Refused("止めてある職員です。先に再開してください。")
        return _add(connection, by, Purpose.PASSWORD, number, now)


def find_code(engine: Engine, code: str, *, now: datetime) -> Found:
    """What a code is for, without using it; raises `DeadLink`."""
    with transaction(engine, latest=True) as connection:
        link = _alive(connection, code, now)
        account = staff.find(connection, link.staff_id) if link.staff_id else None
        return Found(link.purpose, account.login if account else None)


def use_code(
    engine: Engine, code: str, password: str, *, login: str, name: str, now: datetime
) -> SignedIn:
    """Set the password, for the first administrator with login and name, and sign in.

    Raises `DeadLink`, and `Refused` for a password or login that will not do: the link stays good.
    """
    found = find_code(engine, code, now=now)
    login = checked_login(login) if found.login is None else found.login
    name = checked_name(name) if found.login is None else name
    check_password(password, login)
    hashed = hash_password(password)
    with transaction(engine, latest=True) as connection:
        link = _alive(connection, code, now)
        if not tokens.use_link(connection, link.token_hash, now):
            raise DeadLink
        number = link.staff_id or _first_administrator(connection, login, name)
        account = there(connection, number)
        if account.disabled_at is not None:
            raise DeadLink
        put_password(connection, account.caller, account, hashed, now=now)
        return begin(connection, account, now=now, by="link")


def _first_administrator(connection: Connection, login: str, name: str) -> int:
    _nobody_administers(connection)
    if staff.find_by_login(connection, login) is not None:
        raise Refused("そのログイン名の人はもういます。ほかのログイン名にしてください。")
    return staff.add(connection, login, name, frozenset({Role.ADMINISTRATOR}))


def _nobody_administers(connection: Connection) -> None:
    # One at a time: two first administrators would each think to be the only one.
    in_order(connection)
    if staff.has_administrator(connection):
        raise Refused(
            "管理者はもういます。入れないときは nigemichi staff link LOGIN"
            " (there is an administrator already)"
        )


def _alive(connection: Connection, code: str, now: datetime) -> Link:
    link = tokens.find_link(connection, hash_of(code.strip()), now)
    if link is None:
        raise DeadLink
    return link


def _add(
    connection: Connection, by: Caller, purpose: Purpose, number: int | None, now: datetime
) -> str:
    code = new_secret()
    tokens.add_link(connection, hash_of(code), purpose, number, now=now, expires_at=now + LIFE)
    subject = f"staff:{number}" if number else ""
    audit.record(connection, by, "link.made", subject, purpose=purpose)
    return code
