"""What the planner and the orders tell the live stream."""

from sqlalchemy import Connection, Engine

from data import inforce, tables
from data.database import transaction
from data.live import outbox as live
from data.live.outbox import Topic
from hazards.kinds import AlertLevel, HazardKind
from operations.live.levels import renew_levels
from operations.planning.planner import Planner

CITY = "999999"


def told(engine: Engine, topic: Topic) -> dict[str, object]:
    """The newest state of each thing, gone or not."""
    with transaction(engine) as connection:
        return {one.key: one.state for one in live.since(connection, 0) if one.topic is topic}


def order(connection: Connection, level: AlertLevel, names: list[str]) -> int:
    """Put an order in force."""
    flood = HazardKind.FLOOD
    return inforce.add_order(
        connection, CITY, hazard=flood, level=level, area_names=names, area=None
    )


def test_orders_are_told_once_and_as_gone_when_they_are_lifted(engine: Engine) -> None:
    with transaction(engine, latest=True) as connection:
        first = order(connection, AlertLevel.ALL_LEAVE, ["北町"])
        second = order(connection, AlertLevel.ELDERLY_LEAVE, [])
        renew_levels(connection, CITY)
        offsets = [one.offset for one in live.since(connection, 0)]
        renew_levels(connection, CITY)
        assert [one.offset for one in live.since(connection, 0)] == offsets
    states = told(engine, Topic.LEVELS)
    assert states.keys() == {f"order:{first}", f"order:{second}"}
    state = states[f"order:{first}"]
    assert isinstance(state, dict)
    assert (state["hazard"], state["level"], state["area_names"]) == ("flood", 4, ["北町"])
    with transaction(engine, latest=True) as connection:
        inforce.end(connection, tables.evacuation_order, [first])
        renew_levels(connection, CITY)
    states = told(engine, Topic.LEVELS)
    assert states[f"order:{first}"] is None
    assert states[f"order:{second}"] is not None


def test_a_published_version_is_announced_once(engine: Engine, small_plan: Planner) -> None:
    standing = small_plan.standing
    assert standing is not None
    assert told(engine, Topic.PLAN) == {"version": {"number": standing.number}}
    with transaction(engine) as connection:
        before = [one.offset for one in live.since(connection, 0)]
    assert small_plan.catch_up() is False
    with transaction(engine) as connection:
        assert [one.offset for one in live.since(connection, 0)] == before


def test_a_version_is_announced_again_in_another_epoch(engine: Engine, small_plan: Planner) -> None:
    with transaction(engine, latest=True) as connection:
        connection.exec_driver_sql("DELETE FROM live_state WHERE topic = 'plan'")
        live.begin_epoch(connection)
    assert small_plan.catch_up() is False
    standing = small_plan.standing
    assert standing is not None
    assert told(engine, Topic.PLAN) == {"version": {"number": standing.number}}


def test_a_version_that_could_not_be_announced_is_announced_later(
    engine: Engine, small_plan: Planner
) -> None:
    with transaction(engine, latest=True) as connection:
        inforce.record_change(connection, "something")
        connection.exec_driver_sql("ALTER TABLE live_state RENAME TO away")
    assert small_plan.catch_up() is True
    with transaction(engine, latest=True) as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO live_state")
    assert small_plan.catch_up() is False
    standing = small_plan.standing
    assert standing is not None
    assert told(engine, Topic.PLAN) == {"version": {"number": standing.number}}
