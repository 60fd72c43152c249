"""Accounts of those who work for the city, and their sessions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, any_, func, select, update

from city.staff import Caller, CallerKind, Role
from data import tables
from data.live import outbox


@dataclass(frozen=True, slots=True)
class Account:
    """One person's account; `password_hash` is None where nobody has set a password."""

    id: int
    login: str
    name: str
    roles: frozenset[Role]
    password_hash: str | None
    has_identity: bool
    disabled_at: datetime | None

    @property
    def caller(self) -> Caller:
        """Who calls in this account."""
        return Caller(CallerKind.STAFF, self.id, self.name, self.roles)


@dataclass(frozen=True, slots=True)
class Session:
    """A session that nobody has ended, of an account that is not disabled."""

    caller: Caller
    created_at: datetime
    seen_at: datetime


KNOWN_ROLES: Final = {str(role): role for role in Role}


def roles_of(names: Sequence[str]) -> frozenset[Role]:
    """The roles of these names; what is none is left out."""
    return frozenset(KNOWN_ROLES[name] for name in names if name in KNOWN_ROLES)


def add(connection: Connection, login: str, name: str, roles: frozenset[Role]) -> int:
    """Add an account that cannot be signed in to yet; returns its number."""
    query = (
        tables.staff.insert()
        .values(login=login, name=name, roles=sorted(roles))
        .returning(tables.staff.c.id)
    )
    return int(connection.execute(query).scalar_one())


def find(connection: Connection, number: int, *, locked: bool = False) -> Account | None:
    """The account with a number; `locked` until the transaction ends."""
    query = select(tables.staff).where(tables.staff.c.id == number)
    row = connection.execute(query.with_for_update() if locked else query).first()
    return _account(row) if row else None


def find_by_login(connection: Connection, login: str) -> Account | None:
    """The account with a login, as `folded_login` spells it."""
    row = connection.execute(select(tables.staff).where(tables.staff.c.login == login)).first()
    return _account(row) if row else None


def find_by_identity(connection: Connection, issuer: str, subject: str) -> Account | None:
    """The account that belongs to an identity of the city's own sign-on."""
    table = tables.staff
    query = select(table).where(table.c.oidc_issuer == issuer, table.c.oidc_subject == subject)
    row = connection.execute(query).first()
    return _account(row) if row else None


def everybody(connection: Connection) -> list[Account]:
    """All accounts, those that are disabled last."""
    table = tables.staff
    query = select(table).order_by(table.c.disabled_at.isnot(None), table.c.login)
    return [_account(row) for row in connection.execute(query)]


def names(connection: Connection, numbers: Collection[int | None]) -> dict[int, str]:
    """The names of these accounts by their numbers; None is nobody."""
    table = tables.staff
    asked = {one for one in numbers if one is not None}
    query = select(table.c.id, table.c.name).where(table.c.id.in_(asked))
    return {row.id: row.name for row in connection.execute(query)}


def change(connection: Connection, number: int, **values: Any) -> None:
    """Set columns of an account."""
    connection.execute(update(tables.staff).where(tables.staff.c.id == number).values(**values))


def begin_session(connection: Connection, token_hash: str, number: int, now: datetime) -> None:
    """Let whoever holds the token of this hash be that account."""
    values = {"token_hash": token_hash, "staff_id": number, "created_at": now, "seen_at": now}
    connection.execute(tables.staff_session.insert().values(values))


def find_sessions(connection: Connection, token_hashes: Sequence[str]) -> dict[str, Session]:
    """The sessions by token, without those that were ended or whose account is disabled."""
    session, account = tables.staff_session, tables.staff
    query = (
        select(session.c.token_hash, session.c.created_at, session.c.seen_at)
        .add_columns(account.c.id, account.c.name, account.c.roles)
        .join(account, account.c.id == session.c.staff_id)
        .where(session.c.token_hash == func.any(list(token_hashes)), session.c.ended_at.is_(None))
        .where(account.c.disabled_at.is_(None))
    )
    return {row.token_hash: _session(row) for row in connection.execute(query)}


def see_sessions(connection: Connection, token_hashes: Sequence[str], now: datetime) -> None:
    """Note that sessions are in use."""
    table = tables.staff_session
    query = update(table).where(table.c.token_hash == func.any(list(token_hashes)))
    connection.execute(query.values(seen_at=now))


def end_sessions(
    connection: Connection,
    number: int,
    now: datetime,
    *,
    only: str | None = None,
    but: str | None = None,
) -> int:
    """End an account's sessions, `only` one or all `but` one (hashes); returns how many.

    Late in a transaction (`latest`): whoever follows the live stream by them is let go at once.
    """
    table = tables.staff_session
    query = update(table).where(table.c.staff_id == number, table.c.ended_at.is_(None))
    if only is not None:
        query = query.where(table.c.token_hash == only)
    if but is not None:
        query = query.where(table.c.token_hash != but)
    ended = connection.execute(query.values(ended_at=now)).rowcount
    if ended:
        outbox.look_again(connection)
    return ended


def has_administrator(connection: Connection) -> bool:
    """Whether anybody can administer accounts: not disabled, and able to sign in."""
    table = tables.staff
    query = select(func.count()).where(
        any_(table.c.roles) == str(Role.ADMINISTRATOR),
        table.c.disabled_at.is_(None),
        table.c.password_hash.isnot(None) | table.c.oidc_subject.isnot(None),
    )
    return bool(connection.execute(query).scalar_one())


def _account(row: Row[Any]) -> Account:
    return Account(
        id=row.id,
        login=row.login,
        name=row.name,
        roles=roles_of(row.roles),
        password_hash=row.password_hash,
        has_identity=row.oidc_subject is not None,
        disabled_at=row.disabled_at,
    )


def _session(row: Row[Any]) -> Session:
    caller = Caller(CallerKind.STAFF, row.id, row.name, roles_of(row.roles))
    return Session(caller, row.created_at, row.seen_at)
