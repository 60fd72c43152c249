"""The paper of one door list, as plain values for typst. It is typeset when it is asked for, and
kept nowhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from alerts.doors import OUTCOME_WORDS, DoorOutcome
from alerts.registration import AccessNeed
from alerts.scripts.door import Said
from alerts.scripts.head import head_of
from web.alertsheets.doormap import DoorMap
from web.alertsheets.issued import Issued
from web.alertsheets.spelled import names_in, spelled, spoken_message

TITLE: Final = "戸別の一覧"
NEED_WORDS: Final[Mapping[AccessNeed, str]] = {
    AccessNeed.TIME: "時間がかかる",
    AccessNeed.WHEELCHAIR: "車いす",
    AccessNeed.HEARING: "聞こえにくい",
    AccessNeed.SEEING: "見えにくい",
    AccessNeed.CARE: "介助",
    AccessNeed.INFANT: "乳児・妊婦",
}
"""配慮事項 in the fewest letters that are understood."""
PRIVATE: Final = (
    "福祉の情報の紙です。人に見せない、写真に撮らない、置いて帰らない。",
    "戻ったら、この紙を本部へ渡す。",
)
FIELDS: Final = ("全員が戻った時刻", "本部に渡した時刻")


@dataclass(frozen=True, slots=True)
class ListedDoor:
    """A door: its place in the 班, the label of its paper, what it needs, what was told of it."""

    place: int
    label: str
    needs: tuple[AccessNeed, ...] = ()
    outcome: DoorOutcome | None = None


@dataclass(frozen=True, slots=True, eq=False)
class DoorSheet:
    """A list as it is printed.

    `team` is empty, and written by hand, before a team took it; `withdraw`: until when all are
    back, and `printed`, in words; `said`: what is told at each door.
    """

    area: str
    han: int
    team: str
    withdraw: str
    printed: str
    said: Sequence[Said]
    doors: Sequence[ListedDoor]
    area_map: DoorMap | None = None


def door_values(of: Issued, sheet: DoorSheet) -> dict[str, Any]:
    """One page."""
    names = names_in(spoken_message(of.rendered))
    return {
        "kind": "doors",
        "issue": of.head_values(head_of(of.alert, TITLE, of.settings)),
        "title": TITLE,
        "area": f"{sheet.area} {sheet.han}班",
        "team": sheet.team,
        "withdraw": sheet.withdraw,
        "printed": sheet.printed,
        "said": [spelled(line, names) for line in sheet.said],
        "letters": sum(len(one.text) for line in sheet.said for one in line),
        "map": None if sheet.area_map is None else sheet.area_map.values(),
        "outcomes": list(OUTCOME_WORDS.values()),
        "doors": [_row(one) for one in sheet.doors],
        "fields": list(FIELDS),
        "notes": list(PRIVATE),
    }


def _row(door: ListedDoor) -> list[Any]:
    needs = [NEED_WORDS[need] for need in door.needs]
    return [door.place, door.label, needs, [one is door.outcome for one in OUTCOME_WORDS]]
