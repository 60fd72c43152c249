"""The JMA's bulletins at the console: telegrams in, what stands, what waits for a decision."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from city.staff import CONSOLE
from data.errors import BrokenSource
from operations.commands.common import engine
from operations.errors import Refused


@click.group()
def bulletin() -> None:
    """防災気象情報: what the JMA says. It sets no order and lifts none."""


@bulletin.command("read")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_context
def read(ctx: click.Context, files: Sequence[Path]) -> None:
    """Take in the telegrams in FILES, in this order; each line says what became of one.

    A file that cannot be used does not stop the others; the exit code is 2 then.
    """
    from operations.bulletins.take_in import take_in

    database, refused = engine(), False
    for file in files:
        try:
            done = take_in(database, CONSOLE, _content(file), name=file.name, now=_now())
        except (BrokenSource, Refused) as error:
            click.echo(f"{error}", err=True)
            refused = True
            continue
        click.echo(f"{file.name}: {done.words}")
        for number in done.suggestions:
            click.echo(f"  候補 {number} が判断を待っています（nigemichi bulletin list）")
        for remark in done.remarks:
            click.echo(f"  {remark}")
    if refused:
        ctx.exit(2)


@bulletin.command("list")
def list_standing() -> None:
    """Print what stands, with its age, and the suggestions that wait for a person."""
    from operations.bulletins.boardlines import board_lines

    click.echo("\n".join(board_lines(engine(), _now())) or "nothing stands, nothing waits")


@bulletin.command("pass-over")
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
@click.option("--why", required=True, help="The reason, in a line.")
def pass_over(number: int, why: str) -> None:
    """見送り: decide that suggestion NUMBER is not followed now."""
    from operations.bulletins import decide

    decide.pass_over(engine(), CONSOLE, number, why=why, now=_now())
    click.echo(f"passed over: {number}")


@bulletin.command("gauge")
@click.argument("name")
@click.argument("level_m", type=click.FloatRange(-100, 1000))
@click.option("--before", type=click.FloatRange(-100, 1000), help="The reading before, in m.")
@click.option(
    "--at", type=click.DateTime(["%Y-%m-%dT%H:%M%z"]), help="2026-09-01T20:00+0900; or now."
)
def gauge(name: str, level_m: float, before: float | None, at: datetime | None) -> None:
    """Hold a reading of gauge NAME, LEVEL_M in m, against the city's table.

    What was reached at the reading before counts as going on; without --before everything does.
    """
    from operations.bulletins.take_in_level import take_in_level

    if not all(math.isfinite(one) for one in (level_m, before or 0.0)):
        raise click.BadParameter("a level is a number of metres")
    now = _now()
    made = take_in_level(
        engine(), CONSOLE, name, level_m, observed_at=at or now, before_m=before, now=now
    )
    click.echo(f"{name}: {level_m:g} m, 新しい候補 {len(made.suggestions)} 件")
    for number in made.suggestions:
        click.echo(f"  候補 {number} が判断を待っています（nigemichi bulletin list）")
    for line in made.lines:
        click.echo(f"  {line}")


def _content(file: Path) -> bytes:
    """What a file holds, one byte more than a telegram may have at most."""
    from data.readers.jmaxml import MOST_BYTES

    try:
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise BrokenSource(file, f"cannot be opened: {error.strerror}") from error


def _now() -> datetime:
    return datetime.now(UTC)


COMMANDS: Final = {"bulletin": bulletin}
