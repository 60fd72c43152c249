"""Missions: how far a team is, from when it is overdue, and what may be said of it.

Helpers come home (`safety.md` 13): every mission carries a withdrawal time, a team that is out
checks in, level 5 recalls it, and whoever does not answer becomes a matter for rescuers. What a
team says from the field counts in any order, and once more changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from hazards.errors import NotAState

CHECKS_IN_EVERY: Final = timedelta(minutes=30)
"""Unless a mission says otherwise: policy."""
ANSWERS_WITHIN: Final = timedelta(minutes=10)
"""So long after it is overdue a team is escalated: policy, as for teams at doors."""

T = TypeVar("T")


class MissionState(StrEnum):
    """How far a team is."""

    OUT = "out"
    RECALLED = "recalled"
    COMING_BACK = "coming_back"
    ESCALATED = "escalated"
    RETURNED = "returned"


STATE_WORDS: Final[Mapping[MissionState, str]] = {
    MissionState.OUT: "活動中",
    MissionState.RECALLED: "呼び戻し（確認待ち）",
    MissionState.COMING_BACK: "呼び戻しを確認・帰着待ち",
    MissionState.ESCALATED: "連絡なし・引き継ぎ",
    MissionState.RETURNED: "帰着",
}


class MissionStep(StrEnum):
    """What is said of a mission: the first three by its team too, the others by headquarters."""

    CHECK_IN = "check_in"
    CONFIRM_RECALL = "recall_confirmed"
    RETURN = "returned"
    RECALL = "recall"
    ESCALATE = "escalate"
    REACHED = "reached"


OF_TEAM: Final = frozenset({MissionStep.CHECK_IN, MissionStep.CONFIRM_RECALL, MissionStep.RETURN})
_ALWAYS: Final = frozenset({MissionStep.CHECK_IN, MissionStep.RETURN})
STEPS: Final[Mapping[MissionState, frozenset[MissionStep]]] = {
    MissionState.OUT: _ALWAYS | {MissionStep.RECALL, MissionStep.ESCALATE},
    MissionState.RECALLED: _ALWAYS
    | {MissionStep.CONFIRM_RECALL, MissionStep.RECALL, MissionStep.ESCALATE},
    MissionState.COMING_BACK: _ALWAYS
    | {MissionStep.CONFIRM_RECALL, MissionStep.RECALL, MissionStep.ESCALATE},
    MissionState.ESCALATED: _ALWAYS
    | {
        MissionStep.CONFIRM_RECALL,
        MissionStep.RECALL,
        MissionStep.ESCALATE,
        MissionStep.REACHED,
    },
    MissionState.RETURNED: OF_TEAM,
}
"""What may be said in each state. A check-in confirms no recall: who pressed it may not have read
it. What a team sent before it was back may come after it."""


class Due(StrEnum):
    """For what a team is overdue."""

    RECALL = "recall"
    WITHDRAWAL = "withdrawal"
    CHECK_IN = "check_in"
    ESCALATED = "escalated"


DUE_WORDS: Final[Mapping[Due, str]] = {
    Due.RECALL: "呼び戻しの確認がない",
    Due.WITHDRAWAL: "撤収時刻を過ぎた",
    Due.CHECK_IN: "定時連絡がない",
    Due.ESCALATED: "引き継いだまま",
}


@dataclass(frozen=True, slots=True)
class Mission:
    """What is known of a mission; moments are aware. `reached_at`: when headquarters last had word
    of a team that it had escalated.
    """

    started_at: datetime
    withdraw_at: datetime
    check_in_every: timedelta = CHECKS_IN_EVERY
    last_check_in: datetime | None = None
    recalled_at: datetime | None = None
    recall_confirmed_at: datetime | None = None
    escalated_at: datetime | None = None
    reached_at: datetime | None = None
    returned_at: datetime | None = None

    @property
    def state(self) -> MissionState:
        """How far it is; that a team is back ends everything else."""
        known = (
            (self.returned_at is not None, MissionState.RETURNED),
            (self.escalated_at is not None, MissionState.ESCALATED),
            (self.recall_confirmed_at is not None, MissionState.COMING_BACK),
            (self.recalled_at is not None, MissionState.RECALLED),
        )
        return next((state for holds, state in known if holds), MissionState.OUT)

    @property
    def is_outside(self) -> bool:
        """Whether its team may be out: nobody said that it is back."""
        return self.returned_at is None

    @property
    def check_in_due_at(self) -> datetime:
        """By when the team must have said that it is well."""
        return (self.last_check_in or self.started_at) + self.check_in_every

    @property
    def last_heard(self) -> datetime:
        """The last word from the team itself, of whatever kind."""
        words = (self.last_check_in, self.recall_confirmed_at, self.reached_at, self.returned_at)
        return max([self.started_at, *(one for one in words if one is not None)])

    def dues(self, now: datetime) -> dict[Due, datetime]:
        """For what it is overdue, and since when; nothing once its team is back."""
        if not self.is_outside:
            return {}
        since: dict[Due, datetime] = {}
        if self.escalated_at is not None:
            since[Due.ESCALATED] = self.escalated_at
        if self.recalled_at is not None and self.recall_confirmed_at is None:
            since[Due.RECALL] = self.recalled_at
        since[Due.WITHDRAWAL] = self.withdraw_at
        since[Due.CHECK_IN] = self.check_in_due_at
        return {due: at for due, at in since.items() if at <= now}

    def overdue_since(self, now: datetime) -> datetime | None:
        """Since when it is overdue for anything; None where it is not."""
        return min(self.dues(now).values(), default=None)

    def must_escalate(self, now: datetime) -> bool:
        """Whether its team was overdue for so long that rescuers must hear of it, and none did."""
        since = self.overdue_since(now)
        if since is None or self.escalated_at is not None:
            return False
        return now >= max(since, self.reached_at or since) + ANSWERS_WITHIN

    def after(self, step: MissionStep, at: datetime) -> "Mission":
        """The mission after a word of `at`; of words of one kind the earliest counts, of check-ins
        the latest. Raises `NotAState` where nobody may say that.
        """
        if step not in STEPS[self.state]:
            words = STATE_WORDS[self.state]
            raise NotAState(f"この班はいま「{words}」です（the team is {self.state}）")
        at = max(at, self.started_at)
        if step is MissionStep.CHECK_IN:
            return replace(self, last_check_in=max(at, self.last_check_in or at))
        if step is MissionStep.RETURN:
            return replace(self, returned_at=min(at, self.returned_at or at))
        if step is MissionStep.CONFIRM_RECALL:
            return self._confirmed(at)
        if step is MissionStep.RECALL:
            return replace(self, recalled_at=self.recalled_at or at)
        if step is MissionStep.ESCALATE:
            return replace(self, escalated_at=self.escalated_at or at)
        return replace(self, escalated_at=None, reached_at=at)

    def _confirmed(self, at: datetime) -> "Mission":
        """Nobody confirms before being recalled, whatever a device's clock says."""
        if self.recalled_at is None:
            return self
        at = max(at, self.recalled_at)
        return replace(self, recall_confirmed_at=min(at, self.recall_confirmed_at or at))


def in_urgency(missions: Iterable[tuple[Mission, T]], now: datetime) -> list[T]:
    """As headquarters reads them: overdue first, the longest first; then by when each is next due;
    last those that are back, the newest first.
    """
    return [what for _, what in sorted(missions, key=lambda one: _urgency(one[0], now))]


def _urgency(mission: Mission, now: datetime) -> tuple[int, float]:
    if mission.returned_at is not None:
        return 2, -mission.returned_at.timestamp()
    since = mission.overdue_since(now)
    if since is not None:
        return 0, since.timestamp()
    return 1, min(mission.check_in_due_at, mission.withdraw_at).timestamp()
