"""Tables, the fictional town, and loading a city."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from data.cityfile import read_city_file
from data.database import migrate, transaction
from data.network import Network
from data.readers.osm import read_osm
from data.report import LoadReport, Progress, SourceReport
from data.rows import card_of, current_load, read_city
from data.sample_sites import MOST, write_sample_sites
from operations.city_diff import city_diff
from operations.commands.common import engine
from operations.errors import Refused
from operations.fitted_city import fitted
from operations.load_city import load_city
from operations.settings import state_folder
from routing.ground import CityCard
from web.droppedmap import dropped_map


def _progress() -> Progress:
    begun = time.monotonic()
    return lambda what: click.echo(f"  [{time.monotonic() - begun:5.1f} s] {what}", err=True)


@click.command("migrate")
def migrate_tables() -> None:
    """Bring the database's tables up to date."""
    migrate(engine())


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--seed", default=1, show_default=True)
@click.option("--full", is_flag=True, help="At the size of a real city.")
def town(directory: Path, seed: int, full: bool) -> None:
    """Generate the files of a fictional town, or city, into DIRECTORY."""
    from data.fictional import write_fictional_city
    from data.town import write_town

    with _writing(directory):
        directory.mkdir(parents=True, exist_ok=True)
        written = (write_fictional_city if full else write_town)(directory, seed)
    click.echo(written)


@click.group()
def city() -> None:
    """Load a city, and read the report of its load."""


_FILES = click.option(
    "--files",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Where the files lie that the city file names, if not beside it.",
)


@city.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@_FILES
@click.option("--map", "map_file", type=click.Path(path_type=Path), help="Write a map (SVG).")
def city_check(file: Path, files: Path | None, map_file: Path | None) -> None:
    """Say what loading FILE would do, without loading it; exit code 2 where it would be refused."""
    _may_be_written(map_file)
    found = read_city_file(file, files)
    report, network = LoadReport(found.card.name), None
    try:
        network = fitted(found, report, _progress()).rows.network
    finally:
        click.echo("\n".join(report.lines()))
        _write_map(map_file, report.as_dict(), network, found.card)
    click.echo("it would be loaded")


@city.command("diff")
@click.argument("file", type=click.Path(path_type=Path))
@_FILES
def city_diff_of(file: Path, files: Path | None) -> None:
    """Say what FILE would change in the loaded city, without loading it."""
    found = read_city_file(file, files)
    city = fitted(found, LoadReport(found.card.name), _progress())
    click.echo("\n".join(city_diff(engine(), city)))


@city.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@_FILES
@click.option("--if-changed", is_flag=True, help="Leave it alone if its files are the same.")
@click.option("--other-city", is_flag=True, help="Replace a real city where something is in force.")
def city_load(file: Path, files: Path | None, if_changed: bool, other_city: bool) -> None:
    """Replace the loaded city by that of a city FILE; all or nothing."""
    _load(file, _progress(), files=files, if_changed=if_changed, other_city=other_city)


@city.command("load-fictional")
@click.option("--if-changed", is_flag=True, help="Leave it alone if its files are the same.")
@click.option("--other-city", is_flag=True, help="Replace a real city where something is in force.")
def city_load_fictional(if_changed: bool, other_city: bool) -> None:
    """Generate and load the fictional city, at the size of a real one."""
    from data.fictional.kept import kept_fictional_city

    folder = state_folder() / "fictional-city"
    progress = _progress()
    file = kept_fictional_city(folder, progress)
    _load(file, progress, if_changed=if_changed, other_city=other_city)


def _load(
    file: Path,
    progress: Progress,
    *,
    files: Path | None = None,
    if_changed: bool,
    other_city: bool = False,
) -> None:
    report = load_city(
        engine(), file, progress, files=files, if_changed=if_changed, other_city=other_city
    )
    if report is not None:
        click.echo("\n".join(report.lines()))


@city.command("report")
@click.option("--map", "map_file", type=click.Path(path_type=Path), help="Write a map (SVG).")
def city_report(map_file: Path | None) -> None:
    """Print the report of the loaded city as JSON."""
    _may_be_written(map_file)
    with transaction(engine()) as connection:
        load = current_load(connection)
        click.echo(json.dumps(load.report, ensure_ascii=False, indent=2))
        if map_file:
            _write_map(map_file, load.report, read_city(connection, load).network, card_of(load))


def _write_map(
    map_file: Path | None, report: Mapping[str, Any], network: Network | None, card: CityCard
) -> None:
    """Draw where rows were dropped and repaired, on the streets as far as they are known."""
    if map_file is None:
        return
    drawn = dropped_map(
        report,
        None,
        streets=network.shape_lonlat if network else None,
        cuts=network.shape_start if network else None,
        name=card.name,
        fictional=card.fictional,
    )
    with _writing(map_file):
        map_file.write_text(drawn, "utf-8")
    click.echo(f"map: {map_file}", err=True)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Refuse in a line what cannot be written."""
    try:
        yield
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror or error}") from error


def _may_be_written(path: Path | None) -> None:
    """Refuse before the work what could not be written after it."""
    if path and (path.is_dir() or not path.absolute().parent.is_dir()):
        what = "is a folder" if path.is_dir() else "lies in no folder that there is"
        raise Refused(f"{path} {what}: name a file to write")


@city.command("sample-sites")
@click.argument("roads", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--count", default=50, show_default=True, type=click.IntRange(1, MOST))
def city_sample_sites(roads: Path, file: Path, count: int) -> None:
    """Write invented evacuation sites on the roads of an OSM extract, to try it without lists."""
    if file.exists():
        raise Refused(f"{file} is there already: name another file")
    _may_be_written(file)
    network = read_osm(roads, SourceReport("roads", roads.name), _progress())
    with _writing(file):
        write_sample_sites(file, network, count)
    click.echo(f"{file}: {count} invented sites, for a fictional city only")


COMMANDS: Final = {"migrate": migrate_tables, "town": town, "city": city}
