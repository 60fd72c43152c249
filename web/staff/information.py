"""Headquarters' page of sources: the frame, which its scripts fill from one answer of the API."""

from datetime import datetime
from typing import Final

from city.staff import Caller
from hazards.information import SHAPE_WORDS, THEME_WORDS
from routing.ground import CityCard
from web.staff.frame import staff_page

PAGE: Final = "/hq/information"
KEYS: Final = (
    ("J K ↓ ↑", "情報源を移る"),
    ("Enter", "くわしく開く・閉じる"),
    ("T", "今すぐ取りに行く"),
    ("A", "止めている内容を公開する"),
    ("X", "止めている内容を公開しない"),
    ("N", "情報源を加える"),
    ("Q", "情報源をやめる"),
)


def information_page(
    *, card: CityCard | None, caller: Caller, csrf: str, now: datetime, mode: str
) -> str:
    """The page as it comes, before any script ran."""
    values = {
        "bar": {
            "mode": mode,
            "here": PAGE,
            "title": "ほかの機関の情報",
            "now": now.isoformat(),
            "keys": KEYS,
        },
        "zone": card.timezone if card else "Asia/Tokyo",
        "now": now.isoformat(),
        "themes": {str(theme): word for theme, word in THEME_WORDS.items()},
        "shapes": {str(shape): word for shape, word in SHAPE_WORDS.items()},
    }
    return staff_page(
        "hqinformation",
        title="ほかの機関の情報",
        caller=caller,
        csrf=csrf,
        card=card,
        scripts=("hqinformation.js",),
        styles=("hq.css", "hqinformation.css"),
        values=values,
    )
