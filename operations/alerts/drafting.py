"""Drafts: written, changed, submitted, withdrawn by people of headquarters."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row

from alerts.errors import NotFit
from alerts.kinds import Status, Step
from alerts.life import OUT, STATE_WORDS, RevisionState, check_author, check_step
from city.area import in_order
from city.staff import Caller
from data import inforce
from data.alerts import revisions
from data.database import transaction
from data.people import audit
from data.people.staff import names
from data.rows import current_load
from operations.alerts.checking import check_now
from operations.alerts.draft import Draft, Written, checked
from operations.alerts.following import check_follows
from operations.alerts.orders import check_order
from operations.alerts.telling import tell
from operations.alerts.where import Where, where_before, where_of
from operations.bulletins.board import renew_after_draft
from operations.refusals import refusals


def draft(
    engine: Engine, by: Caller, given: Draft, *, alert: int | None = None, now: datetime
) -> int:
    """Write a draft: of a new alert, or as the next revision of one; returns its id.

    Raises `AlertError` and its kinds, `NotThere`, `Refused`.
    """
    with (
        refusals(engine, by, "alert", "" if alert is None else str(alert)),
        transaction(engine, latest=True) as connection,
    ):
        person, load = check_author(by), city(connection)
        before = None if alert is None else _check_next(connection, load.code, alert, given)
        words, where = checked(given, now), _where(connection, load, given, before)
        if before is not None:
            check_follows(connection, load, before, given.step, where, given)
        if alert is None:
            if given.step is not Step.ISSUE:
                raise NotFit("最初の版は「発表」です（the first revision issues it）")
            alert = revisions.add_alert(connection, load.code, given.status, given.kind)
        row = revisions.add_revision(
            connection,
            alert,
            city_code=load.code,
            made_by=person,
            step=given.step,
            **_values(given, words, where, now),
        )
        said = {"alert": alert, "revision": row.revision, "step": given.step}
        _tell(connection, load, row.id, by, "alert.drafted", **said)
        renew_after_draft(connection, load, now)
        return int(row.id)


def rewrite(engine: Engine, by: Caller, number: int, given: Draft, *, now: datetime) -> None:
    """Change a draft; whoever does so has written it. Raises as `draft` does."""
    with (
        refusals(engine, by, "alert", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        person, load = check_author(by), city(connection)
        row = revisions.get(connection, load.code, number, hold=True)
        hands = revisions.hands_of(row)
        check_step(hands, RevisionState.DRAFT)
        _check_same(row, given)
        words, where = checked(given, now), _where(connection, load, given, row)
        values = _values(given, words, where, now)
        writers = sorted(hands.writers | {person})
        revisions.change(connection, number, writers=writers, **values)
        _tell(connection, load, number, by, "alert.rewritten")


def submit(engine: Engine, by: Caller, number: int, *, now: datetime) -> None:
    """Put a draft before an approver; raises `NotFit` with what stops it."""
    with (
        refusals(engine, by, "alert", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        person, load = check_author(by), city(connection)
        row = revisions.get(connection, load.code, number, hold=True)
        check_step(revisions.hands_of(row), RevisionState.DRAFT)
        check_order(connection, load, row)
        found = check_now(connection, load, row, now)
        found.raise_if_stopped()
        revisions.change(
            connection,
            number,
            state=RevisionState.SUBMITTED,
            submitted_by=person,
            submitted_at=now,
            **found.stored(),
        )
        _tell(connection, load, number, by, "alert.submitted")


def withdraw(engine: Engine, by: Caller, number: int, *, why: str = "", now: datetime) -> None:
    """Take back what did not go out yet; anybody of headquarters may."""
    with (
        refusals(engine, by, "alert", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        person, load = check_author(by), city(connection)
        row = revisions.get(connection, load.code, number, hold=True)
        hands = revisions.hands_of(row)
        check_step(hands, RevisionState.DRAFT, RevisionState.SUBMITTED)
        values = {"decided_by": person, "decided_at": now, "decided_why": why}
        revisions.take_back(connection, row, state=RevisionState.WITHDRAWN, **values)
        _tell(connection, load, number, by, "alert.withdrawn")


def city(connection: Connection) -> Row[Any]:
    """The city that everything is checked against: a load that is ending is waited for."""
    inforce.wait_for_load(connection)
    return current_load(connection)


def _where(connection: Connection, load: Row[Any], given: Draft, before: Row[Any] | None) -> Where:
    if not given.same_area:
        return where_of(connection, load, given)
    if before is not None:
        return where_before(before)
    raise NotFit("前の版がありません。区域を選んでください（there is no revision before）")


def _values(given: Draft, words: Written, where: Where, now: datetime) -> dict[str, Any]:
    return {
        "hazard": given.hazard,
        "level": None if given.level is None else int(given.level),
        "area_names": in_order(where.names),
        "whole_city": where.whole_city,
        "geom": where.stored,
        "segment": where.segment,
        "subject": words.subject,
        "reason": words.reason,
        "action": words.action,
        "expires_at": words.expires_at,
        "made_at": now,
    }


def _check_next(connection: Connection, code: str, alert: int, given: Draft) -> Row[Any]:
    """Only what went out has a next revision, and a drill stays a drill; the one that went out."""
    before = revisions.of_alert(connection, alert)
    mine = [row for row in before if row.city_code == code]
    out = [row for row in mine if RevisionState(row.state) in OUT]
    if not out or given.step is Step.ISSUE:
        raise NotFit(
            "送信した配信だけを、更新・取消・解除できます"
            "（only what went out is updated, cancelled or cleared）"
        )
    if out[-1].step in {Step.CANCEL, Step.ALL_CLEAR}:
        raise NotFit("この配信は終わっています。新しく作ってください（it is over: begin anew）")
    row = revisions.get(connection, code, out[-1].id)
    if (Status(row.status), row.kind) != (given.status, given.kind):
        raise NotFit("訓練と実災害、種類は、途中で変えられません（status and kind stay）")
    for one in mine:
        if one.state in {RevisionState.DRAFT, RevisionState.SUBMITTED}:
            raise NotFit(_waits(connection, one))
    return row


def _waits(connection: Connection, row: Row[Any]) -> str:
    """Which next revision is open, and how to be rid of it."""
    who = names(connection, [row.made_by]).get(row.made_by, "")
    return (
        f"この配信には、まだ決まっていない第{row.revision}版があります"
        f"（{STATE_WORDS[RevisionState(row.state)]}、起案 {who}、番号 {row.id}）。"
        "それを承認か却下するか、取り下げてから、作ってください"
        f"（revision {row.revision} waits: decide on it or withdraw it）"
    )


def _check_same(row: Row[Any], given: Draft) -> None:
    """A draft stays what it was begun as: its words change, not what it is."""
    if (Status(row.status), row.kind, row.step) != (given.status, given.kind, given.step):
        raise NotFit(
            "訓練と実災害、種類、発表・更新・取消・解除の別は、下書きのあとから変えられません。"
            "取り下げて、新しく作ってください（status, kind and step stay: begin anew）"
        )


def _tell(
    connection: Connection, load: Row[Any], number: int, by: Caller, action: str, **details: Any
) -> None:
    tell(connection, load, number)
    audit.record(connection, by, action, str(number), **details)
