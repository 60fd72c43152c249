"""Who confirmed is told; whoever leaves is forgotten; no address can be read in the database."""

import logging
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.channels.line_webhook import Followed, LineEvent, Tapped, Unfollowed, Wrote
from alerts.channels.port import Fate, Handed
from alerts.kinds import AlertKind, Language, Status
from alerts.registration import AccessNeed
from city.position import Position
from data import recipientchecks, recipientcounts, recipientways
from data.database import connect, transaction
from data.errors import NotThere
from data.homes import links
from data.sealing import CannotOpen, Sealed
from operations.delivery.opening import LINK
from operations.people.signing import hash_of
from operations.registering import confirm, mine
from operations.registering.asking import EACH_DAY, EACH_HOUR
from operations.registering.confirm import MOST_TRIES, Outcome, confirm_code, send_again, use_link
from operations.registering.erasing import erase_old
from operations.registering.errors import DeadLink, NoWay
from operations.registering.from_line import hear
from operations.registering.leave import leave, leave_by_token
from operations.registering.register import change, register
from operations.registering.salted import code_of
from operations.registering.standing import Given
from tests.integration.databases import Server, plain
from tests.integration.homed import AT, load, slips, write_homed_city, write_homes
from tests.integration.registered import (
    ADDRESS,
    LINE,
    MAIL,
    NOW,
    NUMBER,
    SMS,
    USER,
    Office,
    a_sealer,
    asked,
)
from tests.integration.small_city import position

NORTH, SOUTH = "北町一丁目", "南町二丁目"


