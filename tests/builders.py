"""Builders: small grounds, the fictional town, pictures, orders, doors. All positions in metres."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from city.position import Metres, Position
from city.traveller import Dwelling, Household, Profile
from data.city_rows import CityRows
from data.cityfile import CityFile, read_city_file
from data.groundwork import ground_of
from data.network import Network
from data.readers.geojson import features
from data.report import LoadReport
from data.sources import read_sources
from hazards.closure import Closure, ObservedWater
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from hazards.zone import HazardZone, ZoneKind, ZoneLayer
from operations.changes import area_of
from routing.door import Question
from routing.ground import CityCard, Ground, in_metres
from routing.guidance import Guidance, guide
from routing.picture import Picture
from routing.roads import ON_FOOT_AND_WHEELS, StreetFlag
from routing.rules import Rules
from routing.version import PlanVersion
from shelters.place import EvacuationSite, Opening, Shelter, SiteState
from tests.fictionalfiles import fictional_city_file, town_file

NOON = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
"""12:00 in Japan, the sun high."""
NIGHT = datetime(2026, 9, 1, 15, 0, tzinfo=UTC)
"""Midnight in Japan."""

CRS = "EPSG:6671"
BLOCK_M = 100.0
NORTH_OF_THE_GRID = (105.0, 305.0)
FLOOD, LANDSLIDE = HazardKind.FLOOD, HazardKind.LANDSLIDE
CARD = CityCard("99902", "碁盤市（架空）", "Grid (fictional)", True, CRS, "Asia/Tokyo")
EVERY_LAYER = tuple(ZoneLayer)


def undescribed(streets: int, names: int) -> dict[str, Any]:
    """The columns of a network of which nothing is said: everybody may use every street."""
    return {
        "access": np.full(streets, ON_FOOT_AND_WHEELS, np.uint8),
        "names_en": ("",) * names,
        "residential": np.ones(streets, bool),
        "surface": np.full(streets, -1, np.int32),
        "surfaces": (),
        "width_m": np.full(streets, np.nan),
    }


# Households


STAYER = Household(dwelling=Dwelling.STURDY, floor=9, floors=10, supplies_h=1000)
"""Whoever could stay anywhere that a stay may be planned at all."""


def a_household(
    profile: Profile | str = Profile.WALK,
    dwelling: Dwelling | str | None = None,
    floor: int | None = None,
    floors: int | None = None,
    supplies_h: float | None = None,
) -> Household:
    """A household that has said no more than what is given."""
    home = None if dwelling is None else Dwelling(dwelling)
    return Household(Profile(profile), home, floor, floors, supplies_h)


# A small synthetic ground


def a_box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """A rectangle in metres."""
    return shapely.box(west, south, east, north)


def a_site(
    x: float, y: float, *, name: str = "", suits: Iterable[HazardKind] = (FLOOD, LANDSLIDE)
) -> EvacuationSite:
    """A site at (x, y); without a name it is called after its place."""
    name = name or f"避難場所{x:g}-{y:g}"
    return EvacuationSite(name, name, Metres(CRS).position(x, y), "", frozenset(suits))


def a_shelter(x: float, y: float, *, name: str = "避難所") -> Shelter:
    """A 指定避難所 that is no 指定緊急避難場所."""
    return Shelter(name, name, Metres(CRS).position(x, y), "", also_evacuation_site=False)


@dataclass(frozen=True)
class Zoned:
    """A zone to be: its layer, its rank, its polygon in metres."""

    layer: ZoneLayer
    rank: int
    polygon: BaseGeometry
    kind: ZoneKind = ZoneKind.ASSUMED


def depth(rank: int, west: float, south: float, east: float, north: float) -> Zoned:
    """An assumed flood depth over a rectangle."""
    return Zoned(ZoneLayer.DEPTH, rank, a_box(west, south, east, north))


def duration(rank: int, west: float, south: float, east: float, north: float) -> Zoned:
    """How long water is assumed to stay."""
    return Zoned(ZoneLayer.DURATION, rank, a_box(west, south, east, north))


def collapse(kind: int, west: float, south: float, east: float, north: float) -> Zoned:
    """Where houses are assumed to be torn away."""
    return Zoned(ZoneLayer.COLLAPSE, kind, a_box(west, south, east, north))


def slope(rank: int, west: float, south: float, east: float, north: float) -> Zoned:
    """A landslide zone: 1 yellow, 2 red."""
    return Zoned(ZoneLayer.LANDSLIDE, rank, a_box(west, south, east, north))


def water(
    layer: ZoneLayer, rank: int, west: float, south: float, east: float, north: float
) -> Zoned:
    """An assumed depth of any water over a rectangle."""
    return Zoned(layer, rank, a_box(west, south, east, north))


def forecast(rank: int, west: float, south: float, east: float, north: float) -> Zoned:
    """A depth that is forecast over a rectangle."""
    return Zoned(ZoneLayer.DEPTH, rank, a_box(west, south, east, north), ZoneKind.FORECAST)


FAR_OFF = (
    depth(1, 9000, 9000, 9010, 9010),
    duration(1, 9000, 9000, 9010, 9010),
    collapse(1, 9000, 9000, 9010, 9010),
    slope(1, 9000, 9000, 9010, 9010),
)
"""One zone of every layer where nobody lives: so every layer is known."""


@dataclass(frozen=True)
class Extra:
    """A street beside the grid's own: between two junctions, over points in metres."""

    start: int
    end: int
    over: tuple[tuple[float, float], ...]


