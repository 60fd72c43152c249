"""A plan of a whole small town, against what each part of it says by itself."""

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from city.intent import Intent
from routing.engine.costs import NEVER
from routing.engine.hierarchy import HierarchyEngine
from routing.engine.order import contraction_order
from routing.engine.plain import PlainEngine
from routing.engine.skeleton import skeleton
from routing.field import ARRIVED
from routing.homes import Homes, homes
from routing.plan.assign import assign
from routing.plan.assigned import NOWHERE, Assigned
from routing.plan.changed import changed
from routing.plan.expected import Expected
from routing.plan.looked import Looked
from routing.plan.plan import Costs, Unplaced
from routing.plan.reach import Reach, reach
from routing.plan.told import VERDICTS, hazards_at_homes
from routing.plan.turnout import HUNDREDTHS, Turnout
from routing.version import PlanVersion
from tests.builders import FLOOD, a_grid, a_site, a_version, an_order
from tests.unit.routing.scenes import SIDE, Scene, scenes

many = settings(max_examples=60, deadline=None, derandomize=True)
ALL = Turnout(1, 1, 1, 1)


@dataclass(frozen=True)
class Town:
    """A scene, who lives there, and the room that there is."""

    scene: Scene
    living: Homes
    expected: Expected

    def assigned(self, version: PlanVersion, before: Assigned | None = None) -> Assigned:
        engine = HierarchyEngine(skeleton(version.ground.roads, order_of(version)))
        return assign(version, Looked(self.living), engine, self.expected, before)


def order_of(version: PlanVersion) -> np.ndarray:
    return contraction_order(version.ground.roads)


@st.composite
def towns(draw: st.DrawFn) -> Town:
    """Up to fourteen homes; whoever is told to go is counted whole."""
    scene = draw(scenes())
    if not scene.orders:
        scene = replace(scene, orders=(an_order(4, number=9),))
    count = draw(st.integers(1, 14))
    rng = np.random.default_rng(draw(st.integers(0, 9)))
    living = homes(
        scene.ground,
        rng.uniform(-20, SIDE + 20, (count, 2)),
        rng.integers(1, 6, count).astype(np.int16),
        np.full(count, -1, np.int32),
    )
    room = st.lists(st.integers(-3, 20), min_size=4, max_size=4)
    free = np.array(draw(room), np.int64)[: len(scene.ground.sites)]
    return Town(scene, living, Expected(free=free, turnout=ALL))


def looked_up(version: PlanVersion, living: Homes) -> Reach:
    """By scipy instead of the hierarchy."""
    looked = Looked(living)
    sets, which = hazards_at_homes(version, looked)
    return reach(version, PlainEngine(version.ground.roads), living, sets, which, night=True)


@many
@given(towns())
def test_everybody_told_to_go_has_a_suitable_place_with_room_or_the_reason_why_not(
    town: Town,
) -> None:
    version = town.scene.version()
    plan = town.assigned(version)
    looked = Looked(town.living)
    sets, which = hazards_at_homes(version, looked)
    load = np.zeros(len(version.ground.sites), np.int64)
    for home, site in enumerate(plan.site.tolist()):
        if site == NOWHERE:
            told = VERDICTS[plan.verdict[home]]
            assert told != "go" or plan.why[home] != Unplaced.PLACED
        else:
            assert plan.why[home] == Unplaced.PLACED
            assert version.suitable(sets[which[home]])[site]
            load[site] += plan.demand[home]
    assert plan.load.tolist() == load.tolist()
    assert (load <= np.maximum(town.expected.free, 0) * HUNDREDTHS).all()
    assert plan.figures.going == int((plan.site != NOWHERE).sum()) + plan.figures.no_room


@many
@given(towns())
def test_the_published_prices_prove_the_bound_to_anybody_with_the_costs(town: Town) -> None:
    version = town.scene.version()
    plan, found, costs = town.assigned(version), looked_up(version, town.living), Costs()
    going = np.flatnonzero((plan.site != NOWHERE) | (plan.why == Unplaced.NO_ROOM))
    matrix, row = found.rows(going)
    matrix = np.where(matrix >= costs.none, 2 * costs.none, matrix).astype(np.int64)
    price = plan.price[found.sites]
    nowhere = np.full((len(matrix), 1), costs.none)
    least = np.hstack([matrix + price, nowhere])[row].min(axis=1)
    room = np.maximum(town.expected.free, 0)[found.sites] * HUNDREDTHS
    demand = plan.demand[going].astype(np.int64)
    assert (least * demand).sum() - (price * room).sum() == plan.figures.bound
    column = {site: number for number, site in enumerate(found.sites.tolist())}
    ways = [
        costs.none if site == NOWHERE else matrix[at, column[site]]
        for at, site in zip(row.tolist(), plan.site[going].tolist(), strict=True)
    ]
    assert int((np.array(ways, np.int64) * demand).sum()) == plan.figures.cost
    assert plan.figures.bound <= plan.figures.cost


