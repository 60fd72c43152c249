"""What a scene's household is told, for tests on random small towns."""

import numpy as np
from hypothesis import settings

from hazards.kinds import HazardKind
from routing.guidance import Guidance
from routing.version import PlanVersion
from routing.way import Way
from tests.builders import (
    NIGHT,
    NOON,
    a_household,
    ask,
)
from tests.unit.routing.scenes import Scene

lot = settings(max_examples=60, deadline=None, derandomize=True)
Hazards = frozenset[HazardKind]


def suitable_sites(version: PlanVersion, hazards: Hazards) -> list[int]:
    return np.flatnonzero(version.suitable(hazards)).tolist()


def told_at_the_door(version: PlanVersion, scene: Scene) -> Guidance:
    """What the scene's household is told, under exactly the scene's conditions."""
    night = NIGHT if scene.conditions.night else NOON
    household = a_household(scene.conditions.profile)
    return ask(version, scene.door, household, hazards=scene.hazards, when=night)


def cost_at_the_door(version: PlanVersion, scene: Scene) -> float:
    """The cost of its best way, whether or not it is told to go."""
    first = ways_of(version, scene)[0]
    return first.cost if first else float("inf")


def ways_of(version: PlanVersion, scene: Scene) -> list[Way | None]:
    """The ways as guidance shows them: below level 5, out of observed water."""
    told = told_at_the_door(version, scene)
    return [advice and advice.way for advice in (told.first, told.second)]
