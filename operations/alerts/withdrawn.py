"""Why the papers of a revision are not printed any more."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row

from alerts.delivery import is_over
from alerts.kinds import AlertKind, Step
from alerts.life import OUT, RevisionState
from data.alerts import revisions
from data.alerts.levelfive import level_five

WITHDRAWN: Final = "取り下げ"
_ENDS: Final = frozenset({Step.CANCEL, Step.ALL_CLEAR})


def why_withdrawn(connection: Connection, revision: Row[Any], now: datetime) -> str | None:
    """In words; None while its papers are printed, and for what did not go out.

    `data.alerts.printjobs.WANTED` is the same for rows of the queue.
    """
    if RevisionState(revision.state) not in OUT:
        return None
    newest = revisions.newest_out(connection, revision.alert_id)
    if newest is not None and newest.id != revision.id:
        return f"{WITHDRAWN}：第{newest.revision}版に替わりました（replaced）"
    if revision.stopped_at is not None:
        return f"{WITHDRAWN}：送信を止めました（stopped）"
    if is_over(revision.expires_at, now):
        return f"{WITHDRAWN}：期限が過ぎました（expired）"
    if names := _under_five(connection, revision):
        return (
            f"{WITHDRAWN}：{names}に警戒レベル5が出ています。その区域を除いた新しい配信を出して"
            "ください（level 5 stands there: issue a new alert without that area）"
        )
    return None


def _under_five(connection: Connection, revision: Row[Any]) -> str:
    """Where level 5 stands over words that tell people to leave."""
    if AlertKind(revision.kind) is not AlertKind.EVACUATION or Step(revision.step) in _ENDS:
        return ""
    return "、".join(level_five(connection, revision).area_names)
