"""A telegram of 気象庁防災情報XML becomes a bulletin, or is set aside with a reason."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from data.errors import BrokenSource
from data.readers.jmaitems import Gathered, Named, area_of
from data.readers.jmakinds import KINDS, Family, subject_of
from data.readers.jmarivers import read_rivers
from data.readers.jmawarnings import read_warnings, region_of, warnings_in
from data.readers.jmaxml import ROOT, Telegram, all_of, open_telegram, text_of
from hazards.bulletin import Bulletin, BulletinItem, Issue
from hazards.bulletinnames import Course

_BODY: Final = f"{ROOT}body/meteorology1/"
_ONLY: Final = "警報・注意報、土砂災害警戒情報、洪水予報などの電文だけを取り込みます"


@dataclass(frozen=True, slots=True)
class SetAside:
    """A telegram that is sound and says nothing that is kept here.

    `kind` is what it is about in words (地震, 津波, …), `title` what the JMA calls its kind.
    """

    kind: str
    title: str
    reason: str


def read_telegram(content: bytes, name: str = "電文") -> Bulletin | SetAside:
    """Read one telegram; `name` is what it is called in a complaint, its file's name say.

    Raises `BrokenSource`, never another error: cut off, an entity, too large, no telegram, or a
    telegram that warns and of which what it warns of cannot be read.
    """
    telegram = open_telegram(content, Path(name))
    known = KINDS.get(telegram.title)
    if known is None:
        subject = subject_of(telegram)
        reason = f"{subject}の電文です（{telegram.title}）。{_ONLY}"
        return SetAside(subject, telegram.title, reason)
    kind, family = known
    if telegram.namespace != _BODY:
        what = f"{telegram.title}の中身の形式が分かりません（an unknown schema of the body）"
        raise BrokenSource(telegram.path, what)
    return _bulletin(telegram, kind, _items(telegram, family))


def _items(telegram: Telegram, family: Family) -> tuple[BulletinItem, ...]:
    """What it warns of. One that lifts everything lists areas without warnings; a broken one lists
    nothing, and must not pass for that.
    """
    if family is Family.RIVER:
        items = read_rivers(telegram)
    elif family is Family.FLASH:
        items = _read_flash(telegram)
    else:
        items = read_warnings(telegram)
    listed = any(all_of(one, "Item/Kind") for one in warnings_in(telegram))
    if items or telegram.issue is Issue.CANCELLED or (listed and family is not Family.RIVER):
        return items
    what = f"{telegram.title}なのに、何の警報かが読めません（nothing that it warns of）"
    raise BrokenSource(telegram.path, what, remedy="電文を受け取り直してください")


def _read_flash(telegram: Telegram) -> tuple[BulletinItem, ...]:
    """府県気象防災速報: its tag says what happened, such as 線状降水帯発生."""
    gathered = Gathered()
    for item in all_of(telegram.head, "Headline/Information/Item"):
        tag = text_of(item, "Kind/Condition")
        if tag:
            named = Named(tag, text_of(item, "Kind/Code"), "発表", Course.ISSUED)
            gathered.add(named, [area_of(one) for one in all_of(item, "Areas/Area")])
    return gathered.items()


def _bulletin(telegram: Telegram, kind: str, items: tuple[BulletinItem, ...]) -> Bulletin:
    return Bulletin(
        kind=kind,
        title=telegram.title,
        heading=telegram.heading,
        status=telegram.status,
        issue=telegram.issue,
        event_id=telegram.event_id,
        serial=telegram.serial,
        series=f"{kind}:{_series(telegram)}",
        office=telegram.office,
        headline=telegram.headline,
        sent_at=telegram.sent_at,
        reported_at=telegram.reported_at,
        target_at=telegram.target_at,
        valid_until=telegram.valid_until,
        items=items,
    )


def _series(telegram: Telegram) -> str:
    """What of all telegrams of a kind the next one replaces.

    The event, without the part behind `_` that is each telegram's own; 気象警報・注意報 has none
    and goes by the regions it is made for, a cancellation by its heading.
    """
    event = telegram.event_id.partition("_")[0]
    return event or region_of(telegram) or telegram.heading
