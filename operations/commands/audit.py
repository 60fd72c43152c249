"""The audit log, checked and read."""

import json
from typing import Final

import click

from operations.commands.common import engine
from operations.people import audithead, auditing
from operations.settings import from_environment


@click.group()
def audit() -> None:
    """Who changed what, and who was refused: a log that is only added to."""


@audit.command("verify")
@click.option("--head", help="A hash that was the last one earlier: is its entry still there?")
@click.pass_context
def verify(ctx: click.Context, head: str | None) -> None:
    """Check every entry against the one before it; exit code 1 names the first that is broken.

    That the last entries were cut off shows against the head that the planner notes each minute in
    the state folder. Whoever can write there too is found out by a head noted elsewhere: --head.
    """
    state = from_environment().state
    found = auditing.verify(engine(), head or audithead.noted_head(state))
    if found.broken is not None:
        click.echo(f"broken at entry {found.broken}: {found.why}", err=True)
        ctx.exit(1)
    click.echo(f"{found.entries} entries, head {found.head}")


@audit.command("list")
@click.option("--last", default=20, show_default=True, type=click.IntRange(1, 10_000))
def list_entries(last: int) -> None:
    """Print the newest entries, oldest first."""
    for entry in reversed(auditing.last_entries(engine(), last)):
        said = json.dumps(entry.details, ensure_ascii=False, sort_keys=True)
        at = entry.at.astimezone().isoformat(timespec="seconds")
        click.echo(f"{entry.number} {at} {entry.actor} {entry.action} {entry.subject} {said}")


COMMANDS: Final = {"audit": audit}
