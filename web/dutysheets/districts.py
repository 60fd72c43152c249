"""町丁目別の一覧: who lives where, who is expected at which place, who is unreached."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hazards.kinds import AlertLevel
from web.dutysheets.cells import UNKNOWN, Cell, level_cell, note, number, sheet, strong, table
from web.dutysheets.stamp import Stamp

TITLE: Final = "町丁目別の一覧"
FIVE: Final = "直ちに安全確保（避難場所へ向かわせない）"
FEW: Final = "10世帯未満"
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


def district_sheet(rows: Sequence[Mapping[str, Any]], stamp: Stamp) -> dict[str, Any]:
    """All of them, the highest level first; at level 5 no place is named."""
    ordered = [one for one in rows if one["level"] >= AlertLevel.ELDERLY_LEAVE]
    known = all(one["households"] is not None for one in rows)
    told = f"{sum(one['households'] for one in ordered):,}" if known else UNKNOWN
    about = f"{len(rows)}町丁目、発令中 {len(ordered)}（世帯 {told}）"
    listed = table("", _HEAD, _WIDTHS, (_row(one, stamp) for one in rows), none="町丁目がない")
    words = (
        "見込みは、計画が避難場所ごとに見込む人数（避難率をかけたもの）。"
        "未到達は、知らせが届いたと確かめられない世帯で、10世帯未満は出さない。"
        "「一部」は、町丁目の一部だけに発令されている。"
    )
    return sheet(TITLE, [note(words), listed], about=about, letters=8.5)


def _row(one: Mapping[str, Any], stamp: Stamp) -> list[Cell]:
    five = one["level"] >= AlertLevel.SECURE_NOW
    places = "、".join(f"{place['name']} {place['households']:,}" for place in one["places"])
    part = "" if one["whole"] or not one["level"] else "（一部）"
    unreached = one["unreached"]
    return [
        strong(one["area"] + part),
        level_cell(one["level"]),
        stamp.clock(one["since"]),
        UNKNOWN if one["households"] is None else f"{one['households']:,}",
        "—" if five else number(one["expected"], "人"),
        strong(FIVE) if five else places or "—",
        "—" if five else UNKNOWN if one["no_place"] is None else f"{one['no_place']:,}",
        f"{unreached:,}" if unreached is not None else "—",
    ]
