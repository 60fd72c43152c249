"""The newest version as it is: what every imagined change is compared with, computed once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from data.database import transaction
from data.rows import current_load
from operations.errors import Refused
from operations.planning.basis import Basis
from operations.planning.expecting import Evening, read_evening
from operations.planning.making import dark
from routing.plan.assign import assign, reach_of
from routing.plan.assigned import Assigned
from routing.plan.expected import unlimited
from routing.plan.flows import Flows, flows
from routing.plan.reach import Reach
from routing.version import PlanVersion


@dataclass(frozen=True, slots=True, eq=False)
class Today:
    """A version with its `basis`, where all homes set out in it (`found`), and who walks where.

    `planned` is where they would set out by what places are planned by: without closures whose move
    waits for a person. It is `found` where none waits.
    """

    version: PlanVersion
    basis: Basis
    told: Assigned
    night: bool
    found: Reach
    planned: Reach
    flows: Flows


def look(version: PlanVersion, basis: Basis, now: datetime) -> Today:
    """Look at a version; raises `Refused` where nobody is known to live."""
    told = version.plan.assigned if version.plan else None
    if told is None or not len(basis.homes):
        raise Refused("世帯のデータがないので、計算できません（no household is known）")
    night = dark(version.ground, now)
    found = reach_of(version, basis.looked, basis.engine, night=night)
    planned, waits = found, version.picture.as_planned()
    if waits is not version.picture:
        other = PlanVersion.of(version.number, version.ground, waits)
        planned = reach_of(other, basis.looked, basis.engine, night=night)
    walked = flows(version, basis.homes, found, told)
    return Today(version, basis, told, night, found, planned, walked)


def evening_of(engine: Engine, today: Today, now: datetime) -> Evening:
    """What is expected now."""
    count, ground = len(today.basis.homes), today.version.ground
    with transaction(engine) as connection:
        load = current_load(connection)
        return read_evening(connection, load, ground, now, homes=count, night=today.night)


def warm(today: Today) -> None:
    """Plan once for nothing: loading the compiled loops takes a second, once in a process."""
    basis, version = today.basis, today.version
    room = unlimited(len(version.ground.sites))
    assign(version, basis.looked, basis.engine, room, today.told, found=today.found)