@pytest.fixture(scope="module")
def homed(server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a template with the small city and its households."""
    made = server.create(migrated)
    engine = connect(made.url)
    load(engine, write_homed_city(tmp_path_factory.mktemp("registering")))
    engine.dispose()
    return made.name


@pytest.fixture
def office(server: Server, homed: str, tmp_path: Path) -> Iterator[Office]:
    """The city of a test's own."""
    made = server.create(homed)
    engine = connect(made.url)
    yield Office(engine, made, a_sealer(tmp_path))
    engine.dispose()
    server.drop(made)


def confirmed(office: Office) -> list[int]:
    """The numbers of those who are told."""
    query = "SELECT id FROM recipient WHERE confirmed_at IS NOT NULL AND left_at IS NULL ORDER BY 1"
    return [row[0] for row in office.database.rows(query)]


# The first step, and the second


def test_nobody_is_told_before_the_code_was_entered(office: Office) -> None:
    token = register(office.engine, office.sealer, asked(NORTH, {SMS: NUMBER}), NOW)
    assert confirmed(office) == []
    assert office.ways() == []
    assert office.send() == 1
    assert office.kept[SMS].batches[0].letters[0].address == NUMBER
    entered = confirm_code(office.engine, office.sealer, token, office.code(), NOW)
    assert entered is Outcome.DONE
    assert office.ways() == [(1, "sms", 0, False)]
    assert confirmed(office) == [1]


def test_a_code_is_read_in_full_width_and_with_spaces(office: Office) -> None:
    token = register(office.engine, office.sealer, asked(NORTH, {SMS: NUMBER}), NOW)
    office.send()
    wide = " ".join(chr(ord(digit) + 0xFEE0) for digit in office.code())
    assert confirm_code(office.engine, office.sealer, token, wide, NOW) is Outcome.DONE


def test_a_mail_is_confirmed_by_its_link_once(office: Office) -> None:
    register(office.engine, office.sealer, asked(NORTH, {MAIL: ADDRESS}), NOW)
    office.send()
    link = office.link(MAIL)
    assert confirm.is_mail_link(office.engine, link, NOW)
    use_link(office.engine, link, NOW)
    assert office.ways() == [(1, "mail", 0, False)]
    assert not confirm.is_mail_link(office.engine, link, NOW)
    with pytest.raises(DeadLink):
        use_link(office.engine, link, NOW)


@pytest.mark.parametrize(("way", "address", "hours"), [(SMS, NUMBER, 0.5), (MAIL, ADDRESS, 24)])
def test_codes_and_links_are_over_in_time(
    office: Office, way: str, address: str, hours: float
) -> None:
    token = register(office.engine, office.sealer, asked(NORTH, {way: address}), NOW)  # type: ignore[dict-item]
    office.send()
    late = NOW + timedelta(hours=hours)
    if way == SMS:
        outcome = confirm_code(office.engine, office.sealer, token, office.code(), late)
        assert outcome is Outcome.OVER
    else:
        with pytest.raises(DeadLink):
            use_link(office.engine, office.link(MAIL), late)
    assert confirmed(office) == []


def test_a_code_of_a_mail_opens_no_number_and_no_link_is_a_code(office: Office) -> None:
    both = {SMS: NUMBER, MAIL: ADDRESS}
    token = register(office.engine, office.sealer, asked(NORTH, both), NOW)
    office.send()
    with pytest.raises(DeadLink):
        use_link(office.engine, token, NOW)
    link = office.link(MAIL)
    with pytest.raises(DeadLink):
        confirm_code(office.engine, office.sealer, link, office.code(), NOW)


def test_guessing_a_code_ends_after_five_tries(office: Office) -> None:
    token = register(office.engine, office.sealer, asked(NORTH, {SMS: NUMBER}), NOW)
    office.send()
    wrong = f"{(int(office.code()) + 1) % 10**6:06d}"
    outcomes = [
        confirm_code(office.engine, office.sealer, token, wrong, NOW) for _ in range(MOST_TRIES)
    ]
    assert outcomes == [Outcome.WRONG] * (MOST_TRIES - 1) + [Outcome.OVER]
    right = confirm_code(office.engine, office.sealer, token, office.code(), NOW)
    assert right is Outcome.OVER
    assert confirmed(office) == []


def test_whoever_asks_too_often_sees_the_same_and_nothing_is_sent(office: Office) -> None:
    asking = asked(NORTH, {SMS: NUMBER})
    tokens = [register(office.engine, office.sealer, asking, NOW) for _ in range(EACH_HOUR + 2)]
    assert office.send() == EACH_HOUR
    pages = [mine.look(office.engine, office.sealer, token, NOW) for token in tokens]
    assert len({repr(page) for page in pages}) == 1
    # Nor can the code be guessed that nobody was sent.
    salt = office.database.one("SELECT salt FROM address_check ORDER BY recipient_id DESC LIMIT 1")
    code = code_of(office.sealer, salt)
    assert confirm_code(office.engine, office.sealer, tokens[-1], code, NOW) is Outcome.WRONG
    office.later(hours=1, seconds=1)
    register(office.engine, office.sealer, asking, office.now)
    assert office.send() == 1


def test_one_number_gets_ten_codes_a_day(office: Office) -> None:
    for _ in range(EACH_DAY + 5):
        register(office.engine, office.sealer, asked(NORTH, {SMS: NUMBER}), office.now)
        office.send()
        office.later(minutes=30)
    assert len(office.kept[SMS].batches) == EACH_DAY


def test_another_code_makes_the_first_one_useless(office: Office) -> None:
    token = register(office.engine, office.sealer, asked(NORTH, {SMS: NUMBER}), NOW)
    office.send()
    first = office.code()
    office.later(seconds=20)
    send_again(office.engine, office.sealer, token, office.now)
    office.send()
    assert office.code() != first
    wrong = confirm_code(office.engine, office.sealer, token, first, office.now)
    assert wrong is Outcome.WRONG
    done = confirm_code(office.engine, office.sealer, token, office.code(), office.now)
    assert done is Outcome.DONE
    send_again(office.engine, office.sealer, token, office.now)
    assert office.send() == 0


# Where


@pytest.mark.parametrize(
    ("street", "household", "area", "has_point"),
    [
        (AT[3], 3, SOUTH, True),
        ((AT[3][0] + 0.2, AT[3][1]), 3, SOUTH, True),
        ((AT[3][0] + 0.35, AT[3][1]), None, SOUTH, False),
        (AT[1], None, NORTH, False),
        ((-1.5, 1.0), None, None, True),
    ],
    ids=["at the door", "20 m away", "35 m away", "two households there", "outside all areas"],
)
def test_a_point_is_the_one_household_near_it_or_else_its_area(
    office: Office,
    street: tuple[float, float],
    household: int | None,
    area: str | None,
    has_point: bool,
) -> None:
    given = Given(position=Position(*position(*street)))
    register(office.engine, office.sealer, asked(given, {SMS: NUMBER}), NOW)
    rows = office.database.rows("SELECT household, area_name, geom IS NOT NULL FROM recipient")
    assert rows == [(household, area, has_point)]


def test_the_link_of_a_slip_is_its_household_exactly(office: Office) -> None:
    (slip,) = slips(office.engine, 2)
    with transaction(office.engine) as connection:
        home = links.find_by_link(connection, hash_of(slip.token), NOW.replace(year=2000))
    assert home
    register(office.engine, office.sealer, asked(Given(home=home), {SMS: NUMBER}), NOW)
    assert office.database.rows("SELECT household, area_name FROM recipient") == [(2, NORTH)]


def test_an_area_is_found_however_it_is_spelled_and_none_is_made_up(office: Office) -> None:
    register(office.engine, office.sealer, asked("北町 １丁目", {SMS: NUMBER}), NOW)
    assert office.database.one("SELECT area_name FROM recipient") == NORTH
    for name in ("", "東町一丁目", "北" * 501, "'; DROP TABLE recipient; --"):
        with pytest.raises(NotThere):
            register(office.engine, office.sealer, asked(name, {SMS: NUMBER}), NOW)


def test_without_a_way_nobody_registers(office: Office) -> None:
    with pytest.raises(NoWay):
        register(office.engine, office.sealer, asked(NORTH), NOW)
    assert office.count("recipient") == 0


def test_who_registered_follows_their_household_into_the_next_load(
    office: Office, tmp_path: Path
) -> None:
    for street in (AT[3], AT[5], AT[0]):
        given = Given(position=Position(*position(*street)))
        register(office.engine, office.sealer, asked(given, {SMS: NUMBER}), NOW)
    at = [AT[0], AT[3], AT[1]]
    folder = tmp_path / "again"
    write_homed_city(folder)
    load(office.engine, write_homes(folder, at))
    rows = office.database.rows("SELECT household, area_name FROM recipient ORDER BY id")
    assert rows == [(1, SOUTH), (None, NORTH), (0, NORTH)]


# The same person


def test_one_registration_by_three_ways_is_one_recipient_ranked(office: Office) -> None:
    hear(office.engine, office.sealer, followed("e1"), NOW)
    office.send()
    asking = asked(NORTH, {SMS: NUMBER, MAIL: ADDRESS})
    token = change(office.engine, office.sealer, office.link(LINE), asking, NOW)
    assert office.ways() == [(1, "line", 0, False)]
    office.send()
    confirm_code(office.engine, office.sealer, token, office.code(), NOW)
    use_link(office.engine, office.link(MAIL), NOW)
    assert office.ways() == [(1, "line", 0, False), (1, "mail", 2, False), (1, "sms", 1, False)]


def test_the_same_person_registering_way_after_way_ends_as_one(office: Office) -> None:
    office.registered(sms=NUMBER)
    office.registered(mail=ADDRESS)
    assert confirmed(office) == [1, 2]
    office.registered(SOUTH, sms=NUMBER, mail=ADDRESS)
    assert [row[1:] for row in office.ways()] == [("mail", 1, False), ("sms", 0, False)]
    assert len(confirmed(office)) == 1
    assert office.database.rows("SELECT area_name FROM recipient WHERE left_at IS NULL") == [
        (SOUTH,)
    ]


def test_registering_anew_changes_nothing_before_the_code_and_keeps_the_number_after(
    office: Office,
) -> None:
    first = office.registered(sms=NUMBER)
    token = register(office.engine, office.sealer, asked(SOUTH, {SMS: NUMBER}), NOW)
    office.send()
    areas = "SELECT id, area_name FROM recipient WHERE confirmed_at IS NOT NULL"
    assert office.database.rows(areas) == [(1, NORTH)]
    confirm_code(office.engine, office.sealer, token, office.code(), NOW)
    assert office.database.rows("SELECT id, area_name FROM recipient") == [(1, SOUTH)]
    assert mine.look(office.engine, office.sealer, token, NOW)
    assert mine.look(office.engine, office.sealer, first, NOW) is None


def test_whoever_got_the_number_of_somebody_gets_none_of_their_other_ways(office: Office) -> None:
    before = office.registered(sms=NUMBER, mail=ADDRESS)
    after = office.registered(SOUTH, sms=NUMBER)
    assert [row[1:3] for row in office.ways()] == [("mail", 0), ("sms", 0)]
    old = mine.look(office.engine, office.sealer, before, NOW)
    new = mine.look(office.engine, office.sealer, after, NOW)
    assert old
    assert new
    assert [line.channel for line in old.ways] == [MAIL]
    assert [line.channel for line in new.ways] == [SMS]


def test_a_stranger_sees_the_same_whether_an_address_is_registered_or_not(office: Office) -> None:
    office.registered(sms=NUMBER)
    seen = []
    for number in (NUMBER, "+819087655678"):
        token = register(office.engine, office.sealer, asked(SOUTH, {SMS: number}), NOW)
        seen.append(mine.look(office.engine, office.sealer, token, NOW))
    assert seen[0] == seen[1]


def test_changing_takes_effect_at_once_and_new_addresses_once_they_are_verified(
    office: Office,
) -> None:
    token = office.registered(sms=NUMBER)
    asking = asked(SOUTH, {SMS: "+818011112222"})
    assert change(office.engine, office.sealer, token, asking, NOW) == token
    assert office.database.one("SELECT area_name FROM recipient") == SOUTH
    old = office.database.one("SELECT lookup FROM recipient_address")
    office.send()
    confirm_code(office.engine, office.sealer, token, office.code(), NOW)
    assert office.database.one("SELECT lookup FROM recipient_address") != old
    change(office.engine, office.sealer, token, asked(None), NOW)
    assert office.database.one("SELECT area_name FROM recipient") == SOUTH


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 5000, "\x00'; --"])
def test_a_token_of_nobody_opens_and_changes_nothing(office: Office, token: str) -> None:
    office.registered(sms=NUMBER)
    assert mine.look(office.engine, office.sealer, token, NOW) is None
    for work in (
        lambda: change(office.engine, office.sealer, token, asked(SOUTH), NOW),
        lambda: confirm_code(office.engine, office.sealer, token, "123456", NOW),
        lambda: send_again(office.engine, office.sealer, token, NOW),
        lambda: use_link(office.engine, token, NOW),
        lambda: leave_by_token(office.engine, token, NOW),
        lambda: leave(office.engine, office.sealer, token, NOW),
    ):
        with pytest.raises(DeadLink):
            work()
    assert office.database.one("SELECT area_name FROM recipient") == NORTH


