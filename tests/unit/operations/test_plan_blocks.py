"""Sums over a plan's households, by 町丁目 and 班."""

import numpy as np

from city.han import MOST, han
from operations.published.blocks import WHOLE_AREA, Block, Part, blocks, first_of_name, han_of
from routing.plan.assigned import NOWHERE, Assigned, Figures
from routing.plan.plan import Unplaced

CHANCE = np.random.default_rng(5)


def assigned(site: list[int], demand: list[int], why: list[int], sites: int = 3) -> Assigned:
    """A plan that says just this."""
    free = np.zeros(sites, np.int64)
    return Assigned(
        verdict=np.zeros(len(site), np.int8),
        site=np.array(site, np.int16),
        why=np.array(why, np.int8),
        demand=np.array(demand, np.int32),
        way=np.zeros(len(site), np.uint64),
        free=free,
        load=free,
        price=free,
        figures=Figures(),
    )


def test_a_block_says_where_its_households_go_and_who_has_no_place() -> None:
    told = assigned(
        [0, 2, 2, NOWHERE, NOWHERE, 1, NOWHERE],
        [45, 30, 30, 90, 15, 100, 0],
        [0, 0, 0, Unplaced.NO_WAY, Unplaced.NO_ROOM, 0, 0],
    )
    area = np.array([0, 0, 0, 0, 0, 4, -1])
    assert blocks(told, area) == [
        Block(-1, WHOLE_AREA, 1, (), 0, 0),
        Block(0, WHOLE_AREA, 5, (Part(2, 2, 0.6), Part(0, 1, 0.45)), 1, 1),
        Block(4, WHOLE_AREA, 1, (Part(1, 1, 1.0),), 0, 0),
    ]


def test_nothing_is_lost_between_whole_areas_and_their_han() -> None:
    count = 2_000
    site = CHANCE.integers(-1, 3, count)
    why = np.where(site == NOWHERE, CHANCE.integers(0, 3, count), 0)
    told = assigned(site.tolist(), CHANCE.integers(0, 200, count).tolist(), why.tolist())
    area = CHANCE.integers(-1, 9, count)
    groups = han_of(CHANCE.random((count, 2)) * 900, area)
    fine, coarse = blocks(told, area, groups), blocks(told, area)
    assert max(one.households for one in fine) <= MOST
    for whole in coarse:
        parts = [one for one in fine if one.area == whole.area]
        for name in ("households", "no_way", "no_room"):
            assert sum(getattr(one, name) for one in parts) == getattr(whole, name)
        for place in whole.parts:
            mine = [part for one in parts for part in one.parts if part.site == place.site]
            assert sum(part.households for part in mine) == place.households
            assert np.isclose(sum(part.expected for part in mine), place.expected)
    assert sum(one.households for one in coarse) == count


def test_each_area_has_a_han_of_its_own_numbered_from_1() -> None:
    xy, area = CHANCE.random((90, 2)) * 500, CHANCE.integers(-1, 3, 90)
    groups = han_of(xy, area)
    for row in range(-1, 3):
        assert np.array_equal(groups[area == row], han(xy[area == row])[0])


def test_parts_of_one_name_are_one_area_and_none_stays_none() -> None:
    names = ["北町一丁目", "南町", "北町1丁目"]
    assert first_of_name(names, np.array([2, 1, 0, -1], np.int32)).tolist() == [0, 1, 0, -1]
    assert first_of_name([], np.array([-1, -1], np.int32)).tolist() == [-1, -1]


def test_a_plan_of_nobody_has_no_block() -> None:
    assert blocks(assigned([], [], []), np.zeros(0, np.int64)) == []
    assert han_of(np.zeros((0, 2)), np.zeros(0, np.int64)).tolist() == []
