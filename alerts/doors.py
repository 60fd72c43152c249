"""Door lists: how far a team that calls at doors is, until when it is out, and what it found.

Helpers come home (`safety.md` 13): every list has a withdrawal time, level 5 recalls at once, and
whoever is not known to be back in time is handed on to rescuers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from alerts.errors import NotFit
from alerts.kinds import Step
from hazards.kinds import AlertLevel

LONGEST: Final = timedelta(hours=3)
"""The longest that a list is out: policy, so that a team is looked at again within a turn."""
ANSWERS_WITHIN: Final = timedelta(minutes=10)
"""After a withdrawal or a recall a team is known to be back, or it is escalated: policy."""


class DoorOutcome(StrEnum):
    """What a team found at a door."""

    SPOKE = "spoke"
    ABSENT = "absent"
    REFUSES = "refuses"
    NEEDS_LIFT = "needs_lift"
    NOT_REACHED_STREET = "not_reached_street"


OUTCOME_WORDS: Final[Mapping[DoorOutcome, str]] = {
    DoorOutcome.SPOKE: "話した",
    DoorOutcome.ABSENT: "留守・応答なし",
    DoorOutcome.REFUSES: "話したが避難しない",
    DoorOutcome.NEEDS_LIFT: "話した・送迎が要る",
    DoorOutcome.NOT_REACHED_STREET: "道が通れず行けない",
}
SPOKEN: Final = frozenset({DoorOutcome.SPOKE, DoorOutcome.REFUSES, DoorOutcome.NEEDS_LIFT})
"""Somebody at that door was told: the household is reached, whatever it then does."""


class ListState(StrEnum):
    """How far a list is."""

    WAITING = "waiting"
    HANDED = "handed"
    UNDER_WAY = "under_way"
    OVERDUE = "overdue"
    CANCELLED = "cancelled"
    CLEARED = "cleared"
    RECALLED = "recalled"
    BACK = "back"
    ESCALATED = "escalated"


STATE_WORDS: Final[Mapping[ListState, str]] = {
    ListState.WAITING: "待機",
    ListState.HANDED: "渡した",
    ListState.UNDER_WAY: "進行",
    ListState.OVERDUE: "撤収時刻を過ぎた",
    ListState.CANCELLED: "取り消した文を伝えている",
    ListState.CLEARED: "解除した文を伝えている",
    ListState.RECALLED: "呼び戻し",
    ListState.BACK: "帰着",
    ListState.ESCALATED: "引き継ぎ",
}


@dataclass(frozen=True, slots=True)
class Outing:
    """What is known of a list; `called`: doors of which something was told.

    `ended`: how the alert ended that it is of, None while it stands.
    """

    withdraw_at: datetime
    handed_at: datetime | None = None
    called: int = 0
    recalled_at: datetime | None = None
    back_at: datetime | None = None
    escalated_at: datetime | None = None
    ended: Step | None = None

    @property
    def is_outside(self) -> bool:
        """Whether its team may be out: handed, and nobody said that it is back."""
        return self.handed_at is not None and self.back_at is None

    @property
    def home_by(self) -> datetime:
        """From when on its team must be on its way home."""
        return min(self.recalled_at or self.withdraw_at, self.withdraw_at)

    @property
    def escalates_at(self) -> datetime:
        """When it is escalated unless its team is back."""
        return self.home_by + ANSWERS_WITHIN

    def state(self, now: datetime) -> ListState:
        """How far it is; that a team is back ends everything else."""
        known = (
            (self.back_at is not None, ListState.BACK),
            (self.handed_at is None, ListState.WAITING),
            (self.escalated_at is not None, ListState.ESCALATED),
            (self.recalled_at is not None, ListState.RECALLED),
            (now >= self.withdraw_at, ListState.OVERDUE),
            (self.ended is Step.CANCEL, ListState.CANCELLED),
            (self.ended is Step.ALL_CLEAR, ListState.CLEARED),
            (self.called > 0, ListState.UNDER_WAY),
        )
        return next((state for holds, state in known if holds), ListState.HANDED)

    def must_escalate(self, now: datetime) -> bool:
        """Whether its team should have been back, is not, and nobody was told of it yet."""
        return self.is_outside and self.escalated_at is None and now >= self.escalates_at


def check_withdrawal(withdraw_at: datetime, now: datetime, level: AlertLevel) -> None:
    """Raise `NotFit` unless a team may go out until then; `level` is the highest where it goes."""
    if level >= AlertLevel.SECURE_NOW:
        raise NotFit(
            "警戒レベル5の区域へは、だれも出しません。電話と放送で伝えてください"
            "（level 5: nobody is sent to doors there）"
        )
    if withdraw_at <= now:
        raise NotFit("撤収時刻は、今より後にしてください（the withdrawal is in the past）")
    if withdraw_at - now > LONGEST:
        hours = LONGEST // timedelta(hours=1)
        raise NotFit(f"撤収時刻は {hours} 時間以内にしてください（within {hours} hours）")
