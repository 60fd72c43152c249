"""Alerts that wait for a person: an approval, or the countersignature of what was sent alone."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row

from alerts.kinds import KIND_WORDS, AlertKind, Status, Step
from alerts.life import Duty, RevisionState
from data.alerts import delegates, listing, revisions
from data.people import staff
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, AlertLevel, HazardKind
from operations.alerts.telling import iso

_STEPS: Final[Mapping[Step, str]] = {
    Step.ISSUE: "",
    Step.UPDATE: "（更新）",
    Step.CANCEL: "（取消）",
    Step.ALL_CLEAR: "（解除）",
}


def waiting_now(connection: Connection, load: Row[Any]) -> list[dict[str, Any]]:
    """Each with its title in words, since when, by whom, who is called; drills come last.

    Of the deputies those are left out who wrote it: they cannot approve it.
    """
    rows = listing.waiting(connection, load.code)[::-1]
    names = staff.names(connection, {_by(row) for row in rows})
    deputies = delegates.named(connection, load.code, Duty.DEPUTY)
    told = [_told(row, names, deputies) for row in rows]
    return sorted(told, key=lambda one: (one["status"] == Status.EXERCISE, str(one["since"])))


def title_of(row: Row[Any]) -> str:
    """What it is, in words: its level and hazard, or its subject."""
    step, drill = _STEPS[Step(row.step)], "訓練　" if row.status == Status.EXERCISE else ""
    if row.level is None:
        return f"{drill}{row.subject or KIND_WORDS[AlertKind(row.kind)]}{step}"
    level, hazard = LEVEL_WORDS[AlertLevel(row.level)], HAZARD_WORDS[HazardKind(row.hazard)]
    return f"{drill}警戒レベル{row.level} {level}・{hazard}{step}"


def _told(row: Row[Any], names: Mapping[int, str], named: Sequence[Row[Any]]) -> dict[str, Any]:
    approval = row.state == RevisionState.SUBMITTED
    wrote = revisions.hands_of(row).wrote
    called = named if approval and row.deputies_called_at else ()
    return {
        "number": row.id,
        "alert": row.alert_id,
        "revision": row.revision,
        "status": row.status,
        "level": row.level,
        "title": title_of(row),
        "area_names": list(row.area_names),
        "whole_city": row.whole_city,
        "waits_for": "approval" if approval else "countersignature",
        "since": iso(row.submitted_at if approval else row.decided_at),
        "by": names.get(_by(row) or 0, ""),
        "deputies_called_at": iso(row.deputies_called_at) if approval else None,
        "deputies": [
            {"staff": one.staff_id, "name": one.name} for one in called if one.staff_id not in wrote
        ],
    }


def _by(row: Row[Any]) -> int | None:
    """Who submitted it, or sent it alone."""
    found = row.submitted_by if row.state == RevisionState.SUBMITTED else row.decided_by
    return None if found is None else int(found)
