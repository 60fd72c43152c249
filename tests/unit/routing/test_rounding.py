"""Whole units onto places: nobody is split, no place gets more than it holds, little is lost."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.plan.rounding import whole_units
from routing.plan.transport import lower_bound, transport
from routing.roads import Ints

few = settings(max_examples=150, deadline=None, derandomize=True)
NO_PLACE = 2000


def a_city(rng: np.random.Generator, origins: int, sites: int, room: float) -> tuple[Ints, ...]:
    """Units of one to six at random origins, and places with `room` times their demand."""
    cost = rng.integers(0, 900, (origins, sites)).astype(np.int32)
    cost = np.hstack([cost, np.full((origins, 1), NO_PLACE, np.int32)])
    origin = rng.integers(0, origins, 6 * origins).astype(np.int32)
    demand = rng.integers(1, 7, len(origin)).astype(np.int64)
    parts = rng.dirichlet(np.ones(sites)) * demand.sum() * room
    return cost, origin, demand, np.append(parts.astype(np.int64), demand.sum())


def placed(city: tuple[Ints, ...]) -> tuple[Ints, int]:
    """The place of each unit, and what no plan goes below."""
    cost, origin, demand, capacity = city
    total = np.bincount(origin, demand, len(cost)).astype(np.int64)
    shares = transport(cost, total, capacity)
    bound = lower_bound(cost, total, capacity, shares.price)
    return whole_units(shares, origin, demand, cost, capacity), bound


@few
@given(
    st.integers(0, 10_000), st.integers(1, 30), st.integers(1, 5), st.sampled_from([0.5, 1, 1.3])
)
def test_no_place_gets_more_than_it_holds(seed: int, origins: int, sites: int, room: float) -> None:
    city = a_city(np.random.default_rng(seed), origins, sites, room)
    site, bound = placed(city)
    cost, origin, demand, capacity = city
    load = np.bincount(site, demand, len(capacity))
    assert (load[:-1] <= capacity[:-1]).all()
    assert int((cost[origin, site] * demand).sum()) >= bound


def test_a_whole_city_loses_less_than_a_thousandth() -> None:
    city = a_city(np.random.default_rng(3), 3000, 40, 1.1)
    site, bound = placed(city)
    cost, origin, demand, _ = city
    assert int((cost[origin, site] * demand).sum()) <= bound * 1.001
    assert (site < 40).all()
