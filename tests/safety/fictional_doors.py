"""Doors of the fictional city, some of every kind of ground, and the nights in which they ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from city.traveller import Dwelling, Household, Profile
from hazards.order import EvacuationOrder
from routing.advice import Advice
from routing.guidance import Guidance
from routing.version import PlanVersion
from tests.builders import (
    LANDSLIDE,
    NIGHT,
    NOON,
    a_version,
    an_order,
    ask,
    fictional_city,
)
from tests.safety.fictional_truth import BRIDGE, FOOT, STEPS, Points, Ranks, truth

SEED: Final = 20_261_127
HOUSEHOLDS, BESIDE_STREETS, OF_EACH = 30_000, 30_000, 20
BLOBS, CLOSURES = 24, 40


@dataclass(frozen=True)
class Door:
    """Where somebody asks, on what kind of ground, who, and when."""

    number: int
    kind: str
    x: float
    y: float
    ranks: Ranks
    household: Household
    night: bool

    @property
    def xy(self) -> tuple[float, float]:
        """Metres."""
        return self.x, self.y


@cache
def doors() -> tuple[Door, ...]:
    """The same doors every time: up to 20 of each kind of ground, nobody twice."""
    points = _points()
    ranks = truth().ranks(points)
    rng = np.random.default_rng(SEED)
    taken: set[int] = set()
    found: list[Door] = []
    for kind, here in _kinds(points, ranks).items():
        rows = [row for row in rng.permutation(np.flatnonzero(here)).tolist() if row not in taken]
        for row in rows[:OF_EACH]:
            taken.add(row)
            found.append(_door(len(found), kind, points[row].tolist(), ranks[row]))
    return tuple(found)


def _points() -> Points:
    """Homes of the city's households, and points beside its streets."""
    rows, streets = fictional_city().rows, truth().streets
    rng = np.random.default_rng(SEED)
    homes = rng.choice(len(rows.households), HOUSEHOLDS, replace=False)
    beside = streets[rng.integers(len(streets), size=BESIDE_STREETS)]
    at = shapely.line_interpolate_point(beside, rng.uniform(0, 1, BESIDE_STREETS), normalized=True)
    aside = shapely.get_coordinates(at) + rng.normal(0, 12, (BESIDE_STREETS, 2))
    return np.concatenate([truth().xy(rows.households.lonlat[homes]), aside])


def _kinds(points: Points, ranks: list[Ranks]) -> dict[str, Any]:
    """(n,) masks: which points stand on which kind of ground; the rarest come first."""
    network, streets = fictional_city().rows.network, truth().streets
    flags, home = network.flags, np.arange(len(points)) < HOUSEHOLDS
    away = shapely.distance(truth().rivers, shapely.points(points))
    steep = shapely.distance(truth().red, shapely.points(points))
    kinds = {
        "beside a red zone": (steep > 0) & (steep < 15),
        "in a river": away == 0,
        "beside a river": (away > 0) & (away < 40),
        "near an underpass": _near(points, streets[truth().underpasses]),
        "near a bridge": _near(points, streets[(flags & BRIDGE) > 0]),
        "near stairs": _near(points, streets[(flags & STEPS) > 0]),
        "near the motorway": _near(points, streets[(network.access & FOOT) == 0]),
    }
    for attribute in ("collapse", "landslide", "depth", "inland", "forecast", "duration"):
        column = np.array([getattr(rank, attribute) for rank in ranks])
        for rank in range(int(column.max()), 0, -1):
            kinds[f"{attribute} {rank}"] = column == rank
    dry = np.array([not rank.hazards for rank in ranks])
    return kinds | {"home outside every zone": home & dry, "outside every zone": ~home & dry}


def _near(points: Points, lines: Any) -> Any:
    rows = STRtree(lines).query(shapely.points(points), predicate="dwithin", distance=40)
    near = np.zeros(len(points), bool)
    near[rows[0]] = True
    return near


def _door(number: int, kind: str, xy: list[float], ranks: Ranks) -> Door:
    """Everybody has a home in which a stay would be likeliest; who walks and when takes turns."""
    profile = list(Profile)[number % 3]
    home = Household(profile, Dwelling.STURDY, 9, 10, 1000)
    x, y = xy
    return Door(number, kind, x, y, ranks, home, night=number % 4 == 3)


# What is in force


NIGHTS: Final = ("calm", "as it begins", "flood 4", "landslide 4", "level 5", "partly level 5")
DARK: Final = ("calm", "as it begins")


@cache
def version(night: str) -> PlanVersion:
    """The plan of one of the nights, or of the water that one of them sees."""
    return a_version(fictional_city().ground, **_in_force(night))


