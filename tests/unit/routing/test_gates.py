"""The gates of sites: what is remembered of a ground is what would be found anew."""

from dataclasses import replace

from hypothesis import given

from routing.field import SiteAccess
from routing.leg import walk, yard
from routing.roads import StreetFlag
from routing.snapping import snaps
from routing.version import PlanVersion
from routing.weights import Conditions
from tests.builders import (
    FLOOD,
    a_box,
    a_grid,
    a_picture,
    a_site,
    a_version,
    an_order,
    street_between,
)
from tests.unit.routing.at_the_door import lot
from tests.unit.routing.scenes import Scene, scenes

OF_GATES = ("gate_site", "gate_street", "gate_at_m", "gate_offset_m", "gate_cost", "gate_time")
OF_ROWS = ("junction", "gate", "from_m", "cost", "time")


def _columns(access: SiteAccess, names: tuple[str, ...]) -> list[tuple[float, ...]]:
    return list(zip(*(getattr(access, name).tolist() for name in names), strict=True))


def _is_found_anew(version: PlanVersion, conditions: Conditions) -> None:
    """Compare all gates and rows with those of every site looked up by itself."""
    ground, weighed = version.ground, version.weights(conditions)
    gates: list[tuple[float, ...]] = []
    rows: list[tuple[float, ...]] = []
    crossed: list[list[tuple[int, float]]] = []
    for site, (x, y) in enumerate(ground.site_xy.tolist()):
        for snap in snaps(ground, version.bars, x, y, entering=True):
            door = yard(ground, weighed, snap)
            for junction, from_m in ground.roads.ends(snap.street):
                leg = walk(
                    *(ground, version.blocks, weighed, snap.street, from_m, snap.at_m),
                    from_red=bool(ground.in_red[junction]),
                )
                if leg:
                    costs = leg.cost + door.cost, leg.time + door.time
                    rows.append((junction, len(gates), from_m, *costs))
            gates.append((site, snap.street, snap.at_m, snap.offset_m, door.cost, door.time))
            crossed.append(list(snap.crossed))
    access = version.access(conditions)
    assert _columns(access, OF_GATES) == gates
    assert _columns(access, OF_ROWS) == rows
    found = [[(code, m) for code, m in enumerate(row) if m] for row in access.gate_crossed.tolist()]
    assert found == crossed


@lot
@given(scenes())
def test_every_version_of_a_ground_has_the_gates_that_would_be_found_anew(scene: Scene) -> None:
    """Also after another version of the same ground, with more in force or with nothing."""
    every = tuple(range(0, scene.ground.roads.street_count, 2))
    for version in (
        scene.version(),
        scene.version(more_closures=every),
        scene.version(observed=(), closures=(), orders=()),
        scene.version(),
    ):
        _is_found_anew(version, scene.conditions)


def test_a_street_that_is_penalised_from_now_on_costs_more_to_enter_by() -> None:
    part = StreetFlag.BRIDGE | StreetFlag.PART_BRIDGE
    ground = a_grid(sites=[a_site(50, 10), a_site(250, 290)], flags={(0, 1): part})
    calm, ordered = a_version(ground), a_version(ground, orders=[an_order(4)])
    for version in (calm, ordered, calm):
        _is_found_anew(version, Conditions())
    before, after = (version.access(Conditions()) for version in (calm, ordered))
    assert after.cost[after.site == 0].min() > before.cost[before.site == 0].min()
    assert (after.cost[after.site == 1] == before.cost[before.site == 1]).all()


def test_a_closed_street_is_no_way_in_until_it_is_opened() -> None:
    ground = a_grid(sites=[a_site(50, 1), a_site(250, 290)])
    street = street_between(ground, 0, 1)
    shut = a_version(ground, closures=[street]).access(Conditions())
    assert street not in shut.gate_street[shut.gate]
    opened = a_version(ground).access(Conditions())
    assert street in opened.gate_street[opened.gate]


def test_water_moved_under_the_same_number_moves_the_gates() -> None:
    """What is remembered of barred areas goes by their outline, not by what they are called."""
    ground = a_grid(sites=[a_site(50, 20)])
    street = street_between(ground, 0, 1)
    for area, joined in ((a_box(-20, 5, 120, 15), False), (a_box(500, 5, 600, 15), True)):
        picture = a_picture(ground, observed=[area])
        found = PlanVersion.of(1, ground, picture).access(Conditions())
        assert (street in found.gate_street) is joined


def test_two_grounds_in_turn_keep_their_own_gates() -> None:
    one, other = a_grid(sites=[a_site(50, 10)]), a_grid(sites=[a_site(250, 290)])
    slow = replace(Conditions(), night=True)
    for ground in (one, other, a_grid(sites=[a_site(150, 190)], n=3), one):
        for conditions in (Conditions(), slow):
            _is_found_anew(a_version(ground, closures=[0]), conditions)
            assert a_version(ground).suitable(frozenset({FLOOD})).all()
