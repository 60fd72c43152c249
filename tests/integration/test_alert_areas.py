"""What the form of an alert can choose from, and the area of a revision as it was chosen."""

from typing import Any

import numpy as np
import pytest

from alerts.kinds import AlertKind
from city.staff import Role
from data.database import transaction
from hazards.zone import ZoneLayer
from operations.alerts import drafting
from operations.alerts.areachoices import choices
from operations.alerts.areas import area_of
from operations.alerts.draft import Draft
from operations.serving import utc_now
from tests.integration.alerted import ALERTS, GENERAL, Headquarters
from tests.integration.plannedcity import City
from tests.integration.staffed import signed_in
from web.staff.alertareawords import area_in_words

CHOICES = "/api/v1/headquarters/alertareas"


def box(hq: Headquarters) -> dict[str, Any]:
    """A square of some 200 m in the middle of the town, each corner to the last digit."""
    west, south, east, north = hq.database.rows(
        "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b)"
        " FROM (SELECT ST_Extent(geom) AS b FROM area) areas"
    )[0]
    lon, lat, half = (west + east) / 2, (south + north) / 2, 0.001 / 3
    corners = [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)]
    ring = [[lon + right, lat + up] for right, up in corners]
    return {"type": "Polygon", "coordinates": [ring]}


def test_places_are_counted_by_whom_the_plan_sends_and_nobody_is_named(city: City) -> None:
    with transaction(city.engine) as connection:
        found = choices(connection)
    told, sites = city.plan.site, city.version.ground.sites
    sent = {site.id: int((told == row).sum()) for row, site in enumerate(sites)}
    assert {one["id"]: one["households"] for one in found["places"]} == {
        site: count for site, count in sent.items() if count
    }
    assert {key for one in found["places"] for key in one} == {"id", "name", "households"}
    assert ZoneLayer.DEPTH in found["zones"]
    assert ZoneLayer.TSUNAMI_DEPTH not in found["zones"]


def test_only_a_version_that_moved_somebody_is_offered_the_newest_first(city: City) -> None:
    told = city.plan.site
    row = int(np.bincount(told[told >= 0]).argmax())
    site = city.version.ground.sites[row].id
    city.room(site, 1)
    city.again()
    with transaction(city.engine) as connection:
        found = choices(connection)["versions"]
    numbers = [one["number"] for one in found]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] == city.version.number
    assert all(one["households"] > 0 for one in found)


def test_an_approver_reads_which_place_or_version_it_is_for(city: City) -> None:
    writer, told = signed_in(city.engine, Role.OPERATOR).caller, city.plan.site
    site = city.version.ground.sites[int(np.bincount(told[told >= 0]).argmax())]
    number = city.version.number
    for segment, name in (
        ({"site": site.id}, site.name),
        ({"changed_in": number}, f"割当の第{number}版"),
    ):
        said: dict[str, Any] = {"subject": "道", "reason": "理由。", "action": "見ること。"}
        draft = Draft(AlertKind.GENERAL, **said, **segment)
        made = drafting.draft(city.engine, writer, draft, now=utc_now())
        with transaction(city.engine) as connection:
            found = area_of(connection, made)
        assert area_in_words(found)["name"] == name
        assert found["polygon"] is None


def test_a_drawn_area_is_read_back_corner_by_corner_and_its_size_is_told(hq: Headquarters) -> None:
    drawn = box(hq)
    shown = hq.draft(**GENERAL, polygon=drawn)
    found = hq.get(f"{ALERTS}/{shown['number']}/area")
    assert (found["where"], found["of"], found["name"]) == ("polygon", None, None)
    assert found["polygon"] == drawn
    metres = 2 * 0.001 / 3 * 111_000
    expected = metres * metres * np.cos(np.radians(drawn["coordinates"][0][0][1])) / 1e6
    assert shown["blast"]["square_km"] == pytest.approx(expected, rel=0.2)


def test_a_zone_is_offered_by_its_name_and_a_draft_tells_which_it_took(hq: Headquarters) -> None:
    zones = {one["layer"]: one["name"] for one in hq.get(CHOICES)["zones"]}
    assert zones["collapse"] == "家屋倒壊等氾濫想定区域"
    shown = hq.draft(**GENERAL, zone="collapse")
    found = hq.get(f"{ALERTS}/{shown['number']}/area")
    assert (found["where"], found["of"], found["polygon"]) == ("zone", "collapse", None)
    assert found["name"] == zones["collapse"]
    same = hq.draft(**GENERAL, zone="collapse")
    body = {**GENERAL, "reason": "理由。", "same_area": True}
    number = same["number"]
    kept = hq.well(hq.ask(hq.writer, f"{ALERTS}/{number}", body, "PUT"))
    assert hq.get(f"{ALERTS}/{kept['number']}/area")["of"] == "collapse"


def test_of_areas_there_is_nothing_to_draw_on_and_an_unknown_revision_is_none(
    hq: Headquarters,
) -> None:
    shown = hq.draft()
    found = hq.get(f"{ALERTS}/{shown['number']}/area")
    assert (found["where"], found["polygon"]) == ("areas", None)
    assert hq.ask(hq.writer, f"{ALERTS}/999/area", method="GET").status_code == 404


def test_before_a_plan_there_are_zones_alone(hq: Headquarters) -> None:
    found = hq.get(CHOICES)
    assert found["places"] == []
