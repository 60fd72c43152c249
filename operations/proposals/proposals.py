"""Orders by two people: one proposes a level, or its lifting; another one, an approver, sets it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from city.staff import Caller
from data import inforce, tables
from data.alerts import revisions
from data.database import transaction
from data.errors import NotThere
from data.people import audit
from data.rows import current_load
from hazards.errors import HazardError
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import ORDERED
from hazards.proposal import ProposalState, check_decision, check_proposer
from operations.bulletins.board import renew_after_draft
from operations.changes import lift_in, set_level_in
from operations.changes.orders import LIFTED
from operations.errors import Refused
from operations.proposals.proposable import check_level, hold_orders, spelled, standing_order
from operations.proposals.proposalstate import name_of, proposal_of, proposed, tell
from operations.refusals import refusals
from operations.wording import line


def propose(
    engine: Engine,
    by: Caller,
    *,
    hazard: HazardKind,
    level: AlertLevel,
    areas: Sequence[str] = (),
    whole_city: bool = False,
    reason: str,
    now: datetime,
) -> int:
    """Propose a level for named areas, or for the whole city; returns the proposal's number.

    Nothing is in force before another person approves it.
    Raises `HazardError` and its kinds, `NotThere`, `Refused`.
    """
    with (
        refusals(engine, by, "proposal"),
        transaction(engine, latest=True) as connection,
    ):
        person, load = check_proposer(by), _city(connection)
        if level not in ORDERED:
            raise HazardError("避難情報は警戒レベル 3・4・5 です（an order has level 3, 4 or 5）")
        if bool(areas) == whole_city:
            raise Refused("区域か市内全域の、どちらかを選んでください（areas, or the whole city）")
        names = spelled(connection, load, areas)
        check_level(connection, load, hazard, level, names)
        asked = {"hazard": hazard, "level": int(level), "area_names": names, "lifts": None}
        return _propose(connection, load, by, person, asked, reason, now)


def propose_lift(engine: Engine, by: Caller, order: int, *, reason: str, now: datetime) -> int:
    """Propose that a standing order be lifted (解除); returns the proposal's number.

    Raises `HazardError` and its kinds, `Refused`.
    """
    with (
        refusals(engine, by, "proposal"),
        transaction(engine, latest=True) as connection,
    ):
        person, load = check_proposer(by), _city(connection)
        found = standing_order(connection, load, order)
        names = list(found.area_names)
        asked = {"hazard": found.hazard, "level": found.level, "area_names": names, "lifts": order}
        return _propose(connection, load, by, person, asked, reason, now)


def propose_any(
    engine: Engine,
    by: Caller,
    *,
    hazard: HazardKind | None = None,
    level: AlertLevel | None = None,
    areas: Sequence[str] = (),
    whole_city: bool = False,
    lifts: int | None = None,
    reason: str,
    now: datetime,
) -> int:
    """Propose a level, or with `lifts` and nothing else the lifting of that order.

    Raises what those do, and `Refused` for both or neither.
    """
    if lifts is not None and not (hazard or level or areas or whole_city):
        return propose_lift(engine, by, lifts, reason=reason, now=now)
    if lifts is not None or hazard is None or level is None:
        raise Refused(
            "災害の種類と警戒レベルか、解除する避難情報の番号かを送ってください"
            "（send a hazard and a level, or the order that is to be lifted）"
        )
    where: dict[str, Any] = {"areas": areas, "whole_city": whole_city}
    return propose(engine, by, hazard=hazard, level=level, **where, reason=reason, now=now)


def approve(engine: Engine, by: Caller, number: int, *, why: str = "", now: datetime) -> int:
    """Set what somebody else proposed; returns the number of the order set or lifted.

    What cannot be set any more stays proposed: an area that went with a new load, a higher level
    that stands meanwhile, an order that was lifted already.
    Raises `HazardError` and its kinds, `NotThere`, `Refused`.
    """
    return decide(engine, by, number, ProposalState.APPROVED, why=why, now=now)


def reject(engine: Engine, by: Caller, number: int, *, why: str = "", now: datetime) -> None:
    """Another person, an approver, does not set it."""
    decide(engine, by, number, ProposalState.REJECTED, why=why, now=now)


def withdraw(engine: Engine, by: Caller, number: int, *, why: str = "", now: datetime) -> None:
    """Who proposed it takes it back."""
    decide(engine, by, number, ProposalState.WITHDRAWN, why=why, now=now)


def _city(connection: Connection) -> Row[Any]:
    """The city that everything is checked against: a load that is ending is waited for."""
    inforce.wait_for_load(connection)
    return current_load(connection)


def _propose(
    connection: Connection,
    load: Row[Any],
    by: Caller,
    person: int,
    asked: dict[str, Any],
    reason: str,
    now: datetime,
) -> int:
    reason = line(reason, "理由", needed=True)
    for other in proposed(connection, load):
        if all(other[key] == value for key, value in asked.items()):
            raise Refused(
                f"同じ提案が承認を待っています: 提案 {other['number']}（it is proposed already）"
            )
    table = tables.order_proposal
    values = {"city_code": load.code, "reason": reason, "proposed_by": person, "proposed_at": now}
    row = connection.execute(table.insert().values(**asked, **values).returning(table)).one()
    tell(connection, row, by.name)
    details = {"hazard": row.hazard, "level": row.level, "areas": row.area_names}
    lifts = {} if row.lifts is None else {"lifts": row.lifts}
    audit.record(connection, by, "proposal.made", str(row.id), **details, **lifts)
    renew_after_draft(connection, load, now)
    return int(row.id)


def decide(
    engine: Engine,
    by: Caller,
    number: int,
    decision: ProposalState,
    *,
    why: str = "",
    now: datetime,
) -> int:
    """Approve, reject or withdraw; the number of the order set or lifted, 0 where none was."""
    with (
        refusals(engine, by, "proposal", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        load, table = _city(connection), tables.order_proposal
        # Whoever decides at the same time waits here, and then finds it decided.
        query = select(table).where(table.c.id == number, table.c.city_code == load.code)
        row = connection.execute(query.with_for_update()).first()
        if row is None:
            raise NotThere(f"提案 {number} はありません（no such proposal）")
        person = check_decision(proposal_of(row), decision, by)
        why = line(why, "わけ")
        approved = decision is ProposalState.APPROVED
        order = _carry_out(connection, load, row, by) if approved else 0
        values = {"decision": decision, "decided_by": person, "decided_at": now}
        values |= {"decided_why": why, "order_id": order or None}
        changed = update(table).where(table.c.id == number).values(**values).returning(table)
        decided = connection.execute(changed).one()
        tell(connection, decided, name_of(connection, row.proposed_by))
        set_or_lifted = {"order": order} if order else {}
        audit.record(connection, by, f"proposal.{decision}", str(number), **set_or_lifted)
        return order


def _carry_out(connection: Connection, load: Row[Any], row: Row[Any], by: Caller) -> int:
    """Set or lift; the order's number."""
    hold_orders(connection)
    if row.lifts is not None:
        standing_order(connection, load, row.lifts)
        lift_in(connection, load, row.lifts, by)
        now = datetime.now(UTC)
        revisions.stop_alerts_of(connection, [row.lifts], by.actor, LIFTED, now)
        return int(row.lifts)
    hazard, level = HazardKind(row.hazard), AlertLevel(row.level)
    names = spelled(connection, load, row.area_names)
    check_level(connection, load, hazard, level, names)
    return set_level_in(connection, load, hazard, level, names, by)
