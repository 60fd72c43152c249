"""The field page as text, and the streets that it draws: all kinds, nothing inline, nothing old."""

import json
import re

import numpy as np
import pytest

from city.staff import Caller, CallerKind, Role
from hazards.observation import SHUTS_ROAD, Depth, ObservationKind
from tests.unit.web.ground import ground
from web.assets import find_asset
from web.staff.field import DEPTHS, FIRST, KEPT, MORE, field_page
from web.staff.fieldstreets import CELLS_PER_DEGREE, UNITS, streets_of

TEAM = Caller(CallerKind.DEVICE, 5, "第2現地班", frozenset({Role.FIELD}))
SCRIBE = Caller(CallerKind.STAFF, 8, "電話 花子", frozenset({Role.PHONE}))


def page(caller: Caller = TEAM) -> str:
    return field_page(
        ground(), "load-1", caller=caller, csrf="token", link="^https://", most_streets=200
    )


def test_every_kind_has_a_button_and_says_whether_it_shuts_a_road() -> None:
    assert sorted((*FIRST, *MORE)) == sorted(ObservationKind)
    found = dict(re.findall(r'value="([a-z_]+)"([^>]*)><span>', page()))
    assert {kind for kind, more in found.items() if "data-shuts" in more} == SHUTS_ROAD
    assert set(DEPTHS) == set(Depth)
    assert set(found) - set(ObservationKind) - set(Depth) == {"more"}


def test_only_who_is_known_is_told_that_a_report_stops_a_road() -> None:
    assert 'data-known="yes"' in page()
    assert 'data-known=""' in page(SCRIBE)


def test_nothing_of_the_page_is_inline_and_a_fictional_city_is_called_so() -> None:
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page())
    assert re.findall(r"<script(?![^>]* src=)", page()) == []
    assert "架空" in page()


def test_everything_that_the_page_imports_is_kept() -> None:
    found = re.search(r"^const SHELL = (.*);$", KEPT.script(), re.MULTILINE)
    assert found
    names = {one.split("?")[0].removeprefix("/static/") for one in json.loads(found[1])}
    assets = [find_asset(name) for name in names]
    texts = [asset.body.decode() for asset in assets if asset]
    assert len(texts) == len(names)
    imported = {name for text in texts for name in re.findall(r"'\./([a-z]+\.js)'", text)}
    assert imported - names == set()


def test_the_streets_of_a_cell_are_where_they_are() -> None:
    made = ground()
    lon, lat = made.roads.shape_lonlat[0]
    column, row = (int(np.floor(one * CELLS_PER_DEGREE)) for one in (lon, lat))
    told = streets_of(made, column, row)
    xy = [np.reshape(flat[1:], (-1, 2)) for flat in told["streets"]]
    points = np.concatenate(xy) / (CELLS_PER_DEGREE * UNITS)
    lonlat = points + np.array([column, row]) / CELLS_PER_DEGREE
    assert np.abs(lonlat - (lon, lat)).sum(axis=1).min() < 2e-5
    assert {told["names"][flat[0]] for flat in told["streets"] if flat[0] >= 0} <= set(
        made.roads.names
    )
    assert told["waters"]


@pytest.mark.parametrize("cell", [(0, 0), (-18000, 8999)])
def test_a_cell_without_streets_is_empty(cell: tuple[int, int]) -> None:
    assert streets_of(ground(), *cell) == {"names": [], "streets": [], "waters": []}
