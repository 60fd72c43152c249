"""Places fill while people arrive: ordinary rooms, overflow rooms, and then the door is shut."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from routing.plan.book import Longs
from routing.roads import Floats

Bools = NDArray[np.bool_]


@dataclass(slots=True, eq=False)
class Places:
    """Places (S,) with the room that they have, and who is inside or on the way, all in hundredths
    of a person; moments in seconds.
    """

    ordinary: Longs
    overflow: Longs
    inside: Longs = field(init=False)
    turned_away: int = 0
    full_at: dict[int, float] = field(default_factory=dict)
    _when: list[Floats] = field(default_factory=list)
    _site: list[Longs] = field(default_factory=list)
    _who: list[Longs] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.inside = np.zeros(len(self.ordinary), np.int64)

    @property
    def in_overflow(self) -> int:
        """Who is in overflow rooms."""
        return int(np.maximum(self.inside - self.ordinary, 0).sum())

    @property
    def arrived(self) -> int:
        """Who is inside, anywhere."""
        return int(self.inside.sum())

    def free(self) -> Longs:
        """(S,) room in ordinary rooms that nobody is in."""
        room: Longs = np.maximum(self.ordinary - self.inside, 0)
        return room

    def expect(self, when: Floats, site: Longs, who: Longs) -> None:
        """So many set out to these sites (n,), and are there then."""
        self._when.append(when)
        self._site.append(site)
        self._who.append(who)

    def arrive(self, until: float, receives: Bools) -> None:
        """Whoever is there by then comes in, as long as there is room and the place receives."""
        if not self._when:
            return
        when: Floats = np.concatenate(self._when)
        site, who = np.concatenate(self._site), np.concatenate(self._who)
        due = when < until
        self._when, self._site, self._who = [when[~due]], [site[~due]], [who[~due]]
        order = np.argsort(when[due], kind="stable")
        when = when[due][order]
        site, who = site[due][order], who[due][order]
        for row in np.unique(site).tolist():
            mine = site == row
            self._come(row, when[mine], who[mine], bool(receives[row]))

    def _come(self, row: int, when: Floats, who: Longs, receives: bool) -> None:
        before, coming = int(self.inside[row]), np.cumsum(who)
        room = int(self.ordinary[row] + self.overflow[row]) - before if receives else 0
        into = min(max(room, 0), int(coming[-1]))
        self.turned_away += int(coming[-1]) - into
        self.inside[row] += into
        if before < self.ordinary[row] <= before + into:
            first = int(np.searchsorted(coming, self.ordinary[row] - before))
            self.full_at.setdefault(row, float(when[first]))