# Leaving, blocking, erasing


def test_leaving_erases_all_but_that_they_were_there_and_twice_is_as_good_as_once(
    office: Office,
) -> None:
    token = office.registered(sms=NUMBER, mail=ADDRESS)
    stamp = office.sealer.stamp(LINK, 1)
    for _ in range(2):
        leave(office.engine, office.sealer, stamp, NOW)
    assert office.count("recipient_address") == office.count("address_check") == 0
    rows = office.database.rows(
        "SELECT household, area_name, geom, categories, needs, left_at IS NOT NULL FROM recipient"
    )
    assert rows == [(None, None, None, [], [], True)]
    assert mine.look(office.engine, office.sealer, token, NOW) is None
    with pytest.raises(DeadLink):
        leave_by_token(office.engine, token, NOW)


def test_a_link_of_an_older_message_leaves_for_who_they_are_now(office: Office) -> None:
    office.registered(sms=NUMBER)
    by_line(office)
    token = register(office.engine, office.sealer, asked(SOUTH, {MAIL: ADDRESS}), NOW)
    office.send()
    use_link(office.engine, office.link(MAIL), NOW)
    change(office.engine, office.sealer, token, asked(None, {SMS: NUMBER}), NOW)
    office.send()
    confirm_code(office.engine, office.sealer, token, office.code(), NOW)
    assert confirmed(office) == [2, 3]
    leave(office.engine, office.sealer, office.sealer.stamp(LINK, 1), NOW)
    assert confirmed(office) == [2]
    assert office.ways() == [(2, "line", 0, False)]


