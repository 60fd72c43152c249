"""Every way of the fictional city, measured on the map: rules 5 to 9."""

from collections import Counter

import numpy as np
import pytest
import shapely
from shapely.ops import substring

from city.traveller import Household, Profile
from routing.homes import homes
from routing.roads import islands
from routing.snapping import snaps
from routing.verdict import Verdict
from routing.weights import FAR, Conditions
from tests.builders import (
    FLOOD,
    STAYER,
    a_household,
    a_version,
    an_order,
    ask,
    fictional_city,
    reason_codes,
)
from tests.safety.fictional_doors import (
    DARK,
    ask_at,
    closures,
    doors,
    observed,
    rings,
    told,
    version,
    ways,
)
from tests.safety.fictional_truth import (
    BRIDGE,
    FOOT,
    RED,
    STEPS,
    TUNNEL,
    WHEELS,
    truth,
)
from tests.unit.routing.engines import costs
from tests.unit.routing.oracle import Oracle
from tests.unit.routing.whole_plans import assert_keeps_its_word, assert_proven, evening

_RULES_M_S = {Profile.WALK: 0.7, Profile.SLOW: 0.5, Profile.WHEELCHAIR: 0.4}


def _streets(*nights: str) -> set[int]:
    return {part.street for _, _, _, advice in ways(*nights) for part in advice.way.stretches}


def test_a_way_is_told_as_it_is_walked() -> None:
    """The line on the map is the way's own: the tests below measure what people see."""
    for _, door, _, advice in ways("calm", "as it begins"):
        walked = truth().path(door.xy, advice.way)
        shown = shapely.LineString(truth().xy(advice.line))
        assert shown.length == pytest.approx(walked.length, abs=0.05)
        assert shown.length == pytest.approx(advice.way.distance_m, abs=0.05)
        assert shapely.hausdorff_distance(shown, walked) < 0.5


def test_both_engines_find_the_same_cost_from_every_junction_to_every_site() -> None:
    for night in ("calm", "as it begins"):
        by_hierarchy, by_dijkstra = costs(version(night), Conditions(storm=True))
        assert (by_hierarchy == by_dijkstra).all()


# 5: water


def test_rule_05_no_way_crosses_observed_water() -> None:
    wet = shapely.union_all(list(observed()))
    shown = [
        shapely.LineString(truth().xy(advice.line)) for _, _, _, advice in ways("as it begins")
    ]
    walked = [truth().path(door.xy, advice.way) for _, door, _, advice in ways("as it begins")]
    assert len(walked) > 700
    assert shapely.length(shapely.intersection(shown, wet)).max() < 0.01
    assert shapely.length(shapely.intersection(walked, wet)).max() < 0.01
    calm = [shapely.LineString(truth().xy(advice.line)) for _, _, _, advice in ways("calm")]
    assert shapely.intersects(calm, wet).sum() > 50


def test_rule_05_doors_in_seen_water_secure_themselves_and_no_others_are_said_to() -> None:
    wet, inside = shapely.union_all(list(observed())), 0
    for door, said in zip(doors(), told("as it begins"), strict=True):
        flooded = bool(shapely.intersects_xy(wet, *door.xy))
        assert ("in_observed_water" in reason_codes(said)) is flooded, door
        if flooded:
            inside += 1
            assert (said.verdict, said.first, said.second) == (Verdict.SECURE_NOW, None, None)
    assert inside > 5


@pytest.mark.parametrize("level", [0, 3, 4])
@pytest.mark.parametrize("home", [STAYER, a_household("wheelchair")], ids=["stayer", "wheels"])
def test_rule_05_doors_within_a_ring_of_water_secure_themselves_at_every_level(
    level: int, home: Household
) -> None:
    wet, stood = shapely.union_all(list(observed())), 0
    for door, _ in rings():
        said = ask(version("water alone"), door.xy, home, level=level)
        assert (said.verdict, said.first, said.second) == (Verdict.SECURE_NOW, None, None), door
        if not shapely.intersects_xy(wet, *door.xy):
            stood += 1
            assert "surrounded" in reason_codes(said), door
    assert stood > 8


