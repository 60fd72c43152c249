"""How often somebody may look for people: by address, by the name looked for, by account."""

import hashlib
from typing import Final

from fastapi import Request

from api.gate.ratelimit import Window, address_of
from city.safeword import plain_name

ADDRESS_EACH_MINUTE: Final = 60
"""Behind which a carrier has thousands of phones."""
NAME_EACH_MINUTE: Final = 6
"""Words tried for one name, from wherever: a family has a few phones, and mistypes."""
STAFF_EACH_MINUTE: Final = 20


class SafeLimits:
    """Those of one server process."""

    def __init__(self) -> None:
        self.addresses = Window(ADDRESS_EACH_MINUTE)
        self.names = Window(NAME_EACH_MINUTE)
        self.staff = Window(STAFF_EACH_MINUTE)

    def may_ask(self, request: Request, name: str) -> bool:
        """Count who asks, and for whom; this machine itself only by the name."""
        client = request.client
        address = address_of((client.host, client.port)) if client else None
        known = address is None or self.addresses.hit(address)
        # Not the name itself: what is counted stays in memory for a minute.
        named = hashlib.blake2b(plain_name(name).encode(), digest_size=16).hexdigest()
        return self.names.hit(named) and known


def safe_limits_of(request: Request) -> SafeLimits:
    """Those of the app."""
    found: SafeLimits = request.app.state.safe_limits
    return found
