"""What an imagined change does to those on their way, to places, and to nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from operations.imagining.effect import Effect, effect_of
from operations.imagining.imagined import Imagined
from operations.imagining.tables import effect_table
from operations.imagining.today import Today, look
from operations.planning.basis import Basis
from operations.planning.expecting import Evening
from routing.engine.plain import PlainEngine
from routing.homes import homes
from routing.plan.assign import assign
from routing.plan.assigned import CityPlan
from routing.plan.expected import Expected
from routing.plan.looked import Looked
from routing.plan.turnout import Turnout
from routing.version import PlanVersion
from tests.builders import NOON, a_closure, a_grid, a_site, a_version, an_order, street_between

WEST, EAST = 0, 1
NEAR_WEST, AS_NEAR, NEAR_EAST = (20.0, 201.0), (20.0, 101.0), (180.0, 1.0)
SPOTS = (NEAR_WEST, AS_NEAR, NEAR_EAST)
ALL = Turnout(1, 1, 1, 1)


@dataclass(frozen=True)
class Town:
    """Three homes under level 4, two places with room for all, and what is published."""

    today: Today
    expected: Expected

    def effect(self, imagined: Imagined, **expected: object) -> Effect:
        evening = Evening(replace(self.expected, **expected), {})  # type: ignore[arg-type]
        return effect_of(self.today, evening, imagined, NOON)


def town(
    *, free: Sequence[int] = (100, 100), waits: tuple[int, int] | None = None, **more: object
) -> Town:
    """A grid of 3 x 3; a closure between two junctions `waits` for a person."""
    ground = a_grid(3, sites=[a_site(-4, 200, name="西"), a_site(204, 0, name="東")])
    version = a_version(ground, orders=[an_order(4)])
    if waits:
        shut = replace(a_closure(ground, street_between(ground, *waits)), moves=False)
        picture = replace(version.picture, closures=(shut,))
        version = PlanVersion.of(version.number, ground, picture)
    count = len(SPOTS)
    living = homes(
        ground, np.array(SPOTS), np.full(count, 2, np.int16), np.full(count, -1, np.int32)
    )
    basis = Basis(ground, living, Looked(living), PlainEngine(ground.roads))
    expected = Expected(np.array(free, np.int64), ALL, night=False, **more)  # type: ignore[arg-type]
    planned = PlanVersion.of(version.number, ground, version.picture.as_planned())
    told = assign(planned, basis.looked, basis.engine, expected)
    version.plan = CityPlan(living, told)
    return Town(look(version, basis, NOON), expected)


def test_whoever_walks_to_a_place_that_is_lost_is_turned_and_nobody_else() -> None:
    found = town().effect(Imagined(shut=("西",)), walking={0: WEST, 2: EAST})
    assert found.turned.tolist() == [True, False, False]
    assert found.after.site.tolist() == [EAST, EAST, EAST]
    assert found.moved.tolist() == [True, True, False]
    assert not found.cut.any()


def test_whoever_walks_goes_on_to_the_same_place_by_another_way() -> None:
    here = town()
    ground = here.today.version.ground
    street = street_between(ground, 3, 6)
    found = here.effect(Imagined(closed=(street,)), walking={1: WEST})
    assert found.after.site[1] == WEST
    assert found.rerouted.tolist() == [False, True, False]
    assert not found.turned.any()
    assert found.farther.tolist() == [False, True, False]
    table = effect_table(found)
    assert table["on_the_way"] == {"turned": 0, "rerouted": 1}
    assert table["another_way"]["households"] == int(found.way.sum()) >= 1
    assert table["another_way"]["minutes"] > 0


def test_a_closure_that_waits_for_a_person_is_not_laid_on_what_is_imagined() -> None:
    here = town(waits=(3, 6))
    found = here.effect(Imagined(more=10))
    assert not (found.moved | found.cut | found.roomless | found.way).any()


def test_a_place_gets_full_and_who_finds_no_room_is_told_apart_from_who_has_no_way() -> None:
    found = town(free=(4, 3)).effect(Imagined(shut=("西",)), free=np.array([4, 3]))
    assert found.gets_full.tolist() == [False, False]
    assert int(found.roomless.sum()) == 2
    assert not found.cut.any()
    assert found.waits is False, "no street is closed: what waits is the move by one"
    full = town(free=(4, 6)).effect(Imagined(shut=("西",)))
    assert full.gets_full.tolist() == [False, True]
    assert [row["gets_full"] for row in effect_table(full)["sites"] if row["name"] == "東"] == [
        True
    ]


def test_a_street_that_cuts_somebody_off_waits_and_says_where() -> None:
    here = town()
    ground = here.today.version.ground
    around = tuple(street_between(ground, *ends) for ends in ((6, 7), (3, 6)))
    found = here.effect(Imagined(closed=(*around, street_between(ground, 0, 3))))
    assert found.cut.any()
    assert found.waits
    assert effect_table(found)["cut_off"]["households"] == int(found.cut.sum())


def test_the_same_effect_has_the_same_digest_and_another_one_has_not() -> None:
    here = town()
    once, again = (here.effect(Imagined(shut=("西",))) for _ in range(2))
    assert once.digest == again.digest
    assert here.effect(Imagined(shut=("東",))).digest != once.digest
