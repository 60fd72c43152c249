"""Ways from one door to every site: the nearest one is the one that guidance leads to."""

from hypothesis import given, settings

from routing.nearby import nearby
from routing.weights import FAR
from tests.unit.routing.at_the_door import lot, suitable_sites, told_at_the_door
from tests.unit.routing.scenes import Scene, scenes


@settings(lot, max_examples=120)
@given(scenes())
def test_the_nearest_place_of_the_list_is_the_one_that_the_way_leads_to(scene: Scene) -> None:
    version = scene.version()
    told = told_at_the_door(version, scene)
    if told.first is None:
        return
    way = told.first.way
    at = version.ground.metres.of(told.question.position)
    found = nearby(
        version,
        version.conditions(told.question.household.profile, night=told.night, hazards=told.hazards),
        *at,
    )
    costs = {site: int(found.cost[site]) for site in suitable_sites(version, told.hazards)}
    assert min(costs.values()) == way.cost
    assert costs[way.site] == way.cost


@settings(lot, max_examples=60)
@given(scenes())
def test_time_and_metres_of_a_way_fit_its_cost(scene: Scene) -> None:
    version = scene.version()
    conditions = version.conditions(
        scene.conditions.profile, night=scene.conditions.night, hazards=scene.hazards
    )
    found = nearby(version, conditions, *scene.door)
    for row in range(len(version.ground.sites)):
        walk = found.walk_to(row)
        assert (walk is None) == (found.cost[row] >= FAR)
        if walk is not None:
            assert 0 <= walk.duration_s <= found.cost[row] / 10 + 1
            x, y = version.ground.site_xy[row].tolist()
            straight = ((x - scene.door[0]) ** 2 + (y - scene.door[1]) ** 2) ** 0.5
            assert walk.distance_m > straight - 1e-3
