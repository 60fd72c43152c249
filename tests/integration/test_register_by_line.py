"""Whoever follows in LINE gets a link, is told after choosing a place, and may block us again."""

from datetime import timedelta

import pytest

from alerts.channels.line_webhook import LineEvent, Tapped, Unfollowed, Wrote
from data.errors import NotThere
from operations.registering import mine
from operations.registering.confirm import confirm_code
from operations.registering.errors import DeadLink
from operations.registering.from_line import hear
from operations.registering.register import change
from tests.integration.registered import LINE, NOW, NUMBER, SMS, USER, Office, asked, followed

NORTH, SOUTH = "北町一丁目", "南町二丁目"


def unfollowed(event_id: str, *, at: int = 0) -> LineEvent:
    """Somebody blocks us."""
    return Unfollowed(event_id, NOW + timedelta(seconds=at), USER, redelivered=False)


def test_whoever_follows_gets_a_link_and_is_told_after_choosing_a_place(office: Office) -> None:
    hear(office.engine, office.sealer, followed("e1"), NOW)
    office.send()
    assert office.kept[LINE].batches[0].letters[0].address == USER
    assert office.confirmed() == []
    link = office.link(LINE)
    seen = mine.look(office.engine, office.sealer, link, NOW)
    assert seen
    assert seen.by_line
    with pytest.raises(NotThere):
        change(office.engine, office.sealer, link, asked(None), NOW)
    token = change(office.engine, office.sealer, link, asked(NORTH), NOW)
    assert office.ways() == [(1, "line", 0, False)]
    assert office.confirmed() == [1]
    assert mine.look(office.engine, office.sealer, link, NOW) is None
    assert mine.look(office.engine, office.sealer, token, NOW)
    with pytest.raises(DeadLink):
        change(office.engine, office.sealer, link, asked(SOUTH), NOW)


def test_an_event_is_heard_once(office: Office) -> None:
    assert hear(office.engine, office.sealer, followed("e1"), NOW)
    assert not hear(office.engine, office.sealer, followed("e1"), NOW)
    assert office.send() == 1


def test_whoever_blocks_us_keeps_their_other_ways_and_comes_back(office: Office) -> None:
    token = office.by_line()
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
    token = office.by_line()
    change(office.engine, office.sealer, token, asked(NORTH, {SMS: NUMBER}), NOW)
    office.send()
    confirm_code(office.engine, office.sealer, token, office.code(), NOW)
    wrote = Wrote("w", NOW, USER, redelivered=False, reply_token="", text="変更")
    hear(office.engine, office.sealer, wrote, NOW)
    office.send()
    change(office.engine, office.sealer, office.link(LINE), asked(SOUTH), NOW)
    assert office.ways() == [(1, "line", 0, False), (1, "sms", 1, False)]
    assert office.database.rows("SELECT id, area_name FROM recipient") == [(1, SOUTH)]


@pytest.mark.parametrize(
    "data", ["seen=7.1", "seen=7&revision=1", "", "seen=x", f"seen={'9' * 30}"]
)
def test_a_tap_of_whomever_harms_nothing(office: Office, data: str) -> None:
    tapped = Tapped("t", NOW, USER, redelivered=False, reply_token="", data=data)
    assert hear(office.engine, office.sealer, tapped, NOW)
    office.by_line()
    again = Tapped("t2", NOW, USER, redelivered=False, reply_token="", data=data)
    assert hear(office.engine, office.sealer, again, NOW)
    assert office.count("confirmation") == 0
