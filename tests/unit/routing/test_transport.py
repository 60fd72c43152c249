"""Demand onto places: exact, capacity kept, and proven by its prices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from routing.errors import RoutingError
from routing.plan.book import Longs
from routing.plan.coarse import coarse_prices
from routing.plan.transport import Shares, lower_bound, transport
from routing.roads import Floats, Ints

few = settings(max_examples=150, deadline=None, derandomize=True)
NO_PLACE, NO_WAY = 40, 80


@st.composite
def problems(draw: st.DrawFn) -> tuple[Ints, Longs, Longs]:
    """Costs with a last place that stands for none, demand, and capacity with room for all."""
    origins, sites = draw(st.integers(1, 7)), draw(st.integers(1, 4))
    near = st.one_of(st.integers(0, 30), st.just(NO_WAY))
    cost = draw(arrays(np.int32, (origins, sites), elements=near))
    demand = draw(arrays(np.int64, origins, elements=st.integers(0, 9)))
    capacity = draw(arrays(np.int64, sites, elements=st.integers(0, 12)))
    none = np.full((origins, 1), NO_PLACE, np.int32)
    return np.hstack([cost, none]), demand, np.append(capacity, demand.sum())


def check(found: Shares, cost: Ints, demand: Longs, capacity: Longs) -> None:
    """All go somewhere, nowhere are more than there is room for, and no plan is cheaper."""
    sites = len(capacity)
    assert (np.bincount(found.origin, found.amount, len(demand)) == demand).all()
    assert (found.load(sites) <= capacity).all()
    assert (found.amount > 0).all()
    assert (found.price >= 0).all()
    assert found.cost(cost) == lower_bound(cost, demand, capacity, found.price)


@few
@given(problems())
def test_it_costs_what_linear_programming_finds(
    problem: tuple[Ints, Longs, Longs],
) -> None:
    cost, demand, capacity = problem
    found = transport(cost, demand, capacity)
    check(found, cost, demand, capacity)
    origins, sites = cost.shape
    best = linprog(
        cost.ravel(),
        A_ub=np.tile(np.eye(sites), origins),
        b_ub=capacity,
        A_eq=np.repeat(np.eye(origins), sites, axis=1),
        b_eq=demand,
    )
    assert found.cost(cost) == round(best.fun)


@few
@given(problems(), arrays(np.int64, 5, elements=st.integers(0, 60)))
def test_whatever_prices_it_begins_with_it_ends_at_the_least_cost(
    problem: tuple[Ints, Longs, Longs], price: Longs
) -> None:
    cost, demand, capacity = problem
    found = transport(cost, demand, capacity, price[: len(capacity)])
    check(found, cost, demand, capacity)
    assert found.cost(cost) == transport(cost, demand, capacity).cost(cost)


def a_tight_city() -> tuple[Ints, Longs, Longs, Floats]:
    """Costs, demand and capacity of 2,000 homes and 20 places with hardly any room left, and where
    the homes are.
    """
    rng = np.random.default_rng(11)
    homes, places = rng.random((2000, 2)) ** 2, rng.random((20, 2))
    cost = np.hypot(*(homes[:, None] - places).transpose(2, 0, 1)) * 20_000
    cost = np.hstack([cost, np.full((2000, 1), 40_000)]).astype(np.int32)
    demand = rng.integers(1, 20, 2000).astype(np.int64)
    return cost, demand, np.append(np.full(20, demand.sum() // 20 + 3), demand.sum()), homes


def test_a_tight_city_is_proven_by_its_prices() -> None:
    """People who came to one place first move on when others need its room."""
    cost, demand, capacity, _ = a_tight_city()
    found = transport(cost, demand, capacity)
    check(found, cost, demand, capacity)
    assert len(found.origin) < len(demand) + len(capacity)


def test_prices_of_coarse_cells_begin_near_the_plans_own() -> None:
    cost, demand, capacity, homes = a_tight_city()
    price = coarse_prices(cost, demand, capacity, homes)
    found = transport(cost, demand, capacity, price)
    check(found, cost, demand, capacity)
    bound = lower_bound(cost, demand, capacity, price)
    assert 0.98 * found.cost(cost) < bound <= found.cost(cost)
    assert lower_bound(cost, demand, capacity, 0 * price) < 0.9 * bound


@pytest.mark.parametrize(("demand", "capacity"), [([4], [1, 2]), ([-1], [1, 2]), ([1], [-1, 5])])
def test_more_persons_than_room_and_less_than_none_are_refused(
    demand: list[int], capacity: list[int]
) -> None:
    with pytest.raises(RoutingError, match="persons"):
        transport(np.array([[5, 9]], np.int32), np.array(demand), np.array(capacity))


def test_one_home_at_one_point_has_one_cell() -> None:
    one = np.array([[5, 9]], np.int32), np.array([4]), np.array([1, 4])
    assert coarse_prices(*one, np.array([[7.0, 7.0]])).tolist() == [4, 0]


def test_nobody_moves_where_the_prices_are_those_of_the_plan_before() -> None:
    rng = np.random.default_rng(7)
    cost = np.hstack([rng.integers(0, 900, (400, 9)), np.full((400, 1), 2000)]).astype(np.int32)
    demand = rng.integers(1, 9, 400).astype(np.int64)
    capacity = np.append(np.full(9, demand.sum() // 8), demand.sum())
    before = transport(cost, demand, capacity)
    check(before, cost, demand, capacity)
    again = transport(cost, demand, capacity, before.price)
    assert (again.price == before.price).all()
    assert again.cost(cost) == before.cost(cost)
