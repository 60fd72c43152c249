"""The plan's part of the headquarters page: figures, overflow rooms, and what waits for a person.

Its slots are those of `static/hqplan.js`, from the same JSON: `GET /api/v1/headquarters/plan`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final

from web.staff.hqcauses import cause_words, held_words, why_words
from web.staff.hqrows import NO_TIME, Json, Marked, Moment, Slot

NOTHING: Final[Json] = {"plan": None, "waiting": (), "checked_at": None, "stale": True}
"""Before anything was planned."""
SOON: Final = timedelta(seconds=10)
"""So long a change may be on its way into the plan (`operations.serving.STALE_AFTER`)."""
MOVE: Final = "closure"
"""What waits so is decided beside its map, on the page of the field."""
NO_PLAN: Final = "まだ割当がありません。"
NO_HOMES: Final = "世帯の位置のデータがないため、割当を作れません。"


def in_words(board: Json) -> dict[str, Any]:
    """The board with Japanese words for causes, reasons and what waits."""
    plan = board["plan"]
    said = None if plan is None else {**plan, "cause_words": cause_words(plan["cause"])}
    waits = [
        {**one, "words": held_words(one), "why_words": why_words(one["why"])}
        for one in board["waiting"]
    ]
    return {**board, "plan": said, "waiting": waits}


def panel(found: Json, moment: Moment) -> dict[str, Any]:
    """What the page draws: slots of the panel, and rows by their keys."""
    plan = found["plan"] or {}
    return {
        "row": plan_row(found, moment),
        "overflow": [
            (f"overflow:{one['site']}", overflow_row(one, moment))
            for one in plan.get("overflow") or ()
        ],
        "held": [
            (f"held:{one['number']}", held_row(one, moment))
            for one in found["waiting"] or ()
            if one["kind"] != MOVE
        ],
        "figures": bool(plan.get("figures")),
        "blank": {"held": held_row(None, moment), "overflow": overflow_row(None, moment)},
    }


def plan_row(found: Json, moment: Moment) -> dict[str, Slot]:
    """The slots of the panel; empty ones are not shown."""
    plan = found["plan"]
    if plan is None:
        return {**_figures(None), **_head({}, moment), **_overflowing((), moment), "none": NO_PLAN}
    late, since = _late(found, plan, moment)
    return {
        **_head(plan, moment),
        **_figures(plan["figures"]),
        **_overflowing(plan["overflow"], moment),
        "changed": _changed(plan["changed"]),
        "unstated": _unstated(plan.get("unstated")),
        "late": late,
        "late_at": moment.at(since),
        "none": "" if plan["figures"] else NO_HOMES,
    }


def overflow_row(one: Json | None, moment: Moment) -> dict[str, Slot]:
    """A place whose rooms in use will not do."""
    if one is None:
        return {"needed_at": NO_TIME, "place": "", "lacks": "", "spare": "", "beyond": ""}
    rooms = one["rooms"]
    return {
        "needed_at": moment.at(one["needed_at"]),
        "place": one["name"],
        "lacks": f"{one['persons']:,}人分が足りません",
        "spare": f"予備の部屋：{'、'.join(rooms)}" if rooms else "予備の部屋の登録なし",
        "beyond": f"開いても{one['beyond']:,}人分が足りません" if one["beyond"] and rooms else "",
    }


def held_row(one: Json | None, moment: Moment) -> dict[str, Slot]:
    """What waits: what it is, what it would do, what goes on until then, the way back."""
    words = one["words"] if one else {}
    return {
        "what": words.get("what", ""),
        "since": moment.at(one["since"] if one else None),
        "why": one["why_words"] if one else "",
        "until_then": words.get("until_then", ""),
        "undo": words.get("undo", ""),
    }


def _head(plan: Json, moment: Moment) -> dict[str, Slot]:
    return {
        "version": f"第{plan['number']}版" if plan else "",
        "published_at": moment.at(plan.get("published_at")),
        "cause": plan.get("cause_words", ""),
        "changed": "",
        "unstated": "",
        "late": "",
        "late_at": NO_TIME,
    }


def _figures(one: Json | None) -> dict[str, Slot]:
    if not one:
        empty: Mapping[str, Slot] = dict.fromkeys(("expected", "going", "moved", "least"), "")
        return {**empty, "unplaced": Marked("none", ""), "reasons": "", "gap": ""}
    without = one["no_way"] + one["no_room"]
    reasons = f"道がない {one['no_way']:,}・空きがない {one['no_room']:,}"
    return {
        "expected": f"{one['expected']:,}人",
        "going": f"対象 {one['going']:,}世帯",
        "moved": f"{one['moved']:,}世帯",
        "least": f"最少でも {one['least']:,}世帯" if one["moved"] else "",
        "unplaced": Marked("some" if without else "none", f"{without:,}世帯"),
        "reasons": reasons if without else "",
        "gap": f"{ceil(one['gap'] * 10_000 - 1e-9) / 100:.2f} % 以下",
    }


def _overflowing(rows: Sequence[Json], moment: Moment) -> dict[str, Slot]:
    return {
        "places": Marked("some" if rows else "none", f"{len(rows)}か所"),
        "first": moment.at(rows[0]["needed_at"] if rows else None),
    }


def _changed(one: Json | None) -> str:
    if not one or not one["households"]:
        return ""
    kinds = f"行動 {one['verdict']:,}・行き先 {one['place']:,}・道 {one['way']:,}"
    return f"案内が変わった世帯 {one['households']:,}（{kinds}）"


def _unstated(one: Json | None) -> str:
    """Of how many places nobody knows how many they hold, and for how many they count."""
    if not one or not one["places"]:
        return ""
    counts = "定員なし" if one["persons"] is None else f"1か所{one['persons']:,}人"
    return f"収容人数のわからない避難場所 {one['places']:,}か所（{counts}とみなしています）"


def _late(found: Json, plan: Json, moment: Moment) -> tuple[str, str | None]:
    """What the plan does not hold, and since when; nothing where it holds everything."""
    later = plan["later"]
    if later and moment.now - datetime.fromisoformat(later["since"]) > SOON:
        return f"このあとの変化{later['changes']:,}件が、まだ入っていません。最初の変化", later[
            "since"
        ]
    if plan["earlier_load"]:
        return "市のデータを入れ替える前の割当です。新しい割当を待っています。", None
    if found["stale"]:
        return "割当の更新が止まっています。最後の確認", found["checked_at"]
    return "", None