def _in_force(night: str) -> dict[str, Any]:
    if night == "as it begins":
        orders = fictional_city().orders
        return {"orders": orders, "observed": observed(), "closures": closures()}
    if night == "water alone":
        return {"observed": observed()}
    return {"orders": orders_of(night)}


@cache
def orders_of(night: str) -> tuple[EvacuationOrder, ...]:
    """What is ordered in one of the nights."""
    worst = tuple(area.name for area in fictional_city().rows.areas[::7])
    steep = tuple(name for name in _around_flood_sites() if name not in worst)
    return {
        "calm": (),
        "as it begins": fictional_city().orders,
        "flood 4": (an_order(4),),
        "landslide 4": (an_order(4, LANDSLIDE), an_order(3, number=2)),
        "level 5": (an_order(5),),
        "partly level 5": (
            an_order(4),
            an_order(5, area=truth().areas(worst), names=worst, number=2),
            an_order(3, LANDSLIDE, truth().areas(steep), steep, number=3),
        ),
    }[night]


def _around_flood_sites() -> list[str]:
    """The 町丁目 of sites that are not designated for landslides."""
    rows = fictional_city().rows
    places = [site.position for site in rows.sites if LANDSLIDE not in site.designated_for]
    points = shapely.MultiPoint([(place.lon, place.lat) for place in places])
    return [area.name for area in rows.areas if area.geometry.intersects(points)]


@cache
def told(night: str) -> tuple[Guidance, ...]:
    """What every door is told in one of the nights; it is dark in two of them for every fourth."""
    return tuple(
        ask(
            version(night),
            door.xy,
            door.household,
            when=NIGHT if door.night and night in DARK else NOON,
        )
        for door in doors()
    )


def ask_at(plan: PlanVersion, door: Door, household: Household | None = None) -> Guidance:
    """What a door is told by a plan at noon."""
    return ask(plan, door.xy, household or door.household)


def ways(*nights: str) -> Iterator[tuple[str, Door, Guidance, Advice]]:
    """Every way that is shown in these nights, of both destinations."""
    for night in nights or NIGHTS:
        for door, answer in zip(doors(), told(night), strict=True):
            for advice in (answer.first, answer.second):
                if advice is not None:
                    yield night, door, answer, advice


@cache
def _walked() -> tuple[int, ...]:
    """The middle streets of calm nights' ways, the likeliest to be missed."""
    found = [
        advice.way.stretches[len(advice.way.stretches) // 2].street
        for _, _, _, advice in ways("calm")
        if len(advice.way.stretches) > 4
    ]
    return tuple(dict.fromkeys(found))


@cache
def closures() -> tuple[int, ...]:
    """Streets that are closed: half of them lie on somebody's way."""
    rng = np.random.default_rng(SEED)
    half = CLOSURES // 2
    on_a_way = rng.choice(_walked(), half, replace=False)
    anywhere = rng.choice(len(truth().streets), half, replace=False)
    return tuple(np.unique(np.concatenate([on_a_way, anywhere])).tolist())


@cache
def observed() -> tuple[BaseGeometry, ...]:
    """Water that was seen: the city's own, pools on somebody's way, puddles between doors and their
    streets, and rings around doors.
    """
    rng = np.random.default_rng(SEED)
    pools = [
        shapely.line_interpolate_point(truth().streets[street], 0.5, normalized=True).buffer(
            float(rng.uniform(15, 70)), quad_segs=3
        )
        for street in rng.choice(_walked(), BLOBS, replace=False).tolist()
    ]
    return (*fictional_city().water, *pools, *_puddles(), *(ring for _, ring in rings()))


def _puddles() -> list[BaseGeometry]:
    """In the yards that every fifth door crosses on a calm night."""
    found: list[BaseGeometry] = []
    for said in told("calm")[::5]:
        if said.first is not None and said.first.way.snap.offset_m > 5:
            yard = shapely.LineString(truth().xy(said.first.line[:2]))
            found.append(yard.centroid.buffer(1.0))
    return found


@cache
def rings() -> tuple[tuple[Door, BaseGeometry], ...]:
    """Every 25th door that no evacuation site stands near, with water all around it."""
    sites = STRtree(np.asarray(shapely.points(truth().site_xy), dtype=object))
    found: list[tuple[Door, BaseGeometry]] = []
    for door in doors()[::25]:
        point = shapely.Point(door.x, door.y)
        if len(sites.query(point, predicate="dwithin", distance=400)) == 0:
            found.append((door, point.buffer(260).difference(point.buffer(200))))
    return tuple(found)
