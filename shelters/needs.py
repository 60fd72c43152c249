"""What a place asks headquarters for, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from shelters.errors import NotAStep


class NeedKind(StrEnum):
    """What is needed. `DANGER` also says that the place itself is in danger, at once."""

    AMBULANCE = "ambulance"
    SUPPLIES = "supplies"
    DANGER = "danger"
    STAFF = "staff"


NEED_WORDS: Final[Mapping[NeedKind, str]] = {
    NeedKind.AMBULANCE: "救急車",
    NeedKind.SUPPLIES: "物資",
    NeedKind.DANGER: "危険・孤立",
    NeedKind.STAFF: "応援の職員",
}


class NeedState(StrEnum):
    """送信済み → 対応中 → 完了, or 対応できない with the reason."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DONE = "done"
    REFUSED = "refused"


NEED_STATE_WORDS: Final[Mapping[NeedState, str]] = {
    NeedState.SENT: "送信済み",
    NeedState.ACCEPTED: "対応中",
    NeedState.DONE: "完了",
    NeedState.REFUSED: "対応できない",
}

UNANSWERED: Final = (NeedState.SENT, NeedState.ACCEPTED)
"""What still waits for headquarters."""

ANSWERS: Final[Mapping[NeedState, frozenset[NeedState]]] = {
    NeedState.SENT: frozenset({NeedState.ACCEPTED, NeedState.DONE, NeedState.REFUSED}),
    NeedState.ACCEPTED: frozenset({NeedState.ACCEPTED, NeedState.DONE, NeedState.REFUSED}),
    NeedState.DONE: frozenset(),
    NeedState.REFUSED: frozenset(),
}
"""What may follow; what is accepted may be accepted again, with a new time or other words."""


@dataclass(frozen=True, slots=True)
class GivenNeed:
    """A need as a device sent it: its id is the device's own, `at` is by the device's clock."""

    id: UUID
    kind: NeedKind
    words: str
    at: datetime


def check_answer(before: NeedState, after: NeedState) -> None:
    """Raise `NotAStep` unless one state of a need may follow the other."""
    if after not in ANSWERS[before]:
        raise NotAStep(
            f"この要請は{NEED_STATE_WORDS[before]}です。{NEED_STATE_WORDS[after]}には変えられません"
            f"（{before} → {after} is no step）"
        )
