"""Photos from the field at the console."""

from datetime import UTC, datetime
from typing import Final

import click

from city.staff import CONSOLE
from operations.commands.common import engine
from operations.settings import state_folder


@click.group()
def photos() -> None:
    """現地写真: kept for headquarters, deleted at their date."""


@photos.command("purge")
def purge() -> None:
    """Delete photos whose date is past, uploads that nobody finished, and files of nothing.

    Thumbnails that the database still holds go to the store first. Run it once a day.
    """
    from operations.photos import purging
    from operations.photos.settings import photo_store

    store = photo_store(state_folder())
    done = purging.purge(engine(), store, CONSOLE, now=datetime.now(UTC))
    click.echo(
        f"stored {done.stored}; deleted {done.photos} photos, {done.uploads} unfinished uploads,"
        f" {done.files} stray files"
    )


COMMANDS: Final = {"photos": photos}
