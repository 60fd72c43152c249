"""One row of a source of information becomes an item, whatever its columns are called."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from data.readers.informationended import Named, reached
from data.readers.observedcolumns import plain_name
from data.readers.observedrow import RowRefused
from data.readers.observedtime import moment
from data.weblinks import can_open
from hazards.information import Item
from hazards.informationcopy import LONGEST_AHEAD, Copy, is_possible, is_possible_time
from hazards.informationlinks import is_link

MOST_ITEMS: Final = 3_000
"""Of one copy; a source with more is not meant for a page."""
LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 600
DECIMALS: Final = 5
"""Of degrees: a metre."""
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "識別子", "番号", "管理番号"),
    "title": ("title", "件名", "見出し", "名称", "name", "施設名", "路線名", "路線", "区間"),
    "text": ("text", "内容", "説明", "description", "summary", "備考", "note", "状況", "理由"),
    "link": ("link", "url", "リンク"),
    "at": ("at", "発表日時", "更新日時", "日時", "発生日時", "updated", "time", "timestamp"),
    "until": ("until", "終了日時", "期限", "expires", "解除予定", "終了予定"),
    "lat": ("lat", "緯度", "latitude"),
    "lon": ("lon", "経度", "longitude", "lng"),
}
_ABOLISHED: Final = "避難" + "勧告"
_INSTEAD: Final = "［避難指示］"
"""As in `hazards/bulletin.py`: brackets show that the word is not the publisher's."""
_TAG: Final = re.compile(r"<[^<>]{0,500}>")


@dataclass(frozen=True, slots=True)
class Told:
    """A row as a file has it: words, where it is (`lost`: unreadable), what alerts it replaces."""

    words: Mapping[str, str]
    place: BaseGeometry | None = None
    lost: bool = False
    alert: Named | None = None
    ends: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """What is not far from the city: a box of (west, south, east, north) in degrees."""

    box: tuple[float, float, float, float]

    def holds(self, item: Item) -> bool:
        """Whether an item reaches into the box; one without a place does."""
        if item.reach is None:
            return True
        west, south, east, north = item.reach
        return not (
            east < self.box[0] or west > self.box[2] or north < self.box[1] or south > self.box[3]
        )


def copy_of(
    rows: Iterable[Told],
    near: Near,
    zone: tzinfo,
    now: datetime,
    *,
    said_at: datetime | None = None,
    only: str = "",
) -> Copy:
    """A copy of rows; those with an impossible place or time, or far away, are only counted.

    Of `only` a row must have a word; one of which none can be read may be meant, and counts. An id
    that is there twice is told apart by what is said.
    """
    read = wrong = far = 0
    items: dict[str, Item] = {}
    for item in _standing(rows, near, zone, now, wanted(only)):
        read += 1
        if item is None:
            wrong += 1
        elif not near.holds(item):
            far += 1
        else:
            items.setdefault(item.id if item.id not in items else _made_id(item), item)
    return Copy(tuple(items.values()), said_at, read, wrong, far)


def _standing(
    rows: Iterable[Told], near: Near, zone: tzinfo, now: datetime, words: Sequence[str]
) -> list[Item | None]:
    """Those that are meant, without alerts of which another one that is kept takes the place."""
    told = list(rows)
    ends = {row.alert: row.ends for row in told if row.alert is not None}
    meant = [
        (row, _item(row, zone, now))
        for row in told
        if (row.lost and not row.words) or is_meant(" ".join(row.words.values()), words)
    ]
    kept = (row for row, item in meant if item is not None and near.holds(item))
    over = reached((one for row in kept for one in row.ends), ends)
    return [item for row, item in meant if row.alert not in over]


def wanted(only: str) -> list[str]:
    """The words of a list with commas."""
    return [one.strip() for one in only.replace("、", ",").split(",") if one.strip()]


def is_meant(said: str, words: Sequence[str]) -> bool:
    """Whether something says one of the words; everything does where there are none."""
    return not words or any(word in said for word in words)


def columns_of(words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What a row says by our own names of columns; the first that is filled in."""
    plain: dict[str, str] = {}
    for name, text in words.items():
        if text.strip():
            plain.setdefault(plain_name(name), text.strip())
    for key, names in _NAMES.items():
        found = next((plain[name] for name in names if name in plain), "")
        if found:
            yield key, found


def link_of(text: str) -> str:
    """An address that a page may lead to; "" for any other."""
    return text if is_link(text) and can_open(text) else ""


def line(text: str, longest: int) -> str:
    """A stranger's words on one line, without tags, cut where they are too long."""
    plain = _TAG.sub(" ", text)
    plain = " ".join("".join(c if c.isprintable() else " " for c in plain).split())
    plain = plain.replace(_ABOLISHED, _INSTEAD)
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


def _item(row: Told, zone: tzinfo, now: datetime) -> Item | None:
    """None where its place or its time cannot be."""
    said = dict(columns_of(row.words))
    at, until = _moment(said.get("at"), zone), _moment(said.get("until"), zone)
    reach = _reach(row.place)
    if row.lost or (row.place is not None and reach is None):
        return None
    if not is_possible_time(at, now) or (until is not None and until > now + LONGEST_AHEAD):
        return None
    title = line(said.get("title") or said.get("text", ""), LONGEST_TITLE) or "（件名なし）"
    point = row.place.representative_point() if row.place is not None else None
    item = Item(
        id=line(said.get("id", ""), 100),
        title=title,
        text=line(said.get("text", ""), LONGEST_TEXT) if said.get("title") else "",
        link=link_of(said.get("link", "")),
        at=at,
        until=until,
        point=(round(point.x, DECIMALS), round(point.y, DECIMALS)) if point is not None else None,
        reach=reach,
    )
    return item if item.id else replace(item, id=_made_id(item))


def _made_id(item: Item) -> str:
    said = f"{item.id} {item.title} {item.text} {item.point}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _reach(place: BaseGeometry | None) -> tuple[float, float, float, float] | None:
    """How far a shape extends; None where there is none, or it cannot be on the earth."""
    if place is None or place.is_empty:
        return None
    west, south, east, north = shapely.bounds(place).tolist()
    if not (is_possible(west, south) and is_possible(east, north)):
        return None
    return (
        round(west, DECIMALS),
        round(south, DECIMALS),
        round(east, DECIMALS),
        round(north, DECIMALS),
    )


def _moment(text: str | None, zone: tzinfo) -> datetime | None:
    """A moment, however it is written; words that are none say nothing."""
    if text:
        with suppress(RowRefused, OverflowError):
            return moment(text, zone)
    return None
