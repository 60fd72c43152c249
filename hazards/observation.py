"""現地報告: what somebody saw, how far it is believed, and how its state may change.

What it does to a street is in `hazards/evidence.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shapely.geometry.base import BaseGeometry

from hazards.errors import NotAState


class ObservationKind(StrEnum):
    """What was seen."""

    ROAD_FLOODED = "road_flooded"
    UNDERPASS_FLOODED = "underpass_flooded"
    SLIDE = "slide"
    BRIDGE = "bridge"
    FALLEN_TREE = "fallen_tree"
    WATER_LEVEL = "water_level"
    FIRE = "fire"
    ISOLATED = "isolated"
    RESCUE = "rescue"
    LIFELINE = "lifeline"
    PLACE_IN_DANGER = "place_in_danger"
    OTHER = "other"


KIND_WORDS: Final[Mapping[ObservationKind, str]] = {
    ObservationKind.ROAD_FLOODED: "道路の冠水",
    ObservationKind.UNDERPASS_FLOODED: "地下道の冠水",
    ObservationKind.SLIDE: "土砂・崖くずれ",
    ObservationKind.BRIDGE: "橋の異常",
    ObservationKind.FALLEN_TREE: "倒木・電柱",
    ObservationKind.WATER_LEVEL: "川の水位",
    ObservationKind.FIRE: "火災",
    ObservationKind.ISOLATED: "孤立",
    ObservationKind.RESCUE: "救助が必要",
    ObservationKind.LIFELINE: "ライフライン",
    ObservationKind.PLACE_IN_DANGER: "避難場所の危険",
    ObservationKind.OTHER: "その他",
}

SHUTS_ROAD: Final = frozenset(
    {
        ObservationKind.ROAD_FLOODED,
        ObservationKind.UNDERPASS_FLOODED,
        ObservationKind.SLIDE,
        ObservationKind.BRIDGE,
        ObservationKind.FALLEN_TREE,
        ObservationKind.FIRE,
    }
)
"""Kinds that nobody walks through; the others tell of people, places and pipes."""
OF_WATER: Final = frozenset({ObservationKind.ROAD_FLOODED, ObservationKind.UNDERPASS_FLOODED})
"""Kinds whose street is under observed water (`safety.md` 5)."""


class Depth(StrEnum):
    """How deep, against a body: what somebody beside the water can say."""

    ANKLE = "ankle"
    KNEE = "knee"
    WAIST = "waist"
    FLOWING = "flowing"


DEPTH_WORDS: Final[Mapping[Depth, str]] = {
    Depth.ANKLE: "足首（20cmまで）",
    Depth.KNEE: "ひざ（50cmまで）",
    Depth.WAIST: "腰より上（50cm以上）",
    Depth.FLOWING: "流れあり（深さ不明）",
}


class SourceKind(StrEnum):
    """How it came, and so who answers for it."""

    PUBLIC = "public"
    PHONE = "phone"
    FIELD = "field"
    DRONE = "drone"
    HEADQUARTERS = "headquarters"
    SENSOR = "sensor"
    FILE = "file"


SOURCE_WORDS: Final[Mapping[SourceKind, str]] = {
    SourceKind.PUBLIC: "住民",
    SourceKind.PHONE: "電話",
    SourceKind.FIELD: "現地班",
    SourceKind.DRONE: "ドローン",
    SourceKind.HEADQUARTERS: "本部",
    SourceKind.SENSOR: "観測機器",
    SourceKind.FILE: "取り込み",
}
AUTHENTICATED: Final = frozenset(
    {SourceKind.FIELD, SourceKind.DRONE, SourceKind.HEADQUARTERS, SourceKind.SENSOR}
)
"""Who is known by an account or a device. A caller at the phone desk is not, whoever writes it
down; nor is whoever drew what somebody brings as a file."""


class ObservationState(StrEnum):
    """Its life. Corroborated is never said: two sources of one thing make it so."""

    REPORTED = "reported"
    CORROBORATED = "corroborated"
    CONFIRMED = "confirmed"
    RESOLVED = "resolved"
    REFUTED = "refuted"


STATE_WORDS: Final[Mapping[ObservationState, str]] = {
    ObservationState.REPORTED: "未確認",
    ObservationState.CORROBORATED: "複数の報告・未確認",
    ObservationState.CONFIRMED: "本部確認ずみ",
    ObservationState.RESOLVED: "解消",
    ObservationState.REFUTED: "誤り",
}
LIVE: Final = frozenset(
    {ObservationState.REPORTED, ObservationState.CORROBORATED, ObservationState.CONFIRMED}
)
"""States in which it counts."""
STEPS: Final[Mapping[ObservationState, frozenset[ObservationState]]] = {
    ObservationState.REPORTED: frozenset(
        {ObservationState.CONFIRMED, ObservationState.REFUTED, ObservationState.RESOLVED}
    ),
    ObservationState.CORROBORATED: frozenset(
        {ObservationState.CONFIRMED, ObservationState.REFUTED, ObservationState.RESOLVED}
    ),
    ObservationState.CONFIRMED: frozenset({ObservationState.REFUTED, ObservationState.RESOLVED}),
    ObservationState.RESOLVED: frozenset({ObservationState.CONFIRMED}),
    ObservationState.REFUTED: frozenset({ObservationState.CONFIRMED}),
}
"""What headquarters may say of each, and nobody else. What was ended by mistake is confirmed."""

CLOCKS_APART: Final = timedelta(minutes=5)
"""A device whose clock is so far ahead of ours tells no time."""


def check_step(state: ObservationState, to: ObservationState) -> None:
    """Raise `NotAState` where headquarters may not say that."""
    if to not in STEPS[state]:
        words = STATE_WORDS[state]
        raise NotAState(f"この報告はもう「{words}」になっています（it is {state} already）")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a file, a photo or a device says before anybody accepts it.

    `geometry` a point, line or area in (lon, lat); `error_m` the radius in which the place lies
    with two thirds' certainty (as GPS receivers say it), None where nothing says it; `seen_at`
    aware, by the device's own clock.
    """

    kind: ObservationKind
    geometry: BaseGeometry
    error_m: float | None = None
    seen_at: datetime | None = None
    note: str = ""
    depth: Depth | None = None
    link: str = ""


def seen_at(device_at: datetime | None, received_at: datetime) -> datetime:
    """When it was seen: the device's time, or ours where it has none or its clock is ahead."""
    if device_at is None or device_at > received_at + CLOCKS_APART:
        return received_at
    return min(device_at, received_at)
