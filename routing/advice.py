"""A way as it is told: the site, the line on the map, the exposed metres, the steps."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from city.position import Position
from routing.exposure import Exposure
from routing.ground import Ground
from routing.roads import Floats
from routing.steps import Step, steps
from routing.trace import exposure, line_of
from routing.version import PlanVersion
from routing.way import Way
from shelters.place import EvacuationSite, SiteState


@dataclass(frozen=True, eq=False)
class Advice:
    """A way to one site: `line` (n, 2) degrees (lon, lat); `exposure` metres by code."""

    site: EvacuationSite
    state: SiteState
    way: Way
    line: Floats
    exposure: dict[Exposure, float]
    ground: Ground = field(repr=False)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Made when they are asked for: they cost more than all the rest of a second way."""
        return steps(self.ground, self.way, self.line)


def advice_on(version: PlanVersion, door: Position, way: Way) -> Advice:
    """Tell a way from a door."""
    ground = version.ground
    site = ground.sites[way.site]
    ends = [np.array([place.lon, place.lat]) for place in (door, site.position)]
    return Advice(
        site=site,
        state=version.picture.openings[site.id],
        way=way,
        line=line_of(ground, way, ends[0], ends[1]),
        exposure=exposure(ground, way),
        ground=ground,
    )
