"""What closures do to a way: rule 6."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import shapely

from city.traveller import Profile
from data import mapped
from hazards.closure import Closure
from operations.closures import streets_along
from routing.version import PlanVersion
from routing.weights import FAR, Conditions
from tests.builders import (
    LANDSLIDE,
    NIGHT,
    NOON,
    Extra,
    a_box,
    a_grid,
    a_household,
    a_picture,
    a_site,
    a_version,
    an_order,
    ask,
    street_between,
)
from tests.safety.straight_up import NORTH, SOUTH, grid, streets_of


def test_rule_06_a_closure_bites_at_once_for_everybody() -> None:
    ground = grid()
    closed = street_between(ground, 5, 9)
    version = a_version(ground, closures=[closed])
    for profile in Profile:
        for when in (NOON, NIGHT):
            assert closed in streets_of(ask(a_version(ground), SOUTH, a_household(profile)))
            told = ask(version, SOUTH, a_household(profile), when=when)
            assert closed not in streets_of(told)


def test_rule_06_part_of_a_closed_street_is_closed_too() -> None:
    ground = a_grid(sites=[a_site(105, 180), a_site(205, 180)])
    closed = street_between(ground, 5, 9)
    version = a_version(ground, closures=[closed], orders=[an_order(4)])
    for door in ((105, 120), SOUTH):
        assert closed in streets_of(ask(a_version(ground), door))
        told = ask(version, door)
        assert told.first is None or closed not in streets_of(told)
    assert ask(version, SOUTH).first is not None


@pytest.mark.parametrize("moved", ["split", "shifted", "far", "gone"])
def test_rule_06_a_closure_outlives_a_new_map(moved: str) -> None:
    """It is split, drawn 6 or 12 m away, or there is no street along its line any more."""
    ground = grid()
    line = shapely.LineString(
        {
            "split": [(100, 90), (100, 210)],
            "shifted": [(106, 100), (106, 200)],
            "far": [(112, 100), (112, 200)],
            "gone": [(50, 170), (150, 170)],
        }[moved]
    )
    streets, rest = streets_along(ground, line)
    closure = Closure(1, streets, "陥没", line, rest, NOON, by_water=False)
    version = PlanVersion.of(1, ground, replace(a_picture(ground), closures=(closure,)))
    assert street_between(ground, 5, 9) not in streets_of(ask(version, SOUTH))
    assert bool(streets) is (moved in ("split", "shifted"))
    assert rest.is_empty is bool(streets)
    assert not set(streets) & {street_between(ground, *pair) for pair in ((4, 5), (5, 6), (8, 9))}


def test_rule_06_a_stub_along_the_line_does_not_stand_for_the_whole_street() -> None:
    """What else lies near the line is shut too."""
    stub = Extra(13, 12, ((100.0, 320.0), (0.0, 320.0)))
    ground = grid(extra=[stub])
    line = shapely.LineString([(113, 100), (113, 300), (100, 320)])
    streets, rest = streets_along(ground, line)
    closure = Closure(1, streets, "陥没", line, rest, NOON, by_water=False)
    version = PlanVersion.of(1, ground, replace(a_picture(ground), closures=(closure,)))
    assert street_between(ground, 5, 9) not in streets
    assert rest.length > 50
    assert version.blocks.barred.touched[street_between(ground, 5, 9)]


def test_rule_06_a_closure_never_lapses() -> None:
    ground = grid()
    closed = street_between(ground, 5, 9)
    version = a_version(ground, closures=[closed])
    for hours in (1, 7, 24, 24 * 400):
        told = ask(version, SOUTH, when=NOON + timedelta(hours=hours))
        assert closed not in streets_of(told)
    assert not {"until", "expires_at", "ends_at"} & set(Closure.__dataclass_fields__)


def test_rule_06_closures_and_water_survive_being_saved_and_mapped_again(tmp_path: Path) -> None:
    ground = grid()
    closed, water = street_between(ground, 5, 9), a_box(40, 40, 60, 60)
    version = a_version(ground, closures=[closed], observed=[water])
    version.field(Conditions(), frozenset({LANDSLIDE}))
    mapped.save_version(tmp_path, version, mapped.Origin("1"))
    again = mapped.open_version(tmp_path, ground)
    assert again.picture == version.picture
    assert (again.weights(Conditions()).cost == version.weights(Conditions()).cost).all()
    assert closed not in streets_of(ask(again, SOUTH))


def test_rule_06_nothing_but_the_closure_reopens_with_it() -> None:
    ground = grid()
    closed = street_between(ground, 5, 9)
    with_both = a_version(ground, closures=[closed], observed=[a_box(90, 140, 110, 160)])
    only_water = a_version(ground, observed=[a_box(90, 140, 110, 160)])
    only_closed = a_version(ground, closures=[closed])
    for version in (with_both, only_water, only_closed):
        assert (version.weights(Conditions()).cost[ground.roads.arcs[closed]] == FAR).all()


def test_rule_06_lifting_the_order_reopens_no_road() -> None:
    ground = grid()
    closed = street_between(ground, 5, 9)
    for orders in ([an_order(4)], []):
        version = a_version(ground, closures=[closed], orders=orders)
        assert closed not in streets_of(ask(version, SOUTH))


def test_rule_06_the_parallel_street_of_a_closed_one_stays_open() -> None:
    ground = a_grid(sites=[a_site(*NORTH)], extra=[Extra(5, 9, ((120.0, 150.0),))])
    straight, beside = street_between(ground, 5, 9), ground.roads.street_count - 1
    assert straight in streets_of(ask(a_version(ground), SOUTH))
    assert beside in streets_of(ask(a_version(ground, closures=[straight]), SOUTH))