def test_whoever_left_may_come_back(office: Office) -> None:
    token = office.registered(sms=NUMBER)
    leave_by_token(office.engine, token, NOW)
    office.registered(sms=NUMBER)
    assert confirmed(office) == [2]


def test_who_leaves_before_confirming_was_never_there(office: Office) -> None:
    token = register(office.engine, office.sealer, asked(NORTH, {SMS: NUMBER}), NOW)
    leave_by_token(office.engine, token, NOW)
    assert office.count("recipient") == 0
    assert office.send() == 0


def test_who_never_confirmed_is_erased_after_two_days_and_nobody_else(office: Office) -> None:
    office.registered(sms=NUMBER)
    register(office.engine, office.sealer, asked(NORTH, {MAIL: ADDRESS}), NOW)
    assert erase_old(office.engine, NOW + timedelta(hours=47)) == 0
    assert erase_old(office.engine, NOW + timedelta(hours=49)) == 1
    assert confirmed(office) == [1]
    assert office.count("recipient") == 1
    assert office.count("address_check") == 0


def test_a_blocked_way_lets_the_next_one_move_up(office: Office) -> None:
    office.registered(sms=NUMBER, mail=ADDRESS)
    with transaction(office.engine, latest=True) as connection:
        assert recipientways.block(connection, 1, SMS, "unknown subscriber", NOW)
        assert not recipientways.block(connection, 1, SMS, "unknown subscriber", NOW)
    assert office.ways() == [(1, "mail", 0, False), (1, "sms", 0, True)]


