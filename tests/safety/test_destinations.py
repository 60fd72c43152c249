"""Where people are sent: rules 1, 2 and 12."""

import pytest

from hazards.kinds import HazardKind
from routing.rules import Rules
from routing.verdict import Verdict
from shelters.place import Opening, SiteState
from tests.builders import (
    FLOOD,
    LANDSLIDE,
    a_box,
    a_grid,
    a_household,
    a_shelter,
    a_site,
    a_version,
    an_order,
    ask,
    collapse,
    depth,
    reason_codes,
    slope,
    town,
    town_version,
)

DOOR = (110, 95)
NEAR, FAR = (120, 205), (290, 310)
STORM_SURGE, EARTHQUAKE, INLAND = (
    HazardKind.STORM_SURGE,
    HazardKind.EARTHQUAKE,
    HazardKind.INLAND_FLOOD,
)


def _sites(near: set[HazardKind], far: set[HazardKind]) -> list[object]:
    return [a_site(*NEAR, name="近い", suits=near), a_site(*FAR, name="遠い", suits=far)]


@pytest.mark.parametrize("hazard", HazardKind)
def test_rule_01_a_site_suits_the_hazard_in_force(hazard: HazardKind) -> None:
    ground = a_grid(sites=_sites(set(HazardKind) - {hazard}, {hazard, FLOOD}))
    told = ask(a_version(ground, orders=[an_order(4, hazard)]), DOOR)
    assert told.first is not None
    assert told.first.site.name == "遠い"
    assert told.second is None


def test_rule_01_a_site_suits_every_hazard_in_force_at_the_door() -> None:
    ground = a_grid(sites=_sites({FLOOD, EARTHQUAKE}, {FLOOD, LANDSLIDE}))
    orders = [an_order(4, FLOOD), an_order(3, LANDSLIDE, number=2)]
    told = ask(a_version(ground, orders=orders), DOOR)
    assert told.hazards == {FLOOD, LANDSLIDE}
    assert told.first is not None
    assert told.first.site.name == "遠い"


@pytest.mark.parametrize("complete", [True, False])
def test_rule_01_where_no_slope_is_mapped_a_flood_site_must_suit_landslides_too(
    complete: bool,
) -> None:
    """Whether it stands below a cliff nobody knows: its designation must say that it may."""
    layers = ("depth", "landslide") if complete else ("depth",)
    ground = a_grid(sites=_sites({FLOOD}, {FLOOD, LANDSLIDE}), complete=layers)
    told = ask(a_version(ground, orders=[an_order(4)]), DOOR)
    assert told.first is not None
    assert told.first.site.name == ("近い" if complete else "遠い")
    assert told.hazards == {FLOOD}


def test_rule_01_without_a_site_for_all_hazards_nobody_is_sent_to_one_for_some() -> None:
    ground = a_grid(sites=_sites({FLOOD}, {LANDSLIDE}))
    orders = [an_order(4, FLOOD), an_order(4, LANDSLIDE, number=2)]
    told = ask(a_version(ground, orders=orders), DOOR)
    assert told.verdict is Verdict.SECURE_NOW
    assert told.first is None
    assert "no_site" in reason_codes(told)


def test_rule_01_the_order_at_the_site_counts_though_none_is_for_the_door() -> None:
    ground = a_grid(sites=_sites({FLOOD}, {FLOOD, LANDSLIDE}))
    at_site = an_order(3, LANDSLIDE, a_box(80, 180, 160, 240), number=2)
    told = ask(a_version(ground, orders=[an_order(4), at_site]), DOOR)
    assert told.hazards == {FLOOD}
    assert told.first is not None
    assert told.first.site.name == "遠い"


@pytest.mark.parametrize("rank", [1, 2])
def test_rule_01_a_flood_site_below_a_slope_is_no_destination_in_a_storm(rank: int) -> None:
    """Hachioji: flood alone sends people below a cliff."""
    ground = a_grid(
        sites=_sites({FLOOD}, {FLOOD, LANDSLIDE}), zones=[slope(rank, 80, 180, 160, 240)]
    )
    for version in (a_version(ground), a_version(ground, orders=[an_order(4)])):
        told = ask(version, DOOR)
        assert told.first is not None
        assert told.first.site.name == "遠い"


