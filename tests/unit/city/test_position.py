"""Positions and the city's metres."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.errors import BadPosition
from city.position import Metres, Position


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_no_position(bad: float) -> None:
    for lat, lon in ((bad, 135.0), (34.0, bad)):
        with pytest.raises(BadPosition, match="finite"):
            Position(lat, lon)


@pytest.mark.parametrize(("lat", "lon"), [(90.1, 0), (-90.1, 0), (0, 180.1), (0, -180.1)])
def test_degrees_that_do_not_exist_are_refused(lat: float, lon: float) -> None:
    with pytest.raises(BadPosition):
        Position(lat, lon)


def test_swapped_degrees_are_called_so() -> None:
    with pytest.raises(BadPosition, match="逆"):
        Position(131.25, 33.95)


def test_swapping_gives_a_position_only_where_there_is_one() -> None:
    assert Position(33.95, 70.0).swapped() == Position(70.0, 33.95)
    assert Position(33.95, 131.25).swapped() is None


def test_metres_run_east_and_north() -> None:
    metres = Metres("EPSG:6671")
    x, y = metres.of(Position(33.95, 131.25))
    east, north = metres.of(Position(33.95, 131.26)), metres.of(Position(33.96, 131.25))
    assert east[0] - x == pytest.approx(924, abs=5)
    assert north[1] - y == pytest.approx(1109, abs=5)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.floats(33, 35), st.floats(130, 134))
def test_metres_and_degrees_lead_back_to_each_other(lat: float, lon: float) -> None:
    metres = Metres("EPSG:6671")
    again = metres.position(*metres.of(Position(lat, lon)))
    assert (again.lat, again.lon) == pytest.approx((lat, lon), abs=1e-9)
    table = np.array([[lon, lat]])
    assert metres.lonlat(metres.xy(table)) == pytest.approx(table, abs=1e-9)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2263"])
def test_a_crs_that_does_not_measure_in_metres_is_refused(crs: str) -> None:
    with pytest.raises(BadPosition, match="metres"):
        Metres(crs)
