"""Orders in force, levels and ranks."""

from datetime import timedelta

import pytest

from hazards.errors import HazardError
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, RAIN_HAZARDS, AlertLevel, HazardKind
from hazards.order import orders_at
from hazards.zone import (
    COLLAPSE_KINDS,
    DEPTH_M,
    DURATION_H,
    HAZARD_OF_LAYER,
    LANDSLIDE_ZONES,
    RANKS,
    HazardZone,
    ZoneLayer,
)
from tests.builders import LANDSLIDE, a_box, an_order


@pytest.mark.parametrize("level", [AlertLevel.NONE, AlertLevel.EARLY_NOTICE, AlertLevel.ADVISORY])
def test_only_levels_3_to_5_are_orders(level: AlertLevel) -> None:
    with pytest.raises(HazardError, match="3・4・5"):
        an_order(level)


def test_an_order_without_an_area_covers_the_whole_city() -> None:
    assert an_order().covers(-1e7, 1e7)


@pytest.mark.parametrize(
    ("x", "y", "covered"), [(5, 5, True), (0, 0, True), (10, 5, True), (10.001, 5, False)]
)
def test_an_order_covers_its_area_and_the_border_of_it(x: float, y: float, covered: bool) -> None:
    assert an_order(area=a_box(0, 0, 10, 10)).covers(x, y) is covered


def test_orders_at_a_point_come_highest_first_then_oldest() -> None:
    here, elsewhere = a_box(0, 0, 10, 10), a_box(20, 20, 30, 30)
    orders = [
        an_order(3, number=1),
        an_order(5, area=elsewhere, number=2),
        an_order(4, LANDSLIDE, number=4, area=here),
        an_order(4, number=3),
    ]
    assert [order.id for order in orders_at(orders, 5, 5)] == [3, 4, 1]


def test_an_order_carries_an_aware_moment() -> None:
    assert an_order().issued_at.utcoffset() == timedelta(0)


def test_the_eight_kinds_and_five_levels_have_their_words() -> None:
    assert len(HazardKind) == len(HAZARD_WORDS) == 8
    assert set(LEVEL_WORDS) == set(AlertLevel)
    assert {str(kind) for kind in RAIN_HAZARDS} == {
        "flood",
        "landslide",
        "inland_flood",
        "storm_surge",
    }


def test_ranks_are_those_of_the_published_data() -> None:
    """国土数値情報 A31b-201, -301, -401 and A33."""
    assert DEPTH_M[2] == (0.5, 3)
    assert [deepest for _, deepest in DEPTH_M.values()] == [0.5, 3, 5, 10, 20, None]
    assert list(DURATION_H.values()) == [12, 24, 72, 168, 336, 672, None]
    assert RANKS[ZoneLayer.COLLAPSE] == set(COLLAPSE_KINDS) == {1, 2}
    assert RANKS[ZoneLayer.LANDSLIDE] == set(LANDSLIDE_ZONES) == {1, 2}


def test_every_layer_belongs_to_a_hazard() -> None:
    assert set(HAZARD_OF_LAYER) == set(ZoneLayer) == set(RANKS)
    assert HazardZone(ZoneLayer.LANDSLIDE, 2, a_box(0, 0, 1, 1)).hazard is LANDSLIDE
