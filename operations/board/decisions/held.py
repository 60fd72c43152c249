"""What the planner holds back for a person, and whom its newest plan has no place for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from operations.board.decisions.asking import act, clock, decision
from operations.board.look import Line, Look, Section, moment
from operations.planning import held
from web.staff.hqcauses import held_words, why_words

FIELD, PLACES = "/hq/field", "/hq/places"
DOES_NOTHING: Final = "何もしないと："
NO_ROOM: Final = (
    "行き先の割当がないまま、案内は行ける避難場所のうち近い所を示します。そこは混みます。"
)
NO_WAY: Final = (
    "避難指示のもとでは、案内は「緊急安全確保」になります。どこが安全かは建物と場所で違います。"
)
TOGETHER: Final = "数は合わせたものです。1件ずつ適用します。"
ROOMS: Final = "いまの定員のまま割り当てます。来た人は断りません。"


def moves(look: Look, closures: Section) -> Iterator[Line]:
    """Moves of many people by closures that reports made; those that were foreseen together are
    one, and are applied one after the other.
    """
    together: dict[str, list[Any]] = {}
    for row in held.waiting(look.connection, look.code):
        if row.kind == held.MOVE:
            together.setdefault(str(row.facts), []).append(row)
    for first, *others in together.values():
        more = f" ほか{len(others)}件" if others else ""
        street = closures.get(str(first.item), {}).get("called") or "名のない道"
        title = f"道の閉鎖による大きな移動：{street}（閉鎖{first.item}番）{more}"
        more = TOGETHER if others else ""
        bases = {row.basis for row in (first, *others)}
        yield _held(first, "move", title, FIELD, more, first.basis if len(bases) == 1 else None)


def water(look: Look) -> Iterator[Line]:
    """Water over more than half of the city."""
    for row in held.waiting(look.connection, look.code):
        if row.kind == held.WATER:
            yield _held(row, "water", f"広すぎる浸水の記録：{row.item}番", PLACES, "")


def unplaced(look: Look, plan: Line | None) -> Iterator[Line]:
    """Households told to go for whom the newest plan has no room in time, or no way; nothing of
    an earlier load's.
    """
    if not plan:
        return
    if plan["no_room"]:
        yield decision(
            "unplaced",
            "unplaced",
            title=f"割当できない {plan['no_room']:,}世帯",
            what="避難の対象ですが、間に合う避難場所に空きがありません。場所か予備の部屋を開けます。",
            if_nobody=NO_ROOM,
            since=moment(plan["no_room_since"]),
            href=PLACES,
        )
    if plan["no_way"]:
        yield decision(
            "cut_off",
            "cut_off",
            title=f"孤立：道のない {plan['no_way']:,}世帯",
            what="避難の対象ですが、通れる道が避難場所までありません。救助か、道の確認が要ります。",
            if_nobody=NO_WAY,
            due=moment(plan["no_way_since"]),
            since=moment(plan["no_way_since"]),
            href=FIELD,
        )


def rooms(look: Look, plan: Line | None) -> Iterator[Line]:
    """Places whose rooms in use will not do for those who come."""
    for one in (plan or {}).get("overflow", ()):
        spare = "、".join(one["rooms"])
        needed = datetime.fromisoformat(one["needed_at"])
        yield decision(
            f"room:{one['site']}",
            "room",
            title=f"予備の部屋を開くか：{one['name']}",
            what=f"見込みで {one['persons']:,}人分が足りません。"
            + (f"予備：{spare}。" if spare else "予備の部屋の登録はありません。")
            + f"{clock(look, needed)}までに要ります。",
            if_nobody=ROOMS,
            due=needed,
            since=moment(plan["published_at"]) if plan else None,
            href=PLACES,
        )


def _held(row: Any, kind: str, title: str, href: str, more: str, basis: str | None = None) -> Line:
    said = {"kind": row.kind, "item": row.item, "said": row.source, "basis": basis}
    words = held_words(said)
    return decision(
        f"{kind}:{row.id}",
        kind,
        title=title,
        what=f"{why_words(row.why)}{more}{words['undo']}",
        if_nobody=words["until_then"].removeprefix(DOES_NOTHING),
        due=row.held_at,
        since=row.held_at,
        href=href,
        acts=[
            act(
                *("a", "この変更を適用する", f"/held/{row.id}", {"decision": "apply"}),
                role="approver",
            )
        ],
    )
