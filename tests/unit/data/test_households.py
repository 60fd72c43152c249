"""Counts of households are read, and each is given a home in its own 町丁目."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from city.area import Area
from city.position import Metres, Position
from data.errors import BrokenSource
from data.frontage import LEAST_STREET_M, Floats
from data.households import NO_AREA, ChomeCount, Households, join_counts, located
from data.network import Network, StreetRow, StreetTags, network_of
from data.placing import FARTHEST_M, place_households
from data.readers.households import read_counts, read_points
from data.report import SourceReport
from routing.roads import StreetFlag

METRES = Metres("EPSG:6677")
ORIGIN = np.array([-50_000.0, -40_000.0])
HACHIOJI = (Path(__file__).parents[4] / "shared/data/hachioji").resolve()
COUNTS = HACHIOJI / "chome_households_2024.csv"


def degrees(shape: BaseGeometry) -> BaseGeometry:
    """A shape in metres from the origin, in degrees."""
    return shapely.transform(shape, lambda xy: METRES.lonlat(xy + ORIGIN))


def box(west: float, south: float, east: float, north: float, name: str = "町") -> Area:
    return Area(name, name, degrees(shapely.box(west, south, east, north)))


def street(*points: tuple[float, float], home: bool = True, flags: int = 0) -> StreetRow:
    shape = METRES.lonlat(np.array(points, np.float64) + ORIGIN)
    return StreetRow(0, 1, shape, StreetTags("", "", flags, 0, 0, home, "", float("nan")))


def network(*streets: StreetRow) -> Network:
    ends = METRES.lonlat(np.zeros((2, 2)) + ORIGIN)
    return network_of(np.arange(2), ends, np.zeros(2), streets)


def count(households: int, persons: int, name: str = "町", row: int = 2) -> ChomeCount:
    return ChomeCount(name, households, persons, None, row)


def place(
    counts: dict[int, ChomeCount],
    areas: Sequence[Area],
    roads: Network,
    *,
    rivers: Sequence[BaseGeometry] = (),
    report: SourceReport | None = None,
) -> Households:
    return place_households(
        counts,
        areas,
        roads,
        METRES,
        report or SourceReport("households", "counts.csv"),
        residential=roads.residential,
        waterways=rivers,
    )


def xy(homes: Households) -> Floats:
    """(H, 2) metres from the origin."""
    found: Floats = METRES.xy(homes.lonlat) - ORIGIN
    return found


def csv(folder: Path, text: str) -> Path:
    path = folder / "counts.csv"
    path.write_text(text, "utf-8")
    return path


def counted(folder: Path, text: str) -> tuple[list[ChomeCount], SourceReport]:
    path = csv(folder, text)
    report = SourceReport("households", path.name)
    return read_counts(path, report), report


GRID = network(
    *(street((0, y), (1000, y)) for y in range(50, 1000, 100)),
    *(street((x, 0), (x, 1000), home=False) for x in range(50, 1000, 100)),
)
QUARTERS = [
    box(0, 0, 500, 500, "一"),
    box(500, 0, 1000, 500, "二"),
    box(0, 500, 500, 1000, "三"),
    Area("四", "四", degrees(shapely.Polygon([(500, 500), (1000, 500), (500, 1000)]))),
]


def test_every_household_lives_in_its_own_area_beside_a_residential_street() -> None:
    counts = {row: count(400 + row, 900 + row) for row in range(4)}
    homes = place(counts, QUARTERS, GRID)
    outlines = np.array([area.geometry for area in QUARTERS], dtype=object)
    assert shapely.contains_xy(outlines[homes.area], homes.lonlat).all()
    assert np.bincount(homes.area).tolist() == [400, 401, 402, 403]
    from_street_m = np.abs((xy(homes)[:, 1] - 50 + 50) % 100 - 50)
    assert from_street_m.max() <= FARTHEST_M + 0.01


def test_homes_stand_on_both_sides_and_are_spread_along_the_whole_street() -> None:
    homes = place(
        {0: count(100, 250)}, [box(0, 0, 1000, 100)], network(street((0, 50), (1000, 50)))
    )
    x, y = np.sort(xy(homes)[:, 0]), xy(homes)[:, 1] - 50
    assert np.diff(x) == pytest.approx(10.0, abs=0.01)
    assert (y > 0).sum() == (y < 0).sum() == 50
    assert np.abs(y).min() >= 4 - 0.01
    assert len(np.unique(np.abs(y).round(2))) > 90


def test_a_street_on_the_border_of_two_areas_houses_each_on_its_own_side() -> None:
    areas = [box(0, 0, 500, 50, "南"), box(0, 50, 500, 100, "北")]
    homes = place({0: count(60, 60), 1: count(60, 60)}, areas, network(street((0, 50), (500, 50))))
    assert (xy(homes)[homes.area == 0, 1] < 50).all()
    assert (xy(homes)[homes.area == 1, 1] > 50).all()
    assert len(np.unique(homes.lonlat, axis=0)) == 120


def test_a_street_through_two_areas_houses_each_along_its_own_part() -> None:
    areas = [box(0, 0, 300, 100, "西"), box(300, 0, 1000, 100, "東")]
    homes = place({0: count(30, 30), 1: count(35, 35)}, areas, network(street((0, 50), (1000, 50))))
    for row, spacing_m in ((0, 10.0), (1, 20.0)):
        assert np.diff(np.sort(xy(homes)[homes.area == row, 0])) == pytest.approx(
            spacing_m, abs=0.1
        )


def test_whoever_finds_no_room_stands_with_the_next_household_and_that_is_said() -> None:
    """A way 20 cm wide leads out of the square; two thirds of the street run along it."""
    shape = shapely.box(0, 0, 100, 100) | shapely.box(90, 50, 300, 50.2)
    report = SourceReport("households", "counts.csv")
    roads = network(street((0, 50.1), (300, 50.1)))
    homes = place({0: count(300, 300)}, [Area("", "町", degrees(shape))], roads, report=report)
    spots, times = np.unique(xy(homes).round(3), axis=0, return_counts=True)
    assert spots[times.argmax()][0] > 95
    assert sum(report.noted.values()) == times.max() - 1
    assert 190 < times.max() < 210


def test_nobody_lives_in_a_river_on_a_bridge_or_across_the_river_from_their_street() -> None:
    roads = network(
        street((0, 50), (1000, 50)),
        street((500, 50), (500, 400), flags=int(StreetFlag.BRIDGE)),
        street((700, 400), (700, 50), flags=int(StreetFlag.TUNNEL)),
    )
    brook, ditch = shapely.box(-50, 53, 1050, 250), shapely.box(-50, 43.5, 1050, 45.5)
    homes = place(
        {0: count(500, 900)}, [box(0, 0, 1000, 400)], roads, rivers=[degrees(brook), degrees(ditch)]
    )
    y = xy(homes)[:, 1]
    assert ((y > 45.49) & (y < 53.01)).all()


def test_an_area_without_residential_streets_uses_all_of_its_streets_and_says_so() -> None:
    report = SourceReport("households", "counts.csv")
    roads = network(street((0, 50), (400, 50), home=False))
    homes = place({0: count(40, 80, "本町")}, [box(0, 0, 400, 100)], roads, report=report)
    assert np.abs(xy(homes)[:, 1] - 50).max() <= FARTHEST_M + 0.01
    (said,) = report.noted
    assert said.endswith("too few residential ones, of 本町")
    assert report.noted[said] == 40


def test_a_short_lane_does_not_house_a_whole_estate() -> None:
    roads = network(street((0, 50), (400, 50), home=False), street((200, 50), (200, 60)))
    most = int(10 / LEAST_STREET_M)
    few = place({0: count(most - 1, most)}, [box(0, 0, 400, 100)], roads)
    many = place({0: count(most + 1, most + 1)}, [box(0, 0, 400, 100)], roads)
    assert np.ptp(xy(few)[:, 0]) < 30
    assert np.ptp(xy(many)[:, 0]) > 350


def test_an_area_without_streets_houses_all_at_a_point_inside_it_and_says_so() -> None:
    report = SourceReport("households", "counts.csv")
    crescent = shapely.box(0, 0, 100, 100) - shapely.box(10, 10, 100, 90)
    areas = [Area("1", "山", degrees(crescent)), QUARTERS[1]]
    homes = place(
        {0: count(7, 9, "山"), 1: count(3, 3)},
        areas,
        network(street((600, 50), (900, 50))),
        report=report,
    )
    assert len(np.unique(homes.lonlat[:7], axis=0)) == 1
    assert shapely.contains_xy(areas[0].geometry, homes.lonlat[:7]).all()
    assert report.noted == {"households at one point, without any street, of 山": 7}


def test_areas_without_households_and_cities_without_counts_are_empty() -> None:
    homes = place({1: count(0, 0), 3: count(5, 9)}, QUARTERS, GRID)
    assert homes.area.tolist() == [3] * 5
    nobody = place({}, QUARTERS, GRID)
    assert nobody.lonlat.shape == (0, 2)
    assert len(nobody) == 0


def test_a_strip_too_narrow_for_any_home_still_houses_its_people_inside() -> None:
    strip = box(0, 50, 500, 50.2)
    report = SourceReport("households", "counts.csv")
    homes = place({0: count(9, 9)}, [strip], network(street((0, 50.1), (500, 50.1))), report=report)
    assert shapely.contains_xy(strip.geometry, homes.lonlat).all()
    assert sum(report.noted.values()) == 9


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 300)), min_size=1, max_size=4))
def test_persons_are_dealt_exactly_with_at_least_one_to_a_household(
    given_counts: list[tuple[int, int]],
) -> None:
    counts = {row: count(h, p) for row, (h, p) in enumerate(given_counts)}
    report = SourceReport("households", "counts.csv")
    homes = place(counts, QUARTERS, GRID, report=report)
    assert (homes.persons >= 1).all()
    for row, (households, persons) in enumerate(given_counts):
        dealt = homes.persons[homes.area == row]
        assert len(dealt) == households
        if persons >= households > 0:
            assert dealt.sum() == persons
            assert np.ptp(dealt) <= 1
        elif households or persons:
            assert any(
                "more than counted" in said or "without a household" in said
                for said in report.noted
            )


SPOTS = st.tuples(st.integers(0, 1000), st.integers(0, 1000))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(SPOTS, min_size=2, max_size=6, unique=True),
    st.lists(st.tuples(SPOTS, SPOTS, st.booleans()), min_size=1, max_size=8),
    st.lists(st.tuples(SPOTS, SPOTS), max_size=2),
)
def test_wherever_streets_and_rivers_run_homes_stand_in_their_area_beside_a_street(
    middles: list[tuple[int, int]],
    roads: list[tuple[tuple[int, int], tuple[int, int], bool]],
    rivers: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    cells = shapely.voronoi_polygons(
        shapely.MultiPoint(middles), extend_to=shapely.box(0, 0, 1000, 1000)
    )
    areas = [Area("", "町", degrees(cell)) for cell in shapely.get_parts(cells)]
    streets = network(*(street(a, b, home=home) for a, b, home in roads))
    water = [degrees(shapely.LineString(ends).buffer(15)) for ends in rivers]
    homes = place({row: count(30, 70) for row in range(len(areas))}, areas, streets, rivers=water)
    shapes = [shapely.LineString([a, b]) for a, b, _ in roads]
    away_m = np.asarray(shapely.distance(shapely.points(xy(homes)), shapely.union_all(shapes)))
    river = shapely.union_all(water)
    for row, area in enumerate(areas):
        mine = homes.area == row
        assert mine.sum() == 30
        assert shapely.contains_xy(area.geometry, homes.lonlat[mine]).all()
        assert not shapely.contains_xy(river, homes.lonlat[mine]).any()
        dry = area.geometry - river
        if any(shapely.length(dry & degrees(shape)) > 1e-6 for shape in shapes):
            assert away_m[mine].max() <= FARTHEST_M + 0.1


def test_placing_twice_gives_the_same_bytes() -> None:
    counts = {row: count(500, 1100) for row in range(4)}
    river = [degrees(shapely.box(200, -10, 230, 1010))]
    first, second = (place(counts, QUARTERS, GRID, rivers=river) for _ in range(2))
    for name in Households.__slots__:
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()
    kinds = [getattr(first, name).dtype.name for name in Households.__slots__]
    assert kinds == ["float64", "int16", "int32"]


def test_a_large_city_is_placed_in_seconds() -> None:
    """280,000 households, 40,000 streets, 196 areas: 0.4 s on two cores."""
    side = 140
    roads = network(
        *(
            street((x * 50, y * 50), (x * 50 + 25, y * 50 + 5), (x * 50 + 50, y * 50))
            for x in range(side)
            for y in range(side)
        ),
        *(
            street((x * 50, y * 50), (x * 50, y * 50 + 50))
            for x in range(side)
            for y in range(side)
        ),
    )
    areas = [box(x, y, x + 500, y + 500) for x in range(0, 7000, 500) for y in range(0, 7000, 500)]
    counts = {row: count(280_000 // len(areas), 600_000 // len(areas)) for row in range(len(areas))}
    began = time.process_time()
    homes = place(counts, areas, roads)
    assert time.process_time() - began < 3
    assert len(homes) > 279_000


def test_counts_are_read_under_the_names_that_municipalities_use(tmp_path: Path) -> None:
    text = '町丁名,世帯数,総数,男,女\n本町一丁目,"1,832",２９８９,1,2\n本町二丁目,0,0,0,0\n'
    rows, report = counted(tmp_path, text)
    assert rows == [
        ChomeCount("本町一丁目", 1832, 2989, None, 2),
        ChomeCount("本町二丁目", 0, 0, None, 3),
    ]
    assert (report.read, report.kept, dict(report.repaired)) == (2, 2, {})


def test_a_name_in_two_columns_is_one_name_and_positions_are_taken(tmp_path: Path) -> None:
    text = "大字・町名,字・丁目名,世帯数,人口,緯度,経度\n本町,一丁目,10,20,35.1,139.2\n北,,1,2,,\n"
    rows, _ = counted(tmp_path, text)
    assert [row.name for row in rows] == ["本町一丁目", "北"]
    assert [row.position for row in rows] == [Position(35.1, 139.2), None]


def test_totals_are_no_area(tmp_path: Path) -> None:
    rows, report = counted(tmp_path, "町名,世帯数,人口\n本町,10,20\n総　数,10,20\n合計,10,20\n")
    assert [row.name for row in rows] == ["本町"]
    assert report.dropped == {"a total, not a 町丁目": 2}


@pytest.mark.parametrize(
    "cell", ["-1", "1.5", "…", "***", "", "1,83", "1e3", "1_000", "９.５", "²", "十"]
)
def test_a_cell_that_is_no_whole_number_breaks_its_row_alone(tmp_path: Path, cell: str) -> None:
    good = "".join(f"町{row},10,20\n" for row in range(20))
    rows, report = counted(tmp_path, f'町名,世帯数,人口\n{good}本町,"{cell}",20\n')
    assert len(rows) == 20
    assert sum(report.dropped.values()) == 1
    assert report.spots[0].row == "row 22"
    assert report.spots[0].why.startswith("column '世帯数' is ")


@pytest.mark.parametrize("cell", ["X", "x", "Ｘ"])
def test_a_secret_count_is_left_out_and_refuses_nothing(tmp_path: Path, cell: str) -> None:
    rows, report = counted(tmp_path, f"町名,世帯数,人口\n本町,{cell},{cell}\n北町,10,20\n")
    assert [row.name for row in rows] == ["北町"]
    assert report.dropped == {"kept secret by the statistics (X)": 1}
    assert report.spots[0].row == "row 2"


@pytest.mark.parametrize("cell", ["-", "－", "‐"])
def test_a_dash_is_none(tmp_path: Path, cell: str) -> None:
    rows, report = counted(tmp_path, f"町名,世帯数,人口\n本町,{cell},{cell}\n北町,10,20\n")
    assert [(row.name, row.households, row.persons) for row in rows] == [
        ("本町", 0, 0),
        ("北町", 10, 20),
    ]
    assert not report.dropped


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",10,20,35,139", "column '町丁目' is empty"),
        ("本町,10,20,139.1,35.1", "'緯度' and '経度' are no position"),
        ("本町,10,20,35.1,", "'緯度' and '経度' are no position"),
        ("本町,10,20,nan,139", "'緯度' and '経度' are no position"),
        ("本町,900000,900000,35,139", "too many"),
        ("本町,1,99999,35,139", "too many"),
    ],
)
def test_counts_that_cannot_be_are_refused(tmp_path: Path, row: str, words: str) -> None:
    with pytest.raises(BrokenSource, match=f"row 2: .*{words}.* — "):
        counted(tmp_path, f"町名,世帯数,人口,緯度,経度\n{row}\n")


def test_unlikely_counts_are_taken_and_remarked_on(tmp_path: Path) -> None:
    rows, report = counted(tmp_path, "町名,世帯数,人口\n寮,2,50\n空,9,3\n本町,10,20\n")
    assert len(rows) == 3
    assert report.noted == {
        "fewer persons than households: 空": 1,
        "over 20 persons to a household: 寮": 1,
    }


def test_points_are_read_from_csv_and_geojson_alike(tmp_path: Path) -> None:
    table = csv(tmp_path, "name,lat,lon,persons\n誰か,35.1,139.2,3\n,35.2,139.3,30\n")
    features = [
        {
            "type": "Feature",
            "properties": {"persons": persons, "name": "誰か"},
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
        }
        for lat, lon, persons in ((35.1, 139.2, 3), (35.2, 139.3, 30))
    ]
    drawn = tmp_path / "homes.geojson"
    drawn.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    for path in (table, drawn):
        report = SourceReport("households", path.name)
        lonlat, persons, rows = read_points(path, report)
        assert rows.tolist() == ([2, 3] if path is table else [1, 2])
        assert lonlat.tolist() == [[139.2, 35.1], [139.3, 35.2]]
        assert (persons.dtype.name, persons.tolist()) == ("int16", [3, 30])
        assert (report.read, report.kept, sum(report.noted.values())) == (2, 2, 1)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("35.123456,139.654321,0", "persons"),
        ("35.123456,139.654321,-1", "persons"),
        ("35.123456,139.654321,2.5", "persons"),
        ("35.123456,139.654321,40000", "persons"),
        ("35.123456,139.654321,35.123456", "persons"),
        ("139.654321,35.123456,2", "no position"),
        ("35.123456北,139.654321,2", "no position"),
        ("35.123456,139.654321", "cells under"),
    ],
)
def test_what_is_said_of_a_broken_home_never_says_where_it_is(
    tmp_path: Path, row: str, words: str
) -> None:
    good = "".join(f"35.{n},139.{n},2\n" for n in range(10, 30))
    path = csv(tmp_path, f"lat,lon,persons\n{good}{row}\n")
    report = SourceReport("households", path.name)
    assert len(read_points(path, report)[1]) == 20
    told = json.dumps(report.as_dict(), ensure_ascii=False) + "\n".join(report.lines())
    assert words in told
    assert "row 22" in told
    assert "123456" not in told
    assert "654321" not in told
    assert (report.spots[0].lon, report.spots[0].lat) == (None, None)
    with pytest.raises(BrokenSource) as refused:
        read_points(csv(tmp_path, f"lat,lon,persons\n{row}\n"), SourceReport("households", "x"))
    assert "123456" not in str(refused.value)


@pytest.mark.parametrize(
    "feature",
    [
        None,
        {},
        {"geometry": None, "properties": {"persons": 2}},
        {"geometry": {"type": "Point", "coordinates": []}, "properties": {"persons": 2}},
        {"geometry": {"type": "Point", "coordinates": ["a", 123456]}, "properties": {"persons": 2}},
        {"geometry": {"type": "Point", "coordinates": [139, 35]}, "properties": {}},
        {"geometry": {"type": "Point", "coordinates": [139, 35]}, "properties": {"persons": True}},
        {
            "geometry": {"type": "MultiPoint", "coordinates": [139, 35]},
            "properties": {"persons": 1},
        },
    ],
)
def test_a_broken_point_of_geojson_is_refused_with_its_row(tmp_path: Path, feature: object) -> None:
    path = tmp_path / "homes.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    with pytest.raises(BrokenSource, match=r"homes\.geojson, row 1: .* — write") as refused:
        read_points(path, SourceReport("households", path.name))
    assert "123456" not in str(refused.value)


def test_households_at_points_live_in_the_first_area_that_covers_them() -> None:
    areas = [box(0, 0, 100, 100), box(50, 0, 200, 100)]
    lonlat = METRES.lonlat(np.array([[75.0, 50.0], [150, 50], [500, 50], [10, 10]]) + ORIGIN)
    homes = located(lonlat, np.ones(4, np.int16), areas)
    assert homes.area.tolist() == [0, 1, NO_AREA, 0]
    assert located(lonlat, np.ones(4, np.int16), []).area.tolist() == [NO_AREA] * 4


def joined(counts: Sequence[str], areas: Sequence[str]) -> tuple[dict[int, str], SourceReport]:
    report = SourceReport("households", "counts.csv")
    given = [count(row, row, name, row) for row, name in enumerate(counts, start=2)]
    shapes = [box(0, 0, 1, 1, name) for name in areas]
    return {row: one.name for row, one in join_counts(given, shapes, report).items()}, report


def test_counts_are_joined_to_areas_by_folded_name() -> None:
    pairs, report = joined(["絹ヶ丘1丁目", "大字山田"], ["山田", "絹ケ丘一丁目"])
    assert pairs == {0: "大字山田", 1: "絹ヶ丘1丁目"}
    assert not report.dropped
    assert not report.noted


def test_counts_without_an_area_and_areas_without_a_count_are_listed() -> None:
    pairs, report = joined(["本町", "幻町"], ["本町", "山"])
    assert pairs == {0: "本町"}
    assert [spot.row for spot in report.spots] == ["row 3 幻町"]
    assert report.noted == {"areas without a count, nobody is placed there: 山": 1}


@pytest.mark.parametrize(
    ("counts", "areas"),
    [
        (["絹ヶ丘"], ["絹ケ丘", "絹が丘"]),
        (["絹ヶ丘"], ["絹ヶ丘", "絹ケ丘"]),
        (["絹ヶ丘", "絹ケ丘"], ["絹が丘"]),
        (["本町", "本町"], ["本町"]),
        (["本町"], ["本町", "本町"]),
        (["本町", "本町"], ["本町", "本町"]),
    ],
)
def test_what_could_belong_to_two_is_joined_to_neither(counts: list[str], areas: list[str]) -> None:
    pairs, report = joined(counts, areas)
    assert pairs == {}
    assert all("doubtful" in why for why in report.dropped)
    assert sum(report.dropped.values()) == len(counts)
    assert sum(report.noted.values()) == len(areas)
    assert report.spots[0].row.startswith(f"row 2 {counts[0]} (")
    assert f"{areas[0]} {areas[0]}" in report.spots[0].row


def test_two_that_fold_to_one_name_are_joined_where_both_are_written_alike() -> None:
    pairs, report = joined(["大字中山", "中山"], ["中山", "大字中山"])
    assert pairs == {0: "中山", 1: "大字中山"}
    assert not report.dropped


@pytest.mark.skipif(not COUNTS.is_file(), reason=f"{COUNTS.name} is not beside this checkout")
def test_the_counts_of_a_real_city_are_read_whole() -> None:
    report = SourceReport("households", COUNTS.name)
    rows = read_counts(COUNTS, report)
    assert len(rows) == report.read == report.kept == 199
    assert sum(row.households for row in rows) == 284_931
    assert sum(row.persons for row in rows) == 559_083
    assert all(row.position for row in rows)
