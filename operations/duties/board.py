"""The list of the duties: how far each is, until when, and by which print it goes out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from data import dutyentries
from data.database import transaction
from data.rows import current_load
from operations.duties.deciding import decision_table
from operations.duties.entries import Form, shown
from operations.duties.firstreport import first_report
from operations.duties.printing import PRINT_WORDS, PrintKind
from operations.duties.seen import Seen, seen
from operations.facilities.listing import call_list, counts
from web.staff.hqboardrows import mode_of

Line = Mapping[str, Any]


def board(engine: Engine, now: datetime) -> dict[str, Any]:
    """Everything that the page of the duties shows. Raises `NoCity`."""
    with transaction(engine) as connection:
        found = seen(connection, now)
        table, report = decision_table(found), first_report(found)
        calls = counts(call_list(connection, now))
        wind = shown(dutyentries.newest(connection, found.load.code, Form.WIND))
        entered = shown(dutyentries.newest(connection, found.load.code, Form.REPORT))
    return {
        "now": now.isoformat(),
        "zone": found.card.timezone,
        "mode": mode_of(found.state["city"]["city"]),
        "traced": found.stamp.traced,
        "missing": found.stamp.missing_words,
        "duties": duties(found, table, report, calls),
        "decisions": table,
        "report": report,
        "entered": {"wind": wind, "report4": entered},
    }


def calls_now(engine: Engine, now: datetime) -> dict[str, Any]:
    """The call list with its telephone numbers: for headquarters and the phone desk alone."""
    with transaction(engine) as connection:
        zone = current_load(connection).card["timezone"]
        listed = call_list(connection, now)
    return {
        "now": now.isoformat(),
        "zone": zone,
        "counts": counts(listed),
        "facilities": listed,
    }


def duties(
    found: Seen, table: Line, report: Line, calls: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Each with its state in words, whether it presses, and until when (None: no moment)."""
    return [
        _decisions(table),
        _calls(calls),
        _report(report, found.now),
        _duty(PrintKind.HANDOVER, "いつでも印刷できます", None, presses=False),
        _duty(PrintKind.SITUATION, "いつでも印刷できます（A3）", None, presses=False),
        _duty(PrintKind.DISTRICTS, "いつでも印刷できます", None, presses=False),
    ]


def _decisions(table: Line) -> dict[str, Any]:
    reached = [one for one in table["criteria"] if one["reached"] and one["open"]]
    words = (
        f"基準に達し、発令していないもの {len(reached)}件"
        if reached
        else "基準に達して発令していないものはありません"
    )
    unknown = sum(one["unknown"] and one["open"] for one in table["criteria"])
    if unknown:
        words += f"、水位が分からず判断できない基準 {unknown}件"
    due = _next_deadline(table["city_deadlines"].values())
    return _duty(PrintKind.DECISIONS, words, due, presses=bool(reached))


def _next_deadline(deadlines: Any) -> str | None:
    """The first of the latest moments to order that is not past."""
    return min((one["at"] for one in deadlines if one and not one["past"]), default=None)


def _calls(calls: Mapping[str, int]) -> dict[str, Any]:
    if not calls["all"]:
        words = "市のデータに施設の一覧がありません"
    elif calls["due"]:
        words = f"発令中の区域で、まだ伝わっていない {calls['due']}施設"
    else:
        words = f"いま電話する施設はありません（全{calls['all']}施設）"
    more = f"、応援が必要 {calls['help']}施設" if calls["help"] else ""
    presses = bool(calls["due"] or calls["help"])
    return _duty(PrintKind.CALLS, words + more, None, presses=presses)


def _report(report: Line, now: datetime) -> dict[str, Any]:
    if report["known_at"] is None:
        return _duty(
            PrintKind.REPORT, "覚知の時刻を書くと、30分を数え始めます", None, presses=False
        )
    if report["sent_at"] is not None:
        words = f"第{report['report'] - 1}報を送りました"
        return _duty(PrintKind.REPORT, words, None, presses=False)
    late = datetime.fromisoformat(report["due"]) <= now
    words = "第一報の30分を過ぎました。分かる範囲で送ります" if late else "第一報がまだです"
    return _duty(PrintKind.REPORT, words, report["due"], presses=True)


def _duty(kind: PrintKind, words: str, due: str | None, *, presses: bool) -> dict[str, Any]:
    return {
        "name": str(kind),
        "title": PRINT_WORDS[kind],
        "words": words,
        "due": due,
        "presses": presses,
    }
