"""A city's 発令判断表: `[[settings.criteria]]` of its file, or a table that suits any city."""

from typing import Any, Final

from hazards.criterion import GAUGE_WORDS, Criterion, GaugeLevel, OfBulletin, OfGauge
from hazards.errors import HazardError
from hazards.gauge import Gauge
from hazards.kinds import HAZARD_WORDS, AlertLevel, HazardKind
from hazards.order import ORDERED

CRITERIA: Final = "criteria"
"""The list of tables of a city file's `[settings]` that holds these."""

UNCHOSEN: Final = "区域は決められていません。市内全域とせず、区域を選んでください"
"""What is said with a suggestion whose areas nobody chose."""

_HAZARDS: Final = (
    HazardKind.FLOOD,
    HazardKind.LANDSLIDE,
    HazardKind.STORM_SURGE,
    HazardKind.INLAND_FLOOD,
)
_BY_GAUGE: Final = {
    GaugeLevel.EVACUATION: AlertLevel.ELDERLY_LEAVE,
    GaugeLevel.DANGER: AlertLevel.ALL_LEAVE,
    GaugeLevel.OVERFLOW: AlertLevel.SECURE_NOW,
}
_KEYS: Final = frozenset(
    {"id", "hazard", "level", "why", "areas", "whole_city"}
    | {"bulletin_level", "river", "gauge", "at"}
)
_LONGEST: Final = {"id": 40, "river": 40, "gauge": 60, "why": 80}


def default_criteria() -> tuple[Criterion, ...]:
    """For any city: a bulletin of level 3, 4 or 5 proposes that level for the whole city.

    As in the Cabinet Office's 避難情報に関するガイドライン (2021), 警戒レベル4相当 is the mark for
    避難指示. Which areas is the city's knowledge: nobody chose them here.
    """
    return tuple(
        Criterion(
            id=f"{hazard}-{int(level)}",
            met_by=OfBulletin(int(level)),
            hazard=hazard,
            level=level,
            area_names=(),
            why=f"{HAZARD_WORDS[hazard]}の警戒レベル{int(level)}相当情報。{UNCHOSEN}",
            areas_chosen=False,
        )
        for hazard in _HAZARDS
        for level in ORDERED
    )


def default_gauge_criteria(gauge: Gauge) -> tuple[Criterion, ...]:
    """For any city without a table: what the Guideline's examples say of a gauge's named levels.

    Of those that are set. Which areas lie below it nobody chose here.
    """
    return tuple(
        Criterion(
            id=f"{gauge.name}-{int(level)}",
            met_by=OfGauge(gauge.name, at, gauge.river),
            hazard=HazardKind.FLOOD,
            level=level,
            area_names=(),
            why=f"{GAUGE_WORDS[at]}に達しました。{UNCHOSEN}",
            areas_chosen=False,
        )
        for at, level in _BY_GAUGE.items()
        if getattr(gauge, at) is not None
    )


def criteria_from(settings: Any) -> tuple[Criterion, ...]:
    """The criteria of a city's `[[settings.criteria]]`; the default where it has none.

    Raises `HazardError` naming what is wrong.
    """
    if not isinstance(settings, list):
        raise HazardError(f"settings.{CRITERIA}: a list of tables: [[settings.{CRITERIA}]]")
    if not settings:
        return default_criteria()
    made = tuple(_criterion(number, table) for number, table in enumerate(settings, start=1))
    ids = [one.id for one in made]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise HazardError(f"settings.{CRITERIA}: the id {twice[0]!r} is there twice")
    return made


def _criterion(number: int, table: Any) -> Criterion:
    where = f"settings.{CRITERIA}, no. {number}"
    if not isinstance(table, dict):
        raise HazardError(f"{where}: a table with {', '.join(sorted(_KEYS))}")
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        raise HazardError(f"{where}: {unknown[0]}: no such key")
    level, met_by = AlertLevel(_whole(where, table, "level", 3)), _met_by(where, table)
    if isinstance(met_by, OfBulletin) and met_by.level > level:
        raise HazardError(f"{where}: bulletin_level: higher than level would propose it too late")
    return Criterion(
        id=_line(where, table, "id", needed=True),
        met_by=met_by,
        hazard=_hazard(where, table),
        level=level,
        area_names=_areas(where, table),
        why=_line(where, table, "why", needed=True),
    )


def _met_by(where: str, table: dict[str, Any]) -> OfBulletin | OfGauge:
    if ("gauge" in table) == ("bulletin_level" in table):
        raise HazardError(f"{where}: either bulletin_level = 4, or gauge = … and at = …")
    river = _line(where, table, "river")
    if "gauge" not in table:
        if "at" in table:
            raise HazardError(f"{where}: at: only with a gauge")
        return OfBulletin(_whole(where, table, "bulletin_level", 2), river)
    at = table.get("at")
    if at not in list(GaugeLevel):
        raise HazardError(f"{where}: at: one of {', '.join(GaugeLevel)}, not {at!r}")
    return OfGauge(_line(where, table, "gauge", needed=True), GaugeLevel(at), river)


def _hazard(where: str, table: dict[str, Any]) -> HazardKind:
    hazard = table.get("hazard")
    if hazard not in list(HazardKind):
        raise HazardError(f"{where}: hazard: one of {', '.join(HazardKind)}, not {hazard!r}")
    return HazardKind(hazard)


def _areas(where: str, table: dict[str, Any]) -> tuple[str, ...]:
    areas, whole = table.get("areas", []), table.get("whole_city", False)
    named = isinstance(areas, list) and all(isinstance(one, str) and one.strip() for one in areas)
    if not named or not isinstance(whole, bool) or bool(areas) == whole:
        raise HazardError(f'{where}: either areas = ["…", "…"], or whole_city = true')
    return tuple(dict.fromkeys(one.strip() for one in areas))


def _line(where: str, table: dict[str, Any], key: str, *, needed: bool = False) -> str:
    text = table.get(key, "")
    if not isinstance(text, str) or not text.strip().isprintable() or len(text) > _LONGEST[key]:
        raise HazardError(f"{where}: {key}: a line of at most {_LONGEST[key]} letters")
    if needed and not text.strip():
        raise HazardError(f"{where}: {key}: is missing")
    return text.strip()


def _whole(where: str, table: dict[str, Any], key: str, least: int) -> int:
    value = table.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= 5:
        raise HazardError(f"{where}: {key}: a whole number from {least} to 5, not {value!r}")
    return value
