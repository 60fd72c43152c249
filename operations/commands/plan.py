"""The plan at the console: who goes where, who has no place, what waits for a person."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
from sqlalchemy import Connection

from city.staff import CONSOLE
from data.database import transaction
from data.rows import card_of, current_load
from operations.commands.common import engine
from operations.errors import Refused
from operations.planning import held
from operations.published import board, boardlines
from operations.published.blocktables import (
    COLUMNS,
    UNPLACED_COLUMNS,
    block_rows,
    unplaced_rows,
)
from operations.published.decided import find_newest
from operations.sheets.wholefile import whole_file

NUMBER: Final = click.IntRange(1, 2**63 - 1)
"""PostgreSQL counts no further."""
STDOUT: Final = Path("-")
CSV: Final = click.option(
    "--csv",
    "target",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="A new file for a spreadsheet; - writes to the console.",
)


@click.group()
def plan() -> None:
    """割当: which place every household is told, and how good that is."""


@plan.command("show")
def show() -> None:
    """Print the newest version: its figures, overflow rooms, whom it changed, what waits.

    \b
    no way         no place that suits can be reached by a street that is open
    no room        some can, and all of them are full
    moved          households that were told a place before, and now another or none
    least          "no plan moves fewer than": those whose place is full or out of reach
    gap            "dearer than the best plan": no plan has ways shorter by more than that
    """
    with transaction(engine()) as connection:
        zone = card_of(current_load(connection)).timezone
        found = board.board(connection)
    click.echo("\n".join(boardlines.show(found, zone, datetime.now(UTC))))


@plan.command("list")
@click.option("--last", default=10, show_default=True, type=click.IntRange(1, 1000))
def list_versions(last: int) -> None:
    """Print the versions published last, the newest first: number, when, figures, cause."""
    with transaction(engine()) as connection:
        zone = card_of(current_load(connection)).timezone
        rows = board.list_versions(connection, last)
    lines = [boardlines.version(row.number, row.published_at, row, zone) for row in rows]
    click.echo("\n".join(lines) or "no version has been published yet")


@plan.command("blocks")
@CSV
@click.option("--district", "names", multiple=True, help="A 町丁目 by name; repeat for more.")
def blocks(target: Path | None, names: Sequence[str]) -> None:
    """Print which 町丁目 goes where and how many; by 班 with --district, and in a CSV."""
    with transaction(engine()) as connection:
        by_han = bool(names) or target is not None
        rows = list(block_rows(connection, names, by_han=by_han))
        nothing = _nothing(connection, "nobody is told to go anywhere")
    if target is not None:
        _write(target, COLUMNS, rows)
        return
    click.echo("\n".join(map(boardlines.block, rows)) or nothing)


@plan.command("unplaced")
@CSV
def unplaced(target: Path | None) -> None:
    """Print in which 町丁目 how many households have no place, and why."""
    with transaction(engine()) as connection:
        rows = unplaced_rows(connection)
        nothing = _nothing(connection, "everybody who is told to go has a place")
    if target is not None:
        _write(target, UNPLACED_COLUMNS, rows)
        return
    click.echo("\n".join(map(boardlines.unplaced, rows)) or nothing)


@click.group("held")
def held_items() -> None:
    """What waits for a person before it counts: water over more than half of the city at once."""


@held_items.command("list")
def held_list() -> None:
    """Print what waits: number, what it is, since when, why."""
    with transaction(engine()) as connection:
        load = current_load(connection)
        zone, found = card_of(load).timezone, board.waiting(connection, load.code)
    click.echo("\n".join(boardlines.held(one, zone) for one in found) or "nothing waits")


@held_items.command("apply")
@click.argument("numbers", nargs=-1, type=NUMBER, required=True)
def held_apply(numbers: Sequence[int]) -> None:
    """Say that the items with these NUMBERS are meant: they count from now on."""
    done = held.apply_held(engine(), numbers, now=datetime.now(UTC), by=CONSOLE)
    click.echo(f"applied: {', '.join(map(str, done))}")


def _nothing(connection: Connection, said: str) -> str:
    """What is said where there are no rows: of a city without households nothing is known."""
    newest = find_newest(connection)
    return said if newest is not None and newest.facts["figures"] else boardlines.NO_HOMES


def _write(target: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """CSV with its columns' names; in a file with the mark by which spreadsheets know UTF-8."""
    out = io.StringIO(newline="")
    made = csv.writer(out)
    made.writerow(columns)
    made.writerows(rows)
    if target == STDOUT:
        click.echo(out.getvalue(), nl=False)
        return
    if not target.parent.is_dir():
        raise Refused(f"there is no folder {target.parent}: nothing was written")
    with whole_file(target) as draft:
        draft.fill(out.getvalue().encode("utf-8-sig"))
    click.echo(f"written: {target}")


COMMANDS: Final = {"plan": plan, "held": held_items}
