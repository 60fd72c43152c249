"""A real city (宇部市): 2,000 random doors at every level, in a flood, against networkx."""

import json
import os
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from city.traveller import Dwelling, Household, Profile
from data.cityfile import read_city_file
from data.groundwork import ground_of
from data.report import LoadReport
from data.sources import read_sources
from hazards.kinds import RAIN_HAZARDS, HazardKind
from hazards.zone import ZoneLayer
from routing.advice import Advice
from routing.exposure import DEPTHS
from routing.ground import Ground
from routing.guidance import Guidance
from routing.losing import streets_lost
from routing.plan.assigned import CityPlan, nobody
from routing.plan.looked import Looked
from routing.roads import StreetFlag, islands
from routing.snapping import Snap, is_near, snaps
from routing.verdict import Verdict
from routing.version import PlanVersion
from routing.weights import Conditions
from tests.builders import FLOOD, LANDSLIDE, NIGHT, NOON, a_version, an_order, ask
from tests.unit.routing.engines import costs
from tests.unit.routing.lostoracle import Anew
from tests.unit.routing.oracle import Oracle
from tests.unit.routing.whole_plans import (
    assert_keeps_its_word,
    assert_proven,
    evening,
    some_homes,
)

EVERY_STREET = "NIGEMICHI_EVERY_STREET"
"""Set, every street of Ube is lost and all computed anew: a minute; else some hundred of them."""
LOST = 300
CITY_FILE = Path(__file__).parents[1] / "cities" / "ube.toml"
DATA = (CITY_FILE.parent / "../../../shared/data/ube").resolve()
DOORS, BLOBS, CLOSURES = 2_000, 20, 50
LEVELS = (0, 3, 4, 5)
SEED = 20_261_010

pytestmark = pytest.mark.skipif(
    not (DATA / "walk.graphml").is_file(),
    reason=f"the real city's files are not beside this checkout: {DATA} is absent",
)


@dataclass(frozen=True)
class Asked:
    """One door with who lives behind it and what they ask about."""

    x: float
    y: float
    household: Household
    hazards: frozenset[HazardKind]
    night: bool


@dataclass(frozen=True, eq=False, repr=False)
class Night:
    """All that is asked and answered."""

    ground: Ground
    observed: tuple[BaseGeometry, ...]
    closures: tuple[int, ...]
    asked: tuple[Asked, ...]
    versions: dict[int, PlanVersion]
    told: dict[int, list[Guidance]]


@pytest.fixture(scope="module")
def night() -> Night:
    ground = _ground()
    rng = np.random.default_rng(SEED)
    observed = tuple(_blob(ground, rng) for _ in range(BLOBS))
    closures = tuple(rng.choice(ground.roads.street_count, CLOSURES, replace=False).tolist())
    asked = tuple(_doors(ground, rng))
    versions = {
        level: a_version(
            ground,
            orders=[an_order(level)] if level else [],
            observed=observed,
            closures=closures,
        )
        for level in LEVELS
    }
    told = {
        level: [
            ask(
                version,
                (door.x, door.y),
                door.household,
                hazards=door.hazards,
                when=NIGHT if door.night else NOON,
            )
            for door in asked
        ]
        for level, version in versions.items()
    }
    return Night(ground, observed, closures, asked, versions, told)


def _ground() -> Ground:
    file = read_city_file(CITY_FILE)
    rows = read_sources(file, LoadReport(file.card.name), lambda _: None)
    return ground_of(file.card, file.rules, rows)


def _blob(ground: Ground, rng: np.random.Generator) -> BaseGeometry:
    """Water 50 to 200 m wide, somewhere on the network."""
    x, y = ground.roads.junction_xy[rng.integers(ground.roads.junction_count)]
    angle = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    radius = rng.uniform(25, 100) * rng.uniform(0.6, 1.0, len(angle))
    return shapely.Polygon(
        np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)])
    )


