"""Rows of headquarters' board, from its state: for the page as it comes, before its script runs.

`static/hqboardhead.js`, `hqboardwords.js` and `hqboardtables.js` say the same of the same state.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, AlertLevel, HazardKind
from web.staff.hqrows import WHOLE_CITY, Json, Moment

NAMED: Final = 2
"""So many areas of an order are named; its page has them all."""
UNKNOWN: Final = "—"
COUNTING: Final = "数えています"
FEW: Final = "10未満"
UNREADABLE: Final = "読めません"
ENTRY_WORDS: Final[Mapping[str, str]] = {"open": "未対応", "working": "対応中", "done": "済"}
NO_CROWD: Final = ("unopened", "preparing", "closed", "endangered")
_FULLEST: Final = ("full", "crowded", "unknown", "some", "room", "none")


def mode_of(city: Json) -> str:
    """What the machine is doing: "live", also where that is not known; "drill" or "calm"."""
    return "live" if city.get("live", True) else "drill" if city.get("drill") else "calm"


def head_figures(state: Json, moment: Moment) -> dict[str, Any]:
    """Households that are told to go or stay, those that nothing reached, decisions, channels."""
    city, target = state["city"]["city"], _target(state)
    missing, said = _unreached(state)
    dues = [one["due"] for one in state["decisions"].values() if one["due"]]
    return {
        "households": _number(city.get("households")),
        "target": _number(target),
        "unreached": said,
        "counted": said not in (UNKNOWN, COUNTING, UNREADABLE),
        "share": f"{missing / target:.1%}" if missing is not None and target else "",
        "counted_at": moment.at(None if said == COUNTING else city.get("counted_at")),
        "decisions": len(state["decisions"]),
        "soonest": moment.at(min(dues, default=None)),
        "channels": [
            {
                "name": one.get("name") or one["channel"],
                "ok": one["ok"],
                "word": "" if one["ok"] else one["word"],
                "at": moment.at(one["tested_at"] if one["ok"] else one["failing_since"]),
            }
            for one in state["channels"].values()
        ],
        "missing": "、".join(SECTION_WORDS.get(one, one) for one in unread(city)),
    }


SECTION_WORDS: Final[Mapping[str, str]] = {
    "orders": "避難情報",
    "proposals": "提案",
    "decisions": "決めること",
    "sites": "避難場所",
    "teams": "班",
    "gauges": "水位",
    "closures": "通行止め",
    "water": "確認した浸水",
    "observations": "報告",
    "alerts": "配信",
    "channels": "配信経路",
    "plan": "計画",
    "unreached": "未到達",
    "unreached_cells": "未到達の密度",
    "rescues": "要救助",
    "sources": "情報源",
    "chronicle": "クロノロジー",
}
"""What is said to be missing where a room of the state failed."""


def unread(city: Json) -> list[str]:
    """The sections that could not be read; `decisions.KIND` is one kind of decisions."""
    return list(dict.fromkeys(name.split(".")[0] for name in city.get("missing") or ()))


def order_card(order: Json, moment: Moment) -> dict[str, Any]:
    """An order in force, by its areas."""
    level = AlertLevel(order["level"])
    return {
        "level": int(level),
        "word": LEVEL_WORDS[level],
        "areas": few_areas(order["area_names"]),
        "all_areas": "、".join(order["area_names"]) or WHOLE_CITY,
        "hazard": hazard_word(order["hazard"]),
        "households": _number(order["households"]),
        "unreached": _missed(order),
        "counted": _is_counted(order),
        "since": moment.at(order["since"]),
        "told": order["told"],
    }


def elsewhere(state: Json) -> str:
    """Households that no order is for."""
    all_of_them, target = state["city"]["city"].get("households"), _target(state)
    known = all_of_them is not None and target is not None
    return _number(max(0, all_of_them - target)) if known else UNKNOWN


def decision_row(one: Json, moment: Moment) -> dict[str, Any]:
    """What must be decided, until when, and what happens if nobody does."""
    return {
        "title": one["title"],
        "what": one["what"],
        "if_nobody": one["if_nobody"],
        "due": moment.at(one["due"]),
        "since": moment.at(one["since"]),
        "href": one["href"],
    }


def site_row(site: Json, moment: Moment) -> dict[str, Any]:
    """A place: how full, how many, how many are expected, how old that is."""
    band = band_of(site)
    counts = " / ".join(_number(site[name]) for name in ("persons", "capacity"))
    return {
        "name": site["name"],
        "band": band,
        "word": site["word"] if band != "none" else site.get("opening_word", ""),
        "figure": counts,
        "coming": _number(site["coming"]),
        "as_of": moment.at(site["as_of"]),
        "reasons": "・".join(site["reasons"]),
    }


def fullest_first(sites: Iterable[Json]) -> list[Json]:
    """Places that fill up stand above those with room, those that are not open last."""
    return sorted(sites, key=lambda one: (_FULLEST.index(band_of(one)), -(one["persons"] or 0)))


def band_of(site: Json) -> str:
    """Where nobody is meant to be there is no 空き and no 不明."""
    if site["opening"] in NO_CROWD:
        return "none"
    return site["band"] or "unknown"


def team_row(team: Json, moment: Moment) -> dict[str, Any]:
    """A team outside: since when it is silent, until when it must be back."""
    task = "・".join(filter(None, [*team["area_names"][:NAMED], team.get("what")]))
    return {
        "name": f"{team['team']}{'（ドローン）' if team.get('flight') else ''}",
        "task": task,
        "word": team["word"],
        "last_heard": moment.at(team["last_heard"]),
        "overdue": moment.at(team["overdue_since"]),
        "withdraw": moment.at(team["withdraw_at"]),
    }


def gauge_row(gauge: Json, moment: Moment) -> dict[str, Any]:
    """A gauge: its level beside the danger level, where it goes, how old that is."""
    silent = bool(gauge["silent_since"]) or gauge["level_m"] is None
    return {
        "name": f"{gauge['river']} {gauge['name']}",
        "level": UNKNOWN if gauge["level_m"] is None else f"{gauge['level_m']:.2f} m",
        "danger": UNKNOWN if gauge["danger_m"] is None else f"{gauge['danger_m']:.2f}",
        "trend": _trend(gauge["trend_m_h"]),
        "word": gauge["word"],
        "silent": silent,
        "measured_at": moment.at(gauge["silent_since"] if silent else gauge["measured_at"]),
    }


def entry_row(entry: Json, moment: Moment) -> dict[str, Any]:
    """A line of the chronology."""
    return {
        "ref": entry["ref"],
        "at": moment.at(entry["at"]),
        "way": "→".join((entry["from"], entry["to"])) if entry["from"] or entry["to"] else "",
        "content": entry["content"],
        "action": entry["action"],
        "owner": entry["owner"],
        "state": entry["state"],
        "word": ENTRY_WORDS.get(entry["state"] or "", ""),
        "by_system": entry["by_system"],
        "signed": entry.get("signed", ""),
        "corrects": entry["corrects"] or "",
        "corrected_by": entry["corrected_by"] or "",
    }


def few_areas(names: Sequence[str]) -> str:
    """The first of them and how many more; the whole city where there are none."""
    more = len(names) - NAMED
    return "・".join(names[:NAMED]) + (f" ほか{more}町" if more > 0 else "") or WHOLE_CITY


def hazard_word(hazard: str) -> str:
    """Its Japanese name; what is not known is shown as it is."""
    return HAZARD_WORDS[HazardKind(hazard)] if hazard in list(HazardKind) else hazard


def _target(state: Json) -> int | None:
    """Households under any order, each once; None where that could not be read."""
    city = state["city"]["city"]
    target: int | None = city.get("target")
    return None if "orders" in unread(city) else target


def _unreached(state: Json) -> tuple[int | None, str]:
    """Households that nothing reached, and as they are said: none only where all were counted."""
    city = state["city"]["city"]
    if {"alerts", "unreached"} & set(unread(city)):
        return None, UNREADABLE
    found: int | None = city.get("unreached")
    waits = city.get("counting") or any(one["in_force"] for one in state["alerts"].values())
    return found, _missed(city) if waits or _is_counted(city) else UNKNOWN


def _is_counted(row: Json) -> bool:
    return row.get("unreached") is not None or bool(row.get("unreached_few"))


def _missed(row: Json) -> str:
    """A count of unreached households: so few that they could be told apart, or not counted yet."""
    if not _is_counted(row):
        return COUNTING
    return FEW if row["unreached"] is None else _number(row["unreached"])


def _trend(trend: float | None) -> str:
    if trend is None:
        return UNKNOWN
    arrow = "↑" if trend >= 0.05 else "↓" if trend <= -0.05 else "→"
    return f"{arrow} {abs(trend):.2f}"


def _number(value: int | None) -> str:
    return UNKNOWN if value is None else f"{value:,}"