@many
@given(towns(), st.sets(st.integers(0, 13), min_size=2, max_size=4))
def test_a_group_goes_to_one_place(town: Town, group: set[int]) -> None:
    members = [home for home in sorted(group) if home < len(town.living)]
    together = replace(town, expected=replace(town.expected, groups=[members]))
    plan = together.assigned(town.scene.version())
    going = [home for home in members if plan.site[home] != NOWHERE or plan.why[home] == 2]
    assert plan.figures.parted or len({int(plan.site[home]) for home in going}) <= 1
    load = np.bincount(
        plan.site[plan.site != NOWHERE].astype(np.int64),
        plan.demand[plan.site != NOWHERE],
        len(town.scene.ground.sites),
    )
    assert (load <= np.maximum(town.expected.free, 0) * HUNDREDTHS).all()


@many
@given(towns(), st.data())
def test_whoever_walks_is_sent_on_unless_the_place_became_unsafe(
    town: Town, data: st.DataObject
) -> None:
    before = town.assigned(town.scene.version())
    placed = np.flatnonzero(before.site != NOWHERE).tolist()
    walking = {
        home: int(before.site[home]) for home in placed if data.draw(st.booleans(), label="walks")
    }
    full = np.zeros_like(town.expected.free)
    later = replace(town, expected=replace(town.expected, free=full, walking=walking))
    shut = data.draw(st.sets(st.sampled_from([s.id for s in town.scene.ground.sites])), "shut")
    version = town.scene.version(closed_sites=shut)
    plan, found = later.assigned(version, before), looked_up(version, town.living)
    for home, site in walking.items():
        if site in found.sites and plan.verdict[home] == before.verdict[home]:
            realm = found.realms[int(found.realm[home])]
            column = found.sites.tolist().index(site)
            cost = realm.costs[found.junction[home], column]
            if cost < NEVER and realm.suits[column]:
                assert plan.site[home] == site
                continue
        assert plan.site[home] != site


@many
@given(towns(), st.integers(0, 23))
def test_a_way_has_another_number_exactly_when_it_is_another_way(town: Town, street: int) -> None:
    """By the pointers of a field to that one place."""
    roomy = replace(town, expected=Expected(free=np.full(len(town.scene.ground.sites), 10**6)))
    seen: dict[tuple[int, ...], int] = {}
    for more in ((), (street,)):
        version = town.scene.version(more_closures=more)
        plan, found = roomy.assigned(version), looked_up(version, town.living)
        for home in np.flatnonzero(plan.site != NOWHERE).tolist():
            way = walked(version, found, home, int(plan.site[home]))
            assert seen.setdefault(way, int(plan.way[home])) == plan.way[home]
    assert len(set(seen.values())) == len(seen)
    assert 0 not in seen.values()


def walked(version: PlanVersion, found: Reach, home: int, site: int) -> tuple[int, ...]:
    """The arcs from a home's junction to its place, the last junction, the place, and its door."""
    realm = found.realms[int(found.realm[home])]
    only = np.arange(len(version.ground.sites)) == site
    first = version.field_to(realm.weighed.conditions, only).first
    here, arcs = int(found.junction[home]), []
    while first.step[here] != ARRIVED:
        arcs.append(int(first.step[here]))
        here = int(version.ground.roads.head[arcs[-1]])
    access = version.access(realm.weighed.conditions)
    return (*arcs, -here - 1, -site - 100, int(access.cost[access.entered(here, site)]))


def grid_town(homes_at: list[tuple[float, float]], free: list[int], **more: object) -> Town:
    """A dry grid under level 4 with two places, in the west and in the east."""
    ground = a_grid(4, sites=[a_site(10, 110, name="西"), a_site(290, 110, name="東")])
    living = homes(
        ground,
        np.array(homes_at, float),
        np.full(len(homes_at), 2, np.int16),
        np.full(len(homes_at), -1, np.int32),
    )
    scene = Scene(ground, (), (), (an_order(4),), None, (0, 0), frozenset({FLOOD}))  # type: ignore[arg-type]
    expected = Expected(free=np.array(free, np.int64), turnout=ALL)
    return Town(scene, living, replace(expected, **more))  # type: ignore[arg-type]


