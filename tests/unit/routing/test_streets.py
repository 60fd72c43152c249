"""Loops, parallels, part streets, yards: ways on small grounds, by hand."""

import numpy as np
import pytest
import shapely

from routing.roads import road_graph
from tests.builders import (
    Extra,
    a_grid,
    a_site,
    a_version,
    ask,
    street_between,
)


def test_part_of_the_doors_street_counts() -> None:
    ground = a_grid(3, sites=[a_site(0, 0)])
    version = a_version(ground)
    costs = []
    for x in (10.0, 30.0, 70.0):
        told = ask(version, (x, 0.0))
        assert told.first is not None
        costs.append(told.first.way.distance_m)
    assert costs == pytest.approx([10, 30, 70], abs=0.01)


def test_parallel_streets_are_kept_and_the_cheaper_one_is_walked() -> None:
    ground = a_grid(3, sites=[a_site(200, 0)], extra=[Extra(0, 1, ((50.0, 40.0),))])
    assert ground.roads.street_count == 13
    told = ask(a_version(ground), (0.0, 0.0))
    assert told.first is not None
    assert [s.street for s in told.first.way.stretches][:1] == [street_between(ground, 0, 1)]


def test_both_of_two_equal_streets_can_be_closed_alone() -> None:
    ground = a_grid(3, sites=[a_site(200, 0)], extra=[Extra(0, 1, ((50.0, 0.0),))])
    twin, one = ground.roads.street_count - 1, street_between(ground, 0, 1)
    used = []
    for closed in ([], [one], [twin], [one, twin]):
        told = ask(a_version(ground, closures=closed), (0.0, 10.0))
        assert told.first is not None
        used.append({s.street for s in told.first.way.stretches} & {one, twin})
    assert used[0] in ({one}, {twin})
    assert used[1:] == [{twin}, {one}, set()]


def test_a_door_on_a_loop_leaves_it_by_its_shorter_side() -> None:
    loop = Extra(0, 0, ((-40.0, 0.0), (-40.0, -40.0), (0.0, -40.0)))
    ground = a_grid(3, sites=[a_site(100, 0)], extra=[loop])
    for at, expected in (((0.0, -30.0), 130), ((-30.0, 0.0), 130), ((-40.0, -30.0), 170)):
        told = ask(a_version(ground), at)
        assert told.first is not None
        assert told.first.way.distance_m == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("wet", [(-1, -20, 1, -10), (-20, -1, -10, 1)])
def test_a_site_on_a_loop_is_entered_by_its_open_side(wet: tuple[float, ...]) -> None:
    """Whichever side the water shuts, though the other is longer."""
    loop = Extra(0, 0, ((-40.0, 0.0), (-40.0, -40.0), (0.0, -40.0)))
    water = shapely.box(*wet)
    for spot in ((-40.0, -5.0), (-5.0, -40.0), (-40.0, -35.0)):
        ground = a_grid(3, sites=[a_site(*spot)], extra=[loop])
        told = ask(a_version(ground, observed=[water]), (100.0, 100.0))
        assert told.first is not None
        line = shapely.LineString(ground.metres.xy(told.first.line))
        assert not line.intersects(water)


def test_a_closed_street_of_the_door_leaves_it_the_next_street() -> None:
    ground = a_grid(3, sites=[a_site(200, 200)])
    closed = street_between(ground, 0, 1)
    told = ask(a_version(ground, closures=[closed]), (20.0, 3.0))
    assert told.first is not None
    assert told.first.way.snap.street == street_between(ground, 0, 3)


@pytest.mark.parametrize(("x", "taken"), [(20.0, True), (60.0, False)])
def test_a_farther_street_is_taken_where_it_saves_more_than_its_metres_cost(
    x: float, taken: bool
) -> None:
    """5 m from a lane that leads the wrong way, 15 m from the street: 10 m more cost 200 s."""
    lane = Extra(1, 1, ((100.0, 20.0), (x, 20.0), (x, 22.0), (102.0, 22.0)))
    ground = a_grid(3, sites=[a_site(0, 0)], extra=[lane])
    street, lane_street = street_between(ground, 0, 1), ground.roads.street_count - 1
    told = ask(a_version(ground), (x + 5, 15.0))
    assert told.first is not None
    assert told.first.way.snap.street == (street if taken else lane_street)


@pytest.mark.parametrize("closed", [False, True])
def test_a_site_is_entered_from_whichever_street_is_open(closed: bool) -> None:
    ground = a_grid(3, sites=[a_site(50, 10)])
    street = street_between(ground, 0, 1)
    version = a_version(ground, closures=[street] if closed else [])
    told = ask(version, (0.0, 150.0))
    if closed:
        assert told.first is None
        return
    assert told.first is not None
    assert told.first.way.stretches[-1].street == street


def test_a_site_between_two_streets_is_entered_from_both_sides() -> None:
    ground = a_grid(3, sites=[a_site(10.5, 10)])
    version = a_version(ground)
    ends = []
    for door in ((60.0, -10.0), (-10.0, 150.0)):
        told = ask(version, door)
        assert told.first is not None
        ends.append(told.first.way.stretches[-1].street)
    assert ends == [street_between(ground, 0, 1), street_between(ground, 0, 3)]


@pytest.mark.parametrize("winding", [True, False])
def test_a_road_that_bends_away_from_its_heading_is_to_be_followed(winding: bool) -> None:
    """To the north for 60 m, then east for 90 m: "north, 150 m" would lead into a field."""
    lane = Extra(6, 6, ((0.0, 260.0), (90.0, 260.0), (90.0, 280.0), (-20.0, 280.0)))
    ground = a_grid(3, sites=[a_site(85, 262) if winding else a_site(0, 195)], extra=[lane])
    told = ask(a_version(ground), (3.0, 205.0) if winding else (3.0, 105.0))
    assert told.first is not None
    assert [step.winding for step in told.first.steps if step.distance_m > 60] == [winding]


def test_a_streets_metres_by_heading_add_up_to_its_length() -> None:
    roads = a_grid(3, extra=[Extra(0, 8, ((30.0, 90.0), (150.0, 120.0)))]).roads
    assert roads.sectors.sum(axis=1) == pytest.approx(roads.length_m)


def test_arcs_are_twins_of_one_street() -> None:
    roads = a_grid(4, extra=[Extra(5, 5, ((120.0, 100.0), (120.0, 120.0)))]).roads
    assert (roads.reverse[roads.reverse] == np.arange(len(roads.head))).all()
    assert (roads.street[roads.reverse] == roads.street).all()
    assert (roads.head[roads.reverse] == roads.tail).all()
    assert (roads.forward != roads.forward[roads.reverse]).all()
    assert (np.diff(roads.tail) >= 0).all()


def test_a_network_without_streets_is_refused() -> None:
    from routing.errors import BrokenNetwork

    none = np.zeros(0, np.int32)
    with pytest.raises(BrokenNetwork):
        road_graph(
            junction_xy=np.zeros((1, 2)),
            start=none,
            end=none,
            shape_start=np.zeros(1, np.int32),
            shape_xy=np.zeros((0, 2)),
            shape_lonlat=np.zeros((0, 2)),
            elevation_m=np.zeros(1),
            flags=np.zeros(0, np.uint8),
            name=none,
            names=(),
        )
