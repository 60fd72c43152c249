"""A version of a ground: nothing of another version of the same ground is left in it."""

import numpy as np
from hypothesis import given, settings

from city.traveller import Profile
from routing.cutoff import surrounded_junctions
from routing.field import evacuation_field
from routing.version import PlanVersion
from routing.weights import FAR, Conditions, Weights
from tests.builders import FLOOD, LANDSLIDE, a_box, a_grid, a_site, a_version, street_between
from tests.unit.routing.at_the_door import lot
from tests.unit.routing.scenes import Scene, scenes

ARRAYS = [name for name in Weights.__slots__ if name != "conditions"]
RING = a_box(50, -20, 150, 60).difference(a_box(95, -5, 115, 15))
OTHER_RING = a_box(150, -20, 250, 60).difference(a_box(195, -5, 215, 15))


def _same_weights(one: PlanVersion, other: PlanVersion, conditions: Conditions) -> None:
    for name in ARRAYS:
        mine, yours = (getattr(v.weights(conditions), name) for v in (one, other))
        assert mine.dtype == yours.dtype
        assert np.array_equal(mine, yours)


def test_a_street_that_is_opened_again_weighs_what_it_did() -> None:
    sites = [a_site(5, 305)]
    ground = a_grid(sites=sites, heights={0: 5.0})
    for profile in Profile:
        for night in (False, True):
            conditions = Conditions(profile, night=night)
            shut, opened = a_version(ground, closures=[3]), a_version(ground)
            fresh = a_grid(sites=sites, heights={0: 5.0})
            _same_weights(shut, a_version(fresh, closures=[3]), conditions)
            _same_weights(opened, a_version(fresh), conditions)
            arcs = ground.roads.arcs[3]
            assert (shut.weights(conditions).cost[arcs] == FAR).all()
            assert (opened.weights(conditions).cost[arcs] != FAR).all()


def test_night_and_profile_change_the_pace_on_the_same_ground() -> None:
    version = a_version(a_grid())
    day = version.weights(Conditions())
    slower = [Conditions(night=True), Conditions(Profile.SLOW), Conditions(Profile.WHEELCHAIR)]
    for conditions in slower:
        assert (version.weights(conditions).time > day.time).all()
        assert (version.weights(conditions).pace > day.pace).all()


@settings(lot, max_examples=20)
@given(scenes())
def test_fields_prepared_together_are_those_computed_one_by_one(scene: Scene) -> None:
    version = scene.version()
    wanted = [
        (Conditions(profile, night=night), hazards)
        for profile in Profile
        for night in (False, True)
        for hazards in (frozenset({FLOOD}), frozenset({LANDSLIDE}))
    ]
    version.prepare(wanted)
    keys = [(conditions, version.suitable(hazards).tobytes()) for conditions, hazards in wanted]
    assert list(version.fields) == list(dict.fromkeys(keys))
    for (conditions, mask), found in version.fields.items():
        again = scene.version()
        alone = evacuation_field(
            version.ground.roads,
            again.weights(conditions),
            again.access(conditions),
            np.frombuffer(mask, bool),
            again.begin_at,
        )
        for half in ("first", "second"):
            for name in ("step", "site", "cost", "time"):
                mine, yours = (getattr(getattr(f, half), name) for f in (found, alone))
                assert np.array_equal(mine, yours)


def test_fields_that_are_there_are_not_prepared_again() -> None:
    version = a_version(a_grid(sites=[a_site(5, 305)]))
    wanted = [(Conditions(), frozenset({FLOOD}))]
    version.prepare(wanted)
    before = dict(version.fields)
    version.prepare(wanted)
    assert all(version.fields[key] is field for key, field in before.items())


def test_rule_05_water_that_went_or_moved_surrounds_nobody_where_it_was() -> None:
    ground = a_grid(sites=[a_site(105, 305)])
    for water, junctions in (
        ([RING], [1]),
        ([], []),
        ([OTHER_RING], [2]),
        ([RING, OTHER_RING], [1, 2]),
        ([RING], [1]),
    ):
        version = a_version(ground, observed=water)
        found = np.flatnonzero(surrounded_junctions(version, Conditions()))
        assert found.tolist() == junctions


def test_rule_05_streets_closed_by_water_surround_until_one_is_opened() -> None:
    ground = a_grid(sites=[a_site(105, 305)])
    around = [street_between(ground, 0, other) for other in (1, 4)]
    for closures, junctions in ((around, [0]), (around[:1], []), (around, [0]), ([], [])):
        version = a_version(ground, closures=closures)
        found = np.flatnonzero(surrounded_junctions(version, Conditions()))
        assert found.tolist() == junctions
