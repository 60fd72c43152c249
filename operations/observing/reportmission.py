"""Which mission a report may name: one of its sender's own. Any other is left out and said so.

The report counts all the same: it may have waited on a phone for hours, and what is seen in the
field is worth more than for whom it was seen.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import Connection

from city.staff import Caller, Role
from data import missions
from hazards.observation import SourceKind

if TYPE_CHECKING:
    from operations.observing.report import GivenReport

FOR_OTHERS: Final = frozenset({Role.OPERATOR, Role.APPROVER, Role.PHONE})
"""Whoever writes down what any team says."""
_LEFT_OUT: Final = "任務を付けずに受け取りました。任務が違うときは本部に伝えてください"
NO_MISSION: Final = f"任務 {{number}} はありません。{_LEFT_OUT}"
NOT_YOURS: Final = f"任務 {{number}} はあなたの班の任務ではありません。{_LEFT_OUT}"


def not_of_mission(
    connection: Connection, load: Any, given: Sequence[tuple[Caller, "GivenReport"]]
) -> dict[UUID, str]:
    """Why the mission of these reports is left out, by the report's id."""
    named = {one.mission for _, one in given if one.mission is not None}
    members = missions.members_of(connection, load.code, named) if named else {}
    return {
        one.id: words.format(number=one.mission)
        for by, one in given
        if one.mission is not None and (words := _wrong(by, one, members.get(one.mission)))
    }


def _wrong(by: Caller, one: "GivenReport", members: Sequence[str] | None) -> str:
    if members is None:
        return NO_MISSION
    if one.kind is SourceKind.DRONE or by.roles & FOR_OTHERS or by.actor in members:
        return ""
    return NOT_YOURS
