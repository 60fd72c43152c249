"""What OSM's tags say of a street (wiki.openstreetmap.org, Key:highway, Key:access and others).

Tags are given as key to values: simplification and some savers merge several into a list.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from data.network import StreetTags
from data.report import SourceReport
from routing.roads import Access, StreetFlag

Values = Callable[[str], list[str]]

_NO: Final = frozenset({"", "no", "none", "nan", "false", "0"})
LOW_BRIDGE: Final = "low_water_crossing"
"""沈下橋: a bridge that floods run over."""

_ROADS: Final = frozenset(
    {
        *("trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link"),
        *("tertiary", "tertiary_link", "unclassified", "residential", "living_street"),
        *("service", "road", "track"),
    }
)
_MOTORWAYS: Final = frozenset({"motorway", "motorway_link"})
_ON_FOOT: Final = frozenset({"footway", "pedestrian", "path", "steps", "corridor"})
_ON_FOOT_WHERE_SAID: Final = frozenset({"cycleway", "bridleway", "busway"})
STREETS: Final = _ROADS | _MOTORWAYS | _ON_FOOT | _ON_FOOT_WHERE_SAID
"""Values of `highway` that are streets today; all others are planned, broken off, or no street."""

READ_TAGS: Final = (
    *("highway", "name", "name:ja", "name:en", "bridge", "tunnel", "layer", "ford", "surface"),
    *("width", "smoothness", "wheelchair", "foot", "access", "motorroad", "motor_vehicle"),
    *("vehicle", "oneway", "junction", "area"),
)

_ALLOWED: Final = frozenset({"yes", "designated", "permissive", "official", "destination"})
_REFUSED: Final = frozenset({"no", "private", "military", "agricultural", "forestry"})
_RESIDENTIAL: Final = frozenset({"residential", "living_street", "unclassified"})
_IMPASSABLE_ON_WHEELS: Final = frozenset(
    {"sand", "mud", "grass", "rock", "pebblestone", "gravel", "stepping_stones", "woodchips"}
)
_ROUGH: Final = frozenset({"horrible", "very_horrible", "impassable"})
NARROWEST_ON_WHEELS_M: Final = 0.9
"""車いす: 80 cm pass at a door, 90 cm along a way (高齢者、障害者等の移動等の円滑化の促進に関する
法律施行令18条2項)."""


def values_of(tags: Mapping[str, Any], key: str) -> list[str]:
    """A tag's values, those that say "no" left out."""
    value = tags.get(key)
    parts: Iterable[Any] = value if isinstance(value, list) else [value]
    split = [
        part.strip() for one in parts if one is not None for part in re.split("[,;]", str(one))
    ]
    return [part for part in split if part.lower() not in _NO]


def street_tags(
    tags: Mapping[str, Any], report: SourceReport, *, merged: bool, on_foot: bool = False
) -> StreetTags:
    """What the tags of a street say. `merged`: several ways became this street, so that nobody
    knows which part of it is a bridge or a tunnel; `on_foot`: a network of walkers is read, in
    which every street may be walked.
    """
    flags = _flags(tags, report, merged=merged)
    names = values_of(tags, "name:ja") or _names(tags, "name")
    english = _names(tags, "name:en")
    surface = next(iter(values_of(tags, "surface")), "").lower()
    width_m = min((_metres(value) for value in values_of(tags, "width")), default=math.nan)
    return StreetTags(
        name=names[0] if names else "",
        name_en=english[0] if names and english else "",
        flags=flags,
        access=_access(tags, flags, surface, width_m, on_foot=on_foot),
        layer=_layer(tags, flags, report),
        residential=bool(_RESIDENTIAL & set(values_of(tags, "highway"))),
        surface=surface,
        width_m=width_m,
    )


def _names(tags: Mapping[str, Any], key: str) -> list[str]:
    """Names hold commas; only a semicolon parts two of them."""
    value = tags.get(key)
    parts = value if isinstance(value, list) else str(value or "").split(";")
    return [name for part in parts if (name := str(part).strip())]


