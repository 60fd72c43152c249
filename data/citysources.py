"""What a city file may name as a source: formats, paths, and whom to name for them."""

from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hazards.zone import ZoneKind

PRINTABLE: Final = r"^[^\x00-\x1f]*$"


class Table(BaseModel):
    """A table of a city file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Table):
    """One source: its format, and whom to name for it."""

    format: str
    attribution: str = Field("", max_length=200, pattern=PRINTABLE)

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
    place: str = Field(min_length=2, max_length=200, pattern=PRINTABLE)

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


class FacilitySource(SourceFile):
    """要配慮者利用施設: whom to call before the water comes."""

    format: Literal["facilities-csv", "facilities-geojson"]


class ReadingSource(SourceFile):
    """How names are read aloud, and whether a person confirmed it."""

    format: Literal["readings-csv"]


class Sources(Table):
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
    facilities: FacilitySource | None = None

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
