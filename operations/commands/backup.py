"""Backups of the database."""

from pathlib import Path
from typing import Final

import click

from operations.settings import from_environment


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write all of the database into FILE. It holds personal data: keep it as such."""
    from operations.backup import backup as write

    size = write(from_environment().database_url, file)
    click.echo(f"{file}: {size / 1e6:.1f} MB, readable by you alone")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Also where the database holds data: it is lost.")
def restore(file: Path, replace: bool) -> None:
    """Put a backup FILE into the database of the environment, all of it or nothing."""
    from operations.backup import restore as put_back
    from operations.people.audithead import begin_anew

    settings = from_environment()
    put_back(settings.database_url, file, replace=replace)
    begin_anew(settings.database_url, settings.state)
    click.echo("restored: everybody signs in again; the planner publishes by itself")
    click.echo("register every tablet again (/admin); links that were handed out are dead")
    click.echo("accounts are as they were at the backup: disable again whom you disabled since")


COMMANDS: Final = {"backup": backup, "restore": restore}