def test_what_households_say_changes_how_many_are_expected_and_nobodys_verdict() -> None:
    at = [(20.0 + 20 * n, 105.0) for n in range(6)]
    said = dict(enumerate(Intent))
    town = grid_town(at, [100, 100], said=said, turnout=Turnout(0.5, 0.5, 0.5, 0.5))
    plan = town.assigned(town.scene.version())
    wanted = {Intent.LIFT: 200}
    assert plan.demand.tolist() == [*(wanted.get(one, 0) for one in Intent), 100]
    assert {VERDICTS[code] for code in plan.verdict.tolist()} == {"go"}
    assert (plan.site != NOWHERE).all()


def test_who_has_arrived_is_not_expected_again() -> None:
    at = [(20.0, 105.0)] * 10
    for arrived, expected in ((0, 20), (5, 15), (15, 5), (1000, 5)):
        town = grid_town(at, [100, 100], arrived=arrived)
        assert town.assigned(town.scene.version()).figures.expected == expected


def test_nobody_is_expected_with_a_turnout_of_nothing_and_everybody_has_a_place() -> None:
    town = grid_town([(20.0, 105.0)] * 3, [0, 0], turnout=Turnout(0, 0, 0, 0))
    plan = town.assigned(town.scene.version())
    assert plan.figures.expected == 0
    assert (plan.site == 0).all()


def test_what_does_not_fit_is_listed_as_without_room_and_the_rest_is_placed() -> None:
    town = grid_town([(20.0, 105.0)] * 3, [2, 2])
    plan = town.assigned(town.scene.version())
    assert sorted(plan.site.tolist()) == [NOWHERE, 0, 1]
    assert plan.figures.no_room == 1
    assert np.count_nonzero(plan.why == Unplaced.NO_ROOM) == 1


def test_whoever_must_leave_and_has_no_way_is_listed_and_told_to_secure_their_life() -> None:
    town = grid_town([(20.0, 105.0), (280.0, 105.0)], [10, 10])
    wet = town.scene.version(observed=[a_box_around(20, 105)])
    plan = town.assigned(wet)
    assert [VERDICTS[code] for code in plan.verdict.tolist()] == ["secure_now", "go"]
    assert plan.why.tolist() == [Unplaced.NO_WAY, Unplaced.PLACED]
    assert plan.site.tolist() == [NOWHERE, 1]


def a_box_around(x: float, y: float) -> object:
    from tests.builders import a_box

    return a_box(x - 8, y - 8, x + 8, y + 8)


def test_a_place_that_fills_moves_as_few_as_it_must() -> None:
    at = [(20.0 + 10 * n, 105.0) for n in range(10)]
    town = grid_town(at, [20, 20])
    before = town.assigned(town.scene.version())
    assert (before.site == 0).all()
    later = replace(town, expected=replace(town.expected, free=np.array([14, 20])))
    after = later.assigned(town.scene.version(), before)
    assert (after.figures.moved, after.figures.least) == (3, 3)
    told = changed(before, after)
    assert told.households.tolist() == np.flatnonzero(after.site == 1).tolist() == [7, 8, 9]
    assert not told.verdict.any()


def test_a_group_of_which_two_walk_to_two_places_turns_nobody_round() -> None:
    town = grid_town([(20.0, 105.0), (280.0, 105.0), (150.0, 105.0)], [20, 20])
    before = town.assigned(town.scene.version())
    assert before.site.tolist()[:2] == [0, 1]
    told = replace(town.expected, groups=[[0, 1, 2]], walking={0: 0, 1: 1})
    after = replace(town, expected=told).assigned(town.scene.version(), before)
    assert after.site.tolist() == [0, 1, 0]
    assert after.figures.walking == 2


def test_a_group_follows_who_walks_only_into_room_that_is_there() -> None:
    """One of three presses 向かっています; the place has got smaller, others were told it too."""
    town = grid_town([(20.0, 105.0)] * 4, [8, 20], groups=[[0, 1, 2]])
    before = town.assigned(town.scene.version())
    assert before.site.tolist() == [0, 0, 0, 0]
    for room, sites in ((8, [0, 0, 0, 0]), (4, [0, 1, 1, 0])):
        expected = replace(town.expected, free=np.array([room, 20]), walking={0: 0})
        after = replace(town, expected=expected).assigned(town.scene.version(), before)
        assert after.site.tolist() == sites
        assert after.load[0] <= room * HUNDREDTHS


