"""How many people a place holds: by its rooms in use, or by its list; never a mixture."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hazards.kinds import RAIN_HAZARDS, HazardKind
from shelters.capacity import NOT_STATED, Capacity
from shelters.errors import ShelterError
from shelters.rooms import MEANT_FOR_WORDS, MeantFor, Room, capacity_in_use, stated_for
from shelters.settings import CrowdRules, crowd_rules_from

FLOOD, QUAKE = HazardKind.FLOOD, HazardKind.EARTHQUAKE
STATED = Capacity(storm_indoor=220, quake_outdoor=1600, quake_indoor=150, unspecified=900)


def a_room(capacity: int | None, *, in_use: bool = True, overflow: bool = False) -> Room:
    return Room("r", "体育館", capacity, MeantFor.GENERAL, overflow, in_use)


def test_rooms_in_use_are_what_a_place_holds() -> None:
    spare = a_room(60, in_use=False, overflow=True)
    assert capacity_in_use([a_room(140), a_room(30), spare], STATED, {FLOOD}) == 170
    assert capacity_in_use([a_room(140), a_room(30), a_room(60)], STATED, {FLOOD}) == 230


def test_without_rooms_in_use_or_their_numbers_the_list_holds() -> None:
    assert capacity_in_use([], STATED, {FLOOD}) == 220
    assert capacity_in_use([a_room(140, in_use=False)], STATED, {FLOOD}) == 220
    assert capacity_in_use([a_room(140), a_room(None)], STATED, {FLOOD}) == 220


def test_an_overflow_room_that_opens_makes_a_place_larger() -> None:
    spare = a_room(100, overflow=True)
    assert capacity_in_use([spare], STATED, {FLOOD}) == 320
    assert capacity_in_use([a_room(140), spare], STATED, {FLOOD}) == 240
    assert capacity_in_use([a_room(None, overflow=True)], STATED, {FLOOD}) == 220
    assert capacity_in_use([spare], NOT_STATED, {FLOOD}) is None


@pytest.mark.parametrize("hazard", sorted(RAIN_HAZARDS))
def test_rule_15_a_storm_counts_indoors_alone(hazard: HazardKind) -> None:
    assert stated_for(STATED, {hazard}) == 220
    assert stated_for(Capacity(quake_outdoor=1600, unspecified=900), {hazard}) is None


def test_rule_15_an_earthquake_counts_the_yard_only_where_nothing_is_indoors() -> None:
    assert stated_for(STATED, {QUAKE}) == 150
    assert stated_for(Capacity(storm_indoor=220, quake_outdoor=1600), {QUAKE}) is None
    assert stated_for(Capacity(quake_outdoor=1600), {QUAKE}) == 1600


def test_several_hazards_leave_the_smallest_number_and_no_sum() -> None:
    assert stated_for(STATED, {FLOOD, QUAKE}) == 150
    assert stated_for(STATED, {FLOOD, HazardKind.TSUNAMI}) is None


def test_before_any_order_the_storms_number_holds() -> None:
    assert stated_for(STATED, set()) == 220
    assert stated_for(NOT_STATED, set()) is None


def test_every_kind_of_room_has_a_word() -> None:
    assert set(MEANT_FOR_WORDS) == set(MeantFor)


def test_a_city_sets_its_own_thresholds() -> None:
    rules = crowd_rules_from({"some": 0.5, "crowded": 0.7, "known_for_min": 20})
    assert (rules.some, rules.crowded, rules.full) == (0.5, 0.7, 1.0)
    assert crowd_rules_from({}) == CrowdRules()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"full": 1.3}, r"crowding\.full: a number from 0\.5 to 1\.0"),
        ({"known_for_min": 600}, "known_for_min: a number from 5 to 60"),
        ({"public_every_s": 5}, "public_every_s: a number from 60"),
        ({"some": True}, "some: a number"),
        ({"some": 0.8}, "some < crowded < full"),
        ({"crowded": 0.98}, "more than the hysteresis"),
        ({"colour": 1}, "colour: no such setting"),
        ("often", "a table with some, crowded"),
    ],
)
def test_a_setting_that_would_call_a_place_emptier_is_refused(settings: object, words: str) -> None:
    with pytest.raises(ShelterError, match=words):
        crowd_rules_from(settings)


@given(st.dictionaries(st.sampled_from(["some", "crowded", "full"]), st.floats(0, 2)))
@settings(deadline=None)
def test_whatever_a_city_sets_the_words_stay_in_their_order(given_: dict[str, float]) -> None:
    try:
        rules = crowd_rules_from(given_)
    except ShelterError:
        return
    assert 0 < rules.some < rules.crowded < rules.full <= 1
