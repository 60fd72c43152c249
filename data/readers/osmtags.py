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
_NOTHING: Final = frozenset({"", "none", "nan"})
LOW_BRIDGE: Final = "low_water_crossing"
"""沈下橋: a bridge that floods run over."""
_BOARDWALK: Final = "boardwalk"
"""Planks on posts, just above a marsh or a shore: it stands clear of no flood."""
_DEEPEST: Final = 9

_ROADS: Final = frozenset(
    {
        *("trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link"),
        *("tertiary", "tertiary_link", "unclassified", "residential", "living_street"),
        *("service", "road", "track"),
    }
)
MOTORWAYS: Final = frozenset({"motorway", "motorway_link"})
_ON_FOOT: Final = frozenset({"footway", "pedestrian", "path", "steps", "corridor"})
_ON_FOOT_WHERE_SAID: Final = frozenset({"cycleway", "bridleway", "busway"})
_IN_WALK_NETWORKS: Final = frozenset({"bridleway", "busway"})
"""Which OSMnx takes for walked, and it saves no tag `foot`."""
STREETS: Final = _ROADS | MOTORWAYS | _ON_FOOT | _ON_FOOT_WHERE_SAID
"""Values of `highway` that are streets today; all others are planned, broken off, or no street."""

READ_TAGS: Final = (
    *("highway", "name", "name:ja", "name:en", "bridge", "tunnel", "layer", "ford", "surface"),
    *("width", "smoothness", "wheelchair", "foot", "access", "motorroad", "motor_vehicle"),
    *("vehicle", "oneway", "junction", "area", "flood_prone"),
    *("construction", "disused", "abandoned"),
)
_CLOSING: Final = ("construction", "disused", "abandoned")

_ALLOWED: Final = frozenset({"yes", "designated", "permissive", "official", "destination"})
_REFUSED: Final = frozenset(
    {
        *("no", "private", "military", "agricultural", "forestry"),
        *("customers", "permit", "emergency"),
    }
)
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
    return [part for part in _parts(tags, key) if part.lower() not in _NO]


def _parts(tags: Mapping[str, Any], key: str, between: str = "[,;]") -> list[str]:
    value = tags.get(key)
    parts: Iterable[Any] = value if isinstance(value, list) else [value]
    return [
        part.strip() for one in parts if one is not None for part in re.split(between, f"{one}")
    ]


def _words(tags: Mapping[str, Any], key: str) -> frozenset[str]:
    """Every value of a tag, also those that say "no"."""
    return frozenset(part.lower() for part in _parts(tags, key)) - _NOTHING


def no_street_because(tags: Mapping[str, Any]) -> str:
    """Why the way is no street, or none that is open today; else an empty text."""
    for kind in _parts(tags, "highway", ","):
        if kind.lower() not in _NOTHING and kind not in STREETS:
            return f"highway={kind[:40]} is no street"
    for key in _CLOSING:
        if said := values_of(tags, key):
            return f"not open ({key}={said[0][:40]})"
    return "not open (tunnel=flooded)" if "flooded" in _words(tags, "tunnel") else ""


