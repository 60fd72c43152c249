"""Water that waits for a person, and what does not."""

from pathlib import Path

import numpy as np

from operations import changes, listing
from operations.planning import held
from operations.serving import utc_now
from routing.plan.plan import Unplaced
from shelters.place import Opening
from tests.integration.plannedcity import City, newest
from tests.integration.small_city import box, write_features


def test_a_small_water_bites_at_once_whatever_else_was_shut(city: City, tmp_path: Path) -> None:
    for site in ("E1", "E2", "E3", "E4"):
        changes.open_site(city.engine, site, Opening.CLOSED)
    small = write_features(tmp_path / "small.geojson", [(box(1.1, 5.8, 1.5, 6.3), {})])
    changes.observe_water(city.engine, small)
    city.again()
    assert len(city.version.picture.observed) == 1
    assert newest(city).facts["held"] == []


def test_water_over_the_whole_city_waits_for_a_person_and_nothing_else_does(
    city: City, tmp_path: Path
) -> None:
    path = write_features(tmp_path / "all.geojson", [(box(-2, -2, 9, 9), {})])
    (number,) = changes.observe_water(city.engine, path)
    before = city.plan
    after = city.again()
    assert not city.version.picture.observed
    assert np.array_equal(before.site, after.site)
    (waits,) = newest(city).facts["held"]
    assert (waits["kind"], waits["item"]) == ("observed_water", number)
    assert "100%" in waits["why"]
    (listed,) = listing.list_water(city.engine)
    assert "not in force: it waits for a person" in listed
    (other,) = changes.observe_water(city.engine, path)
    city.again()
    changes.remove_water(city.engine, [other])
    city.again()
    assert [one["item"] for one in newest(city).facts["held"]] == [number]
    small = write_features(tmp_path / "small.geojson", [(box(1.1, 5.8, 1.5, 6.3), {})])
    changes.observe_water(city.engine, small)
    city.again()
    assert len(city.version.picture.observed) == 1
    assert city.plan.why[0] == Unplaced.NO_WAY
    held.apply_held(city.engine, [waits["number"]], now=utc_now())
    city.again()
    assert not any("waits" in line for line in listing.list_water(city.engine))
    assert len(city.version.picture.observed) == 2
    assert set(city.plan.why.tolist()) == {Unplaced.NO_WAY}
    changes.remove_water(city.engine, [])
    assert city.again().figures.going == 6
