"""What headquarters reads of alerts: each revision, how far it is, who waits for whom."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row

from alerts.capcodes import ENDING
from alerts.kinds import Step
from alerts.life import OUT, RevisionState
from data import inforce, tables
from data.alerts import delegates, listing, revisions
from data.delivery import carriers, progress
from data.people import staff
from data.rows import current_load
from operations.alerts.checking import check_now
from operations.alerts.forbidden import forbidden
from operations.alerts.telling import iso
from operations.alerts.waiting import waiting_now
from operations.registering import keyring

TESTED_WITHIN: Final = timedelta(minutes=10)
"""A channel whose last passed test is older is red: an untested channel is not a working one."""
_PEOPLE: Final = ("made_by", "submitted_by", "decided_by", "countersigned_by")
_MOMENTS: Final = (
    "made_at",
    "submitted_at",
    "decided_at",
    "deputies_called_at",
    "countersigned_at",
    "expires_at",
    "expanded_at",
    "sent_at",
    "stopped_at",
)


def board(connection: Connection, now: datetime) -> dict[str, Any]:
    """What waits, what stands and the newest revisions, the channels and their tests, and who was
    named beforehand.
    """
    load = current_load(connection)
    rows = listing.listed(connection, load.code, now)
    standing = listing.standing(connection, load.code)
    names = staff.names(connection, {getattr(row, one) for row in rows for one in _PEOPLE})
    named = delegates.named(connection, load.code)
    return {
        "alerts": [summary(row, names) | {"in_force": row.id in standing} for row in rows],
        "waiting": waiting_now(connection, load),
        "untold": _untold(connection, load.code, listing.tellers(connection, rows, standing)),
        "keys_lost": keyring.count_lost(connection),
        "channels": [channel_line(row, now) for row in carriers.list_states(connection)],
        "delegates": [
            {"number": row.id, "duty": row.duty, "rank": row.rank}
            | {"staff": row.staff_id, "name": row.name}
            for row in named
        ],
    }


def whole(connection: Connection, number: int, now: datetime) -> dict[str, Any]:
    """One revision: its words on every medium, what the linter says, whom it reaches, progress.

    What did not go out is checked as things are now; what did is told as it went.
    """
    load = current_load(connection)
    row = revisions.get(connection, load.code, number)
    names = staff.names(connection, {getattr(row, one) for one in _PEOPLE})
    newest = revisions.newest_out(connection, row.alert_id)
    told = summary(row, names) | {
        "reason": row.reason,
        "action": row.action,
        "decided_why": row.decided_why,
        "alone_why": row.glass_why,
        "stopped_why": row.stopped_why,
        "over": newest is not None and Step(newest.step) in ENDING,
    }
    if RevisionState(row.state) in {RevisionState.DRAFT, RevisionState.SUBMITTED}:
        found = check_now(connection, load, row, now)
        stops = forbidden(connection, load, row)
        findings = [asdict(one) for one in (*stops, *found.findings)]
        return told | {**found.stored(), "findings": findings, "progress": []}
    stored = {"rendered": row.rendered, "blast": row.blast, "digest": row.digest, "findings": []}
    channels = progress.by_channel(connection, number) if RevisionState(row.state) in OUT else []
    return told | stored | {"progress": channels}


def summary(row: Row[Any], names: dict[int, str]) -> dict[str, Any]:
    """A revision in a line, with the names of those through whose hands it went."""
    return {
        "number": row.id,
        "alert": row.alert_id,
        "revision": row.revision,
        "status": row.status,
        "kind": row.kind,
        "step": row.step,
        "hazard": row.hazard,
        "level": row.level,
        "area_names": list(row.area_names),
        "whole_city": row.whole_city,
        "where": row.segment.get("by", "areas"),
        "subject": row.subject,
        "state": row.state,
        "alone": row.glass_why is not None,
        **{name: names.get(getattr(row, name)) for name in _PEOPLE},
        **{name: iso(getattr(row, name)) for name in _MOMENTS},
    }


def _untold(connection: Connection, city: str, told: Mapping[int, int]) -> list[dict[str, Any]]:
    """Orders in force of which no alert tells: somebody set a level and told nobody. `told`: of
    those of which one does, which.
    """
    return [
        {"order": row.id, "hazard": row.hazard, "level": row.level}
        | {"area_names": list(row.area_names), "since": iso(row.begun_at)}
        for row in inforce.standing(connection, tables.evacuation_order, city)
        if row.id not in told
    ]


def channel_line(row: Row[Any], now: datetime) -> dict[str, Any]:
    """A channel as headquarters reads it: it works only when its newest test passed, and lately."""
    passed = row.test_passed_at
    lately = passed is not None and now - passed <= TESTED_WITHIN
    shut = row.shut_until is not None and row.shut_until > now
    gone = carriers.is_gone(row, now)
    return {
        "channel": row.channel,
        "credential": row.credential,
        "status": row.status,
        "works": lately and not row.test_why and not shut and not gone,
        "gone": gone,
        "tested_at": iso(row.tested_at),
        "test_passed_at": iso(passed),
        "why": row.failed_why if shut else row.test_why,
        "shut_until": iso(row.shut_until) if shut else None,
        "accepted_at": iso(row.accepted_at),
        "left": row.letters_left,
    }
