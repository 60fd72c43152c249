"""Who goes where: the small city with six households, whatever happens in it."""

from datetime import datetime, timedelta
from uuid import uuid4

from city.intent import Intent
from city.staff import CONSOLE
from operations import changes
from operations.household import holding
from operations.household.grouping import add_group
from operations.household.links import exchange
from operations.household.revoking import revoke_all
from operations.household.saying import say
from operations.household.turnouts import set_turnout
from operations.places.counts import GivenCount, record_counts
from operations.places.siteinfo import GivenRoom, set_room
from operations.serving import utc_now
from routing.plan.assigned import NOWHERE
from shelters.counting import CountKind
from shelters.place import Opening
from tests.integration.homed import PERSONS, slips
from tests.integration.plannedcity import E1, E3, City, facts, told_of


def test_every_household_has_a_place_and_its_door_is_led_there(city: City) -> None:
    assert city.places() == [E1, E3, E3, E1, E3, E1]
    assert city.plan.demand.tolist() == [100 * persons for persons in PERSONS]
    assert city.version.planned_site(3) == "E1"


def test_a_place_with_little_room_takes_who_loses_most_elsewhere(city: City) -> None:
    city.room("E1", 62)
    city.room("E3", 100)
    after = city.again()
    assert after.load.tolist() == [6200, 0, 1000, 0]
    assert after.site.tolist() == [E1, E3, E3, E3, E3, E1]
    assert after.figures.gap < 0.001


def test_who_is_inside_takes_room_and_a_count_alone_moves_others(city: City) -> None:
    city.room("E1", 66)
    city.room("E3", 100)
    changes.open_site(city.engine, "E1", Opening.OPEN)
    assert city.places() == [E1, E3, E3, E1, E3, E1]
    count = GivenCount(str(uuid4()), CountKind.CHANGE, 60, utc_now())
    record_counts(city.engine, CONSOLE, "E1", [count], sent_at=utc_now(), now=utc_now())
    assert not city.planner.catch_up()
    after = city.again()
    assert int(after.free[E1]) == 600
    assert facts(city)["figures"]["expected"] == after.figures.expected == 18
    assert after.site[5] == E3
    assert after.site[3] == E1


def test_overflow_rooms_count_as_room_and_are_called_for_before_they_are_needed(
    city: City,
) -> None:
    city.room("E1", 30)
    city.room("E1", 200, overflow=True, in_use=False)
    city.room("E3", 100)
    assert city.places() == [E1, E3, E3, E1, E3, E1]
    (need,) = facts(city)["overflow"]
    assert (need["site"], need["rooms"], need["beyond"]) == ("E1", ["予備"], 0)
    assert (need["coming"], need["persons"]) == (66, 36)
    assert facts(city)["unstated"] == {"places": 2, "persons": 50}
    now = city.version.picture.as_of
    assert datetime.fromisoformat(need["needed_at"]) - now > timedelta(minutes=45)


def test_overflow_rooms_are_called_for_by_all_of_those_who_are_on_the_way(city: City) -> None:
    """Their share of the plan stays what the turnout makes of it."""
    half = {"level_4": 0.5, "zoned_level_4": 0.5}
    set_turnout(city.engine, CONSOLE, half, reason="試験", now=utc_now())
    city.room("E1", 34)
    city.room("E1", 30, overflow=True, in_use=False)
    city.room("E3", 100)
    assert city.places()[5] == E1
    assert facts(city)["overflow"] == []
    (slip,) = slips(city.engine, 5)
    home = exchange(city.engine, slip.token, utc_now()).home
    holding.set_out(city.engine, home, uuid4(), "E1", utc_now())
    demand = city.again().demand
    assert demand[5] == 3000
    (need,) = facts(city)["overflow"]
    assert (need["coming"], need["persons"], need["rooms"]) == (63, 29, ["予備"])


