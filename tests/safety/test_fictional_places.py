"""The page of places at the size of a city: small enough, and of one mind with guidance."""

import gzip
from datetime import timedelta
from typing import Any, Final

import numpy as np
import pytest

from city.position import Position
from city.traveller import Household, Profile
from routing.door import Question
from routing.guidance import guide
from routing.verdict import Verdict
from routing.version import PlanVersion
from tests.builders import NIGHT, a_version, an_order, fictional_city
from web.crowding import BANDS
from web.language import translator
from web.pages import places_page
from web.placeasked import PlacesAsked
from web.places import PlacesView, places_view

KINDS: Final = ("open", "open", "full", "open", "preparing", "open", "unopened", "open", "closed")


def states(version: PlanVersion) -> dict[str, dict[str, Any]]:
    """A busy evening: every place told of, some long ago."""
    told = {}
    for row, site in enumerate(version.ground.sites):
        counted = NIGHT - timedelta(minutes=row % 45)
        told[site.id] = {
            "id": site.id,
            "opening": KINDS[row % len(KINDS)],
            "opening_since": (NIGHT - timedelta(hours=1)).isoformat(),
            "expected_at": (NIGHT + timedelta(minutes=20)).isoformat(),
            "note": "体育館の入口から入ってください" if row % 5 == 0 else None,
            "band": list(BANDS)[row % 4],
            "persons": 37 * row % 400,
            "capacity": 400,
            "counted_at": counted.isoformat(),
            "unknown_after": (counted + timedelta(minutes=30)).isoformat(),
            "overflow": row % 3 == 0,
            "facilities": ["pets", "wheelchair", "baby", "power"][: row % 5],
        }
    return told


def view(version: PlanVersion, asked: PlacesAsked, lang: str, **told: Any) -> PlacesView:
    """What a reader sees at midnight."""
    return places_view(
        version,
        told,
        asked,
        translator(lang),
        now=NIGHT,
        checked_at=NIGHT - timedelta(minutes=1),
        stale=True,
    )


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_page_of_places_of_the_city_stays_below_14_kB(lang: str) -> None:
    city = fictional_city()
    version = a_version(city.ground, orders=city.orders)
    told = states(version)
    asked = [PlacesAsked(), PlacesAsked(start=41), PlacesAsked(start=81)]
    asked += [PlacesAsked(area=area.name) for area in city.ground.areas[::12]]
    for one in asked:
        page = places_page(view(version, one, lang, **told), asked={}, lang=lang, since="1:99999")
        assert len(gzip.compress(page.encode())) < 14_000


def test_rule_2_the_pages_list_no_shelter_and_the_place_of_the_way_first() -> None:
    city = fictional_city()
    version = a_version(city.ground, orders=(an_order(4),))
    slow = Household(Profile.SLOW)
    xy = city.ground.roads.junction_xy
    led = 0
    for junction in np.linspace(0, len(xy) - 1, 40).astype(int).tolist():
        at = city.ground.metres.position(*(xy[junction] + 5).tolist())
        door = Position(round(at.lat, 6), round(at.lon, 6))
        told = guide(version, Question(door, NIGHT, slow))
        seen = view(version, PlacesAsked(position=door, household=slow), "ja")
        assert seen.stop == (told.verdict is Verdict.SECURE_NOW)
        if told.first is not None:
            led += 1
            assert seen.rows[0].id == told.first.site.id
            minutes = max(-(-told.first.way.duration_s // 60), 1)
            assert abs(int(seen.rows[0].way.split("約")[1].rstrip("分")) - minutes) <= 1
        names = {one.name for one in (*seen.rows, *seen.later, *seen.never)}
        assert names <= {site.name for site in city.ground.sites}
    assert led > 20
