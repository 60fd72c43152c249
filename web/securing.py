"""直ちに安全確保: what to do in each building. It names no place and shows no way."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from city.traveller import Dwelling, Household
from hazards.kinds import HAZARD_WORDS, RAIN_HAZARDS, HazardKind
from hazards.zone import DEPTH_M, EROSION, OTHER_DEPTHS, ZoneLayer
from routing.guidance import Guidance
from routing.staying import DoorZones
from web.language import Translate

WATER_OR_SLOPE: Final = RAIN_HAZARDS | {HazardKind.TSUNAMI}

WATER: Final = WATER_OR_SLOPE - {HazardKind.LANDSLIDE}

FROM_THE_SEA: Final = frozenset({HazardKind.STORM_SURGE, HazardKind.TSUNAMI})
"""Water that comes with waves: no mapped depth says how high it breaks."""

SHAKEN: Final = frozenset({HazardKind.EARTHQUAKE, HazardKind.LARGE_FIRE, HazardKind.VOLCANO})
"""Hazards after which nobody knows whether a house still stands; up is no advice for them."""


@dataclass(frozen=True, slots=True)
class Refuge:
    """What to do in one kind of building; `said` for the one that the household named.

    `open` for that one, and for every one where none was named. Not a `building`: what a hazard
    asks of everybody, wherever they are.
    """

    title: str
    does: tuple[str, ...]
    said: bool
    open: bool
    building: bool = True


class Upstairs(StrEnum):
    """What the upper floors of the own building are worth at level 5."""

    SAFE = "safe"
    LAST = "last"
    NEVER = "never"


_STURDY_NEAR: Final = "すぐ近くの頑丈な建物の、高い階へ。道に水があれば出ない。"
_HIGHEST_THEN_CALL: Final = "出られなければ、家の中のいちばん高い所へ上がり、119。"
_OFF_THE_SLOPE: Final = "崖から離れた頑丈な建物へ。すぐ近くだけ。道に水があれば出ない。"
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

_DEPTH_UNKNOWN: Final = "水がどこまで深くなるか分かりません。家の上の階は、最後の手段です。"
_MAY_BE_DEEP: Final = "水が上の階まで来るおそれがあります。家の上の階は、最後の手段です。"
_MAY_BE_SHAKEN: Final = "この家が無事かどうか分かりません。家の上の階は、最後の手段です。"
_SHAKEN_AND_WATER: Final = (
    "この家が無事かどうか分かりません。家の上の階は、水が来たときの、最後の手段です。"
)

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
_TALLER_TOWER: Final = (
    "この建物が低く、となりにもっと高く頑丈な建物があり、道に水がなければ、そこの高い階へ。"
)
_TALLER_OFF_THE_SLOPE: Final = (
    "この建物が低ければ、崖から離れた、もっと高く頑丈な建物へ。すぐ近くだけ。道に水があれば出ない。"
)
_HIGHEST: Final = {
    Upstairs.SAFE: "この家か、すぐ近くの頑丈な建物の、崖や川と反対側の、いちばん高い所へ。",
    Upstairs.LAST: (
        "すぐ近くの頑丈な建物か、出られなければこの家の、崖や川と反対側の、いちばん高い所へ。"
        "道に水があれば出ない。"
    ),
    Upstairs.NEVER: (
        "すぐ近くの頑丈な建物の、崖や川と反対側の、いちばん高い所へ。道に水があれば出ない。"
        "出られなければ、家の中の、崖や川と反対側の、いちばん高い所へ上がり、119。"
    ),
}
_ASKS_IN_SHORT: Final = {
    HazardKind.TSUNAMI: "津波は、すぐ近くの高台か、頑丈で高い建物の上へ。",
    HazardKind.EARTHQUAKE: "地震は、倒れそうな物から離れ、広い所へ。",
    HazardKind.LARGE_FIRE: "火事は、火と煙から離れる。火が風上なら、風と直角へ。",
    HazardKind.VOLCANO: "噴火は、頑丈な建物の中へ。",
}
_TALLER_OR_THIS: Final = (
    "すぐ近くのもっと高く頑丈な建物か、なければこの建物の、崖や川と反対側の、いちばん高い所へ。"
    "道に水があれば出ない。"
)
"""On the slip: where to climb by what the own building is worth."""
_UNSOUND: Final = "火が近い建物や、傾いた建物には残らない。"
_TO_THE_GROUND: Final = "地下にいれば、すぐ地上へ。"

_BELOW: Final = ("すぐ地上へ、さらに高い所へ。水が来るとドアは開きません。",)
_OUTSIDE: Final = (
    "いちばん近い頑丈な建物の、高い階へ。",
    "車は水に入る前に降りる。地下道・川・用水路・崖に近づかない。",
)

OTHER: Final = {
    HazardKind.EARTHQUAKE: (
        "ゆれている間は低くなり、頭を守る。おさまったら、倒れそうな建物・塀・崖から離れ、広い所へ。",
        "海や川の近くで強いゆれや長いゆれを感じたら、知らせを待たず、すぐ高い所へ。",
    ),
    HazardKind.LARGE_FIRE: (
        "火と煙から離れる。風上の広い所へ。",
        "風上が火なら、風と直角の向きへ。上の階へは上がらない。",
        "煙の中では、布で口と鼻をおおい、低い姿勢で。",
    ),
    HazardKind.VOLCANO: (
        "頑丈な建物の中へ。谷と川から離れる。",
        "石が飛んでくる間は、屋根と窓から離れ、頭を守る。",
        "灰の中では、マスクや布で口と鼻をおおう。",
    ),
}
_TSUNAMI: Final = (
    "道に水がなければ、すぐに海や川から離れ、すぐ近くの高台か、頑丈で高い建物の、いちばん高い所へ。",
    "津波は何度も来る。警報が解除されるまで、下りない。",
)
_ASKS: Final = {HazardKind.TSUNAMI: _TSUNAMI, **OTHER}
"""What a hazard asks of everybody, in every building."""

_BEFORE_ALL: Final = {
    HazardKind.EARTHQUAKE: "傾いたり、ひびが入ったりした建物には残らない。",
    HazardKind.LARGE_FIRE: "火や煙が近ければ、建物に残らず、上へも行かず、外へ離れる。",
}
"""What comes before any climbing, whatever the building."""


def secure_advice(guidance: Guidance, t: Translate) -> tuple[Refuge, ...]:
    """What each hazard asks of everybody, then the household's own building, then the others;
    every building is open where none is known.
    """
    if not guidance.hazards & WATER_OR_SLOPE:
        return ()
    said = _said(guidance.question.household)
    zones = guidance.zones
    first = tuple(text for kind, text in _BEFORE_ALL.items() if kind in guidance.hazards)
    rows = [
        ("house", _house_title(guidance), (*first, *_house(guidance))),
        ("bungalow", "平屋", (*first, *_low_home(zones))),
        ("slope", "崖・沢・川岸の近くの家", (*first, *_SLOPE_HOME, _OFF_THE_BANK)),
        ("sturdy", "マンション・鉄筋", (*first, *_tower(guidance))),
        ("below", "地下にいる", _BELOW),
        ("outside", "外・車の中", _OUTSIDE),
    ]
    refuges = [
        Refuge(t(title), tuple(t(text) for text in does), key == said, said in (None, key))
        for key, title, does in rows
        if not (key == "house" and said == "bungalow")
    ]
    return (*_for_all(guidance, t), *sorted(refuges, key=lambda one: not one.said))


def other_advice(guidance: Guidance, t: Translate) -> tuple[str, ...]:
    """What to do where neither water nor a slope is the danger."""
    if guidance.hazards & WATER_OR_SLOPE:
        return ()
    return tuple(
        t(text) for kind, does in OTHER.items() if kind in guidance.hazards for text in does
    )


def level_5_words(guidance: Guidance, t: Translate) -> tuple[str, ...]:
    """Where to at level 5, for the slip: up at home only where a house is known to stand."""
    lines = [text for kind, text in _ASKS_IN_SHORT.items() if kind in guidance.hazards]
    if not guidance.hazards & WATER_OR_SLOPE:
        return tuple(t(text) for text in lines)
    household = guidance.question.household
    worth = own_upstairs(guidance, household.dwelling, storeys(household))
    low_tower = worth is Upstairs.LAST and household.dwelling is Dwelling.STURDY
    below = (_TO_THE_GROUND,) if household.below_ground else ()
    unsound = (_UNSOUND,) if guidance.hazards & _BEFORE_ALL.keys() else ()
    climb = _TALLER_OR_THIS if low_tower else _HIGHEST[worth]
    return tuple(t(text) for text in (*below, *lines, *unsound, climb))


def stays_in(guidance: Guidance) -> bool:
    """Whether rain alone is the danger: whoever is up stays in when it stops."""
    return guidance.hazards <= RAIN_HAZARDS


def own_upstairs(guidance: Guidance, dwelling: Dwelling | None, floors: int | None) -> Upstairs:
    """What a building of so many floors at this door is worth: unknown never counts for it.

    A house that a flood or a slope may take is no refuge. A sturdy building stands, but where the
    river takes the bank, and is worth as much as it is known to be high. The page and the slip both
    follow this.
    """
    zones = guidance.zones
    if dwelling is Dwelling.STURDY:
        stands = zones.collapse != EROSION and _rises_above(guidance, floors)
        return Upstairs.SAFE if stands else Upstairs.LAST
    low = dwelling is Dwelling.BUNGALOW or (dwelling is Dwelling.HOUSE and floors == 1)
    if low or _slope(zones) or zones.collapse is not None:
        return Upstairs.NEVER
    if dwelling is None or _unmapped(zones) or guidance.hazards & SHAKEN:
        return Upstairs.LAST
    return Upstairs.SAFE if _rises_above(guidance, floors) else Upstairs.LAST


def storeys(household: Household) -> int | None:
    """The floors of the own building, or as many as its own floor tells; None if unknown."""
    upstairs = household.floor is not None and household.floor > 1
    return household.floors or (household.floor if upstairs else None)


def _for_all(guidance: Guidance, t: Translate) -> tuple[Refuge, ...]:
    return tuple(
        Refuge(t(HAZARD_WORDS[kind]), tuple(t(text) for text in does), False, True, False)
        for kind, does in _ASKS.items()
        if kind in guidance.hazards
    )


def _said(household: Household) -> str | None:
    """The row of the household; a house of one floor is a bungalow."""
    if household.below_ground:
        return "below"
    if household.dwelling is Dwelling.HOUSE and household.floors == 1:
        return "bungalow"
    return household.dwelling


def _house_worth(guidance: Guidance) -> Upstairs:
    """A house of which nobody spoke has the two floors that its title then names."""
    household = guidance.question.household
    mine = household.dwelling is Dwelling.HOUSE
    return own_upstairs(guidance, Dwelling.HOUSE, storeys(household) if mine else 2)


def _house_title(guidance: Guidance) -> str:
    up = _house_worth(guidance) is Upstairs.SAFE
    return "戸建て・木造（2階以上）" if up else "戸建て・木造"


def _house(guidance: Guidance) -> tuple[str, ...]:
    worth, zones = _house_worth(guidance), guidance.zones
    if worth is Upstairs.NEVER:
        return _low_home(zones)
    if worth is Upstairs.SAFE:
        return (_UP, *_WHEN_UP)
    return (_TALLER, *_unmapped(zones), *_why_last(guidance), _FAR_SIDE_THEN_CALL, *_WHEN_UP)


def _why_last(guidance: Guidance) -> tuple[str, ...]:
    """Why a house's upper floor is no refuge, beside the layers that are not mapped."""
    if _depth_unknown(guidance):
        return (_DEPTH_UNKNOWN,)
    if not _rises_above(guidance, 2):
        return (_MAY_BE_DEEP,)
    if not guidance.hazards & SHAKEN:
        return ()
    return (_SHAKEN_AND_WATER if guidance.hazards & WATER else _MAY_BE_SHAKEN,)