# LINE


def followed(event_id: str, *, at: int = 0, unblocked: bool = False) -> LineEvent:
    """Somebody follows, so many seconds after `NOW`."""
    when = NOW + timedelta(seconds=at)
    return Followed(event_id, when, USER, redelivered=False, reply_token="", unblocked=unblocked)


def unfollowed(event_id: str, *, at: int = 0) -> LineEvent:
    """Somebody blocks us."""
    return Unfollowed(event_id, NOW + timedelta(seconds=at), USER, redelivered=False)


def by_line(office: Office, area: str = NORTH) -> str:
    """Follow, and choose an area by the link; returns the page's token."""
    hear(office.engine, office.sealer, followed("first"), NOW)
    office.send()
    return change(office.engine, office.sealer, office.link(LINE), asked(area), NOW)


def test_whoever_follows_gets_a_link_and_is_told_after_choosing_a_place(office: Office) -> None:
    hear(office.engine, office.sealer, followed("e1"), NOW)
    office.send()
    assert office.kept[LINE].batches[0].letters[0].address == USER
    assert confirmed(office) == []
    link = office.link(LINE)
    seen = mine.look(office.engine, office.sealer, link, NOW)
    assert seen
    assert seen.by_line
    with pytest.raises(NotThere):
        change(office.engine, office.sealer, link, asked(None), NOW)
    token = change(office.engine, office.sealer, link, asked(NORTH), NOW)
    assert office.ways() == [(1, "line", 0, False)]
    assert confirmed(office) == [1]
    assert mine.look(office.engine, office.sealer, link, NOW) is None
    assert mine.look(office.engine, office.sealer, token, NOW)
    with pytest.raises(DeadLink):
        change(office.engine, office.sealer, link, asked(SOUTH), NOW)


