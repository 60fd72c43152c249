"""Paper for a neighbourhood association: a slip for each household, a sheet for each 班."""

import os
import re
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click

from city.staff import CONSOLE
from data.database import transaction
from hazards.kinds import HazardKind
from operations.commands.common import engine
from operations.errors import Refused
from operations.serving import CurrentVersion, utc_now
from operations.settings import state_folder
from operations.wording import phone_number

HERE: Final = "http://127.0.0.1:8080"
ADDRESS_LETTERS: Final = 200
DAYS: Final = 366
DAYS_TONIGHT: Final = 3
_ADDRESS: Final = re.compile(r"https?://[^\s/?#@\\]+/?", re.IGNORECASE)
_TIME: Final = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d")


@click.command("slips")
@click.option(
    "--district", "areas", multiple=True, required=True, help="A 町丁目; may be repeated."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option(
    "--address",
    default=lambda: os.environ.get("NIGEMICHI_ADDRESS") or HERE,
    show_default="NIGEMICHI_ADDRESS, or this machine",
    help="Where phones find the server.",
)
@click.option("--hazard", "hazards", multiple=True, type=click.Choice([str(k) for k in HazardKind]))
@click.option(
    "--withdraw", default="", help="HH:MM at which all who call at doors are back; sheets need it."
)
@click.option("--phone", default="", help="The number to call, for residents and for tallies.")
@click.option(
    "--tonight",
    is_flag=True,
    help="For what is in force now: with its orders, water, counts and kept rooms.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 1100),
    help="How long the codes let in.",
    show_default=f"{DAYS}, with --tonight {DAYS_TONIGHT}",
)
@click.option("--slips-only", is_flag=True, help="No sheets of the 班.")
@click.option("--sheets-only", is_flag=True, help="No slips, and so no links.")
def slips(
    areas: Sequence[str],
    out: Path,
    address: str,
    hazards: Sequence[str],
    withdraw: str,
    phone: str,
    tonight: bool,
    days: int | None,
    slips_only: bool,
    sheets_only: bool,
) -> None:
    """Print slips and 班 sheets of a neighbourhood into a PDF. It holds links: keep it as such.

    They are for a night that has not come, whatever is in force now; --tonight prints for that.
    """
    from operations.planning.whatif import if_all_leave, if_all_leave_tonight
    from operations.sheets.printing import Print, print_sheets

    if slips_only and sheets_only:
        raise Refused("--slips-only or --sheets-only, not both: without either, both are printed")
    if not slips_only and not withdraw:
        raise Refused(
            "no sheet of a 班 goes out without the time at which who calls at doors comes back:"
            " --withdraw 21:30, or print --slips-only"
        )
    asked = Print(
        areas=areas,
        address=_address(address, needed=not sheets_only),
        hazards=frozenset(HazardKind(hazard) for hazard in hazards),
        withdraw=_clock_time(withdraw),
        phone=phone_number(phone, "電話番号"),
        slips=not sheets_only,
        sheets=not slips_only,
        lasts=timedelta(days=days or (DAYS_TONIGHT if tonight else DAYS)),
        tonight=tonight,
    )
    begun = time.monotonic()
    current = CurrentVersion(state_folder())
    current.refresh()
    database, now = engine(), utc_now()
    plan = if_all_leave_tonight if tonight else if_all_leave
    with transaction(database) as connection:
        night = plan(connection, current.ground_folder, current.version, asked.hazards, now)
    done = print_sheets(
        database,
        current,
        CONSOLE,
        asked,
        out,
        planned=night.place,
        night=night.version,
        progress=lambda what: click.echo(f"  [{time.monotonic() - begun:5.1f} s] {what}", err=True),
        now=now,
    )
    click.echo(f"{out}: {done.slips:,} slips, {done.sheets:,} 班 sheets, readable by you alone")
    if done.without_way:
        click.echo(f"{done.without_way:,} homes have no way: their slips say what to do instead")
    if done.remark:
        click.echo(done.remark, err=True)


def _address(text: str, *, needed: bool) -> str:
    """The server's address, as it is printed into every code; raises `Refused`."""
    host = _host(text)
    if not host:
        raise Refused(
            "--address is such as https://nigemichi.example.jp, with no user, path, query or"
            f" fragment, not {text!r}"
        )
    if len(text) > ADDRESS_LETTERS:
        raise Refused(f"--address has {len(text)} letters: no code on paper holds so many")
    if needed and host in ("127.0.0.1", "localhost", "::1"):
        click.echo(
            f"the codes lead to {text}, where no phone finds it: --address https://…", err=True
        )
    return text


def _host(text: str) -> str | None:
    """The host of an address that is nothing but one; None or "" for any other."""
    try:
        parts = urlsplit(text)
        return parts.hostname if _ADDRESS.fullmatch(text) and parts.port != 0 else None
    except ValueError:
        return None


def _clock_time(text: str) -> str:
    if text and not _TIME.fullmatch(text):
        raise Refused(f"--withdraw is a time such as 21:30, not {text!r}")
    return text


COMMANDS: Final = {"slips": slips}
