"""The rules by which a street is fast, slow, penalised or closed: settings, each with its source.

A city file may override any of them under `[settings]`, naming its source, within bounds that
safety sets; nothing else decides what a metre costs.
"""

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final

from city.traveller import Profile
from hazards.criteriatable import CRITERIA
from hazards.dutysettings import DUTIES
from hazards.gaugerules import GAUGE_RULES
from hazards.informationsettings import INFORMATION, OPEN_DATA
from hazards.kinds import AlertLevel
from routing.errors import RoutingError
from routing.exposure import DEPTHS, FORECASTS, Exposure
from routing.plan.settings import TABLES as PLAN_TABLES
from shelters.settings import CROWDING


def _speeds() -> dict[Profile, float]:
    return {Profile.WALK: 0.7, Profile.SLOW: 0.5, Profile.WHEELCHAIR: 0.4}


def _penalties() -> dict[Exposure, float]:
    return _forecast_as_assumed(_mapped_penalties())


def _mapped_penalties() -> dict[Exposure, float]:
    """Those that a city may set."""
    return {
        Exposure.DEPTH_1: 4.0,
        Exposure.DEPTH_2: 12.0,
        Exposure.DEPTH_3: 20.0,
        Exposure.DEPTH_4: 30.0,
        Exposure.DEPTH_5: 40.0,
        Exposure.DEPTH_6: 50.0,
        Exposure.COLLAPSE: 20.0,
        Exposure.LANDSLIDE: 20.0,
        Exposure.LANDSLIDE_SPECIAL: 60.0,
    }


@dataclass(frozen=True, slots=True)
class Rules:
    """Settings of one city.

    - `speed_m_s`: 0.74 and 0.54 m/s were observed in 2011 (MLIT 2011: all, and elderly or with
      children); a wheelchair or severe impairment 0.4 (FDMA: impaired on stairs). Rounded down.
    - `night_factor`: × 0.8 in the dark (MLIT 2011).
    - `stairs_factor`: impaired people 0.8 m/s on the flat and 0.4 on stairs (FDMA), so half.
    - `start_delay_s`: 15 minutes from the decision to the door (MLIT 2011).
    - `penalty_s_per_m`: seconds that one metre inside an assumed zone counts on top of its walk; a
      metre that is forecast to be under water counts as one that is assumed to be, of its depth.
      Rank 1 (under 0.5 m): adults move at a quarter of their speed at 0.5 m, which is + 4 s per
      metre at 0.7 m/s. Deeper water cannot be walked; those values are the project's policy: a
      detour of about 8 to 35 m for each metre in the zone.
    - `bridge_penalty_s`: for a bridge in or near (`bridge_order_margin_m`) the area of a flood
      order of level 4 or higher; `bridge_closes_at`: the level from which it is shut instead.
    - `bridge_merged_longest_m`: where OSM's simplification merged a bridge with the road beside
      it, a street up to this length counts as the bridge; a longer one is wet where its zone is.
    - `doubt_penalty_s`: for a street of which an unconfirmed report says that it is blocked, once,
      however many there are: policy, a detour of some 40 m.
    - `underpass_penalty_s`: before any order; from `underpass_closes_at` on, underpasses are shut
      (about 3,700 in Japan flood first).
    - `underpass_beside_zone_m`: a tunnel this near to an assumed flood zone counts as an underpass.
    - `underpass_longest_m`: a sunken tunnel (layer < 0) up to this length does so anywhere; longer
      ones through a hill stay open.
    - `slope_wheelchair_limit`: steeper streets are walked at half speed by wheelchair (1/12 is the
      steepest ramp of 高齢者、障害者等の移動等の円滑化の促進に関する法律施行令).
    - `storey_height_m`: floor n lies (n − 1) storeys above ground; 3 m is the step of the MLIT's
      depth ranks (浸水深と建物の階の目安).
    - `surrounded_street_m`: whoever is left by water with no more streets than these, and with less
      than half of what there is without it, is surrounded: policy; a larger part of a city that
      water cuts off has a way of living there, and is told that the water took the way.
    - `full_detour_s`: seconds of cost by which a place with room may be farther than a full one,
      and the place that somebody was told of farther than the best: policy.
    - `snap_limit_m`: farther than this from every street is outside the city.
    - `connector_slack_m`: a house also stands at streets this much farther than the nearest one.
    - `off_street_s_per_m`: seconds that each of these farther metres counts on top of its walk:
      policy; a street 10 m farther away is taken where it saves 200 s, or where no other is open.
    """

    speed_m_s: dict[Profile, float] = field(default_factory=_speeds)
    night_factor: float = 0.8
    stairs_factor: float = 0.5
    start_delay_s: int = 900
    penalty_s_per_m: dict[Exposure, float] = field(default_factory=_penalties)
    bridge_penalty_s: float = 60.0
    bridge_closes_at: AlertLevel | None = None
    bridge_order_margin_m: float = 50.0
    bridge_merged_longest_m: float = 120.0
    doubt_penalty_s: float = 60.0
    underpass_penalty_s: float = 600.0
    underpass_closes_at: AlertLevel = AlertLevel.ELDERLY_LEAVE
    underpass_beside_zone_m: float = 30.0
    underpass_longest_m: float = 150.0
    slope_wheelchair_limit: float = 1 / 12
    storey_height_m: float = 3.0
    surrounded_street_m: float = 10_000.0
    full_detour_s: float = 1800.0
    snap_limit_m: float = 300.0
    connector_slack_m: float = 30.0
    off_street_s_per_m: float = 20.0