@pytest.mark.parametrize("zone", [depth(1, 80, 180, 160, 240), collapse(2, 80, 180, 160, 240)])
@pytest.mark.parametrize("hazard", [LANDSLIDE, INLAND, STORM_SURGE])
def test_rule_01_a_site_in_a_flood_zone_suits_floods_in_any_storm(
    zone: object, hazard: HazardKind
) -> None:
    ground = a_grid(sites=_sites({hazard}, {hazard, FLOOD}), zones=[zone])
    told = ask(a_version(ground, orders=[an_order(4, hazard)]), DOOR)
    assert told.first is not None
    assert told.first.site.name == "遠い"


def test_rule_01_with_nothing_in_force_flood_and_the_zones_at_the_door_count() -> None:
    ground = a_grid(sites=_sites({FLOOD}, {FLOOD, LANDSLIDE}), zones=[slope(1, 90, 80, 130, 120)])
    told = ask(a_version(ground), DOOR)
    assert told.hazards == {FLOOD, LANDSLIDE}
    assert told.first is not None
    assert told.first.site.name == "遠い"
    assert ask(a_version(ground), (190, 95)).hazards == {FLOOD}


def test_rule_01_a_hazard_asked_about_adds_and_never_removes_one() -> None:
    ground = a_grid(sites=_sites({FLOOD}, {FLOOD, EARTHQUAKE}))
    version = a_version(ground, orders=[an_order(4)])
    for asked in ({EARTHQUAKE}, {EARTHQUAKE, FLOOD}):
        told = ask(version, DOOR, hazards=asked)
        assert told.hazards == {FLOOD, EARTHQUAKE}
        assert told.first is not None
        assert told.first.site.name == "遠い"


def test_rule_01_the_alternative_suits_every_hazard_too() -> None:
    sites = [*_sites({FLOOD}, {FLOOD, LANDSLIDE}), a_site(10, 310, name="三つ目")]
    orders = [an_order(4, FLOOD), an_order(4, LANDSLIDE, number=2)]
    told = ask(a_version(a_grid(sites=sites), orders=orders), DOOR)
    assert {told.first and told.first.site.name, told.second and told.second.site.name} == {
        "遠い",
        "三つ目",
    }


def test_rule_01_the_towns_meeting_hall_below_the_slope_is_for_no_storm() -> None:
    version = town_version()
    hall = next(row for row, s in enumerate(version.ground.sites) if s.name == "山手集会所")
    assert FLOOD in version.ground.sites[hall].designated_for
    for hazards in ({FLOOD}, {FLOOD, LANDSLIDE}, {INLAND}):
        assert not version.suitable(frozenset(hazards))[hall]


def test_rule_02_nobody_is_routed_to_a_shelter_that_is_no_evacuation_site() -> None:
    ground = a_grid(sites=[a_site(*FAR, name="遠い")], shelters=[a_shelter(120, 95, name="避難所")])
    told = ask(a_version(ground, orders=[an_order(4)]), DOOR)
    assert told.first is not None
    assert (told.first.site.name, told.second) == ("遠い", None)


def test_rule_02_shelters_alone_are_no_destination_at_all() -> None:
    ground = a_grid(shelters=[a_shelter(120, 95)])
    told = ask(a_version(ground, orders=[an_order(4)]), DOOR)
    assert (told.verdict, told.first) == (Verdict.SECURE_NOW, None)
    assert "no_site" in reason_codes(told)


def test_rule_02_the_towns_two_shelters_are_never_named() -> None:
    version = town_version()
    only = {s.name for s in town().ground.shelters if not s.also_evacuation_site}
    assert len(only) == 2
    named = {
        advice.site.name
        for x, y in version.ground.roads.junction_xy[::60].tolist()
        for told in [ask(version, (x, y))]
        for advice in (told.first, told.second)
        if advice
    }
    assert named
    assert not named & only


def test_rule_12_a_site_of_unknown_opening_stays_a_destination_and_says_so() -> None:
    told = ask(a_version(a_grid(sites=[a_site(*NEAR)]), orders=[an_order(4)]), DOOR)
    assert told.first is not None
    assert told.first.state.opening is Opening.UNCONFIRMED
    assert "opening_unconfirmed" in reason_codes(told)


