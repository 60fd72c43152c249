"""What everybody is told, all at once, against what each door is told by itself."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given

from city.traveller import Profile
from routing.homes import Homes, homes
from routing.plan.looked import Looked
from routing.plan.told import VERDICTS, hazards_at_homes, in_water, verdicts
from routing.version import PlanVersion
from tests.builders import NIGHT, NOON, a_household, ask
from tests.unit.routing.at_the_door import lot
from tests.unit.routing.scenes import SIDE, Scene, scenes


def a_dozen(version: PlanVersion) -> Homes:
    xy = np.random.default_rng(5).uniform(0, SIDE, (12, 2))
    return homes(version.ground, xy, np.full(12, 2, np.int16), np.full(12, -1, np.int32))


@pytest.mark.parametrize("profile", [Profile.WALK, Profile.SLOW])
def test_every_home_is_told_what_its_door_is_told(profile: Profile) -> None:
    seen: Counter[str] = Counter()

    @lot
    @given(scenes())
    def compare(scene: Scene) -> None:
        version = scene.version()
        living = a_dozen(version)
        when = NIGHT if scene.conditions.night else NOON
        asker = a_household(profile)
        told = [ask(version, tuple(door), asker, when=when) for door in living.xy.tolist()]
        has_way = np.array([answer.first is not None for answer in told])
        looked = Looked(living)
        surrounded = in_water(version, looked) | np.array(
            ["surrounded" in {reason.code for reason in answer.reasons} for answer in told]
        )
        codes = verdicts(version, looked, has_way, surrounded, needs_time=profile.needs_time)
        wanted = [answer.verdict for answer in told]
        assert [VERDICTS[code] for code in codes.tolist()] == wanted
        sets, which = hazards_at_homes(version, looked)
        assert [sets[row] for row in which.tolist()] == [answer.hazards for answer in told]
        seen.update(wanted)

    compare()
    assert min(seen["go"], seen["watch"]) > 50
    assert seen["secure_now"] > 3
