"""Whoever becomes reachable somewhere while an alert is in force there is told of it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.channels.line_webhook import Unfollowed
from alerts.kinds import Status
from operations.delivery.latecomers import Latecomers
from operations.registering.from_line import hear
from operations.registering.register import change
from tests.integration.outbox import Outbox
from tests.integration.registered import ADDRESS, NOW, NUMBER, USER, Office, asked, followed

NORTH, SOUTH = "北町一丁目", "南町二丁目"
Before = Callable[[Office], str]
During = Callable[[Office, str], object]


@pytest.fixture
def outbox(office: Office, tmp_path: Path) -> Outbox:
    """The outbox of that city."""
    folder = tmp_path / "outbox"
    folder.mkdir()
    code = office.database.one("SELECT code FROM city_load WHERE current")
    return Outbox(office.engine, folder, NOW, str(code))


def nobody(_: Office) -> str:
    return ""


def elsewhere(office: Office) -> str:
    return office.registered(SOUTH, sms=NUMBER)


def blocked(office: Office) -> str:
    token = office.by_line(NORTH)
    event = Unfollowed("away", NOW + timedelta(seconds=1), USER, redelivered=False)
    assert hear(office.engine, office.sealer, event, NOW)
    return token


def registers(office: Office, _: str) -> None:
    office.registered(NORTH, sms=NUMBER)


def registers_anew(office: Office, _: str) -> None:
    """Who keeps their number, by the same address."""
    office.registered(NORTH, sms=NUMBER)


def chooses_in_line(office: Office, _: str) -> None:
    office.by_line(NORTH)


def moves(office: Office, token: str) -> None:
    change(office.engine, office.sealer, token, asked(NORTH), NOW)


def unblocks(office: Office, _: str) -> None:
    hear(office.engine, office.sealer, followed("back", at=2, unblocked=True), NOW)


@pytest.mark.parametrize(
    ("before", "during"),
    [
        (nobody, registers),
        (nobody, chooses_in_line),
        (elsewhere, registers_anew),
        (elsewhere, moves),
        (blocked, unblocks),
    ],
)
def test_who_is_reachable_there_only_now_is_told(
    office: Office, outbox: Outbox, before: Before, during: During
) -> None:
    token = before(office)
    revision = outbox.approve(areas=[NORTH])
    outbox.execute("UPDATE alert SET kind = 'general'")
    outbox.expand()
    look = Latecomers(office.engine, Status.ACTUAL)
    look(NOW)
    assert outbox.counts(revision) == {}
    during(office, token)
    look(NOW)
    (counted,) = outbox.counts(revision).values()
    assert counted == {"queued": 1}


def test_another_way_of_who_was_told_sends_nothing_twice(office: Office, outbox: Outbox) -> None:
    office.registered(NORTH, sms=NUMBER)
    revision = outbox.approve(areas=[NORTH])
    outbox.execute("UPDATE alert SET kind = 'general'")
    outbox.expand()
    office.registered(NORTH, sms=NUMBER, mail=ADDRESS)
    Latecomers(office.engine, Status.ACTUAL)(NOW)
    assert outbox.counts(revision) == {"sms": {"queued": 1}}
