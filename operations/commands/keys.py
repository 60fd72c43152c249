"""The keys that seal the addresses of people who registered."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

import click
from sqlalchemy import Engine

from data.sealingkeys import BrokenKeys
from operations.commands.common import engine
from operations.registering import keyring
from operations.registering import keys as use

MADE: Final = "new keys, readable by you alone. Keep a copy apart from the backups"


@click.group()
def keys() -> None:
    """Keys of sealed addresses, in the file that NIGEMICHI_KEYS names."""


@keys.command("new")
@click.option(
    "--lose-addresses",
    is_flag=True,
    help="The old keys are lost: whoever is sealed by them must register again.",
)
def new(*, lose_addresses: bool) -> None:
    """Make the file of keys; one that is there is never overwritten.

    Where addresses are sealed already it is refused: they need the keys that are lost.
    """
    path = use.keys_path()
    if lose_addresses:
        with _database() as database:
            count = keyring.give_up(database, path, datetime.now(UTC))
        click.echo(f"{path}: {MADE}. {count:,} people were erased: they must register again")
        return
    if path.exists():
        raise BrokenKeys(f"{path} is there already: nigemichi keys rotate adds a key")
    with _database() as database:
        keyring.make_ready(database, path)
    click.echo(f"{path}: {MADE}")


@keys.command("ready")
def ready() -> None:
    """Make the file of keys at the first start; afterwards look whether it is the right one."""
    path = use.keys_path()
    with _database() as database:
        if keyring.make_ready(database, path):
            click.echo(f"{path}: {MADE}")


@keys.command("rotate")
def rotate() -> None:
    """Add a key and seal every address by it; killed, it goes on when called again."""
    path = use.keys_path()
    with _database() as database:
        done = use.rotate(
            database, path, lambda rows: click.echo(f"  {rows:,} sealed anew", err=True)
        )
    how = "a new key" if done.added else "an earlier rotation, finished"
    click.echo(f"key {done.number} seals ({how}): {done.rows:,} sealed anew")
    click.echo(
        f"copy the file to every machine now: what needs key {done.number} waits there until then"
    )
    click.echo("when all have it: nigemichi keys drop-old")


@keys.command("drop-old")
def drop_old() -> None:
    """Drop the keys that no row needs any more."""
    path = use.keys_path()
    with _database() as database:
        dropped = use.drop_old(database, path)
    click.echo(f"dropped: {', '.join(map(str, dropped)) or 'none'}")


@contextmanager
def _database() -> Iterator[Engine]:
    """The database of the environment, let go afterwards."""
    made = engine()
    try:
        yield made
    finally:
        made.dispose()


COMMANDS: Final = {"keys": keys}
