"""要救助: somebody waits for rescue, until they are rescued, handed over, or found not to be there.

Nothing ends a case but a person who says how it ended.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from hazards.errors import NotAState


class RescueState(StrEnum):
    """How far a rescue is."""

    WAITING = "waiting"
    ASSIGNED = "assigned"
    ON_SITE = "on_site"
    RESCUED = "rescued"
    HANDED_OVER = "handed_over"
    NOT_FOUND = "not_found"
    CANCELLED = "cancelled"


STATE_WORDS: Final[Mapping[RescueState, str]] = {
    RescueState.WAITING: "手配待ち",
    RescueState.ASSIGNED: "班を手配",
    RescueState.ON_SITE: "現場に到着",
    RescueState.RESCUED: "救助した",
    RescueState.HANDED_OVER: "引き渡した",
    RescueState.NOT_FOUND: "見つからない",
    RescueState.CANCELLED: "取り消し",
}
ENDED: Final = frozenset(
    {
        RescueState.RESCUED,
        RescueState.HANDED_OVER,
        RescueState.NOT_FOUND,
        RescueState.CANCELLED,
    }
)
WITH_TEAM: Final = frozenset({RescueState.ASSIGNED, RescueState.ON_SITE})
_REOPENED: Final = frozenset({RescueState.WAITING})
STEPS: Final[Mapping[RescueState, frozenset[RescueState]]] = {
    RescueState.WAITING: frozenset(
        {RescueState.ASSIGNED, RescueState.HANDED_OVER, RescueState.CANCELLED}
    ),
    RescueState.ASSIGNED: ENDED | {RescueState.WAITING, RescueState.ASSIGNED, RescueState.ON_SITE},
    RescueState.ON_SITE: ENDED | {RescueState.WAITING, RescueState.ASSIGNED},
    **dict.fromkeys(ENDED, _REOPENED),
}
"""What headquarters may say of each. A team may be changed, or taken away: then it waits again.
What was ended by mistake waits again, too. Nobody is rescued or not found by whom nobody sent."""


def check_step(state: RescueState, to: RescueState) -> None:
    """Raise `NotAState` where headquarters may not say that."""
    if to not in STEPS[state]:
        words = STATE_WORDS[state]
        raise NotAState(
            f"この要救助はいま「{words}」です。画面を開き直してください（the case is {state}）"
        )