def test_rule_05_no_street_of_a_surrounded_door_runs_dry_into_the_city() -> None:
    """Nor one without stairs, where a wheelchair asks."""
    roads, network = fictional_city().ground.roads, truth().rows.network
    dry = ~shapely.intersects(shapely.union_all(list(observed())), truth().streets)
    dry &= ((network.access & FOOT) > 0) & ~truth().underpasses
    dry &= ~shapely.intersects(truth().red, truth().streets)
    dry[list(closures())] = False
    wheeled = dry & ((network.access & WHEELS) > 0) & ((network.flags & STEPS) == 0)
    leads_out = {}
    for wheels, passes in ((False, dry), (True, wheeled)):
        city = islands(roads, passes) == 0
        leads_out[wheels] = passes & (city[roads.start] | city[roads.end])
    found = 0
    for door, said in zip(doors(), told("as it begins"), strict=True):
        if "surrounded" in reason_codes(said):
            found += 1
            assert said.verdict is Verdict.SECURE_NOW
            away = shapely.distance(truth().streets, shapely.Point(door.x, door.y))
            wheels = door.household.profile is Profile.WHEELCHAIR
            assert not leads_out[wheels][away.argmin()], door
    assert found > 5


def test_rule_05_a_metre_in_an_assumed_zone_costs_what_the_rules_say_at_the_least() -> None:
    """Bridges aside, which stand above: measured on the map, deepest water first."""
    through = 0
    for _, door, _, advice in list(ways("flood 4"))[::9]:
        penalty_s = truth().penalty_s(truth().path(door.xy, advice.way, over_bridges=False))
        assert advice.way.cost >= advice.way.time + 10 * penalty_s - 1, door
        through += penalty_s > 60
    assert through > 40


@pytest.mark.parametrize("night", ["calm", "as it begins"])
def test_rule_05_every_junctions_cost_is_the_least_that_networkx_finds(night: str) -> None:
    plan, hazards = version(night), frozenset({FLOOD})
    conditions = Conditions(storm=True)
    field = plan.field(conditions, hazards).first
    sites = np.flatnonzero(plan.suitable(hazards)).tolist()
    least = Oracle(plan, conditions).costs(sites)
    found = {row: cost for row, cost in enumerate(field.cost.tolist()) if cost != FAR}
    assert len(found) > 30_000
    assert found == least


# 6: closures


def test_rule_06_no_way_uses_a_closed_street() -> None:
    shut = set(closures())
    assert len(_streets("as it begins")) > 3_000
    assert not _streets("as it begins") & shut
    assert len(_streets("calm") & shut) > 15
    lines = shapely.union_all(truth().streets[sorted(shut)])
    for _, door, _, advice in ways("as it begins"):
        path = truth().path(door.xy, advice.way, over_bridges=False)
        assert path.intersection(lines).length < 0.1, door


def test_rule_06_closing_streets_never_shortens_a_way() -> None:
    plan = a_version(fictional_city().ground, closures=closures())
    changed = 0
    for door, before in zip(doors(), told("calm"), strict=True):
        if before.night:
            continue
        after = ask_at(plan, door)
        for old, new in ((before.first, after.first), (before.second, after.second)):
            if new is not None:
                assert old is not None
                assert new.way.cost >= old.way.cost, door
                changed += new.way.cost > old.way.cost
    assert changed > 20


# 7: bridges and tunnels


def test_rule_07_bridges_above_assumed_water_stay_usable() -> None:
    flags, streets = truth().rows.network.flags, truth().streets
    water = truth().surface("depth", tuple(range(1, 7)))
    wet = np.flatnonzero(((flags & BRIDGE) > 0) & shapely.intersects(water, streets))
    on_foot = (truth().rows.network.access[wet] & FOOT) > 0
    assert on_foot.sum() > 10
    arcs = fictional_city().ground.roads.arcs[wet[on_foot]]
    for night in ("calm", "flood 4", "landslide 4"):
        assert (version(night).weights(Conditions(storm=True)).cost[arcs] < FAR).all()
    assert len(_streets("flood 4") & set(wet.tolist())) >= 3


def test_rule_07_underpasses_carry_nobody_in_rain() -> None:
    network = truth().rows.network
    under = set(np.flatnonzero(truth().underpasses).tolist())
    hill = set(np.flatnonzero((network.flags & TUNNEL) > 0).tolist()) - under
    assert len(under) >= 5
    assert hill
    assert not _streets() & under
    roads, storm = fictional_city().ground.roads, Conditions(storm=True)
    open_to_feet = [street for street in hill if network.access[street] & FOOT]
    assert (version("flood 4").weights(storm).cost[roads.arcs[sorted(under)]] == FAR).all()
    assert (version("flood 4").weights(storm).cost[roads.arcs[open_to_feet]] < FAR).all()


