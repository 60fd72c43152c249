"""Households: their links, groups, 班 tallies; and how many of those told to go come."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import click

from city.staff import CONSOLE
from operations.commands.common import engine
from operations.errors import Refused
from operations.household import grouping, revoking, tallying, turnouts
from operations.household.tallying import LARGEST, GivenTally
from routing.plan.turnout import Turnout

COUNT: Final = click.IntRange(0, LARGEST)
NUMBER: Final = click.IntRange(1, 2**63 - 1)
"""PostgreSQL counts no further."""
SHARES: Final = ("level_3", "level_4", "zoned_level_3", "zoned_level_4")


@click.group()
def household() -> None:
    """Households: links of their slips, groups that stay together, 班 tallies."""


@household.command("revoke")
@click.option("--label", help="The slip so labelled.")
@click.option("--area", "areas", multiple=True, help="A 町丁目 by name; repeat for more.")
@click.option("--all", "everything", is_flag=True, help="Every link of the city.")
def revoke(label: str | None, areas: tuple[str, ...], everything: bool) -> None:
    """End links: they open nothing from now on, nor do the phones that they let in."""
    if ((label is not None) + bool(areas) + everything) != 1:
        raise Refused("say which: --label LABEL, --area NAME (repeatable), or --all")
    now = datetime.now(UTC)
    if label is not None:
        ended = revoking.revoke_label(engine(), CONSOLE, label, now=now)
    elif areas:
        ended = revoking.revoke_areas(engine(), CONSOLE, areas, now=now)
    else:
        ended = revoking.revoke_all(engine(), CONSOLE, now=now)
    click.echo(f"links ended: {ended:,}")


@household.command("end-event")
def end_event() -> None:
    """The event is over: every link, word and hold ends; groups and turnout stay."""
    ended = revoking.end_event(engine(), CONSOLE, now=datetime.now(UTC))
    click.echo(f"links ended: {ended:,}")


@household.group("group")
def group() -> None:
    """Households that stay together."""


@group.command("add")
@click.argument("name")
@click.option("--label", "labels", multiple=True, help="The slip so labelled; repeat for more.")
@click.option("--households", help="By their numbers in the load, such as 12,13,14.")
def group_add(name: str, labels: tuple[str, ...], households: str | None) -> None:
    """Keep the households of these slips together, as NAME."""
    if not labels and households is None:
        raise Refused("say which: --label K7-04 --label K7-05 …, or --households 12,13,…")
    try:
        numbers = [int(one) for one in households.split(",")] if households is not None else []
    except ValueError:
        raise Refused(f"--households are numbers with commas, not {households!r}") from None
    now = datetime.now(UTC)
    made = grouping.add_group(engine(), CONSOLE, name, numbers, labels=labels, now=now)
    click.echo(f"group {made} stays together")


@group.command("list")
def group_list() -> None:
    """Print the groups: number, name, numbers of households."""
    found = grouping.list_groups(engine())
    lines = [f"{one.id}: {one.name} {','.join(map(str, one.households))}" for one in found]
    click.echo("\n".join(lines) or "no group stands")


@group.command("end")
@click.argument("number", type=NUMBER)
def group_end(number: int) -> None:
    """Keep group NUMBER together no longer."""
    grouping.end_group(engine(), CONSOLE, number, now=datetime.now(UTC))
    click.echo(f"ended: group {number}")


@household.command("tally")
@click.argument("area")
@click.argument("han", type=COUNT)
@click.option("--called", type=COUNT, required=True, help="Households that were called.")
@click.option("--left", type=COUNT, required=True, help="That have left.")
@click.option("--staying", type=COUNT, required=True, help="That stay.")
@click.option("--lift", type=COUNT, required=True, help="That must be fetched.")
def tally(area: str, han: int, called: int, left: int, staying: int, lift: int) -> None:
    """Keep what 班 HAN of AREA tells; its newest tally counts."""
    given = GivenTally(area, han, called, left, staying, lift)
    kept = tallying.add_tally(engine(), CONSOLE, given, now=datetime.now(UTC))
    click.echo(f"{kept['area']} {han}班: {called} called, {left} left, {staying} stay, {lift} lift")


@click.group()
def turnout() -> None:
    """避難率: how many come of those who are told to go, as shares from 0 to 1."""


@turnout.command("set")
@click.option("--level-3", type=float, help="At level 3.")
@click.option("--level-4", type=float, help="At level 4.")
@click.option("--zoned-level-3", type=float, help="At level 3, inside an assumed zone.")
@click.option("--zoned-level-4", type=float, help="At level 4, inside an assumed zone.")
@click.option("--reason", required=True)
def turnout_set(reason: str, **shares: float | None) -> None:
    """Put shares in force; those that are not given stay as they are."""
    given = {name: share for name, share in shares.items() if share is not None}
    made = turnouts.set_turnout(engine(), CONSOLE, given, reason=reason, now=datetime.now(UTC))
    click.echo(_line(made))


@turnout.command("show")
def turnout_show() -> None:
    """Print the shares that count, why, and since when."""
    counts, row = turnouts.turnout_now(engine())
    why = "as the city's file or policy has it"
    if row is not None:
        why = f"{row.reason}; {row.said_by}, since {row.begun_at.isoformat(timespec='minutes')}"
    click.echo(f"{_line(counts)} ({why})")


@turnout.command("clear")
def turnout_clear() -> None:
    """Let the city's file count again."""
    turnouts.clear_turnout(engine(), CONSOLE, now=datetime.now(UTC))
    click.echo(f"{_line(turnouts.turnout_now(engine())[0])} (as the city's file or policy has it)")


def _line(made: Turnout) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')}: {_percent(getattr(made, name))}" for name in SHARES
    )


def _percent(share: float) -> str:
    """In all the digits that it was given in."""
    return f"{(Decimal(str(share)) * 100).normalize():f}%"


COMMANDS: Final = {"household": household, "turnout": turnout}
