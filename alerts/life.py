"""The life of a revision: who may do what with it, and from which state.

draft → submitted → approved → sending → sent. Two people: whoever wrote or submitted it never
approves it (`safety.md` 14). Alone sends a named officer who breaks the glass: with a reason, and
another one countersigns afterwards.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from alerts.errors import NotYours, WrongStep
from alerts.kinds import Step
from city.staff import Caller, CallerKind, Role


class RevisionState(StrEnum):
    """How far a revision is; `STOPPED` is said of the sending (`stopped_at`), not here."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


STATE_WORDS: Final[Mapping[RevisionState, str]] = {
    RevisionState.DRAFT: "下書き",
    RevisionState.SUBMITTED: "承認待ち",
    RevisionState.APPROVED: "承認",
    RevisionState.SENDING: "送信中",
    RevisionState.SENT: "送信済み",
    RevisionState.REJECTED: "却下",
    RevisionState.WITHDRAWN: "取り下げ",
}
OUT: Final = frozenset({RevisionState.APPROVED, RevisionState.SENDING, RevisionState.SENT})
"""Its words have gone out, or are going."""


class Duty(StrEnum):
    """For what somebody was named beforehand."""

    DEPUTY = "deputy"
    BREAK_GLASS = "break_glass"


@dataclass(frozen=True, slots=True)
class Hands:
    """Through whose hands a revision went, by number, and how far it is."""

    state: RevisionState
    writers: frozenset[int]
    submitted_by: int | None = None
    decided_by: int | None = None
    glass: bool = False
    countersigned: bool = False

    @property
    def wrote(self) -> Set[int]:
        """Who wrote any of it, whoever wrote last, or submitted it."""
        return self.writers | ({self.submitted_by} if self.submitted_by is not None else set())


def check_author(by: Caller) -> int:
    """The number of a person of headquarters; raises `NotYours`.

    A tablet or the console is nobody: a second person could not be told from the first.
    """
    if by.kind is not CallerKind.STAFF or by.id is None:
        raise NotYours(
            "自分の名前でログインしてから操作してください（sign in with an account of your own）"
        )
    if not by.roles & {Role.OPERATOR, Role.APPROVER}:
        raise NotYours("配信を作れるのは本部だけです（only headquarters drafts alerts）")
    return by.id


def check_step(hands: Hands, *needed: RevisionState) -> None:
    """Raise `WrongStep` unless the revision is in one of these states."""
    if hands.state not in needed:
        raise WrongStep(
            f"この版はもう「{STATE_WORDS[hands.state]}」です。画面を開き直してください"
            f"（it is {hands.state} already）"
        )


def check_approver(hands: Hands, by: Caller) -> int:
    """The number of whoever decides on a submitted revision; raises `WrongStep`, `NotYours`."""
    person = check_author(by)
    check_step(hands, RevisionState.SUBMITTED)
    if Role.APPROVER not in by.roles:
        raise NotYours("承認と却下は承認者だけができます（only an approver decides）")
    if person in hands.wrote:
        raise NotYours(
            "自分が書いた、または提出した配信は承認できません"
            "（nobody approves what they wrote or submitted）"
        )
    return person


def check_glass(hands: Hands, by: Caller, delegated: Set[int], step: Step) -> int:
    """The number of the delegated officer who sends alone; raises `WrongStep`, `NotYours`.

    It is for warning: nobody takes a warning back alone.
    """
    person = check_author(by)
    if step not in {Step.ISSUE, Step.UPDATE}:
        raise NotYours(
            "取消と解除は、単独では送れません（nobody cancels or clears alone: it is for warning）"
        )
    check_step(hands, RevisionState.DRAFT, RevisionState.SUBMITTED)
    if person not in delegated:
        raise NotYours(
            "緊急の単独送信は、前もって指名された職員だけができます"
            "（only a named officer sends alone）"
        )
    return person


def check_countersigner(hands: Hands, by: Caller) -> int:
    """The number of whoever signs afterwards: another approver; raises `WrongStep`, `NotYours`."""
    person = check_author(by)
    check_step(hands, *OUT)
    if not hands.glass or hands.countersigned:
        raise WrongStep("連署を待つ配信ではありません（it waits for no countersignature）")
    if Role.APPROVER not in by.roles or person in hands.wrote | {hands.decided_by}:
        raise NotYours(
            "連署できるのは、送った人とは別の承認者だけです（another approver countersigns）"
        )
    return person
