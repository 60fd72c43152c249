"""The city file: declarative TOML that names a city's code, CRS, sources and settings."""

import re
import tomllib
from pathlib import Path
from typing import Any, Literal
from zoneinfo import available_timezones

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    ValidationError,
    field_validator,
    model_validator,
)
from pyproj.exceptions import CRSError

from city.errors import CityError
from city.position import Metres
from data.errors import BrokenCityFile
from hazards.kinds import HazardKind
from hazards.zone import ZoneKind, ZoneLayer
from routing.errors import RoutingError
from routing.ground import CityCard
from routing.rules import SOURCE, Rules, rules_from

_PRINTABLE = r"^[^\x00-\x1f]*$"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CityTable(_Table):
    """`[city]`. `crs` is a projected coordinate system in metres, such as EPSG:6677."""

    code: str = Field(pattern=r"^\d{5}$")
    name: str = Field(min_length=1, max_length=40, pattern=_PRINTABLE)
    name_en: str = Field(min_length=1, max_length=40, pattern=_PRINTABLE)
    fictional: StrictBool
    crs: str
    timezone: str = "Asia/Tokyo"
    reviewed_languages: tuple[str, ...] = ()

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, timezone: str) -> str:
        if timezone not in available_timezones():
            raise ValueError("no such time zone: write it like Asia/Tokyo")
        return timezone


class Source(_Table):
    """One source: its format, and whom to name for it."""

    format: str
    attribution: str = ""

    @property
    def title(self) -> str:
        """What a report calls it."""
        return self.format


class SourceFile(Source):
    """One published file, by its path beside the city file."""

    path: Path

    @property
    def title(self) -> str:
        return self.path.name


class RoadFile(SourceFile):
    """Roads: an OSMnx graph, or an OSM extract as it is (`.osm.pbf`, `.osm`)."""

    format: Literal["osmnx-graphml", "osm-pbf", "osm-xml"]


class RoadPlace(Source):
    """Roads of a place by its name, fetched by OSMnx from Nominatim and Overpass."""

    format: Literal["osm-place"]
    place: str = Field(min_length=2, max_length=200, pattern=_PRINTABLE)

    @property
    def title(self) -> str:
        return self.place


class ElevationSource(SourceFile):
    """Heights: a GeoTIFF, or 基盤地図情報 数値標高モデル as the GSI hands it out."""

    format: Literal["geotiff", "gsi-dem"]


class PlaceSource(SourceFile):
    """Sites or shelters, as the GSI or the 推奨データセット of the Digital Agency writes them."""

    format: Literal["gsi-geojson", "gsi-csv", "digital-agency-csv"]


class WelfareSource(SourceFile):
    """福祉避難所: a list of their own, or the rows of the GSI's that name whom they take."""

    format: Literal["gsi-geojson", "gsi-csv", "digital-agency-csv"]


class ZoneSource(SourceFile):
    """Zones: of 国土数値情報, or of the city. `kind` says what they are a statement about."""

    format: Literal[
        "a31b",
        "a31",
        "a33",
        "inland-depth",
        "storm-surge-depth",
        "tsunami-depth",
        "forecast-depth",
        "a31b-geojson",
        "a33-geojson",
    ]
    kind: ZoneKind = ZoneKind.ASSUMED

    @model_validator(mode="after")
    def _is_of_its_kind(self) -> "ZoneSource":
        if self.kind is ZoneKind.OBSERVED:
            raise ValueError("seen water is said by a person: nigemichi water observe FILE")
        if (self.kind is ZoneKind.FORECAST) != (self.format == "forecast-depth"):
            raise ValueError('kind = "forecast" goes with format = "forecast-depth"')
        return self


class AreaSource(SourceFile):
    """町丁目 or districts, in the property names of e-Stat."""

    format: Literal["estat-geojson", "estat"]


class BoundarySource(SourceFile):
    """The city's outline (国土数値情報 N03): where there are no areas, they end there."""

    format: Literal["n03"]


class HouseholdSource(SourceFile):
    """Households: counts of each 町丁目, or points with persons."""

    format: Literal["chome-counts-csv", "points"]


class WaterwaySource(SourceFile):
    """Surfaces of rivers: nobody walks across them without a bridge."""

    format: Literal["polygon-geojson"]


class GaugeSource(SourceFile):
    """水位観測所, with the levels at which somebody acts."""

    format: Literal["gauges-geojson"]


class ReadingSource(SourceFile):
    """How names are read aloud, and whether a person confirmed it."""

    format: Literal["readings-csv"]


class Sources(_Table):
    """`[sources]`."""

    roads: RoadFile | RoadPlace = Field(discriminator="format")
    elevation: ElevationSource | None = None
    boundary: BoundarySource | None = None
    sites: PlaceSource
    shelters: PlaceSource | None = None
    welfare_shelters: WelfareSource | None = None
    zones: tuple[ZoneSource, ...] = ()
    areas: AreaSource | None = None
    districts: AreaSource | None = None
    households: HouseholdSource | None = None
    waterways: WaterwaySource | None = None
    gauges: GaugeSource | None = None
    readings: ReadingSource | None = None

    def all(self) -> list[Source]:
        """Every source named."""
        found: list[Source] = []
        for name in type(self).model_fields:
            value = getattr(self, name)
            found += value if isinstance(value, tuple) else [value] if value else []
        return found

    def files(self) -> list[SourceFile]:
        """Every source that is a file."""
        return [source for source in self.all() if isinstance(source, SourceFile)]


class Sites(_Table):
    """`[sites]`: what to take for true of a site of which nobody has said anything."""

    assume: Literal["open", "closed"] = "open"


class Zones(_Table):
    """`[zones]`. `complete`: layers of which the files hold every zone of every river and slope
    in the city. An officer states it; only then does "outside" mean outside.
    """

    complete: tuple[ZoneLayer, ...] = ()


class StartOrder(_Table):
    """An order with which a fictional city begins."""

    hazard: HazardKind
    level: Literal[3, 4, 5]
    areas: tuple[str, ...] = ()


class StartWater(_Table):
    """Observed water with which a fictional city begins."""

    path: Path


class Start(_Table):
    """`[start]`: what is in force in a fictional city when it is first loaded."""

    orders: tuple[StartOrder, ...] = ()
    observed_water: tuple[StartWater, ...] = ()


class CityFile(_Table):
    """A whole city file; relative paths are beside it."""

    city: CityTable
    sources: Sources
    sites: Sites = Sites()
    zones: Zones = Zones()
    settings: dict[str, Any] = {}
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
        found = CityFile.model_validate(tomllib.loads(path.read_text("utf-8")))
        rules_from(found.settings)
        _is_sourced(path, found.settings)
    except FileNotFoundError:
        raise BrokenCityFile(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise BrokenCityFile(f"{path.name}: cannot be read: {error}") from error
    except ValidationError as error:
        raise BrokenCityFile(f"{path.name}: {_first(error)}") from error
    except RoutingError as error:
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
    said = isinstance(source, str) and source.strip() and re.fullmatch(_PRINTABLE, source)
    if settings and not said:
        what = "say in a line where the values are from (a study, a rule, who decided)"
        raise BrokenCityFile(f'{path.name}: settings.{SOURCE}: {what}: {SOURCE} = "…"')


def _first(error: ValidationError) -> str:
    rows = [f"{'.'.join(map(str, row['loc'])) or 'file'}: {row['msg']}" for row in error.errors()]
    return "; ".join(rows[:5])


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
