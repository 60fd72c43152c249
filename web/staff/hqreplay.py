"""Headquarters' page of what was seen: the frame, which its scripts fill from what was recorded."""

from datetime import datetime
from typing import Any, Final

import orjson

from city.staff import Caller
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS
from routing.ground import Ground
from web.staff.frame import staff_page

STYLES: Final = ("hqreplay.css",)
KEYS: Final = (
    ("← →", "1分"),
    ("[ ]", "前後のできごと"),
    ("Space", "再生（60倍）・止める"),
    ("V", "この版を計算し直して照合"),
    ("T", "変更して試す"),
    ("A", "報告書（A4）"),
    ("C", "CSV"),
)


def replay_page(ground: Ground | None, *, caller: Caller, csrf: str, now: datetime) -> str:
    """The page as it comes, before any script ran."""
    card = ground.card if ground else None
    bar = {
        "mode": "replay",
        "here": "/hq/replay",
        "title": "夜の記録",
        "now": now.isoformat(),
        "keys": KEYS,
    }
    values = {
        "bar": bar,
        "keys": KEYS,
        "data": {
            "zone": card.timezone if card else "Asia/Tokyo",
            "words": orjson.dumps(all_words()).decode(),
        },
    }
    return staff_page(
        "hqreplay",
        title="記録再生",
        caller=caller,
        csrf=csrf,
        card=card,
        scripts=("hqreplay.js",),
        styles=STYLES,
        values=values,
    )


def all_words() -> dict[str, Any]:
    """Every table of words, for the page's scripts."""
    return {
        "level": {str(int(level)): word for level, word in LEVEL_WORDS.items()},
        "hazard": {str(kind): word for kind, word in HAZARD_WORDS.items()},
    }
