"""One night once more: the same planning over its scenes, and one simple model of who comes.

- In each scene the city is planned as it is at night (`assign`), by the counts at the doors.
- Of a household that is told a place, the part that is expected to come (turnout) sets out
  `start_delay_s` after it is told, by the way that is planned then, and arrives there whatever is
  planned afterwards. Those who need time go under level 3, the rest under level 4; nobody twice.
- Whoever finds no room in the plan goes to the nearest place that suits.
- A place fills in its ordinary rooms, then in its overflow rooms; whoever comes to one that is full
  in both, or that receives nobody by then, is turned away.

Persons are expected persons, in hundredths: parts of households, not people.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from operations.planning.making import dark, same_streets
from operations.replay.filling import Bools, Places
from operations.replay.scenes import Scene
from operations.replay.totals import Given, Totals
from routing.plan.assign import assign
from routing.plan.assigned import NOWHERE, Assigned
from routing.plan.expected import Expected
from routing.plan.plan import Unplaced
from routing.plan.reach import Reach, reach
from routing.plan.told import GO, hazards_at_homes
from routing.plan.turnout import HUNDREDTHS, demand
from routing.plan.walked import walked
from routing.version import PlanVersion
from routing.weights import TENTHS
from shelters.place import Opening

PLANS_EACH: Final = timedelta(minutes=5)
"""While people arrive and nothing else changes, it is planned anew so often."""


class Night:
    """A run under way."""

    def __init__(self, given: Given) -> None:
        self.given, self.totals = given, Totals()
        rooms = (given.ordinary * HUNDREDTHS, given.overflow * HUNDREDTHS)
        self.places = Places(*rooms)
        self.sent = np.zeros(len(given.basis.homes), np.int64)
        self.version: PlanVersion | None = None
        self.assigned: Assigned | None = None
        self._receives: Bools = np.zeros(len(given.ordinary), bool)
        self._planned_with = -1

    def begin(self, scene: Scene, until: datetime) -> None:
        """What stands from now on; whoever came before it came to what stood then."""
        self.places.arrive(scene.at.timestamp(), self._receives)
        states = [scene.picture.openings[site.id] for site in self.given.basis.ground.sites]
        self._receives = np.array([state.receives for state in states], bool)
        said = sum(state.receives and state.opening is not Opening.UNCONFIRMED for state in states)
        self.totals.open_s += said * (until - scene.at).total_seconds()
        self.version = self._version(scene)
        self.plan(self.version, scene.at)

    def go_on(self, at: datetime) -> None:
        """The same still stands; it is planned anew if anybody arrived."""
        self.places.arrive(at.timestamp(), self._receives)
        if self.version is not None and self.places.arrived != self._planned_with:
            self.plan(self.version, at)

    def end(self) -> Totals:
        """Whoever is on the way still arrives."""
        self.places.arrive(np.inf, self._receives)
        totals, zone = self.totals, self.given.until.tzinfo
        totals.arrived, totals.overflow = self.places.arrived, self.places.in_overflow
        totals.turned_away = self.places.turned_away
        totals.full = {
            row: datetime.fromtimestamp(at, zone) for row, at in self.places.full_at.items()
        }
        if self.assigned is not None:
            totals.no_room = int((self.assigned.why == Unplaced.NO_ROOM).sum())
            totals.no_way = int((self.assigned.why == Unplaced.NO_WAY).sum())
        return totals

    def plan(self, version: PlanVersion, at: datetime) -> None:
        """Plan the city, and let those set out who are told so for the first time."""
        basis, before = self.given.basis, self.assigned
        expected = Expected(
            free=self.places.free() // HUNDREDTHS,
            turnout=self.given.turnout,
            arrived=self.places.arrived // HUNDREDTHS,
            groups=self.given.groups,
            night=dark(basis.ground, at),
        )
        self._planned_with = self.places.arrived
        told = assign(version, basis.looked, basis.engine, expected, before)
        if before is not None:
            placed = (before.site != NOWHERE) & (told.site != NOWHERE)
            self.totals.moved += int((placed & (before.site != told.site)).sum())
        self.assigned = told
        self._set_out(version, expected, told, at)

    def _set_out(
        self, version: PlanVersion, expected: Expected, told: Assigned, at: datetime
    ) -> None:
        homes = self.given.basis.homes
        goes = (told.site != NOWHERE) | (told.why == Unplaced.NO_ROOM)
        everybody = told.verdict == GO
        share = demand(homes.persons, goes, everybody & goes, homes.in_zone, self.given.turnout)
        rows = np.flatnonzero(share > self.sent)
        if not len(rows):
            return
        found = self._reach(version, expected)
        site = told.site[rows].astype(np.int64)
        site = np.where(site == NOWHERE, _nearest(found, rows), site)
        rows, site = rows[site != NOWHERE], site[site != NOWHERE]
        who = share[rows] - self.sent[rows]
        self.sent[rows] = share[rows]
        way = walked(version, found, homes, rows, site.astype(np.int32))
        left = at.timestamp() + version.ground.rules.start_delay_s
        self.places.expect(left + way.time / TENTHS, site, who)
        self.totals.set_out += int(who.sum())
        self.totals.walked_m += float((way.metres * who).sum()) / HUNDREDTHS
        self.totals.exposed_m += float((way.exposed * who).sum()) / HUNDREDTHS

    def _reach(self, version: PlanVersion, expected: Expected) -> Reach:
        basis = self.given.basis
        sets, which = hazards_at_homes(version, basis.looked)
        found = reach(version, basis.engine, basis.homes, sets, which, night=expected.night)
        basis.looked.forget()
        return found

    def _version(self, scene: Scene) -> PlanVersion:
        """Planned as if closures whose move waits were not there; streets that are shut alike
        weigh the same.
        """
        picture, before = scene.picture.as_planned(), self.version
        made = PlanVersion.of(1, self.given.basis.ground, picture)
        if before is not None and same_streets(before.picture, picture):
            made.weighed, made.accesses = before.weighed, before.accesses
        return made


def run(
    given: Given, scenes: Sequence[Scene], step: Callable[[int, int], None] = lambda *_: None
) -> Totals:
    """Let a night go by; `step` hears of each turn and of how many there are, and ends the run by
    raising.
    """
    night, turns = Night(given), list(_turns(scenes, given.until))
    for number, (at, end, scene) in enumerate(turns):
        step(number, len(turns))
        if at == scene.at:
            night.begin(scene, end)
        else:
            night.go_on(at)
    step(len(turns), len(turns))
    return night.end()


def _turns(scenes: Sequence[Scene], until: datetime) -> Iterator[tuple[datetime, datetime, Scene]]:
    """Each scene at its moment, and again each `PLANS_EACH` until it ends."""
    ends = [*(scene.at for scene in scenes[1:]), until]
    for scene, end in zip(scenes, ends, strict=True):
        at = scene.at
        while at == scene.at or at < end:
            yield at, end, scene
            at += PLANS_EACH


def _nearest(found: Reach, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) the site that is nearest to each household, whatever room it has."""
    matrix, row = found.rows(rows)
    if not matrix.size:
        return np.full(len(rows), NOWHERE, np.int64)
    nearest: NDArray[np.int64] = found.sites[matrix.argmin(axis=1)][row].astype(np.int64)
    return nearest
