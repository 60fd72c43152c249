"""当直の引き継ぎ on one page: what is decided, what waits, who is out, what nobody knows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hazards.kinds import HAZARD_WORDS, HazardKind
from shelters.place import Opening
from web.dutysheets.cells import (
    Block,
    Cell,
    columns,
    facts,
    level_cell,
    number,
    sheet,
    strong,
    table,
)
from web.dutysheets.stamp import Stamp

TITLE: Final = "当直の引き継ぎ"
WHOLE: Final = "市内全域"
MOST_AREAS: Final = 40
"""町丁目 of one level that are named; the list by 町丁目 has all."""
MOST_DECISIONS, MOST_CHANGES, MOST_TEAMS, MOST_CLOSED, MOST_CALLS, MOST_STALE = 9, 14, 8, 8, 6, 8
_LONGEST: Final = 60
Row = Mapping[str, Any]
State = Mapping[str, Mapping[str, Row]]


def handover_sheet(
    state: State,
    changes: Sequence[Row],
    calls: Mapping[str, int],
    stale: Sequence[tuple[str, str]],
    stamp: Stamp,
    *,
    hours: int,
) -> dict[str, Any]:
    """`changes`: the chronology of the last `hours`, the newest first; `calls`: the counts of the
    facilities; `stale`: what is old or missing, and since when in words.
    """
    blocks: list[Block] = [
        _figures(state, calls),
        _orders(state, stamp),
        _decisions(state, stamp),
        columns(
            [_teams(state, stamp), _closures(state, stamp), _channels(state, stamp)],
            [_calls(state, calls), _stale(stale), _changes(changes, stamp, hours)],
        ),
    ]
    about = "この紙の後のことは、本部の一枚（/hq）で見る"
    return sheet(TITLE, blocks, about=about, letters=8.5, one_page=True)


def _figures(state: State, calls: Mapping[str, int]) -> Block:
    inside = [one for one in state["sites"].values() if one.get("receives")]
    assumed = sum(one["opening"] == Opening.UNCONFIRMED for one in inside)
    is_open = f"{len(inside) - assumed}か所" + (f" ＋未確認{assumed}" if assumed else "")
    known = [one["persons"] for one in inside if one["persons"] is not None]
    unknown = len(inside) - len(known)
    people = f"{sum(known):,}人" if known else "不明"
    waiting = state["rescues"].get("open", {}).get("count")
    return facts(
        (
            ("開いている避難場所", is_open),
            ("中にいる人（数えた所）", people + (f" ＋不明{unknown}か所" if unknown else "")),
            ("救助を待つ", "不明" if waiting is None else f"{waiting}件"),
            ("施設へ未連絡", f"{calls['due']}施設" if calls["all"] else "一覧がない"),
        )
    )


def _orders(state: State, stamp: Stamp) -> Block:
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
            _sum([one["unreached"] for one in orders], "世帯"),
            stamp.clock(min(one["since"] for one in orders)),
        ]
        for (level, hazard), orders in sorted(groups.items())
    ]
    head = ("レベル", "災害", "区域", "世帯", "未到達", "発令")
    widths = ("auto", "auto", "1fr", "auto", "auto", "auto")
    return table("区域ごとの警戒レベル", head, widths, rows, none="発令中の避難情報はない")


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


def _decisions(state: State, stamp: Stamp) -> Block:
    rows: list[list[Cell]] = [
        [
            strong(stamp.clock(one["due"])),
            strong(_cut(one["title"])),
            _cut(one.get("what") or "", 90),
            _cut(one.get("if_nobody") or "", 90),
        ]
        for one in state["decisions"].values()
    ]
    head, widths = ("期限", "決めること", "内容", "誰も決めないと"), ("auto", "1fr", "1fr", "1fr")
    return table("決めること", head, widths, rows, none="待っている判断はない", most=MOST_DECISIONS)


def _teams(state: State, stamp: Stamp) -> Block:
    rows: list[list[Cell]] = [
        [
            strong(_cut(one["team"], 16)),
            _cut(f"{'、'.join(one['area_names'])} {one['what']}", 40),
            strong(stamp.clock(one["withdraw_at"])),
            strong(one["word"]) if one["overdue_since"] else one["word"],
        ]
        for one in state["teams"].values()
    ]
    head, widths = ("班", "どこで何を", "引き揚げ", "状態"), ("auto", "1fr", "auto", "auto")
    return table(
        "出ている班", head, widths, rows, none="出ている班はない", most=MOST_TEAMS, unit="班"
    )


def _closures(state: State, stamp: Stamp) -> Block:
    rows: list[list[Cell]] = [
        [strong(_cut(one["street"] or "名前のない道", 20)), one["word"], stamp.clock(one["at"])]
        for one in sorted(state["closures"].values(), key=lambda one: one["at"], reverse=True)
        if not one.get("by_water")
    ]
    widths = ("1fr", "auto", "auto")
    head = ("道", "扱い", "時刻")
    return table("通行止め", head, widths, rows, none="通行止めはない", most=MOST_CLOSED)


def _channels(state: State, stamp: Stamp) -> Block:
    rows: list[list[Cell]] = [
        [
            strong(one.get("name") or one["channel"]),
            one["word"] if one["ok"] else strong(one["word"]),
            stamp.clock(one["tested_at"]),
        ]
        for one in state["channels"].values()
    ]
    head, widths = ("手段", "状態", "試験"), ("auto", "1fr", "auto")
    return table("伝える手段", head, widths, rows, none="送る機械が一つもつながっていない")


def _calls(state: State, calls: Mapping[str, int]) -> Block:
    rows: list[list[Cell]] = [
        [strong(_cut(one["name"], 24)), "、".join(one["reasons"])]
        for one in state["sites"].values()
        if one.get("call_next")
    ]
    if calls["due"] or calls["help"]:
        words = f"まだ伝わっていない {calls['due']}、応援が必要 {calls['help']}"
        rows.insert(0, [strong("要配慮者利用施設"), words])
    head, widths = ("どこへ", "なぜ"), ("1fr", "1fr")
    return table("電話をかける所", head, widths, rows, none="いまはない", most=MOST_CALLS)


def _stale(stale: Sequence[tuple[str, str]]) -> Block:
    rows: list[list[Cell]] = [[strong(_cut(what, 28)), since] for what, since in stale]
    head, widths = ("何が", "いつから"), ("1fr", "auto")
    return table("古い・分からない", head, widths, rows, none="古いものはない", most=MOST_STALE)


def _changes(changes: Sequence[Row], stamp: Stamp, hours: int) -> Block:
    rows: list[list[Cell]] = [
        [strong(stamp.clock(one["at"])), _cut(one["words"], 70)] for one in changes
    ]
    return table(
        f"この{hours}時間のこと（新しい順）",
        ("時刻", "内容"),
        ("auto", "1fr"),
        rows,
        none="記録はない",
        most=MOST_CHANGES,
    )


def _cut(text: str, longest: int = _LONGEST) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
