"""町丁目別の一覧: who lives where, who is expected at which place, who is unreached."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hazards.kinds import AlertLevel
from web.dutysheets.cells import UNKNOWN, Cell, level_cell, note, number, sheet, strong, table
from web.dutysheets.counted import target_of
from web.dutysheets.stamp import Stamp

TITLE: Final = "町丁目別の一覧"
FIVE: Final = "直ちに安全確保（避難場所へ向かわせない）"
FEW: Final = "10世帯未満"
COUNTING: Final = "数えています"
UNTOLD: Final = "配信なし"
_HEAD: Final = (
    "町丁目",
    "警戒レベル",
    "発令",
    "世帯",
    "見込み",
    "行き先（世帯）",
    "行き先なし",
    "未到達",
)
_WIDTHS: Final = ("82pt", "auto", "42pt", "auto", "auto", "1fr", "auto", "auto")


def district_sheet(
    rows: Sequence[Mapping[str, Any]], city: Mapping[str, Any], stamp: Stamp
) -> dict[str, Any]:
    """All of them, the highest level first; at level 5 no place is named. `city`: its row of the
    state, for what is of all of them.
    """
    ordered = [one for one in rows if one["level"] >= AlertLevel.ELDERLY_LEAVE]
    target = target_of(city)
    told = UNKNOWN if target is None else f"{target:,}"
    about = f"{len(rows)}町丁目、発令中 {len(ordered)}（世帯 {told}）"
    listed = table(
        "", _HEAD, _WIDTHS, (_row(one, city, stamp) for one in rows), none="町丁目がない"
    )
    words = (
        "見込みは、計画が避難場所ごとに見込む人数（避難率をかけたもの）。"
        "未到達は、知らせが届いたと確かめられない世帯で、10世帯未満の数は出さない。"
        f"「{COUNTING}」は、まだ数え終わっていない。「{UNTOLD}」は、発令を知らせる配信が出ていない。"
        "「一部」は、町丁目の一部だけに発令されている。"
    )
    return sheet(TITLE, [note(words), listed], about=about, letters=8.5)


def _row(one: Mapping[str, Any], city: Mapping[str, Any], stamp: Stamp) -> list[Cell]:
    five = one["level"] >= AlertLevel.SECURE_NOW
    places = "、".join(f"{place['name']} {place['households']:,}" for place in one["places"])
    part = "" if one["whole"] or not one["level"] else "（一部）"
    return [
        strong(one["area"] + part),
        level_cell(one["level"]),
        stamp.clock(one["since"]),
        UNKNOWN if one["households"] is None else f"{one['households']:,}",
        "—" if five else number(one["expected"], "人"),
        strong(FIVE) if five else places or "—",
        "—" if five else UNKNOWN if one["no_place"] is None else f"{one['no_place']:,}",
        _unreached(one, city, stamp),
    ]


def _unreached(one: Mapping[str, Any], city: Mapping[str, Any], stamp: Stamp) -> str:
    """Why there is no number is said: few are not the same as not counted yet, or not told."""
    count, counting = one["unreached"], city.get("counting")
    if count is not None:
        return f"{count:,}以上" if counting else f"{count:,}"
    if one["level"] < AlertLevel.ELDERLY_LEAVE:
        return "—"
    if not one["told"]:
        return UNTOLD
    if counting is None or not city.get("households") or "unreached" in stamp.missing:
        return UNKNOWN
    return COUNTING if counting else FEW
