"""Two reports that tell of the same are shown as one; both go on counting as evidence."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine

from city.staff import Caller
from data.errors import NotThere
from data.live import outbox as live
from data.live.outbox import Topic
from data.observing import observations
from operations.changes.change import changing
from operations.errors import Refused
from operations.observing.deciding import NO_REPORT, check_headquarters
from operations.observing.report import REPORTS


def merge(engine: Engine, by: Caller, number: UUID, into: UUID, *, now: datetime) -> None:
    """Say that a report tells of the same as another one.

    Raises `NotThere`, `MayNotDecide`, and `Refused` for itself, or where the other one is merged
    into a third: that one is meant.
    """
    check_headquarters(by)
    if number == into:
        raise Refused("同じ報告です。もう一方の報告を選んでください。")
    with changing(engine, by) as change:
        connection, code = change.connection, change.load.code
        held = {
            one: observations.find(connection, code, one, hold=True)
            for one in sorted((number, into))
        }
        if None in held.values():
            raise NotThere(NO_REPORT)
        other = held[into]
        if other is not None and other.merged_into is not None:
            raise Refused(
                "その報告は、もう別の報告にまとめられています。まとめた先を選んでください。"
            )
        observations.merge(connection, number, into)
        live.put(connection, Topic.HEADQUARTERS, REPORTS, {"id": str(number)})
        change.note("observation.merged", number, into=str(into))
