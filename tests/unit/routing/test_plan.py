"""One plan, against every possible one where there are few."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from routing.engine.costs import NEVER
from routing.plan.assigned import NOWHERE
from routing.plan.book import Longs
from routing.plan.churn import churn
from routing.plan.plan import Costs, Going, Unplaced, make_plan
from routing.roads import Ints

few = settings(max_examples=200, deadline=None, derandomize=True)
COSTS = Costs(none=100, switch=8)


@st.composite
def evenings(draw: st.DrawFn) -> tuple[Ints, Going, Longs]:
    """A few homes at a few junctions, some of whom were told a place before, or walk there."""
    rows, sites, homes = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 5))
    near = st.one_of(st.integers(0, 60), st.just(int(NEVER)))
    told = draw(arrays(np.int32, homes, elements=st.integers(NOWHERE, sites - 1)))
    going = Going(
        row=draw(arrays(np.int32, homes, elements=st.integers(0, rows - 1))),
        demand=draw(arrays(np.int64, homes, elements=st.integers(0, 6))),
        told=told,
        walking=draw(arrays(np.bool_, homes)) & (told >= 0),
    )
    matrix = draw(arrays(np.int32, (rows, sites), elements=near))
    return matrix, going, draw(arrays(np.int64, sites, elements=st.integers(0, 15)))


def stays(matrix: Ints, going: Going) -> np.ndarray:
    pairs = zip(going.row.tolist(), going.told.tolist(), strict=True)
    reached = [told != NOWHERE and matrix[row, told] < NEVER for row, told in pairs]
    return going.walking & np.array(reached)


def cheapest(matrix: Ints, going: Going, capacity: Longs) -> int:
    """The least cost of all ways to place whole homes, by trying each."""
    kept, sites = stays(matrix, going), len(capacity)
    left = capacity - np.bincount(going.told[kept], going.demand[kept], sites).astype(np.int64)
    homes, best = np.flatnonzero(~kept).tolist(), None
    for choice in product([*range(sites), NOWHERE], repeat=len(homes)):
        load, cost = np.zeros(sites, np.int64), 0
        for home, site in zip(homes, choice, strict=True):
            anew = COSTS.switch * bool(going.told[home] not in (NOWHERE, site))
            way = COSTS.none if site == NOWHERE else int(matrix[going.row[home], site])
            step = way if site == NOWHERE else min(way + anew, COSTS.none - 1)
            cost += int(going.demand[home]) * (step if way < NEVER else 2 * COSTS.none)
            if site != NOWHERE:
                load[site] += going.demand[home]
        if (load <= np.maximum(left, 0)).all() and (best is None or cost < best):
            best = cost
    assert best is not None
    return best


@few
@given(evenings())
def test_no_plan_of_whole_homes_is_cheaper_than_its_bound(
    evening: tuple[Ints, Going, Longs],
) -> None:
    matrix, going, capacity = evening
    plan = make_plan(matrix, going, capacity, COSTS)
    best = cheapest(matrix, going, capacity)
    assert plan.bound <= best <= plan.cost


@few
@given(evenings())
def test_with_room_for_all_everybody_gets_the_best(evening: tuple[Ints, Going, Longs]) -> None:
    matrix, going, capacity = evening
    roomy = np.full(len(capacity), going.demand.sum())
    plan = make_plan(matrix, going, roomy, COSTS)
    assert plan.cost == plan.bound == cheapest(matrix, going, roomy)


@few
@given(evenings())
def test_rule_12_nobody_on_the_way_is_turned_round_while_the_place_can_be_reached(
    evening: tuple[Ints, Going, Longs],
) -> None:
    matrix, going, capacity = evening
    plan = make_plan(matrix, going, capacity, COSTS)
    kept = stays(matrix, going)
    assert (plan.site[kept] == going.told[kept]).all()


@few
@given(evenings())
def test_no_place_gets_more_than_it_holds_but_who_walks_there_already(
    evening: tuple[Ints, Going, Longs],
) -> None:
    matrix, going, capacity = evening
    plan = make_plan(matrix, going, capacity, COSTS)
    kept = stays(matrix, going)
    on_way = np.bincount(going.told[kept], going.demand[kept], len(capacity))
    assert (plan.load <= np.maximum(capacity, on_way)).all()


@few
@given(evenings())
def test_whoever_has_no_place_is_listed_with_the_reason(
    evening: tuple[Ints, Going, Longs],
) -> None:
    matrix, going, capacity = evening
    plan = make_plan(matrix, going, capacity, COSTS)
    ways = (matrix < COSTS.none).any(axis=1)[going.row]
    for site, why, way in zip(plan.site.tolist(), plan.why.tolist(), ways.tolist(), strict=True):
        if site >= 0:
            assert why == Unplaced.PLACED
        else:
            assert why == (Unplaced.NO_ROOM if way else Unplaced.NO_WAY)


@few
@given(evenings())
def test_everybody_who_has_a_place_can_reach_it(evening: tuple[Ints, Going, Longs]) -> None:
    matrix, going, capacity = evening
    plan = make_plan(matrix, going, capacity, COSTS)
    placed = plan.site >= 0
    assert (matrix[going.row[placed], plan.site[placed]] < NEVER).all()


def fewest_moved(matrix: Ints, going: Going, capacity: Longs) -> int:
    """By trying which of those who were told a place, and can reach it, stay with it."""
    told = going.told != NOWHERE
    reached = matrix[going.row, going.told] < NEVER
    walks = stays(matrix, going)
    on_way = np.bincount(going.told[walks], going.demand[walks], len(capacity))
    free = np.flatnonzero(told & reached & ~walks).tolist()
    most = 0
    for kept in product([False, True], repeat=len(free)):
        rows = [home for home, keeps in zip(free, kept, strict=True) if keeps]
        load = on_way + np.bincount(going.told[rows], going.demand[rows], len(capacity))
        if (load <= np.maximum(capacity, on_way)).all():
            most = max(most, len(rows))
    return int(told.sum()) - int(walks.sum()) - most


@few
@given(evenings())
def test_no_plan_moves_fewer_than_the_least(evening: tuple[Ints, Going, Longs]) -> None:
    matrix, going, capacity = evening
    found = churn(make_plan(matrix, going, capacity, COSTS).site, matrix, going, capacity)
    assert found.least == fewest_moved(matrix, going, capacity)
    assert found.moved >= found.least
