"""Which gauge shuts which bridge or underpass, at which level: `[[settings.gauge_rules]]`.

Words for the table are in `docs/gauges.md`. No rule ever opens anything (`safety.md` 6, 7).
"""

import math
from dataclasses import dataclass
from typing import Any, Final

from city.area import folded
from city.errors import CityError
from city.position import Position
from hazards.criterion import GAUGE_WORDS, GaugeLevel
from hazards.errors import HazardError
from hazards.gauge import Gauge
from hazards.levelunits import LARGEST_M
from hazards.observation import ObservationKind

GAUGE_RULES: Final = "gauge_rules"
"""The list of tables of a city file's `[settings]` that holds these."""
MOST: Final = 500

KINDS: Final = {
    "bridge": ObservationKind.BRIDGE,
    "underpass": ObservationKind.UNDERPASS_FLOODED,
}
_LEVELS: Final = {level.removesuffix("_m"): level for level in GaugeLevel}
_KEYS: Final = frozenset({"gauge", "river", "level", "kind", "at", "name"})
_LONGEST: Final = {"gauge": 60, "river": 40, "name": 60}


@dataclass(frozen=True, slots=True)
class GaugeRule:
    """A gauge at a level shuts the streets of a kind at a position, or of a name.

    `level` is one of the gauge's own, or metres as it counts them; `river` tells gauges of one name
    apart, "" takes any.
    """

    gauge: str
    river: str
    level: GaugeLevel | float
    kind: ObservationKind
    at: Position | None = None
    name: str = ""

    @property
    def key(self) -> str:
        """What tells it apart from the city's other rules, as long as it says the same."""
        where = self.name or (f"{self.at.lat},{self.at.lon}" if self.at else "")
        return "|".join((folded(self.gauge), folded(self.river), str(self.level), self.kind, where))

    @property
    def level_words(self) -> str:
        """Its level in words."""
        return GAUGE_WORDS[self.level] if isinstance(self.level, GaugeLevel) else "水位"

    @property
    def where_words(self) -> str:
        """What it shuts, in words."""
        kind = "橋" if self.kind is ObservationKind.BRIDGE else "地下道"
        return f"{kind} {self.name or (f'{self.at.lat:.5f},{self.at.lon:.5f}' if self.at else '')}"

    def is_of(self, gauge: Gauge) -> bool:
        """Whether it goes by this gauge."""
        if folded(self.gauge) != folded(gauge.name):
            return False
        return not self.river or folded(self.river) == folded(gauge.river)

    def threshold_m(self, gauge: Gauge) -> float | None:
        """The level in metres; None where the gauge has no such level."""
        if not isinstance(self.level, GaugeLevel):
            return self.level
        found: float | None = getattr(gauge, self.level)
        return found


def gauge_rules_from(settings: Any) -> tuple[GaugeRule, ...]:
    """The rules of a city; raises `HazardError` naming what is wrong."""
    if not isinstance(settings, list) or len(settings) > MOST:
        what = f"a list of at most {MOST} tables: [[settings.{GAUGE_RULES}]]"
        raise HazardError(f"settings.{GAUGE_RULES}: {what}")
    made = tuple(_rule(number, table) for number, table in enumerate(settings, start=1))
    keys = [one.key for one in made]
    for number, key in enumerate(keys, start=1):
        if key in keys[: number - 1]:
            first = keys.index(key) + 1
            raise HazardError(f"settings.{GAUGE_RULES}, no. {number}: as no. {first}")
    return made


def _rule(number: int, table: Any) -> GaugeRule:
    where = f"settings.{GAUGE_RULES}, no. {number}"
    if not isinstance(table, dict):
        raise HazardError(f"{where}: a table with {', '.join(sorted(_KEYS))}")
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        raise HazardError(f"{where}: {unknown[0]}: no such key")
    if ("at" in table) == ("name" in table):
        raise HazardError(f'{where}: either at = [lat, lon], or name = "…"')
    if table.get("kind") not in KINDS:
        raise HazardError(f"{where}: kind: one of {', '.join(KINDS)}, not {table.get('kind')!r}")
    return GaugeRule(
        gauge=_line(where, table, "gauge", needed=True),
        river=_line(where, table, "river"),
        level=_level(where, table.get("level")),
        kind=KINDS[table["kind"]],
        at=_position(where, table["at"]) if "at" in table else None,
        name=_line(where, table, "name", needed=True) if "name" in table else "",
    )


def _level(where: str, value: Any) -> GaugeLevel | float:
    if isinstance(value, str) and value in _LEVELS:
        return _LEVELS[value]
    if not _is_number(value) or abs(value) > LARGEST_M:
        what = f"one of {', '.join(_LEVELS)}, or metres as the gauge counts them, not {value!r}"
        raise HazardError(f"{where}: level: {what}")
    return float(value)


def _position(where: str, value: Any) -> Position:
    if not isinstance(value, list) or len(value) != 2 or not all(map(_is_number, value)):
        raise HazardError(f"{where}: at: [lat, lon] in degrees, not {value!r}")
    try:
        return Position(lat=float(value[0]), lon=float(value[1]))
    except CityError as error:
        raise HazardError(f"{where}: at: {error}") from error


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _line(where: str, table: dict[str, Any], key: str, *, needed: bool = False) -> str:
    text = table.get(key, "")
    # Names of real gauges hold wide spaces, which Python does not count as printable.
    text = text.replace("\u3000", " ") if isinstance(text, str) else text
    if not isinstance(text, str) or not text.strip().isprintable() or len(text) > _LONGEST[key]:
        raise HazardError(f"{where}: {key}: a line of at most {_LONGEST[key]} letters")
    if needed and not text.strip():
        raise HazardError(f"{where}: {key}: is missing")
    return text.strip()
