"""What happens on an ordinary evening: streets are closed, places are full and open again."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle
from typing import Final

import numpy as np
import shapely
from sqlalchemy import Engine

from city.position import Position
from operations import changes
from routing.version import PlanVersion
from shelters.place import Opening

KINDS: Final = ("street closed", "place full", "place open")
"""What happens, in turn."""
SEED: Final = 20_261_010

Happening = Iterator[Callable[[], object]]


def events(engine: Engine, version: PlanVersion) -> Happening:
    """What happens on an ordinary evening, one of `KINDS` after the other."""
    for street, site in zip(_on_ways(version), cycle(_in_use(version)), strict=False):
        yield partial(changes.close_road, engine, street, "倒木")
        yield partial(changes.open_site, engine, site, Opening.FULL)
        yield partial(changes.open_site, engine, site, Opening.OPEN)


def _in_use(version: PlanVersion) -> Sequence[str]:
    """Places that people are told, in an order by chance."""
    assert version.plan is not None
    used = np.flatnonzero(version.plan.assigned.load)
    order = np.random.default_rng(SEED).permutation(used)
    return [version.ground.sites[row].id for row in order.tolist()]


def _on_ways(version: PlanVersion) -> Iterator[Position]:
    """Middles of streets that somebody's way begins with, each once."""
    assert version.plan is not None
    roads, homes = version.ground.roads, version.plan.homes
    field = next(iter(version.fields.values()))
    some = np.random.default_rng(SEED).choice(len(homes), 1000, replace=False)
    arcs = field.first.step[homes.junction[some]]
    for street in dict.fromkeys(roads.street[arcs[arcs >= 0]].tolist()):
        shape = slice(*roads.shape_start[street : street + 2].tolist())
        middle = shapely.LineString(roads.shape_lonlat[shape]).interpolate(0.5, normalized=True)
        yield Position(middle.y, middle.x)
