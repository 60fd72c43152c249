"""The evening of the plan's figures: a flood order over a whole city, and everybody told to go."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from city.traveller import Profile
from data.households import Households
from hazards.kinds import HazardKind
from hazards.zone import ZoneLayer
from routing.engine.costs import Engine
from routing.ground import Ground
from routing.plan.assigned import NOWHERE
from routing.plan.plan import Going
from routing.plan.turnout import HUNDREDTHS, Turnout, demand
from routing.roads import Access, Floats, Ints
from routing.version import PlanVersion
from routing.weights import Conditions
from tests.builders import a_version, an_order

Bools = NDArray[np.bool_]
Longs = NDArray[np.int64]
SEED: Final = 20_261_010
INVENTED: Final = 270_000
"""Homes of a city of which nobody says who lives where."""
ROOM, TIGHT = 1.5, 1.1
"""Places for one person who comes: where room is invented, and where little is left."""
FLOOD: Final = frozenset({HazardKind.FLOOD})


@dataclass(frozen=True, eq=False)
class Evening:
    """H homes at J `junctions`, `row` (H,) being that of each; `demand` (H,) and `room` (sites,)
    are in hundredths of a person. `is_invented`: what nobody says of this city.
    """

    ground: Ground
    engine: Engine
    xy: Floats
    junctions: Ints
    row: Ints
    demand: Longs
    room: Longs
    is_invented: bool

    @cached_property
    def calm(self) -> PlanVersion:
        """The order, and nothing else."""
        return self.version()

    @cached_property
    def conditions(self) -> Conditions:
        """People on foot, at night."""
        return self.calm.conditions(Profile.WALK, night=True, hazards=FLOOD)

    @property
    def sites(self) -> Ints:
        """All of them, whether they suit or not."""
        return np.arange(len(self.room), dtype=np.int32)

    def version(
        self, closures: Sequence[int] = (), water: Sequence[BaseGeometry] = ()
    ) -> PlanVersion:
        """With these streets closed and this water seen (polygons in metres)."""
        order = an_order(4, HazardKind.FLOOD)
        return a_version(self.ground, orders=[order], closures=closures, observed=water)

    def matrix(self, version: PlanVersion, junctions: Ints | None = None) -> Ints:
        """From the homes' junctions, or from these, to every site."""
        weighed, access = version.weights(self.conditions), version.access(self.conditions)
        rows = self.junctions if junctions is None else junctions
        return self.engine.costs(weighed, access, self.sites, rows)

    def going(self, told: Ints | None = None, who: Bools | None = None) -> Going:
        """These homes (all of them), who were told these places (H,) before (none)."""
        count = len(self.row)
        place = np.full(count, NOWHERE, np.int32) if told is None else told
        here = np.ones(count, bool) if who is None else who
        walking = np.zeros(int(here.sum()), bool)
        return Going(self.row[here], self.demand[here], place[here], walking)


def evening(ground: Ground, households: Households, engine: Engine) -> Evening:
    """Homes at the nearest junction where people walk; what is not known is invented."""
    rng = np.random.default_rng(SEED)
    roads = ground.roads
    foot = roads.admits(Access.FOOT)
    walked = np.unique(np.concatenate([roads.start[foot], roads.end[foot]]))
    is_invented = len(households) == 0
    if is_invented:
        xy = roads.junction_xy[rng.choice(walked, INVENTED)] + rng.normal(0, 15, (INVENTED, 2))
        persons = rng.integers(1, 5, INVENTED).astype(np.int16)
    else:
        xy, persons = ground.metres.xy(households.lonlat), households.persons
    everybody = np.ones(len(xy), bool)
    inside = within(xy, ground.zones[ZoneLayer.DEPTH].polygons)
    brought = demand(persons, everybody, everybody, inside, Turnout())
    nearest = walked[cKDTree(roads.junction_xy[walked]).query(xy)[1]]
    junctions, row = np.unique(nearest, return_inverse=True)
    given = ground, engine, xy, junctions.astype(np.int32), row.astype(np.int32), brought
    draft = Evening(*given, np.zeros(len(ground.sites), np.int64), is_invented)
    indoors = [site.capacity.storm_indoor or 0 for site in ground.sites]
    room = rng.lognormal(0, 0.6, len(indoors)) if is_invented else HUNDREDTHS * np.array(indoors)
    room = np.where(draft.calm.suitable(FLOOD), room, 0).astype(np.float64)
    wanted = ROOM * brought.sum() if is_invented else room.sum()
    return Evening(*given, scaled(room, wanted), is_invented)


def scaled(room: NDArray[Any], total: float) -> Longs:
    """(sites,) the same places, each smaller or larger by as much, with so much room together."""
    return np.asarray(np.rint(room * (total / room.sum())), dtype=np.int64)


def within(xy: Floats, polygons: NDArray[np.object_]) -> Bools:
    """(n,) which points (metres) lie in one of the polygons."""
    inside = np.zeros(len(xy), bool)
    if len(polygons):
        points = np.asarray(shapely.points(xy), dtype=object)
        inside[STRtree(points).query(polygons, predicate="intersects")[1]] = True
    return inside
