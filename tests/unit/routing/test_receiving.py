"""Which sites receive anybody: all at once, each as it would be asked by itself."""

import numpy as np
import pytest
from hypothesis import given

from hazards.kinds import RAIN_HAZARDS, AlertLevel, HazardKind
from hazards.order import orders_at
from hazards.zone import ZoneKind, ZoneLayer
from routing.receiving import zoned_at_sites
from routing.version import Hazards, PlanVersion
from tests.builders import (
    EVERY_LAYER,
    FLOOD,
    LANDSLIDE,
    Zoned,
    a_box,
    a_grid,
    a_site,
    a_version,
    an_order,
    slope,
    water,
)
from tests.unit.routing.at_the_door import lot
from tests.unit.routing.scenes import Scene, scenes

ASKED = [frozenset({FLOOD}), frozenset({FLOOD, LANDSLIDE}), frozenset({HazardKind.EARTHQUAKE})]


def _one_by_one(version: PlanVersion, hazards: Hazards) -> list[bool]:
    """`safety.md` 1, 4 and 5, asked of each site by itself."""
    ground, found = version.ground, []
    for site, (x, y) in zip(ground.sites, ground.site_xy.tolist(), strict=True):
        orders = orders_at(version.picture.orders, x, y)
        counted = hazards | {order.hazard for order in orders}
        if hazards & RAIN_HAZARDS:
            counted |= ground.hazards_zoned_at(x, y) & RAIN_HAZARDS
            if not ground.zones[ZoneLayer.LANDSLIDE].complete:
                counted |= {LANDSLIDE}
        found.append(
            version.picture.openings[site.id].receives
            and not version.water.covers(x, y)
            and all(order.level < AlertLevel.SECURE_NOW for order in orders)
            and site.suits(counted)
        )
    return found


@lot
@given(scenes())
def test_all_sites_at_once_are_judged_as_each_by_itself(scene: Scene) -> None:
    version = scene.version(closed_sites=[scene.ground.sites[0].id])
    for hazards in ASKED:
        assert version.suitable(hazards).tolist() == _one_by_one(version, hazards)
    zoned = [scene.ground.hazards_zoned_at(x, y) for x, y in scene.ground.site_xy.tolist()]
    assert list(zoned_at_sites(scene.ground)) == zoned


@pytest.mark.parametrize(
    ("in_force", "told"),
    [
        ({}, [True, True]),
        ({"closed_sites": ["west"]}, [False, True]),
        ({"full_sites": ["west"]}, [True, True]),
        ({"observed": [a_box(0, 0, 40, 40)]}, [False, True]),
        ({"orders": [an_order(5, FLOOD, a_box(0, 0, 40, 40))]}, [False, True]),
        ({"orders": [an_order(4, FLOOD, a_box(0, 0, 40, 40))]}, [True, True]),
        ({"orders": [an_order(3, HazardKind.TSUNAMI, a_box(0, 0, 40, 40))]}, [False, True]),
        ({"orders": [an_order(4), an_order(5, LANDSLIDE, number=2)]}, [False, False]),
    ],
)
def test_a_site_receives_nobody_where_it_is_closed_wet_at_level_5_or_unfit(
    in_force: dict[str, object], told: list[bool]
) -> None:
    ground = a_grid(sites=[a_site(20, 20, name="west"), a_site(280, 280, name="east")])
    version = a_version(ground, **in_force)
    assert version.suitable(frozenset({FLOOD})).tolist() == told
    assert _one_by_one(version, frozenset({FLOOD})) == told


def test_what_a_storm_may_bring_to_a_site_counts_there() -> None:
    """A slope above it, other water at it; on a ground whose slopes nobody knows, a slope."""
    sites = [a_site(x, 20, suits=[FLOOD]) for x in (20, 120, 220)]
    surge = ZoneLayer.SURGE_DEPTH
    zones = [slope(1, 0, 0, 40, 40), water(surge, 1, 100, 0, 140, 40)]
    flood = frozenset({FLOOD})
    assert a_version(a_grid(sites=sites, zones=zones)).suitable(flood).tolist() == [
        False,
        False,
        True,
    ]
    unknown = [layer for layer in EVERY_LAYER if layer is not ZoneLayer.LANDSLIDE]
    nobody_knows = a_version(a_grid(sites=sites, complete=unknown))
    assert not nobody_knows.suitable(flood).any()
    forecast = Zoned(surge, 1, a_box(0, 0, 400, 400), ZoneKind.FORECAST)
    coming = a_version(a_grid(sites=sites, zones=[forecast]))
    assert not coming.suitable(flood).any()
    assert np.array_equal(coming.suitable(flood), _one_by_one(coming, flood))
