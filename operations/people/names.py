"""Who works here, for whoever administers accounts."""

from sqlalchemy import Engine

from data.database import transaction
from data.errors import NotThere
from data.people import staff, tokens
from data.people.staff import Account
from data.people.tokens import Device


def everybody(engine: Engine) -> tuple[list[Account], list[Device]]:
    """All accounts and all tablets."""
    with transaction(engine, latest=True) as connection:
        return staff.everybody(connection), tokens.devices(connection)


def name_of(engine: Engine, number: int) -> str:
    """The name of an account; raises `NotThere`."""
    with transaction(engine, latest=True) as connection:
        found = staff.find(connection, number)
    if found is None:
        raise NotThere("その職員はいません。一覧を開き直してください。")
    return found.name


def names(engine: Engine) -> dict[str, str]:
    """Names by what the audit log calls somebody: "staff:3", "device:5"."""
    there, tablets = everybody(engine)
    return {f"staff:{one.id}": f"{one.name}（{one.login}）" for one in there} | {
        f"device:{one.id}": f"端末 {one.name}" for one in tablets
    }
