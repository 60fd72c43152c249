"""What a plan decided, as its difference to another: exact, and small where little changed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from data.mapped.plan import ARRAYS, Decision, decision, parts_of, whole
from data.mapped.plandifference import head_of, plan_difference, with_difference
from routing.plan.assigned import Assigned, Figures
from tests.builders import a_grid, a_picture, a_site

HOMES, SITES = 20_000, 9


@pytest.fixture(scope="module")
def before() -> Assigned:
    rng = np.random.default_rng(3)
    return Assigned(
        verdict=rng.integers(0, 4, HOMES).astype(np.int8),
        site=rng.integers(-1, SITES, HOMES).astype(np.int16),
        why=np.zeros(HOMES, np.int8),
        demand=(rng.integers(1, 7, HOMES) * 15).astype(np.int32),
        way=rng.integers(0, 2**63, HOMES).astype(np.uint64),
        free=np.full(SITES, 900, np.int64),
        load=rng.integers(0, 900, SITES),
        price=np.zeros(SITES, np.int64),
        figures=Figures(going=4),
    )


def decided(assigned: Assigned, **in_force: Any) -> Decision:
    ground = a_grid(sites=[a_site(0, 0, name="A")])
    return decision(a_picture(ground, **in_force), assigned)


def few(assigned: Assigned) -> Assigned:
    site, way = assigned.site.copy(), assigned.way.copy()
    site[40:90], way[40:90] = 2, 77
    return replace(assigned, site=site, way=way, figures=Figures(going=9, moved=50))


def scaled(assigned: Assigned) -> Assigned:
    """As people arrive, fewer are to come, of every household."""
    demand = np.rint(assigned.demand * 0.83).astype(np.int32)
    demand[5] = 1
    return replace(assigned, demand=demand)


def others(assigned: Assigned) -> Assigned:
    return replace(assigned, way=assigned.way[::-1].copy())


def smaller_city(assigned: Assigned) -> Assigned:
    per_home = {name: getattr(assigned, name)[:500] for name in ARRAYS[:5]}
    return replace(assigned, **per_home)


@pytest.mark.parametrize("change", [few, scaled, others, smaller_city, lambda one: one])
def test_a_plan_comes_out_as_it_went_in(
    before: Assigned, change: Callable[[Assigned], Assigned]
) -> None:
    one, other = decided(before), decided(change(before), closures=[3], full_sites=["A"])
    made = with_difference(parts_of(whole(one)), plan_difference(one, other))
    assert made.digest() == other.digest()
    for name in ARRAYS:
        assert made.arrays[name].dtype == other.arrays[name].dtype
        assert np.array_equal(made.arrays[name], other.arrays[name])
    assert made.opened()[0].closures[0].streets == (3,)


def test_little_is_kept_of_a_plan_that_is_little_changed(before: Assigned) -> None:
    one = decided(before)
    size = len(whole(one))
    assert len(plan_difference(one, decided(few(before)))) < size / 100
    assert len(plan_difference(one, decided(scaled(before)))) < size / 100
    assert len(plan_difference(one, one)) < 100


def test_the_head_is_read_without_the_arrays(before: Assigned) -> None:
    one, other = decided(before), decided(few(before))
    assert head_of(whole(one)) == one.head
    assert head_of(plan_difference(one, other))["head"]["in"].keys() == {"figures"}


def test_what_is_damaged_is_refused(before: Assigned) -> None:
    one = decided(before)
    body = plan_difference(one, decided(few(before)))
    for given in (b"", body[: len(body) // 2], b"y" + body[1:]):
        with pytest.raises(ValueError, match="damaged"):
            with_difference(one, given)
