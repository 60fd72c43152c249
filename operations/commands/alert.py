"""Alerts on the command line: their papers, for a printer that watches a folder."""

from pathlib import Path
from typing import Final

import click

from operations.commands.common import engine


@click.group()
def alert() -> None:
    """Papers of alerts."""


@alert.command("papers")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="A folder that a printer watches.",
)
def papers(out: Path) -> None:
    """Write every paper that waits into a folder, each as a PDF, and note them as printed.

    Papers that are asked for and not made yet are made first. A file stands there whole or not at
    all; one that could not be written waits for the next call.
    """
    from operations.alerts.paperfolder import write_papers
    from operations.serving import utc_now

    database = engine()
    try:
        done = write_papers(database, out, utc_now())
    finally:
        database.dispose()
    for name in done.written:
        click.echo(name)
    for why in done.failed:
        click.echo(f"not made: {why}", err=True)
    click.echo(f"{out}: {len(done.written)} papers", err=True)


COMMANDS: Final = {"alert": alert}
