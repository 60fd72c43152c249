"""Who calls: found by the gate (`api/gate/gate.py`) before any route is entered."""

from typing import Final

from starlette.requests import HTTPConnection

from city.staff import PUBLIC, Caller
from operations.people.signing import Credential

CALLER: Final = "nigemichi.caller"
CSRF: Final = "nigemichi.csrf"
CREDENTIAL: Final = "nigemichi.credential"
"""Keys of the ASGI scope."""


def caller_of(connection: HTTPConnection) -> Caller:
    """Who calls; whoever is not known is the public."""
    found: Caller = connection.scope.get(CALLER, PUBLIC)
    return found


def csrf_of(connection: HTTPConnection) -> str:
    """What a page of this caller sends back with every change; empty for the public."""
    return str(connection.scope.get(CSRF, ""))


def credential_of(connection: HTTPConnection) -> Credential | None:
    """What let the caller in: sockets ask `operations.people.signing.still_hold` again."""
    found: Credential | None = connection.scope.get(CREDENTIAL)
    return found
