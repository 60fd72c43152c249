"""Who comes where on such an evening, step by step."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from tests.stories.arrivals import FILE, curves, persons
from tests.stories.stage import Evening
from tests.stories.tablets import Tablet

STEPS: Final = 48
COUNTED_EACH: Final = 7
"""Steps after which a desk counts all who are there."""
AT_ONCE: Final = 6
"""Tablets that send at the same time."""


@dataclass
class Crowd:
    """People on the way: by place, how many come in each step. `step` is the next one."""

    evening: Evening
    coming: dict[str, list[int]] = field(default_factory=dict)
    step: int = 0

    def expect(self, totals: dict[str, int]) -> None:
        """So many come to each place in all; the first one has the fullest shelter's curve."""
        shares = curves(FILE, STEPS)
        for share, (site, total) in zip(shares, totals.items(), strict=False):
            self.coming[site] = persons(share, total)

    @property
    def is_over(self) -> bool:
        """Whether everybody has come."""
        return self.step == STEPS

    def come_in(self) -> None:
        """Those of one step are counted at the doors, by the place's tablets in turn."""
        for site, came in self.coming.items():
            tablets = self.evening.at(site)
            tablet = tablets[self.step % len(tablets)]
            tablet.count_in(came[self.step])
            self.evening.inside[site] += came[self.step]
            if self.step % COUNTED_EACH == COUNTED_EACH - 1:
                tablets[0].press("total", self.evening.inside[site])
        self.step += 1

    def come_until(self, step: int) -> None:
        """The steps before that one; each is sent at once, by several tablets at a time."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            while self.step < min(step, STEPS):
                self.come_in()
                list(pool.map(Tablet.send, self.evening.tablets))
