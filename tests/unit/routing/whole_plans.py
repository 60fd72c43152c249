"""A plan of a real city's roads for some thousand homes, proven by others' algorithms."""

from dataclasses import dataclass, replace

import numpy as np

from routing.engine.hierarchy import HierarchyEngine
from routing.engine.order import contraction_order
from routing.engine.plain import PlainEngine
from routing.engine.skeleton import skeleton
from routing.ground import Ground
from routing.homes import Homes, homes
from routing.plan.assign import assign
from routing.plan.assigned import NOWHERE, Assigned
from routing.plan.book import Longs
from routing.plan.expected import Expected
from routing.plan.looked import Looked
from routing.plan.plan import Costs, Unplaced
from routing.plan.reach import reach
from routing.plan.told import hazards_at_homes
from routing.plan.turnout import HUNDREDTHS, Turnout
from routing.version import PlanVersion
from tests.benchmarks.planspeers import Problem
from tests.benchmarks.planssolvers import or_tools

SEED, HOMES = 20_191_012, 1200
TIGHT = 1.1


def some_homes(ground: Ground) -> Homes:
    """As many people wherever there are many junctions; always the same ones."""
    rng = np.random.default_rng(SEED)
    at = rng.choice(len(ground.roads.junction_xy), HOMES)
    xy = ground.roads.junction_xy[at] + rng.normal(0, 15, (HOMES, 2))
    persons = rng.integers(1, 7, HOMES).astype(np.int16)
    return homes(ground, xy, persons, np.full(HOMES, -1, np.int32))


@dataclass(frozen=True)
class Evening:
    """A version and those who live there; everybody who is told to go comes."""

    version: PlanVersion
    looked: Looked
    engine: HierarchyEngine
    expected: Expected

    def plan(self, version: PlanVersion | None = None, before: Assigned | None = None) -> Assigned:
        return assign(version or self.version, self.looked, self.engine, self.expected, before)

    def with_room(self, free: Longs, **more: object) -> "Evening":
        changed = replace(self.expected, free=free, **more)  # type: ignore[arg-type]
        return replace(self, expected=changed)


def evening(version: PlanVersion, living: Homes) -> Evening:
    """Room for 1.1 times as many as come, more of it where places are large in a seeded way."""
    rng = np.random.default_rng(SEED)
    share = rng.uniform(0.2, 1, len(version.ground.sites))
    everybody = Turnout(1, 1, 1, 1)
    unlimited = Expected(np.full(len(share), 10**6), everybody)
    engine = HierarchyEngine(
        skeleton(version.ground.roads, contraction_order(version.ground.roads))
    )
    first = Evening(version, Looked(living), engine, unlimited)
    plan = first.plan()
    used = np.unique(plan.site[plan.site != NOWHERE])
    share[np.setdiff1d(np.arange(len(share)), used)] = 0
    room = np.ceil(TIGHT * plan.figures.expected * share / share.sum()).astype(np.int64)
    return first.with_room(room)


def assert_proven(given: Evening, plan: Assigned) -> None:
    """Capacity is kept, nobody is dropped, the prices prove the bound on costs by scipy's Dijkstra,
    the bound is the optimum that OR-Tools finds, and whole households cost next to nothing more:
    of so few each is a far larger part than in a city, where `./dev bench` holds the gap to 0.1 %.
    """
    version, looked, costs = given.version, given.looked, Costs()
    sets, which = hazards_at_homes(version, looked)
    plain = PlainEngine(version.ground.roads)
    found = reach(version, plain, looked.homes, sets, which, night=True)
    going = np.flatnonzero((plan.site != NOWHERE) | (plan.why == Unplaced.NO_ROOM))
    assert len(going) == plan.figures.going > HOMES / 2
    matrix, row = found.rows(going)
    cost = np.where(matrix >= costs.none, 2 * costs.none, matrix).astype(np.int64)
    cost = np.hstack([cost, np.full((len(cost), 1), costs.none)])
    demand = plan.demand[going].astype(np.int64)
    total = np.bincount(row, demand, len(cost)).astype(np.int64)
    room = np.append(given.expected.free[found.sites] * HUNDREDTHS, total.sum())
    price = np.append(plan.price[found.sites], 0)
    bound = int(((cost + price).min(axis=1) * total).sum() - (price * room).sum())
    assert bound == plan.figures.bound == or_tools(Problem(cost, total, room))
    at = np.searchsorted(found.sites, plan.site[going])
    at[plan.site[going] == NOWHERE] = len(found.sites)
    assert int((cost[row, at] * demand).sum()) == plan.figures.cost
    load = np.bincount(at, demand, len(room))
    assert (load <= room).all()
    assert plan.load[found.sites].tolist() == load[:-1].tolist()
    assert plan.figures.cost - bound <= lost_by_rounding(plan, demand, bound)
    assert (plan.price > 0).any()


def lost_by_rounding(plan: Assigned, demand: Longs, bound: int) -> float:
    """A hundredth; where room is short, also what a household costs that each scarce place leaves
    outside because a part of it does not fit.
    """
    if not plan.figures.no_room:
        return bound / 100
    return int((plan.price > 0).sum()) * int(demand.max()) * Costs().none


def assert_keeps_its_word(given: Evening, plan: Assigned) -> None:
    """After a place filled: who walks there goes on, a group parts from nobody, most stay."""
    full = int(np.bincount(plan.site[plan.site != NOWHERE].astype(np.int64)).argmax())
    there = np.flatnonzero(plan.site == full)
    walking = dict.fromkeys(there[::3].tolist(), full)
    group = neighbours(given.looked.homes, plan, walking)
    free = given.expected.free.copy()
    free[full] //= 2
    later = given.with_room(free, walking=walking, groups=[group])
    after = later.plan(before=plan)
    assert all(after.site[home] == full for home in walking)
    assert after.figures.parted == 0
    assert len({int(after.site[home]) for home in group}) == 1
    assert (after.load <= np.maximum(free * HUNDREDTHS, kept(after, walking, full))).all()
    assert after.figures.least <= after.figures.moved < np.count_nonzero(plan.site != NOWHERE) / 4


def neighbours(living: Homes, plan: Assigned, walking: dict[int, int]) -> list[int]:
    """Four households near each other that do not walk, and that were told one place."""
    told = np.flatnonzero(plan.site != NOWHERE)
    mine = np.flatnonzero(plan.site == plan.site[told[0]]).tolist()
    still = [home for home in mine if home not in walking]
    near = np.hypot(*(living.xy[still] - living.xy[still[0]]).T)
    return [still[row] for row in np.argsort(near, kind="stable")[:4]]


def kept(after: Assigned, walking: dict[int, int], full: int) -> Longs:
    """What those bring who walk, at their place."""
    load = np.zeros(len(after.load), np.int64)
    load[full] = after.demand[list(walking)].sum()
    return load
