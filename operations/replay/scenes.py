"""A night as scenes: what was in force from which minute on, as it was recorded or with a change.

Moments are those of the recorded versions; within a minute the last one counts. Water, closures,
doubts and orders of level 5, which water brings, stay where they were recorded. An order of level 3
or 4 that begins earlier ends when it did; a place that opens earlier is closed when it was. That a
place was said to be full is left out of every scene: places fill by who comes in the model.
"""

from collections.abc import Iterator, Mapping, Sequence
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


def with_change(recorded: Sequence[Scene], change: Change, last: datetime) -> list[Scene]:
    """The scenes of the same night with a change, up to `last`, oldest first; one a minute."""
    given = _by_minute(recorded)
    moments = {scene.at for scene in given}
    if change.orders:
        moments |= {at - change.orders for at in moments}
    if change.openings:
        moments |= {scene.at - change.openings for scene in given}
    return list(_scenes(given, change, sorted(at for at in moments if at <= last)))


def _scenes(given: Sequence[Scene], change: Change, moments: Sequence[datetime]) -> Iterator[Scene]:
    before: Picture | None = None
    for at in moments:
        mine = _standing(given, at)
        orders = _orders(given, mine, at, change.orders)
        openings = _openings(given, mine, at, change)
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


def _standing(given: Sequence[Scene], at: datetime) -> Picture:
    """What was recorded as standing at a moment; before the first scene, that without orders."""
    found = None
    for scene in given:
        if scene.at > at:
            break
        found = scene.picture
    return found if found is not None else replace(given[0].picture, orders=())


def _orders(
    given: Sequence[Scene], mine: Picture, at: datetime, earlier: timedelta
) -> tuple[EvacuationOrder, ...]:
    """What stands, and what of level 3 or 4 begins within the time by which orders come earlier."""
    found = {order.id: order for order in mine.orders}
    known = set(found)
    for scene in given:
        if at < scene.at <= at + earlier:
            later = [one for one in scene.picture.orders if one.id not in known]
            found |= {one.id: one for one in later if one.level < AlertLevel.SECURE_NOW}
    return tuple(found[number] for number in sorted(found))


def _openings(
    given: Sequence[Scene], mine: Picture, at: datetime, change: Change
) -> Mapping[str, SiteState]:
    openings = dict(mine.openings)
    for site, state in mine.openings.items():
        if state.opening in WAITS and (change.sites is None or site in change.sites):
            openings[site] = _next(given, site, state, at, change.openings)
    return {site: _not_full(state) for site, state in openings.items()}


def _next(
    given: Sequence[Scene], site: str, state: SiteState, at: datetime, earlier: timedelta
) -> SiteState:
    """What a place that waits becomes, if it is opened within so much time."""
    for scene in given:
        then = scene.picture.openings.get(site)
        if at < scene.at <= at + earlier and then and then.opening not in WAITS:
            return then if then.opening in OPEN else state
    return state


def _not_full(state: SiteState) -> SiteState:
    return replace(state, opening=Opening.OPEN) if state.opening is Opening.FULL else state
