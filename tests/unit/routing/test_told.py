"""Who is told to go, all at once, against what each door is told by itself."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given

from city.traveller import Profile
from routing.plan.told import goes, homes
from routing.verdict import Verdict
from tests.builders import NIGHT, NOON, a_household, ask
from tests.unit.routing.at_the_door import lot
from tests.unit.routing.scenes import SIDE, Scene, scenes


@pytest.mark.parametrize("profile", [Profile.WALK, Profile.SLOW])
def test_whoever_is_told_to_go_at_the_door_is_counted_and_nobody_else(profile: Profile) -> None:
    seen: Counter[bool] = Counter()

    @lot
    @given(scenes())
    def compare(scene: Scene) -> None:
        version = scene.version()
        xy = np.random.default_rng(5).uniform(0, SIDE, (12, 2))
        when = NIGHT if scene.conditions.night else NOON
        told = [ask(version, tuple(door), a_household(profile), when=when) for door in xy.tolist()]
        has_way = np.array([answer.first is not None for answer in told])
        counted = goes(version, homes(version.ground, xy), has_way, needs_time=profile.needs_time)
        wanted = [answer.verdict is Verdict.GO for answer in told]
        assert counted.tolist() == wanted
        seen.update(wanted)

    compare()
    assert seen[True] > 50
    assert seen[False] > 50
