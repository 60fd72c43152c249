"""The rules at the size of a city: hundreds of doors of the fictional one, against its raw rows."""

import json
from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
import shapely

from city.traveller import Dwelling, Household, Profile
from hazards.kinds import RAIN_HAZARDS, HazardKind
from hazards.order import EvacuationOrder
from hazards.zone import NEEDED_TO_STAY, OTHER_DEPTHS, ZoneLayer
from operations.answer import answer as table_of
from operations.serving import Freshness
from routing.ground import Ground, zone_map, zone_map_of, zoned_junctions
from routing.guidance import Guidance
from routing.homes import homes
from routing.losing import streets_lost
from routing.plan.looked import Looked
from routing.staying import door_zones, stay_facts
from routing.staying import may_stay as product_may_stay
from routing.verdict import Verdict
from tests.builders import (
    FLOOD,
    LANDSLIDE,
    NOON,
    STAYER,
    a_version,
    an_order,
    fictional_city,
    reason_codes,
)
from tests.safety.fictional_doors import NIGHTS, Door, ask_at, doors, orders_of, told, version, ways
from tests.safety.fictional_truth import YELLOW, Ranks, may_stay, orders_over, truth
from tests.unit.routing.lostoracle import Anew
from web.pages import way_page

SHARED = Path(__file__).parents[3] / "shared/data"


def _orders(night: str, x: float, y: float) -> list[EvacuationOrder]:
    return orders_over(orders_of(night), x, y)


def _in_force(night: str, x: float, y: float, ranks: Ranks) -> frozenset[HazardKind]:
    """At a door: what is ordered there, else flood and whatever is mapped."""
    ordered = frozenset(order.hazard for order in _orders(night, x, y))
    return ordered or ranks.hazards | {FLOOD}


def _everybody() -> list[tuple[str, Door, Guidance]]:
    return [
        (night, door, answer)
        for night in NIGHTS
        for door, answer in zip(doors(), told(night), strict=True)
    ]


def test_the_doors_stand_on_every_kind_of_ground() -> None:
    kinds = Counter(door.kind for door in doors())
    assert len(doors()) > 500
    assert len(kinds) > 25
    assert min(kinds[f"{zone} 1"] for zone in ("depth", "collapse", "landslide", "inland")) >= 15
    assert kinds["landslide 2"] >= 15
    assert kinds["near an underpass"] >= 10
    assert kinds["near the motorway"] >= 10


# 1, 2: where people are sent


def test_rule_01_no_destination_lacks_a_designation_for_a_hazard_in_force() -> None:
    lacking = Counter[str]()
    for night, door, answer, advice in ways():
        hazards = _in_force(night, *door.xy, door.ranks)
        assert answer.hazards == hazards, (night, door)
        site = truth().rows.sites[advice.way.site]
        here = hazards | {o.hazard for o in _orders(night, *truth().site_xy[advice.way.site])}
        here |= truth().site_ranks[advice.way.site].hazards & RAIN_HAZARDS
        assert here <= site.designated_for, (night, door, site)
        lacking[night] += 1
    assert min(lacking[night] for night in NIGHTS if night != "level 5") > 500


def test_rule_01_flood_sites_below_a_slope_that_they_are_not_designated_for_are_left_out() -> None:
    """The sites that most doors are sent to, each with a yellow zone drawn over it."""
    ground, sites = fictional_city().ground, truth().rows.sites
    sent = Counter(said.first.way.site for said in told("flood 4") if said.first)
    busy = [row for row, _ in sent.most_common() if LANDSLIDE not in sites[row].designated_for][:12]
    slopes = ground.zones[ZoneLayer.LANDSLIDE]
    drawn = shapely.buffer(np.asarray(shapely.points(truth().site_xy[busy]), dtype=object), 10)
    polygons = np.append(slopes.polygons, drawn)
    ranks = np.append(slopes.ranks, [YELLOW] * len(busy))
    more = zone_map_of(ZoneLayer.LANDSLIDE, True, polygons, ranks)
    zones = ground.zones | {ZoneLayer.LANDSLIDE: more}
    steep = replace(ground, zones=zones, zoned=zoned_junctions(ground.roads, zones))
    plan, asked = a_version(steep, orders=[an_order(4)]), 0
    for door, before in zip(doors(), told("flood 4"), strict=True):
        if before.first is not None and before.first.way.site in busy:
            asked += 1
            after = ask_at(plan, door)
            for advice in (after.first, after.second):
                assert advice is None or advice.way.site not in busy, door
    assert asked > 15


