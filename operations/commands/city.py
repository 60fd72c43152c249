"""Tables, the fictional town, and loading a city."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

from data.database import migrate, transaction
from data.rows import current_load
from data.town import write_town
from operations.commands.common import engine
from operations.load_city import load_city
from operations.settings import state_folder


def _progress() -> Callable[[str], None]:
    begun = time.monotonic()
    return lambda what: click.echo(f"  [{time.monotonic() - begun:5.1f} s] {what}", err=True)


@click.command("migrate")
def migrate_tables() -> None:
    """Bring the database's tables up to date."""
    migrate(engine())


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--seed", default=1, show_default=True)
def town(directory: Path, seed: int) -> None:
    """Generate the fictional town's files into DIRECTORY."""
    directory.mkdir(parents=True, exist_ok=True)
    click.echo(write_town(directory, seed))


@click.group()
def city() -> None:
    """Load a city, and read the report of its load."""


@city.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--if-changed", is_flag=True, help="Leave it alone if its files are the same.")
@click.option("--other-city", is_flag=True, help="Replace a city where something is in force.")
def city_load(file: Path, if_changed: bool, other_city: bool) -> None:
    """Replace the loaded city by that of a city FILE; all or nothing."""
    _load(file, if_changed=if_changed, other_city=other_city)


@city.command("load-town")
@click.option("--if-changed", is_flag=True, help="Leave it alone if its files are the same.")
@click.option("--other-city", is_flag=True, help="Replace a city where something is in force.")
def city_load_town(if_changed: bool, other_city: bool) -> None:
    """Generate and load the fictional town."""
    folder = state_folder() / "town"
    folder.mkdir(parents=True, exist_ok=True)
    _load(write_town(folder), if_changed=if_changed, other_city=other_city)


def _load(file: Path, *, if_changed: bool, other_city: bool = False) -> None:
    report = load_city(engine(), file, _progress(), if_changed=if_changed, other_city=other_city)
    if report is not None:
        click.echo("\n".join(report.lines()))


@city.command("report")
def city_report() -> None:
    """Print the report of the loaded city as JSON."""
    with transaction(engine()) as connection:
        click.echo(json.dumps(current_load(connection).report, ensure_ascii=False, indent=2))


COMMANDS: Final = {"migrate": migrate_tables, "town": town, "city": city}
