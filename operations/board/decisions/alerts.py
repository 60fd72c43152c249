"""Alerts that wait for an approver or a countersignature, and orders that nobody was told of."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

from alerts.life import Duty, RevisionState
from data.alerts import delegates, listing, revisions
from operations.alerts.clocks import CALLS_AFTER
from operations.alerts.waiting import title_of
from operations.board.decisions.asking import act, area_words, clock, decision, level_words
from operations.board.look import Line, Look
from operations.board.reached import untold_orders

PAGE: Final = "/hq/alerts#{number}"
UNTOLD_PAGE: Final = "/hq/alerts#order-{order}"
SENT_ALONE: Final = "送信は続きます。連署のないことが、監査の記録に残ります。"
UNTOLD: Final = "案内と割当には効いていますが、通知はだれにも送られません。"


def waiting(look: Look) -> Iterator[Line]:
    """Approvals, and countersignatures of what one officer sent alone."""
    named = delegates.named(look.connection, look.code, Duty.DEPUTY)
    for row in listing.waiting(look.connection, look.code):
        if row.state == RevisionState.SUBMITTED:
            wrote = revisions.hands_of(row).wrote
            yield _approval(look, row, any(one.staff_id not in wrote for one in named))
        else:
            yield _countersignature(look, row)


def untold(look: Look) -> Iterator[Line]:
    """Orders in force of which no alert tells: somebody set a level and told nobody. It should have
    been done when it was set.
    """
    for row in untold_orders(look):
        names = list(row.area_names)
        yield decision(
            f"untold:{row.id}",
            "untold",
            title=f"知らせていない発令：{level_words(row.level, row.hazard)}",
            what=f"{area_words(names)}。{clock(look, row.begun_at)}に発令。配信がありません。",
            if_nobody=UNTOLD,
            due=row.begun_at,
            since=row.begun_at,
            href=UNTOLD_PAGE.format(order=row.id),
        )


def _approval(look: Look, row: Row[Any], deputies: bool) -> Line:
    homes = (row.blast or {}).get("households")
    count = "" if homes is None else f"対象 {homes:,}世帯。"
    due = row.submitted_at + CALLS_AFTER
    path = f"/alerts/{row.id}/decision"
    return decision(
        f"alert:{row.id}",
        "approval",
        title=f"配信の承認：{title_of(row)}",
        what=f"{area_words(row.area_names, whole=row.whole_city)}。{count}"
        f"{clock(look, row.submitted_at)}に提出。書いた人・提出した人は承認できません。",
        if_nobody=_unapproved(look, row, deputies),
        due=due,
        since=row.submitted_at,
        href=PAGE.format(number=row.id),
        acts=[
            act(
                *("x", "却下する", path, {"decision": "reject"}),
                role="approver",
                asks="却下の理由",
            )
        ],
    )


def _unapproved(look: Look, row: Row[Any], deputies: bool) -> str:
    """What happens to it without an approver, who is called or cannot be."""
    if row.deputies_called_at is None:
        whom = _calls(look, row.submitted_at + CALLS_AFTER)
        return f"送りません。{whom if deputies else '呼べる副承認者もいません。'}"
    called = f"{clock(look, row.deputies_called_at)}に副承認者を呼びました"
    return (
        f"送りません。{called if deputies else '呼べる副承認者がいません'}。自動では送られません。"
    )


def _calls(look: Look, due: datetime) -> str:
    """When deputies are called by themselves, or should have been."""
    if due < look.now:
        return f"{clock(look, due)}に副承認者を呼ぶはずでしたが、まだです。人が電話で呼びます。"
    return f"{clock(look, due)}に副承認者を呼びます。"


def _countersignature(look: Look, row: Row[Any]) -> Line:
    path = f"/alerts/{row.id}/decision"
    return decision(
        f"alert:{row.id}",
        "countersignature",
        title=f"単独送信の連署：{title_of(row)}",
        what=f"{clock(look, row.decided_at)}に1人で送信しました。別の承認者が確かめて連署します。",
        if_nobody=SENT_ALONE,
        since=row.decided_at,
        href=PAGE.format(number=row.id),
        acts=[
            act(
                *("a", "連署する", path, {"decision": "countersign"}),
                role="approver",
            )
        ],
    )
