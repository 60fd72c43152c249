"""Gauges at the console: sensors with their tokens, readings out of files, who is silent."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import click

from city.staff import CONSOLE
from data.errors import BrokenSource
from hazards.errors import HazardError
from hazards.levelunits import Unit
from operations.commands.common import engine
from operations.errors import Refused

FAULTS: Final = 20
"""Broken rows of a file that are listed."""


@click.group()
def gauge() -> None:
    """水位: sensors at gauges and what they read. No reading opens a street."""


@gauge.command("add")
@click.argument("name")
@click.option("--gauge", "at", required=True, help="The gauge, as the city's file names it.")
@click.option("--river", default="", help="Its river, where two gauges have one name.")
@click.option("--unit", type=click.Choice([str(one) for one in Unit]), default="m")
@click.option("--purpose", default="", help="What it is for, in a line.")
@click.option("--code", help="Its number in 川の水位情報: then it comes in files, with no token.")
@click.option("--silent-after", type=click.IntRange(1, 1440), default=30, help="Minutes.")
def add(
    name: str, at: str, river: str, unit: str, purpose: str, code: str | None, silent_after: int
) -> None:
    """Add sensor NAME at a gauge of the city, and print its token, which is shown only now."""
    from operations.observing.sensors import add_sensor

    number, token = add_sensor(
        engine(),
        CONSOLE,
        name=name,
        gauge=at,
        river=river,
        unit=Unit(unit),
        purpose=purpose,
        code=code,
        silent_after=timedelta(minutes=silent_after),
        now=_now(),
    )
    click.echo(f"sensor {number}: {name}", err=True)
    if token:
        click.echo(token)
        click.echo(
            "It is shown only now. POST /api/v1/sensors/readings with the header"
            " 'Authorization: Bearer TOKEN' (docs/gauges.md).",
            err=True,
        )


@gauge.command("stop")
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
def stop(number: int) -> None:
    """Let nothing follow from sensor NUMBER any more, and its token in no longer."""
    from operations.observing.sensors import stop_sensor

    stop_sensor(engine(), CONSOLE, number, now=_now())
    click.echo(f"stopped: sensor {number}. What it shut stays shut: headquarters opens it.")


@gauge.command("read")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_context
def read(ctx: click.Context, files: Sequence[Path]) -> None:
    """Take in snapshots of 川の水位情報, in any order and as often as you like.

    A file that cannot be used does not stop the others; the exit code is 2 then.
    """
    from operations.observing.riverfile import take_river_file

    database, refused = engine(), False
    for file in files:
        try:
            taken = take_river_file(database, CONSOLE, file, _now())
        except (BrokenSource, HazardError, Refused) as error:
            click.echo(f"{error}", err=True)
            refused = True
            continue
        click.echo(
            f"{file.name}: {taken.new} new, {taken.known} known already,"
            f" {taken.elsewhere} of gauges that the city has not"
        )
        for line in taken.lines:
            click.echo(f"  {line}")
        for fault in taken.faults[:FAULTS]:
            click.echo(f"  {file.name}, {fault}", err=True)
        if len(taken.faults) > FAULTS:
            click.echo(f"  and {len(taken.faults) - FAULTS} more rows", err=True)
        refused = refused or bool(taken.faults)
    if refused:
        ctx.exit(2)


@gauge.command("list")
def list_gauges() -> None:
    """Print the gauges, their sensors with age and silence, and the rules that go by them."""
    from operations.observing.gaugelines import gauge_lines

    click.echo("\n".join(gauge_lines(engine(), _now())) or "the city has no gauge")


def _now() -> datetime:
    return datetime.now(UTC)


COMMANDS: Final = {"gauge": gauge}
