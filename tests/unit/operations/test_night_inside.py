"""Who was inside a place at any moment of a night, as its log of head counts has it."""

from datetime import datetime, timedelta

from alerts.kinds import Status
from operations.replay.curve import unreached
from operations.replay.inside import inside_at, inside_over, peak_of
from shelters.counting import CountKind, HeadCount, figure
from tests.builders import NIGHT

EIGHT = NIGHT - timedelta(hours=4)


def counted(key: str, minutes: int, persons: int, kind: CountKind = CountKind.CHANGE) -> HeadCount:
    return HeadCount(key, kind, persons, EIGHT + timedelta(minutes=minutes))


def test_who_slept_in_a_place_that_closed_in_the_morning_is_not_forgotten() -> None:
    """Open at 20:00, closed at 05:30; an hour afterwards it is empty."""
    shut = EIGHT + timedelta(hours=10, minutes=30)
    counts = [counted("a", 0, 200), counted("b", 60, 100)]
    inside = inside_over(counts, [(shut, shut)])
    assert [inside_at(inside, at) for at in (EIGHT, EIGHT + timedelta(hours=9))] == [200, 300]
    assert inside_at(inside, shut) == 0
    assert inside_at(inside, EIGHT - timedelta(minutes=1)) is None


def test_at_any_moment_the_figure_is_that_of_a_replay_of_what_counts_by_then() -> None:
    """Shut from minute 60 to 150: empty from 120; whoever came since 90 counts from 150 on."""
    counts = [
        counted("a", 0, 50),
        counted("b", 30, -5),
        counted("c", 100, 4),
        counted("d", 130, 3),
        counted("e", 160, 20, CountKind.TOTAL),
        HeadCount("f", CountKind.CHANGE, 0, EIGHT + timedelta(minutes=170), undoes="e"),
    ]
    begins = {120: 120, 150: 90}
    resets = [(_at(when), _at(begin)) for when, begin in begins.items()]
    inside = inside_over(counts, resets)
    for minute in range(0, 200, 5):
        begin = _at(
            max(
                (
                    begins[one]
                    for one in begins
                    if one == max((two for two in begins if two <= minute), default=0)
                ),
                default=0,
            )
        )
        log = [one for one in counts if begin <= one.counted_at <= _at(minute)]
        assert inside_at(inside, _at(minute)) == (figure(log).persons or 0), minute


def _at(minutes: int) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


def test_in_a_night_that_was_in_earnest_a_drill_counts_nobody_and_unknown_is_not_none() -> None:
    drill = {"in_force": True, "status": Status.EXERCISE, "unreached_households": 40}
    live = {"in_force": True, "status": Status.ACTUAL, "unreached_households": 7}
    lost = {"in_force": True, "status": Status.ACTUAL, "unreached_households": None}
    assert unreached({"alerts": {"1": drill}}, drill=False) == 0
    assert unreached({"alerts": {"1": drill}}, drill=True) == 40
    assert unreached({"alerts": {"1": drill, "2": live}}, drill=False) == 7
    assert unreached({"alerts": {"1": lost, "2": live}}, drill=False) is None


def test_who_was_inside_when_the_night_began_is_its_peak_where_nobody_else_came() -> None:
    inside = inside_over([counted("a", -30, 9), counted("b", 10, -4)])
    assert peak_of(inside, EIGHT) == (9, EIGHT)
