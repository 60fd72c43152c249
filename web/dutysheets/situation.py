"""A3 の状況図: orders, water, closures, places and teams on the city's own streets, as vectors."""

from collections.abc import Mapping
from typing import Any, Final

from hazards.kinds import LEVEL_WORDS, AlertLevel
from web.dutysheets.cells import Block, Cell, level_cell, note, strong, table
from web.dutysheets.scene import FINE, UNSURE, Placed, Situation, points
from web.dutysheets.shut import shut_table
from web.dutysheets.situationdrawing import drawn
from web.dutysheets.situationmarks import labels_of, order_marks
from web.dutysheets.stamp import Stamp
from web.frame import Frame
from web.mapsigns import north_of, scale_of

TITLE: Final = "状況図"
FIVE: Final = "警戒レベル5の区域では、避難場所へ向かわせない。名前も出さない。"
_ZONES: Final = ("assumed", "slide", "special", "collapse")
"""Assumed ones alone: what is forecast stays on screens of headquarters."""


def situation_sheet(
    found: Situation, state: Mapping[str, Any], stamp: Stamp, tasks: Mapping[str, str]
) -> dict[str, Any]:
    """The map with its signs, and beside it what has no place on it; `tasks`: by the keys of teams
    what each is out for.
    """
    frame = found.ground.frame
    parts = found.ground.parts()
    scale, north = scale_of(frame, []), north_of(frame, [])
    labels = labels_of(found)
    return {
        "kind": "situation",
        "title": TITLE,
        "about": "想定（斜線）と、現に見られた水（塗り）は別のもの",
        "width": frame.width / FINE,
        "height": frame.height / FINE,
        "svg": drawn(found, parts, drill=stamp.drill),
        "zones": [name for name in _ZONES if name in parts],
        "areas": [
            [one.x / FINE, one.y / FINE, one.text] for one in labels.placed if not one.strong
        ],
        "orders": order_marks(found),
        "levels": [
            [str(level), LEVEL_WORDS[AlertLevel(level)]]
            for level in sorted({one.level for one in found.orders}, reverse=True)
        ],
        "crosses": [[*_middle(frame, one.line), one.by_water, one.sure] for one in found.shut],
        "sites": [_site(one, frame) for one in found.sites],
        "teams": [[*points(frame, x, y), name] for name, x, y in found.teams],
        "named": [[one.x / FINE, one.y / FINE, one.text] for one in labels.placed if one.strong],
        "scale": [scale.x / FINE, scale.units / FINE, scale.metres],
        "north": [north.x / FINE, north.y / FINE],
        "blocks": _beside(found, state, stamp, tasks),
    }


def _site(one: Placed, frame: Frame) -> dict[str, Any]:
    x, y = points(frame, one.x, one.y)
    return {"x": x, "y": y, "receives": one.receives, "sign": one.sign}


def _middle(frame: Frame, line: Any) -> list[float]:
    point = line.interpolate(0.5, normalized=True)
    return points(frame, point.x, point.y)


def _beside(
    found: Situation, state: Mapping[str, Any], stamp: Stamp, tasks: Mapping[str, str]
) -> list[Block]:
    orders: list[list[Cell]] = [
        [level_cell(one["level"]), _where(one), stamp.clock(one["since"])]
        for one in state["orders"].values()
    ]
    sites: list[list[Cell]] = [
        [strong(one.name), one.words or "—"]
        for one in found.sites
        if one.receives and one.named and one.sign != UNSURE
    ]
    assumed = sum(one.sign == UNSURE for one in found.sites)
    if assumed:
        sites.append(["計画では開いている（未確認）", f"{assumed}か所"])
    waters: list[list[Cell]] = [
        [stamp.clock(one["at"]), "本部の確認待ち" if one.get("held") else "見られた"]
        for one in state["water"].values()
    ]
    teams: list[list[Cell]] = [
        [
            strong(one["team"]),
            "、".join(one["area_names"]) or tasks.get(key) or "—",
            stamp.clock(one["withdraw_at"]),
        ]
        for key, one in state["teams"].items()
    ]
    none = {name: stamp.none_of(name, "なし") for name in ("orders", "water", "teams")}
    five = any(one.level >= AlertLevel.SECURE_NOW for one in found.orders)
    return [
        *([note(FIVE, stop=True)] if five else []),
        table(
            "発令",
            ("レベル", "区域", "時刻"),
            ("auto", "1fr", "auto"),
            orders,
            none=none["orders"],
            most=8,
        ),
        table(
            "避難場所",
            ("名前", "混み具合・人数"),
            ("1fr", "auto"),
            sites,
            none=stamp.none_of("sites", "受け入れている所はない"),
            most=14,
        ),
        shut_table(state["closures"].values(), stamp, none="なし", most=9),
        table(
            "見られた水",
            ("時刻", "扱い"),
            ("auto", "1fr"),
            waters,
            none=none["water"],
            most=5,
            unit="か所",
        ),
        table(
            "班",
            ("班", "どこ", "引き揚げ"),
            ("auto", "1fr", "auto"),
            teams,
            none=none["teams"],
            most=8,
            unit="班",
        ),
    ]


def _where(one: Mapping[str, Any]) -> str:
    names = "市内全域" if one.get("whole_city") else "、".join(one["area_names"])
    return names if len(names) <= 70 else names[:69] + "…"
