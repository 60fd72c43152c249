"""A level is set when another person approves it, and lifted the same way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine

from city.staff import CONSOLE, Caller, CallerKind, Role
from data import inforce
from data.database import transaction
from data.errors import NotThere
from data.rows import current_load
from hazards.errors import (
    Decided,
    HazardError,
    LowerThanInForce,
    MayNotDecide,
    NothingInForce,
    SelfApproval,
)
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.errors import Refused
from operations.load_city import load_city
from operations.proposals.proposals import approve, propose, propose_lift, reject, withdraw
from operations.proposals.unopened import unopened_sites
from shelters.place import Opening
from tests.integration import loaded
from tests.integration.databases import Database
from tests.integration.processes import wait_for
from tests.integration.small_city import rewrite

FLOOD, SLIDE = HazardKind.FLOOD, HazardKind.LANDSLIDE
L3, L4 = AlertLevel.ELDERLY_LEAVE, AlertLevel.ALL_LEAVE
SOUTH, NORTH = "南町二丁目", "北町一丁目"
NOW = datetime(2026, 9, 1, 11, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def template(with_small_city: str) -> str:
    """Every test finds the small city loaded."""
    return with_small_city


def person(number: int, *roles: Role) -> Caller:
    return Caller(CallerKind.STAFF, number, "架空 花子", frozenset(roles))


OPERATOR = person(1, Role.OPERATOR)
APPROVER = person(2, Role.APPROVER)
OTHER = person(3, Role.APPROVER, Role.OPERATOR)


def ask(engine: Engine, by: Caller = OPERATOR, *areas: str, **other: Any) -> int:
    asked: dict[str, Any] = {"hazard": FLOOD, "level": L4, "reason": "小川の水位が上がっている"}
    where = {"areas": areas or [SOUTH]}
    return propose(engine, by, **asked | where | other, now=NOW)


def orders(database: Database) -> list[tuple[Any, ...]]:
    return database.rows(
        "SELECT hazard, level, area_names FROM evacuation_order"
        " WHERE ended_at IS NULL ORDER BY hazard, level, id"
    )


def decision(database: Database, number: int) -> Any:
    return database.rows(
        f"SELECT decision, decided_by, order_id FROM order_proposal WHERE id = {number}"  # noqa: S608
    )[0]


def audit(database: Database) -> list[tuple[Any, ...]]:
    return database.rows(
        "SELECT actor, action FROM audit_entry"
        " WHERE action LIKE 'proposal%' OR action LIKE 'order%' ORDER BY number"
    )


def test_a_level_is_set_when_another_person_approves_it(engine: Engine, database: Database) -> None:
    number = ask(engine)
    assert orders(database) == []
    order = approve(engine, APPROVER, number, now=NOW)
    assert orders(database) == [("flood", 4, [SOUTH])]
    assert decision(database, number) == ("approved", 2, order)
    assert audit(database) == [
        ("staff:1", "proposal.made"),
        ("staff:2", "order.set"),
        ("staff:2", "proposal.approved"),
    ]


def test_rule_14_nobody_approves_their_own_proposal(engine: Engine, database: Database) -> None:
    number = ask(engine, OTHER)
    with pytest.raises(SelfApproval, match="自分の提案は承認できません"):
        approve(engine, OTHER, number, now=NOW)
    with pytest.raises(SelfApproval, match="取り下げてください"):
        reject(engine, OTHER, number, now=NOW)
    assert (orders(database), decision(database, number)) == ([], (None, None, None))
    assert ("staff:3", "proposal.refused") in audit(database)
    approve(engine, APPROVER, number, now=NOW)
    assert orders(database) == [("flood", 4, [SOUTH])]


def test_only_an_approver_with_an_account_decides(engine: Engine, database: Database) -> None:
    number = ask(engine)
    tablet = Caller(CallerKind.DEVICE, 7, "端末", frozenset({Role.APPROVER}))
    for somebody in (person(4, Role.OPERATOR), CONSOLE, tablet, person(5, Role.ADMINISTRATOR)):
        for decide in (approve, reject):
            with pytest.raises(MayNotDecide):
                decide(engine, somebody, number, now=NOW)
    for nobody in (CONSOLE, tablet, person(5, Role.ADMINISTRATOR), person(6, Role.DESK)):
        with pytest.raises(MayNotDecide):
            ask(engine, nobody)
    assert (orders(database), decision(database, number)) == ([], (None, None, None))


def test_of_two_approvers_at_once_one_wins(engine: Engine, database: Database) -> None:
    number, together = ask(engine), Barrier(2)

    def try_to(by: Caller) -> int | Exception:
        together.wait(timeout=30)
        try:
            return approve(engine, by, number, now=NOW)
        except Decided as error:
            return error

    with ThreadPoolExecutor() as pool:
        found = list(pool.map(try_to, (APPROVER, OTHER)))
    assert sorted(type(one).__name__ for one in found) == ["Decided", "int"]
    assert orders(database) == [("flood", 4, [SOUTH])]
    assert database.one("SELECT count(*) FROM evacuation_order") == 1


def test_two_levels_for_one_place_at_once_leave_the_higher_one_alone(
    engine: Engine, database: Database
) -> None:
    numbers, together = (ask(engine, level=L3), ask(engine, level=L4)), Barrier(2)

    def try_to(number: int) -> None:
        together.wait(timeout=30)
        try:
            approve(engine, APPROVER, number, now=NOW)
        except LowerThanInForce:
            assert number == numbers[0]

    with ThreadPoolExecutor() as pool:
        list(pool.map(try_to, numbers))
    assert orders(database) == [("flood", 4, [SOUTH])]


def test_lifting_takes_two_people_too(engine: Engine, database: Database) -> None:
    order = changes.set_level(engine, FLOOD, L4, areas=[SOUTH])
    number = propose_lift(engine, OPERATOR, order, reason="水が引いた", now=NOW)
    assert len(orders(database)) == 1
    with pytest.raises(SelfApproval):
        approve(engine, OPERATOR, number, now=NOW)
    assert approve(engine, APPROVER, number, now=NOW) == order
    assert orders(database) == []
    assert decision(database, number) == ("approved", 2, order)


def test_what_was_lifted_meanwhile_stays_proposed_with_an_error(
    engine: Engine, database: Database
) -> None:
    order = changes.set_level(engine, FLOOD, L4, areas=[SOUTH])
    number = propose_lift(engine, OPERATOR, order, reason="水が引いた", now=NOW)
    changes.lift_level(engine, FLOOD, order=order)
    with pytest.raises(NothingInForce, match=f"避難情報 {order} はもう出ていません"):
        approve(engine, APPROVER, number, now=NOW)
    assert decision(database, number) == (None, None, None)
    with pytest.raises(NothingInForce):
        propose_lift(engine, OPERATOR, order, reason="水が引いた", now=NOW)


def test_a_higher_level_that_came_meanwhile_is_not_lowered(
    engine: Engine, database: Database
) -> None:
    number = ask(engine, level=L3)
    changes.set_level(engine, FLOOD, L4, areas=[SOUTH])
    with pytest.raises(LowerThanInForce, match="先に解除を提案してください"):
        approve(engine, APPROVER, number, now=NOW)
    assert decision(database, number) == (None, None, None)
    assert orders(database) == [("flood", 4, [SOUTH])]
    with pytest.raises(LowerThanInForce):
        ask(engine, level=L3)
    with pytest.raises(Refused, match="もう警戒レベル4 避難指示が出ています"):
        ask(engine, level=L4)


def test_a_standing_level_is_raised_in_its_place(engine: Engine, database: Database) -> None:
    changes.set_level(engine, FLOOD, L3, areas=[SOUTH])
    approve(engine, APPROVER, ask(engine), now=NOW)
    assert orders(database) == [("flood", 4, [SOUTH])]


def test_an_area_that_went_with_a_new_load_leaves_it_proposed(
    engine: Engine, database: Database, small_city: Path
) -> None:
    number = ask(engine)

    def rename(table: dict[str, Any]) -> None:
        table["features"][1]["properties"]["S_NAME"] = "新町三丁目"

    rewrite(small_city.parent / "areas.geojson", rename)
    load_city(engine, small_city, lambda _: None)
    with pytest.raises(NotThere, match=f"{SOUTH} という区域は、今の市のデータにありません"):
        approve(engine, APPROVER, number, now=NOW)
    assert (orders(database), decision(database, number)) == ([], (None, None, None))


def test_its_proposer_withdraws_it_and_nobody_else(engine: Engine, database: Database) -> None:
    number = ask(engine)
    with pytest.raises(MayNotDecide, match="提案した人だけ"):
        withdraw(engine, APPROVER, number, now=NOW)
    withdraw(engine, OPERATOR, number, now=NOW)
    assert decision(database, number) == ("withdrawn", 1, None)
    with pytest.raises(Decided, match="もう取り下げになっています"):
        approve(engine, APPROVER, number, now=NOW)
    assert orders(database) == []


def test_what_was_rejected_is_not_approved_later(engine: Engine, database: Database) -> None:
    number = ask(engine)
    reject(engine, APPROVER, number, why="まだ早い", now=NOW)
    with pytest.raises(Decided):
        approve(engine, OTHER, number, now=NOW)
    assert orders(database) == []
    assert ask(engine) > number


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        ({"areas": ["天空町"]}, NotThere),
        ({"areas": []}, Refused),
        ({"whole_city": True}, Refused),
        ({"reason": "  "}, Refused),
        ({"reason": "一\n二"}, Refused),
        ({"reason": "あ" * 201}, Refused),
        ({"level": AlertLevel.ADVISORY}, HazardError),
        ({"areas": [SOUTH] * 501}, Refused),
    ],
)
def test_what_cannot_be_proposed_is_refused_and_nothing_is_kept(
    engine: Engine, database: Database, other: dict[str, Any], kind: type[Exception]
) -> None:
    before = loaded.everything(database)
    with pytest.raises(kind):
        ask(engine, **other)
    assert loaded.everything(database) == before
    assert database.one("SELECT count(*) FROM order_proposal") == 0


def test_the_same_is_not_proposed_twice(engine: Engine, database: Database) -> None:
    number = ask(engine, OPERATOR, "南町２丁目")
    with pytest.raises(Refused, match=f"同じ提案が承認を待っています: 提案 {number}"):
        ask(engine, OTHER)
    assert ask(engine, OTHER, level=L3) == number + 1


def test_the_whole_city_is_proposed_by_saying_so(engine: Engine, database: Database) -> None:
    approve(engine, APPROVER, ask(engine, areas=[], whole_city=True), now=NOW)
    assert orders(database) == [("flood", 4, [])]


def test_headquarters_follows_a_proposal(engine: Engine, database: Database) -> None:
    number = ask(engine)
    query = f"SELECT state->>'decision' FROM live_state WHERE key = 'proposal:{number}'"  # noqa: S608
    assert database.rows(query) == [(None,)]
    approve(engine, APPROVER, number, now=NOW)
    assert database.rows(query) == [("approved",)]


def test_who_decides_while_a_city_is_loaded_decides_on_the_new_one(
    engine: Engine, database: Database
) -> None:
    number, taken_back = ask(engine), ask(engine, level=L3)
    works = [
        lambda: approve(engine, APPROVER, number, now=NOW),
        lambda: withdraw(engine, OPERATOR, taken_back, now=NOW),
        lambda: ask(engine, OTHER, NORTH),
        lambda: propose_lift(engine, OPERATOR, 1, reason="水が引いた", now=NOW),
    ]
    for work in works:
        with ThreadPoolExecutor() as pool, engine.connect() as load:
            begun = load.begin()
            inforce.hold_openings(load)
            waiting = pool.submit(work)
            wait_for("it waits", lambda: loaded.waits_for_lock(database, "LOCK TABLE site_opening"))
            begun.commit()
            waiting.result(timeout=30)
    assert orders(database) == [("flood", 4, [SOUTH])]


def unopened(engine: Engine, hazard: HazardKind, *names: str) -> list[str]:
    with transaction(engine) as connection:
        found = unopened_sites(connection, current_load(connection), hazard, names)
    return [site["id"] for site in found]


def test_an_order_warns_of_the_places_in_it_that_are_not_open(engine: Engine) -> None:
    assert unopened(engine, FLOOD, NORTH) == ["E1", "E3"]
    changes.open_site(engine, "E1", Opening.OPEN)
    assert unopened(engine, FLOOD, NORTH) == ["E3"]
    changes.open_site(engine, "E3", Opening.FULL)
    assert unopened(engine, FLOOD, NORTH) == []


def test_rule_01_only_places_for_that_hazard_are_to_be_opened(engine: Engine) -> None:
    assert unopened(engine, SLIDE, NORTH) == ["E1", "E3", "E4"]
    assert unopened(engine, FLOOD) == ["E1", "E2", "E3"]


def test_an_area_without_a_place_warns_of_the_nearest(engine: Engine) -> None:
    assert unopened(engine, SLIDE, SOUTH) == ["E4", "E1", "E3"]
    changes.open_site(engine, "E4", Opening.OPEN)
    assert unopened(engine, SLIDE, SOUTH) == ["E1", "E3"]
