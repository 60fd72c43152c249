"""直ちに安全確保: what to do in each building. It names no place and shows no way."""

from dataclasses import dataclass
from typing import Final

from city.traveller import Dwelling, Household
from hazards.kinds import HazardKind
from hazards.zone import ZoneLayer
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
class Refuge:
    """What to do in one kind of building; `said` for the one that the household named.

    `open` for that one, and for every one where none was named.
    """

    title: str
    does: tuple[str, ...]
    said: bool
    open: bool


_STURDY_NEAR: Final = "すぐ近くの頑丈な建物の、高い階へ。道に水があれば出ない。"
_HIGHEST_THEN_CALL: Final = "出られなければ、家の中のいちばん高い所へ上がり、119。"
_OFF_THE_SLOPE: Final = "崖から離れた頑丈な建物へ。すぐ近くだけ。"
_FAR_SIDE: Final = "出られなければ、崖と反対側の、いちばん高い所へ。"
_LEVEL_HOME: Final = (_STURDY_NEAR, _HIGHEST_THEN_CALL)
_SLOPE_HOME: Final = (_OFF_THE_SLOPE, _FAR_SIDE)

_OFF_THE_BANK: Final = "川岸では、川からも離れる。"
_TALLER: Final = "となりに頑丈で高い建物があり、道に水がなければ、そこの高い階へ。"
_UNMAPPED: Final = {
    ZoneLayer.COLLAPSE: "この家が流されるおそれがあるかは、地図では分かりません。",
    ZoneLayer.LANDSLIDE: "ここに土砂が来るおそれがあるかは、地図では分かりません。",
}
"""Layers without which nobody knows whether a house would stand: unknown is not outside."""

_FAR_SIDE_THEN_CALL: Final = "出られなければ、川や崖と反対側の、いちばん高い所へ上がり、119。"
_UP: Final = "いちばん高い部屋へ、今すぐ上がる。川や崖と反対側の部屋。"
_WHEN_UP: Final = (
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


def secure_advice(guidance: Guidance, t: Translate) -> tuple[Refuge, ...]:
    """What to do, the household's own building first and open; all open if unknown."""
    if not guidance.hazards & WATER_OR_SLOPE:
        return ()
    said = _said(guidance.question.household)
    zones = guidance.zones
    rows = [
        ("house", t(_house_title(said, zones)), _house(zones)),
        ("bungalow", t("平屋"), _low_home(zones)),
        ("slope", t("崖・沢・川岸の近くの家"), (*_SLOPE_HOME, _OFF_THE_BANK)),
        ("sturdy", t("マンション・鉄筋"), _TOWER),
        ("below", t("地下にいる"), _BELOW),
        ("outside", t("外・車の中"), _OUTSIDE),
    ]
    refuges = [
        Refuge(title, tuple(t(text) for text in does), key == said, said in (None, key))
        for key, title, does in rows
        if not (key == "house" and said == "bungalow")
    ]
    return tuple(sorted(refuges, key=lambda one: not one.said))


def other_advice(guidance: Guidance, t: Translate) -> tuple[str, ...]:
    """What to do where neither water nor a slope is the danger."""
    return tuple(t(text) for kind, text in OTHER.items() if kind in guidance.hazards)


def level_5_words(guidance: Guidance, t: Translate) -> str:
    """Where to at level 5, for the slip: up at home only where a house is known to stand."""
    said, zones = _said(guidance.question.household), guidance.zones
    if said == "bungalow" or _slope(zones) or zones.collapse is not None:
        return t("すぐ近くの頑丈な建物の、崖や川と反対側の、いちばん高い所へ")
    if said != "sturdy" and _unmapped(zones):
        return t(
            "すぐ近くの頑丈な建物か、出られなければこの家の、崖や川と反対側の、いちばん高い所へ"
        )
    return t("この家か、すぐ近くの頑丈な建物の、崖や川と反対側の、いちばん高い所へ")


def _said(household: Household) -> str | None:
    """The row of the household; a house of one floor is a bungalow."""
    if household.below_ground:
        return "below"
    if household.dwelling is Dwelling.HOUSE and household.floors == 1:
        return "bungalow"
    return household.dwelling


def _house_title(said: str | None, zones: DoorZones) -> str:
    stands = not _slope(zones) and zones.collapse is None and not _unmapped(zones)
    return "戸建て・木造（2階以上）" if stands and said != "bungalow" else "戸建て・木造"


def _house(zones: DoorZones) -> tuple[str, ...]:
    if _slope(zones) or zones.collapse is not None:
        return _low_home(zones)
    unmapped = _unmapped(zones)
    if unmapped:
        return (_TALLER, *unmapped, _FAR_SIDE_THEN_CALL, *_WHEN_UP)
    return (_TALLER, _UP, *_WHEN_UP) if _may_be_deep(zones) else (_UP, *_WHEN_UP)


def _low_home(zones: DoorZones) -> tuple[str, ...]:
    if _slope(zones):
        return _SLOPE_HOME
    unmapped = _unmapped(zones)
    return (_STURDY_NEAR, *unmapped, _FAR_SIDE_THEN_CALL) if unmapped else _LEVEL_HOME


def _unmapped(zones: DoorZones) -> tuple[str, ...]:
    ranks = {ZoneLayer.COLLAPSE: zones.collapse, ZoneLayer.LANDSLIDE: zones.landslide}
    unknown = [layer for layer in _UNMAPPED if ranks[layer] is None and layer in zones.unknown]
    return tuple(_UNMAPPED[layer] for layer in unknown)


def _may_be_deep(zones: DoorZones) -> bool:
    """Whether the water may reach the upper floor of a house, or nobody knows."""
    deep = zones.depth is not None and zones.depth >= DEEP_RANK
    return deep or ZoneLayer.DEPTH in zones.unknown


def _slope(zones: DoorZones) -> bool:
    return zones.landslide is not None
