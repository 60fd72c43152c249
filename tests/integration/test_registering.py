"""The same person stays one, strangers see the same, and no address can be read anywhere."""

import logging
import subprocess

import pytest

from alerts.kinds import AlertKind, Status
from alerts.registration import AccessNeed
from data.sealing import CannotOpen, Sealed
from operations.registering import mine
from operations.registering.confirm import confirm_code, send_again, use_link
from operations.registering.errors import DeadLink
from operations.registering.from_line import hear
from operations.registering.leave import leave, leave_by_token
from operations.registering.register import change, register
from tests.integration.databases import plain
from tests.integration.registered import (
    ADDRESS,
    LINE,
    MAIL,
    NOW,
    NUMBER,
    SMS,
    USER,
    Office,
    asked,
    followed,
)

NORTH, SOUTH = "北町一丁目", "南町二丁目"


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
    assert office.confirmed() == [1, 2]
    office.registered(SOUTH, sms=NUMBER, mail=ADDRESS)
    assert [row[1:] for row in office.ways()] == [("mail", 1, False), ("sms", 0, False)]
    assert len(office.confirmed()) == 1
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


def test_no_address_and_no_code_stands_anywhere_in_the_database_or_a_log(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        token = office.registered(sms=NUMBER)
        register(office.engine, office.sealer, asked(NORTH, {MAIL: ADDRESS}), NOW)
        office.by_line()
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


def test_needs_and_kinds_are_kept_as_they_were_chosen(office: Office) -> None:
    token = office.registered(sms=NUMBER)
    seen = mine.look(office.engine, office.sealer, token, NOW)
    assert seen
    assert seen.wishes.categories == {AlertKind.EVACUATION, AlertKind.GENERAL}
    assert seen.wishes.needs == {AccessNeed.TIME}
