"""Accounts, tablets and the audit log: for administrators, who see no data and approve nothing."""

from collections.abc import Callable, Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy import Engine

from api.caller import caller_of, csrf_of
from api.staff.staffpages import card_of, see_other, staff_html
from api.state import engine_of
from city.staff import Caller, Role
from data.errors import NoCity, NotThere
from data.people.audit import Entry
from data.people.staff import Account
from data.people.tokens import Device
from operations.errors import Refused
from operations.people import accounts, auditing, devices, links
from operations.people import names as people
from operations.serving import utc_now
from web.staff.admin import (
    DeviceRow,
    EntryRow,
    Made,
    PersonRow,
    admin_page,
    audit_page,
)
from web.staff.auditwords import WHO, action_words, details_words

router = APIRouter(prefix="/admin", include_in_schema=False)

Field = Annotated[str, Form(max_length=200)]
SHOWN: Final = 100
"""Entries of the audit log on its page."""


@router.get("")
def admin(request: Request) -> Response:
    """People and tablets."""
    return _admin(request)


@router.post("/staff")
def add_staff(
    request: Request,
    login: Field = "",
    name: Field = "",
    roles: Annotated[list[str], Form()] = [],  # noqa: B006  FastAPI copies it
) -> Response:
    """Add a person, and show the link by which they set a password."""

    def act(engine: Engine, by: Caller) -> Made:
        wanted, now = _roles(roles), utc_now()
        number = accounts.add_staff(engine, by, login=login, name=name, roles=wanted, now=now)
        code = links.password_code(engine, by, number, now=now)
        return Made(name, links.link_to(_base(request), code), for_device=False)

    return _acted(request, act)


@router.post("/staff/{number}")
def change_staff(
    request: Request,
    number: int,
    do: Field = "",
    roles: Annotated[list[str], Form()] = [],  # noqa: B006  FastAPI copies it
) -> Response:
    """Give other roles, disable, enable, or make a new link."""

    def act(engine: Engine, by: Caller) -> Made | None:
        now = utc_now()
        if do == "link":
            code = links.password_code(engine, by, number, now=now)
            name = people.name_of(engine, number)
            return Made(name, links.link_to(_base(request), code), for_device=False)
        if do == "roles":
            accounts.set_roles(engine, by, number, _roles(roles), now=now)
        elif do == "disable":
            accounts.disable(engine, by, number, now=now)
        elif do == "enable":
            accounts.enable(engine, by, number, now=now)
        else:
            raise Refused(_NO_SUCH)
        return None

    return _acted(request, act)


@router.post("/devices")
def add_device(request: Request, name: Field = "", role: Field = "", site: Field = "") -> Response:
    """Add a tablet, and show its token once."""

    def act(engine: Engine, by: Caller) -> Made:
        wanted = next((one for one in devices.ROLES if one == role), Role.RESIDENT)
        _, token = devices.add_device(
            engine, by, name=name, role=wanted, site_id=site or None, now=utc_now()
        )
        return Made(name, devices.link_to(_base(request), token), for_device=True)

    return _acted(request, act)


@router.post("/devices/{number}")
def change_device(request: Request, number: int, do: Field = "") -> Response:
    """Revoke a tablet."""

    def act(engine: Engine, by: Caller) -> None:
        if do != "revoke":
            raise Refused(_NO_SUCH)
        devices.revoke_device(engine, by, number, now=utc_now())

    return _acted(request, act)


@router.get("/audit")
def audit(request: Request) -> Response:
    """What was done last."""
    engine = engine_of(request)
    names = people.names(engine)
    rows = [_entry(entry, names) for entry in auditing.last_entries(engine, SHOWN)]
    page = audit_page(
        card_of(request), caller=caller_of(request), csrf=csrf_of(request), entries=rows
    )
    return staff_html(page)


_NO_SUCH: Final = "その操作はありません。画面を開き直してください。"


def _acted(request: Request, act: Callable[[Engine, Caller], Made | None]) -> Response:
    """Do it; what was made is shown once, what was refused is said."""
    try:
        made = act(engine_of(request), caller_of(request))
    except (Refused, NotThere) as error:
        return _admin(request, error=str(error), status=422)
    return _admin(request, made=made) if made else see_other("/admin")


def _admin(
    request: Request, *, made: Made | None = None, error: str = "", status: int = 200
) -> Response:
    engine, caller = engine_of(request), caller_of(request)
    there, tablets = people.everybody(engine)
    places = _places(engine)
    page = admin_page(
        card_of(request),
        caller=caller,
        csrf=csrf_of(request),
        people=[_person(one, caller) for one in there],
        devices=[_device(one, dict(places)) for one in tablets],
        places=places,
        made=made,
        error=error,
    )
    return staff_html(page, status)


def _places(engine: Engine) -> list[tuple[str, str]]:
    try:
        return devices.places(engine)
    except NoCity:
        return []


def _person(one: Account, caller: Caller) -> PersonRow:
    if one.disabled_at is not None:
        state = "止めてあります"
    elif one.password_hash or one.has_identity:
        state = "使えます"
    else:
        state = "まだサインインしていません"
    return PersonRow(
        one.id,
        one.login,
        one.name,
        one.roles,
        state,
        disabled=one.disabled_at is not None,
        is_self=one.id == caller.id,
    )


def _device(one: Device, places: Mapping[str, str]) -> DeviceRow:
    place = places.get(one.site_id, one.site_id) if one.site_id else ""
    return DeviceRow(
        one.id, one.name, one.role, place, one.seen_at, revoked=one.revoked_at is not None
    )


def _entry(entry: Entry, names: Mapping[str, str]) -> EntryRow:
    """Names for numbers; the log itself holds none."""
    return EntryRow(
        entry.number,
        entry.at,
        names.get(entry.actor) or WHO.get(entry.actor, entry.actor),
        action_words(entry.action),
        names.get(entry.subject, entry.subject),
        details_words(entry.details),
    )


def _roles(names: list[str]) -> list[Role]:
    return [role for role in Role if role in names]


def _base(request: Request) -> str:
    return str(request.base_url)
