"""What somebody writes into a draft, checked as far as it can be without the city."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from alerts.errors import NotFit
from alerts.kinds import AlertKind, Status, Step
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import ORDERED
from hazards.zone import ZoneLayer
from operations.wording import line

LONGEST_TEXT: Final = 400
"""Characters of a reason or an action: more is not heard to its end."""
LASTS: Final = timedelta(hours=2)
"""How long the text of an alert is sent and read, where nobody said: policy, as on the screens."""
LONGEST_LIFE: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Draft:
    """As written. `areas` are names of 町丁目 or districts; `polygon` is a GeoJSON geometry, for
    避難情報 of every 町丁目 that it meets.

    One of `areas`, `polygon` and `whole_city`; what is no 避難情報 may also go to a `zone` of the
    hazard maps, to those whom the plan sends to a `site` (its id), or to those whose way changed
    with a version of the plan (`changed_in`). `same_area` leaves it as it is in the revision that
    is changed or followed. `hazard` and `level` belong to 避難情報 alone.
    """

    kind: AlertKind
    step: Step = Step.ISSUE
    status: Status = Status.ACTUAL
    hazard: HazardKind | None = None
    level: AlertLevel | None = None
    areas: Sequence[str] = ()
    polygon: object | None = None
    whole_city: bool = False
    zone: ZoneLayer | None = None
    site: str | None = None
    changed_in: int | None = None
    same_area: bool = False
    subject: str = ""
    reason: str = ""
    action: str = ""
    expires_at: datetime | None = None

    @property
    def by_plan(self) -> bool:
        """Whether it goes to households that no area names."""
        return any(one is not None for one in (self.zone, self.site, self.changed_in))


@dataclass(frozen=True, slots=True)
class Written:
    """The words of a draft that was found complete."""

    subject: str
    reason: str
    action: str
    expires_at: datetime


def checked(draft: Draft, now: datetime) -> Written:
    """Raises `NotFit` naming what is missing or wrong, `Refused` for a line that is none."""
    given = (draft.polygon, draft.zone, draft.site, draft.changed_in)
    chosen = sum((bool(draft.areas), draft.whole_city, draft.same_area))
    chosen += sum(one is not None for one in given)
    if chosen != 1:
        raise NotFit(
            "区域を選んでください。市内全域なら「全域」を選びます"
            "（name areas, draw one, or say the whole city: exactly one of them）"
        )
    if draft.kind is AlertKind.EVACUATION:
        _check_order(draft)
    elif draft.hazard is not None or draft.level is not None:
        raise NotFit("警戒レベルと災害は、避難情報だけにつきます（only orders have a level）")
    subject = line(draft.subject, "件名", needed=draft.kind is not AlertKind.EVACUATION)
    reason = line(draft.reason, "理由", longest=LONGEST_TEXT, needed=True)
    needs_action = draft.kind is not AlertKind.EVACUATION and draft.step is not Step.CANCEL
    action = line(draft.action, "してほしいこと", longest=LONGEST_TEXT, needed=needs_action)
    return Written(subject, reason, action, _expiry(draft.expires_at, now))


def _check_order(draft: Draft) -> None:
    if draft.hazard is None or draft.level is None:
        raise NotFit("災害の種類と警戒レベルを選んでください（choose a hazard and a level）")
    if draft.by_plan:
        raise NotFit("避難情報の区域は、町丁目・地図・全域で選んでください（an order names areas）")
    if draft.level not in ORDERED:
        raise NotFit("避難情報は警戒レベル 3・4・5 です（an order has level 3, 4 or 5）")


def _expiry(given: datetime | None, now: datetime) -> datetime:
    at = given or now + LASTS
    if at.tzinfo is None:
        raise NotFit("期限の時刻には時差を付けてください（the expiry needs an offset）")
    if at <= now:
        raise NotFit("期限が過ぎています。新しい期限を入れてください（it is expired）")
    if at > now + LONGEST_LIFE:
        raise NotFit(
            "期限は 24 時間以内にしてください。発令そのものは、解除するまで続きます"
            "（at most 24 hours: the order stands until it is lifted）"
        )
    return at