def a_grid(
    n: int = 4,
    *,
    sites: Sequence[EvacuationSite] = (),
    shelters: Sequence[Shelter] = (),
    zones: Sequence[Zoned] = (),
    rivers: Sequence[BaseGeometry] = (),
    extra: Sequence[Extra] = (),
    flags: Mapping[tuple[int, int], StreetFlag] | None = None,
    layers: Mapping[tuple[int, int], int] | None = None,
    access: Mapping[tuple[int, int], int] | None = None,
    heights: Mapping[int, float] | None = None,
    rules: Rules | None = None,
    complete: Sequence[str] = EVERY_LAYER,
) -> Ground:
    """n × n junctions 100 m apart, numbered row by row from the south-west corner at (0, 0).

    `flags`, `layers` and `access` are of streets, named by their two junctions; zones are
    `complete` unless a test says otherwise, and every layer has one, be it far off.
    """
    metres = Metres(CRS)
    brought = {zone.layer for zone in zones if zone.kind is ZoneKind.ASSUMED}
    zones = [*zones, *(far for far in FAR_OFF if far.layer not in brought)]
    pairs = [(row * n + col, row * n + col + 1) for row in range(n) for col in range(n - 1)]
    pairs += [(row * n + col, row * n + n + col) for row in range(n - 1) for col in range(n)]
    xy = np.array([(col * BLOCK_M, row * BLOCK_M) for row in range(n) for col in range(n)])
    shapes = [[tuple(xy[a]), tuple(xy[b])] for a, b in pairs]
    shapes += [[tuple(xy[e.start]), *e.over, tuple(xy[e.end])] for e in extra]
    pairs += [(e.start, e.end) for e in extra]
    elevation = np.zeros(len(xy))
    for junction, height in (heights or {}).items():
        elevation[junction] = height
    counts = [len(shape) for shape in shapes]
    network = Network(
        osm_id=np.arange(len(xy), dtype=np.int64),
        junction_lonlat=metres.lonlat(xy),
        elevation_m=elevation,
        start=np.array([a for a, _ in pairs], np.int32),
        end=np.array([b for _, b in pairs], np.int32),
        flags=np.array([int((flags or {}).get(pair, 0)) for pair in pairs], np.uint8),
        layer=np.array([(layers or {}).get(pair, 0) for pair in pairs], np.int8),
        name=np.array([b - a == 1 for a, b in pairs], np.int32),
        names=("縦の道", "横の道"),
        **undescribed(len(pairs), 2)
        | {
            "access": np.array([(access or {}).get(p, ON_FOOT_AND_WHEELS) for p in pairs], np.uint8)
        },
        shape_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        shape_lonlat=metres.lonlat(np.array([point for shape in shapes for point in shape])),
    )
    return ground_of(
        replace(CARD, complete=tuple(complete)),
        rules or Rules(),
        CityRows(
            network=network,
            sites=tuple(sites),
            shelters=tuple(shelters),
            zones=tuple(
                HazardZone(
                    *(zone.layer, zone.rank, shapely.transform(zone.polygon, metres.lonlat)),
                    kind=zone.kind,
                )
                for zone in zones
            ),
            areas=(),
            waterways=tuple(("川", shapely.transform(r, metres.lonlat)) for r in rivers),
        ),
    )


def street_between(ground: Ground, a: int, b: int) -> int:
    """The first street between two junctions."""
    ends = zip(ground.roads.start.tolist(), ground.roads.end.tolist(), strict=True)
    return next(row for row, pair in enumerate(ends) if set(pair) == {a, b})


# What is in force


