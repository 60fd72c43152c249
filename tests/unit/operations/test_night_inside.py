"""Who was inside a place at any moment of a night, as its log of head counts has it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final

from alerts.kinds import AlertKind, Status, Step
from alerts.life import RevisionState
from data.replay import Frame, Mark
from hazards.kinds import HazardKind
from operations.board import alertrows
from operations.board.reached import Counted
from operations.replay.curve import is_few, unreached
from operations.replay.inside import inside_at, inside_over, peak_of
from operations.replay.night import _row, households_under
from shelters.counting import CountKind, HeadCount, figure
from shelters.place import Opening
from tests.builders import NIGHT

EIGHT = NIGHT - timedelta(hours=4)
_BLANK: Final = (
    *("blast", "made_at", "submitted_at", "decided_at", "sent_at", "stopped_at"),
    *("glass_why", "subject"),
)


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


def seen(unreached: int | None, orders: Sequence[Any] = (), **more: Any) -> Any:
    city = {"city": {"city": {"unreached": unreached, **more}}}
    return city | {"orders": {str(number): one for number, one in enumerate(orders)}}


def test_whom_nothing_reached_is_what_the_frame_says_of_the_whole_city() -> None:
    told, untold = ({"told": one, "households": 8400} for one in (True, False))
    assert unreached(seen(16_533, [told, untold]), drill=False) == 16_533
    assert unreached(seen(None, [untold]), drill=False) is None
    assert unreached(seen(None, [told], counting=1), drill=False) is None
    assert unreached({}, drill=False) is None
    assert unreached(seen(8133, [told, untold]), drill=False) is None, "an older frame"
    for lost in ("alerts", "unreached.city"):
        assert unreached(seen(7, missing=[lost]), drill=False) is None
    few = seen(None, [told], unreached_few=True)
    assert (
        unreached(few, drill=False),
        is_few(few, drill=False),
        is_few(seen(None), drill=False),
    ) == (None, True, False)


def an_alert(number: int, unreached: int | None, **said: Any) -> dict[str, Any]:
    """The row that the board has of a revision: an order stands for those in earnest alone."""
    plain = dict.fromkeys(_BLANK) | {"id": number, "alert_id": number, "revision": 1}
    plain |= {"status": Status.EXERCISE, "kind": AlertKind.EVACUATION, "step": Step.ISSUE}
    plain |= {"state": RevisionState.SENT, "level": 4, "hazard": HazardKind.FLOOD}
    plain |= {"expires_at": NIGHT, "area_names": [], "whole_city": True}
    row: Any = SimpleNamespace(**plain | said)
    counts = {} if unreached is None else {"unreached": unreached}
    counted = Counted(number if counts else 0, EIGHT, counts, {}, ())
    return alertrows._alert(row, counted, row.status == Status.ACTUAL, EIGHT)


def shown(*rows: dict[str, Any]) -> Any:
    return {"alerts": {str(row["number"]): row for row in rows}}


def test_a_drill_counts_nobody_in_earnest_and_unknown_is_not_none() -> None:
    drill, live, lost = an_alert(1, 40), an_alert(2, 70, status=Status.ACTUAL), an_alert(3, None)
    assert (drill["in_force"], live["in_force"]) == (False, True)
    assert unreached(shown(drill, live), drill=False) is None
    assert unreached(shown(drill, live), drill=True) == 40
    assert unreached(shown(drill, lost), drill=True) is None
    assert unreached(shown(), drill=True) is None


def test_of_a_drill_s_alert_the_newest_revision_that_went_out_counts() -> None:
    drill = an_alert(1, None)
    update = an_alert(2, 30, alert_id=1, revision=2, step=Step.UPDATE)
    draft = an_alert(3, None, alert_id=1, revision=3, state=RevisionState.DRAFT)
    assert unreached(shown(draft, update, drill), drill=True) == 30
    cancel = an_alert(3, 30, alert_id=1, revision=3, step=Step.CANCEL)
    notice = an_alert(4, 50, kind=AlertKind.GENERAL)
    over = an_alert(5, 60, expires_at=EIGHT)
    assert unreached(shown(drill, update, cancel, notice, over), drill=True) is None


def test_few_whom_a_drill_did_not_reach_are_few_and_not_unknown() -> None:
    few = shown(an_alert(1, 3))
    assert (unreached(few, drill=True), is_few(few, drill=True)) == (None, True)
    assert not is_few(few, drill=False)
    assert not is_few(shown(an_alert(1, 3), an_alert(2, 8)), drill=True)
    assert not is_few(seen(None, unreached_few=True), drill=True), "of orders in earnest"


def test_places_that_received_are_those_that_somebody_opened() -> None:
    said = [*Opening, Opening.OPEN]
    sites = {str(n): {"opening": one, "receives": True} for n, one in enumerate(said)}
    frame = Frame(1, EIGHT, "", Mark(0, 0, 0, 0), {"sites": sites})
    row = _row(EIGHT, frame, (), drill=False)
    assert (row.open_sites, row.unconfirmed) == (3, 1)
    later = _row(EIGHT + timedelta(hours=1), frame, (), drill=False)
    assert (later.open_sites, later.unconfirmed, later.unreached) == (None, None, None)


def test_who_was_inside_when_the_night_began_is_its_peak_where_nobody_else_came() -> None:
    inside = inside_over([counted("a", -30, 9), counted("b", 10, -4)])
    assert peak_of(inside, EIGHT) == (9, EIGHT)


def test_a_household_under_two_orders_is_in_the_table_of_the_night_once() -> None:
    town, whole = {"households": 3000}, {"households": 285_000, "whole_city": True}
    counted = {"households": 285_000, "target": 285_000}
    assert households_under([town, whole], counted) == 285_000
    assert households_under([], counted) == 0
    older = {"households": 285_000}
    assert households_under([town, whole], older) == 285_000
    assert households_under([town], older) == 3000
    assert households_under([town, town], older) is None
    assert households_under([whole], {"households": 0, "target": 0}) is None
