"""Whoever leaves is forgotten, whoever blocks a way keeps the others."""

from datetime import timedelta

import pytest

from data import recipientways
from data.database import transaction
from operations.delivery.opening import LINK
from operations.registering import mine
from operations.registering.confirm import confirm_code, use_link
from operations.registering.erasing import erase_old
from operations.registering.errors import DeadLink
from operations.registering.leave import leave, leave_by_token
from operations.registering.register import change, register
from tests.integration.registered import ADDRESS, MAIL, NOW, NUMBER, SMS, Office, asked

NORTH, SOUTH = "北町一丁目", "南町二丁目"


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
    office.by_line()
    token = register(office.engine, office.sealer, asked(SOUTH, {MAIL: ADDRESS}), NOW)
    office.send()
    use_link(office.engine, office.link(MAIL), NOW)
    change(office.engine, office.sealer, token, asked(None, {SMS: NUMBER}), NOW)
    office.send()
    confirm_code(office.engine, office.sealer, token, office.code(), NOW)
    assert office.confirmed() == [2, 3]
    leave(office.engine, office.sealer, office.sealer.stamp(LINK, 1), NOW)
    assert office.confirmed() == [2]
    assert office.ways() == [(2, "line", 0, False)]


def test_whoever_left_may_come_back(office: Office) -> None:
    token = office.registered(sms=NUMBER)
    leave_by_token(office.engine, token, NOW)
    office.registered(sms=NUMBER)
    assert office.confirmed() == [2]


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
    assert office.confirmed() == [1]
    assert office.count("recipient") == 1
    assert office.count("address_check") == 0


def test_a_blocked_way_lets_the_next_one_move_up(office: Office) -> None:
    office.registered(sms=NUMBER, mail=ADDRESS)
    with transaction(office.engine, latest=True) as connection:
        assert recipientways.block(connection, 1, SMS, "unknown subscriber", NOW)
        assert not recipientways.block(connection, 1, SMS, "unknown subscriber", NOW)
    assert office.ways() == [(1, "mail", 0, False), (1, "sms", 0, True)]
