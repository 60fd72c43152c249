"""Headquarters' page of alerts: the frame, which its scripts fill from the API of alerts."""

from collections import Counter
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
from web.staff.alertareawords import HOUSEHOLDS_ONLY, WHERE_WORDS
from web.staff.alertmorewords import way_ranks, way_steps
from web.staff.alertpagewords import DUTY_WORDS, all_words
from web.staff.cityoutline import CityOutline
from web.staff.frame import staff_page
from web.staff.hqwords import SETTABLE

SCRIPTS: Final = ("hqalerts.js",)
STYLES: Final = (
    "hq.css",
    "hqalerts.css",
    "hqalertwords.css",
    "hqalertmore.css",
    "moving.css",
    "hqalertdraw.css",
    "hqalertsprint.css",
)


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody of headquarters who can be named beforehand: no login, nothing else of them."""

    number: int
    name: str
    is_approver: bool


@dataclass(frozen=True, slots=True)
class AlertDesk:
    """What the page must know beside the API of alerts.

    `areas`: names to choose from; `own`: revisions that whoever looks wrote or submitted;
    `may_send_alone`: whether they were named beforehand; `outline`: None before there is a plan;
    `officers`: whom an approver can name, nobody for anybody else.
    """

    areas: Sequence[str]
    own: Sequence[int]
    may_send_alone: bool
    outline: CityOutline | None = None
    officers: Sequence[Officer] = ()


def alerts_page(
    desk: AlertDesk, *, caller: Caller, csrf: str, card: CityCard | None, now: datetime
) -> str:
    """The page as it comes, before any script ran."""
    values = {
        "kinds": [(str(kind), word) for kind, word in KIND_WORDS.items()],
        "hazards": [(str(kind), word) for kind, word in HAZARD_WORDS.items()],
        "duties": [(str(duty), word) for duty, word in DUTY_WORDS.items()],
        "levels": [(int(level), LEVEL_WORDS[level]) for level in SETTABLE],
        "outline": desk.outline,
        "alert_waits": (),
        "wheres": WHERE_WORDS,
        "households_only": HOUSEHOLDS_ONLY,
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
            "names": orjson.dumps(desk.outline.names if desk.outline else ()).decode(),
            "steps": orjson.dumps(dict(way_steps())).decode(),
            "ranks": orjson.dumps(dict(way_ranks())).decode(),
            "officers": orjson.dumps(_choices(desk.officers)).decode(),
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


def _choices(officers: Sequence[Officer]) -> list[tuple[int, str, bool]]:
    """(number, words, whether an approver) of each, by name; the number too where two share one."""
    count = Counter(one.name for one in officers)
    return [
        (
            one.number,
            f"{one.name}（番号 {one.number}）" if count[one.name] > 1 else one.name,
            one.is_approver,
        )
        for one in sorted(officers, key=lambda one: (one.name, one.number))
    ]
