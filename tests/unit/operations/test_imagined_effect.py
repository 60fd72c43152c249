"""What an imagined change does to those on their way, to places, and to nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
import shapely

from hazards.order import EvacuationOrder
from operations.imagining.effect import Effect, effect_of
from operations.imagining.flowtables import flows_table
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
from shelters.place import Opening, SiteState
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
    *,
    free: Sequence[int] = (100, 100),
    waits: tuple[int, int] | None = None,
    west: SiteState | None = None,
    orders: Sequence[EvacuationOrder] | None = None,
    **more: object,
) -> Town:
    """A grid of 3 x 3; a closure between two junctions `waits` for a person."""
    ground = a_grid(3, sites=[a_site(-4, 200, name="西"), a_site(204, 0, name="東")])
    version = a_version(ground, orders=[an_order(4)] if orders is None else list(orders))
    if west:
        openings = {**version.picture.openings, "西": west}
        version = PlanVersion.of(1, ground, replace(version.picture, openings=openings))
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


def test_the_digest_holds_what_is_imagined_and_the_turnout_of_now() -> None:
    here = town()
    few, many = (here.effect(Imagined(more=percent)) for percent in (30, 300))
    assert not (few.moved | many.moved).any(), "the effect is the same"
    assert few.digest != many.digest
    grown = here.effect(Imagined(more=30), turnout=Turnout(1, 1, 1, 0.99))
    assert grown.digest != few.digest
    waters = [Imagined(lost=(shapely.box(8, 8, 9, 9 + more),)) for more in (0, 1)]
    assert len({here.effect(one).digest for one in waters}) == 2


def test_until_doors_are_open_those_count_who_have_no_place_meanwhile() -> None:
    here = town(west=SiteState(Opening.CLOSED))
    both = Imagined(opened=("西",), shut=("東",))
    found = here.effect(both)
    assert not (found.cut | found.roomless).any()
    assert found.until is not None
    lost = found.until.cut | found.until.roomless
    assert lost.any()
    table = effect_table(found)["until"]
    assert table["cut_off"]["households"] + table["no_room"]["households"] == int(lost.sum())
    assert here.effect(Imagined(opened=("西",))).until is None
    street = street_between(here.today.version.ground, 0, 1)
    ways = Imagined(opened=("西",), closed=tuple(range(12)))
    closing = here.effect(ways)
    assert closing.until is not None
    assert (closing.waits, closing.until.waits) == (True, True)
    alone = here.effect(Imagined(closed=(street,)))
    assert here.effect(Imagined(opened=("西",), closed=(street,))).digest != alone.digest


def test_it_waits_where_many_move_until_doors_are_open() -> None:
    found = town().effect(Imagined(opened=("西",), closed=(1,)))
    assert found.until is not None
    until = replace(found.until, judged=True)
    for one, waits in ((found, found.judged), (replace(found, until=until), True)):
        assert one.waits is waits
    assert replace(found, until=until).digest != found.digest


def test_whoever_has_no_order_and_no_way_is_not_told_to_go_up() -> None:
    streets = tuple(range(12))
    ordered = town().effect(Imagined(closed=streets))
    assert int(ordered.secured.sum()) == int(ordered.cut.sum()) > 0
    quiet = town(orders=()).effect(Imagined(closed=streets))
    assert quiet.cut.any()
    assert effect_table(quiet)["cut_off"]["secure_now"] == 0


def test_whom_water_surrounds_is_shown_going_up_and_dry_closures_have_another_digest() -> None:
    quiet, streets = town(orders=()), tuple(range(12))
    dry, wet = (quiet.effect(Imagined(closed=streets, by_water=one)) for one in (False, True))
    assert dry.cut.tolist() == wet.cut.tolist()
    tables = [effect_table(one) for one in (dry, wet)]
    assert [one["imagined"]["by_water"] for one in tables] == [False, True]
    assert [one["cut_off"]["secure_now"] for one in tables] == [0, int(wet.cut.sum())]
    assert dry.digest != wet.digest


def test_the_outline_of_an_area_has_its_holes() -> None:
    here = town()
    shape = shapely.box(0, 0, 200, 200).difference(shapely.box(50, 50, 90, 90))
    area = shapely.transform(shape, here.today.version.ground.metres.lonlat)
    (lost,) = effect_table(here.effect(Imagined(lost=(area,))))["imagined"]["lost"]
    shown = shapely.geometry.shape(lost["area"])
    assert [len(rings) for rings in lost["area"]["coordinates"]] == [2]
    assert shown.area == pytest.approx(area.area, rel=1e-3)


def test_what_counts_alone_change_is_not_the_doing_of_the_change() -> None:
    here = town(free=(4, 4))
    full = np.array([2, 4])
    found = here.effect(Imagined(more=1), free=full, turnout=ALL)
    assert (found.before.assigned.site != here.today.told.site).any(), "places got fuller"
    assert not (found.moved | found.roomless | found.way).any()
    evening = Evening(replace(here.expected, free=full), {})
    assert here.today.anew(evening) is here.today.anew(evening)


def test_few_households_have_no_row_and_few_walkers_no_street(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = town().effect(Imagined(shut=("西",)))
    (row,) = effect_table(found)["moves"]
    assert (row["few"], row["before"], row["households"]) == (True, None, 2)
    assert {row["area"] for row in effect_table(found)["moved"]["areas"]} == {""}
    assert effect_table(found)["flows"] == []
    assert flows_table(found.today, 100)["streets"] == []
    monkeypatch.setattr("operations.imagining.flowtables.FEWEST", 2)
    both = effect_table(found)["flows"]
    walked = np.flatnonzero((found.flows.walkers >= 200) | (found.before.flows.walkers >= 200))
    assert sorted(row["street"] for row in both) == walked.tolist()
