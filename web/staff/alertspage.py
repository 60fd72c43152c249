"""Headquarters' page of alerts: the frame, which its scripts fill from the API of alerts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from alerts.kinds import KIND_WORDS
from city.staff import Caller, Role
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS
from routing.ground import CityCard
from web.assets import address
from web.staff.alertpagewords import all_words
from web.staff.cityoutline import CityOutline
from web.staff.frame import staff_page
from web.staff.hqwords import SETTABLE

SCRIPTS: Final = ("hqalerts.js",)
STYLES: Final = ("hq.css", "hqalerts.css", "hqalertwords.css", "hqalertsprint.css")


@dataclass(frozen=True, slots=True)
class AlertDesk:
    """What the page must know beside the API of alerts.

    `areas`: names to choose from; `own`: revisions that whoever looks wrote or submitted;
    `may_send_alone`: whether they were named beforehand; `outline`: None before there is a plan.
    """

    areas: Sequence[str]
    own: Sequence[int]
    may_send_alone: bool
    outline: CityOutline | None = None


def alerts_page(
    desk: AlertDesk, *, caller: Caller, csrf: str, card: CityCard | None, now: datetime
) -> str:
    """The page as it comes, before any script ran."""
    values = {
        "kinds": [(str(kind), word) for kind, word in KIND_WORDS.items()],
        "hazards": [(str(kind), word) for kind, word in HAZARD_WORDS.items()],
        "levels": [(int(level), LEVEL_WORDS[level]) for level in SETTABLE],
        "outline": desk.outline,
        "data": {
            "now": now.isoformat(),
            "zone": card.timezone if card else "Asia/Tokyo",
            "actor": caller.actor,
            "name": caller.name,
            "approver": "yes" if Role.APPROVER in caller.roles else "",
            "alone": "yes" if desk.may_send_alone else "",
            "own": " ".join(str(one) for one in desk.own),
            "live": address("live.js"),
            "areas": orjson.dumps(list(desk.areas)).decode(),
            "words": orjson.dumps(all_words()).decode(),
        },
    }
    return staff_page(
        "hqalerts",
        title="配信",
        caller=caller,
        csrf=csrf,
        card=card,
        scripts=SCRIPTS,
        styles=STYLES,
        values=values,
    )
