"""The fictional town: the same bytes every time, and everything in it that the rules speak of."""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import networkx as nx
import osmnx as ox
import pytest
import shapely
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from data.town import write_town
from tests.fictionalfiles import town_file

Roads: TypeAlias = "nx.MultiGraph[int]"

BRIDGES = {"上浅瀬橋", "本町大橋", "つばめ歩道橋", "浅瀬中央橋", "下浅瀬大橋"}


@pytest.fixture(scope="module")
def town() -> Path:
    return town_file().parent


@pytest.fixture(scope="module")
def roads(town: Path) -> Roads:
    return ox.convert.to_undirected(ox.load_graphml(town / "roads.graphml"))


def features(town: Path, name: str) -> list[tuple[BaseGeometry, dict[str, Any]]]:
    collection = json.loads((town / f"{name}.geojson").read_text(encoding="utf-8"))
    return [(shape(each["geometry"]), each["properties"]) for each in collection["features"]]


def zone(town: Path, collection: str, /, **wanted: int | str) -> BaseGeometry:
    chosen = (
        geometry
        for geometry, properties in features(town, collection)
        if all(properties[key] == value for key, value in wanted.items())
    )
    return shapely.union_all(list(chosen))


def streets(roads: Roads) -> Iterator[tuple[BaseGeometry, dict[str, Any]]]:
    for start, end, attributes in roads.edges(data=True):
        yield attributes.get("geometry") or straight(roads, start, end), attributes


def straight(roads: Roads, start: int, end: int) -> BaseGeometry:
    ends = [(roads.nodes[n]["x"], roads.nodes[n]["y"]) for n in (start, end)]
    return shapely.LineString(ends)


def junctions(roads: Roads) -> dict[int, Point]:
    return {node: Point(at["x"], at["y"]) for node, at in roads.nodes(data=True)}


def without(roads: Roads, water: BaseGeometry) -> Roads:
    dry = roads.copy()
    for start, end, key, attributes in roads.edges(keys=True, data=True):
        if water.intersects(attributes.get("geometry") or straight(roads, start, end)):
            dry.remove_edge(start, end, key)
    return dry


def test_the_same_seed_gives_the_same_bytes(town: Path, tmp_path: Path) -> None:
    again = write_town(tmp_path).parent
    files = sorted(path.name for path in town.iterdir())
    assert files == sorted(path.name for path in again.iterdir())
    assert all((town / name).read_bytes() == (again / name).read_bytes() for name in files)


def test_another_seed_gives_another_town(town: Path, tmp_path: Path) -> None:
    other = write_town(tmp_path, seed=2).parent
    assert (town / "roads.graphml").read_bytes() != (other / "roads.graphml").read_bytes()


def test_the_city_is_called_fictional_and_names_files_that_exist(town: Path) -> None:
    city = tomllib.loads((town / "city.toml").read_text(encoding="utf-8"))
    assert "架空" in city["city"]["name"]
    assert "fictional" in city["city"]["name_en"]
    assert city["city"]["fictional"] is True
    sources = city["sources"]
    listed = [each for each in sources.values() if isinstance(each, dict)] + sources["zones"]
    listed += city["start"]["observed_water"]
    assert all((town / each["path"]).is_file() for each in listed)


def test_orders_are_for_areas_that_exist(town: Path) -> None:
    city = tomllib.loads((town / "city.toml").read_text(encoding="utf-8"))
    names = {properties["S_NAME"] for _, properties in features(town, "areas")}
    ordered = {name for order in city["start"]["orders"] for name in order["areas"]}
    assert ordered <= names
    assert 18 <= len(names) <= 28


