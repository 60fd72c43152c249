"""What an imagined change does: computed exactly, as the planner would, and compared with today."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np
import orjson
from numpy.typing import NDArray

from operations.imagining.imagined import Imagined, imagined_picture, more_people
from operations.imagining.today import Anew, Today
from operations.planning.expecting import Evening
from operations.planning.making import same_streets
from operations.planning.moves import MOST_MOVED
from routing.engine.costs import NEVER
from routing.homes import Bools
from routing.plan.assign import assign, reach_of
from routing.plan.assigned import NOWHERE, Assigned
from routing.plan.changed import changed
from routing.plan.flows import Flows, flows
from routing.plan.plan import Unplaced
from routing.plan.reach import Reach
from routing.plan.told import VERDICTS
from routing.verdict import Verdict
from routing.version import PlanVersion

SECURE_NOW: Final = VERDICTS.index(Verdict.SECURE_NOW)


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """An imagined change on a version, and what would be told then.

    (H,) each: households `cut` off, those that lose their place for want of room (`roomless`),
    those told another verdict or another place (`moved`), or another `way` to the same one, and
    those on their way who are `turned` back or led another way (`rerouted`). `farther`: whose
    nearest place is dearer to reach, told to leave or not. `flows`: then. `before`: what would be
    told now without the change. `until`: the same where doors are not open yet that are to open,
    None where none is, or nothing else is imagined. `judged`: whether the planner would let a
    person look first at streets with this effect.
    """

    today: Today
    evening: Evening
    imagined: Imagined
    version: PlanVersion
    after: Assigned
    flows: Flows
    cut: Bools
    roomless: Bools
    moved: Bools
    way: Bools
    turned: Bools
    rerouted: Bools
    farther: Bools
    seconds: float
    before: Anew
    judged: bool
    until: "Effect | None" = None

    @property
    def waits(self) -> bool:
        """Whether closing these streets moves so many that an approver looks first, at the latest
        until doors are open.
        """
        return self.judged or (self.until is not None and self.until.judged)

    @property
    def secured(self) -> Bools:
        """(H,) of those cut off: who is told to go up at once. The others have no order."""
        return np.asarray(self.cut & (self.after.verdict == SECURE_NOW))

    @property
    def gets_full(self) -> Bools:
        """(sites,) places that have room for all who come now, and none left then."""
        before, free = self.before.assigned.load, self.after.free
        return np.asarray((self.after.load > before) & (self.after.load >= free) & (before < free))

    @property
    def digest(self) -> str:
        """Words that change with what is imagined and how many come now, with who moves whither,
        who is cut off, and which places get full: in the end, and until doors are open.
        """
        homes, told = self.today.basis.homes, self.before.assigned
        facts = [
            self.imagined.words,
            asdict(self.evening.expected.turnout),
            self.waits,
            self.until.digest if self.until else "",
            np.bincount(homes.area[self.cut | self.roomless] + 1).tolist(),
            counted(told.site[self.moved], self.after.site[self.moved]),
            [int(self.turned.sum()), int(self.rerouted.sum())],
            np.flatnonzero(self.gets_full).tolist(),
        ]
        return hashlib.sha256(orjson.dumps(facts)).hexdigest()


def counted(*columns: NDArray[np.int16]) -> list[list[int]]:
    """Distinct rows of the columns with how many there are of each, the most first."""
    rows, counts = np.unique(np.column_stack(columns), axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return [[*rows[row].tolist(), int(counts[row])] for row in order.tolist()]


def effect_of(
    today: Today,
    evening: Evening,
    imagined: Imagined,
    now: datetime,
    still_wanted: Callable[[], None] = lambda: None,
) -> Effect:
    """Plan as if it were so; nothing is changed by it. `still_wanted` raises where nobody waits for
    the answer any more.
    """
    until = None
    if imagined.opened and imagined.at_once:
        shut = replace(imagined, opened=())
        until = effect_of(today, evening, shut, now, still_wanted)
    found = _effect(today, evening, imagined, now, still_wanted)
    if until is None:
        return found
    return replace(found, until=until, seconds=found.seconds + until.seconds)


def _effect(
    today: Today,
    evening: Evening,
    imagined: Imagined,
    now: datetime,
    still_wanted: Callable[[], None],
) -> Effect:
    began, basis = time.perf_counter(), today.basis
    ground, told = today.version.ground, today.told
    before = today.anew(evening)
    still_wanted()
    picture = imagined_picture(ground, today.version.picture, imagined, now)
    then = PlanVersion.of(today.version.number, ground, picture)
    if same_streets(today.version.picture, picture):
        then.weighed = dict(today.version.weighed)
    expected = evening.expected
    if imagined.more:
        expected = replace(expected, turnout=more_people(expected.turnout, imagined.more))
    found = reach_of(then, basis.looked, basis.engine, night=today.night)
    still_wanted()
    planned, ways = then, found
    if picture.as_planned() is not picture:
        planned = PlanVersion.of(then.number, ground, picture.as_planned())
        ways = reach_of(planned, basis.looked, basis.engine, night=today.night)
        still_wanted()
    after = assign(planned, basis.looked, basis.engine, expected, told, found=ways)
    basis.looked.forget()
    still_wanted()
    walked = flows(then, basis.homes, found, after)
    cut, roomless, moved, way = _parted(before.assigned, after, today.planned, ways)
    turned, rerouted = _on_the_way(evening, before.assigned, after)
    return Effect(
        today=today,
        evening=evening,
        imagined=imagined,
        version=then,
        after=after,
        flows=walked,
        cut=cut,
        roomless=roomless,
        moved=moved,
        way=way,
        turned=turned,
        rerouted=rerouted,
        farther=_farther(today.planned, ways),
        seconds=time.perf_counter() - began,
        before=before,
        judged=bool(imagined.closed) and _judged(*_parted(told, after, today.planned, ways)),
    )


def _parted(
    told: Assigned, after: Assigned, now: Reach, then: Reach
) -> tuple[Bools, Bools, Bools, Bools]:
    """Who is cut off, without room, moved, and led another way."""
    cut = _cut(told, after, now, then)
    roomless = np.asarray((told.site != NOWHERE) & (after.why == Unplaced.NO_ROOM))
    difference = changed(told, after)
    moved = np.asarray((difference.place | difference.verdict) & ~cut & ~roomless)
    return cut, roomless, moved, difference.way


def _judged(cut: Bools, roomless: Bools, moved: Bools, _: Bools) -> bool:
    """As `operations/planning/moves.py`, which compares with what was told."""
    return bool(cut.any() or roomless.any()) or int(moved.sum()) > MOST_MOVED


def _cut(told: Assigned, after: Assigned, now: Reach, then: Reach) -> Bools:
    """(H,) whoever loses the only way, told to leave or not; or the place, but for want of room."""
    lost = (after.why == Unplaced.NO_WAY) & (told.why != Unplaced.NO_WAY)
    placeless = (told.site != NOWHERE) & (after.site == NOWHERE) & (after.why != Unplaced.NO_ROOM)
    return np.asarray(lost | placeless | (now.has_way & ~then.has_way))


def _farther(now: Reach, then: Reach) -> Bools:
    """(H,) whoever has a way along the own street before and after, and a dearer one then."""
    return np.asarray((then.cost < NEVER) & (then.cost > now.cost))


def _on_the_way(evening: Evening, told: Assigned, after: Assigned) -> tuple[Bools, Bools]:
    turned, rerouted = np.zeros((2, len(after.site)), bool)
    for home, site in {**evening.expected.walking, **evening.expected.sent}.items():
        if 0 <= home < len(after.site):
            turned[home] = after.site[home] != site
            rerouted[home] = not turned[home] and after.way[home] != told.way[home]
    return turned, rerouted
