"""A small ground to draw pages of: a grid of named streets with zones, a river and three sites."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from city.area import Area
from city.position import Metres, Position
from city.traveller import Household
from data.city_rows import CityRows
from data.groundwork import ground_of
from data.network import Network
from hazards.closure import Closure, ObservedWater
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from hazards.zone import HazardZone, ZoneLayer
from routing.ground import CityCard, Ground
from routing.guidance import Guidance, Question, guide
from routing.picture import Picture
from routing.rules import Rules
from routing.version import PlanVersion
from shelters.place import EvacuationSite, Opening, SiteState
from tests.builders import a_closure, undescribed

METRES = Metres("EPSG:6671")
NOW = datetime(2026, 10, 10, 11, 42, tzinfo=UTC)
CARD = CityCard(
    code="99901",
    name="浅瀬市（架空）",
    name_en="Asase (fictional)",
    fictional=True,
    crs="EPSG:6671",
    timezone="Asia/Tokyo",
    attributions=("見本データ",),
    complete=tuple(ZoneLayer),
)
EAST, NORTH = 20_000.0, -60_000.0
SIDE, STEP = 9, 100.0


def at(x: float, y: float) -> Position:
    """The position `x` metres east and `y` metres north of the grid's corner."""
    return METRES.position(EAST + x, NORTH + y)


def box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """A rectangle in the city's metres."""
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def network(side: int = SIDE) -> Network:
    """`side` by `side` junctions, 100 m apart; most streets of the grid have a name."""
    span = range(side - 1)
    pairs = [(row * side + col, row * side + col + 1) for row in range(side) for col in span]
    pairs += [(row * side + col, row * side + side + col) for row in span for col in range(side)]
    xy = np.array(
        [(EAST + col * STEP, NORTH + row * STEP) for row in range(side) for col in range(side)]
    )
    across = side * (side - 1)
    names = [n // (side - 1) % 3 - 1 if n < across else n % side % 3 + 1 for n in range(len(pairs))]
    return Network(
        osm_id=np.arange(len(xy), dtype=np.int64),
        junction_lonlat=METRES.lonlat(xy),
        elevation_m=np.zeros(len(xy)),
        start=np.array([one for one, _ in pairs], np.int32),
        end=np.array([other for _, other in pairs], np.int32),
        flags=np.zeros(len(pairs), np.uint8),
        layer=np.zeros(len(pairs), np.int8),
        name=np.array(names, np.int32),
        names=("本町通り", "学校通り", "下浅瀬通り", "宮前通り"),
        **undescribed(len(pairs), 4),
        shape_start=np.arange(0, 2 * len(pairs) + 1, 2, dtype=np.int32),
        shape_lonlat=METRES.lonlat(xy[np.array(pairs).ravel()]),
    )


def zones() -> list[HazardZone]:
    """Deep water in the south with a rim that collapses, a slope in the north-east."""
    shapes = [
        (ZoneLayer.DEPTH, 2, (-50, -50, 850, 250)),
        (ZoneLayer.DEPTH, 4, (-50, -50, 850, 60)),
        (ZoneLayer.DURATION, 2, (-50, -50, 850, 250)),
        (ZoneLayer.COLLAPSE, 2, (-50, -50, 850, 30)),
        (ZoneLayer.LANDSLIDE, 1, (650, 600, 850, 850)),
        (ZoneLayer.LANDSLIDE, 2, (750, 700, 850, 850)),
    ]
    return [
        HazardZone(layer, rank, shapely.transform(box(*corners), METRES.lonlat))
        for layer, rank, corners in shapes
    ]


def site(name: str, x: float, y: float, *kinds: HazardKind) -> EvacuationSite:
    """A site of that name; without kinds it suits floods and landslides."""
    suits = frozenset(kinds or (HazardKind.FLOOD, HazardKind.LANDSLIDE))
    return EvacuationSite(name, name, at(x, y), "", suits)


SITES = (site("浅瀬第三小学校", 420, 560), site("浅瀬高校", 120, 700), site("<i>公園", 30, 790))


def ground(
    sites: tuple[EvacuationSite, ...] = SITES, side: int = SIDE, unknown: Iterable[ZoneLayer] = ()
) -> Ground:
    """The whole ground, with two areas and a river along its south; `unknown` maps have gaps."""
    halves = {
        "絹ヶ丘一丁目": box(-60, -60, 400, 860),
        "下浅瀬二丁目": box(400, -60, 860, 860),
    }
    areas = tuple(
        Area(str(number), name, shapely.transform(half, METRES.lonlat))
        for number, (name, half) in enumerate(halves.items())
    )
    river = shapely.transform(box(-60, -60, 900, -30), METRES.lonlat)
    return ground_of(
        replace(CARD, complete=tuple(layer for layer in ZoneLayer if layer not in unknown)),
        Rules(),
        CityRows(network(side), sites, (), tuple(zones()), areas, (("川", river),)),
    )


def order(level: int, hazard: HazardKind = HazardKind.FLOOD) -> EvacuationOrder:
    """An order for the whole grid, twelve minutes old."""
    issued = NOW - timedelta(minutes=12)
    return EvacuationOrder(
        1, hazard, AlertLevel(level), ("下浅瀬二丁目",), box(-99, -99, 999, 999), issued
    )


def version(
    *orders: EvacuationOrder,
    water: BaseGeometry | None = None,
    closed: tuple[Closure, ...] = (),
    opening: Opening = Opening.OPEN,
    on: Ground | None = None,
    number: int = 128,
) -> PlanVersion:
    """A version of the plan with these things in force."""
    here = on or ground()
    seen = (ObservedWater(1, "現地班", water, NOW - timedelta(minutes=3)),) if water else ()
    since = NOW - timedelta(minutes=92) if opening is Opening.OPEN else None
    states = {one.id: SiteState(opening, since) for one in here.sites}
    return PlanVersion.of(number, here, Picture(number, NOW, orders, seen, closed, states))


def closure(street: int, here: Ground) -> Closure:
    """通行止め of one street."""
    return replace(a_closure(here, street), closed_at=NOW - timedelta(minutes=11))


def asks(
    plan: PlanVersion,
    x: float = 610,
    y: float = 130,
    household: Household | None = None,
    **more: object,
) -> Guidance:
    """The guidance for a door `x`, `y` metres from the corner, at 20:42."""
    question = Question(at(x, y), NOW, household or Household())
    return guide(plan, replace(question, **more))