def test_rule_07_rivers_are_crossed_on_bridges_only() -> None:
    """Whoever stands in a river's surface leaves it: half as far again as the bank, at most."""
    crossed = 0
    for _, door, _, advice in ways():
        path = truth().path(door.xy, advice.way)
        if not path.intersects(truth().rivers):
            continue
        crossed += 1
        wet = truth().path(door.xy, advice.way, over_bridges=False).intersection(truth().rivers)
        bank = truth().rivers.boundary.distance(shapely.Point(door.x, door.y))
        stands = bool(shapely.intersects_xy(truth().rivers, *door.xy))
        assert wet.length < (1.5 * bank + 0.51 if stands else 0.01), door
    assert crossed > 100


# 8: slopes, stairs, wheels, motorways


def test_rule_08_no_way_enters_a_red_zone_from_outside() -> None:
    """Whoever stands in one leaves it once, and enters no other."""
    red, left = truth().red, 0
    for _, door, _, advice in ways():
        path = truth().path(door.xy, advice.way)
        if not path.intersects(red):
            continue
        inside = path.intersection(red).length
        if door.ranks.landslide == RED:
            left += 1
            line = shapely.LineString(shapely.get_coordinates(path))
            assert substring(line, inside + 0.1, line.length).intersection(red).length < 0.05, door
        else:
            assert inside < 0.05, door
    assert left > 50


def test_rule_08_wheels_take_no_stairs_and_no_street_that_is_closed_to_them() -> None:
    network = truth().rows.network
    stairs = set(np.flatnonzero((network.flags & STEPS) > 0).tolist())
    no_wheels = set(np.flatnonzero((network.access & WHEELS) == 0).tolist())
    used, others = Counter[int](), Counter[int]()
    for _, door, _, advice in ways():
        wheels = door.household.profile is Profile.WHEELCHAIR
        (used if wheels else others).update(part.street for part in advice.way.stretches)
        if wheels:
            assert advice.way.snap.street not in stairs | no_wheels, door
    assert len(used) > 3_000
    assert not set(used) & (stairs | no_wheels)
    assert set(others) & stairs
    assert set(others) & (no_wheels - stairs)


def test_rule_08_nobody_walks_on_a_motorway_and_no_door_is_joined_to_one() -> None:
    network, ground = truth().rows.network, fictional_city().ground
    motorway = set(np.flatnonzero((network.access & FOOT) == 0).tolist())
    assert shapely.length(truth().streets[sorted(motorway)]).sum() > 5_000
    assert not _streets() & motorway
    arcs = ground.roads.arcs[sorted(motorway)]
    for profile in Profile:
        assert (version("calm").weights(Conditions(profile)).cost[arcs] == FAR).all()
    lines = truth().streets[sorted(motorway)]
    beside = 0
    for door in doors():
        joined = snaps(ground, version("calm").bars, *door.xy)
        assert not {snap.street for snap in joined} & motorway, door
        away = shapely.distance(lines, shapely.Point(door.x, door.y)).min()
        beside += bool(joined) and away < joined[0].offset_m
    assert beside > 5


# 9: how long it takes


def test_rule_09_nobody_is_told_to_be_faster_than_the_rules_say() -> None:
    seen = Counter[tuple[Profile, bool]]()
    for night, door, said, advice in ways():
        dark = door.night and night in DARK
        speed = _RULES_M_S[door.household.profile] * (0.8 if dark else 1.0)
        assert said.night is dark
        walked = truth().path(door.xy, advice.way).length
        assert advice.way.duration_s >= walked / speed - 1, (night, door)
        assert advice.way.cost >= advice.way.time
        seen[door.household.profile, dark] += 1
    assert len(seen) == 6
    assert min(seen.values()) > 80


def test_rule_09_the_start_delay_is_a_quarter_of_an_hour() -> None:
    assert fictional_city().ground.rules.start_delay_s >= 15 * 60


def test_rule_15_a_plan_for_some_of_its_households_is_proven_and_keeps_its_word() -> None:
    ground, living = fictional_city().ground, fictional_city().rows.households
    some = np.random.default_rng(15).choice(len(living), 1200, replace=False)
    xy = ground.metres.xy(living.lonlat[some])
    there = homes(ground, xy, living.persons[some], living.area[some])
    given = evening(a_version(ground, orders=[an_order(4)]), there)
    plan = given.plan()
    assert_proven(given, plan)
    assert_keeps_its_word(given, plan)
