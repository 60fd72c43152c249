"""Who is on the way, or has room kept, when the city is loaded anew in the middle of a night."""

from typing import Any
from uuid import uuid4

import pytest

from city.staff import CONSOLE
from operations import changes
from operations.household import holding
from operations.household.links import exchange
from operations.serving import utc_now
from shelters.place import Opening
from tests.integration.homed import AT, load, slips, write_homes
from tests.integration.plannedcity import E1, E3, City
from tests.integration.small_city import rewrite

HOLD = "SELECT household, site_id FROM hold WHERE ended_at IS NULL"


@pytest.mark.parametrize("new_id", ["E3", "E9"])
def test_whoever_set_out_is_not_turned_round_when_the_city_is_loaded_anew(
    city: City, new_id: str
) -> None:
    """E3 is full by then: of two in one house the other one goes elsewhere."""
    assert city.places()[1:3] == [E3, E3]
    (slip,) = slips(city.engine, 1)
    home = exchange(city.engine, slip.token, utc_now()).home
    holding.set_out(city.engine, home, uuid4(), "E3", utc_now())
    holding.keep_room(city.engine, CONSOLE, uuid4(), "E3", 5, now=utc_now())
    changes.open_site(city.engine, "E3", Opening.FULL)
    folder = city.folder / "city"
    rewrite(folder / "sites.geojson", lambda sites: _renamed(sites, new_id))
    load(city.engine, write_homes(folder, tuple(reversed(AT))))
    assert set(city.database.rows(HOLD)) == {(3, new_id), (None, new_id)}
    after = city.again()
    # 1 and 2 stand in one house: the first of it stays the first, which is 3 now.
    assert (int(after.site[3]), int(after.site[4])) == (E3, E1)
    assert after.figures.walking == 1


def test_a_hold_ends_with_its_place(city: City) -> None:
    (slip,) = slips(city.engine, 1)
    home = exchange(city.engine, slip.token, utc_now()).home
    holding.set_out(city.engine, home, uuid4(), "E3", utc_now())
    folder = city.folder / "city"
    rewrite(folder / "sites.geojson", lambda sites: sites["features"].pop(E3))
    load(city.engine, write_homes(folder))
    assert city.database.rows(HOLD) == []


def _renamed(sites: dict[str, Any], new_id: str) -> None:
    sites["features"][E3]["properties"]["共通ID"] = new_id