def test_rule_12_a_site_said_to_be_open_needs_no_warning() -> None:
    site = a_site(*NEAR)
    version = a_version(a_grid(sites=[site]), orders=[an_order(4)], open_sites=[site.id])
    assert "opening_unconfirmed" not in reason_codes(ask(version, DOOR))


def test_rule_12_only_a_closed_site_loses_its_people_to_the_next() -> None:
    sites = _sites({FLOOD}, {FLOOD})
    told = ask(a_version(a_grid(sites=sites), closed_sites=["近い"]), DOOR, a_household())
    assert told.first is not None
    assert (told.first.site.name, told.second) == ("遠い", None)


def test_rule_12_a_full_site_is_told_to_nobody_new_while_another_has_room() -> None:
    version = a_version(a_grid(sites=_sites({FLOOD}, {FLOOD})), full_sites=["近い"])
    told = ask(version, DOOR)
    assert told.first is not None
    assert (told.first.site.name, told.second) == ("遠い", None)


def test_rule_12_nobody_on_the_way_to_a_site_that_fills_is_turned_round() -> None:
    version = a_version(a_grid(sites=_sites({FLOOD}, {FLOOD})), full_sites=["近い"])
    told = ask(version, DOOR, told="近い")
    assert told.first is not None
    assert told.second is not None
    assert (told.first.site.name, told.second.site.name) == ("近い", "遠い")
    assert "site_full" in reason_codes(told)


def test_rule_12_nobody_on_the_way_is_turned_round_for_a_nearer_site_that_opens() -> None:
    version = a_version(a_grid(sites=_sites({FLOOD}, {FLOOD})), open_sites=["近い", "遠い"])
    told = ask(version, DOOR, told="遠い")
    assert told.first is not None
    assert told.second is not None
    assert (told.first.site.name, told.second.site.name) == ("遠い", "近い")


def test_rule_12_a_way_that_became_far_longer_than_the_best_is_given_up() -> None:
    rules = Rules(full_detour_s=60)
    told = ask(a_version(a_grid(sites=_sites({FLOOD}, {FLOOD}), rules=rules)), DOOR, told="遠い")
    assert told.first is not None
    assert told.first.site.name == "近い"


def test_rule_12_whoever_was_told_of_a_site_that_became_unsafe_is_led_elsewhere() -> None:
    ground = a_grid(sites=_sites({FLOOD}, {FLOOD}))
    for unsafe in ({"closed_sites": ["近い"]}, {"observed": [a_box(112, 203, 130, 220)]}):
        told = ask(a_version(ground, **unsafe), DOOR, told="近い")
        assert told.first is not None
        assert told.first.site.name == "遠い"


def test_rule_12_where_every_site_is_full_people_are_led_to_the_nearest() -> None:
    version = a_version(a_grid(sites=_sites({FLOOD}, {FLOOD})), full_sites=["近い", "遠い"])
    told = ask(version, DOOR)
    assert told.first is not None
    assert told.first.site.name == "近い"


def test_rule_12_a_full_site_is_better_than_one_that_is_far_beyond_it() -> None:
    sites, rules = _sites({FLOOD}, {FLOOD}), Rules(full_detour_s=60)
    told = ask(a_version(a_grid(sites=sites, rules=rules), full_sites=["近い"]), DOOR)
    assert told.first is not None
    assert told.first.site.name == "近い"


def test_rule_12_a_site_that_only_the_door_beyond_reaches_with_room_is_not_required() -> None:
    """A door whose only reachable site is full still has a way."""
    sites = _sites({FLOOD}, {FLOOD})
    bar = a_box(230, -50, 240, 350)
    told = ask(a_version(a_grid(sites=sites), observed=[bar], full_sites=["近い"]), DOOR)
    assert told.first is not None
    assert told.first.site.name == "近い"


@pytest.mark.parametrize("opening", [Opening.UNOPENED, Opening.PREPARING, Opening.ENDANGERED])
def test_rule_12_a_site_that_does_not_receive_yet_or_any_more_is_no_destination(
    opening: Opening,
) -> None:
    assert not SiteState(opening).receives


def test_rule_12_a_site_standing_in_observed_water_is_no_destination() -> None:
    sites = _sites({FLOOD}, {FLOOD})
    told = ask(a_version(a_grid(sites=sites), observed=[a_box(112, 203, 130, 220)]), DOOR)
    assert told.first is not None
    assert told.first.site.name == "遠い"
