"""Areas of an alert stand in the order in which people count them, wherever they are listed."""

from typing import Any

import pytest

from tests.integration.alerted import ALERTS, AREA, OTHER, Headquarters

COUNTED = [AREA, OTHER, "下浅瀬三丁目"]


@pytest.fixture
def hq(hq: Headquarters) -> Headquarters:
    """A city in which 下浅瀬 has a third 丁目."""
    third = (
        "UPDATE area SET name = '下浅瀬三丁目' WHERE number = (SELECT min(number) FROM area"
        " WHERE kind = 'chome' AND name NOT LIKE '下浅瀬%') RETURNING 1"
    )
    hq.database.rows(third)
    return hq


def test_named_areas_are_listed_as_people_count_them(hq: Headquarters) -> None:
    shown = hq.draft(areas=[COUNTED[2], COUNTED[1], COUNTED[0]])
    assert shown["area_names"] == COUNTED


def test_drawn_areas_and_the_orders_are_too(hq: Headquarters) -> None:
    box = (
        "SELECT ST_AsGeoJSON(ST_Envelope(ST_Union(geom)))::json FROM area WHERE name LIKE '下浅瀬%'"
    )
    polygon: Any = hq.database.one(box)
    shown = hq.draft(areas=[], polygon=polygon)
    assert [name for name in shown["area_names"] if name in COUNTED] == COUNTED
    sent = hq.send(hq.draft(areas=COUNTED[::-1]))
    order = hq.database.one("SELECT area_names FROM evacuation_order WHERE ended_at IS NULL")
    assert (hq.get(f"{ALERTS}/{sent['number']}")["area_names"], order) == (COUNTED, COUNTED)
