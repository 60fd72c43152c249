"""A level for an area, or its lifting, that one person proposes and another one sets."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from city.staff import Caller, CallerKind, Role
from hazards.errors import Decided, MayNotDecide, SelfApproval
from hazards.kinds import AlertLevel, HazardKind


class ProposalState(StrEnum):
    """提案中, and how it ended."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


PROPOSAL_WORDS: Final[Mapping[ProposalState, str]] = {
    ProposalState.PROPOSED: "承認待ち",
    ProposalState.APPROVED: "承認",
    ProposalState.REJECTED: "却下",
    ProposalState.WITHDRAWN: "取り下げ",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed, by the person with that number.

    No area names mean the whole city. `lifts` is the number of the order that is to be lifted:
    hazard, level and areas are that order's then.
    """

    number: int
    hazard: HazardKind
    level: AlertLevel
    area_names: tuple[str, ...]
    proposed_by: int
    lifts: int | None = None
    state: ProposalState = ProposalState.PROPOSED


def check_proposer(by: Caller) -> int:
    """The number of a person who may propose; raises `MayNotDecide`.

    A tablet or the console is nobody: a second person could not be told from the first.
    """
    if by.kind is not CallerKind.STAFF or by.id is None:
        raise MayNotDecide(
            "自分の名前でログインしてから提案・承認してください"
            "（sign in with an account of your own to propose or decide）"
        )
    if not by.roles & {Role.OPERATOR, Role.APPROVER}:
        raise MayNotDecide("提案できるのは本部だけです（only headquarters proposes）")
    return by.id


def check_decision(proposal: Proposal, decision: ProposalState, by: Caller) -> int:
    """The number of whoever decides; raises `Decided`, `SelfApproval`, `MayNotDecide`.

    Only who proposed it withdraws it; only another person, an approver, approves or rejects it.
    """
    person = check_proposer(by)
    if proposal.state is not ProposalState.PROPOSED:
        done = PROPOSAL_WORDS[proposal.state]
        raise Decided(
            f"提案 {proposal.number} はもう{done}になっています（it is {proposal.state} already）"
        )
    own = person == proposal.proposed_by
    if decision is ProposalState.WITHDRAWN:
        if not own:
            raise MayNotDecide(
                "取り下げられるのは提案した人だけです（only its proposer withdraws it）"
            )
    elif own and decision is ProposalState.APPROVED:
        raise SelfApproval("自分の提案は承認できません（nobody approves their own proposal）")
    elif own:
        raise SelfApproval("自分の提案は、却下ではなく取り下げてください（withdraw it instead）")
    elif Role.APPROVER not in by.roles:
        raise MayNotDecide("承認と却下は承認者だけができます（only an approver decides）")
    return person
