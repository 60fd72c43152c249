"""Streets that are shut, on paper: what water shut says so, and no street is left out."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from web.dutysheets.cells import Block, strong, table
from web.dutysheets.stamp import Stamp

SUSPENDED: Final = "suspended"
BY_WATER: Final = "冠水による通行止め"
BY_WATER_UNSURE: Final = "冠水により一時停止（未確認）"
NAMELESS: Final = "名前のない道"
_NAME: Final = 20
Row = Mapping[str, Any]


def is_sure(one: Row) -> bool:
    """Whether a person shut it or confirmed it."""
    return bool(one["basis"] != SUSPENDED)


def shut_word(one: Row) -> str:
    """How a street is shut, in words."""
    if one.get("by_water"):
        return BY_WATER if is_sure(one) else BY_WATER_UNSURE
    return str(one["word"])


def shut_table(closures: Iterable[Row], stamp: Stamp, *, none: str, most: int) -> Block:
    """The streets by name and word, each with how many of them and the newest moment, the newest
    first: dozens of nameless streets in the water must not hide a bridge.
    """
    groups: dict[tuple[str, str], list[Row]] = {}
    for one in sorted(closures, key=lambda one: str(one["at"]), reverse=True):
        groups.setdefault((one["street"] or NAMELESS, shut_word(one)), []).append(one)
    rows = [
        [strong(_name(name, len(them))), word, stamp.clock(them[0]["at"])]
        for (name, word), them in groups.items()
    ]
    whole = [one for them in groups.values() for one in them]
    wet = sum(bool(one.get("by_water")) for one in whole)
    hidden = sum(len(them) for them in list(groups.values())[most:])
    made = table(
        f"通行止め（うち冠水 {wet}か所）" if wet else "通行止め",
        ("道", "扱い", "時刻"),
        ("1fr", "auto", "auto"),
        rows,
        none=stamp.none_of("closures", none),
        most=most,
    )
    count = f"{len(whole)}か所"
    return {**made, "count": count, "more": f"ほか {hidden}か所" if hidden else ""}


def _name(name: str, count: int) -> str:
    short = name if len(name) <= _NAME else name[: _NAME - 1] + "…"
    return f"{short}（{count}か所）" if count > 1 else short
