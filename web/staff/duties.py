"""The page of the duties of the night: the frame, which its scripts fill from the API."""

from datetime import datetime
from typing import Any, Final

import orjson

from city.staff import Caller
from hazards.facilitycalls import ANSWER_WORDS
from hazards.kinds import LEVEL_WORDS
from routing.ground import CityCard
from web.assets import address
from web.staff.frame import staff_page

STYLES: Final = ("hq.css", "hqduties.css")
KEYS: Final = (
    ("1 2 3 4 5 6", "仕事を選ぶ"),
    ("V", "選んだ仕事の紙を開く（PDF）"),
    ("N", "次に電話する施設へ"),
    ("J K", "施設を移る"),
    ("Enter", "電話の結果を書く・欄に記入する"),
)


def duties_page(
    *,
    caller: Caller,
    csrf: str,
    card: CityCard | None,
    whole: bool,
    now: datetime,
    mode: str = "live",
) -> str:
    """The page as it comes, before any script ran; without `whole` it has the call list alone.

    `mode` of the bar: live where it is not known.
    """
    zone = card.timezone if card else "Asia/Tokyo"
    bar = {
        "mode": mode,
        "here": "/hq/duties",
        "title": "夜の仕事",
        "now": now.isoformat(),
        "keys": KEYS if whole else KEYS[2:],
    }
    values = {
        "bar": bar,
        "whole": whole,
        "data": {
            "zone": zone,
            "whole": "yes" if whole else "",
            "live": address("live.js") if whole else "",
            "words": orjson.dumps(_words()).decode(),
        },
    }
    return staff_page(
        "duties",
        title="夜の仕事" if whole else "施設への電話",
        caller=caller,
        csrf=csrf,
        card=card,
        scripts=("hqduties.js",),
        styles=STYLES,
        values=values,
    )


def _words() -> dict[str, Any]:
    return {
        "level": {str(int(level)): word for level, word in LEVEL_WORDS.items()},
        "answer": {str(answer): word for answer, word in ANSWER_WORDS.items()},
    }