def test_an_event_is_heard_once(office: Office) -> None:
    assert hear(office.engine, office.sealer, followed("e1"), NOW)
    assert not hear(office.engine, office.sealer, followed("e1"), NOW)
    assert office.send() == 1


def test_whoever_blocks_us_keeps_their_other_ways_and_comes_back(office: Office) -> None:
    token = by_line(office)
    change(office.engine, office.sealer, token, asked(NORTH, {SMS: NUMBER}), NOW)
    office.send()
    confirm_code(office.engine, office.sealer, token, office.code(), NOW)
    hear(office.engine, office.sealer, unfollowed("e2", at=10), NOW)
    assert office.ways() == [(1, "line", 0, True), (1, "sms", 0, False)]
    hear(office.engine, office.sealer, followed("e3", at=20, unblocked=True), NOW)
    assert office.ways() == [(1, "line", 0, False), (1, "sms", 1, False)]
    # Told late: what came before it counts more.
    hear(office.engine, office.sealer, unfollowed("e4", at=15), NOW)
    assert office.ways()[0] == (1, "line", 0, False)


def test_who_writes_gets_a_link_to_change_all_of_their_ways(office: Office) -> None:
    token = by_line(office)
    change(office.engine, office.sealer, token, asked(NORTH, {SMS: NUMBER}), NOW)
    office.send()
    confirm_code(office.engine, office.sealer, token, office.code(), NOW)
    wrote = Wrote("w", NOW, USER, redelivered=False, reply_token="", text="変更")
    hear(office.engine, office.sealer, wrote, NOW)
    office.send()
    change(office.engine, office.sealer, office.link(LINE), asked(SOUTH), NOW)
    assert office.ways() == [(1, "line", 0, False), (1, "sms", 1, False)]
    assert office.database.rows("SELECT id, area_name FROM recipient") == [(1, SOUTH)]


@pytest.mark.parametrize("data", ["seen=7&revision=1", "", "seen=x", f"seen={'9' * 30}"])
def test_a_tap_of_whomever_harms_nothing(office: Office, data: str) -> None:
    tapped = Tapped("t", NOW, USER, redelivered=False, reply_token="", data=data)
    assert hear(office.engine, office.sealer, tapped, NOW)
    by_line(office)
    again = Tapped("t2", NOW, USER, redelivered=False, reply_token="", data=data)
    assert hear(office.engine, office.sealer, again, NOW)
    assert office.count("confirmation") == 0


# Sending codes


def test_a_code_that_was_not_taken_is_sent_again_and_one_that_may_have_been_is_not(
    office: Office,
) -> None:
    register(office.engine, office.sealer, asked(NORTH, {SMS: NUMBER}), NOW)
    carrier = office.kept[SMS]
    carrier.fates = [Handed(Fate.NOT_TAKEN, wait_s=30, for_all=True), Handed(Fate.UNKNOWN)]
    assert office.send() == 0
    office.later(seconds=29)
    assert office.send() == 0
    assert len(carrier.batches) == 1
    office.later(seconds=2)
    assert office.send() == 0
    assert len(carrier.batches) == 2
    assert carrier.batches[0] == carrier.batches[1]
    office.later(minutes=5)
    office.send()
    assert len(carrier.batches) == 2


