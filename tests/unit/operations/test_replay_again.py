"""The night once more with a change, against a computation that knows none of our planning."""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from math import ceil
from typing import Any

import networkx as nx
import numpy as np
import pytest
import shapely

from city.traveller import Profile
from hazards.kinds import AlertLevel
from hazards.order import EvacuationOrder
from operations.planning.basis import Basis
from operations.replay.model import run
from operations.replay.scenes import Change, Scene, with_change
from operations.replay.totals import Given, Totals
from routing.engine.hierarchy import HierarchyEngine
from routing.engine.order import contraction_order
from routing.engine.skeleton import skeleton
from routing.ground import Ground
from routing.homes import homes
from routing.picture import Picture
from routing.plan.looked import Looked
from routing.plan.turnout import Turnout
from routing.version import PlanVersion
from shelters.place import Opening, SiteState
from tests.builders import FLOOD, NIGHT, a_grid, a_picture, a_site, depth

A, B = "A", "B"
NINE = NIGHT - timedelta(hours=3)
"""21:00, dark."""
ENDS = NIGHT + timedelta(hours=6)
DOORS = ((30, 0), (130, 100), (260, 100), (300, 170), (100, 240), (335, 300), (200, 30), (370, 200))
PERSONS = (2, 3, 1, 4, 2, 5, 3, 2)
WATER = (150.0, -50.0, 250.0, 450.0)
"""An assumed zone between the second and the third street from the west, half of each block."""


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


ORDERS = ((3, minutes(-30), minutes(0)), (4, minutes(0), timedelta(hours=9)))
"""Level, when it was ordered and when it ended."""
OPENED = {
    A: ((minutes(15), Opening.OPEN), (minutes(38), Opening.ENDANGERED)),
    B: ((minutes(25), Opening.OPEN),),
}


@pytest.fixture(scope="module")
def ground() -> Ground:
    sites = (a_site(0, 300, name=A), a_site(400, 0, name=B))
    return a_grid(5, sites=sites, zones=[depth(3, *WATER)])


@pytest.fixture(scope="module")
def basis(ground: Ground) -> Basis:
    living = homes(
        ground,
        np.array(DOORS, float),
        np.array(PERSONS, np.int16),
        np.full(len(DOORS), -1, np.int32),
    )
    bones = skeleton(ground.roads, contraction_order(ground.roads))
    return Basis(ground, living, Looked(living), HierarchyEngine(bones))


def given_of(basis: Basis, ordinary: int = 100, overflow: int = 0, **more: Any) -> Given:
    rooms = np.full(2, ordinary, np.int64), np.full(2, overflow, np.int64)
    return Given(basis, *rooms, more.get("turnout", Turnout()), ENDS)


BEGINS = minutes(-180)
"""The first version of the night: nothing comes earlier than it."""


def recorded(ground: Ground, begins: timedelta = BEGINS) -> list[Scene]:
    """The night as the planner recorded it, a version for each thing that happened."""
    moments = {at for _, *span in ORDERS for at in span if at > begins} | {begins}
    moments |= {at for said in OPENED.values() for at, _ in said}
    return [Scene(NINE + at, _picture(ground, at)) for at in sorted(moments) if NINE + at < ENDS]


def _picture(ground: Ground, at: timedelta) -> Picture:
    orders = tuple(
        EvacuationOrder(number, FLOOD, AlertLevel(level), (), None, NINE + begun)
        for number, (level, begun, ended) in enumerate(ORDERS, start=1)
        if begun <= at < ended
    )
    openings = {
        site: SiteState(
            next((state for when, state in reversed(said) if when <= at), Opening.UNOPENED)
        )
        for site, said in OPENED.items()
    }
    return replace(a_picture(ground), as_of=NINE + at, orders=orders, openings=openings)


