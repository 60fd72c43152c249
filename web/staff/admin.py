"""Pages of the administrator: people, tablets, and what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from city.staff import Caller, Role
from routing.ground import CityCard
from web.qr import qr_svg
from web.staff.frame import ROLE_NAMES, staff_page

OFFERED: Final = tuple(role for role in ROLE_NAMES if role not in (Role.RESIDENT, Role.SENSOR))
DEVICE_ROLES: Final = (Role.DESK, Role.FIELD)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """An account in the list."""

    number: int
    login: str
    name: str
    roles: frozenset[Role]
    state: str
    disabled: bool
    is_self: bool

    @property
    def role_words(self) -> str:
        """The roles in words."""
        return "・".join(ROLE_NAMES[role] for role in ROLE_NAMES if role in self.roles)


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A tablet in the list."""

    number: int
    name: str
    role: str
    place: str
    seen_at: datetime | None
    revoked: bool


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of the audit log, with names for those who have one."""

    number: int
    at: datetime
    who: str
    action: str
    subject: str
    details: str


@dataclass(frozen=True, slots=True)
class Made:
    """A link that is shown once: for whom, and whether a tablet's camera is to read it."""

    whom: str
    address: str
    for_device: bool

    @property
    def code(self) -> Markup:
        """The address as a QR code."""
        return qr_svg(self.address) if self.for_device else Markup()


def admin_page(
    card: CityCard | None,
    *,
    caller: Caller,
    csrf: str,
    people: Sequence[PersonRow],
    devices: Sequence[DeviceRow],
    places: Sequence[tuple[str, str]],
    made: Made | None = None,
    error: str = "",
) -> str:
    """Who works here, which tablets are let in, and forms to change it."""
    values = {
        "people": people,
        "devices": devices,
        "places": places,
        "made": made,
        "error": error,
        "offered": [(str(role), ROLE_NAMES[role]) for role in OFFERED],
        "device_roles": [(str(role), ROLE_NAMES[role]) for role in DEVICE_ROLES],
        "role_names": {str(role): name for role, name in ROLE_NAMES.items()},
    }
    return _page("admin", "職員と端末", card, caller, csrf, values)


def audit_page(
    card: CityCard | None, *, caller: Caller, csrf: str, entries: Sequence[EntryRow]
) -> str:
    """What was done last, newest first."""
    return _page("audit", "操作の記録", card, caller, csrf, {"entries": entries})


def _page(
    template: str,
    title: str,
    card: CityCard | None,
    caller: Caller,
    csrf: str,
    values: dict[str, Any],
) -> str:
    zone = ZoneInfo(card.timezone if card else "Asia/Tokyo")
    return staff_page(
        template,
        title=title,
        caller=caller,
        csrf=csrf,
        card=card,
        styles=["account.css"],
        values=values | {"local": lambda at: f"{at.astimezone(zone):%m/%d %H:%M}"},
    )