def test_rule_02_nobody_is_sent_to_a_shelter_or_a_welfare_shelter() -> None:
    rows = truth().rows
    only = {place.name for place in rows.shelters if not place.also_evacuation_site}
    only |= {place.name for place in rows.welfare}
    others = {place.id for place in rows.shelters} | {place.id for place in rows.welfare}
    assert len(only) >= 20
    named = Counter(advice.site.name for _, _, _, advice in ways())
    assert len(named) > 50
    assert not set(named) & only
    for _, _, _, advice in ways():
        assert advice.site in rows.sites
        assert advice.site.id not in others
        end = truth().xy(advice.line[-1:])[0]
        assert np.hypot(*(end - truth().site_xy[advice.way.site])) < 0.01


def test_rule_02_no_shelter_stands_in_for_closed_sites() -> None:
    closed = [site.id for site in truth().rows.sites]
    plan = a_version(fictional_city().ground, orders=[an_order(4)], closed_sites=closed)
    for door in doors()[::3]:
        answer = ask_at(plan, door, Household(door.household.profile))
        assert (answer.verdict, answer.first, answer.second) == (Verdict.SECURE_NOW, None, None)


# 3: who may stay


FLOORS: Final = (None, -1, 1, 2, 3, 4, 5, 8, 9)
TALL: Final = (None, 1, 2, 3, 4, 5, 9, 10)
SUPPLIES: Final = (None, 0, 12, 13, 24, 25, 72, 73, 168, 169, 1000)


def _homes() -> list[Household]:
    """Every home that could be described: what it is, own floor, floors, and supplies."""
    found = []
    for dwelling, floor, floors, supplies in product((None, *Dwelling), FLOORS, TALL, SUPPLIES):
        too_high = floor is not None and floors is not None and floor > floors
        bungalow = dwelling is Dwelling.BUNGALOW and max(floor or 1, floors or 1) > 1
        if not too_high and not bungalow:
            found.append(Household(Profile.SLOW, dwelling, floor, floors, supplies))
    return found


def test_rule_03_the_conditions_of_a_stay_hold_exactly_where_the_rows_say_so() -> None:
    ground, homes, stays = fictional_city().ground, _homes(), 0
    assert len(homes) > 1_500
    for number, door in enumerate(doors()):
        zones = door_zones(ground, *door.xy)
        for home in homes[number % 7 :: 7]:
            facts = stay_facts(zones, home, frozenset({FLOOD}), ground.rules.storey_height_m)
            assert product_may_stay(facts) is may_stay(door.ranks, home), (door, home)
            stays += may_stay(door.ranks, home)
    assert stays > 500


@pytest.mark.parametrize("level", [3, 4])
def test_rule_03_stay_safe_is_said_exactly_where_the_rows_allow_it(level: int) -> None:
    """Doors where a stay is possible at all are asked for more homes than the others."""
    plan = a_version(fictional_city().ground, orders=[an_order(level)])
    homes, said = _homes(), 0
    sturdy = [home for home in homes if home.dwelling is Dwelling.STURDY]
    sturdy = [home for home in sturdy if (home.floor or 0) > 1 and (home.supplies_h or 0) > 12]
    rng = np.random.default_rng(level)
    for door in doors():
        likely = may_stay(door.ranks, STAYER)
        asked = [*rng.choice(np.array(sturdy, object), 5)] if likely else []
        asked += [*rng.choice(np.array(homes, object), 2)]
        for home in asked:
            answer = ask_at(plan, door, home)
            assert (answer.verdict is Verdict.STAY_SAFE) is may_stay(door.ranks, home), (door, home)
            said += answer.verdict is Verdict.STAY_SAFE
    assert said > 150


