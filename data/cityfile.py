"""The city file: declarative TOML that names a city's code, CRS, sources and settings."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    Field,
    StrictBool,
    ValidationError,
    field_validator,
    model_validator,
)
from pyproj.exceptions import CRSError

from alerts.errors import AlertError
from alerts.wording.settings import wording_settings_from
from city.errors import CityError
from city.position import Metres
from data.citysources import PRINTABLE, Sources, Table
from data.errors import BrokenCityFile
from hazards.criteriatable import CRITERIA, criteria_from
from hazards.dutysettings import DUTIES, duty_settings_from
from hazards.errors import HazardError
from hazards.gaugerules import GAUGE_RULES, gauge_rules_from
from hazards.informationsettings import open_licence, plain_hosts
from hazards.kinds import HazardKind
from hazards.zone import ZoneLayer
from routing.errors import RoutingError
from routing.ground import CityCard
from routing.plan.settings import plan_settings_from
from routing.rules import SOURCE, WORDING, Rules, rules_from
from shelters.errors import ShelterError
from shelters.settings import CROWDING, crowd_rules_from


class CityTable(Table):
    """`[city]`. `crs` is a projected coordinate system in metres, such as EPSG:6677."""

    code: str
    name: str = Field(min_length=1, max_length=40, pattern=PRINTABLE)
    name_en: str = Field(min_length=1, max_length=40, pattern=PRINTABLE)
    fictional: StrictBool
    crs: str
    timezone: str = "Asia/Tokyo"
    reviewed_languages: tuple[str, ...] = ()

    @field_validator("code")
    @classmethod
    def _is_a_code(cls, code: str) -> str:
        if not re.fullmatch(r"[0-9]{5}", code):
            what = "five digits: the 全国地方公共団体コード, whose sixth is a check digit, left out"
            raise ValueError(what)
        return code

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, timezone: str) -> str:
        if timezone not in available_timezones():
            raise ValueError("no such time zone: write it like Asia/Tokyo")
        return timezone


class Sites(Table):
    """`[sites]`: what to take for true of a site of which nobody has said anything."""

    assume: Literal["open", "closed"] = "open"


class Zones(Table):
    """`[zones]`. `complete`: layers of which the files hold every zone of every river and slope
    in the city. An officer states it; only then does "outside" mean outside.
    """

    complete: tuple[ZoneLayer, ...] = ()


class StartOrder(Table):
    """An order with which a fictional city begins."""

    hazard: HazardKind
    level: Literal[3, 4, 5]
    areas: tuple[str, ...] = ()


class StartWater(Table):
    """Observed water with which a fictional city begins."""

    path: Path


class Start(Table):
    """`[start]`: what is in force in a fictional city when it is first loaded."""

    orders: tuple[StartOrder, ...] = ()
    observed_water: tuple[StartWater, ...] = ()


class CityFile(Table):
    """A whole city file; relative paths are beside it."""

    city: CityTable
    sources: Sources
    sites: Sites = Sites()
    zones: Zones = Zones()
    settings: dict[str, Any] = Field(default_factory=dict)
    start: Start = Start()

    @model_validator(mode="after")
    def _only_a_fictional_city_begins_with_orders(self) -> "CityFile":
        if not self.city.fictional and (self.start.orders or self.start.observed_water):
            raise ValueError("[start] is for fictional cities: a real order is set by a person")
        if self.city.fictional and "架空" not in self.city.name:
            raise ValueError("the name of a fictional city must contain 架空")
        return self

    @property
    def rules(self) -> Rules:
        """The rules with this city's settings."""
        return rules_from(self.settings)

    @property
    def card(self) -> CityCard:
        """What the city is called and whom its data is from."""
        named = dict.fromkeys(s.attribution for s in self.sources.all() if s.attribution)
        return CityCard(
            code=self.city.code,
            name=self.city.name,
            name_en=self.city.name_en,
            fictional=self.city.fictional,
            crs=self.city.crs,
            timezone=self.city.timezone,
            attributions=tuple(named),
            reviewed_languages=self.city.reviewed_languages,
            complete=self.zones.complete,
        )


def read_city_file(path: Path, files: Path | None = None) -> CityFile:
    """Read and check a city file, whose paths are beside it or in `files`.

    Raises `BrokenCityFile` with the key that is wrong.
    """
    try:
        found = CityFile.model_validate(tomllib.loads(path.read_text("utf-8-sig")))
        rules_from(found.settings)
        crowd_rules_from(found.settings.get(CROWDING, {}))
        plan_settings_from(found.settings)
        criteria_from(found.settings.get(CRITERIA, []))
        duty_settings_from(found.settings.get(DUTIES, {}))
        gauge_rules_from(found.settings.get(GAUGE_RULES, []))
        plain_hosts(found.settings)
        open_licence(found.settings)
        wording_settings_from(
            found.settings.get(WORDING, {}), ZoneInfo(found.city.timezone), districts={}
        )
        _is_sourced(path, found.settings)
    except FileNotFoundError:
        raise BrokenCityFile(f"{path}: there is no such file") from None
    except UnicodeDecodeError as error:
        row = path.read_bytes()[: error.start].count(b"\n") + 1
        what = f"line {row} is not UTF-8: save the file as UTF-8"
        raise BrokenCityFile(f"{path.name}: {what}") from error
    except (OSError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise BrokenCityFile(f"{path.name}: cannot be read: {error}") from error
    except ValidationError as error:
        raise BrokenCityFile(f"{path.name}: {_first(error)}") from error
    except (AlertError, HazardError, RoutingError, ShelterError) as error:
        raise BrokenCityFile(f"{path.name}: {error}") from error
    try:
        Metres(found.city.crs)
    except CityError as error:
        raise BrokenCityFile(f"{path.name}: city.crs: {error}") from error
    except CRSError as error:
        what = f"city.crs: {found.city.crs!r} is no CRS: write it like EPSG:6677"
        raise BrokenCityFile(f"{path.name}: {what}") from error
    return _beside(found, files or path.parent)


def _is_sourced(path: Path, settings: dict[str, Any]) -> None:
    """Refuse changed settings that do not say where they are from (`safety.md` 9)."""
    source = settings.get(SOURCE, "")
    said = isinstance(source, str) and source.strip() and re.fullmatch(PRINTABLE, source)
    if settings and not said:
        what = "say in a line where the values are from (a study, a rule, who decided)"
        raise BrokenCityFile(f'{path.name}: settings.{SOURCE}: {what}: {SOURCE} = "…"')


_PLAINLY: Final = {
    "missing": "is missing",
    "extra_forbidden": "there is no such key",
    "string_type": 'write it in quotation marks, like "…"',
    "string_pattern_mismatch": "is not written as it should be: see data/cities/template.toml",
}
"""What pydantic's kinds of error mean to an officer."""


def _first(error: ValidationError) -> str:
    rows = [
        f"{'.'.join(map(str, row['loc'])) or 'file'}: {_PLAINLY.get(row['type'], row['msg'])}"
        for row in error.errors()
    ]
    return "; ".join(row.replace("Value error, ", "") for row in rows[:5])


def _beside(found: CityFile, folder: Path) -> CityFile:
    """The same file with every path resolved beside it."""

    def absolute(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: (folder / item).resolve() if key == "path" else absolute(item)
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [absolute(item) for item in value]
        return value

    table = found.model_dump()
    table["sources"] = {k: v for k, v in absolute(table["sources"]).items() if v is not None}
    table["start"] = absolute(table["start"])
    return CityFile.model_validate(table)