def _doors(ground: Ground, rng: np.random.Generator) -> list[Asked]:
    """Around random junctions; everybody has the home in which a stay would be likeliest."""
    found: list[Asked] = []
    profiles = list(Profile)
    extra = [frozenset[HazardKind]()] * 7 + [
        frozenset({FLOOD}),
        frozenset({LANDSLIDE}),
        frozenset({HazardKind.TSUNAMI}),
    ]
    while len(found) < DOORS:
        xy = ground.roads.junction_xy[rng.integers(ground.roads.junction_count)]
        x, y = (xy + rng.normal(0, 70, 2)).tolist()
        if not is_near(ground, x, y):
            continue
        profile = profiles[rng.integers(len(profiles))]
        home = Household(profile, Dwelling.STURDY, 9, 10, 1000)
        asked = extra[rng.integers(len(extra))]
        found.append(Asked(x, y, home, asked, bool(rng.integers(2))))
    return found


def _every(night: Night) -> list[tuple[int, Asked, Guidance]]:
    return [
        (level, door, told)
        for level in LEVELS
        for door, told in zip(night.asked, night.told[level], strict=True)
    ]


def _ways(night: Night) -> list[tuple[int, Guidance, Advice]]:
    return [
        (level, told, advice)
        for level, _, told in _every(night)
        for advice in (told.first, told.second)
        if advice is not None
    ]


def _hazards(door: Asked) -> frozenset[HazardKind]:
    """In force at the door: the order's; else flood. Ube has no zones but those of floods."""
    return door.hazards | {FLOOD}


def _suits(night: Night, level: int, hazards: frozenset[HazardKind], row: int) -> bool:
    """Designated for each hazard at the door and at the site; not standing in water."""
    site, point = night.ground.sites[row], shapely.Point(*night.ground.site_xy[row])
    here = hazards | ({FLOOD} if level else set())
    zoned = any(
        polygon.intersects(point)
        for layer in (ZoneLayer.DEPTH, ZoneLayer.COLLAPSE)
        for polygon in night.ground.zones[layer].polygons
    )
    if here & RAIN_HAZARDS:
        # Ube has no landslide map: whether a site lies below a slope nobody knows.
        here = here | {LANDSLIDE} | ({FLOOD} if zoned else set())
    wet = any(water.intersects(point) for water in night.observed)
    return here <= site.designated_for and not wet


def test_every_way_has_exactly_the_least_cost_that_networkx_finds(night: Night) -> None:
    """Over every street that the door stands at; where it has no way, over none of them."""
    seen: Counter[Verdict] = Counter()

    @cache
    def suited(level: int, hazards: frozenset[HazardKind]) -> tuple[int, ...]:
        return tuple(r for r in range(len(night.ground.sites)) if _suits(night, level, hazards, r))

    @cache
    def oracle(level: int, conditions: Conditions) -> Oracle:
        return Oracle(night.versions[level], conditions)

    @cache
    def costs(level: int, conditions: Conditions, sites: tuple[int, ...]) -> dict[int, int]:
        return oracle(level, conditions).costs(sites)

    for level, door, told in _every(night):
        if level == 5:
            continue
        conditions = Conditions(door.household.profile, door.night, storm=True)
        sites = suited(level, _hazards(door))
        known = costs(level, conditions, sites)
        seen[told.verdict] += 1
        if told.first is not None or not _in_water(night, door):
            least = oracle(level, conditions).door_cost(_joined(told), sites, known)
            assert (told.first and told.first.way.cost) == least, (level, door)
    assert seen[Verdict.GO] > 2_000


def _joined(told: Guidance) -> tuple[Snap, ...]:
    """From the position asked about: a rounding on the way there could tip a ceiling."""
    here = told.version.ground.metres.of(told.question.position)
    return snaps(told.version.ground, told.version.bars, *here)


def _in_water(night: Night, door: Asked) -> bool:
    return any(water.intersects(shapely.Point(door.x, door.y)) for water in night.observed)


def test_the_alternative_is_the_best_way_to_any_other_site(night: Night) -> None:
    level, conditions = 4, Conditions(Profile.WALK, night=False, storm=True)
    oracle = Oracle(night.versions[level], conditions)
    ways = [
        (_joined(told), told.first.way, told.second)
        for door, told in zip(night.asked, night.told[level], strict=True)
        if (door.household.profile, door.night) == (Profile.WALK, False)
        if door.hazards <= {FLOOD} and told.first
    ]
    suited = [r for r in range(len(night.ground.sites)) if _suits(night, 4, frozenset({FLOOD}), r)]
    for site, _ in Counter(way.site for _, way, _ in ways).most_common(12):
        rest = [other for other in suited if other != site]
        costs = oracle.costs(rest)
        for joined, way, second in ways:
            if way.site == site:
                assert second is not None
                assert second.way.cost == oracle.door_cost(joined, rest, costs), joined