def _with(layer: ZoneLayer, change: str) -> Ground:
    """The city without a layer, or with one that is not stated complete, or that lost a row."""
    city = fictional_city()
    complete = [*city.file.card.complete]
    zones = city.rows.zones if change != "absent" else ()
    if change == "not stated complete":
        complete.remove(str(layer))
    damaged = {layer} if change == "damaged" else set[ZoneLayer]()
    changed = zone_map(layer, zones, city.ground.metres, complete, damaged)
    return replace(city.ground, zones=city.ground.zones | {layer: changed})


@pytest.mark.parametrize("change", ["absent", "not stated complete", "damaged"])
@pytest.mark.parametrize("layer", NEEDED_TO_STAY)
def test_rule_03_a_layer_that_is_not_wholly_known_turns_every_stay_away(
    layer: ZoneLayer, change: str
) -> None:
    plan = a_version(_with(layer, change), orders=[an_order(4)])
    asked = [door for door in doors() if may_stay(door.ranks, STAYER)][::8]
    assert len(asked) > 15
    for door in asked:
        assert ask_at(version("flood 4"), door, STAYER).verdict is Verdict.STAY_SAFE
        assert ask_at(plan, door, STAYER).verdict is Verdict.GO, door


@pytest.mark.parametrize("layer", OTHER_DEPTHS)
def test_rule_03_a_damaged_map_of_other_water_turns_every_stay_away(layer: ZoneLayer) -> None:
    plan = a_version(_with(layer, "damaged"), orders=[an_order(4)])
    asked = [door for door in doors() if may_stay(door.ranks, STAYER)][::16]
    for door in asked:
        assert ask_at(plan, door, STAYER).verdict is Verdict.GO, door


def test_rule_03_whatever_a_household_leaves_unsaid_turns_its_stay_away() -> None:
    asked = [door for door in doors() if may_stay(door.ranks, STAYER)][::6]
    unsaid = (
        replace(STAYER, dwelling=None),
        replace(STAYER, floor=None),
        replace(STAYER, floors=None),
        replace(STAYER, supplies_h=None),
    )
    for door, home in product(asked, unsaid):
        assert ask_at(version("flood 4"), door, home).verdict is Verdict.GO, (door, home)


def test_rule_03_nobody_below_a_slope_stays_under_its_order() -> None:
    below = Counter[tuple[int, Verdict]]()
    for night in ("landslide 4", "flood 4", "as it begins"):
        for door, answer in zip(doors(), told(night), strict=True):
            if door.ranks.landslide:
                assert answer.verdict is not Verdict.STAY_SAFE, (night, door)
                below[door.ranks.landslide, answer.verdict] += night == "landslide 4"
    assert below[1, Verdict.GO] > 10
    assert below[2, Verdict.GO] > 10
    plan = a_version(fictional_city().ground, orders=[an_order(3, LANDSLIDE)])
    for door in doors()[::2]:
        if door.ranks.landslide:
            home = replace(STAYER, profile=Profile.WALK)
            assert ask_at(plan, door, home).verdict in {Verdict.GO, Verdict.SECURE_NOW}


# 4, 10: level 5, and when to leave


def _table(answer: Guidance) -> dict[str, Any]:
    return table_of(answer, Freshness(NOON, stale=False))


def test_rule_04_level_5_names_no_place_and_no_way_anywhere() -> None:
    sites = [site.name for site in truth().rows.sites]
    for door, said in zip(doors(), told("level 5"), strict=True):
        assert (said.verdict, said.first, said.second) == (Verdict.SECURE_NOW, None, None), door
        table = json.dumps(_table(said), ensure_ascii=False)
        assert not [name for name in sites if name in table], door


def test_rule_04_nobody_is_sent_into_or_through_an_area_of_level_5() -> None:
    worst = truth().areas(orders_of("partly level 5")[1].area_names)
    inside = 0
    for door, said in zip(doors(), told("partly level 5"), strict=True):
        if shapely.intersects_xy(worst, *door.xy):
            inside += 1
            assert (said.verdict, said.first, said.second) == (Verdict.SECURE_NOW, None, None), door
    for _, door, _, advice in ways("partly level 5"):
        assert truth().path(door.xy, advice.way).intersection(worst).length < 0.01, door
    assert inside > 30
    through = [truth().path(d.xy, a.way).intersects(worst) for _, d, _, a in ways("flood 4")]
    assert sum(through) > 100


