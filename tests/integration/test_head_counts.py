"""Head counts, in a real database: each once, in any order, and everybody sees the same figure."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from city.staff import Caller, CallerKind, Role
from data.database import transaction
from data.errors import NotThere
from data.people import audit
from data.places import figures, headcounts
from data.places.placerows import city_of
from operations.errors import NotAllowed, Refused
from operations.places.countgroup import CountRequest, write_counts
from operations.places.counts import GivenCount, Status, Taken
from operations.places.placestate import public_states, renew_all, staff_states
from shelters.counting import Flag, Via, figure
from shelters.place import Opening
from tests.integration.counted import (
    CHANGE,
    EIGHT,
    OTHER,
    PLACE,
    STILL,
    TOTAL,
    Desk,
    M,
    a_count,
    name,
)
from tests.integration.databases import Database, plain


@pytest.fixture
def desk(town_engine: Engine) -> Desk:
    """The tablet of a place that opened a minute before 20:00."""
    made = Desk(town_engine)
    made.say(Opening.OPEN, -1)
    return made


def live(engine: Engine, topic: str, key: str) -> tuple[int, dict[str, Any]]:
    """Offset and state of a thing in the live stream."""
    with engine.connect() as connection:
        query = "SELECT number, state FROM live_state WHERE topic = :topic AND key = :key"
        row = connection.execute(sql(query), {"topic": topic, "key": key}).one()
        return row.number, row.state


def audited(engine: Engine) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [
            dict(entry.details)
            for entry in audit.entries(connection)
            if entry.action == "counts.taken"
        ]


def test_counts_of_one_request_are_one_figure_and_one_entry(
    desk: Desk, town_engine: Engine
) -> None:
    taken = desk.send(a_count(1, TOTAL, 30, 0), a_count(2, CHANGE, 5, 1), minute=1)
    assert [one.status for one in taken.results] == [Status.APPLIED, Status.APPLIED]
    assert taken.site["raw_persons"] == taken.site["persons"] == 35
    assert taken.site["raw_counted_by"] == "係員"
    assert audited(town_engine) == [{"applied": 2, "held": 0, "via": ["clicker"]}]


def test_a_tablet_that_sends_its_queue_twice_changes_nothing(
    desk: Desk, town_engine: Engine
) -> None:
    queue = [a_count(1, TOTAL, 30, 0), a_count(2, CHANGE, 5, 1), a_count(3, TOTAL, 9999, 2)]
    first = desk.send(*queue, minute=3)
    before = live(town_engine, "headquarters", f"site:{PLACE}")
    again = desk.send(*queue, *queue, minute=3)
    assert {one.status for one in again.results} == {Status.KNOWN}
    assert [one.flags for one in again.results[:3]] == [one.flags for one in first.results]
    assert live(town_engine, "headquarters", f"site:{PLACE}") == before
    assert len(audited(town_engine)) == 1


def test_what_was_received_first_under_an_id_stays(desk: Desk) -> None:
    desk.send(a_count(1, TOTAL, 30, 0))
    taken = desk.send(a_count(1, TOTAL, 99, 5))
    assert (taken.results[0].status, taken.site["raw_persons"]) == (Status.KNOWN, 30)


def test_a_late_count_never_overrides_a_newer_one(desk: Desk) -> None:
    desk.send(a_count(1, TOTAL, 80, 50), minute=50)
    late = desk.send(a_count(2, TOTAL, 20, 10), a_count(3, CHANGE, 4, 20), minute=51)
    assert [one.status for one in late.results] == [Status.SUPERSEDED] * 2
    assert [one.flags for one in late.results] == [(Flag.LATE,)] * 2
    assert late.site["raw_persons"] == 80


def test_a_late_total_sets_what_newer_changes_are_added_to(desk: Desk) -> None:
    desk.send(a_count(1, CHANGE, 3, 20), minute=20)
    assert desk.send(a_count(2, TOTAL, 50, 10), minute=21).site["raw_persons"] == 53


def test_odd_counts_are_kept_and_flagged_and_not_applied(
    desk: Desk, town_database: Database
) -> None:
    desk.send(a_count(1, TOTAL, 30, 0), minute=0)
    capacity = desk.state(0)["raw_capacity"]
    assert capacity == 640
    odd = [
        a_count(2, TOTAL, -4, 1),
        a_count(3, TOTAL, 10 * capacity + 1, 1),
        a_count(4, CHANGE, 501, 1),
        a_count(5, CHANGE, 1, 6),
    ]
    taken = desk.send(*odd, minute=2)
    assert [(one.status, one.flags) for one in taken.results] == [
        (Status.HELD, (Flag.NEGATIVE,)),
        (Status.HELD, (Flag.TEN_TIMES,)),
        (Status.HELD, (Flag.TEN_TIMES,)),
        (Status.HELD, (Flag.FUTURE,)),
    ]
    assert taken.site["raw_persons"] == 30
    assert [one["id"] for one in taken.site["held"]] == [one.id for one in odd]
    assert town_database.one("SELECT count(*) FROM head_count WHERE NOT applied") == 4
    confirmed = desk.send(a_count(6, CHANGE, 501, 2, confirmed=True), minute=2)
    assert (confirmed.results[0].status, confirmed.site["raw_persons"]) == (Status.APPLIED, 531)


def test_a_clock_two_hours_wrong_is_corrected(desk: Desk) -> None:
    desk.send(a_count(1, TOTAL, 30, 59), minute=60)
    for number, wrong in ((2, 120), (3, -120)):
        taken = desk.send(
            a_count(number, CHANGE, 1, 59.5 + wrong), minute=60, sent_minute=60 + wrong
        )
        assert taken.results[0] == Taken(name(number), Status.APPLIED, (Flag.CLOCK,))
    assert desk.state(60)["raw_persons"] == 32
    assert desk.state(60)["raw_counted_at"] == "2035-09-01T11:59:30.000+00:00"


def test_more_leave_than_came_and_nobody_is_shown(desk: Desk) -> None:
    taken = desk.send(a_count(1, CHANGE, -3, 0), minute=0)
    assert (taken.results[0].flags, taken.site["raw_persons"]) == ((Flag.NEGATIVE,), 0)
    assert taken.site["below_zero"] is True
    assert desk.send(a_count(2, CHANGE, 5, 1), minute=1).site["raw_persons"] == 2


def test_a_place_of_which_more_left_than_came_is_unknown_and_never_called_roomy(
    desk: Desk, town_engine: Engine
) -> None:
    desk.send(a_count(1, TOTAL, 5, 0), minute=0)
    assert live(town_engine, "sites", PLACE)[1]["band"] == "room"
    staff = desk.send(a_count(2, CHANGE, -6, 2), minute=2).site
    public = live(town_engine, "sites", PLACE)[1]
    assert (public["band"], public["persons"], staff["raw_band"]) == (None, None, None)
    desk.send(a_count(3, TOTAL, 4, 4), minute=4)
    public = live(town_engine, "sites", PLACE)[1]
    assert (public["band"], public["persons"]) == ("room", 4)


def test_still_current_wipes_out_nobody_whom_another_tablet_counted_offline(desk: Desk) -> None:
    desk.send(a_count(1, TOTAL, 40, 0), minute=0)
    desk.send(a_count(2, STILL, 40, 25), minute=25)
    back = desk.send(*(a_count(10 + n, CHANGE, 5, 5 + n) for n in range(10)), minute=26)
    assert {one.status for one in back.results} == {Status.APPLIED}
    assert (back.site["raw_persons"], back.site["raw_counted_at"]) == (
        90,
        "2035-09-01T11:25:00.000+00:00",
    )


def test_still_current_of_a_place_that_nobody_counted_is_no_figure(desk: Desk) -> None:
    taken = desk.send(a_count(1, STILL, 40, 0), minute=0)
    assert (taken.results[0].status, taken.site["raw_persons"]) == (Status.SUPERSEDED, None)
    assert (taken.site["raw_band"], taken.site["raw_counted_at"]) == (None, None)
    assert desk.send(a_count(2, CHANGE, 3, 1), minute=1).site["raw_persons"] == 3


def test_a_code_that_another_place_has_counted_is_said_to_be_of_there(
    desk: Desk, town_database: Database
) -> None:
    """A family that was sent on from a full place; their code alone counts them once."""
    code = a_count(1, CHANGE, 4, 0, via=Via.QR)
    desk.send(code, minute=0)
    taken = desk.at(OTHER).send(code, a_count(2, CHANGE, 1, 0), minute=1)
    assert taken.results == (
        Taken(name(1), Status.REFUSED, (Flag.ELSEWHERE,)),
        Taken(name(2), Status.APPLIED, ()),
    )
    assert (taken.site["raw_persons"], desk.state(1)["raw_persons"]) == (1, 4)
    assert desk.send(code, minute=1).results[0].status is Status.KNOWN
    assert town_database.one("SELECT count(*) FROM head_count") == 2


def test_undoing_works_once_also_before_its_count_arrives(desk: Desk) -> None:
    desk.send(a_count(1, TOTAL, 10, 0), minute=0)
    undo = [a_count(n, CHANGE, -5, 2, undoes=name(9)) for n in (2, 3)]
    assert desk.send(undo[0], minute=2).site["raw_persons"] == 10
    assert desk.send(a_count(9, CHANGE, 5, 1), minute=3).site["raw_persons"] == 10
    assert desk.send(undo[1], minute=4).site["raw_persons"] == 10


def test_a_tablet_speaks_for_its_own_place_alone(desk: Desk, town_engine: Engine) -> None:
    with pytest.raises(NotAllowed, match="別の避難場所"):
        replace(desk, site_id=OTHER).send(a_count(1, TOTAL, 5, 0))
    with town_engine.connect() as connection:
        *_, entry = audit.entries(connection)
    assert (entry.action, entry.subject, entry.actor) == ("counts.refused", OTHER, "device:5")


@pytest.mark.parametrize(
    ("counts", "kind", "words"),
    [
        ([a_count(1, TOTAL, 2**31, 0)], Refused, "32 bits"),
        ([a_count(n, CHANGE, 1, 0) for n in range(501)], Refused, "at most 500"),
    ],
)
def test_what_cannot_be_kept_is_refused_whole(
    desk: Desk, counts: list[GivenCount], kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        desk.send(*counts)
    assert desk.state()["raw_persons"] is None


def test_a_place_that_the_city_has_not_is_not_there(desk: Desk, town_database: Database) -> None:
    with pytest.raises(NotThere, match="no such evacuation site"):
        desk.at("E0").send(a_count(1, TOTAL, 5, 0))
    assert town_database.one("SELECT count(*) FROM site_figure WHERE site_id = 'E0'") == 0


def test_the_log_is_only_ever_added_to(desk: Desk, town_database: Database) -> None:
    desk.send(a_count(1, TOTAL, 5, 0))
    for statement in (b"UPDATE head_count SET persons = 6", b"DELETE FROM head_count"):
        with (
            psycopg.connect(plain(town_database.url)) as connection,
            pytest.raises(psycopg.errors.RaiseException, match="only ever added"),
        ):
            connection.execute(statement)


def a_night(seed: int) -> list[GivenCount]:
    """Counts of all kinds, rooms and ages, some odd, some undone."""
    dice = random.Random(seed)
    night = []
    for number in range(1, 61):
        kind = dice.choice([CHANGE] * 8 + [TOTAL, STILL])
        persons = dice.randint(-6, 9) if kind is CHANGE else dice.randint(0, 300)
        undoes = name(dice.randint(1, 60)) if dice.random() < 0.15 else None
        night.append(
            a_count(
                number,
                CHANGE if undoes else kind,
                dice.choice([persons] * 12 + [90_000]),
                dice.randint(0, 40),
                room=dice.choice([None, None, "gym", "music"]),
                undoes=undoes,
            )
        )
    return night


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_arrival_makes_one_figure(town_engine: Engine, seed: int) -> None:
    desk, other = Desk(town_engine), Desk(town_engine).at(OTHER)
    dice, night = random.Random(seed), a_night(seed)
    mixed = night + dice.sample(night, 20)
    dice.shuffle(mixed)
    there = [replace(c, id=name(1000 + int(c.id[-4:], 16)), undoes=_moved(c)) for c in night]
    for first in range(0, len(mixed), 7):
        desk.send(*mixed[first : first + 7])
    other.send(*there)
    with town_engine.connect() as connection:
        code = city_of(connection).code
        kept = figures.read(connection, code, [PLACE])[PLACE].reckoned.figure
        replayed = figure(headcounts.read_counts(connection, code, PLACE))
    assert kept == replayed
    here, elsewhere = desk.state(), other.state()
    for key in ("raw_persons", "raw_counted_at", "below_zero"):
        assert here[key] == elsewhere[key]


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_arrival_makes_one_figure_of_an_opening(
    town_engine: Engine, seed: int
) -> None:
    """The place opened amid the counts: some are of the time before."""
    desk, dice, night = Desk(town_engine), random.Random(seed), a_night(seed)
    desk.say(Opening.CLOSED, -90)
    desk.say(Opening.OPEN, 15)
    dice.shuffle(night)
    for first in range(0, len(night), 3):
        desk.send(*night[first : first + 3])
        assert _is_as_replayed(town_engine)


def _moved(count: GivenCount) -> str | None:
    return name(1000 + int(count.undoes[-4:], 16)) if count.undoes else None


def test_tablets_that_count_at_the_same_time_lose_nobody(town_engine: Engine) -> None:
    desk = Desk(town_engine)
    desk.send(a_count(1000, TOTAL, 0, 0), minute=0)

    def click(number: int) -> object:
        return desk.send(a_count(number, CHANGE, 1, 1 + number / 1000), minute=2)

    with ThreadPoolExecutor(4) as tablets:
        list(tablets.map(click, range(1, 81)))
    assert desk.state(2)["raw_persons"] == 80
    assert live(town_engine, "headquarters", f"site:{PLACE}")[1]["raw_persons"] == 80


def test_the_public_sees_one_change_a_minute_and_staff_each(
    desk: Desk, town_engine: Engine
) -> None:
    desk.send(a_count(1, TOTAL, 10, 0), minute=0)
    offset, shown = live(town_engine, "sites", PLACE)
    assert (shown["band"], shown["persons"]) == ("room", 10)
    for number in range(2, 10):
        desk.send(a_count(number, TOTAL, 640 * (number % 2), number / 12), minute=number / 12)
    assert live(town_engine, "sites", PLACE) == (offset, shown)
    staff = live(town_engine, "headquarters", f"site:{PLACE}")[1]
    assert (staff["raw_persons"], staff["raw_band"]) == (640, "full")
    desk.send(a_count(99, STILL, 640, 1.1), minute=1.1)
    assert live(town_engine, "sites", PLACE)[1]["band"] == "full"


def test_an_overflow_room_that_opens_is_seen_at_once(desk: Desk, town_engine: Engine) -> None:
    desk.say(Opening.FULL)
    rooms = [("gym", 100, False, True), ("spare", 60, True, False)]
    with transaction(town_engine, latest=True) as connection:
        code = city_of(connection).code
        for room, capacity, overflow, in_use in rooms:
            connection.execute(
                sql("INSERT INTO site_room VALUES (:code, :site, :r, :r, :c, 'general', :o, :u)"),
                {"code": code, "site": PLACE, "r": room, "c": capacity, "o": overflow, "u": in_use},
            )
    desk.send(a_count(1, TOTAL, 100, 0, room="gym"), minute=0)
    before = live(town_engine, "sites", PLACE)[1]
    assert (before["band"], before["overflow"], before["receives"]) == ("full", False, True)
    with transaction(town_engine, latest=True) as connection:
        connection.execute(sql("UPDATE site_room SET in_use = true WHERE room = 'spare'"))
        renew_all(connection, city_of(connection), EIGHT + M / 2, [PLACE])
    after = live(town_engine, "sites", PLACE)[1]
    assert (after["overflow"], after["band"]) == (True, "full")
    state = desk.state(0.5)
    assert (state["raw_capacity"], state["raw_band"]) == (160, "some")
    assert [(room["room"], room["persons"]) for room in state["rooms"]] == [
        ("gym", 100),
        ("spare", None),
    ]


def test_a_place_that_was_shut_begins_again_from_nobody(desk: Desk) -> None:
    desk.send(a_count(1, TOTAL, 300, 5), minute=5)
    desk.say(Opening.CLOSED, 10)
    desk.say(Opening.OPEN, 12)
    assert desk.send(a_count(2, CHANGE, 1, 12), minute=12).site["raw_persons"] == 301
    desk.say(Opening.CLOSED, 20)
    desk.say(Opening.OPEN, 600)
    assert desk.state(601)["raw_persons"] is None
    assert desk.send(a_count(3, CHANGE, 2, 601), minute=601).site["raw_persons"] == 2
    late = desk.send(a_count(4, CHANGE, 7, 6), minute=602)
    assert (late.results[0].status, late.site["raw_persons"]) == (Status.SUPERSEDED, 2)


def test_who_is_clicked_out_after_the_closing_is_not_missing_at_the_next_opening(
    desk: Desk,
) -> None:
    desk.send(a_count(1, TOTAL, 50, 5), minute=5)
    desk.say(Opening.CLOSED, 10)
    left = desk.send(a_count(2, CHANGE, -30, 15), minute=15)
    assert (left.results[0].status, left.site["raw_persons"]) == (Status.APPLIED, 20)
    late = desk.send(a_count(3, CHANGE, -25, 90), minute=90)
    assert (late.site["below_zero"], late.site["persons"]) == (True, None)
    desk.say(Opening.OPEN, 600)
    first = desk.send(a_count(4, CHANGE, 3, 601), minute=601)
    assert (first.site["raw_persons"], first.site["below_zero"]) == (3, False)


def test_who_came_into_a_room_that_the_place_does_not_have_came_into_the_place(
    desk: Desk,
) -> None:
    taken = desk.send(a_count(1, CHANGE, 4, 0, room="<img src=x>"), minute=0)
    assert taken.site["raw_persons"] == 4
    assert "<" not in str(taken.site["rooms"])


def test_whoever_came_before_somebody_said_that_it_is_open_again_counts(desk: Desk) -> None:
    desk.say(Opening.CLOSED, 10)
    desk.send(a_count(1, CHANGE, 40, 580), minute=580)
    desk.say(Opening.OPEN, 600)
    assert desk.state(601)["raw_persons"] == 40


def test_whoever_came_within_the_hour_before_the_opening_counts_also_after_a_short_closing(
    desk: Desk,
) -> None:
    desk.say(Opening.CLOSED, 10)
    desk.send(a_count(1, CHANGE, 40, 50), minute=50)
    desk.say(Opening.OPEN, 75)
    assert desk.state(76)["raw_persons"] == 40


def test_a_place_that_was_closed_and_then_never_opened_was_shut_all_along(desk: Desk) -> None:
    desk.send(a_count(1, TOTAL, 50, 5), minute=5)
    desk.say(Opening.CLOSED, 10)
    desk.say(Opening.UNOPENED, 50)
    desk.say(Opening.PREPARING, 75)
    assert desk.send(a_count(2, CHANGE, 1, 76), minute=76).site["raw_persons"] == 1


def test_a_place_that_was_closed_twice_by_mistake_keeps_its_figure(desk: Desk) -> None:
    desk.send(a_count(1, TOTAL, 50, 5), minute=5)
    for minute in (10, 60):
        desk.say(Opening.CLOSED, minute)
        desk.say(Opening.OPEN, minute + 45)
    assert desk.state(106)["raw_persons"] == 50


def test_an_undoing_of_before_the_opening_takes_nothing_back_in_any_order(
    desk: Desk, town_engine: Engine
) -> None:
    """A clock that was put right meanwhile may place an undoing before what it takes back."""
    desk.say(Opening.CLOSED, 10)
    desk.say(Opening.OPEN, 600)
    early, late = (a_count(n, CHANGE, -5, at, undoes=name(9)) for n, at in ((2, 539), (3, 602)))
    five = a_count(9, CHANGE, 5, 601)
    taken = desk.send(early, minute=603), desk.send(five, minute=603)
    assert [one.results[0].status for one in taken] == [Status.SUPERSEDED, Status.APPLIED]
    assert taken[1].site["raw_persons"] == 5
    assert _is_as_replayed(town_engine)
    assert desk.send(late, minute=603).site["raw_persons"] == 0
    assert _is_as_replayed(town_engine)


def _is_as_replayed(engine: Engine) -> bool:
    with engine.connect() as connection:
        code = city_of(connection).code
        kept = figures.read(connection, code, [PLACE])[PLACE].reckoned
        return kept.figure == headcounts.replay(connection, code, PLACE, kept.begins)


@pytest.mark.parametrize("opening", [Opening.CLOSED, Opening.ENDANGERED, Opening.UNOPENED])
def test_a_place_that_is_shut_or_in_danger_is_never_called_roomy(
    desk: Desk, opening: Opening
) -> None:
    desk.send(a_count(1, TOTAL, 3, 0), minute=0)
    desk.say(opening, 1)
    state = desk.state(1)
    assert (state["band"], state["persons"], state["receives"]) == (None, None, False)
    assert state["raw_persons"] == 3


def test_everybody_sees_no_more_than_is_public(desk: Desk, town_engine: Engine) -> None:
    desk.send(a_count(1, TOTAL, 30, 0), minute=0)
    with town_engine.connect() as connection:
        load = city_of(connection)
        public = {state["id"]: state for state in public_states(connection, load, EIGHT)}
        staff = {state["id"]: state for state in staff_states(connection, load, EIGHT)}
    assert public[PLACE] == live(town_engine, "sites", PLACE)[1]
    assert staff[PLACE] == live(town_engine, "headquarters", f"site:{PLACE}")[1]
    assert len(public) == len(staff) > 10
    assert set(public[PLACE]) == {
        *("id", "name", "lat", "lon", "opening", "opening_since", "expected_at", "note", "band"),
        *("persons", "capacity", "counted_at", "unknown_after", "overflow", "facilities"),
        *("receives", "counted_by"),
    }


def test_a_call_to_the_desk_is_said_to_be_one(desk: Desk) -> None:
    officer = Caller(CallerKind.STAFF, 3, "本部 花子", frozenset({Role.OPERATOR}))
    taken = replace(desk, by=officer).send(a_count(1, TOTAL, 44, 0, via=Via.PHONE), minute=0)
    assert (taken.site["raw_counted_by"], taken.site["via"]) == ("電話", "phone")


def test_a_click_reads_no_log(desk: Desk, town_engine: Engine) -> None:
    desk.send(a_count(1, TOTAL, 5, 0), minute=0)
    seen: list[str] = []
    _watched(town_engine, seen.append)
    desk.send(a_count(2, CHANGE, 1, 1), minute=1)
    asked = [one for one in seen if "FROM head_count" in one]
    assert len(asked) == 1
    assert "head_count.id IN" in asked[0]


def _watched(engine: Engine, see: Callable[[str], None]) -> None:
    from sqlalchemy import event

    def before(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        see(statement)

    event.listen(engine, "before_cursor_execute", before)


def test_requests_that_arrive_together_each_get_their_own_answer(town_engine: Engine) -> None:
    """One of them is of no place, one repeats another's count, one undoes it."""
    desk, other = Desk(town_engine), Desk(town_engine).at(OTHER)
    five, now = a_count(1, CHANGE, 5, 0), EIGHT + M

    def a_request(at: Desk, *counts: GivenCount) -> CountRequest:
        return CountRequest(at.by, at.site_id, counts, now, now)

    requests = [
        a_request(desk, five),
        a_request(desk.at("E0"), a_count(2, CHANGE, 1, 0)),
        a_request(desk, five, a_count(3, CHANGE, 2, 0)),
        a_request(other, a_count(4, TOTAL, 7, 0), a_count(3, TOTAL, 70, 0)),
        a_request(desk, a_count(5, CHANGE, -5, 1, undoes=name(1))),
    ]
    with transaction(town_engine, latest=True) as connection:
        told = write_counts(connection, city_of(connection), requests)
    statuses = [one and [result.status for result in one.results] for one in told]
    assert statuses == [
        [Status.APPLIED],
        None,
        [Status.KNOWN, Status.APPLIED],
        [Status.APPLIED, Status.REFUSED],
        [Status.APPLIED],
    ]
    assert (desk.state(1)["raw_persons"], other.state(1)["raw_persons"]) == (2, 7)
    assert [entry["applied"] for entry in audited(town_engine)] == [1, 1, 1, 1]
    offsets = [live(town_engine, "headquarters", f"site:{one}")[0] for one in (PLACE, OTHER)]
    assert offsets[0] != offsets[1]
