"""防災気象情報: what the JMA says; never an order, never an alert. It sets and lifts nothing.

Names and words stay the JMA's own. Both generations of names make one model; what a name means is
in `hazards/bulletinnames.py`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Final

from city.area import folded
from hazards.bulletinnames import Course, meaning_of
from hazards.kinds import HazardKind

JST: Final = timezone(timedelta(hours=9), "JST")
"""The JMA speaks in Japan's time."""

OF_A_MOMENT: Final = frozenset({"VPOA50", "VPBS50"})
"""Kinds that tell what happened and name no end."""
LASTS: Final = timedelta(hours=3)
"""How long those count as now: after three hours the JMA tells of a rain band again where it is
still there (顕著な大雨に関する気象情報 †)."""

_ABOLISHED: Final = "避難" + "勧告"
_INSTEAD: Final = "［避難指示］"
"""避難指示 replaced that word on 2021-05-20; brackets show that it is not the JMA's."""


class Status(StrEnum):
    """運用種別: only 通常 is meant for people."""

    NORMAL = "通常"
    TRAINING = "訓練"
    TEST = "試験"


class Issue(StrEnum):
    """情報形態: a new statement, one that mends or withdraws another, one that is late."""

    ISSUED = "発表"
    CORRECTED = "訂正"
    CANCELLED = "取消"
    DELAYED = "遅延"


class AreaKind(StrEnum):
    """What a named area is, which its code tells."""

    MUNICIPALITY = "municipality"
    REGION = "region"
    STRETCH = "stretch"
    RIVER = "river"
    COAST = "coast"


@dataclass(frozen=True, slots=True)
class BulletinArea:
    """An area by the JMA's code: 市町村等 (7 digits, the first five those of the city's own code),
    府県予報区・細分区域 (6), 河川 (10), 予報区域 of a river's forecast (12), 高潮予報区間.
    """

    code: str
    name: str
    kind: AreaKind


@dataclass(frozen=True, slots=True)
class BulletinItem:
    """One warning as it stands in some areas.

    `name` as the JMA writes it, such as レベル４土砂災害危険警報 or 大雨警報（土砂災害）;
    `condition` its status word, such as 発表, 継続, 警報から注意報, 洪水警報（発表）; `formerly`
    the name that stood before, "" where the telegram does not say.
    """

    name: str
    code: str
    condition: str
    course: Course
    areas: tuple[BulletinArea, ...]
    formerly: str = ""

    @property
    def level(self) -> int | None:
        """警戒レベル that the name says or implies, 1 to 5."""
        return meaning_of(self.name).level

    @property
    def level_is_said(self) -> bool:
        """Whether the name itself says the level, as those of the newer generation do."""
        return meaning_of(self.name).said

    @property
    def hazards(self) -> tuple[HazardKind, ...]:
        """What it warns of; none for thunder, snow, wind and the like."""
        return meaning_of(self.name).hazards

    @property
    def in_force(self) -> bool:
        """Whether it stands in its areas: not where it is lifted (解除)."""
        return self.course is not Course.ENDED

    @property
    def is_lowered(self) -> bool:
        """Whether it stands there instead of something higher."""
        before = meaning_of(self.formerly).level or 0
        return self.course is Course.LOWERED or before > (self.level or 0)

    @property
    def stretch(self) -> str:
        """The forecast stretch of a river's bulletin, "" for others."""
        return next((one.name for one in self.areas if one.kind is AreaKind.STRETCH), "")

    @property
    def rivers(self) -> tuple[str, ...]:
        """The rivers of a river's bulletin."""
        return tuple(one.name for one in self.areas if one.kind is AreaKind.RIVER)

    def is_of_river(self, river: str) -> bool:
        """Whether it speaks of that river, or of a stretch with its name."""
        return folded(river) in {folded(name) for name in (*self.rivers, self.stretch) if name}


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One telegram of 気象庁防災情報XML that warns.

    `kind` is the type code such as VPWW54, `title` what the JMA calls the kind, `heading` what it
    calls this telegram. `series`: of one series the newest telegram counts and no other. Times are
    aware; `valid_until` is None where the telegram names no end.
    """

    kind: str
    title: str
    heading: str
    status: Status
    issue: Issue
    event_id: str
    serial: str
    series: str
    office: str
    headline: str
    sent_at: datetime
    reported_at: datetime
    target_at: datetime | None
    valid_until: datetime | None
    items: tuple[BulletinItem, ...]

    @property
    def is_real(self) -> bool:
        """Whether it is meant: neither a drill nor a test."""
        return self.status is Status.NORMAL

    @property
    def is_cancelled(self) -> bool:
        """Whether it withdraws an earlier one (取消)."""
        return self.issue is Issue.CANCELLED

    @property
    def shown_headline(self) -> str:
        """The headline for people, in one line; a word that the law has given up is replaced."""
        return " ".join(self.headline.replace(_ABOLISHED, _INSTEAD).split())

    @property
    def order(self) -> tuple[datetime, int, datetime]:
        """What sorts the telegrams of one series, the newest last."""
        serial = int(self.serial) if self.serial.isdecimal() else 0
        return (self.reported_at, serial, self.sent_at)

    @property
    def ends_at(self) -> datetime | None:
        """When it ends by itself, None for what stands until the JMA says otherwise."""
        if self.valid_until is None and self.kind in OF_A_MOMENT:
            return self.reported_at + LASTS
        return self.valid_until

    def peak(self, hazard: HazardKind) -> int:
        """The highest level that stands for a hazard, 0 where none does."""
        standing = (one for one in self.items if one.in_force and hazard in one.hazards)
        return max((one.level or 0 for one in standing), default=0)
