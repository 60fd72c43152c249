"""Tablets: let in by a token that is shown once, at one place, until somebody revokes it."""

from datetime import datetime
from typing import Final

from sqlalchemy import Engine

from city.staff import Caller, Role
from data.database import transaction
from data.errors import NotThere
from data.people import audit, tokens
from data.rows import current_load, read_sites
from operations.errors import Refused
from operations.people.accounts import checked_name
from operations.people.signing import hash_of, new_secret

ROLES: Final = (Role.DESK, Role.FIELD)
"""What a tablet may be: whatever needs a person's judgement needs that person's account."""
PATH: Final = "/desk/join"


def add_device(
    engine: Engine, by: Caller, *, name: str, role: Role, site_id: str | None, now: datetime
) -> tuple[int, str]:
    """Add a tablet; returns its number and the token, which nobody can read again.

    Raises `Refused` for a role that tablets do not have or a desk without a place, `NotThere`.
    """
    name = checked_name(name)
    if role not in ROLES:
        raise Refused("端末の役割は、避難場所受付か現地です。")
    if role == Role.DESK and not site_id:
        raise Refused("受付の端末を置く避難場所を選んでください。")
    token = new_secret()
    with transaction(engine, latest=True) as connection:
        if site_id:
            load = current_load(connection)
            if site_id not in {site.id for site in read_sites(connection, load.id)}:
                raise NotThere("その避難場所はありません。一覧から選んでください。")
        number = tokens.add_device(
            connection,
            name=name,
            role=str(role),
            site_id=site_id or None,
            token_hash=hash_of(token),
            created_by=by.id,
            created_at=now,
        )
        audit.record(
            connection, by, "device.added", f"device:{number}", role=role, site=site_id or None
        )
    return number, token


def join(engine: Engine, token: str, *, now: datetime) -> Caller | None:
    """Register a browser as the tablet of a token; None where it is revoked, or there is none."""
    with transaction(engine, latest=True) as connection:
        device = tokens.find_device(connection, hash_of(token))
        if device is None:
            return None
        tokens.see_devices(connection, [device.id], now)
        audit.record(connection, device.caller, "device.joined", f"device:{device.id}")
        return device.caller


def places(engine: Engine) -> list[tuple[str, str]]:
    """Id and name of every place where a tablet may stand."""
    with transaction(engine, latest=True) as connection:
        load = current_load(connection)
        return [(site.id, site.name) for site in read_sites(connection, load.id)]


def revoke_device(engine: Engine, by: Caller, number: int, *, now: datetime) -> None:
    """Let a tablet in no longer, from now."""
    with transaction(engine, latest=True) as connection:
        if not tokens.revoke_device(connection, number, now):
            raise NotThere("その端末はないか、もう止めてあります。")
        audit.record(connection, by, "device.revoked", f"device:{number}")


def link_to(base: str, token: str) -> str:
    """The address that lets a tablet in: what follows the # goes to no server."""
    return f"{base.rstrip('/')}{PATH}#{token}"
