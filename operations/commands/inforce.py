"""What is in force: orders, observed water, closed roads, open sites."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from hazards.kinds import AlertLevel, HazardKind
from operations import changes, listing
from operations.commands.common import engine, position
from operations.errors import Refused
from shelters.place import Opening


@click.group()
def level() -> None:
    """Orders (避難情報) in force."""


@level.command("set")
@click.argument("hazard", type=click.Choice([str(kind) for kind in HazardKind]))
@click.argument("number", type=click.IntRange(3, 5))
@click.option("--area", "areas", multiple=True, help="A 町丁目 by name; repeat for more.")
@click.option("--polygon", type=click.Path(path_type=Path), help="A GeoJSON file of polygons.")
@click.option("--all", "everywhere", is_flag=True, help="The whole city.")
def level_set(
    hazard: str, number: int, areas: Sequence[str], polygon: Path | None, everywhere: bool
) -> None:
    """Set level NUMBER for HAZARD, in areas, in a polygon, or in the whole city."""
    if (bool(areas) + (polygon is not None) + everywhere) != 1:
        raise Refused("say where: --area NAME (repeatable), --polygon FILE, or --all")
    order = changes.set_level(
        engine(), HazardKind(hazard), AlertLevel(number), areas=areas, polygon=polygon
    )
    click.echo(f"order {order} is in force until somebody lifts it")


@level.command("lift")
@click.argument("hazard", type=click.Choice([str(kind) for kind in HazardKind]))
@click.option("--area", "areas", multiple=True, help="The order for exactly these areas.")
@click.option("--order", type=int, help="The order with this number (nigemichi level list).")
@click.option("--all", "everything", is_flag=True, help="Every order for HAZARD.")
def level_lift(hazard: str, areas: Sequence[str], order: int | None, everything: bool) -> None:
    """解除: lift the order for HAZARD in areas, the one with a number, or all of them."""
    if (bool(areas) + (order is not None) + everything) != 1:
        raise Refused("say which: --area NAME (repeatable), --order N (level list), or --all")
    lifted = changes.lift_level(engine(), HazardKind(hazard), areas=areas, order=order)
    click.echo(f"lifted: {', '.join(map(str, lifted))}")


@level.command("list")
def level_list() -> None:
    """Print the orders in force."""
    _print(listing.list_levels(engine()))


@click.group()
def water() -> None:
    """Observed water."""


@water.command("observe")
@click.argument("file", type=click.Path(path_type=Path))
def water_observe(file: Path) -> None:
    """Record the polygons of a GeoJSON FILE as water that was seen: no way crosses it."""
    numbers = changes.observe_water(engine(), file)
    click.echo(
        f"observed water {', '.join(map(str, numbers))} closes what it covers; "
        "a polygon over more than half of the city waits for a person: nigemichi held list"
    )


@water.command("remove")
@click.argument("numbers", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True)
def water_remove(numbers: Sequence[int], everything: bool) -> None:
    """Headquarters: observed water is gone."""
    _numbers_or_all(numbers, everything)
    click.echo(f"removed: {', '.join(map(str, changes.remove_water(engine(), numbers)))}")


@water.command("list")
def water_list() -> None:
    """Print the observed water that stands: number, source, a point in it, since when."""
    _print(listing.list_water(engine()))


@click.group()
def road() -> None:
    """Closed roads."""


@road.command("close")
@click.option("--at", required=True, help="LAT,LON of a point on the street.")
@click.option(
    "--reason", required=True, help="Shown to residents and in open data: no names of people."
)
@click.option(
    "--water/--no-water",
    "by_water",
    default=None,
    help="Whether water is there: whom it cuts off is told to secure themselves. As the reason"
    " says, by default.",
)
def road_close(at: str, reason: str, by_water: bool | None) -> None:
    """Close the street at a point; only `road reopen` opens it again."""
    if not reason.strip():
        raise Refused("say why the street is closed: --reason 冠水")
    number, name, wet = changes.close_road(engine(), position(at), reason, by_water=by_water)
    click.echo(f"closure {number}: {name or 'a street without a name'}, {listing.kind(wet)}")
    click.echo("its reason is shown to residents and in open data: no names of people", err=True)


@road.command("reopen")
@click.argument("numbers", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True)
def road_reopen(numbers: Sequence[int], everything: bool) -> None:
    """Headquarters: the roads are open again."""
    _numbers_or_all(numbers, everything)
    click.echo(f"reopened: {', '.join(map(str, changes.reopen_road(engine(), numbers)))}")


@road.command("list")
def road_list() -> None:
    """Print the closed streets: number, name, reason, the middle of the street, since when."""
    _print(listing.list_roads(engine()))


@click.group()
def site() -> None:
    """Evacuation sites."""


@site.command("open")
@click.argument("site")
def site_open(site: str) -> None:
    """Say that SITE (共通ID or name) is open."""
    click.echo(f"open: {changes.open_site(engine(), site, Opening.OPEN)}")


@site.command("close")
@click.argument("site")
def site_close(site: str) -> None:
    """Say that SITE (共通ID or name) is closed: nobody is sent there."""
    click.echo(f"closed: {changes.open_site(engine(), site, Opening.CLOSED)}")


@site.command("list")
def site_list() -> None:
    """Print the sites that somebody said are open or closed: 共通ID, name, where, since when."""
    _print(listing.list_sites(engine()))


def _print(lines: Sequence[str]) -> None:
    click.echo("\n".join(lines) or "none in force")


def _numbers_or_all(numbers: Sequence[int], everything: bool) -> None:
    if bool(numbers) == everything:
        raise Refused("name the numbers, or --all")


COMMANDS: Final = {"level": level, "water": water, "road": road, "site": site}
