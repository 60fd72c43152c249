"""People of the town who leave their homes: when, by whose word, and how long they walk."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine

from operations.household import holding
from operations.household.links import exchange
from routing.verdict import Verdict
from routing.version import PlanVersion
from tests.builders import ask
from tests.stories.hometown import Home, name

PREPARE: Final = timedelta(minutes=15)
"""How long everybody takes at least."""
MEAN_MIN, LATEST_MIN = 35, 150
"""Minutes after that until they leave: most soon, some late."""
WITH_PHONE, SAYS_SO = 0.7, 0.7
"""Shares: of households that opened their slip, and of these that press 向かっています."""
TENTHS: Final = 10


@dataclass(slots=True)
class Walk:
    """A household on its way: where it was told to go, when it comes there, who pressed."""

    home: Home
    site: str
    left_at: datetime
    comes_at: datetime
    said_so: bool


@dataclass
class Crowd:
    """All homes, and whoever is on the way. `nowhere`: households told to go whose page did not
    lead them to the place of the plan: their number, that place, and where it led.
    """

    engine: Engine
    homes: Sequence[Home]
    slips: dict[int, str]
    dice: random.Random
    leaves: dict[int, datetime] = field(default_factory=dict)
    walks: list[Walk] = field(default_factory=list)
    nowhere: list[tuple[int, str | None, str | None]] = field(default_factory=list)

    def decide(self, among: Sequence[Home], share: float, now: datetime) -> None:
        """So large a share of these households will leave, each at its time."""
        rest = [one for one in among if one.number not in self.leaves]
        goers = self.dice.sample(rest, round(share * len(among)))
        for one in goers:
            later = min(self.dice.expovariate(1 / MEAN_MIN), LATEST_MIN)
            self.leaves[one.number] = now + PREPARE + timedelta(minutes=later)

    def set_out(self, version: PlanVersion, since: datetime, now: datetime) -> None:
        """Whoever leaves in these minutes goes where their page has them go."""
        for number, at in sorted(self.leaves.items()):
            if since < at <= now:
                self._leave(version, self.homes[number], at)

    def _leave(self, version: PlanVersion, home: Home, at: datetime) -> None:
        site = version.planned_site(home.number)
        led = ask(version, home.at, told=site, when=at)
        if led.verdict is not Verdict.GO:
            return  # the water took its way: it is told to climb, and stays
        if led.first is None or led.first.site.id != site:
            to = led.first.site.id if led.first else None
            self.nowhere.append((home.number, site, to))
            return
        comes_at = at + timedelta(seconds=led.first.way.time / TENTHS)
        says_so = home.number in self.slips and self.dice.random() < SAYS_SO
        if says_so:
            opened = exchange(self.engine, self.slips[home.number], at)
            holding.set_out(self.engine, opened.home, name(self.dice), led.first.site.id, at)
        self.walks.append(Walk(home, led.first.site.id, at, comes_at, says_so))

    def arriving(self, since: datetime, now: datetime) -> list[Walk]:
        """Whoever comes to a place in these minutes, in their order."""
        here = [one for one in self.walks if since < one.comes_at <= now]
        return sorted(here, key=lambda one: one.comes_at)

    def walking(self, now: datetime) -> list[Walk]:
        """Whoever is on the way."""
        return [one for one in self.walks if one.left_at <= now < one.comes_at]
