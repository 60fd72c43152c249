"""Who confirmed is told, and nobody before: codes and links, how long they hold, who sends them."""

from datetime import timedelta

import pytest

from alerts.channels.port import Fate, Handed
from data import recipientchecks
from data.database import transaction
from operations.registering import confirm, mine
from operations.registering.asking import EACH_DAY, EACH_HOUR
from operations.registering.confirm import MOST_TRIES, Outcome, confirm_code, send_again, use_link
from operations.registering.errors import DeadLink
from operations.registering.register import register
from operations.registering.salted import code_of
from tests.integration.registered import ADDRESS, MAIL, NOW, NUMBER, SMS, Office, asked

NORTH, SOUTH = "北町一丁目", "南町二丁目"


def test_nobody_is_told_before_the_code_was_entered(office: Office) -> None:
    token = register(office.engine, office.sealer, asked(NORTH, {SMS: NUMBER}), NOW)
    assert office.confirmed() == []
    assert office.ways() == []
    assert office.send() == 1
    assert office.kept[SMS].batches[0].letters[0].address == NUMBER
    entered = confirm_code(office.engine, office.sealer, token, office.code(), NOW)
    assert entered is Outcome.DONE
    assert office.ways() == [(1, "sms", 0, False)]
    assert office.confirmed() == [1]


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
    assert office.confirmed() == []


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
    assert office.confirmed() == []


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