def test_a_carrier_that_is_away_is_asked_once(office: Office) -> None:
    for last in range(5):
        number = f"+81901234567{last}"
        register(office.engine, office.sealer, asked(NORTH, {SMS: number}), NOW)
    register(office.engine, office.sealer, asked(NORTH, {MAIL: ADDRESS}), NOW)
    office.kept[SMS].fates = [Handed(Fate.NOT_TAKEN, for_all=True)]
    assert office.send() == 1
    assert len(office.kept[SMS].batches) == 1
    office.later(seconds=6)
    assert office.send() == 5


def test_two_workers_send_no_code_twice(office: Office) -> None:
    for last in range(6):
        number = f"+81901234567{last}"
        register(office.engine, office.sealer, asked(NORTH, {SMS: number}), NOW)
    with transaction(office.engine, latest=True) as connection:
        claimed = recipientchecks.claim(connection, [SMS], NOW, 4)
        # Before the first one commits, the second finds the others.
        assert office.send() == 2
    assert len(claimed) == 4
    office.later(seconds=61)
    assert office.send() == 4


# What can be read


def test_no_address_and_no_code_stands_anywhere_in_the_database_or_a_log(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        token = office.registered(sms=NUMBER)
        register(office.engine, office.sealer, asked(NORTH, {MAIL: ADDRESS}), NOW)
        by_line(office)
        mine.look(office.engine, office.sealer, token, NOW)
    dumped = subprocess.run(
        ["pg_dump", "--data-only", plain(office.database.url)], capture_output=True, check=True
    ).stdout
    assert b"COPY public.recipient_address" in dumped
    secrets = [NUMBER, NUMBER[3:], ADDRESS, "hanako", USER, USER[1:], token, office.link(LINE)]
    for secret in [*secrets, *(one.encode().hex() for one in secrets)]:
        assert secret.encode() not in dumped
        assert secret not in caplog.text
    code = office.code()
    assert f"\t{code}\t".encode() not in dumped
    assert code.encode().hex() + "\t" not in dumped.decode("latin-1")


def test_a_sealed_address_is_of_no_use_to_whoever_moves_it(office: Office) -> None:
    office.registered(sms=NUMBER)
    row = office.database.rows("SELECT key_number, sealed FROM recipient_address")[0]
    sealed = Sealed(row[0], row[1])
    assert office.sealer.open(sealed, SMS, Status.ACTUAL) == NUMBER
    with pytest.raises(CannotOpen):
        office.sealer.open(sealed, SMS, Status.EXERCISE)


def test_a_page_shows_no_more_than_the_last_digits(office: Office) -> None:
    token = office.registered(sms=NUMBER, mail=ADDRESS)
    seen = mine.look(office.engine, office.sealer, token, NOW)
    assert seen
    assert [line.shown for line in seen.ways] == ["•••-••••-5678", "•••se@mail.example"]
    assert NUMBER[3:-4] not in repr(seen)


# The blast radius


def test_the_blast_radius_counts_each_once_by_their_first_way(office: Office) -> None:
    office.registered(sms=NUMBER, mail=ADDRESS)
    office.registered(SOUTH, sms="+818011112222")
    with transaction(office.engine) as connection:
        found = recipientcounts.count_reached(
            connection, "99902", Status.ACTUAL, AlertKind.EVACUATION
        )
        security = recipientcounts.count_reached(
            connection, "99902", Status.ACTUAL, AlertKind.SECURITY
        )
    rows = [(one.area_name, one.language, one.channel, one.first, one.every) for one in found]
    ja = Language.JAPANESE
    assert rows == [(NORTH, ja, MAIL, 0, 1), (NORTH, ja, SMS, 1, 1), (SOUTH, ja, SMS, 1, 1)]
    assert security == []


def test_needs_and_kinds_are_kept_as_they_were_chosen(office: Office) -> None:
    token = office.registered(sms=NUMBER)
    seen = mine.look(office.engine, office.sealer, token, NOW)
    assert seen
    assert seen.wishes.categories == {AlertKind.EVACUATION, AlertKind.GENERAL}
    assert seen.wishes.needs == {AccessNeed.TIME}
