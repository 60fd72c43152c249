"""The fictional city as a whole: its file, its 町丁目, its people, its places and names."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from data.fictional import write_fictional_city
from data.fictional.kept import STAMP
from data.town.areas import MIDDLES
from data.town.courses import COURSES
from data.town.places import PLACES, SHELTERS_ONLY

METRES = Transformer.from_crs("EPSG:4326", "EPSG:32653", always_xy=True)
Table = Callable[..., list[dict[str, str]]]
Features = Callable[[str], list[tuple[Any, dict[str, Any]]]]
HAZARDS = ("洪水", "崖崩れ、土石流及び地滑り", "高潮", "地震", "津波", "大規模な火事", "内水氾濫")


def points(rows: list[dict[str, str]]) -> Any:
    lon, lat = ([float(row[column]) for row in rows] for column in ("経度", "緯度"))
    return shapely.points(*METRES.transform(lon, lat))


@pytest.fixture(scope="module")
def sites(table: Table) -> list[dict[str, str]]:
    return table("emergency_sites", "utf-8-sig")


@pytest.fixture(scope="module")
def shelters(table: Table) -> list[dict[str, str]]:
    return table("shelters", "cp932")


def spelt_alike(name: str) -> str:
    digits = str.maketrans("一二三四五六七八九", "123456789")
    return name.translate(digits).replace("ケ丘", "ヶ丘")


def test_the_same_seed_gives_the_same_bytes(fictional: Path, tmp_path: Path) -> None:
    again = write_fictional_city(tmp_path).parent
    files = sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    kept = (p.relative_to(fictional) for p in fictional.rglob("*") if p.is_file())
    assert sorted(kept) == sorted([*files, Path(STAMP)])
    differing = [f for f in files if (fictional / f).read_bytes() != (again / f).read_bytes()]
    assert differing == []


def test_it_says_that_it_is_fictional(fictional: Path) -> None:
    city = tomllib.loads((fictional / "city.toml").read_text(encoding="utf-8"))
    assert city["city"]["fictional"] is True
    assert "架空" in city["city"]["name"]
    assert city["city"]["code"] == "99902"


def test_every_file_that_it_names_is_there(fictional: Path) -> None:
    city = tomllib.loads((fictional / "city.toml").read_text(encoding="utf-8"))
    single = {name: table for name, table in city["sources"].items() if name != "zones"}
    assert len(single) == 11
    for table in (*single.values(), *city["sources"]["zones"], *city["start"]["observed_water"]):
        assert (fictional / table["path"]).is_file()


def test_the_areas_tile_the_city(features: Features) -> None:
    shapes = np.array([shape for shape, _ in features("areas")])
    whole = shapely.union_all(shapes)
    assert len(shapes) == 199
    assert whole.area / 1e6 == pytest.approx(186.0, rel=0.01)
    assert shapely.area(shapes).sum() - whole.area < 0.001 * whole.area
    holes = sum(shapely.Polygon(ring).area for ring in whole.interiors)
    assert holes < 0.001 * whole.area


def test_it_counts_every_household_and_person(table: Table, features: Features) -> None:
    rows = table("households")
    assert sum(int(row["households"]) for row in rows) == 285_000
    assert sum(int(row["population"]) for row in rows) == 560_000
    assert sum(each["SETAI"] for _, each in features("areas")) == 285_000
    assert min(int(row["households"]) for row in rows) >= 1


def test_two_files_spell_the_same_areas_differently(table: Table, features: Features) -> None:
    counted = [row["town"] for row in table("households")]
    drawn = [each["S_NAME"] for _, each in features("areas")]
    assert len(set(drawn)) == len(set(counted)) == 199
    assert not any("丁目" in name for name in set(counted) & set(drawn))
    assert sum("ヶ丘" in name for name in drawn) >= 3
    assert {spelt_alike(name) for name in counted} == {spelt_alike(name) for name in drawn}


def test_a_count_stands_in_its_own_area(table: Table, features: Features) -> None:
    shapes = {spelt_alike(each["S_NAME"]): shape for shape, each in features("areas")}
    for row in table("households"):
        x_m, y_m = METRES.transform(float(row["lng"]), float(row["lat"]))
        assert shapes[spelt_alike(row["town"])].contains(shapely.Point(x_m, y_m))


def test_sites_are_designated_as_in_a_real_city(sites: list[dict[str, str]]) -> None:
    flood = [row for row in sites if row["洪水"]]
    slides = [row for row in sites if row["崖崩れ、土石流及び地滑り"]]
    both = [row for row in flood if row in slides]
    assert (len(sites), len(flood), len(slides), len(both)) == (150, 117, 122, 105)
    assert sum(row["指定避難所との住所同一"] == "1" for row in sites) == 130


def test_every_site_stands_beside_a_street_and_none_in_water(
    sites: list[dict[str, str]], ways: Any, features: Features
) -> None:
    at = points(sites)
    water = shapely.union_all([surface for surface, _ in features("waterways")])
    walked = shapely.STRtree(ways.walkable.lines)
    near = walked.query(at, predicate="dwithin", distance=60.0)[0]
    assert set(near.tolist()) == set(range(150))
    assert shapely.distance(at, water).min() > 20.0


def test_some_sites_for_floods_stand_in_the_flood(
    sites: list[dict[str, str]], zones: Callable[[str, str], Any]
) -> None:
    flood = shapely.union_all([s for s, _ in zones("flood/A31b-depth.shp", "A31b_201")])
    wet = [row for row, in_it in zip(sites, flood.contains(points(sites)), strict=True) if in_it]
    assert 15 <= len(wet) <= 45
    assert 0.4 < sum(row["洪水"] == "1" for row in wet) / len(wet) < 0.8


def test_six_sites_stand_on_slopes_that_may_come_down(
    sites: list[dict[str, str]], zones: Callable[[str, str], Any]
) -> None:
    yellow = shapely.union_all([s for s, c in zones("landslide.gpkg", "A33_002") if c == 1])
    below = [row for row, on in zip(sites, yellow.contains(points(sites)), strict=True) if on]
    assert [row["崖崩れ、土石流及び地滑り"] for row in below] == [""] * 6


def test_shelters_hold_as_many_in_a_storm_as_in_a_real_city(
    shelters: list[dict[str, str]],
) -> None:
    storm = [
        int(
            row["備考"].removeprefix("想定収容人数：風水害（屋内）").removesuffix("人")
            or row["想定収容人数"]
        )
        for row in shelters
    ]
    assert len(shelters) == 134
    assert np.median(storm) == pytest.approx(1346, rel=0.08)
    assert sum(row["備考"] == "" for row in shelters) > 10


def test_most_shelters_are_sites_and_a_few_are_spelt_otherwise(
    shelters: list[dict[str, str]], sites: list[dict[str, str]]
) -> None:
    named = {row["施設・場所名"] for row in sites}
    doubled = [row for row in shelters if row["指定緊急避難場所との重複"] == "1"]
    otherwise = [row for row in doubled if row["名称"] not in named]
    assert len(doubled) == 130
    assert 5 <= len(otherwise) <= 20
    away_m = shapely.STRtree(points(sites)).query_nearest(points(otherwise), return_distance=True)[
        1
    ]
    assert away_m.max() < 1.0


def test_twenty_shelters_are_only_for_those_whose_plan_says_so(table: Table) -> None:
    rows = table("welfare_shelters")
    assert len(rows) == 20
    assert all("個別避難計画" in row["備考"] for row in rows)
    assert max(int(row["想定収容人数"]) for row in rows) < 400


def test_every_name_has_a_confirmed_reading(
    table: Table,
    features: Features,
    ways: Any,
    sites: list[dict[str, str]],
    shelters: list[dict[str, str]],
) -> None:
    used = {tags["name"] for tags in ways.tags if "name" in tags}
    used |= {row["施設・場所名"] for row in sites} | {row["名称"] for row in shelters}
    used |= {row["名称"] for row in table("welfare_shelters")}
    used |= {row["town"] for row in table("households")}
    used |= {each["S_NAME"] for _, each in features("areas")}
    for name in ("waterways", "gauges"):
        used |= {each["name"] for _, each in features(name)}
    readings = {row["name"]: row for row in table("readings")}
    assert used - set(readings) == set()
    assert {row["confirmed"] for row in readings.values()} == {"1"}
    assert all(row["kana"] for row in readings.values())


def test_its_names_are_not_those_of_the_small_town(table: Table) -> None:
    town = {name for name, *_ in MIDDLES} | {name for name, *_ in COURSES if name}
    town |= {place.name for place in (*PLACES, *SHELTERS_ONLY)} | {"浅瀬川", "小瀬川"}
    assert town.isdisjoint(row["name"] for row in table("readings"))


def test_gauges_stand_on_their_rivers(features: Features) -> None:
    rivers = {each["name"]: shape for shape, each in features("waterways")}
    gauges = features("gauges")
    assert {each["river"] for _, each in gauges} == set(rivers)
    for at, each in gauges:
        assert rivers[each["river"]].buffer(1.0).contains(at)
        assert each["startLevel"] < each["warnLevel"] < each["fladLevel"]


def test_it_begins_with_orders_where_the_flood_would_be_deep(
    fictional: Path, features: Features, zones: Callable[[str, str], Any]
) -> None:
    orders = tomllib.loads((fictional / "city.toml").read_text(encoding="utf-8"))["start"]["orders"]
    assert [(order["level"], len(order["areas"])) for order in orders] == [(4, 10), (3, 10)]
    shapes = {each["S_NAME"]: shape for shape, each in features("areas")}
    flood = shapely.union_all([s for s, _ in zones("flood/A31b-depth.shp", "A31b_201")])
    assert all(shapes[name].intersects(flood) for order in orders for name in order["areas"])


def test_water_has_been_seen_on_streets(ways: Any, features: Features) -> None:
    ((seen, _),) = features("observed_water")
    assert 50_000.0 < seen.area < 500_000.0
    assert shapely.intersects(ways.walkable.lines, seen).sum() > 20


def test_most_facilities_stand_in_water_that_could_be_and_no_number_rings(
    table: Table, zones: Callable[[str, str], Any]
) -> None:
    rows = table("facilities", "utf-8-sig")
    flood = shapely.union_all([s for s, _ in zones("flood/A31b-depth.shp", "A31b_201")])
    away_m = shapely.distance(points(rows), flood)
    assert (away_m == 0).sum() >= 50
    assert len(rows) >= 60
    assert all(row["電話番号"].startswith("000-0000-") for row in rows if row["電話番号"])
    assert any(not row["電話番号"] for row in rows)