def test_the_size_is_that_of_a_small_town(roads: Roads) -> None:
    lengths_m = sorted(float(street["length"]) for _, _, street in roads.edges(data=True))
    assert 2_500 <= roads.number_of_nodes() <= 3_500
    assert 4_000 <= roads.number_of_edges() <= 5_000
    assert 38.0 <= lengths_m[len(lengths_m) // 2] <= 56.0
    assert 55.0 <= sum(lengths_m) / len(lengths_m) <= 78.0


def test_junctions_have_the_degrees_of_a_real_town(roads: Roads) -> None:
    count = Counter(degree for _, degree in roads.degree())
    share = {degree: count[degree] / roads.number_of_nodes() for degree in count}
    assert share[1] == pytest.approx(0.15, rel=0.2)
    assert share[2] < 0.03
    assert share[3] == pytest.approx(0.59, rel=0.2)
    assert share[4] == pytest.approx(0.24, rel=0.2)


def test_every_street_runs_both_ways(town: Path) -> None:
    roads = ox.load_graphml(town / "roads.graphml")
    assert all(roads.has_edge(end, start) for start, end in roads.edges())


def test_the_town_is_connected_but_for_one_small_island(roads: Roads) -> None:
    parts = sorted(nx.connected_components(roads), key=len)
    assert len(parts) == 2
    assert 3 <= len(parts[0]) <= 6


def test_only_named_bridges_cross_the_river(town: Path, roads: Roads) -> None:
    river = zone(town, "waterways", name="浅瀬川")
    crossing = [street for line, street in streets(roads) if line.intersects(river)]
    assert {street["name"] for street in crossing} == BRIDGES
    assert all(street["bridge"] == "yes" for street in crossing)


def test_whoever_crosses_the_stream_uses_a_bridge(town: Path, roads: Roads) -> None:
    stream = zone(town, "waterways", name="小瀬川")
    assert all(s["bridge"] == "yes" for line, s in streets(roads) if line.intersects(stream))


def test_the_only_underpass_lies_in_the_flood_zone(town: Path, roads: Roads) -> None:
    flood = zone(town, "flood_depth")
    low = [each for each in streets(roads) if each[1].get("name") == "浅瀬地下道"]
    assert len(low) == 1
    line, street = low[0]
    assert (street["tunnel"], street["layer"]) == ("yes", "-1")
    assert line.intersects(flood)


def test_the_hill_tunnel_is_long_and_far_from_every_zone(town: Path, roads: Roads) -> None:
    tunnel, street = next(e for e in streets(roads) if e[1].get("name") == "浅瀬ヶ丘トンネル")
    assert street["tunnel"] == "yes"
    assert float(street["length"]) > 200.0
    for name in ("flood_depth", "flood_duration", "flood_collapse", "landslide"):
        assert tunnel.distance(zone(town, name)) > 0.001


def test_there_is_one_culvert(roads: Roads) -> None:
    assert [s.get("tunnel") for _, s in streets(roads)].count("culvert") == 1


def test_a_closed_underpass_leaves_other_ways(roads: Roads) -> None:
    underpass = next(
        (start, end, key)
        for start, end, key, street in roads.edges(keys=True, data=True)
        if street.get("name") == "浅瀬地下道"
    )
    rest = roads.copy()
    rest.remove_edge(*underpass)
    assert nx.number_connected_components(rest) == nx.number_connected_components(roads)


def test_many_ways_to_higher_ground_use_the_underpass(roads: Roads) -> None:
    at = junctions(roads)
    site = Point(135.3981, 29.6060)
    start = min(at, key=lambda node: at[node].distance(site))
    ways = nx.single_source_dijkstra_path(roads, start, weight=length_m)
    underpass = next(
        {start, end} for start, end, s in roads.edges(data=True) if s.get("name") == "浅瀬地下道"
    )
    assert sum(underpass <= set(way) for way in ways.values()) > 100


def length_m(_start: int, _end: int, parallels: dict[Any, Any]) -> float:
    return min(float(street["length"]) for street in parallels.values())


def test_observed_water_cuts_off_the_hamlet(town: Path, roads: Roads) -> None:
    dry = without(roads, zone(town, "observed_water"))
    parts = sorted(nx.connected_components(dry), key=len)
    pocket = parts[-2]
    assert 30 <= len(pocket) <= 62
    hamlet = zone(town, "areas", S_NAME="中洲町")
    at = junctions(roads)
    assert all(hamlet.contains(at[node]) for node in pocket)
    assert not any(hamlet.contains(site) for site, _ in features(town, "emergency_sites"))


def test_the_channel_of_the_river_is_empty(town: Path) -> None:
    river = zone(town, "waterways", name="浅瀬川")
    for name in ("flood_depth", "flood_duration", "flood_collapse"):
        overlap = zone(town, name).intersection(river)
        assert overlap.area < 0.005 * river.area


def test_depths_have_five_ranks_and_deep_water_lies_nearer(town: Path) -> None:
    river = zone(town, "waterways", name="浅瀬川")
    assert {p["A31b_201"] for _, p in features(town, "flood_depth")} == {1, 2, 3, 4, 5}
    away = [zone(town, "flood_depth", A31b_201=r).hausdorff_distance(river) for r in (1, 4)]
    assert zone(town, "flood_depth", A31b_201=4).centroid.distance(river) < max(away)


def test_the_duration_is_unknown_in_one_corner_only(town: Path) -> None:
    assert {p["A31b_301"] for _, p in features(town, "flood_duration")} == {1, 2, 3, 4}
    unknown = zone(town, "flood_depth").difference(zone(town, "flood_duration").buffer(1e-5))
    large = [part for part in shapely.get_parts(unknown) if part.area > 1e-7]
    assert large
    assert all(part.bounds[2] < 135.386 and part.bounds[3] < 29.596 for part in large)


def test_houses_can_be_torn_away_outside_the_depth_polygons(town: Path, roads: Roads) -> None:
    assert {p["A31b_401"] for _, p in features(town, "flood_collapse")} == {1, 2}
    outside = zone(town, "flood_collapse").difference(zone(town, "flood_depth"))
    assert any(outside.contains(at) for at in junctions(roads).values())


def test_some_doors_lie_in_yellow_and_red_landslide_zones(town: Path, roads: Roads) -> None:
    yellow = zone(town, "landslide", A33_002=1)
    red = zone(town, "landslide", A33_002=2)
    at = junctions(roads).values()
    assert red.difference(yellow).area < 0.02 * red.area
    assert sum(yellow.contains(each) for each in at) >= 20
    assert sum(red.contains(each) for each in at) >= 3
    assert {p["A33_001"] for _, p in features(town, "landslide")} == {1, 2, 3}


def test_there_are_stairs_in_the_hills(roads: Roads) -> None:
    assert sum(street["highway"] == "steps" for _, street in streets(roads)) >= 5
    heights_m = [float(at["elevation"]) for _, at in roads.nodes(data=True)]
    assert min(heights_m) > 3.0
    assert 80.0 < max(heights_m) < 135.0


def test_sites_suit_different_hazards_and_some_stand_in_zones(town: Path) -> None:
    sites = features(town, "emergency_sites")
    flags = {(p["洪水"], p["崖崩れ、土石流及び地滑り"]) for _, p in sites}
    flood = zone(town, "flood_depth")
    wet = {p["洪水"] for point, p in sites if flood.contains(point)}
    yellow = zone(town, "landslide", A33_002=1)
    red = zone(town, "landslide", A33_002=2)
    below_a_slope = [p for point, p in sites if yellow.contains(point)]
    assert 16 <= len(sites) <= 20
    assert flags == {("1", "1"), ("1", ""), ("", "1"), ("", "")}
    assert wet == {"1", ""}
    assert [(p["洪水"], p["崖崩れ、土石流及び地滑り"]) for p in below_a_slope] == [("1", "")]
    assert not any(red.contains(point) for point, _ in sites)
    assert all(p["共通ID"].startswith("E99901") for _, p in sites)


def test_two_shelters_are_no_emergency_sites(town: Path) -> None:
    sites = {p["施設・場所名"] for _, p in features(town, "emergency_sites")}
    shelters = [p["施設・場所名"] for _, p in features(town, "shelters")]
    assert 10 <= len(shelters) <= 12
    assert len(set(shelters) - sites) == 2


def test_every_shape_is_valid(town: Path) -> None:
    for path in sorted(town.glob("*.geojson")):
        assert all(geometry.is_valid for geometry, _ in features(town, path.stem)), path.name


def test_areas_tile_the_town(town: Path, roads: Roads) -> None:
    areas = [area for area, _ in features(town, "areas")]
    tiled = shapely.union_all(areas)
    assert sum(area.area for area in areas) == pytest.approx(tiled.area, rel=1e-4)
    assert all(tiled.buffer(1e-6).contains(at) for at in junctions(roads).values())
    assert len({p["KEY_CODE"] for _, p in features(town, "areas")}) == len(areas)