def test_room_kept_by_staff_counts_only_where_the_place_is_still_reached() -> None:
    town = grid_town([(20.0, 105.0), (280.0, 105.0)], [4, 2], sent={0: 0})
    kept = town.assigned(town.scene.version())
    assert (kept.site.tolist(), kept.demand.tolist()) == ([0, 1], [0, 200])
    shut = town.assigned(town.scene.version(closed_sites=["西"]))
    assert shut.demand.tolist() == [200, 200]
    assert sorted(shut.site.tolist()) == [NOWHERE, 1]
    assert shut.figures.no_room == 1


def test_homes_are_counted_and_not_groups() -> None:
    town = grid_town([(20.0, 105.0)] * 4, [20, 20], groups=[[0, 1, 2]])
    before = town.assigned(town.scene.version())
    later = replace(town, expected=replace(town.expected, free=np.array([2, 20])))
    figures = later.assigned(town.scene.version(), before).figures
    assert (figures.moved, figures.least) == (3, 3)


def test_who_may_be_told_to_go_at_level_3_and_has_no_way_is_listed() -> None:
    town = grid_town([(20.0, 105.0)], [10, 10])
    elderly = replace(town.scene, orders=(an_order(3),))
    plan = replace(town, scene=elderly).assigned(elderly.version(closed_sites=["西", "東"]))
    assert plan.why.tolist() == [Unplaced.NO_WAY]
    assert plan.figures.no_way == 1


def test_a_group_that_no_place_holds_parts_and_is_counted() -> None:
    town = grid_town([(20.0, 105.0)] * 3, [4, 2], groups=[[0, 1, 2]])
    plan = town.assigned(town.scene.version())
    assert sorted(plan.site.tolist()) == [0, 0, 1]
    assert plan.figures.parted == 1


def test_a_turnout_of_less_than_half_a_percent_is_not_nobody() -> None:
    town = grid_town([(20.0, 105.0)] * 100, [100, 100], turnout=Turnout(0.004, 0.004, 0.01, 0.01))
    assert town.assigned(town.scene.version()).demand.tolist() == [1] * 100


def test_a_plan_made_again_of_the_same_moves_nobody() -> None:
    at = [(20.0 + 10 * n, 105.0) for n in range(10)]
    town = grid_town(at, [9, 20])
    before = town.assigned(town.scene.version())
    after = town.assigned(town.scene.version(), before)
    assert not len(changed(before, after).households)


def test_nobody_is_told_a_place_where_no_order_stands() -> None:
    town = grid_town([(20.0, 105.0)], [5, 5])
    calm = a_version(town.scene.ground)
    plan = town.assigned(calm)
    assert plan.site.tolist() == [NOWHERE]
    assert plan.figures.going == 0


def two_sites(first: tuple[float, float], second: tuple[float, float], free: list[int]) -> Town:
    town = grid_town([(20.0, 105.0)] * 4, free)
    ground = a_grid(4, sites=[a_site(*first, name="西"), a_site(*second, name="東")])
    living = homes(ground, town.living.xy, town.living.persons, town.living.area)
    return replace(town, scene=replace(town.scene, ground=ground), living=living)


def test_a_site_cut_off_from_every_road_is_nobodys_place() -> None:
    town = two_sites((10, 110), (5000, 5000), [4, 10**9])
    plan = town.assigned(town.scene.version())
    assert sorted(plan.site.tolist()) == [NOWHERE, NOWHERE, 0, 0]
    assert plan.figures.no_room == 2


def test_two_sites_at_one_junction_are_filled_one_after_the_other() -> None:
    town = two_sites((10, 110), (10, 110), [4, 4])
    plan = town.assigned(town.scene.version())
    assert sorted(plan.site.tolist()) == [0, 0, 1, 1]
    assert plan.figures.gap == 0


def test_a_household_whose_street_is_shut_at_both_ends_is_listed() -> None:
    town = grid_town([(50.0, 103.0), (280.0, 105.0)], [10, 10])
    street = int(town.living.street[0])
    plan = town.assigned(town.scene.version(more_closures=(street,)))
    assert plan.why.tolist() == [Unplaced.NO_WAY, Unplaced.PLACED]
    assert VERDICTS[plan.verdict[0]] == "secure_now"