def test_no_way_crosses_observed_water(night: Night) -> None:
    wet = shapely.union_all(list(night.observed))
    lines = [
        shapely.LineString(night.ground.metres.xy(advice.line)) for _, _, advice in _ways(night)
    ]
    assert len(lines) > 5_000
    assert shapely.length(shapely.intersection(lines, wet)).max() < 0.01


def test_no_way_uses_a_closed_street(night: Night) -> None:
    used = {stretch.street for _, _, advice in _ways(night) for stretch in advice.way.stretches}
    assert len(used) > 1_000
    assert not used & set(night.closures)


def test_the_water_and_the_closures_lay_on_somebodys_way(night: Night) -> None:
    """Else the two tests above would prove nothing."""
    dry = a_version(night.ground)
    lines, used = [], set()
    for door in night.asked[:500]:
        told = ask(dry, (door.x, door.y), door.household)
        if told.first is not None:
            lines.append(shapely.LineString(night.ground.metres.xy(told.first.line)))
            used |= {stretch.street for stretch in told.first.way.stretches}
    wet = shapely.union_all(list(night.observed))
    assert shapely.intersects(lines, wet).sum() >= 5
    assert used & set(night.closures)


def test_no_destination_is_unsuited_to_any_hazard_in_force(night: Night) -> None:
    suits = cache(lambda *args: _suits(night, *args))
    rows = {site.id: row for row, site in enumerate(night.ground.sites)}
    for level, door, told in _every(night):
        hazards = _hazards(door)
        assert hazards <= told.hazards
        for advice in (told.first, told.second):
            if advice is not None:
                assert hazards <= advice.site.designated_for
                assert suits(level, hazards, rows[advice.site.id])
        if told.first and told.second:
            assert told.first.site.id != told.second.site.id


def test_wet_bridges_carry_ways(night: Night) -> None:
    """A bridge stands above assumed water: its metres in the zone are neither paid nor told."""
    ground = night.ground
    in_zone = ground.assumed.metres()[:, list(DEPTHS)].sum(axis=1)
    wet_bridges = np.flatnonzero(ground.roads.has(StreetFlag.ABOVE_WATER) & (in_zone > 1))
    assert len(wet_bridges) > 0
    assert (ground.exposed[wet_bridges][:, list(DEPTHS)] == 0).all()
    used = {stretch.street for _, _, advice in _ways(night) for stretch in advice.way.stretches}
    assert used & set(wet_bridges.tolist())


def test_nobody_inside_a_flood_polygon_is_told_to_stay(night: Night) -> None:
    """Ube's data has neither duration nor collapse zones: unknown is never safe."""
    inside = 0
    for _, door, told in _every(night):
        assert told.verdict is not Verdict.STAY_SAFE
        point = shapely.Point(door.x, door.y)
        inside += any(p.intersects(point) for p in _over(night.ground, point))
    assert inside > 100


def _over(ground: Ground, point: shapely.Point) -> list[BaseGeometry]:
    zone = ground.zones[ZoneLayer.DEPTH]
    return [zone.polygons[row] for row in zone.tree.query(point)]


def test_every_door_without_a_way_is_told_what_to_do(night: Night) -> None:
    without = 0
    for level, door, told in _every(night):
        codes = {reason.code for reason in told.reasons}
        ordered = level >= 4 or (level == 3 and door.household.profile is not Profile.WALK)
        if level == 5:
            assert told.verdict is Verdict.SECURE_NOW
            assert "level_5" in codes
        elif told.first is None:
            without += 1
            if ordered or codes & {"surrounded", "in_observed_water"}:
                assert told.verdict is Verdict.SECURE_NOW
            else:
                assert told.verdict is Verdict.WATCH
            assert codes & {"surrounded", "in_observed_water", "no_way", "no_site"}
        if told.verdict is Verdict.SECURE_NOW:
            assert (told.first, told.second) == (None, None)
        if told.verdict is Verdict.GO:
            assert told.first is not None
            assert told.first.steps
            assert told.leave_now
    assert without > 10


