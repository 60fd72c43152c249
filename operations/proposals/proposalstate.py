"""Proposals out of the database, and as headquarters sees them."""

from typing import Any

from sqlalchemy import Connection, Row, select

from city.staff import CallerKind
from data import tables
from data.live import outbox as live
from hazards.kinds import AlertLevel, HazardKind
from hazards.proposal import Proposal, ProposalState


def proposed(connection: Connection, load: Row[Any]) -> list[dict[str, Any]]:
    """The proposals that wait for a decision, the highest level first, then the oldest."""
    table, staff = tables.order_proposal, tables.staff
    query = (
        select(table, staff.c.name)
        .outerjoin(staff, staff.c.id == table.c.proposed_by)
        .where(table.c.city_code == load.code, table.c.decision.is_(None))
        .order_by(table.c.level.desc(), table.c.id)
    )
    return [proposal_state(row, row.name or "") for row in connection.execute(query)]


def proposal_state(row: Row[Any], name: str) -> dict[str, Any]:
    """A proposal as headquarters sees it, with the name of who proposed it."""
    return {
        "number": row.id,
        "hazard": row.hazard,
        "level": row.level,
        "area_names": list(row.area_names),
        "lifts": row.lifts,
        "reason": row.reason,
        "proposed_by": f"{CallerKind.STAFF}:{row.proposed_by}",
        "proposed_by_name": name,
        "proposed_at": row.proposed_at.isoformat(),
        "decision": row.decision,
        "decided_by": None if row.decided_by is None else f"{CallerKind.STAFF}:{row.decided_by}",
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
        "decided_why": row.decided_why,
        "order": row.order_id,
    }


def proposal_of(row: Row[Any]) -> Proposal:
    """A row as the rules look at it."""
    return Proposal(
        number=row.id,
        hazard=HazardKind(row.hazard),
        level=AlertLevel(row.level),
        area_names=tuple(row.area_names),
        proposed_by=row.proposed_by,
        lifts=row.lifts,
        state=ProposalState(row.decision or ProposalState.PROPOSED),
    )


def name_of(connection: Connection, person: int) -> str:
    """Of a person with an account."""
    table = tables.staff
    query = select(table.c.name).where(table.c.id == person)
    return str(connection.execute(query).scalar() or "")


def tell(connection: Connection, row: Row[Any], name: str) -> None:
    """Put it on the screens of headquarters."""
    state = proposal_state(row, name)
    live.put(connection, live.Topic.HEADQUARTERS, f"proposal:{row.id}", state)
