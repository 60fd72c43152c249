"""The newest version as it is: what every imagined change is compared with, computed once."""

import hashlib
from dataclasses import dataclass, field, fields
from datetime import datetime

import numpy as np
from sqlalchemy import Engine

from data.database import transaction
from data.rows import current_load
from operations.errors import Refused
from operations.planning.basis import Basis
from operations.planning.expecting import Evening, read_evening
from operations.planning.making import dark
from routing.plan.assign import assign, reach_of
from routing.plan.assigned import Assigned
from routing.plan.changed import changed
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
    load: str = ""
    _anew: dict[str, "Anew"] = field(default_factory=dict)

    def anew(self, evening: Evening) -> "Anew":
        """What would be told now with this evening's counts, were it planned again unchanged."""
        mark = _mark(evening)
        if mark not in self._anew:
            self._anew.clear()
            self._anew[mark] = _plan_anew(self, evening)
        return self._anew[mark]


@dataclass(frozen=True, slots=True, eq=False)
class Anew:
    """A version planned again with newer counts: what counts alone change is no change's doing."""

    assigned: Assigned
    flows: Flows


def look(version: PlanVersion, basis: Basis, now: datetime, load: str = "") -> Today:
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
    return Today(version, basis, told, night, found, planned, walked, load)


def _plan_anew(today: Today, evening: Evening) -> Anew:
    version, basis = today.version, today.basis
    planned = version
    if version.picture.as_planned() is not version.picture:
        planned = PlanVersion.of(version.number, version.ground, version.picture.as_planned())
    expected, found = evening.expected, today.planned
    again = assign(planned, basis.looked, basis.engine, expected, today.told, found=found)
    difference = changed(today.told, again)
    if not len(difference.households) and np.array_equal(again.demand, today.told.demand):
        return Anew(again, today.flows)
    return Anew(again, flows(version, basis.homes, today.found, again))


def _mark(evening: Evening) -> str:
    """Words that change with what is expected."""
    expected = evening.expected
    return hashlib.sha256(
        b"|".join(
            getattr(expected, one.name).tobytes()
            if isinstance(getattr(expected, one.name), np.ndarray)
            else repr(getattr(expected, one.name)).encode()
            for one in fields(expected)
        )
    ).hexdigest()


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
