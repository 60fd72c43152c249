"""What became of a suggestion, and who may decide on it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from city.staff import Caller, CallerKind
from hazards.errors import Decided
from hazards.proposal import check_proposer


class SuggestionState(StrEnum):
    """It waits for a person, who takes it up or passes it over (見送り)."""

    WAITING = "waiting"
    TAKEN = "taken"
    PASSED_OVER = "passed_over"


IN_DRAFTING: Final = "下書き中"
"""Of one that is taken up while no draft of it is stored."""
SUGGESTION_WORDS: Final[Mapping[SuggestionState, str]] = {
    SuggestionState.WAITING: "判断待ち",
    SuggestionState.TAKEN: "発令案に採用",
    SuggestionState.PASSED_OVER: "見送り",
}


def check_taker(by: Caller) -> None:
    """Raise `MayNotDecide` for whoever may not make a proposal of a suggestion."""
    check_proposer(by)


def check_passer(by: Caller) -> None:
    """Raise `MayNotDecide` for whoever may not pass one over: headquarters may, and the console.

    Nothing is in force by it, so no second person is needed; the audit log says who it was.
    """
    if by.kind is not CallerKind.CONSOLE:
        check_proposer(by)


def check_open(number: int, state: SuggestionState, *, in_drafting: bool) -> None:
    """Raise `Decided` for a suggestion on which somebody has decided.

    One that was taken up stays open while it is `in_drafting`: no draft of it is stored.
    """
    if state is not SuggestionState.WAITING and not in_drafting:
        words = SUGGESTION_WORDS[state]
        raise Decided(f"候補 {number} はもう{words}になっています（it is {state} already）")
