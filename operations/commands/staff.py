"""Accounts, from the server's own console: the first administrator, and whoever cannot get in."""

import os
from datetime import UTC, datetime
from typing import Final

import click

from city.staff import CONSOLE
from data.database import transaction
from data.errors import NotThere
from data.people import staff as rows
from operations.commands.common import engine
from operations.people import links
from operations.people.accounts import folded_login

HERE: Final = "http://127.0.0.1:8080"

_ADDRESS = click.option(
    "--address",
    default=lambda: os.environ.get("NIGEMICHI_ADDRESS") or HERE,
    show_default="NIGEMICHI_ADDRESS, or this machine",
    help="Where browsers find the server.",
)


@click.group()
def staff() -> None:
    """Accounts of those who work for the city."""


@staff.command("first-admin")
@_ADDRESS
@click.option("--if-none", is_flag=True, help="Say nothing where there is an administrator.")
def first_admin(address: str, if_none: bool) -> None:
    """Print a one-time link that makes the first administrator. There is no default password."""
    if if_none:
        with transaction(engine()) as connection:
            if rows.has_administrator(connection):
                return
    code = links.first_administrator_code(engine(), CONSOLE, now=datetime.now(UTC))
    _print(address, code, "make the first administrator")


@staff.command("link")
@click.argument("login")
@_ADDRESS
def link(login: str, address: str) -> None:
    """Print a one-time link by which the person with LOGIN sets a new password."""
    found = engine()
    with transaction(found) as connection:
        account = rows.find_by_login(connection, folded_login(login))
    if account is None:
        raise NotThere("nobody has that login: nigemichi staff list shows all")
    code = links.password_code(found, CONSOLE, account.id, now=datetime.now(UTC))
    _print(address, code, "set a new password")


@staff.command("list")
def list_staff() -> None:
    """Print the accounts: number, login, roles."""
    with transaction(engine()) as connection:
        for account in rows.everybody(connection):
            said = " disabled" if account.disabled_at else ""
            said += "" if account.password_hash or account.has_identity else " not signed in yet"
            click.echo(f"{account.id} {account.login} {','.join(sorted(account.roles))}{said}")


def _print(address: str, code: str, what: str) -> None:
    click.echo(links.link_to(address, code))
    click.echo(
        f"Open it within {links.LIFE.total_seconds() / 3600:.0f} hours to {what};"
        " it works once. On another machine: --address https://…",
        err=True,
    )


COMMANDS: Final = {"staff": staff}
