"""Headquarters' wall and the plain ground of its map: no name of anybody, no forecast."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from city.staff import Caller, CallerKind, Role
from hazards.zone import ZoneLayer
from routing.ground import Ground
from tests.unit.web.ground import CARD, ground
from web.staff.boardground import plain_ground
from web.staff.wall import wall_page

NOW = datetime(2026, 10, 10, 17, 10, tzinfo=UTC)
OPERATOR = Caller(CallerKind.STAFF, 3, "架空 花子", frozenset({Role.OPERATOR}))


def test_the_wall_names_no_officer_and_shows_nothing_before_it_knows() -> None:
    page = wall_page(caller=OPERATOR, csrf="token", card=CARD, now=NOW)
    assert OPERATOR.name not in page
    assert 'data-mode="unread"' in page
    assert "実災害" not in page
    assert "架空" in page
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert re.findall(r"<script(?![^>]* src=)", page) == []
    assert "市のデータがありません" in wall_page(caller=OPERATOR, csrf="", card=None, now=NOW)


def test_a_position_lies_on_the_plain_ground_where_its_path_is() -> None:
    made = ground()
    plain = plain_ground(made)
    x0, x_lon, x_lat, y0, y_lon, y_lat = plain["by_degrees"]
    for name, lon, lat in plain["names"]:
        assert 0 < x0 + x_lon * lon + x_lat * lat < plain["width"], name
        assert 0 < y0 + y_lon * lon + y_lat * lat < plain["height"], name
    assert len(plain["names"]) == len(made.areas)
    assert plain["paths"]["streets"]
    assert plain["paths"]["rivers"] or plain["paths"]["streams"]


def _all(made: Ground, *, forecast: bool) -> Ground:
    zones = {
        layer: replace(zone, forecast=np.full(len(zone.polygons), forecast))
        for layer, zone in made.zones.items()
    }
    return replace(made, zones=zones)


@pytest.mark.parametrize("forecast", [False, True])
def test_rule_5_forecast_zones_are_not_drawn_as_assumed_ones(forecast: bool) -> None:
    made = ground()
    assert len(made.zones[ZoneLayer.DEPTH].polygons)
    assert bool(plain_ground(_all(made, forecast=forecast))["paths"]["assumed"]) is not forecast


def test_special_landslide_zones_are_apart_from_the_others() -> None:
    paths = plain_ground(ground())["paths"]
    assert paths["yellow"] != paths["red"]
