"""Under which names files tell place, kind, time, words and error of a 現地報告."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

LAT, LON, KIND, STATUS, AT, DATE, CLOCK = "lat", "lon", "kind", "status", "at", "date", "clock"
NAME, NOTE, ERROR, DEPTH, LINK = "name", "note", "error", "depth", "link"

_SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    LAT: ("緯度", "北緯", "latitude", "lat", "y"),
    LON: ("経度", "東経", "longitude", "lon", "lng", "long", "x"),
    KIND: (
        *("種別", "種類", "分類", "区分", "報告種別", "被害種別", "被害区分", "災害種別", "事象"),
        *("kind", "type", "category", "hazard", "event_type"),
    ),
    STATUS: ("状態", "対応状況", "対応", "ステータス", "status", "state"),
    AT: (
        *("日時", "発見日時", "確認日時", "発生日時", "報告日時", "撮影日時", "観測日時"),
        *("datetime", "date_time", "timestamp", "seen_at", "observed_at", "time", "when"),
    ),
    DATE: ("日付", "年月日", "月日", "date"),
    CLOCK: ("時刻", "時間", "発見時刻", "確認時刻", "clock"),
    NAME: ("名称", "名前", "件名", "タイトル", "表題", "name", "title"),
    NOTE: (
        *("内容", "状況", "説明", "備考", "詳細", "メモ", "コメント", "報告内容", "場所", "住所"),
        *("note", "notes", "description", "desc", "cmt", "comment", "remarks", "text"),
    ),
    ERROR: (
        *("誤差", "誤差半径", "位置誤差", "水平誤差", "精度", "位置精度", "水平精度"),
        *("error", "accuracy", "horizontal_accuracy", "haccuracy", "hacc", "error_radius"),
    ),
    DEPTH: ("深さ", "水深", "浸水深", "冠水深", "depth"),
    LINK: ("リンク", "写真url", "動画url", "link", "url", "href"),
}
"""Each in the order in which it counts where a file has several."""
MOST_COLUMNS: Final = 100
MOST_TEXT: Final = 2_000
"""Letters of one cell that are looked at."""
_UNIT: Final = re.compile(r"[(\[](m|メートル|十進|度|deg|degrees)[)\]]$|_m$|m$(?<=[誤差精度]m)")


def plain_name(name: str) -> str:
    """A column's name without spaces, unit and case; full-width letters as half-width ones."""
    folded = "".join(unicodedata.normalize("NFKC", name).split()).casefold()
    return _UNIT.sub("", folded)


def bounded(words: Mapping[str, str]) -> dict[str, str]:
    """No more columns and letters than a person writes."""
    return {name[:100]: text[:MOST_TEXT] for name, text in islice(words.items(), MOST_COLUMNS)}


def value(words: Mapping[str, str], key: str) -> str:
    """What a row tells under any name of `key`, the first that is filled in; "" for none."""
    return next(iter(_values(words, key)), "")


def all_values(words: Mapping[str, str], *keys: str) -> list[str]:
    """What a row tells under all names of several keys, each once."""
    return list(dict.fromkeys(text for key in keys for text in _values(words, key)))


def is_told(names: Iterable[str], key: str) -> bool:
    """Whether a table has a column for `key`."""
    return bool({plain_name(name) for name in names} & set(_SPELLINGS[key]))


def known_among(names: Iterable[str]) -> int:
    """How many of these names tell anything."""
    plain = {plain_name(name) for name in names}
    return sum(1 for spellings in _SPELLINGS.values() if plain & set(spellings))


def _values(words: Mapping[str, str], key: str) -> list[str]:
    plain: dict[str, str] = {}
    for name, text in words.items():
        if text.strip():
            plain.setdefault(plain_name(name), text.strip())
    return [plain[name] for name in _SPELLINGS[key] if name in plain]
