"""A night as scenes: what was in force from which minute on, as it was recorded or with a change.

Moments are those of the recorded versions; within a minute the last one counts. Both runs begin
with the first version of the night: nothing comes earlier than it, and what stood then stands in
both. Water, closures, doubts and orders of level 5, which water brings, stay where they were
recorded. An order of level 3 or 4 that begins earlier ends when it did; a place that opens earlier
is closed when it was. That a place was said to be full is left out of every scene: places fill by
who comes in the model.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from hazards.kinds import AlertLevel
from hazards.order import EvacuationOrder
from routing.picture import Picture
from shelters.place import Opening, SiteState

WAITS: Final = frozenset({Opening.UNOPENED, Opening.PREPARING})
"""Not open yet: what such a place became next may come earlier."""
OPEN: Final = frozenset({Opening.OPEN, Opening.FULL})


@dataclass(frozen=True, slots=True)
class Scene:
    """What is in force from `at` on."""

    at: datetime
    picture: Picture


@dataclass(frozen=True, slots=True)
class Change:
    """How much earlier orders come, and the openings of `sites` (None: of all that were opened)."""

    orders: timedelta = timedelta()
    openings: timedelta = timedelta()
    sites: frozenset[str] | None = None

    @property
    def is_none(self) -> bool:
        """Whether it changes nothing."""
        return not (self.orders or self.openings)


def with_change(
    recorded: Sequence[Scene],
    change: Change,
    last: datetime,
    step: Callable[[], None] = lambda: None,
) -> list[Scene]:
    """The scenes of the same night with a change, up to `last`, oldest first; one a minute. `step`
    hears of each moment, and ends it by raising.
    """
    night = _Recorded(_by_minute(recorded))
    moments = set(night.times)
    for earlier in {change.orders, change.openings}:
        moments |= {max(at - earlier, night.times[0]) for at in night.times}
    return list(_scenes(night, change, sorted(at for at in moments if at <= last), step))


def _scenes(
    night: "_Recorded", change: Change, moments: Sequence[datetime], step: Callable[[], None]
) -> Iterator[Scene]:
    before: Picture | None = None
    for at in moments:
        step()
        mine = night.standing(at)
        orders = night.orders(mine, at, change.orders)
        openings = night.openings(mine, at, change)
        picture = replace(mine, as_of=at, orders=orders, openings=openings)
        if before is None or replace(before, as_of=at, change=picture.change) != picture:
            yield Scene(at, picture)
        before = picture


def _by_minute(recorded: Sequence[Scene]) -> list[Scene]:
    """The last scene of each minute, from that minute on."""
    minutes: dict[datetime, Scene] = {}
    for scene in recorded:
        at = scene.at.replace(second=0, microsecond=0)
        minutes[at] = Scene(at, scene.picture)
    return [minutes[at] for at in sorted(minutes)]


class _Recorded:
    """A night's scenes, with what is looked up in them for each moment."""

    def __init__(self, scenes: Sequence[Scene]) -> None:
        self.scenes, self.times = scenes, [scene.at for scene in scenes]
        self._begun = _first_seen(scenes)
        self._states = _changes(scenes)

    def standing(self, at: datetime) -> Picture:
        """What was recorded as standing at a moment."""
        return self.scenes[bisect_right(self.times, at) - 1].picture

    def orders(
        self, mine: Picture, at: datetime, earlier: timedelta
    ) -> tuple[EvacuationOrder, ...]:
        """What stands, and what of level 3 or 4 begins within the time by which orders come
        earlier.
        """
        if not earlier:
            return mine.orders
        found = {order.id: order for order in mine.orders}
        first, last = (bisect_right(self._begun, one, key=_when) for one in (at, at + earlier))
        for _, order in self._begun[first:last]:
            found.setdefault(order.id, order)
        return tuple(found[number] for number in sorted(found))

    def openings(self, mine: Picture, at: datetime, change: Change) -> Mapping[str, SiteState]:
        """How places are, and those that wait as they are so much later."""
        openings = dict(mine.openings)
        for site, state in mine.openings.items() if change.openings else ():
            if state.opening in WAITS and (change.sites is None or site in change.sites):
                openings[site] = self._next(site, state, at, change.openings)
        return {site: _not_full(state) for site, state in openings.items()}

    def _next(self, site: str, state: SiteState, at: datetime, earlier: timedelta) -> SiteState:
        """What a place that waits becomes, if it is opened within so much time."""
        changes = self._states[site]
        for when, then in changes[bisect_right(changes, at, key=_when) :]:
            if when > at + earlier:
                break
            if then.opening not in WAITS:
                return then if then.opening in OPEN else state
        return state


def _when(one: tuple[datetime, object]) -> datetime:
    return one[0]


def _first_seen(scenes: Sequence[Scene]) -> list[tuple[datetime, EvacuationOrder]]:
    """The orders of level 3 or 4 that were given in the night, each with its first scene."""
    known = {order.id for order in scenes[0].picture.orders}
    found = []
    for scene in scenes:
        for order in scene.picture.orders:
            if order.id not in known:
                known.add(order.id)
                if order.level < AlertLevel.SECURE_NOW and order.issued_at >= scenes[0].at:
                    found.append((scene.at, order))
    return found


def _changes(scenes: Sequence[Scene]) -> dict[str, list[tuple[datetime, SiteState]]]:
    """Of each place, from which scene on it is how."""
    found: dict[str, list[tuple[datetime, SiteState]]] = {}
    for scene in scenes:
        for site, state in scene.picture.openings.items():
            mine = found.setdefault(site, [])
            if not mine or mine[-1][1] != state:
                mine.append((scene.at, state))
    return found


def _not_full(state: SiteState) -> SiteState:
    return replace(state, opening=Opening.OPEN) if state.opening is Opening.FULL else state