_BOUNDS: Final = {
    "night_factor": (0.3, 0.8),
    "stairs_factor": (0.1, 1),
    "start_delay_s": (900, 7200),
    "bridge_penalty_s": (10, 36000),
    "bridge_order_margin_m": (0, 500),
    "bridge_merged_longest_m": (0, 200),
    "doubt_penalty_s": (10, 600),
    "underpass_penalty_s": (60, 36000),
    "underpass_beside_zone_m": (0, 500),
    "underpass_longest_m": (100, 2000),
    "slope_wheelchair_limit": (0.01, 1),
    "storey_height_m": (2, 3),
    "surrounded_street_m": (5_000, 100_000),
    "full_detour_s": (600, 7200),
    "snap_limit_m": (50, 2000),
    "connector_slack_m": (0, 300),
    "off_street_s_per_m": (5, 600),
}
"""No setting may be weaker than `safety.md` 5 and 7 to 9 allow."""
_FASTEST_M_S: Final = {Profile.WALK: 0.74, Profile.SLOW: 0.54, Profile.WHEELCHAIR: 0.5}
"""What was observed in 2011, and the upper end that rule 9 gives for wheels."""
_LEAST_PENALTY: Final = {
    Exposure.DEPTH_1: 4,
    **dict.fromkeys((code for code in DEPTHS if code > Exposure.DEPTH_1), 10),
    Exposure.COLLAPSE: 10,
    Exposure.LANDSLIDE: 10,
    Exposure.LANDSLIDE_SPECIAL: 20,
}
_LEVELS: Final = {
    "bridge_closes_at": (AlertLevel.ELDERLY_LEAVE, AlertLevel.SECURE_NOW),
    "underpass_closes_at": (AlertLevel.EARLY_NOTICE, AlertLevel.ELDERLY_LEAVE),
}
_WHY: Final = "safety outranks a city's settings"

SOURCE: Final = "source"
"""The key of `[settings]` that says where the others are from; it changes nothing."""
WORDING: Final = "wording"
"""The table of how alerts are worded: `alerts/wording/settings.py`, which this room cannot know."""
_OF_OTHERS: Final = frozenset(
    {SOURCE, CROWDING, CRITERIA, DUTIES, GAUGE_RULES, INFORMATION, OPEN_DATA, WORDING, *PLAN_TABLES}
)


def rules_from(settings: dict[str, Any]) -> Rules:
    """The rules with a city's settings put in; raises `RoutingError` naming the bad one."""
    changes: dict[str, Any] = {}
    for key, value in settings.items():
        if key in _OF_OTHERS:
            continue
        if key == "speed_m_s":
            changes[key] = _speeds() | _speeds_from(key, value)
        elif key == "penalty_s_per_m":
            mapped = _mapped_penalties() | _penalties_from(key, value)
            changes[key] = _forecast_as_assumed(_deeper_costs_no_less(key, mapped))
        elif key in _LEVELS:
            changes[key] = _level(key, value, *_LEVELS[key])
        elif key in _BOUNDS:
            number = _within(key, value, *_BOUNDS[key])
            changes[key] = int(number) if key == "start_delay_s" else number
        else:
            raise RoutingError(f"settings.{key}: no such setting")
    return replace(Rules(), **changes)


def _speeds_from(key: str, value: Any) -> dict[Profile, float]:
    return {
        Profile(name): _within(f"{key}.{name}", speed, 0.1, _FASTEST_M_S[Profile(name)])
        for name, speed in _known(key, value, Profile)
    }


def _penalties_from(key: str, value: Any) -> dict[Exposure, float]:
    codes = {code.name.lower(): code for code in _mapped_penalties()}
    return {
        codes[name]: _within(f"{key}.{name}", seconds, _LEAST_PENALTY[codes[name]], 600)
        for name, seconds in _known(key, value, codes)
    }


def _forecast_as_assumed(penalties: dict[Exposure, float]) -> dict[Exposure, float]:
    """With what is forecast: it follows the depth's setting, and has none of its own."""
    forecast = zip(FORECASTS, DEPTHS, strict=True)
    return penalties | {code: penalties[depth] for code, depth in forecast}


def _deeper_costs_no_less(key: str, penalties: dict[Exposure, float]) -> dict[Exposure, float]:
    for shallow, deep in pairwise(DEPTHS):
        if penalties[deep] < penalties[shallow]:
            what = f"{deep.name.lower()} costs less than {shallow.name.lower()}"
            raise RoutingError(f"settings.{key}: {what}: {_WHY}")
    return penalties


def _known(key: str, value: Any, names: Any) -> list[tuple[str, Any]]:
    if not isinstance(value, dict) or not set(value) <= {str(name) for name in names}:
        raise RoutingError(f"settings.{key}: a table with {', '.join(map(str, names))}")
    return list(value.items())


def _within(key: str, value: Any, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise RoutingError(f"settings.{key}: a number from {low} to {high}, not {value!r}: {_WHY}")
    return float(value)


def _level(key: str, value: Any, low: AlertLevel, high: AlertLevel) -> AlertLevel:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        what = f"a level from {int(low)} to {int(high)}"
        raise RoutingError(f"settings.{key}: {what}, not {value!r}: {_WHY}")
    return AlertLevel(value)
