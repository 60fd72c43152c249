"""The orders in force on the page of the handover, by level and hazard."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hazards.kinds import HAZARD_WORDS, HazardKind
from web.dutysheets.cells import Block, Cell, level_cell, strong, table
from web.dutysheets.counted import households_words, unreached_words
from web.dutysheets.stamp import Stamp

WHOLE: Final = "市内全域"
MOST_AREAS: Final = 40
"""町丁目 of one level that are named; the list by 町丁目 has all."""
Row = Mapping[str, Any]
State = Mapping[str, Mapping[str, Row]]


def orders_table(state: State, stamp: Stamp) -> Block:
    """One row of a level and hazard, with all its areas: none is left out of sight."""
    city = state["city"]["city"]
    groups: dict[tuple[int, str], list[Row]] = {}
    for one in state["orders"].values():
        groups.setdefault((-one["level"], one["hazard"]), []).append(one)
    rows: list[list[Cell]] = [
        [
            level_cell(-level),
            HAZARD_WORDS[HazardKind(hazard)],
            strong(_areas(orders)),
            households_words(orders, city, alone=len(groups) == 1),
            unreached_words(orders, city, alone=len(groups) == 1),
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
