"""The doors of the places: who comes is counted, rooms are opened, a full place says so."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine

from city.staff import Caller
from operations.places.counts import GivenCount, record_counts
from operations.places.openings import change_opening
from operations.places.siteinfo import use_room
from shelters.counting import CountKind
from shelters.place import Opening
from tests.integration.counted import TABLET, name
from tests.stories.hometown import SIZES, SPARE, Room
from tests.stories.walkers import Walk

AHEAD: Final = timedelta(minutes=20)
"""So long before it is needed somebody goes and opens an overflow room."""
LARGEST: Final = max(SIZES)
"""Where no room is left for such a household more, the desk says 満員: who is on the way has it."""


@dataclass
class Reception:
    """All doors. `needed`: when an overflow room held the first person; `refused`: whoever came
    where no room was left.
    """

    engine: Engine
    rooms: Mapping[str, Room]
    inside: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    spare_open: set[str] = field(default_factory=set)
    full: set[str] = field(default_factory=set)
    needed: dict[str, datetime] = field(default_factory=dict)
    refused: list[Walk] = field(default_factory=list)

    def come_in(self, walks: Sequence[Walk], now: datetime) -> None:
        """These people come to their doors."""
        for walk in walks:
            persons, site = walk.home.persons, walk.site
            if self.inside[site] + persons > self.rooms[site].all:
                self.refused.append(walk)
                continue
            self.inside[site] += persons
            self._count(site, persons, walk)
            if self.inside[site] > self.rooms[site].hall:
                self.needed.setdefault(site, walk.comes_at)
        for site in sorted({walk.site for walk in walks}):
            self._look_round(site, now)

    def prepare(self, overflow: Iterable[Mapping[str, Any]], now: datetime) -> None:
        """Headquarters has the overflow rooms opened that will be needed soon."""
        for need in overflow:
            if need["rooms"] and datetime.fromisoformat(need["needed_at"]) - now <= AHEAD:
                self._open_spare(need["site"], now)

    def _open_spare(self, site: str, now: datetime) -> None:
        if site not in self.spare_open:
            self.spare_open.add(site)
            use_room(self.engine, _tablet(site), site, SPARE, in_use=True, now=now)

    def _look_round(self, site: str, now: datetime) -> None:
        """The overflow room first (`safety.md` 12), 満員 after it."""
        room, inside = self.rooms[site], self.inside[site]
        if inside > room.hall - LARGEST:
            self._open_spare(site, now)
        if inside > room.all - LARGEST and site not in self.full:
            self.full.add(site)
            change_opening(self.engine, _tablet(site), site, Opening.FULL, now=now)

    def _count(self, site: str, persons: int, walk: Walk) -> None:
        at = walk.comes_at
        count = GivenCount(name(walk.home.number), CountKind.CHANGE, persons, at)
        record_counts(self.engine, _tablet(site), site, [count], sent_at=at, now=at)


def _tablet(site: str) -> Caller:
    return replace(TABLET, site_id=site)
