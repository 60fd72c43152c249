"""Cells and blocks of a print, as plain values for typst."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from hazards.kinds import LEVEL_WORDS, AlertLevel

Cell: TypeAlias = str | Mapping[str, Any]
Block: TypeAlias = Mapping[str, Any]
UNCONFIRMED: Final = "未確認"
UNKNOWN: Final = "不明"


def level_cell(level: int | None) -> Cell:
    """The level's sign with number and word; nothing ordered is said in words."""
    if not level or level < AlertLevel.ELDERLY_LEAVE:
        return "発令なし"
    return {"level": str(level), "text": LEVEL_WORDS[AlertLevel(level)]}


def strong(text: str) -> Cell:
    """Bold."""
    return {"text": text, "strong": True}


def said(text: str | None, *, confirmed: bool) -> Cell:
    """What a form states: 未確認 where nobody confirmed it, and 未確認 alone where nobody knows."""
    if text is None:
        return {"text": "", "unconfirmed": True}
    return {"text": text, "unconfirmed": not confirmed}


def number(value: int | None, unit: str) -> str:
    """1,234人; 不明 where nobody counted, never 0."""
    return UNKNOWN if value is None else f"{value:,}{unit}"


def table(
    title: str,
    head: Sequence[str],
    widths: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    none: str,
    most: int | None = None,
    unit: str = "件",
) -> Block:
    """A table; `none` is said where it is empty, and how many more there are than `most`."""
    listed = [list(row) for row in rows]
    shown = listed if most is None else listed[:most]
    more = f"ほか {len(listed) - len(shown)}{unit}" if len(shown) < len(listed) else ""
    return {
        "type": "table",
        "title": title,
        "count": f"{len(listed)}{unit}",
        "head": list(head),
        "widths": list(widths),
        "rows": shown,
        "none": none,
        "more": more,
    }


def facts(rows: Iterable[tuple[str, Cell]]) -> Block:
    """Large figures side by side: what, and how much."""
    return {"type": "facts", "rows": [list(row) for row in rows]}


def note(text: str, *, stop: bool = False) -> Block:
    """A sentence in a frame."""
    return {"type": "note", "text": text, "stop": stop}


def columns(*sides: Sequence[Block]) -> Block:
    """Blocks side by side."""
    return {"type": "columns", "sides": [list(side) for side in sides]}


def sheet(
    title: str,
    blocks: Sequence[Block],
    *,
    about: str = "",
    size: str = "a4",
    flipped: bool = False,
    letters: float = 9.5,
    one_page: bool = False,
) -> dict[str, Any]:
    """One print; with `one_page` it is made smaller until it fits."""
    return {
        "kind": "sheet",
        "title": title,
        "about": about,
        "size": size,
        "flipped": flipped,
        "letters": letters,
        "one_page": one_page,
        "blocks": list(blocks),
    }
