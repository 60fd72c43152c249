"""開設状況: which step may follow which, by whose word, and the chain that opens a place.

Headquarters may take every step of `STEPS`, whoever stands at the place those of `AT_THE_PLACE`.
Nobody says UNCONFIRMED: it is what the plan says before anyone has spoken.

閉鎖 goes to 開設準備 or straight to 開設: who hears that the door is open must be able to say so
at once, and not by way of a preparation that never was. A place opened by mistake is closed,
never 未開設 again: somebody may have gone there. 危険・孤立 comes from anywhere, by the word of
anybody who works for the city; only headquarters, who hears of more than one place, takes it back.
"""

from collections.abc import Mapping, Set
from enum import StrEnum
from typing import Final

from city.staff import Role
from shelters.errors import NotAStep
from shelters.place import Opening

UNCONFIRMED, UNOPENED, PREPARING = Opening.UNCONFIRMED, Opening.UNOPENED, Opening.PREPARING
OPEN, FULL, CLOSED, ENDANGERED = Opening.OPEN, Opening.FULL, Opening.CLOSED, Opening.ENDANGERED

OPENING_WORDS: Final[Mapping[Opening, str]] = {
    UNCONFIRMED: "計画では開設（未確認）",
    UNOPENED: "未開設",
    PREPARING: "開設準備",
    OPEN: "開設",
    FULL: "満員",
    CLOSED: "閉鎖",
    ENDANGERED: "危険・孤立",
}

STEPS: Final[Mapping[Opening, frozenset[Opening]]] = {
    UNCONFIRMED: frozenset({UNOPENED, PREPARING, OPEN, FULL, CLOSED, ENDANGERED}),
    UNOPENED: frozenset({PREPARING, OPEN, CLOSED, ENDANGERED}),
    PREPARING: frozenset({UNOPENED, OPEN, CLOSED, ENDANGERED}),
    OPEN: frozenset({FULL, CLOSED, ENDANGERED}),
    FULL: frozenset({OPEN, CLOSED, ENDANGERED}),
    CLOSED: frozenset({PREPARING, OPEN, ENDANGERED}),
    ENDANGERED: frozenset({UNOPENED, PREPARING, OPEN, FULL, CLOSED}),
}
"""What may follow: headquarters may say all of it."""

AT_THE_PLACE: Final[Mapping[Opening, frozenset[Opening]]] = {
    UNCONFIRMED: frozenset({OPEN, FULL, ENDANGERED}),
    UNOPENED: frozenset({OPEN, ENDANGERED}),
    PREPARING: frozenset({OPEN, ENDANGERED}),
    OPEN: frozenset({FULL, ENDANGERED}),
    FULL: frozenset({OPEN, ENDANGERED}),
    CLOSED: frozenset({ENDANGERED}),
    ENDANGERED: frozenset(),
}
"""What the desk of a place may say of it."""

HEADQUARTERS: Final = frozenset({Role.OPERATOR, Role.APPROVER})
OUTSIDE: Final = frozenset({Role.DESK, Role.PHONE, Role.FIELD})
"""Who is told, or sees, that a place is in danger."""


class Stage(StrEnum):
    """How far the opening of a place has come, while it is PREPARING."""

    KEY_HOLDER = "key_holder"
    STAFF_ON_THE_WAY = "staff_on_the_way"
    STAFF_ARRIVED = "staff_arrived"


STAGE_WORDS: Final[Mapping[Stage, str]] = {
    Stage.KEY_HOLDER: "鍵の管理者に連絡済み",
    Stage.STAFF_ON_THE_WAY: "職員が向かっています",
    Stage.STAFF_ARRIVED: "職員が到着",
}


def check_step(before: Opening, after: Opening, roles: Set[Role]) -> None:
    """Raise `NotAStep` unless somebody in these roles may say that a place is `after` now.

    What is so already may be said again by whoever may say it at all.
    """
    if roles & HEADQUARTERS:
        allowed = STEPS[before] | ({before} - {UNCONFIRMED})
    elif Role.DESK in roles:
        allowed = AT_THE_PLACE[before] | ({before} & {OPEN, FULL, ENDANGERED})
    elif roles & OUTSIDE and after is ENDANGERED:
        return
    else:
        raise NotAStep(
            "開設状況は、避難場所の受付か本部が入力します（the desk or headquarters says so）"
        )
    if after not in allowed:
        raise NotAStep(_not_a_step(before, after, headquarters=after in STEPS[before]))


def check_chain(opening: Opening, *, stage: Stage | None, expects: bool) -> None:
    """Raise `NotAStep` for a stage or an expected time of a place that is not being opened."""
    if opening is not PREPARING and (stage or expects):
        raise NotAStep(
            "開設の段階と見込みの時刻は、開設準備の間だけ入れられます"
            "（a stage or an expected time belongs to 開設準備 alone）"
        )


def _not_a_step(before: Opening, after: Opening, *, headquarters: bool) -> str:
    what = f"{OPENING_WORDS[before]}から{OPENING_WORDS[after]}には変えられません"
    if headquarters:
        return f"{what}。本部に電話してください（only headquarters may: call it）"
    following = "、".join(OPENING_WORDS[one] for one in Opening if one in STEPS[before])
    return f"{what}。次は {following} です（{before} → {after} is no step）"
