"""To whom an alert goes that is no 避難情報: a zone, a planned place, those whose way changed."""

from typing import Any

import numpy as np
import pytest

from alerts.errors import NotFit
from alerts.kinds import AlertKind
from data.database import transaction
from data.errors import NotThere
from data.rows import current_load
from hazards.kinds import AlertLevel, HazardKind
from hazards.zone import ZoneLayer
from operations.alerts.draft import Draft, checked
from operations.alerts.where import Where, count_households, where_of
from operations.serving import utc_now
from tests.integration.plannedcity import City


def found(city: City, **segment: Any) -> tuple[Where, int]:
    """Where it is for, and how many households that are."""
    with transaction(city.engine) as connection:
        load = current_load(connection)
        where = where_of(connection, load, Draft(AlertKind.GENERAL, **segment))
        return where, count_households(connection, load, where)[0]


def test_a_place_is_told_to_those_whom_the_plan_sends_there(city: City) -> None:
    sites, told = city.version.ground.sites, city.plan.site
    row = int(np.bincount(told[told >= 0]).argmax())
    where, homes = found(city, site=sites[row].id)
    assert where.households == np.flatnonzero(told == row).tolist()
    assert homes == len(where.households) > 0
    assert where.segment["names"] == [], "nobody else of these areas is told"


def test_a_version_is_told_to_those_whom_it_changed(city: City) -> None:
    number = city.version.number
    where, homes = found(city, changed_in=number)
    assert homes == len(where.households) == int((city.plan.verdict >= 0).sum())


def test_a_zone_is_told_to_those_who_stand_in_it(city: City) -> None:
    where, homes = found(city, zone=ZoneLayer.DEPTH)
    assert where.geometry is not None
    _, everybody = found(city, whole_city=True)
    assert homes < everybody


@pytest.mark.parametrize(
    ("segment", "error"),
    [({"site": "nowhere"}, NotThere), ({"zone": ZoneLayer.TSUNAMI_DEPTH}, NotFit)],
)
def test_what_the_city_has_not_is_refused(
    city: City, segment: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        found(city, **segment)


def test_an_order_is_for_areas_and_one_segment_is_chosen() -> None:
    order = Draft(
        AlertKind.EVACUATION,
        hazard=HazardKind.FLOOD,
        level=AlertLevel.ALL_LEAVE,
        site="E1",
        reason="理由。",
    )
    with pytest.raises(NotFit, match="町丁目"):
        checked(order, utc_now())
    both = Draft(AlertKind.GENERAL, site="E1", whole_city=True)
    with pytest.raises(NotFit, match="区域を選んで"):
        checked(both, utc_now())