def street_tags(
    tags: Mapping[str, Any], report: SourceReport, *, merged: bool, on_foot: bool = False
) -> StreetTags:
    """What the tags of a street say. `merged`: several ways became this street, so that nobody
    knows which part of it is a bridge or a tunnel; `on_foot`: a walk network of OSMnx is read,
    in which a street without the tag `highway` may be walked.
    """
    flags = _flags(tags, report, merged=merged)
    names = values_of(tags, "name:ja") or _names(tags, "name")
    english = _names(tags, "name:en")
    surface = next(iter(values_of(tags, "surface")), "").lower()
    width_m = _width_m(tags, merged=merged)
    return StreetTags(
        name=names[0] if names else "",
        name_en=english[0] if names and english else "",
        flags=flags,
        access=_access(tags, flags, surface, width_m, report, on_foot=on_foot),
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


def _width_m(tags: Mapping[str, Any], *, merged: bool) -> float:
    """The narrowest of the widths; NaN where none is known. A comma parts those of merged ways,
    and else is a decimal one.
    """
    widths = [_metres(part) for part in _parts(tags, "width", "[,;]" if merged else ";")]
    return min((width for width in widths if width > 0), default=math.nan)


def _metres(value: str) -> float:
    found = re.fullmatch(r"(\d{1,5}(?:[.,]\d{1,9})?)\s*(c?m)?", value.lower())
    if found is None:
        return math.nan
    return float(found[1].replace(",", ".")) / (100 if found[2] == "cm" else 1)


def _flags(tags: Mapping[str, Any], report: SourceReport, *, merged: bool) -> int:
    flags = 0
    bridges = values_of(tags, "bridge")
    if values_of(tags, "ford") or LOW_BRIDGE in bridges:
        flags |= StreetFlag.FORD
        report.note("ford or low bridge: closes first, like an underpass")
    elif values_of(tags, "flood_prone"):
        flags |= StreetFlag.FORD
        report.note("flood_prone: closes first, like an underpass")
    elif _BOARDWALK in bridges:
        report.note("bridge=boardwalk: too low for a bridge, taken as a street on the ground")
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
    said = [v for v in values_of(tags, "layer") if re.fullmatch(r"-?\d{1,3}(\.0)?", v)]
    layers = [int(float(value)) for value in said]
    if any(abs(layer) > _DEEPEST for layer in layers):
        report.note(f"layer beyond {_DEEPEST}: taken as {_DEEPEST}, above or below")
    if not layers and flags & StreetFlag.TUNNEL:
        report.note("tunnel without layer: taken as sunken")
        return -1
    return min(max(min(layers, default=0), -_DEEPEST), _DEEPEST)


def _access(
    tags: Mapping[str, Any],
    flags: int,
    surface: str,
    width_m: float,
    report: SourceReport,
    *,
    on_foot: bool,
) -> int:
    access = 0
    if _walked(tags, report, on_foot=on_foot):
        access |= Access.FOOT
        if _rolled(tags, flags, surface, width_m):
            access |= Access.WHEELS
    return int(access | _driven(tags))


def _one(tags: Mapping[str, Any], key: str) -> str:
    value = tags.get(key)
    return str(value[0] if isinstance(value, list) and value else value or "").strip().lower()


def _walked(tags: Mapping[str, Any], report: SourceReport, *, on_foot: bool) -> bool:
    """Of several values, one that refuses is enough."""
    kinds, foot = _words(tags, "highway"), _words(tags, "foot")
    if foot & (_ALLOWED | _REFUSED):
        return not foot & _REFUSED
    access = _words(tags, "access")
    if on_foot and access == {"no"}:
        # OSMnx's own filter lets it into walk networks, and keeps no tag `foot` that may allow it.
        report.note("access=no in a walk network: walked, as OSMnx has it")
    elif access & _REFUSED:
        return False
    if "yes" in _words(tags, "motorroad"):
        return False
    if not kinds:
        return on_foot
    return kinds <= (_ROADS | _ON_FOOT | (_IN_WALK_NETWORKS if on_foot else frozenset()))


def _rolled(tags: Mapping[str, Any], flags: int, surface: str, width_m: float) -> bool:
    if flags & StreetFlag.STEPS:
        return False
    if (said := _words(tags, "wheelchair")) & {"yes", "designated", "no"}:
        return "no" not in said
    rough = surface in _IMPASSABLE_ON_WHEELS or _one(tags, "smoothness") in _ROUGH
    return not rough and not width_m < NARROWEST_ON_WHEELS_M


def _driven(tags: Mapping[str, Any]) -> int:
    """Which way vehicles may go; nobody on foot keeps to that."""
    highway = _one(tags, "highway")
    keys = ("motor_vehicle", "vehicle", "access")
    said = next((words for key in keys if (words := _words(tags, key))), frozenset())
    if highway not in _ROADS | MOTORWAYS or said & _REFUSED:
        return 0
    forward, backward = int(Access.VEHICLE_FORWARD), int(Access.VEHICLE_BACKWARD)
    oneway = _one(tags, "oneway")
    if oneway in {"-1", "reverse"}:
        return backward
    roundabout = _one(tags, "junction") in {"roundabout", "circular"} or highway in MOTORWAYS
    if oneway in {"yes", "true", "1"} or (roundabout and oneway not in {"no", "false", "0"}):
        return forward
    return forward | backward