def test_rule_05_doors_in_the_water_and_surrounded_by_it_secure_themselves(night: Night) -> None:
    """Below level 5; no nearest street of a surrounded door runs dry into the city."""
    wet = shapely.union_all(list(night.observed))
    shapely.prepare(wet)
    roads = night.ground.roads
    dry = ~shapely.intersects(wet, night.ground.lines)
    dry[list(night.closures)] = False
    city = islands(roads, dry) == 0
    leads_out = dry & (city[roads.start] | city[roads.end])
    seen: Counter[str] = Counter()
    for level, door, told in _every(night):
        codes = {reason.code for reason in told.reasons} & {"in_observed_water", "surrounded"}
        if level == 5:
            continue
        assert ("in_observed_water" in codes) is _in_water(night, door)
        if codes:
            assert told.verdict is Verdict.SECURE_NOW
        if codes == {"surrounded"}:
            away = shapely.distance(night.ground.lines, shapely.Point(door.x, door.y))
            assert not leads_out[away.argmin()]
        seen.update(codes)
    assert seen["in_observed_water"] > 20
    assert seen["surrounded"] > 10


@pytest.mark.parametrize("profile", Profile)
def test_both_engines_find_the_same_cost_from_every_junction_to_every_site(
    night: Night, profile: Profile
) -> None:
    version = night.versions[4]
    by_hierarchy, by_dijkstra = costs(version, Conditions(profile, night=True, storm=True))
    assert (by_hierarchy == by_dijkstra).all()


def test_a_plan_for_all_of_ube_is_proven_and_keeps_its_word(night: Night) -> None:
    """Ube's list states no capacities, and brings no households: both are made up here."""
    version = night.versions[4]
    given = evening(version, some_homes(version.ground))
    plan = given.plan()
    assert_proven(given, plan)
    assert_keeps_its_word(given, plan)


def test_the_report_counts_what_the_files_hold() -> None:
    """Against the files' own text and JSON, read by nothing of ours."""
    file = read_city_file(CITY_FILE)
    report = LoadReport("")
    read_sources(file, report, lambda _: None)
    told = {source.source: (source.read, source.kept) for source in report.sources}
    folder = DATA
    edges = (folder / "walk.graphml").read_text("utf-8").count("<edge ")
    (roads,) = (source for source in report.sources if source.source == "roads")
    assert roads.read == edges == roads.kept + roads.dropped.total()

    def features(name: str) -> int:
        return len(json.loads((folder / name).read_text("utf-8"))["features"])

    zones = features("flood_A31b_201.geojson")
    assert told["zones"] == (zones, zones)
    for name, file_name in (("sites", "emergency_sites"), ("shelters", "shelters")):
        (source,) = (one for one in report.sources if one.source == name)
        assert source.read == features(f"{file_name}.geojson")
        assert source.kept == source.read - source.dropped.total()


def test_the_ranking_of_streets_is_that_of_computing_everything_anew(night: Night) -> None:
    """Level 4, with the closures and the water of that evening, and prices at some places."""
    version = a_version(
        night.ground, orders=[an_order(4)], observed=night.observed, closures=night.closures
    )
    living = some_homes(night.ground)
    told = nobody(len(night.ground.sites))
    told.price[::7] = 3000
    version.plan = CityPlan(living, told)
    found = streets_lost(version, Looked(living), night=True)
    oracle = Anew(version, living, night=True)
    streets = np.flatnonzero(found.walked)
    ranked = found.ranked(100)
    if not os.environ.get(EVERY_STREET):
        some = np.random.default_rng(SEED).choice(streets, LOST, replace=False)
        streets = np.union1d(some, ranked)
    anew = np.array([oracle.lost(int(street)) for street in streets])
    mine = np.column_stack([found.cut_off, found.dearer, found.added])[streets]
    assert mine.tolist() == anew.tolist()
    order = np.lexsort((streets, -anew[:, 1], -anew[:, 2], -anew[:, 0]))
    assert streets[order][:100].tolist() == ranked.tolist()
    assert found.cut_off[ranked[0]] > 5
    assert (found.dearer > 0).sum() > 500