@dataclass
class Naive:
    """Household by household, minute by minute, by networkx and shapely."""

    ground: Ground
    orders_earlier: timedelta
    openings_earlier: timedelta
    begins: timedelta = BEGINS

    def __post_init__(self) -> None:
        orders = _picture(self.ground, minutes(1)).orders
        picture = replace(a_picture(self.ground, open_sites=(A, B)), orders=orders)
        version = PlanVersion.of(1, self.ground, picture)
        conditions = version.conditions(Profile.WALK, night=True, hazards=frozenset({FLOOD}))
        self.weights = version.weights(conditions)
        self.graph: Any = nx.DiGraph()
        roads = self.ground.roads
        for arc in range(len(roads.head)):
            self.graph.add_edge(
                int(roads.head[arc]),
                int(roads.tail[arc]),
                weight=int(self.weights.cost[arc]),
                arc=arc,
            )
        corners = {(0, 300): A, (400, 0): B}
        self.doors = {
            site: next(
                row
                for row, xy in enumerate(roads.junction_xy.tolist())
                if np.allclose(xy, at, atol=0.5)
            )
            for at, site in corners.items()
        }
        self.from_site: dict[str, Any] = {
            site: nx.single_source_dijkstra(self.graph, at) for site, at in self.doors.items()
        }
        self.zone = shapely.box(*WATER)

    def level(self, at: timedelta) -> int:
        shift = self.orders_earlier
        return max((one for one, begun, ended in ORDERS if begun - shift <= at < ended), default=0)

    def opening(self, site: str, at: timedelta) -> Opening:
        state = Opening.UNOPENED
        for when, said in OPENED[site]:
            if (when - self.openings_earlier if said is Opening.OPEN else when) <= at:
                state = said
        return state

    def totals(self) -> dict[str, float]:
        found: dict[str, float] = dict.fromkeys(
            ("set_out", "turned_away", "arrived", "walked_m", "exposed_m"), 0
        )
        sent = [0] * len(DOORS)
        for minute in range(self.begins // minutes(1), 541):
            at = minutes(minute)
            level = self.level(at)
            open_now = [site for site in OPENED if self.opening(site, at) is Opening.OPEN]
            if not level or not open_now:
                continue
            for home, (x, y) in enumerate(DOORS):
                wet = self.zone.intersects(shapely.Point(x, y))
                share = {3: 0.10 if wet else 0.05, 4: 0.30 if wet else 0.15}[level]
                who = round(PERSONS[home] * share * 100) - sent[home]
                if who <= 0:
                    continue
                sent[home] += who
                _, site, time, line = min(
                    (self.way(x, y, site) for site in open_now), key=lambda one: one[0]
                )
                there = at + timedelta(seconds=900 + time / 10)
                comes_in = self.opening(site, there) is Opening.OPEN
                found["set_out"] += who
                found["arrived" if comes_in else "turned_away"] += who
                found["walked_m"] += line.length * who / 100
                found["exposed_m"] += line.intersection(self.zone).length * who / 100
        return found

    def way(self, x: float, y: float, site: str) -> tuple[float, str, int, Any]:
        """Cost, site, tenths of a second and line of the cheapest way from a door on a street."""
        roads, point = self.ground.roads, shapely.Point(x, y)
        street = int(self.ground.tree.query_nearest(point)[0])
        costs, paths = self.from_site[site]
        best = None
        for end in (int(roads.start[street]), int(roads.end[street])):
            corner = shapely.Point(roads.junction_xy[end])
            first_m = point.distance(corner)
            arcs = roads.arcs[street]
            share = float(self.weights.cost[arcs].min()) * first_m / float(roads.length_m[street])
            cost = share + costs[end]
            path = paths[end][::-1]
            steps = [self.graph.edges[b, a]["arc"] for a, b in pairwise(path)]
            time = ceil(first_m * float(self.weights.pace[arcs].min()))
            time += sum(int(self.weights.time[arc]) for arc in steps)
            line = shapely.LineString([point, *(roads.junction_xy[one] for one in path)])
            if best is None or cost < best[0]:
                best = (cost, site, time, line)
        assert best is not None
        return best


def check(totals: Totals, naive: dict[str, float]) -> None:
    for name in ("set_out", "arrived", "turned_away"):
        assert getattr(totals, name) == naive[name], name
    assert totals.walked_m == pytest.approx(naive["walked_m"], abs=1)
    assert totals.exposed_m == pytest.approx(naive["exposed_m"], abs=1)


@pytest.mark.parametrize(
    ("orders_h", "openings_h", "begins"),
    [
        (0, 0, BEGINS),
        (2, 2, BEGINS),
        (0, 2, BEGINS),
        (2, 0, BEGINS),
        (2, 2, minutes(-20)),
    ],
    ids=["as_recorded", "both_earlier", "places_earlier", "order_earlier", "a_night_cut_short"],
)
def test_the_two_hours_earlier_run_equals_a_direct_computation(
    ground: Ground, basis: Basis, orders_h: int, openings_h: int, begins: timedelta
) -> None:
    change = Change(timedelta(hours=orders_h), timedelta(hours=openings_h))
    totals = run(given_of(basis), with_change(recorded(ground, begins), change, ENDS))
    naive = Naive(ground, change.orders, change.openings, begins).totals()
    assert naive["set_out"] > 0
    check(totals, naive)


def test_two_hours_earlier_nobody_comes_to_a_place_that_is_lost(
    ground: Ground, basis: Basis
) -> None:
    scenes = recorded(ground)
    two_hours = timedelta(hours=2)
    late = run(given_of(basis), with_change(scenes, Change(), ENDS))
    early = run(given_of(basis), with_change(scenes, Change(two_hours, two_hours), ENDS))
    assert (late.turned_away > 0, early.turned_away) == (True, 0)
    assert early.arrived == early.set_out == late.set_out


def test_whoever_finds_no_room_goes_to_overflow_rooms_and_then_finds_the_door_shut(
    ground: Ground, basis: Basis
) -> None:
    everybody = Turnout(1, 1, 1, 1)
    scenes = [Scene(NINE, replace(_picture(ground, minutes(20)), as_of=NINE))]
    totals = run(given_of(basis, 6, 4, turnout=everybody), scenes)
    persons = sum(PERSONS) * 100
    assert totals.set_out == persons
    assert totals.overflow == 400
    assert totals.arrived == 1000
    assert totals.turned_away == persons - 1000
    assert list(totals.full) == [0]


def test_an_order_that_is_lifted_moves_nobody(ground: Ground, basis: Basis) -> None:
    stands = replace(_picture(ground, minutes(26)), as_of=NINE)
    lifted = replace(stands, as_of=NINE + minutes(120), orders=())
    scenes = [Scene(NINE, stands), Scene(NINE + minutes(120), lifted)]
    assert run(given_of(basis), scenes).moved == run(given_of(basis), scenes[:1]).moved


def test_what_water_brings_comes_no_earlier(ground: Ground) -> None:
    first = _picture(ground, minutes(1))
    five = EvacuationOrder(9, FLOOD, AlertLevel.SECURE_NOW, (), None, NINE + minutes(60))
    shut = replace(first, orders=(five,))
    scenes = [Scene(NINE, first), Scene(NINE + minutes(60), shut)]
    changed = with_change(scenes, Change(orders=timedelta(hours=2)), ENDS)
    assert [scene.at for scene in changed if five in scene.picture.orders] == [NINE + minutes(60)]


EARLIER = Change(timedelta(hours=2), timedelta(hours=2))


def test_both_runs_begin_alike_and_nothing_that_stood_already_reaches_back(
    ground: Ground, basis: Basis
) -> None:
    """A place that was open anyway is open no longer, an order from before noon is not moved."""
    anyway = SiteState(Opening.OPEN)
    stands = EvacuationOrder(7, FLOOD, AlertLevel.ALL_LEAVE, (), None, NINE - timedelta(hours=12))
    calm = replace(a_picture(ground), openings={A: anyway, B: SiteState(Opening.UNOPENED)})
    scenes = [
        Scene(NINE, replace(calm, as_of=NINE)),
        Scene(NINE + minutes(150), replace(calm, orders=(stands,))),
    ]
    runs = [with_change(scenes, change, ENDS) for change in (Change(), EARLIER)]
    assert [scene.at for scene in runs[0]] == [scene.at for scene in runs[1]]
    hours = [run(given_of(basis), one).open_s for one in runs]
    assert hours[0] == hours[1] == (ENDS - NINE).total_seconds()


def test_preparing_a_night_hears_that_it_is_to_end(ground: Ground) -> None:
    class Told(Exception):
        pass

    def step() -> None:
        raise Told

    with pytest.raises(Told):
        with_change(recorded(ground), EARLIER, ENDS, step)


def test_without_a_change_a_night_is_as_it_was_recorded(ground: Ground) -> None:
    scenes = recorded(ground)
    again = with_change(scenes, Change(), ENDS)
    assert [(one.at, one.picture.orders) for one in again] == [
        (one.at, one.picture.orders) for one in scenes
    ]


def test_a_run_that_is_told_to_end_ends(ground: Ground, basis: Basis) -> None:
    class Told(Exception):
        pass

    heard: list[tuple[int, int]] = []

    def step(done: int, of: int) -> None:
        heard.append((done, of))
        if done == 2:
            raise Told

    with pytest.raises(Told):
        run(given_of(basis), with_change(recorded(ground), Change(), ENDS), step)
    assert [done for done, _ in heard] == [0, 1, 2]
