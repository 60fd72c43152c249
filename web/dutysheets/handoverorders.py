"""The orders in force on the page of the handover, by level and hazard."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hazards.kinds import HAZARD_WORDS, HazardKind
from web.dutysheets.cells import Block, Cell, level_cell, number, strong, table
from web.dutysheets.stamp import Stamp

WHOLE: Final = "市内全域"
MOST_AREAS: Final = 40
"""町丁目 of one level that are named; the list by 町丁目 has all."""
FEW: Final = "少数（10世帯未満）"
Row = Mapping[str, Any]
State = Mapping[str, Mapping[str, Row]]


def orders_table(state: State, stamp: Stamp) -> Block:
    """One row of a level and hazard, with all its areas: none is left out of sight."""
    known = bool(state["city"]["city"].get("households"))
    groups: dict[tuple[int, str], list[Row]] = {}
    for one in state["orders"].values():
        groups.setdefault((-one["level"], one["hazard"]), []).append(one)
    rows: list[list[Cell]] = [
        [
            level_cell(-level),
            HAZARD_WORDS[HazardKind(hazard)],
            strong(_areas(orders)),
            _sum([one["households"] if known else None for one in orders], "世帯"),
            _unreached(orders),
            stamp.clock(min(one["since"] for one in orders)),
        ]
        for (level, hazard), orders in sorted(groups.items())
    ]
    head = ("レベル", "災害", "区域", "世帯", "未到達", "発令")
    widths = ("auto", "auto", "1fr", "auto", "auto", "auto")
    none = stamp.none_of("orders", "発令中の避難情報はない")
    return table("区域ごとの警戒レベル", head, widths, rows, none=none)


def _areas(orders: Sequence[Row]) -> str:
    if any(one.get("whole_city") for one in orders):
        return WHOLE
    names = list(dict.fromkeys(name for one in orders for name in one["area_names"]))
    more = f" ほか{len(names) - MOST_AREAS}町丁目" if len(names) > MOST_AREAS else ""
    return ("、".join(names[:MOST_AREAS]) or "描いた区域") + more


def _sum(counts: Sequence[int | None], unit: str) -> str:
    """Of several orders; 不明 where one of them is."""
    known = [one for one in counts if one is not None]
    return number(sum(known) if len(known) == len(counts) else None, unit)


def _unreached(orders: Sequence[Row]) -> str:
    """Of several orders; so few that they could be told apart are said as few."""
    few = any(one.get("unreached_few") for one in orders)
    counts = [one["unreached"] for one in orders if not one.get("unreached_few")]
    if not few:
        return _sum(counts, "世帯")
    return f"{_sum(counts, '世帯')}＋{FEW}" if counts else FEW
