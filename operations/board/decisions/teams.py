"""Teams that are overdue, and people for whose rescue nobody goes."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from alerts.doors import ANSWERS_WITHIN as DOORS_ANSWER
from data import missions
from data import rescues as cases
from hazards.mission import ANSWERS_WITHIN, MissionState, MissionStep
from operations.board.decisions.asking import act, area_words, clock, decision
from operations.board.look import Line, Look, Section, moment
from operations.rescues.board import SILENT, warning_of

FIELD: Final = "/hq/field"
ALERTS: Final = "/hq/alerts"
HANDED: Final = "「引き継ぎ」のまま残ります。119・消防へは自動では連絡しません。"
NOBODY_GOES: Final = "だれも向かいません。自動では手配されません。"
UNHEARD: Final = "班が着いたかは、わからないままです。ほかの班は自動では手配されません。"


def overdue(look: Look, teams: Section) -> Iterator[Line]:
    """Those that did not answer, withdraw or check in, at doors too."""
    reached = {row.id: row.reached_at for row in missions.outside(look.connection, look.code)}
    for key, row in teams.items():
        since = moment(row["overdue_since"])
        if since is not None:
            mission = None if row["doors"] else row["number"]
            yield _team(look, key, row, since, reached.get(mission))


def rescues(look: Look) -> Iterator[Line]:
    """Cases to which no team goes that can; no place and no words of anybody."""
    for row in cases.listed(look.connection, look.code, look.now):
        why = warning_of(row)
        if why:
            yield decision(
                f"rescue:{row.id}",
                "rescue",
                title=f"救助待ち {row.id}番",
                what=f"{clock(look, row.opened_at)}受付。{why}",
                if_nobody=UNHEARD if why == SILENT else NOBODY_GOES,
                due=row.opened_at,
                since=row.opened_at,
                href=FIELD,
                acts=[
                    act(
                        *("h", "引き渡した"),
                        f"/rescues/{row.id}",
                        {"state": "handed_over"},
                        asks="引き渡した先（消防・警察など）",
                        field="outcome",
                    )
                ],
            )


def _team(look: Look, key: str, row: Line, since: datetime, reached: datetime | None) -> Line:
    handed = row["escalated_at"] is not None
    wait = DOORS_ANSWER if row["doors"] else ANSWERS_WITHIN
    due = since if handed else max(since, reached or since) + wait
    heard = f"最後の連絡 {clock(look, row['last_heard'])}。" if row["last_heard"] else ""
    where = f"{area_words(row['area_names'])}。" if row["area_names"] else ""
    return decision(
        f"team:{key}",
        "team",
        title=f"{row['team']}：{row['word']}",
        what=f"{where}撤収 {clock(look, row['withdraw_at'])}。{heard}無線か電話で呼びます。",
        if_nobody=HANDED if handed else _alone(look, due),
        due=due,
        since=since,
        href=ALERTS if row["doors"] else FIELD,
        acts=_at_doors(row) if row["doors"] else _on_mission(row),
    )


def _alone(look: Look, due: datetime) -> str:
    """What happens by itself, or should have: nobody may wait for a clock that stands still."""
    by_itself = f"{clock(look, due)}に自動で「引き継ぎ」に"
    late = "なるはずでしたが、まだです。人が引き継ぎます"
    return f"{by_itself}{late if due < look.now else 'なります'}。119へは人が電話します。"


def _on_mission(row: Line) -> list[Line]:
    path = f"/missions/{row['number']}"
    heard = {
        MissionState.ESCALATED: MissionStep.REACHED,
        MissionState.RECALLED: MissionStep.CONFIRM_RECALL,
    }.get(MissionState(row["state"]), MissionStep.CHECK_IN)
    word = "呼び戻しを聞いたと確認" if heard is MissionStep.CONFIRM_RECALL else "連絡がついた"
    return [
        act("c", word, path, {"do": heard}),
        act("b", "帰着した", path, {"do": MissionStep.RETURN}),
        act(
            *("h", "引き継いだ", path, {"do": MissionStep.ESCALATE}),
            asks="引き継いだ先（119・消防など）",
            field="to",
        ),
    ]


def _at_doors(row: Line) -> list[Line]:
    path = f"/doors/{row['number']}"
    back = act("b", "帰着した", f"{path}/back", {})
    if row["escalated_at"]:
        return [back]
    asks = "引き継いだ先（119・消防など）"
    return [
        back,
        act("h", "引き継いだ", f"{path}/escalated", {}, asks=asks),
    ]
