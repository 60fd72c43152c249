"""A way straight up the 4 x 4 grid, for tests of what moves it aside."""

from typing import Any

import shapely

from routing.ground import Ground
from routing.guidance import Guidance
from tests.builders import (
    a_grid,
    a_site,
)

SOUTH, NORTH = (105, 5), (105, 305)
"""A door at junction 1, a site at junction 13 of the 4 x 4 grid: straight up the street."""


def streets_of(told: Guidance) -> set[int]:
    assert told.first is not None
    return {stretch.street for stretch in told.first.way.stretches}


def line_of(told: Guidance) -> Any:
    assert told.first is not None
    return shapely.LineString(told.version.ground.metres.xy(told.first.line))


def grid(**more: Any) -> Ground:
    return a_grid(sites=[a_site(*NORTH)], **more)
