"""Sessions: who has signed in, for how long, and what a page of theirs sends back.

Secrets are handed out once; the database holds their hashes.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine

from city.staff import Caller
from data.database import transaction
from data.errors import NoDatabase
from data.people import audit, staff, tokens
from data.people.staff import Account, Session
from operations.errors import Refused
from operations.people.accounts import folded_login
from operations.people.passwords import matches

LIFE: Final = timedelta(hours=12)
"""A shift with its hand-over: whoever works longer signs in again."""
IDLE: Final = timedelta(hours=2)
"""Nobody sits any more at a screen that asked for nothing this long."""
SEEN_EVERY: Final = timedelta(minutes=1)
"""How closely it is known when somebody was last seen: a row is written no more often."""


class WrongSignIn(Refused):
    """Login or password is wrong, or the account disabled: which of them is not said.

    `account` is the number of the account whose login was given, for the audit log.
    """

    def __init__(self, account: int | None) -> None:
        super().__init__("ログイン名かパスワードが違います。")
        self.account = account


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that began: the token is known to nobody else."""

    token: str
    caller: Caller


@dataclass(frozen=True, slots=True)
class Credential:
    """What let a caller in, to look later whether it still does."""

    kind: str
    token_hash: str


def new_secret() -> str:
    """256 random bits, as an address may hold them."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is stored of a secret: it is random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def csrf_of_token(token: str) -> str:
    """What a page sends back with every change: only who holds the cookie can know it."""
    return hmac.new(token.encode(), b"nigemichi csrf", hashlib.sha256).hexdigest()


def sign_in(engine: Engine, login: str, password: str, *, now: datetime) -> SignedIn:
    """Begin a session by login and password; raises `WrongSignIn`."""
    with transaction(engine, latest=True) as connection:
        found = staff.find_by_login(connection, folded_login(login))
    right, renewed = matches(password, found.password_hash if found else None)
    if found is None or not right:
        raise WrongSignIn(found.id if found else None)
    with transaction(engine, latest=True) as connection:
        account = staff.find(connection, found.id, locked=True)
        if account is None or account.password_hash != found.password_hash:
            raise WrongSignIn(found.id)
        if account.disabled_at is not None:
            raise WrongSignIn(found.id)
        if renewed:
            staff.change(connection, account.id, password_hash=renewed)
        return begin(connection, account, now=now, by="password")


def begin(connection: Connection, account: Account, *, now: datetime, by: str) -> SignedIn:
    """Begin a session of an account; `by` says how it was let in."""
    token = new_secret()
    staff.begin_session(connection, hash_of(token), account.id, now)
    audit.record(connection, account.caller, "session.begun", by)
    return SignedIn(token, account.caller)


def sign_out(engine: Engine, token: str, by: Caller, *, now: datetime) -> None:
    """End a session at once."""
    with transaction(engine, latest=True) as connection:
        if by.id is not None and staff.end_sessions(connection, by.id, now, only=hash_of(token)):
            audit.record(connection, by, "session.ended")


def caller_of_session(engine: Engine, token: str, *, now: datetime) -> Caller | None:
    """Whose session it is; None where it was ended, is too old, or never was."""
    shown = Credential("session", hash_of(token))
    return callers_of(engine, [shown], now=now).get(shown)


def caller_of_device(engine: Engine, token: str, *, now: datetime) -> Caller | None:
    """Which tablet it is; None where it was revoked, or never was."""
    shown = Credential("device", hash_of(token))
    return callers_of(engine, [shown], now=now).get(shown)


def still_hold(
    engine: Engine, shown: Collection[Credential], *, now: datetime
) -> Collection[Credential]:
    """Those that still let their callers in: for sockets, whose being open is no use of them."""
    return callers_of(engine, shown, now=now, in_use=False).keys()


def callers_of(
    engine: Engine, shown: Collection[Credential], *, now: datetime, in_use: bool = True
) -> dict[Credential, Caller]:
    """Whom each of these lets in; those that let nobody in, or no longer, are left out.

    Noted as seen where they are `in_use`.
    """
    by_kind = {
        kind: [one.token_hash for one in shown if one.kind == kind]
        for kind in ("session", "device")
    }
    with transaction(engine, latest=True) as connection:
        sessions = staff.find_sessions(connection, by_kind["session"]) if by_kind["session"] else {}
        devices = tokens.find_devices(connection, by_kind["device"]) if by_kind["device"] else {}
    sessions = {hashed: one for hashed, one in sessions.items() if not _is_over(one, now)}
    old = [hashed for hashed, one in sessions.items() if _is_long_ago(one.seen_at, now)]
    if in_use and old:
        _note(engine, lambda connection: staff.see_sessions(connection, old, now))
    idle = [one.id for one in devices.values() if _is_long_ago(one.seen_at, now)]
    if in_use and idle:
        _note(engine, lambda connection: tokens.see_devices(connection, idle, now))
    found = {Credential("session", hashed): one.caller for hashed, one in sessions.items()}
    return found | {Credential("device", hashed): one.caller for hashed, one in devices.items()}


def _is_over(session: Session, now: datetime) -> bool:
    return now - session.created_at >= LIFE or now - session.seen_at >= IDLE


def _is_long_ago(seen_at: datetime | None, now: datetime) -> bool:
    return seen_at is None or now - seen_at >= SEEN_EVERY


def _note(engine: Engine, write: Callable[[Connection], None]) -> None:
    """Write what may be missed: with the disk full, people still get in."""
    with suppress(NoDatabase), transaction(engine, latest=True) as connection:
        write(connection)
