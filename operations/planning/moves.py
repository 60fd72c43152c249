"""The move of many people waits for a person (`safety.md` 6); what is shut is shut already.

A closure by reports is first published with everybody's place as it was told: no way crosses it.
Then the planner asks who would be told another place by it. Few are told at once. Where it cuts
anybody off, or moves more than `MOST_MOVED` households, an approver looks first.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Engine, func
from sqlalchemy.dialects.postgresql import insert

from data import inforce, tables
from data.database import transaction
from data.observing import closures
from data.observing.observations import MOVES, WAITS
from operations.planning.basis import Basis
from operations.planning.held import MOVE
from operations.planning.making import Foreseen, told_by
from routing.homes import Bools
from routing.picture import Picture
from routing.plan.assign import assign
from routing.plan.assigned import NOWHERE, Assigned
from routing.plan.changed import changed
from routing.plan.expected import Expected
from routing.plan.plan import Unplaced
from routing.plan.reach import reach
from routing.plan.told import hazards_at_homes
from routing.version import PlanVersion

MOST_MOVED: Final = 500
"""Households: so many are told another place without a person's word."""
LISTED: Final = 200
"""Rows of who moves whence and whither that an approver is shown."""

log = logging.getLogger("nigemichi.planner")


def judge(
    engine: Engine,
    code: str,
    basis: Basis,
    picture: Picture,
    new: Sequence[int],
    expected: Expected,
    before: PlanVersion,
) -> Foreseen | None:
    """Look whom these `new` closures move: together, for they act together.

    Records a change: the next version tells whom they move, or they wait. Returns the plan that
    was looked at.
    """
    told = told_by(before, basis)
    foreseen = None if told is None else _foreseen(basis, picture, new, expected, before, told)
    moved = None
    if told is not None and foreseen is not None:
        lost = _lost_way(basis, before, foreseen.picture, night=expected.night)
        moved = Moved(basis, told, foreseen.assigned, lost)
    waits = moved is not None and moved.waits
    words = moved.words if moved else "no household is known"
    with transaction(engine, latest=True) as connection:
        closures.judge(connection, new, WAITS if waits else MOVES)
        if moved is not None and waits:
            rows = [
                {
                    "city_code": code,
                    "kind": MOVE,
                    "item": number,
                    "why": words,
                    "facts": moved.facts(),
                }
                for number in new
            ]
            _hold(connection, rows)
        inforce.record_change(connection, f"closures {list(new)}: {words}")
    if waits:
        log.warning("the move by closures %s waits for a person: %s", list(new), words)
    return foreseen


def _hold(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Let them wait; one that was decided and has grown since waits again."""
    query = insert(tables.held_item)
    new = {name: query.excluded[name] for name in ("why", "facts")}
    anew = {"held_at": func.now(), "decision": None, "decided_by": None, "decided_at": None}
    query = query.on_conflict_do_update(index_elements=["kind", "item"], set_={**new, **anew})
    connection.execute(query, list(rows))


class Moved:
    """Whom a closure moves: `cut` households lose their only way, `moved` get another place.

    `lost_way` (H,) are all who have no way any more, whether or not anybody told them to leave.
    """

    def __init__(self, basis: Basis, before: Assigned, after: Assigned, lost_way: Bools) -> None:
        difference = changed(before, after)
        lost = (after.why == Unplaced.NO_WAY) & (before.why != Unplaced.NO_WAY)
        self.cut: Bools = lost | ((before.site != NOWHERE) & (after.site == NOWHERE)) | lost_way
        self.moved: Bools = (difference.place | difference.verdict) & ~self.cut
        self._basis, self._before, self._after = basis, before, after

    @property
    def waits(self) -> bool:
        """Whether a person looks first."""
        return bool(self.cut.any()) or int(self.moved.sum()) > MOST_MOVED

    @property
    def words(self) -> str:
        """In a line."""
        return f"{int(self.cut.sum())} households cut off, {int(self.moved.sum())} sent elsewhere"

    def facts(self) -> dict[str, Any]:
        """What an approver is shown: figures, and by 町丁目 whence and whither; of no household."""
        persons = self._basis.homes.persons
        return {
            "cut_off": int(self.cut.sum()),
            "cut_off_persons": int(persons[self.cut].sum()),
            "moved": int(self.moved.sum()),
            "moved_persons": int(persons[self.moved].sum()),
            "cut_off_areas": self._areas(),
            "cut_off_from": self._cut_off_from(),
            "moves": self._moves(),
        }

    def _areas(self) -> list[dict[str, Any]]:
        counts = Counter(self._basis.homes.area[self.cut].tolist())
        return [
            {"area": self._area(row), "households": count}
            for row, count in counts.most_common(LISTED)
        ]

    def _cut_off_from(self) -> list[dict[str, Any]]:
        """Which places those were told who have none now."""
        counts = Counter(self._before.site[self.cut].tolist())
        return [
            {"before": self._site(row), "households": count}
            for row, count in counts.most_common(LISTED)
        ]

    def _moves(self) -> list[dict[str, Any]]:
        mine = np.flatnonzero(self.moved)
        area, whence = self._basis.homes.area[mine], self._before.site[mine]
        counts = Counter(
            zip(area.tolist(), whence.tolist(), self._after.site[mine].tolist(), strict=True)
        )
        return [
            {
                "area": self._area(area),
                "before": self._site(before),
                "after": self._site(after),
                "households": count,
            }
            for (area, before, after), count in counts.most_common(LISTED)
        ]

    def _area(self, row: int) -> str:
        return self._basis.ground.areas[row].name if row >= 0 else ""

    def _site(self, row: int) -> str | None:
        return None if row == NOWHERE else self._basis.ground.sites[row].id


def _lost_way(basis: Basis, before: PlanVersion, planned: Picture, *, night: bool) -> Bools:
    """(H,) who has a way by what places are planned by now, and none with the new closures; also
    where nobody has ordered anything.
    """
    pictures = before.picture.as_planned(), planned
    versions = [PlanVersion.of(before.number, basis.ground, one) for one in pictures]
    now, then = (_has_way(basis, version, night=night) for version in versions)
    return now & ~then


def _has_way(basis: Basis, version: PlanVersion, *, night: bool) -> Bools:
    sets, which = hazards_at_homes(version, basis.looked)
    found = reach(version, basis.engine, basis.homes, sets, which, night=night)
    basis.looked.forget()
    return found.has_way


def _foreseen(
    basis: Basis,
    picture: Picture,
    new: Sequence[int],
    expected: Expected,
    before: PlanVersion,
    told: Assigned,
) -> Foreseen:
    """As if the new closures, and none that waits, counted for everybody's place."""
    counted = tuple(replace(one, moves=one.moves or one.id in new) for one in picture.closures)
    planned = replace(picture, closures=counted).as_planned()
    version = PlanVersion.of(before.number, basis.ground, planned)
    after = assign(version, basis.looked, basis.engine, expected, told)
    basis.looked.forget()
    return Foreseen(planned, told, after)
