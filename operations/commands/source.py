"""Sources of information of others at the console: added, asked, handed a file, decided, run."""

import signal
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from city.staff import CONSOLE
from hazards.information import Shape, Theme, Way
from operations.commands.common import engine

if TYPE_CHECKING:
    from operations.information.turns import Turns

NUMBER: Final = click.IntRange(1, 2**63 - 1)


@click.group()
def source() -> None:
    """情報源: what others say (traffic, lifelines, the state, neighbours), with its age."""


@source.command("add")
@click.argument("name")
@click.argument("location", required=False, default="")
@click.option("--theme", type=click.Choice([one.value for one in Theme]), required=True)
@click.option("--format", "shape", type=click.Choice([one.value for one in Shape]), required=True)
@click.option("--licence", default="", help="Under which licence it is published.")
@click.option("--attribution", default="", help="Whom to name, as the licence asks.")
@click.option("--every", "minutes", type=click.FloatRange(1, 10_080), help="Minutes.")
@click.option("--public", is_flag=True, help="Citizens see it (/info).")
@click.option("--only", default="", help="Words, with commas: only what has one of them.")
def add(
    name: str,
    location: str,
    theme: str,
    shape: str,
    licence: str,
    attribution: str,
    minutes: float | None,
    public: bool,
    only: str,
) -> None:
    """Add the source NAME at LOCATION: an https address, a folder, or nothing: then files are
    handed over with `source drop`.

    An address is asked every five minutes, a folder every one; a file counts as new for six hours.
    """
    from operations.information.registering import GivenSource
    from operations.information.registering import add as register

    way = Way.DROP if not location else Way.URL if "://" in location else Way.FOLDER
    place = str(Path(location).resolve()) if way is Way.FOLDER else location
    given = GivenSource(
        name,
        Theme(theme),
        Shape(shape),
        way,
        place,
        licence,
        attribution,
        None if minutes is None else round(minutes * 60),
        public,
        only,
    )
    click.echo(f"source {register(engine(), CONSOLE, given, _now())}")


@source.command("list")
def list_sources() -> None:
    """Print each source with its age, its failure, and what is held."""
    from operations.information.listing import source_lines

    click.echo("\n".join(source_lines(engine(), _now())) or "no source: nigemichi source add")


@source.command("fetch")
@click.argument("numbers", nargs=-1, type=NUMBER)
def fetch(numbers: tuple[int, ...]) -> None:
    """Ask NUMBERS now, or all whose turn has come; ends with 1 where one failed or is held."""
    from operations.information.listing import needs_a_look

    turns, now, asked = _turns(), _now(), []
    for number in numbers or turns.due(now):
        click.echo(f"source {number}: {turns.take_turn(number, now, CONSOLE)}")
        asked.append(number)
    if needs_a_look(turns.engine, asked):
        raise click.exceptions.Exit(1)


@source.command("drop")
@click.argument("number", type=NUMBER)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def drop(number: int, file: Path) -> None:
    """Hand FILE over to source NUMBER; ends with 1 where it is not shown."""
    from operations.information.handing import hand_over
    from operations.information.taking import Became

    taken = hand_over(_turns(), number, file.name, file.read_bytes(), _now(), CONSOLE)
    click.echo(f"source {number}: {taken.became}, {taken.items} items")
    for doubt in taken.doubts:
        click.echo(f"  {doubt}")
    if taken.became in (Became.HELD, Became.REFUSED):
        raise click.exceptions.Exit(1)


@source.command("hold-accept")
@click.argument("number", type=NUMBER)
@click.argument("digest")
@click.option("--why", required=True, help="The reason, in a line.")
def hold_accept(number: int, digest: str, why: str) -> None:
    """Show the copy of source NUMBER that is held: that of DIGEST, as `source list` prints it."""
    from operations.information.deciding import accept

    accept(engine(), CONSOLE, number, why, _now(), digest=digest)
    click.echo(f"source {number}: accepted")


@source.command("remove")
@click.argument("number", type=NUMBER)
@click.option("--why", required=True, help="The reason, in a line.")
def remove(number: int, why: str) -> None:
    """Ask source NUMBER no more, and forget what it said."""
    from operations.information.registering import stop

    stop(engine(), CONSOLE, number, why, _now())
    click.echo(f"source {number}: removed")


@source.command("run")
def run() -> None:
    """Ask all sources in their turn, until stopped; of several that run one asks."""
    from data.database import connect
    from operations.information.running import run as ask
    from operations.information.turns import Turns
    from operations.settings import from_environment

    database = connect(from_environment().database_url)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    ask(database, Turns(database), stop)
    database.dispose()


def _turns() -> "Turns":
    from operations.information.turns import Turns

    return Turns(engine())


def _now() -> datetime:
    return datetime.now(UTC)


COMMANDS: Final = {"source": source}
"""The commands of `nigemichi`, a module for each subject."""