def _tower(guidance: Guidance) -> tuple[str, ...]:
    """A sturdy building of which nobody spoke has two floors, but below a slope, none known."""
    household, below_a_slope = guidance.question.household, _slope(guidance.zones)
    mine = household.dwelling is Dwelling.STURDY
    floors = storeys(household) if mine or below_a_slope else 2
    if own_upstairs(guidance, Dwelling.STURDY, floors) is Upstairs.SAFE:
        return _TOWER
    if guidance.zones.collapse == EROSION:
        return (_STURDY_NEAR, _OFF_THE_BANK, *_TOWER)
    return (_TALLER_OFF_THE_SLOPE if below_a_slope else _TALLER_TOWER, *_TOWER)


def _low_home(zones: DoorZones) -> tuple[str, ...]:
    if _slope(zones):
        return _SLOPE_HOME
    unmapped = _unmapped(zones)
    return (_STURDY_NEAR, *unmapped, _FAR_SIDE_THEN_CALL) if unmapped else _LEVEL_HOME


def _unmapped(zones: DoorZones) -> tuple[str, ...]:
    ranks = {ZoneLayer.COLLAPSE: zones.collapse, ZoneLayer.LANDSLIDE: zones.landslide}
    unknown = [layer for layer in _UNMAPPED if ranks[layer] is None and layer in zones.unknown]
    return tuple(_UNMAPPED[layer] for layer in unknown)


def _depth_unknown(guidance: Guidance) -> bool:
    """Whether nobody knows how deep the water of a hazard in force may stand at the door."""
    zones, hazards = guidance.zones, guidance.hazards
    inland = HazardKind.INLAND_FLOOD in hazards and ZoneLayer.INLAND_DEPTH in zones.unknown
    unread = inland or bool(zones.damaged.intersection(OTHER_DEPTHS))
    return ZoneLayer.DEPTH in zones.unknown or unread or bool(hazards & FROM_THE_SEA)


def _rises_above(guidance: Guidance, floors: int | None) -> bool:
    """Whether the top one of so many floors is known to lie above the assumed water."""
    if floors is None or floors < 2 or _depth_unknown(guidance):
        return False
    rank = guidance.zones.deepest
    if rank is None:
        return True
    deepest = DEPTH_M[rank][1]
    storey_m = guidance.version.ground.rules.storey_height_m
    return deepest is not None and (floors - 1) * storey_m >= deepest


def _slope(zones: DoorZones) -> bool:
    return zones.landslide is not None
