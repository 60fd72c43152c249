"""What reports shut bites at once; the move of many people waits for a person."""

from collections.abc import Sequence

import pytest

from data.database import transaction
from data.observing import closures
from data.observing.observations import WAITS
from hazards.observation import ObservationState
from operations.planning import held, moves
from operations.planning.held import apply_held
from operations.serving import utc_now
from routing.picture import Picture
from tests.integration.homed import AT
from tests.integration.observed import APPROVER, FIELD, Reporting, seen
from tests.integration.plannedcity import City, told_of


def waiting(city: City) -> Sequence[object]:
    with transaction(city.engine) as connection:
        return held.waiting(connection, "99902")


def shut(city: City) -> Reporting:
    """Report a street blocked at which nobody lives."""
    reporting = Reporting(city.engine)
    reporting.send(seen(6.5, 3), FIELD, photo=True)
    return reporting


def settled(city: City) -> Picture:
    """After the planner has seen everything, also what it recorded itself."""
    while city.planner.catch_up():
        pass
    return city.version.picture


def test_few_who_are_moved_are_told_without_waiting(city: City) -> None:
    shut(city)
    (closure,) = settled(city).closures
    assert closure.moves
    assert not waiting(city)


def test_more_than_so_many_wait_for_a_person_and_no_way_crosses_meanwhile(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moves, "MOST_MOVED", -1)
    before = city.plan.site.tolist()
    shut(city)
    (closure,) = settled(city).closures
    assert not closure.moves
    assert city.version.blocks.barred.touched[list(closure.all_streets)].all()
    assert city.plan.site.tolist() == before
    assert len(waiting(city)) == 1
    apply_held(city.engine, [], now=utc_now(), by=APPROVER)
    (closure,) = settled(city).closures
    assert closure.moves
    assert not waiting(city)


def test_who_lives_beside_what_is_blocked_leaves_by_another_street(city: City) -> None:
    Reporting(city.engine).send(seen(*AT[0]), FIELD, photo=True)
    before = city.plan.site.tolist()
    (closure,) = settled(city).closures
    assert closure.moves
    assert city.plan.site.tolist() == before
    assert not waiting(city)


def test_another_change_goes_through_while_a_move_waits(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moves, "MOST_MOVED", -1)
    shut(city)
    settled(city)
    city.room("E1", 1)
    assert city.again() is not None
    (closure,) = city.version.picture.closures
    assert not closure.moves
    assert told_of(city) == set()


def test_what_is_opened_again_waits_no_longer(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "MOST_MOVED", -1)
    reporting = shut(city)
    settled(city)
    assert waiting(city)
    reporting.say(reporting.given[0], ObservationState.REFUTED)
    settled(city)
    assert not waiting(city)


def test_a_planner_that_died_between_shutting_and_judging_judges_later(city: City) -> None:
    shut(city)
    city.planner.catch_up()
    (closure,) = city.version.picture.closures
    assert not closure.moves
    city.planner.standing = None
    (closure,) = settled(city).closures
    assert closure.moves


def test_a_closure_that_grows_is_judged_again(city: City) -> None:
    reporting = shut(city)
    settled(city)
    reporting.send(seen(6.9, 3), FIELD, photo=True)
    city.planner.catch_up()
    (closure,) = city.version.picture.closures
    assert not closure.moves
    (closure,) = settled(city).closures
    assert closure.moves


def test_other_changes_put_a_judgement_off_twice_at_most(city: City) -> None:
    reporting = shut(city)
    for number in range(4):
        reporting.send(seen(0.5 + number, 1))
        city.planner.catch_up()
    (closure,) = city.version.picture.closures
    assert closure.moves


def test_a_move_that_somebody_released_is_not_held_by_a_planner_that_lost_its_lock(
    city: City,
) -> None:
    shut(city)
    settled(city)
    with transaction(city.engine, latest=True) as connection:
        closures.judge(connection, [1], WAITS)
    (closure,) = settled(city).closures
    assert closure.moves
