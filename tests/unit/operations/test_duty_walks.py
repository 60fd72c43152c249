"""Until when to order: an area that is not planned whole never gives a later moment than none."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from operations.duties import walking
from operations.duties.walking import Pace, walks_of

NEAR, FAR, NOBODY = "下浅瀬一丁目", "本町", "上浅瀬"
_PLACES = np.array([[0.0, 0.0]])


def paced(monkeypatch: pytest.MonkeyPatch, sites: list[int], area: list[int], metres: Any) -> Pace:
    """Households so far from the one place; -1: they have none."""
    assigned = SimpleNamespace(site=np.array(sites, np.int16))
    found: Any = SimpleNamespace(assigned=assigned, areas=[NEAR, FAR], area=np.array(area))
    homes = np.array([(one, 0.0) for one in metres])
    monkeypatch.setattr(walking, "_walks", lambda _: walks_of(found, homes, _PLACES))
    seen: Any = SimpleNamespace(load=SimpleNamespace(settings={}))
    return Pace(seen)


def minutes(pace: Pace, *names: str) -> tuple[float, bool]:
    """The walk in minutes, and whether it is known."""
    needed = pace.needed(names)
    return needed.walk.total_seconds() / 60, needed.is_known


def test_the_whole_city_is_unknown_while_a_part_of_it_is_ordered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pace = paced(monkeypatch, [0, 0, -1, -1], [0, 0, 1, 1], [100, 100, 2000, 2000])
    walk, known = minutes(pace, NEAR)
    assert known
    assert walk < 10
    assert minutes(pace) == minutes(pace, FAR) == minutes(pace, NEAR, FAR) == (60, False)


def test_an_area_that_is_partly_ordered_is_unknown_and_so_is_one_household_in_no_area(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert minutes(paced(monkeypatch, [0, -1], [0, 0], [100, 100]), NEAR) == (60, False)
    assert minutes(paced(monkeypatch, [0, -1], [0, -1], [100, 100])) == (60, False)


def test_a_long_way_that_is_known_is_not_shortened_by_one_that_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    walk, known = minutes(paced(monkeypatch, [0, -1], [0, 0], [9000, 100]), NEAR)
    assert not known
    assert walk > 100


def test_nobody_with_a_place_or_nobody_there_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert minutes(paced(monkeypatch, [-1, -1], [0, 1], [100, 100])) == (60, False)
    assert minutes(paced(monkeypatch, [0], [0], [100]), NOBODY) == (60, False)
