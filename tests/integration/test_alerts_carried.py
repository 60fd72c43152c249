"""Alerts follow their households when a load numbers them anew: to whom one goes, who was reached.

Slips bind the first and the last household; the others are named by alerts alone.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from alerts.channels.line_webhook import Tapped
from alerts.kinds import ChannelKind
from data import tables
from data.database import transaction
from operations.delivery.confirming import How, confirm_household
from operations.delivery.opening import LINK
from operations.registering.from_line import hear
from operations.registering.reader import say_seen
from tests.integration.databases import Database
from tests.integration.homed import AT, load, write_homed_city, write_homes
from tests.integration.outbox import ADDRESSES, Outbox

CODE = "99902"
WAITS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
REVERSED = tuple(reversed(AT))
# 1 and 2 stand in one house: the first of it stays the first.
NEW = {0: 5, 1: 3, 2: 4, 3: 2, 4: 1, 5: 0}


@pytest.fixture
def city(engine: Engine, tmp_path: Path) -> Path:
    """The folder of the loaded city."""
    made = write_homed_city(tmp_path / "homed")
    load(engine, made)
    return made.parent


def alert(engine: Engine, households: list[int], **given: Any) -> int:
    """An alert by the plan to these households; returns the number of its revision."""
    now = datetime.now(UTC)
    values = {
        **{"revision": 1, "city_code": CODE, "step": "issue", "hazard": "flood", "level": 4},
        **{"area_names": [], "whole_city": False, "subject": "", "reason": "", "action": ""},
        **{"made_by": 1, "state": "sent", "expires_at": now + timedelta(hours=1)},
        "segment": {"names": [], "households": households, "by": "plan", "of": "7"},
    } | given
    with transaction(engine, latest=True) as connection:
        if "alert_id" not in values:
            made = tables.alert.insert().values(city_code=CODE, status="Actual", kind="evacuation")
            values["alert_id"] = connection.execute(made.returning(tables.alert.c.id)).scalar_one()
        query = tables.alert_revision.insert().values(**values)
        return int(connection.execute(query.returning(tables.alert_revision.c.id)).scalar_one())


def reached(engine: Engine, revision: int, household: int, *, tap: bool = False) -> None:
    """Somebody of a household was spoken with, or tapped."""
    with transaction(engine, latest=True) as connection:
        row = connection.execute(
            sql("SELECT alert_id FROM alert_revision WHERE id = :id"), {"id": revision}
        ).one()
        confirm_household(connection, row.alert_id, revision, household, How.DOOR, "staff:1")
        if tap:
            connection.execute(sql("UPDATE confirmation SET how = 'tap', recipient_id = 77"))


def sent_to(database: Database, revision: int) -> Any:
    query = "SELECT id, segment->'households' FROM alert_revision"
    return dict(database.rows(query))[revision]


def homes(database: Database) -> list[int | None]:
    return [row[0] for row in database.rows("SELECT household FROM confirmation ORDER BY id")]


@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "sending", "sent"])
def test_an_alert_goes_to_the_same_households(
    engine: Engine, city: Path, database: Database, state: str
) -> None:
    revision = alert(engine, [0, 2, 3], state=state)
    areas = alert(engine, [])
    load(engine, write_homes(city, REVERSED))
    assert sent_to(database, revision) == [2, 4, 5]
    assert sent_to(database, areas) == []
    assert database.rows("SELECT DISTINCT segment->>'of' FROM alert_revision") == [("7",)]


@pytest.mark.parametrize("tap", [False, True])
def test_whoever_was_reached_stays_reached(
    engine: Engine, city: Path, database: Database, *, tap: bool
) -> None:
    revision = alert(engine, [])
    for household in (1, 2, 5):
        reached(engine, revision, household, tap=tap)
    load(engine, write_homes(city, REVERSED))
    assert homes(database) == [NEW[1], NEW[2], NEW[5]]


def test_a_household_that_is_gone_is_in_no_alert_and_not_reached(
    engine: Engine, city: Path, database: Database
) -> None:
    revision = alert(engine, [0, 3, 5])
    only = alert(engine, [3])
    for household in (3, 5):
        reached(engine, revision, household)
    load(engine, write_homes(city, [*AT[:3], *AT[4:]]))
    assert sent_to(database, revision) == [0, 4]
    assert sent_to(database, only) == []
    assert homes(database) == [None, 4]


def test_a_standing_order_keeps_the_taps_of_an_alert_whose_words_are_over(
    engine: Engine, city: Path, database: Database
) -> None:
    past = datetime.now(UTC) - timedelta(hours=1)
    revisions = [alert(engine, [], expires_at=past) for _ in range(2)]
    for revision in revisions:
        reached(engine, revision, 0, tap=True)
    with transaction(engine, latest=True) as connection:
        order = tables.evacuation_order.insert().values(
            city_code=CODE, hazard="flood", level=4, area_names=[], begun_at=past
        )
        number = connection.execute(order.returning(tables.evacuation_order.c.id)).scalar_one()
        connection.execute(
            sql(
                "INSERT INTO alert_order (alert_id, order_id)"
                " SELECT alert_id, :order FROM alert_revision WHERE id = :id"
            ),
            {"order": number, "id": revisions[1]},
        )
    load(engine, write_homes(city, REVERSED))
    assert homes(database) == [None, NEW[0]]


def test_what_was_taken_back_stays_as_it_was_approved(
    engine: Engine, city: Path, database: Database
) -> None:
    first = alert(engine, [0, 3])
    number = database.one("SELECT alert_id FROM alert_revision")
    alert(engine, [0, 3], alert_id=number, revision=2, step="cancel")
    alert(engine, [3])
    load(engine, write_homes(city, REVERSED))
    assert sent_to(database, first) == [0, 3]


def test_another_citys_alerts_are_left(engine: Engine, city: Path, database: Database) -> None:
    other = alert(engine, [0], city_code="99903")
    alert(engine, [3])
    load(engine, write_homes(city, REVERSED))
    assert sent_to(database, other) == [0]


@pytest.mark.parametrize("way", ["page", "LINE"])
def test_a_tap_during_a_load_counts_at_the_new_number(
    engine: Engine, database: Database, tmp_path: Path, way: str
) -> None:
    outbox = Outbox(engine, tmp_path)
    (number,) = outbox.register(1, ChannelKind.LINE, household=0)
    revision = outbox.approve()
    outbox.expand()
    shown = [(int(database.one("SELECT max(id) FROM alert")), 1)]

    def tap() -> object:
        if way == "page":
            stamp = outbox.sealer.stamp(LINK, number)
            return say_seen(engine, outbox.sealer, stamp, shown, outbox.now)
        user = ADDRESSES[ChannelKind.LINE].format(number)
        data = f"seen={shown[0][0]}.1"
        event = Tapped("t", outbox.now, user, redelivered=False, reply_token="", data=data)
        return hear(engine, outbox.sealer, event, outbox.now)

    with ThreadPoolExecutor(1) as pool:
        with transaction(engine, latest=True) as loading:
            loading.execute(sql("UPDATE recipient SET household = 5"))
            tapping = pool.submit(tap)
            while not tapping.done() and not database.one(WAITS):
                threading.Event().wait(0.01)
        assert tapping.result(60)
    assert database.rows("SELECT revision_id, household FROM confirmation") == [(revision, 5)]
