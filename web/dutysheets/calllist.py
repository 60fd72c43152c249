"""要配慮者利用施設の電話の一覧, on paper for those who call."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from web.dutysheets.cells import UNKNOWN, Cell, facts, level_cell, note, sheet, strong, table
from web.dutysheets.stamp import Stamp

TITLE: Final = "要配慮者利用施設 電話の一覧"
PRIVATE: Final = "本部と電話受付だけの紙です。電話番号を外に出さない。使い終わったら本部へ戻す。"
NONE: Final = "想定の区域と発令中の区域に施設はない"
NO_LIST: Final = "市のデータに施設の一覧がない（市のファイルの [sources.facilities]）"
NO_PHONE: Final = "番号がない"
_HEAD: Final = ("順", "施設", "警戒レベル", "想定の区域", "人数", "電話", "最後の電話・相手・返事")
_WIDTHS: Final = ("auto", "1.2fr", "auto", "1fr", "auto", "88pt", "1.15fr")


def call_sheet(
    listed: Sequence[Mapping[str, Any]], counts: Mapping[str, int], stamp: Stamp
) -> dict[str, Any]:
    """Whom to call next first; those outside every zone and order are counted, not listed."""
    shown = [one for one in listed if one["in_zone"] or one["level"]]
    heads = facts(
        (
            ("発令中の区域にある施設", f"{counts['ordered']}"),
            ("まだ伝わっていない", f"{counts['due']}"),
            ("伝わった", f"{counts['told']}"),
            ("応援が必要", f"{counts['help']}"),
        )
    )
    rows = (_row(n, one, stamp) for n, one in enumerate(shown, start=1))
    told = table("", _HEAD, _WIDTHS, rows, none=NONE if listed else NO_LIST, unit="施設")
    outside = len(listed) - len(shown)
    rest = note(
        f"このほか、想定の区域の外で発令もない施設が {outside} あります"
        "（区域の外も、安全とは限りません）。"
    )
    return sheet(
        TITLE,
        [note(PRIVATE, stop=True), heads, told, *([rest] if outside else [])],
        about="水防法15条の3・土砂災害防止法8条の2",
        flipped=True,
        letters=8.5,
    )


def _row(place: int, one: Mapping[str, Any], stamp: Stamp) -> list[Cell]:
    persons = UNKNOWN if one["persons"] is None else f"{one['persons']}人"
    return [
        strong(str(place)) if one["due"] else str(place),
        f"{one['name']}（{one['kind']}）{one['address']}" if one["kind"] else one["name"],
        level_cell(one["level"]),
        "、".join(one["zones"]) or "区域の外",
        persons,
        strong(one["phone"] or NO_PHONE),
        _called(one, stamp),
    ]


def _called(one: Mapping[str, Any], stamp: Stamp) -> Cell:
    call = next((call for call in one["calls"] if call["stands"]), None)
    if call is None:
        return strong("未連絡") if one["due"] else "未連絡"
    told = f"レベル{call['level']}を伝えた。" if call["level"] else ""
    words = [f"{stamp.clock(call['at'])} {call['word']}。{told}", call["told"], call["note"]]
    return "".join([words[0], *(f"{word}。" for word in words[1:] if word), f"（{call['by']}）"])
