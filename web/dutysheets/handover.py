"""当直の引き継ぎ on one page: what is decided, what waits, who is out, what nobody knows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from web.dutysheets.cells import (
    UNKNOWN,
    Block,
    Cell,
    columns,
    facts,
    number,
    sheet,
    strong,
    table,
)
from web.dutysheets.counted import head_count, open_count
from web.dutysheets.handoverorders import orders_table
from web.dutysheets.shut import shut_table
from web.dutysheets.stamp import Stamp

TITLE: Final = "当直の引き継ぎ"
MOST_DECISIONS, MOST_CHANGES, MOST_TEAMS, MOST_CLOSED, MOST_CALLS, MOST_STALE = 9, 14, 8, 10, 6, 8
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
    total: int,
    tasks: Mapping[str, str],
) -> dict[str, Any]:
    """`changes`: the newest of the `total` lines of the chronology of the last `hours`, the newest
    first; `calls`: the counts of the facilities; `stale`: what is old or missing, and since when in
    words; `tasks`: by the keys of teams what each is out for.
    """
    blocks: list[Block] = [
        _figures(state, calls, stamp),
        orders_table(state, stamp),
        _decisions(state, stamp),
        columns(
            [_teams(state, tasks, stamp), _closures(state, stamp), _channels(state, stamp)],
            [_calls(state, calls), _stale(stale), _changes(changes, stamp, hours, total)],
        ),
    ]
    about = "この紙の後のことは、本部の一枚（/hq）で見る"
    return sheet(TITLE, blocks, about=about, letters=8.5, one_page=True)


def _figures(state: State, calls: Mapping[str, int], stamp: Stamp) -> Block:
    opened, assumed = open_count(state["sites"])
    is_open = f"{opened}か所" + (f" ＋未確認{assumed}" if assumed else "")
    persons, _, unknown = head_count(state["sites"])
    people = number(persons, "人")
    uncounted = f"（{unknown}か所）" if persons is None else f" ＋不明{unknown}か所"
    if "sites" in stamp.missing:
        is_open, people, unknown = UNKNOWN, UNKNOWN, 0
    waiting = state["rescues"].get("open", {}).get("count")
    return facts(
        (
            ("開いている避難場所", is_open),
            ("中にいる人（数えた所）", people + (uncounted if unknown else "")),
            ("救助を待つ", "不明" if waiting is None else f"{waiting}件"),
            ("施設へ未連絡", f"{calls['due']}施設" if calls["all"] else "一覧がない"),
        )
    )


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
    none = stamp.none_of("decisions", "待っている判断はない")
    return table("決めること", head, widths, rows, none=none, most=MOST_DECISIONS)


def _teams(state: State, tasks: Mapping[str, str], stamp: Stamp) -> Block:
    rows: list[list[Cell]] = [
        [
            strong(_cut(one["team"], 16)),
            _cut(f"{'、'.join(one['area_names'])} {tasks.get(key, '')}".strip(), 40),
            strong(stamp.clock(one["withdraw_at"])),
            strong(one["word"]) if one["overdue_since"] else one["word"],
        ]
        for key, one in state["teams"].items()
    ]
    none = stamp.none_of("teams", "出ている班はない")
    head, widths = ("班", "どこで何を", "引き揚げ", "状態"), ("auto", "1fr", "auto", "auto")
    return table("出ている班", head, widths, rows, none=none, most=MOST_TEAMS, unit="班")


def _closures(state: State, stamp: Stamp) -> Block:
    closures = state["closures"].values()
    return shut_table(closures, stamp, none="通行止めはない", most=MOST_CLOSED)


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
    none = stamp.none_of("channels", "送る機械が一つもつながっていない")
    return table("伝える手段", head, widths, rows, none=none)


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


def _changes(changes: Sequence[Row], stamp: Stamp, hours: int, total: int) -> Block:
    rows: list[list[Cell]] = [
        [strong(stamp.clock(one["at"])), _cut(one["words"], 70)] for one in changes[:MOST_CHANGES]
    ]
    made = table(
        f"この{hours}時間のこと（新しい順）",
        ("時刻", "内容"),
        ("auto", "1fr"),
        rows,
        none="記録はない",
    )
    hidden = total - len(rows)
    return {**made, "count": f"{total}件", "more": f"ほか {hidden}件" if hidden > 0 else ""}


def _cut(text: str, longest: int = _LONGEST) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