def test_rule_10_leave_by_says_now_to_whoever_is_told_to_go_and_is_never_a_time() -> None:
    """Told to leave: level 4; level 3 those who need time; all below a slope under its order."""
    seen = Counter[str | None]()
    for night, door, said in _everybody():
        here = _orders(night, *door.xy)
        level = max((int(order.level) for order in here), default=0)
        slow = door.household.profile is not Profile.WALK
        slide = door.ranks.landslide and any(o.hazard is LANDSLIDE for o in here)
        leaves = level >= 4 or (level == 3 and slow) or bool(slide)
        goes = said.verdict is Verdict.GO
        assert said.level == level, (night, door)
        if not reason_codes(said) & {"surrounded", "in_observed_water"}:
            assert (said.verdict is not Verdict.WATCH) is leaves, (night, door)
        if said.first is not None and leaves and said.verdict is not Verdict.STAY_SAFE:
            assert goes, (night, door)
        leave_by = _table(said)["leave_by"]
        assert leave_by == ("now" if goes else None), (night, door)
        seen[leave_by] += 1
    assert min(seen.values()) > 500


# The streets that matter most


def test_200_lost_streets_of_the_city_are_as_if_all_were_computed_anew() -> None:
    """For a tenth of its households; half of the streets are among those that matter most."""
    city, rng = fictional_city(), np.random.default_rng(8)
    rows = city.rows.households
    some = np.sort(rng.choice(len(rows.persons), 28_500, replace=False))
    xy = city.ground.metres.xy(rows.lonlat.reshape(-1, 2)[some])
    living = homes(city.ground, xy, rows.persons[some], rows.area[some])
    plan = version("flood 4")
    found = streets_lost(plan, Looked(living), night=True)
    walked = np.flatnonzero(found.walked)
    streets = np.concatenate([found.ranked(100), rng.choice(walked, 100, replace=False)])
    oracle = Anew(plan, living, night=True)
    for street in streets.tolist():
        mine = int(found.cut_off[street]), int(found.dearer[street]), int(found.added[street])
        assert mine == oracle.lost(street), street


# 20: the city is fictional


def test_rule_20_the_city_is_called_fictional_wherever_it_is_named() -> None:
    city = fictional_city()
    card, rows = city.ground.card, city.rows
    assert card.fictional
    assert "架空" in card.name
    assert "fictional" in card.name_en
    assert card.attributions
    assert all("架空" in line for line in card.attributions)
    addresses = [place.address for place in rows.sites]
    addresses += [place.address for place in rows.shelters]
    addresses += [place.address for place in rows.welfare]
    assert all("架空" in address for address in addresses)
    for night, number in product(NIGHTS, (0, 200, 400)):
        said = told(night)[number]
        assert "架空" in _table(said)["city"]
        page = way_page(
            said, asked={}, lang="ja", now=NOON, checked_at=NOON, stale=False, page_url="x"
        )
        assert "架空" in page


def _real_names() -> set[str]:
    """Sites, shelters and 町丁目 of the real cities whose files are beside this checkout."""
    names = {
        str(feature["properties"]["施設・場所名"])
        for path in sorted(SHARED.glob("*/*s*.geojson"))
        for feature in json.loads(path.read_text("utf-8"))["features"]
        if "施設・場所名" in feature["properties"]
    }
    for path in sorted(SHARED.glob("*/chome_households_*.csv")):
        names |= {line.split(",")[0] for line in path.read_text("utf-8-sig").splitlines()[1:]}
    return names


def test_rule_20_no_name_of_a_real_place_is_used_for_the_city() -> None:
    real = _real_names()
    if not real:
        pytest.skip(f"no real city's files are beside this checkout: {SHARED} is absent")
    rows = fictional_city().rows
    assert len(real) > 400
    names = {place.name for place in rows.sites} | {place.name for place in rows.shelters}
    names |= {place.name for place in rows.welfare}
    names |= {area.name for area in rows.areas} | set(rows.network.names)
    names |= {name for name, _ in rows.waterways} | {gauge.river for gauge in rows.gauges}
    assert len(names) > 450
    assert not names & real
