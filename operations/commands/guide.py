"""Guidance for a door in the terminal, from the published arrays."""

import json
from collections.abc import Sequence
from typing import Final

import click

from city.traveller import Dwelling, Household, Profile
from hazards.kinds import AlertLevel, HazardKind
from operations.answer import answer
from operations.commands.common import moment, position
from operations.serving import CurrentVersion, utc_now
from operations.settings import state_folder
from routing.door import Question
from routing.guidance import guide


@click.command("guide")
@click.option("--at-place", "place", required=True, help="LAT,LON of the door.")
@click.option("--profile", type=click.Choice([str(p) for p in Profile]), default="walk")
@click.option("--dwelling", type=click.Choice([str(d) for d in Dwelling]))
@click.option("--floor", type=int)
@click.option("--floors", type=int)
@click.option("--supplies-h", type=float)
@click.option("--hazard", "hazards", multiple=True, type=click.Choice([str(k) for k in HazardKind]))
@click.option("--level", type=click.IntRange(1, 5), help="May raise what is in force.")
@click.option("--at", help="ISO 8601 with offset; now by default.")
def guide_door(
    place: str,
    profile: str,
    dwelling: str | None,
    floor: int | None,
    floors: int | None,
    supplies_h: float | None,
    hazards: Sequence[str],
    level: int | None,
    at: str | None,
) -> None:
    """Print the guidance for a door as JSON, from the published arrays."""
    current = CurrentVersion(state_folder())
    current.refresh()
    home = Dwelling(dwelling) if dwelling else None
    question = Question(
        position=position(place),
        at=moment(at) if at else utc_now(),
        household=Household(Profile(profile), home, floor, floors, supplies_h),
        hazards=frozenset(HazardKind(hazard) for hazard in hazards),
        level=AlertLevel(level or 0),
    )
    found = guide(current.version, question)
    told = answer(found, current.freshness(utc_now()))
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


COMMANDS: Final = {"guide": guide_door}
