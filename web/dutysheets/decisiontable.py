"""発令判断表: which level by which criterion, what is reached, and until when to order."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from web.dutysheets.cells import Cell, facts, level_cell, note, sheet, strong, table
from web.dutysheets.stamp import Stamp

TITLE: Final = "発令判断表"
INSIDE: Final = (
    "川の水位の傾きは本部の中だけの値です。外へ出さない。気象庁の情報が下がっても、"
    "発令した避難情報は市長が解除するまで続きます。"
)
DARK: Final = "いまは夜です。基準に達していれば、明るくなるのを待たずに判断します。"
LATE: Final = "過ぎました。基準に達していれば、いま判断します"
_HEAD: Final = (
    "基準",
    "レベル",
    "区域",
    "いま",
    "達した",
    "発令",
    "日没までの期限",
    "風の前の期限",
)
_WIDTHS: Final = ("1.25fr", "auto", "1fr", "1.2fr", "auto", "auto", "64pt", "64pt")
_GAUGES: Final = ("観測所（川）", "水位", "傾き", "測った時刻", "状態", "判断・危険水位")


def decision_sheet(found: Mapping[str, Any], stamp: Stamp) -> dict[str, Any]:
    """What `operations/duties/deciding.py` makes, on A4 across."""
    sun, wind, rows = found["sun"], found["wind"], found["criteria"]
    heads = facts(
        (
            ("日没", stamp.clock(sun["sunset"]) if sun else "不明"),
            ("日の出", stamp.clock(sun["sunrise"]) if sun else "不明"),
            (f"突風 {wind['limit_m_s']:g} m/s を超える見込み", _expected(wind, stamp)),
            ("要る時間（市全体）", f"{found['needed']['whole_min']}分"),
        )
    )
    told = table("基準ごと", _HEAD, _WIDTHS, (_row(one, stamp) for one in rows), none="基準がない")
    rivers = table(
        "川の水位（本部の中だけ）",
        _GAUGES,
        ("1.3fr", "auto", "auto", "auto", "1.4fr", "auto"),
        (_gauge(one, stamp) for one in found["gauges"]),
        none="水位観測所がない",
    )
    bulletins = table(
        "発表中の防災気象情報",
        ("情報", "発表", "内容"),
        ("auto", "auto", "1fr"),
        ([strong(one["name"]), stamp.clock(one["at"]), one["where"]] for one in found["bulletins"]),
        none="いま発表中の情報はありません（届いた範囲で）",
    )
    dark = [note(DARK, stop=True)] if found["dark"] else []
    about = "期限は、この時刻までに発令すれば歩いて着けるという目安。判断を遅らせてよい時刻ではない"
    return sheet(
        TITLE,
        [heads, *dark, told, rivers, bulletins, note(needed_words(found["needed"])), note(INSIDE)],
        about=about,
        flipped=True,
        letters=8.5,
    )


def needed_words(needed: Mapping[str, Any]) -> str:
    """How the time is reckoned, in one sentence."""
    walk = (
        f"歩く {needed['walk_min']}分（行き先までの直線の1.4倍を秒速{needed['speed']:g} m、"
        f"{needed['share']}％の世帯）"
        if needed["known"]
        else f"歩く {needed['walk_min']}分"
        "（行き先の決まっていない世帯があるので、市の方針の値より短くは見ない）"
    )
    return (
        f"要る時間：伝わるまで {needed['telling_min']}分、支度 {needed['delay_min']}分、{walk}。"
        f"合わせて {needed['whole_min']}分。"
    )


def deadline_words(one: Mapping[str, Any] | None, stamp: Stamp) -> str:
    """16:05, that it is past, or why there is none."""
    if one is None:
        return "—"
    return LATE if one["past"] else stamp.clock(one["at"])


def _expected(wind: Mapping[str, Any], stamp: Stamp) -> Cell:
    if wind["expected_at"] is None:
        return {"text": "", "unconfirmed": True}
    return stamp.clock(wind["expected_at"])


def _row(one: Mapping[str, Any], stamp: Stamp) -> list[Cell]:
    reached = "—"
    if one["reached"]:
        since = one["reached_since"]
        reached = f"達した {stamp.clock(since)}" if since else "達した"
    names: Sequence[str] = one["area_names"]
    where = "市内全域" if one["whole_city"] else "、".join(names) or "区域は人が選ぶ"
    return [
        f"{one['hazard']}　{one['condition']}",
        level_cell(one["level"]),
        where,
        one["now"],
        strong(reached) if one["reached"] else reached,
        strong("未発令") if one["open"] and one["reached"] else one["ordered"],
        deadline_words(one["sunset"], stamp),
        deadline_words(one["wind"], stamp),
    ]


def _gauge(one: Mapping[str, Any], stamp: Stamp) -> list[Cell]:
    trend = one["trend_m_h"]
    level = one["level_m"]
    marks = [one["evacuation_m"], one["danger_m"]]
    state = one["word"]
    if one["silent_since"]:
        state += f"（{stamp.clock(one['silent_since'])} から値が来ない）"
    return [
        f"{one['name']}（{one['river']}）",
        strong("不明" if level is None else f"{level:.2f} m"),
        "不明" if trend is None else f"{trend:+.2f} m/時",
        stamp.clock(one["measured_at"]),
        state,
        "・".join("—" if mark is None else f"{mark:.2f}" for mark in marks),
    ]
