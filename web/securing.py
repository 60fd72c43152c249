"""直ちに安全確保: what to do in each building. It names no place and shows no way."""

from dataclasses import dataclass
from typing import Final

from city.traveller import Dwelling, Household
from hazards.kinds import HazardKind
from routing.guidance import Guidance
from routing.staying import DoorZones
from web.language import Translate

WATER_OR_SLOPE: Final = frozenset(
    {
        HazardKind.FLOOD,
        HazardKind.LANDSLIDE,
        HazardKind.STORM_SURGE,
        HazardKind.TSUNAMI,
        HazardKind.INLAND_FLOOD,
    }
)

DEEP_RANK: Final = 3
"""From this rank of A31b_201 on (3 m) the water may reach the upper floor of a house."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do in one kind of building; `open` for the one that the household named."""

    title: str
    does: tuple[str, ...]
    open: bool


_STURDY_NEAR: Final = "すぐ近くの頑丈な建物の、高い階へ。道に水があれば出ない。"
_HIGHEST_THEN_CALL: Final = "出られなければ、家の中のいちばん高い所へ上がり、119。"
_OFF_THE_SLOPE: Final = "崖から離れた頑丈な建物へ。すぐ近くだけ。"
_FAR_SIDE: Final = "出られなければ、崖と反対側の、いちばん高い所へ。"
_LEVEL_HOME: Final = (_STURDY_NEAR, _HIGHEST_THEN_CALL)
_SLOPE_HOME: Final = (_OFF_THE_SLOPE, _FAR_SIDE)

_OFF_THE_BANK: Final = "川岸では、川からも離れる。"
_TALLER: Final = "となりに頑丈で高い建物があり、道に水がなければ、そこの高い階へ。"
_HOUSE: Final = (
    "いちばん高い部屋へ、今すぐ上がる。川や崖と反対側の部屋。",
    "靴、水、スマホ、明かりを持って上がる。戻らない。",
    "窓から明かりや布で、いることを知らせる。",
)
_TOWER: Final = (
    "できるだけ高い所へ。近所の部屋や廊下でもよい。エレベーターは使わない。",
    "川や崖と反対側にいる。",
)
_BELOW: Final = ("すぐ地上へ、さらに高い所へ。水が来るとドアは開きません。",)
_OUTSIDE: Final = (
    "いちばん近い頑丈な建物の、高い階へ。",
    "車は水に入る前に降りる。地下道・川・用水路・崖に近づかない。",
)
OTHER: Final = {
    HazardKind.EARTHQUAKE: "倒れそうな建物・塀・崖から離れ、広い所で身を守る。",
    HazardKind.LARGE_FIRE: "火と煙から離れる。風上の広い所へ。",
    HazardKind.VOLCANO: "頑丈な建物の中へ。谷と川から離れる。",
}


def secure_advice(guidance: Guidance, t: Translate) -> tuple[Advice, ...]:
    """What to do, the household's own building first and open."""
    if not guidance.hazards & WATER_OR_SLOPE:
        return ()
    said = _said(guidance.question.household)
    zones = guidance.zones
    rows = [
        ("house", t(_house_title(said, zones)), _house(zones)),
        ("bungalow", t("平屋"), _SLOPE_HOME if _slope(zones) else _LEVEL_HOME),
        ("slope", t("崖・沢・川岸の近くの家"), (*_SLOPE_HOME, _OFF_THE_BANK)),
        ("sturdy", t("マンション・鉄筋"), _TOWER),
        ("below", t("地下にいる"), _BELOW),
        ("outside", t("外・車の中"), _OUTSIDE),
    ]
    advice = [
        Advice(title, tuple(t(text) for text in does), key == said)
        for key, title, does in rows
        if not (key == "house" and said == "bungalow")
    ]
    return tuple(sorted(advice, key=lambda one: not one.open))


def other_advice(guidance: Guidance, t: Translate) -> tuple[str, ...]:
    """What to do where neither water nor a slope is the danger."""
    return tuple(t(text) for kind, text in OTHER.items() if kind in guidance.hazards)


def has_no_upstairs(guidance: Guidance) -> bool:
    """Whether nobody here may be told to go up at home (`safety.md` 3)."""
    zones = guidance.zones
    one_floor = _said(guidance.question.household) == "bungalow"
    return one_floor or _slope(zones) or zones.collapse is not None


def _said(household: Household) -> str | None:
    """The row of the household; a house of one floor is a bungalow."""
    if household.below_ground:
        return "below"
    if household.dwelling is Dwelling.HOUSE and household.floors == 1:
        return "bungalow"
    return household.dwelling


def _house_title(said: str | None, zones: DoorZones) -> str:
    above = said != "bungalow" and not _slope(zones) and zones.collapse is None
    return "戸建て・木造（2階以上）" if above else "戸建て・木造"


def _house(zones: DoorZones) -> tuple[str, ...]:
    if _slope(zones):
        return _SLOPE_HOME
    if zones.collapse is not None:
        return _LEVEL_HOME
    deep = zones.depth is not None and zones.depth >= DEEP_RANK
    return (_TALLER, *_HOUSE) if deep else _HOUSE


def _slope(zones: DoorZones) -> bool:
    return zones.landslide is not None
