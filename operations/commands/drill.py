"""`nigemichi drill`: people whom drills reach."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from city.staff import CONSOLE
from operations.commands.common import engine
from operations.errors import Refused


@click.group()
def drill() -> None:
    """People whom drills (訓練) reach: the city's own phones, apart from all who registered."""


@drill.command("add")
@click.option("--area", required=True, help="A 町丁目, as the city spells it.")
@click.option("--sms", default="", help="A mobile number.")
@click.option("--mail", default="", help="A mail address.")
@click.option("--line", default="", help="A LINE user id.")
def add(area: str, sms: str, mail: str, line: str) -> None:
    """Name somebody; drills are sent by `nigemichi deliver --drill`."""
    from alerts.kinds import ChannelKind
    from operations.registering import drilling
    from operations.registering.keyring import identity_here
    from operations.registering.keys import KEYS, find_sealer

    database = engine()
    path = os.environ.get(KEYS)
    sealer = find_sealer(identity_here(database, Path(path)) if path else None)
    if sealer is None:
        raise Refused("NIGEMICHI_KEYS is not set: nigemichi keys new makes the file")
    given = {ChannelKind.LINE: line, ChannelKind.SMS: sms, ChannelKind.MAIL: mail}
    ways = {channel: typed for channel, typed in given.items() if typed}
    number = drilling.add(database, sealer, CONSOLE, area, ways, datetime.now(UTC))
    click.echo(f"person {number} of drills: {', '.join(sorted(ways))}")


@drill.command("clear")
def clear() -> None:
    """Forget everybody of drills."""
    from operations.registering import drilling

    click.echo(f"{drilling.clear(engine(), CONSOLE, datetime.now(UTC))} forgotten")


COMMANDS: Final = {"drill": drill}
