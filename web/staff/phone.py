"""The phone desk's page: where a caller is, who is there, what to say, what to keep of it."""

from datetime import datetime
from typing import Final

import orjson

from city.staff import Caller
from hazards.observation import KIND_WORDS
from routing.ground import CityCard
from web.staff.frame import staff_page

PROFILES: Final = (
    ("", "聞いていない"),
    ("walk", "歩ける人だけ"),
    ("slow", "ゆっくりの人がいる"),
    ("wheelchair", "車いすの人がいる"),
)
DWELLINGS: Final = (
    ("", "分からない・外"),
    ("house", "戸建て・木造"),
    ("bungalow", "平屋"),
    ("sturdy", "マンション・鉄筋"),
)
HANDED_TO: Final = {
    "headquarters": "本部",
    "field": "現地班",
    "welfare": "福祉",
    "119": "119（消防）",
}
OUTCOMES: Final = {
    "resolved": "終わった",
    "no_contact": "連絡がつかない",
    "mistaken": "間違い・いたずら",
}


def phone_page(*, caller: Caller, csrf: str, card: CityCard, now: datetime) -> str:
    """Nothing of any caller is in the page itself: all comes by its script, and is not kept."""
    words = {"handed_to": HANDED_TO, "outcomes": OUTCOMES}
    return staff_page(
        "phone",
        title="電話受付",
        caller=caller,
        csrf=csrf,
        card=card,
        scripts=("phone.js",),
        styles=("phone.css",),
        values={
            "profiles": PROFILES,
            "dwellings": DWELLINGS,
            "handed_to": HANDED_TO,
            "report_kinds": KIND_WORDS,
            "now": now.isoformat(),
            "zone": card.timezone,
            "words": orjson.dumps(words).decode(),
        },
    )
