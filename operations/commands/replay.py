"""The night afterwards at the console: what was kept, what was seen, the same with a change."""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click
import orjson

from data import mapped
from data.database import transaction
from data.rows import card_of, current_load
from operations.commands.common import engine, moment
from operations.errors import Refused
from operations.replay import exporting, nights, running, verifying
from operations.replay.looking import seen_at
from operations.replay.past import seen_until
from operations.settings import from_environment
from operations.sheets.wholefile import whole_file

PRIORITY: Final = 15
"""A run of a night waits for whatever else the machine has to do."""
DAY: Final = click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The date of the night's first noon; without it the newest night.",
)
MINUTES: Final = click.IntRange(0, 360)
NUMBER: Final = click.IntRange(1, 2**63 - 1)


@click.group()
def replay() -> None:
    """記録再生: what headquarters saw in any minute, and the night once more with a change."""


@replay.command("list")
def list_nights() -> None:
    """Print the nights that are kept: from when to when, frames, versions, megabytes."""
    with transaction(engine()) as connection:
        zone = ZoneInfo(card_of(current_load(connection)).timezone)
        found = nights.list_nights(connection)
    for one in found:
        first, last = (at.astimezone(zone) for at in (one.first, one.last))
        size = f"{one.size_bytes / 1e6:.1f} MB"
        span = f"{first:%H:%M}-{last:%H:%M}"
        click.echo(f"{one.day}  {span}  {one.frames} frames  {one.versions} versions  {size}")
    if not found:
        click.echo("nothing is kept yet: the planner keeps it while it runs")


@replay.command("at")
@click.argument("when")
@click.option("--json", "whole", is_flag=True, help="Print the whole state.")
def at(when: str, whole: bool) -> None:
    """Print what headquarters saw at WHEN (ISO 8601 with offset), and whether it is just that."""
    with transaction(engine()) as connection:
        seen = seen_until(connection, moment(when, "WHEN", farthest=None), datetime.now(UTC))
    if whole:
        click.echo(orjson.dumps(seen, option=orjson.OPT_INDENT_2).decode())
        return
    version = seen["version"]
    word = "agrees" if seen["agrees"] else "DOES NOT AGREE with what was recorded"
    click.echo(f"frame {seen['frame']['number']} of {seen['frame']['at']}: {word}")
    click.echo(f"state   {seen['hash']}")
    click.echo(f"version {version['number'] if version else 'none'}")
    for name, rows in seen["state"].items():
        click.echo(f"  {name}: {len(rows)}")
    if not seen["agrees"]:
        raise click.exceptions.Exit(1)


@replay.command("verify")
@DAY
@click.option("--version", "number", type=NUMBER, help="One version alone.")
def verify(day: datetime | None, number: int | None) -> None:
    """Compute versions anew from what is kept, and compare weights, fields and plan; without
    --version the last one of a night. Ends with 1 where one does not agree.
    """
    arrays, made = mapped.home(from_environment().state), engine()
    with transaction(made) as connection:
        if number is None:
            night = nights.get_night(connection, _day(day))
            number = seen_at(connection, night.last)["version"]["number"]
        found = verifying.verify(connection, arrays, number)
    if found.agrees is None:
        raise Refused(found.why_not or f"of version {number} no hash was recorded")
    word = "agrees" if found.agrees else "DOES NOT AGREE"
    click.echo(f"version {number}: {word}: {found.recorded} recorded, {found.recomputed} now")
    if not found.agrees:
        raise click.exceptions.Exit(1)


@replay.command("again")
@DAY
@click.option("--orders", "orders_min", type=MINUTES, default=0, help="Minutes earlier.")
@click.option("--places", "places_min", type=MINUTES, default=0, help="Minutes earlier.")
@click.option("--site", "sites", multiple=True, help="A place by its id; without, all opened ones.")
def again(day: datetime | None, orders_min: int, places_min: int, sites: tuple[str, ...]) -> None:
    """Plan the night once more, as recorded and with a change, and print both side by side."""
    change = {
        "orders_earlier_min": orders_min,
        "sites_earlier_min": places_min,
        "sites": list(sites) or None,
    }
    made, arrays = engine(), mapped.home(from_environment().state)
    running.ask(made, arrays, _day(day), change, "console", running.perform)
    run = running.find(made, _day(day))
    if run is None or run["state"] != "done":
        raise Refused((run or {}).get("why") or running.BROKEN)
    _print_run(run["result"])


@replay.command("go", hidden=True)
@click.argument("number", type=NUMBER)
def go(number: int) -> None:
    """Compute a run that was asked for on the page."""
    os.nice(PRIORITY)
    running.perform(engine(), mapped.home(from_environment().state), number)


@replay.command("report")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@DAY
def report(target: Path, day: datetime | None) -> None:
    """Write a night into TARGET: a report (.pdf), a table (.csv) or a map (.geojson)."""
    makes = {
        ".pdf": lambda made: exporting.report(made, _day(day), datetime.now(UTC)),
        ".csv": lambda made: exporting.table(made, _day(day)),
        ".geojson": lambda made: exporting.geojson(made, _day(day)),
    }
    if target.suffix not in makes:
        raise Refused(f"name a file that ends with {', '.join(makes)}: nothing was written")
    if not target.parent.is_dir():
        raise Refused(f"there is no folder {target.parent}: nothing was written")
    body = makes[target.suffix](engine())
    with whole_file(target) as draft:
        draft.fill(body)
    click.echo(f"{target}: {len(body):,} bytes")


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _print_run(result: dict[str, Any]) -> None:
    before, after = result["recorded"], result["changed"]
    click.echo(f"{'':16}{'recorded':>14}{'changed':>14}   (both computed by the same model)")
    for name, value in before.items():
        one, other = (len(v) if isinstance(v, list) else v for v in (value, after[name]))
        click.echo(f"{name:16}{one:>14,}{other:>14,}")


COMMANDS: Final = {"replay": replay}
