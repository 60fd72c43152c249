"""Calls from the phone desk: what is read to people of an alert, and who answered."""

from datetime import datetime
from typing import Final

import orjson

from alerts.kinds import KIND_WORDS, Language
from city.staff import Caller
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS
from routing.ground import CityCard
from web.staff.alertpagewords import LANGUAGE_WORDS, STEP_WORDS
from web.staff.frame import staff_page

SPOKEN: Final = tuple((str(one), LANGUAGE_WORDS[one]) for one in Language)
"""In which languages something may be read."""


def calls_page(*, caller: Caller, csrf: str, card: CityCard, now: datetime) -> str:
    """The page as it comes: neither words nor households are in it, all comes by its script."""
    return staff_page(
        "phonecalls",
        title="声かけの電話",
        caller=caller,
        csrf=csrf,
        card=card,
        scripts=("phonecalls.js",),
        styles=("phone.css", "phonecalls.css"),
        values={
            "languages": SPOKEN,
            "now": now.isoformat(),
            "zone": card.timezone,
            "actor": caller.actor,
            "words": orjson.dumps(_words()).decode(),
        },
    )


def _words() -> dict[str, dict[str, str]]:
    return {
        "kinds": {str(one): word for one, word in KIND_WORDS.items()},
        "steps": {str(one): word for one, word in STEP_WORDS.items()},
        "hazards": {str(one): word for one, word in HAZARD_WORDS.items()},
        "levels": {str(int(one)): word for one, word in LEVEL_WORDS.items()},
        "languages": dict(SPOKEN),
    }