def _metres(value: str) -> float:
    found = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s*m?", value)
    return float(found.group(1)) if found else math.nan


def _flags(tags: Mapping[str, Any], report: SourceReport, *, merged: bool) -> int:
    flags = 0
    bridges = values_of(tags, "bridge")
    if values_of(tags, "ford") or LOW_BRIDGE in bridges:
        flags |= StreetFlag.FORD
        report.note("ford or low bridge: closes first, like an underpass")
    elif bridges:
        flags |= StreetFlag.BRIDGE
        if merged:
            flags |= StreetFlag.PART_BRIDGE
            report.note("bridge merged with the road beside it")
    tunnels = [value for value in values_of(tags, "tunnel") if value != "building_passage"]
    if any(value != "culvert" for value in tunnels):
        flags |= StreetFlag.TUNNEL
        if merged:
            flags |= StreetFlag.PART_TUNNEL
            report.note("tunnel merged with the road beside it")
    elif tunnels:
        report.note("culvert under the street, no tunnel")
    if "steps" in values_of(tags, "highway"):
        flags |= StreetFlag.STEPS
    return int(flags)


def _layer(tags: Mapping[str, Any], flags: int, report: SourceReport) -> int:
    """The lowest layer; a culvert's own layer says nothing of who walks above it.

    A tunnel without one is taken as sunken: underpasses drown people, detours do not.
    """
    if values_of(tags, "tunnel") == ["culvert"]:
        return 0
    layers = [int(float(v)) for v in values_of(tags, "layer") if re.fullmatch(r"-?\d+(\.0)?", v)]
    if not layers and flags & StreetFlag.TUNNEL:
        report.note("tunnel without layer: taken as sunken")
        return -1
    return max(min(layers, default=0), -9)


def _access(
    tags: Mapping[str, Any], flags: int, surface: str, width_m: float, *, on_foot: bool
) -> int:
    access = 0
    if on_foot or _walked(tags):
        access |= Access.FOOT
        if _rolled(tags, flags, surface, width_m):
            access |= Access.WHEELS
    return int(access | _driven(tags))


def _one(tags: Mapping[str, Any], key: str) -> str:
    value = tags.get(key)
    return str(value[0] if isinstance(value, list) and value else value or "").strip().lower()


def _walked(tags: Mapping[str, Any]) -> bool:
    highway, foot, access = (_one(tags, key) for key in ("highway", "foot", "access"))
    if foot in _ALLOWED:
        return True
    if foot in _REFUSED or access in _REFUSED:
        return False
    return highway in _ROADS | _ON_FOOT and _one(tags, "motorroad") != "yes"


def _rolled(tags: Mapping[str, Any], flags: int, surface: str, width_m: float) -> bool:
    if flags & StreetFlag.STEPS:
        return False
    if (said := _one(tags, "wheelchair")) in {"yes", "designated", "no"}:
        return said != "no"
    rough = surface in _IMPASSABLE_ON_WHEELS or _one(tags, "smoothness") in _ROUGH
    return not rough and not width_m < NARROWEST_ON_WHEELS_M


def _driven(tags: Mapping[str, Any]) -> int:
    """Which way vehicles may go; nobody on foot keeps to that."""
    highway = _one(tags, "highway")
    said = next((v for key in ("motor_vehicle", "vehicle", "access") if (v := _one(tags, key))), "")
    if highway not in _ROADS | _MOTORWAYS or said in _REFUSED:
        return 0
    forward, backward = int(Access.VEHICLE_FORWARD), int(Access.VEHICLE_BACKWARD)
    oneway = _one(tags, "oneway")
    if oneway in {"-1", "reverse"}:
        return backward
    roundabout = _one(tags, "junction") in {"roundabout", "circular"} or highway in _MOTORWAYS
    if oneway in {"yes", "true", "1"} or (roundabout and oneway not in {"no", "false", "0"}):
        return forward
    return forward | backward
