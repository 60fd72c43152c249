"""The welfare role's page of door lists: the frame, which its scripts fill from the API."""

from datetime import datetime
from typing import Final

import orjson

from alerts.doors import OUTCOME_WORDS
from city.staff import Caller
from routing.ground import CityCard
from web.registerwords import NEEDS
from web.staff.frame import staff_page

TITLE: Final = "戸別の一覧"
SCRIPTS: Final = ("welfaredoors.js",)
STYLES: Final = ("hq.css", "hqalerts.css", "hqalertmore.css", "welfaredoors.css")


def doors_page(*, caller: Caller, csrf: str, card: CityCard | None, now: datetime) -> str:
    """No list and no door is in the page itself: all comes by its scripts, and is not kept."""
    words = {
        "outcome": {str(one): word for one, word in OUTCOME_WORDS.items()},
        "need": {str(one): word for one, word in NEEDS.items()},
    }
    data = {
        "now": now.isoformat(),
        "zone": card.timezone if card else "Asia/Tokyo",
        "own": "",
        "words": orjson.dumps(words).decode(),
    }
    return staff_page(
        "welfaredoors",
        title=TITLE,
        caller=caller,
        csrf=csrf,
        card=card,
        scripts=SCRIPTS,
        styles=STYLES,
        values={"data": data},
    )