def test_a_room_for_pets_is_no_room_for_everybody(city: City) -> None:
    city.room("E1", 0)
    given = GivenRoom("ペット", 5000, "pets", overflow=True, in_use=False)
    set_room(city.engine, CONSOLE, "E1", "pets", given, now=utc_now())
    city.room("E3", 100)
    assert int(city.again().free[E1]) == 0


def test_where_nobody_says_how_many_any_place_holds_none_is_full(city: City) -> None:
    assert city.plan.free.min() > 100 * sum(PERSONS)
    assert facts(city)["unstated"] == {"places": 4, "persons": None}


def test_a_hold_of_staff_takes_room_and_one_of_residents_does_not(city: City) -> None:
    for site in ("E1", "E3"):
        city.room(site, 66)
    (slip,) = slips(city.engine, 1)
    home = exchange(city.engine, slip.token, utc_now()).home
    holding.set_out(city.engine, home, uuid4(), "E1", utc_now())
    assert city.places() == [E1, E3, E3, E1, E3, E1]
    number = uuid4()
    holding.keep_room(city.engine, CONSOLE, number, "E1", 5, now=utc_now())
    assert city.places() == [E1, E3, E3, E3, E3, E1] or city.places()[0] == E3
    assert int(city.plan.free[E1]) == 6100
    holding.release(city.engine, CONSOLE, number, now=utc_now())
    assert int(city.again().free[E1]) == 6600


def test_room_that_the_desk_keeps_for_a_household_is_kept_and_not_counted_twice(city: City) -> None:
    for site in ("E1", "E3"):
        city.room(site, 66)
    (slip,) = slips(city.engine, 1)
    before = city.again()
    holding.keep_room(city.engine, CONSOLE, uuid4(), "E1", 50, label=slip.label, now=utc_now())
    after = city.again()
    assert int(after.free[E1]) == 6600 - 5000
    assert int(after.site[1]) == E1
    assert (int(before.demand[1]), int(after.demand[1])) == (300, 0)


def test_whoever_set_out_is_not_turned_round_when_the_place_is_full_and_others_are_sent_elsewhere(
    city: City,
) -> None:
    here = city.places()[1]
    assert city.places()[2] == here
    site = ("E1", "E2", "E3")[here]
    (slip,) = slips(city.engine, 1)
    home = exchange(city.engine, slip.token, utc_now()).home
    holding.set_out(city.engine, home, uuid4(), site, utc_now())
    changes.open_site(city.engine, site, Opening.FULL)
    after = city.again()
    assert int(after.site[1]) == here
    assert int(after.site[2]) not in (here, NOWHERE)
    assert after.figures.walking == 1
    changes.open_site(city.engine, site, Opening.ENDANGERED)
    assert int(city.again().site[1]) not in (here, NOWHERE)


def test_a_group_stays_together_where_its_households_would_part(city: City) -> None:
    add_group(city.engine, CONSOLE, "隣組", [0, 1], now=utc_now())
    after = city.places()
    assert after[0] == after[1]


def test_what_a_household_says_changes_how_many_are_expected(city: City) -> None:
    assert city.again().figures.expected == sum(PERSONS)
    say(city.engine, 5, Intent.HOTEL, CONSOLE)
    assert city.again().figures.expected == sum(PERSONS) - 60
    set_turnout(
        city.engine, CONSOLE, {"level_4": 0, "zoned_level_4": 0}, reason="試験", now=utc_now()
    )
    assert city.again().figures.expected == 0
    assert city.plan.figures.going == 6


def test_only_who_must_change_hears_and_only_on_their_own_key(city: City) -> None:
    for slip in slips(city.engine, *range(6)):
        exchange(city.engine, slip.token, utc_now())
    changes.open_site(city.engine, "E1", Opening.CLOSED)
    assert city.places() == [E3] * 6
    assert told_of(city) == {0, 3, 5}
    revoke_all(city.engine, CONSOLE, now=utc_now())
    changes.open_site(city.engine, "E1", Opening.OPEN)
    city.again()
    assert told_of(city) == set()
