"""What the public answers hold, for the OpenAPI document: no answer is built or checked by it."""

from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from city.traveller import Profile
from hazards.kinds import HazardKind
from routing.verdict import Verdict
from shelters.place import Opening

LonLat: TypeAlias = tuple[float, float]


class Reason(BaseModel):
    """Why: a stable code, its words, and the order or zone that it is read from."""

    code: str
    words: str
    source: str | None


class ToDo(BaseModel):
    """What to do where no way is shown; `where` is a kind of building."""

    where: str | None
    words: list[str]


class Destination(BaseModel):
    """An evacuation site."""

    id: str
    name: str
    kind: Literal["指定緊急避難場所"]
    lat: float
    lon: float
    designated_for: list[HazardKind]
    opening: Opening
    opening_since: AwareDatetime | None


class Line(BaseModel):
    """GeoJSON."""

    type: Literal["LineString"]
    coordinates: list[LonLat]


class Exposure(BaseModel):
    """Metres of the way in zones; `assumed` by rank of depth."""

    assumed: dict[str, int]
    forecast: dict[str, int]
    observed: int
    collapse: int
    landslide: int
    landslide_special: int


class Step(BaseModel):
    """A turn and the metres after it."""

    words: str
    turn: str
    heading_deg: int
    street: str | None
    street_en: str | None
    distance_m: int


class Alternative(BaseModel):
    """The way to a second place."""

    destination: Destination
    route: Line
    distance_m: int
    duration_s: int


class ReportsBehind(BaseModel):
    """Reports from the field behind the way: it goes round what is `shut`, and takes a street that
    is `doubted`, of which nobody has confirmed anything.
    """

    ids: list[UUID]
    street: str | None
    reason: str
    since: AwareDatetime
    effect: Literal["shut", "doubted"]
    confirmed: bool


class GuidanceAnswer(BaseModel):
    """Guidance for one door. All that is about a way is null where none is shown."""

    city: str
    fictional: bool
    verdict: Verdict
    reasons: list[Reason]
    do: list[ToDo]
    destination: Destination | None
    route: Line | None
    distance_m: int | None
    duration_s: int | None
    exposure: Exposure | None
    steps: list[Step] | None
    observations: list[ReportsBehind] | None
    alternative: Alternative | None
    level: int
    level_words: str
    hazards: list[HazardKind]
    leave_by: Literal["now"] | None
    start_delay_s: int | None
    profile: Profile
    night: bool
    stale: bool
    plan_version: int
    as_of: AwareDatetime


class Point(BaseModel):
    """GeoJSON."""

    type: Literal["Point"]
    coordinates: LonLat


class SiteProperties(BaseModel):
    """An evacuation site: flee to it now."""

    id: str
    name: str
    address: str
    kind: Literal["指定緊急避難場所"]
    designated_for: list[HazardKind]
    opening: Opening
    opening_since: AwareDatetime | None
    on_network: bool


class ShelterProperties(BaseModel):
    """A shelter: live in it afterwards; never a destination by itself."""

    id: str
    name: str
    address: str
    kind: Literal["指定避難所"]
    also_evacuation_site: bool


class PlaceFeature(BaseModel):
    """GeoJSON."""

    type: Literal["Feature"]
    id: str
    geometry: Point
    properties: SiteProperties | ShelterProperties


class SitesAnswer(BaseModel):
    """Every evacuation site and shelter, as a GeoJSON FeatureCollection."""

    type: Literal["FeatureCollection"]
    city: str
    fictional: bool
    features: list[PlaceFeature]
    plan_version: int
    as_of: AwareDatetime
    stale: bool


class Counts(BaseModel):
    """How much was loaded."""

    junctions: int
    streets: int
    street_km: float
    sites: int
    shelters: int
    zones: int
    areas: int


class OrderInForce(BaseModel):
    """An order; without areas it is for the whole city."""

    id: int
    hazard: HazardKind
    hazard_words: str
    level: int
    level_words: str
    areas: list[str]
    issued_at: AwareDatetime


class WaterInForce(BaseModel):
    """Observed water, and a point in it."""

    id: int
    since: AwareDatetime
    lat: float
    lon: float


class ClosureInForce(BaseModel):
    """A closed street; `matched` says whether all of it is found among today's streets."""

    id: int
    name: str | None
    reason: str
    since: AwareDatetime
    by_water: bool
    matched: bool
    lat: float
    lon: float


class InForce(BaseModel):
    """What is in force now."""

    orders: list[OrderInForce]
    observed_water: list[WaterInForce]
    closures: list[ClosureInForce]


class PocketAnswer(BaseModel):
    """Junctions that no way leads out of."""

    lat: float
    lon: float
    area: str | None
    junctions: int
    street_m: int
    cut_off_by_water: bool


class CityAnswer(BaseModel):
    """The loaded city, what is in force, who is cut off."""

    name: str
    name_en: str
    code: str
    fictional: bool
    bbox: tuple[float, float, float, float]
    crs: str
    attributions: list[str]
    counts: Counts
    in_force: InForce
    pockets: list[PocketAnswer]
    stale: bool
    plan_version: int
    as_of: AwareDatetime
