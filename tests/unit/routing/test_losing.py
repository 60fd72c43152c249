"""Every street of a small town lost in turn, against computing everything anew."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.homes import Homes, homes
from routing.losing import streets_lost
from routing.plan.assigned import CityPlan, nobody
from routing.plan.looked import Looked
from routing.version import PlanVersion
from tests.builders import a_box, a_grid, a_site, a_version, an_order, street_between
from tests.unit.routing import lostoracle
from tests.unit.routing.scenes import SIDE, Scene, scenes

few = settings(max_examples=20, deadline=None, derandomize=True)


def living(version: PlanVersion, seed: int, count: int = 14) -> Homes:
    rng = np.random.default_rng(seed)
    xy = rng.uniform(-20, SIDE + 20, (count, 2))
    return homes(version.ground, xy, np.ones(count, np.int16), np.full(count, -1, np.int32))


@few
@given(scenes(), st.integers(0, 9), st.integers(0, 3000))
def test_every_lost_street_is_as_if_all_were_computed_anew(
    scene: Scene, seed: int, price: int
) -> None:
    version = scene.version()
    people = living(version, seed)
    told = nobody(len(version.ground.sites))
    told.price[:1] = price
    version.plan = CityPlan(people, told)
    found = streets_lost(version, Looked(people), night=True)
    before = lostoracle.walks(version, people, night=True)
    anew = lostoracle.Anew(version, people, night=True)
    for street in range(version.ground.roads.street_count):
        mine = int(found.cut_off[street]), int(found.dearer[street]), int(found.added[street])
        if not found.walked[street]:
            assert mine == (0, 0, 0)
            continue
        after = lostoracle.walks(lostoracle.without(version, street), people, night=True)
        assert mine == lostoracle.compared(before, after, people, street), street
        assert mine == anew.lost(street), street


def at(ground_version: PlanVersion, *spots: tuple[float, float]) -> Homes:
    count = len(spots)
    return homes(
        ground_version.ground,
        np.array(spots),
        np.ones(count, np.int16),
        np.full(count, -1, np.int32),
    )


def test_the_only_street_to_a_place_comes_first() -> None:
    """A grid of 3 x 3 whose one place stands half-way along a corner's street."""
    version = a_version(a_grid(3, sites=[a_site(50, -4, name="学校")]), orders=[an_order(4)])
    people = at(version, (198, 150), (150, 202), (2, 150))
    found = streets_lost(version, Looked(people), night=True)
    first = int(found.ranked(9)[0])
    assert first == street_between(version.ground, 0, 1)
    assert (found.cut_off[first], found.dearer[first], found.households) == (3, 0, 3)


def test_whoever_lives_on_a_lost_street_is_counted_apart() -> None:
    version = a_version(a_grid(3, sites=[a_site(-4, 0, name="学校")]), orders=[an_order(4)])
    street = street_between(version.ground, 7, 8)
    found = streets_lost(version, Looked(at(version, (150, 201))), night=True)
    assert (found.on_it[street], found.cut_off[street], found.dearer[street]) == (1, 0, 0)


def test_streets_that_are_closed_already_are_left_out() -> None:
    ground = a_grid(3, sites=[a_site(-4, 0, name="学校")])
    shut = street_between(ground, 0, 1)
    version = a_version(ground, orders=[an_order(4)], closures=[shut])
    found = streets_lost(version, Looked(at(version, (198, 150))), night=True)
    assert not found.walked[shut]
    assert shut not in found.ranked(99)
    assert street_between(ground, 0, 3) in found.ranked(99)


def test_nobody_in_an_area_of_level_5_counts() -> None:
    ground = a_grid(3, sites=[a_site(-4, 0, name="学校")])
    worst = an_order(5, area=a_box(150, 120, 260, 260))
    version = a_version(ground, orders=[worst])
    found = streets_lost(version, Looked(at(version, (199, 170))), night=True)
    assert (found.households, len(found.ranked(9))) == (0, 0)


def test_a_plan_changes_nothing_that_is_published() -> None:
    ground = a_grid(3, sites=[a_site(-4, 0, name="学校"), a_site(204, 200, name="公園")])
    version = a_version(ground, orders=[an_order(4)])
    people = at(version, (100, 50), (150, 101))
    once = streets_lost(version, Looked(people), night=True)
    again = streets_lost(version, Looked(people), night=True)
    assert replace(once).added.tolist() == again.added.tolist()
    assert once.ranked(5).tolist() == again.ranked(5).tolist()
