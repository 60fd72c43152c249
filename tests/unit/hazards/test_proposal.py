"""Who may propose, and who may decide."""

from dataclasses import replace
from itertools import product

import pytest

from city.staff import CONSOLE, PUBLIC, SYSTEM, Caller, CallerKind, Role
from hazards.errors import Decided, MayNotDecide, SelfApproval
from hazards.kinds import AlertLevel, HazardKind
from hazards.proposal import (
    PROPOSAL_WORDS,
    Proposal,
    ProposalState,
    check_decision,
    check_proposer,
)

APPROVED, REJECTED = ProposalState.APPROVED, ProposalState.REJECTED
WITHDRAWN = ProposalState.WITHDRAWN
ONE = Proposal(7, HazardKind.FLOOD, AlertLevel.ALL_LEAVE, (), proposed_by=1)
ENDED = [APPROVED, REJECTED, WITHDRAWN]


def person(number: int, *roles: Role) -> Caller:
    return Caller(CallerKind.STAFF, number, "架空 花子", frozenset(roles))


@pytest.mark.parametrize("decision", [APPROVED, REJECTED])
def test_rule_14_another_person_decides_and_only_an_approver(decision: ProposalState) -> None:
    assert check_decision(ONE, decision, person(2, Role.APPROVER)) == 2
    with pytest.raises(MayNotDecide):
        check_decision(ONE, decision, person(2, Role.OPERATOR))
    with pytest.raises(SelfApproval):
        check_decision(ONE, decision, person(1, Role.OPERATOR, Role.APPROVER))


def test_only_the_proposer_withdraws() -> None:
    assert check_decision(ONE, WITHDRAWN, person(1, Role.OPERATOR)) == 1
    with pytest.raises(MayNotDecide):
        check_decision(ONE, WITHDRAWN, person(2, Role.APPROVER))


@pytest.mark.parametrize(("state", "decision"), list(product(ENDED, ENDED)))
def test_what_is_decided_is_decided(state: ProposalState, decision: ProposalState) -> None:
    decided = replace(ONE, state=state)
    for by in (person(1, Role.APPROVER), person(2, Role.APPROVER)):
        with pytest.raises(Decided, match=PROPOSAL_WORDS[state]):
            check_decision(decided, decision, by)


@pytest.mark.parametrize(
    "by",
    [
        PUBLIC,
        SYSTEM,
        CONSOLE,
        Caller(CallerKind.DEVICE, 2, "端末", frozenset({Role.APPROVER})),
        *(person(2, role) for role in set(Role) - {Role.OPERATOR, Role.APPROVER}),
    ],
)
def test_nobody_proposes_without_a_name_and_headquarters_role(by: Caller) -> None:
    with pytest.raises(MayNotDecide):
        check_proposer(by)
    with pytest.raises(MayNotDecide):
        check_decision(ONE, APPROVED, by)