def an_order(
    level: int = 4,
    hazard: HazardKind = FLOOD,
    area: BaseGeometry | None = None,
    names: Sequence[str] = (),
    number: int = 1,
) -> EvacuationOrder:
    """An order in force since an hour before noon, for the whole city unless an area is given."""
    issued = NOON - timedelta(hours=1)
    return EvacuationOrder(number, hazard, AlertLevel(level), tuple(names), area, issued)


def a_closure(
    ground: Ground, *streets: int, reason: str = "冠水", number: int = 1, by_water: bool = True
) -> Closure:
    """Streets of the ground, closed at noon."""
    line = shapely.union_all(ground.lines[list(streets)])
    return Closure(number, streets, reason, line, shapely.LineString(), NOON, by_water)


def a_picture(
    ground: Ground,
    *,
    orders: Sequence[EvacuationOrder] = (),
    observed: Sequence[BaseGeometry] = (),
    closures: Iterable[int] = (),
    closed_sites: Iterable[str] = (),
    open_sites: Iterable[str] = (),
    full_sites: Iterable[str] = (),
) -> Picture:
    """All that is in force; sites of which nothing is said are open by the plan, unconfirmed.

    `observed` are polygons in metres, `closures` streets, sites are named by their ids.
    """
    said = dict.fromkeys(closed_sites, Opening.CLOSED) | dict.fromkeys(open_sites, Opening.OPEN)
    said |= dict.fromkeys(full_sites, Opening.FULL)
    openings = {site.id: SiteState(Opening.UNCONFIRMED) for site in ground.sites}
    return Picture(
        change=1,
        as_of=NOON,
        orders=tuple(orders),
        observed=tuple(
            ObservedWater(row, "現地班", area, NOON) for row, area in enumerate(observed, start=1)
        ),
        closures=tuple(
            a_closure(ground, int(street), number=row)
            for row, street in enumerate(closures, start=1)
        ),
        openings=openings | {key: SiteState(opening, NOON) for key, opening in said.items()},
    )


def a_version(ground: Ground, **in_force: Any) -> PlanVersion:
    """The version of a picture with that in force (as for `a_picture`)."""
    return PlanVersion.of(1, ground, a_picture(ground, **in_force))


# Questions


def door(ground: Ground, x: float, y: float) -> Position:
    """The position of a door at (x, y) metres."""
    return ground.metres.position(x, y)


def ask(
    version: PlanVersion,
    at: Position | tuple[float, float],
    household: Household | None = None,
    *,
    level: int = 0,
    hazards: Iterable[HazardKind] = (),
    when: datetime = NOON,
    told: str | None = None,
) -> Guidance:
    """The guidance for a door, given as a position or as (x, y) metres."""
    position = at if isinstance(at, Position) else door(version.ground, *at)
    return guide(
        version,
        Question(
            position, when, household or Household(), frozenset(hazards), AlertLevel(level), told
        ),
    )


def reason_codes(guidance: Guidance) -> set[str]:
    """The codes of all reasons given."""
    return {reason.code for reason in guidance.reasons}


# The fictional town, and the fictional city


@dataclass(frozen=True)
class Town:
    """A fictional town or city as read, with what is in force in it when it begins."""

    file: CityFile
    report: LoadReport
    rows: CityRows
    ground: Ground
    orders: tuple[EvacuationOrder, ...]
    water: tuple[BaseGeometry, ...]


@cache
def town() -> Town:
    """The fictional town, read once from the files that `write_town` writes."""
    return _as_read(town_file())


@cache
def fictional_city() -> Town:
    """The fictional city at full scale, read once: that takes half a minute."""
    return _as_read(fictional_city_file())


def _as_read(path: Path) -> Town:
    file = read_city_file(path)
    report = LoadReport(file.card.name)
    rows = read_sources(file, report, lambda _: None)
    ground = ground_of(file.card, file.rules, rows)
    seen = [
        shapely.union_all([s for _, _, s in features(water.path, ("Polygon", "MultiPolygon"))])
        for water in file.start.observed_water
    ]
    orders = tuple(
        an_order(
            order.level,
            order.hazard,
            in_metres([area_of(rows.areas, order.areas)], ground.metres)[0],
            order.areas,
            number,
        )
        for number, order in enumerate(file.start.orders, start=1)
    )
    return Town(file, report, rows, ground, orders, tuple(in_metres(seen, ground.metres)))


def town_ground() -> Ground:
    """The ground of the fictional town."""
    return town().ground


def town_version(**changed: Any) -> PlanVersion:
    """The town as its city file begins it; what is given (as for `a_picture`) replaces that."""
    begins: dict[str, Any] = {"orders": town().orders, "observed": town().water}
    return a_version(town_ground(), **(begins | changed))
