"""Headquarters' page of places and needs: whole as it comes, then kept true by its script.

It is drawn from the same JSON as `GET /api/v1/headquarters`, so that it can be read before the
script runs, and where it does not.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from city.staff import Caller, Role
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS
from routing.ground import CityCard
from shelters.opening import STAGE_WORDS
from web.assets import address
from web.staff import fieldwaits, hqwords
from web.staff.frame import staff_page
from web.staff.hqplan import NOTHING, panel
from web.staff.hqrows import Json, Moment, call_row, need_row, order_row, proposal_row, site_row

_LEVELLED: Final = {"hazard": "flood", "level": 4}
OPEN_NEEDS: Final = ("sent", "accepted")
KEYS: Final = (
    ("/", "場所をしぼり込む（Enter で表へ）"),
    ("J K ↓ ↑", "行を移る"),
    ("Enter", "詳細を開く"),
    ("P", "発令を提案する（印刷・帳票へは下の列から）"),
)


def hq_page(
    picture: Json,
    plan: Json = NOTHING,
    *,
    caller: Caller,
    csrf: str,
    card: CityCard | None,
    now: datetime,
    field: Mapping[str, int] = fieldwaits.NOTHING,
    mode: str = "live",
) -> str:
    """`picture`, `plan` and `field` are what `GET /api/v1/headquarters`, its `/plan` and its
    `/field/waits` answer; `mode` of the bar, live where it is not known.

    Raises `KeyError` where they are not.
    """
    zone = card.timezone if card else "Asia/Tokyo"
    moment = Moment(now, ZoneInfo(zone))
    unopened = {one["order"]: one["sites"] for one in picture["unopened"]}
    values = {
        "orders": _keyed("order", "number", highest(picture["orders"]), lambda one: order_row(
            one, unopened.get(one["number"], ()), moment
        )),
        "proposals": _keyed("proposal", "number", picture["proposals"], lambda one: proposal_row(
            one, caller.actor, moment
        )),
        "needs": _keyed("need", "id", waiting(picture["needs"]), lambda one: need_row(one, moment)),
        "calls": _keyed("call", "id", picture["call_next"], lambda one: call_row(one, moment)),
        "sites": _keyed("site", "id", picture["sites"], lambda one: site_row(one, moment)),
        "alert_waits": picture["alerts"],
        "field": fieldwaits.panel(field),
        "plan": panel(plan, moment),
        "blank": _blank(moment),
        "stages": [(str(stage), word) for stage, word in STAGE_WORDS.items()],
        "facilities": list(hqwords.all_words()["facility"].items()),
        "meant_for": list(hqwords.all_words()["meant_for"].items()),
        "levels": [(int(level), LEVEL_WORDS[level]) for level in hqwords.SETTABLE],
        "hazards": [(str(kind), word) for kind, word in HAZARD_WORDS.items()],
        "bar": {
            "mode": mode,
            "here": "/hq/places",
            "title": "避難場所と要請",
            "now": now.isoformat(),
            "keys": KEYS,
        },
        "data": {
            "now": now.isoformat(),
            "zone": zone,
            "actor": caller.actor,
            "approver": "yes" if Role.APPROVER in caller.roles else "",
            "live": address("live.js"),
            "words": orjson.dumps(hqwords.all_words()).decode(),
        },
    }  # fmt: skip
    return staff_page(
        "hq",
        title="避難場所と要請",
        caller=caller,
        csrf=csrf,
        card=card,
        scripts=("hq.js",),
        styles=("hq.css",),
        values=values,
    )


def highest(orders: Sequence[Json]) -> Sequence[Json]:
    """The orders, the highest level first."""
    return sorted(orders, key=lambda one: -one["level"])


def waiting(needs: Sequence[Json]) -> Sequence[Json]:
    """The needs that are not settled yet: those that nobody answered first, oldest first."""
    found = [one for one in needs if one["state"] in OPEN_NEEDS]
    return sorted(found, key=lambda one: (one["state"] != "sent", one["received_at"]))


def _keyed(kind: str, name: str, items: Sequence[Json], row: Any) -> list[tuple[str, Any, Json]]:
    """What names a row on the page, its slots, and what it was made of."""
    return [(f"{kind}:{one[name]}", row(one), one) for one in items]


def _blank(moment: Moment) -> Mapping[str, Mapping[str, Any]]:
    """Rows of nothing: the script copies what they are drawn as."""
    return {
        "order": order_row(_LEVELLED, (), moment),
        "proposal": proposal_row({**_LEVELLED, "proposed_by": ""}, "-", moment),
        "need": need_row({"kind": "staff", "state": "sent"}, moment),
        "call": call_row({"name": ""}, moment),
        "site": site_row({"name": "", "opening": "unopened"}, moment),
    }
