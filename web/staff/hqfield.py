"""Headquarters' page of the field: the frame, which its scripts fill from one answer of the API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import orjson

from city.staff import Caller, Role
from hazards.evidence import SURE_M, Effect
from hazards.mission import STEPS as MISSION_STEPS
from hazards.mission import MissionState, MissionStep
from hazards.observation import (
    DEPTH_WORDS,
    KIND_WORDS,
    SHUTS_ROAD,
    SOURCE_WORDS,
    STATE_WORDS,
    STEPS,
)
from hazards.plausible import TOO_OLD
from hazards.rescue import ENDED
from routing.ground import Ground
from web.assets import address
from web.staff.cityoutline import CityOutline, outline_of
from web.staff.frame import staff_page

STYLES: Final = ("hq.css", "hqfield.css", "hqfieldlists.css", "moving.css", "hqalertdraw.css")
EFFECT_WORDS: Final[Mapping[Effect, str]] = {
    Effect.NONE: "影響なし",
    Effect.DOUBTED: "止めていない（案内はなるべく避ける）",
    Effect.SUSPENDED: "一時停止中（全員の案内から外した）",
    Effect.CLOSED: "通行止め",
}
MOVING_WORDS: Final[Mapping[str, str]] = {
    "": "影響を計算中",
    "moves": "反映ずみ",
    "waits": "変更は承認待ち",
}
LEVEL_KEYS: Final[Mapping[str, str]] = {
    "overflow": "氾濫開始",
    "danger": "危険",
    "evacuation": "判断",
    "caution": "注意",
    "standby": "待機",
}
"""Levels of a gauge, the highest first, as a narrow table has them."""
STEP_WORDS: Final[Mapping[MissionStep, str]] = {
    MissionStep.CHECK_IN: "定時連絡があった",
    MissionStep.CONFIRM_RECALL: "呼び戻しを聞いたと確認",
    MissionStep.RETURN: "帰着",
    MissionStep.RECALL: "呼び戻す",
    MissionStep.ESCALATE: "引き継ぐ",
    MissionStep.REACHED: "連絡がついた",
}


def field_desk_page(ground: Ground | None, *, caller: Caller, csrf: str, now: datetime) -> str:
    """The page as it comes, before any script ran; without a ground it has no maps."""
    card = ground.card if ground else None
    outline = outline_of(ground) if ground else None
    values = {
        "outline": outline,
        "alert_waits": (),
        "data": {
            "now": now.isoformat(),
            "zone": card.timezone if card else "Asia/Tokyo",
            "actor": caller.actor,
            "approver": "yes" if Role.APPROVER in caller.roles else "",
            "live": address("live.js"),
            "places": _json(_places(ground)),
            "words": _json(all_words()),
        },
        "names": _json(_names(outline)),
    }
    return staff_page(
        "hqfield",
        title="現地からの報告",
        caller=caller,
        csrf=csrf,
        card=card,
        scripts=("hqfield.js",),
        styles=STYLES,
        values=values,
    )


def all_words() -> dict[str, Any]:
    """Every table of words, for the page's scripts."""
    return {
        "kind": _keyed(KIND_WORDS),
        "state": _keyed(STATE_WORDS),
        "source": _keyed(SOURCE_WORDS),
        "depth": _keyed(DEPTH_WORDS),
        "effect": {effect.name.lower(): word for effect, word in EFFECT_WORDS.items()},
        "moving": dict(MOVING_WORDS),
        "steps": {str(state): sorted(following) for state, following in STEPS.items()},
        "shuts_road": sorted(SHUTS_ROAD),
        "level": dict(LEVEL_KEYS),
        "mission_step": _keyed(STEP_WORDS),
        "mission_steps": {str(state): _steps_from(state) for state in MissionState},
        "rescue_ended": sorted(ENDED),
        "sure_m": SURE_M,
        "aimed_despite": ["", TOO_OLD],
    }


def _steps_from(state: MissionState) -> list[str]:
    """What headquarters may say of a team, in the order of the buttons; nothing once it is back."""
    outside = state is not MissionState.RETURNED
    return [str(step) for step in STEP_WORDS if outside and step in MISSION_STEPS[state]]


def _places(ground: Ground | None) -> dict[str, tuple[str, float, float]]:
    """Name, lon and lat of each place, by its id."""
    if ground is None:
        return {}
    return {
        site.id: (site.name, round(site.position.lon, 6), round(site.position.lat, 6))
        for site in ground.sites
    }


def _names(outline: CityOutline | None) -> tuple[tuple[str, float, float], ...]:
    return outline.names if outline else ()


def _keyed(words: Mapping[Any, str]) -> dict[str, str]:
    return {str(key): word for key, word in words.items()}


def _json(table: Any) -> str:
    return orjson.dumps(table).decode()
