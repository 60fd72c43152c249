"""Headquarters' board: whole as it comes, then kept true by its script.

It is drawn from the same JSON as `GET /api/v1/headquarters/board` and its chronology, so that it
can be read before the script runs, and where it does not.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from city.staff import Caller
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS
from routing.ground import CityCard
from web.assets import address
from web.staff import hqboardrows as rows
from web.staff.frame import staff_page
from web.staff.hqrows import Json, Moment

KEYS: Final = (
    ("J K ↓ ↑", "決めることを移る"),
    ("Enter", "決めることを開く（開いている間は、行に出ている文字のキーで選ぶ）"),
    ("N", "クロノロジーに書く（Enter で記録、Esc で離れる）"),
    ("E", "クロノロジーの行へ（J K で移る、C で訂正、T で状態を変える）"),
    ("/", "場所・班・水位をしぼり込む"),
    ("M", "地図へ"),
    ("1～9", "地図の層を出す・隠す"),
)
_WORDS: Final = {
    "level": {str(int(level)): word for level, word in LEVEL_WORDS.items()},
    "hazard": {str(kind): word for kind, word in HAZARD_WORDS.items()},
    "entry": rows.ENTRY_WORDS,
    "section": rows.SECTION_WORDS,
}


def board_page(
    board: Json,
    entries: Sequence[Json],
    *,
    caller: Caller,
    csrf: str,
    card: CityCard | None,
    now: datetime,
) -> str:
    """`board` and `entries` are what `GET /api/v1/headquarters/board` and `/chronology` answer.

    Raises `KeyError` where they are not.
    """
    zone = card.timezone if card else "Asia/Tokyo"
    moment = Moment(now, ZoneInfo(zone))
    return staff_page(
        "hqboard",
        title="本部の一枚",
        caller=caller,
        csrf=csrf,
        card=card,
        scripts=("hqboard.js",),
        styles=("hqboard.css", "hqboardparts.css", "hqboardmap.css", "hqboardprint.css"),
        values={
            **_drawn(board["state"], moment),
            "unread": rows.unread(board["state"]["city"]["city"]),
            "section_words": rows.SECTION_WORDS,
            "entries": [rows.entry_row(one, moment) for one in entries],
            "locks": board["locks"],
            "read_at": moment.at(now.isoformat()),
            "bar": {
                "mode": rows.mode_of(board["state"]["city"]["city"]),
                "here": "/hq",
                "now": now.isoformat(),
                "keys": KEYS,
            },
            "data": {
                "zone": zone,
                "actor": caller.actor,
                "roles": " ".join(caller.roles),
                "live": address("live.js"),
                "map": address("hqboardmap.js"),
                "words": orjson.dumps(_WORDS).decode(),
            },
        },
    )


def _drawn(state: Json, moment: Moment) -> Mapping[str, Any]:
    """Every table of the page; what is not in a state is an empty one."""
    return {
        "head": rows.head_figures(state, moment),
        "orders": [rows.order_card(one, moment) for one in _values(state, "orders")],
        "elsewhere": rows.elsewhere(state),
        "decisions": [
            (key, rows.decision_row(one, moment)) for key, one in state["decisions"].items()
        ],
        "sites": [
            rows.site_row(one, moment) for one in rows.fullest_first(_values(state, "sites"))
        ],
        "teams": [rows.team_row(one, moment) for one in _values(state, "teams")],
        "gauges": [rows.gauge_row(one, moment) for one in _values(state, "gauges")],
        "plan": state["plan"].get("newest"),
        "planned_at": moment.at(state["plan"].get("newest", {}).get("published_at")),
    }


def _values(state: Json, section: str) -> list[Json]:
    return list(state[section].values())
