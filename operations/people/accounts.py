"""Accounts of those who work for the city: made, given roles, disabled.

Whatever changes an account ends its sessions at once.
"""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from city.staff import NOT_BESIDE_ADMINISTRATOR, Caller, Role
from data.database import transaction
from data.errors import NotThere
from data.people import audit, staff, tokens
from data.people.staff import Account
from operations.errors import Refused
from operations.people.passwords import check_password, hash_password, matches

LONGEST: Final = 60
"""Letters of a login or a name."""


class WrongPassword(Refused):
    """Whoever is signed in does not know the account's password."""

    def __init__(self) -> None:
        super().__init__("今のパスワードが違います。")


def folded_login(login: str) -> str:
    """A login in the one spelling that is compared: width and case do not count."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def add_staff(
    engine: Engine, by: Caller, *, login: str, name: str, roles: Iterable[Role], now: datetime
) -> int:
    """Add an account, without a password: a one-time link lets its person set one.

    Returns its number; raises `Refused` where the login is taken or the roles do not go together.
    """
    login, name, wanted = checked_login(login), checked_name(name), checked_roles(roles)
    try:
        with transaction(engine, latest=True) as connection:
            number = staff.add(connection, login, name, wanted)
            audit.record(connection, by, "staff.added", f"staff:{number}", roles=sorted(wanted))
            return number
    except IntegrityError:
        raise Refused("そのログイン名の人はもういます。ほかのログイン名にしてください。") from None


def set_roles(
    engine: Engine, by: Caller, number: int, roles: Iterable[Role], *, now: datetime
) -> None:
    """Give an account these roles and no others."""
    wanted = checked_roles(roles)
    with transaction(engine, latest=True) as connection:
        account = there(connection, number)
        keep_an_administrator(connection, by, account, Role.ADMINISTRATOR in wanted)
        if account.roles == wanted:
            return
        staff.change(connection, number, roles=sorted(wanted))
        staff.end_sessions(connection, number, now)
        audit.record(connection, by, "staff.roles_set", f"staff:{number}", roles=sorted(wanted))


def disable(engine: Engine, by: Caller, number: int, *, now: datetime) -> None:
    """Let nobody into an account any more."""
    with transaction(engine, latest=True) as connection:
        account = there(connection, number)
        keep_an_administrator(connection, by, account, False)
        if account.disabled_at is not None:
            return
        staff.change(connection, number, disabled_at=now)
        tokens.drop_links(connection, number, now)
        staff.end_sessions(connection, number, now)
        audit.record(connection, by, "staff.disabled", f"staff:{number}")


def enable(engine: Engine, by: Caller, number: int, *, now: datetime) -> None:
    """Let an account's person in again, with the password that they had."""
    with transaction(engine, latest=True) as connection:
        if there(connection, number).disabled_at is None:
            return
        staff.change(connection, number, disabled_at=None)
        audit.record(connection, by, "staff.enabled", f"staff:{number}")


def change_password(
    engine: Engine, by: Caller, old: str, new: str, *, now: datetime, kept: str
) -> None:
    """Let a person set another password; every session but the one of the hash `kept` ends.

    Raises `WrongPassword` for the old one, `Refused` for a new one that will not do.
    """
    number = by.id or 0
    with transaction(engine, latest=True) as connection:
        account = there(connection, number)
    check_password(new, account.login)
    if not matches(old, account.password_hash)[0]:
        raise WrongPassword
    hashed = hash_password(new)
    with transaction(engine, latest=True) as connection:
        put_password(connection, by, there(connection, number), hashed, now=now, kept=kept)


def put_password(
    connection: Connection,
    by: Caller,
    account: Account,
    hashed: str,
    *,
    now: datetime,
    kept: str | None = None,
) -> None:
    """Store a password's hash; sessions but `kept`, and links that were made before, end."""
    staff.change(connection, account.id, password_hash=hashed)
    tokens.drop_links(connection, account.id, now)
    staff.end_sessions(connection, account.id, now, but=kept)
    audit.record(connection, by, "staff.password_set", f"staff:{account.id}")


def there(connection: Connection, number: int) -> Account:
    """The account, locked until the transaction ends; raises `NotThere`."""
    account = staff.find(connection, number, locked=True)
    if account is None:
        raise NotThere("その職員はいません。一覧を開き直してください。")
    return account


def keep_an_administrator(
    connection: Connection, by: Caller, account: Account, stays: bool
) -> None:
    """Refuse whoever would take the own account from themselves: nobody could give it back."""
    if by.id == account.id and not stays and Role.ADMINISTRATOR in account.roles:
        raise Refused("自分の管理者の役割は外せません。ほかの管理者に頼んでください。")


def checked_roles(roles: Iterable[Role]) -> frozenset[Role]:
    """Roles that one person may have together."""
    wanted = frozenset(roles) - {Role.RESIDENT}
    if not wanted:
        raise Refused("役割を一つ以上選んでください。")
    if Role.ADMINISTRATOR in wanted and wanted & NOT_BESIDE_ADMINISTRATOR:
        raise Refused("管理者に他の役割は付けられません。別の人の役割にしてください。")
    return wanted


def checked_login(login: str) -> str:
    """A login as it is stored."""
    folded = folded_login(login)
    if not 2 <= len(folded) <= LONGEST or not folded.isprintable() or " " in folded:
        raise Refused(f"ログイン名は空白なしで2〜{LONGEST}文字にしてください。")
    return folded


def checked_name(name: str) -> str:
    """A name as it is shown."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST or not name.isprintable():
        raise Refused(f"名前を{LONGEST}文字までで書いてください。")
    return name
