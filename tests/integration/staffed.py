"""People with accounts, their sessions and their tablets, for tests that act in a role."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from sqlalchemy import Engine

from city.staff import CONSOLE, Caller, CallerKind, Role
from data.database import transaction
from data.people import staff
from operations.people.accounts import add_staff
from operations.people.devices import add_device
from operations.people.signing import begin, csrf_of_token

SESSION_COOKIE, DEVICE_COOKIE = "nigemichi", "nigemichi_device"
"""As they are called over plain http."""
ORIGIN = "http://testserver"
"""What `TestClient` asks."""
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody who may ask: a person who has signed in, or a tablet."""

    caller: Caller
    token: str
    cookie: str

    @property
    def cookies(self) -> dict[str, str]:
        """What their browser sends."""
        return {self.cookie: self.token}

    @property
    def csrf(self) -> str:
        """What their pages send back."""
        return csrf_of_token(self.token)

    def headers(self, origin: str = ORIGIN) -> dict[str, str]:
        """What our scripts send with a change."""
        return {
            "cookie": f"{self.cookie}={self.token}",
            "origin": origin,
            "x-csrf-token": self.csrf,
        }


def a_person(engine: Engine, *roles: Role, login: str = "") -> int:
    """An account without a password; returns its number."""
    login = login or f"person{next(_NUMBERS)}"
    return add_staff(
        engine, CONSOLE, login=login, name="架空 太郎", roles=roles, now=datetime.now(UTC)
    )


def signed_in(engine: Engine, *roles: Role) -> Signed:
    """A person of these roles who has just signed in."""
    number = a_person(engine, *roles)
    with transaction(engine, latest=True) as connection:
        account = staff.find(connection, number)
        assert account is not None
        made = begin(connection, account, now=datetime.now(UTC), by="test")
    return Signed(made.caller, made.token, SESSION_COOKIE)


def a_tablet(engine: Engine, site_id: str | None, role: Role = Role.DESK) -> Signed:
    """A tablet at a place of the loaded city."""
    number, token = add_device(
        engine, CONSOLE, name="受付1", role=role, site_id=site_id, now=datetime.now(UTC)
    )
    caller = Caller(CallerKind.DEVICE, number, "受付1", frozenset({role}), site_id)
    return Signed(caller, token, DEVICE_COOKIE)
