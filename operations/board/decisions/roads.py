"""Streets whose suspension has come of age, and reports that nobody decided on."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from data import tables
from hazards.closure import COMES_OF_AGE, ClosureBasis
from hazards.observation import ObservationState
from operations.board.decisions.asking import act, clock, decision
from operations.board.look import Line, Look, Section, moment

FIELD: Final = "/hq/field"
STAYS_SHUT: Final = "閉じたままです。案内はこの道を通りません。自動では開きません。"
UNDECIDED: Final = "止めた道は止まったまま、止めていない道は開いたまま、未確認として残ります。"


def of_age(look: Look, closures: Section) -> Iterator[Line]:
    """Suspensions that nobody at headquarters has looked at for an hour (`safety.md` 6)."""
    for row in closures.values():
        looked = moment(row["reviewed_at"] or row["at"])
        if row["basis"] != ClosureBasis.SUSPENDED or looked is None:
            continue
        asks_at = looked + COMES_OF_AGE
        if asks_at <= look.now:
            yield _closure(look, row, asks_at)


def reports(look: Look) -> Iterator[Line]:
    """All reports that nobody decided on, as one."""
    table = tables.observation
    query = select(func.count().label("n"), func.min(table.c.received_at).label("oldest"))
    query = query.where(
        table.c.city_code == look.code,
        table.c.state == ObservationState.REPORTED,
        table.c.merged_into.is_(None),
        table.c.set_aside == "",
    )
    row = look.connection.execute(query).one()
    if row.n:
        yield decision(
            "reports",
            "reports",
            title=f"未確認の現地報告 {row.n:,}件",
            what=f"古いもので {clock(look, row.oldest)} 受付。正しい・誤り・解消を決めます。",
            if_nobody=UNDECIDED,
            since=row.oldest,
            href=FIELD,
        )


def _closure(look: Look, row: Line, asks_at: datetime) -> Line:
    street = row["street"] or row["called"]
    return decision(
        f"closure:{row['id']}",
        "closure",
        title=f"{street}の一時停止が60分を過ぎた",
        what=f"{row['reason']}。報告 {row['reports']}件。"
        f"{clock(look, row['at'])}から。続けるか、開けるか。開けられるのは本部だけです。",
        if_nobody=STAYS_SHUT,
        due=asks_at,
        since=asks_at,
        href=FIELD,
        acts=[act("s", "まだ通れない（続ける）", f"/closures/{row['id']}/stands", {})],
    )
