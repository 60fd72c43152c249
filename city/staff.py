"""Who works for the city, and in which role."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody may be here; nobody needs a role to ask for guidance."""

    RESIDENT = "resident"
    FIELD = "field"
    DESK = "desk"
    PHONE = "phone"
    OPERATOR = "operator"
    APPROVER = "approver"
    WELFARE = "welfare"
    ADMINISTRATOR = "administrator"
    SENSOR = "sensor"


NOT_BESIDE_ADMINISTRATOR: Final = frozenset(Role) - {Role.ADMINISTRATOR, Role.RESIDENT}
"""An administrator makes accounts and has neither data nor approval: no other role beside it."""


class CallerKind(StrEnum):
    """How a caller is known."""

    PUBLIC = "public"
    STAFF = "staff"
    DEVICE = "device"
    CONSOLE = "console"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever asks for something: a person with an account, a tablet, the machine's console.

    `site_id` binds a tablet to one place; None does not bind.
    """

    kind: CallerKind
    id: int | None
    name: str
    roles: frozenset[Role]
    site_id: str | None = None

    @property
    def actor(self) -> str:
        """Who it is in the audit log: "staff:3", "device:5", "console"; never a name."""
        return self.kind if self.id is None else f"{self.kind}:{self.id}"

    def may_speak_for(self, site_id: str) -> bool:
        """Whether a tablet's words about a place are believed: those of the place it stands in."""
        return self.site_id is None or self.site_id == site_id


PUBLIC: Final = Caller(CallerKind.PUBLIC, None, "", frozenset({Role.RESIDENT}))
CONSOLE: Final = Caller(CallerKind.CONSOLE, None, "console", frozenset(Role) - {Role.RESIDENT})
"""Whoever may start commands on the server itself."""
SYSTEM: Final = Caller(CallerKind.SYSTEM, None, "system", frozenset())
"""What happens by itself, at its time."""
