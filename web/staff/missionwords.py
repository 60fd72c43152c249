"""What headquarters and a team read of a mission: what is wrong, and what to do next."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from hazards.mission import Due, Mission, MissionState

NEXT: Final[Mapping[Due, str]] = {
    Due.RECALL: "無線・電話で呼び戻しを伝え、聞いたことを確認してください。",
    Due.WITHDRAWAL: "戻ったかを無線・電話で確かめ、戻っていれば「帰着」にしてください。",
    Due.CHECK_IN: "無線・電話で呼んでください。答えがあれば「定時連絡」にしてください。",
}
CALL_RESCUERS: Final = "呼び続け、消防（119）などへ引き継いで、どこに伝えたかを書いてください。"
HANDED: Final = "「{to}」へ引き継ぎました。戻ったら「帰着」にしてください。"
HEARD_AGAIN: Final = (
    "引き継いだあとに班から連絡がありました。無事なら「連絡がついた」にし、引き継いだ先にも"
    "伝えてください。"
)
GO_BACK: Final = "呼び戻し：任務をやめて、すぐ安全な所へ戻ってください。"
CONFIRM: Final = "読んだら「撤収します」を押してください。"
CANNOT: Final = (
    "戻れないときは、その場でいちばん安全な高い所へ。無線か電話で本部へ。命が危なければ 119。"
)
WITHDRAW: Final = "撤収時刻を過ぎました。すぐ戻り、着いたら「戻りました」を押してください。"
CHECK_IN: Final = "定時連絡の時刻を過ぎました。無事なら「無事です」を押してください。"
LOOKED_FOR: Final = "本部から連絡がつきません。無線か電話で、すぐ本部へ知らせてください。"
BACK: Final = "帰着を記録しました。"


def next_step(mission: Mission, to: str, now: datetime) -> str:
    """What headquarters does now; "" where nothing is due. `to`: whom it called already."""
    if not mission.is_outside:
        return ""
    if mission.escalated_at is not None:
        if mission.last_heard > mission.escalated_at:
            return HEARD_AGAIN
        return HANDED.format(to=to) if to else CALL_RESCUERS
    dues = mission.dues(now)
    return next((words for due, words in NEXT.items() if due in dues), "")


def field_words(mission: Mission, now: datetime) -> list[str]:
    """What a team reads, the most urgent first."""
    if mission.state is MissionState.RETURNED:
        return [BACK]
    dues = mission.dues(now)
    said: list[str] = []
    if mission.recalled_at is not None:
        said += [GO_BACK, *([] if mission.recall_confirmed_at else [CONFIRM]), CANNOT]
    elif Due.WITHDRAWAL in dues:
        said += [WITHDRAW, CANNOT]
    if Due.CHECK_IN in dues:
        said.append(CHECK_IN)
    return [LOOKED_FOR, *said] if mission.escalated_at is not None else said
