"""What lies in another city is refused, or dropped and listed; nobody's home is told of."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.city_rows import CityRows
from data.cityfile import read_city_file
from data.errors import BrokenSource
from data.report import LoadReport, SourceReport
from data.sourcerun import ELSEWHERE, TOO_FAR_UPSTREAM, SourceRun
from data.sources import read_sources
from tests.integration.small_city import SOUTH, WEST, position, rewrite
from tests.integration.whole_city import WELFARE, write_whole_city

FAR = 7.0
"""Degrees: some 700 km."""
POINTS = 'format = "points"\npath = "points.csv"'
COUNTS = 'format = "chome-counts-csv"\npath = "households.csv"'


@pytest.fixture
def whole_city(tmp_path: Path) -> Path:
    return write_whole_city(tmp_path / "whole")


def read(city_file: Path) -> tuple[CityRows, LoadReport]:
    report = LoadReport("")
    return read_sources(read_city_file(city_file), report, lambda _: None), report


def of(report: LoadReport, source: str) -> SourceReport:
    """The first report of a source."""
    return next(one for one in report.sources if one.source == source)


def instead(city_file: Path, old: str, new: str) -> None:
    text = city_file.read_text("utf-8")
    assert old in text
    city_file.write_text(text.replace(old, new), "utf-8")


def moved(geometry: dict[str, Any], degrees: float) -> dict[str, Any]:
    """Every longitude, so many degrees farther west."""

    def shifted(at: Any) -> Any:
        if isinstance(at[0], float | int):
            return [at[0] - degrees, *at[1:]]
        return [shifted(one) for one in at]

    return {**geometry, "coordinates": shifted(geometry["coordinates"])}


def move_all(path: Path, degrees: float = FAR) -> None:
    def change(table: dict[str, Any]) -> None:
        for feature in table["features"]:
            feature["geometry"] = moved(feature["geometry"], degrees)

    rewrite(path, change)


def add_far(path: Path, degrees: float = FAR, **properties: str) -> None:
    """One row more: the first, so many degrees farther west."""

    def change(table: dict[str, Any]) -> None:
        first = table["features"][0]
        table["features"].append(
            {
                **first,
                "geometry": moved(first["geometry"], degrees),
                "properties": first["properties"] | properties,
            }
        )

    rewrite(path, change)


def move_welfare(folder: Path) -> None:
    lat, lon = position(2, 6)
    (folder / "welfare.csv").write_text(WELFARE.format(lat=lat, lon=lon - FAR), "utf-8")


def move_counts(folder: Path) -> None:
    (folder / "households.csv").write_text(
        "町丁目,世帯数,人口,緯度,経度\n北町1丁目,120,250,0,0\n南町二丁目,80,181,0.1,0\n", "utf-8"
    )


@pytest.mark.parametrize(
    ("source", "file", "change"),
    [
        *(
            (name, f"{name}.geojson", lambda folder, n=name: move_all(folder / f"{n}.geojson"))
            for name in ("shelters", "boundary", "gauges", "sites", "areas", "districts")
        ),
        ("welfare shelters", "welfare.csv", move_welfare),
        ("households", "households.csv", move_counts),
    ],
)
def test_a_source_of_another_city_is_refused(
    whole_city: Path, source: str, file: str, change: Callable[[Path], None]
) -> None:
    change(whole_city.parent)
    report = LoadReport("")
    with pytest.raises(BrokenSource, match=f"^{file}: lies wholly outside the road network — "):
        read_sources(read_city_file(whole_city), report, lambda _: None)
    assert [one.source for one in report.refused] == [source]


@pytest.mark.parametrize(
    ("source", "name", "named", "kept"),
    [
        ("sites", "施設・場所名", {"共通ID": "FAR"}, 4),
        ("shelters", "施設・場所名", {"共通ID": "FAR"}, 1),
        ("gauges", "name", {}, 1),
    ],
)
def test_a_single_place_of_another_city_is_dropped_and_listed(
    whole_city: Path, source: str, name: str, named: dict[str, str], kept: int
) -> None:
    add_far(whole_city.parent / f"{source}.geojson", **{name: "遠い所"}, **named)
    rows, report = read(whole_city)
    told = of(report, source)
    (spot,) = (spot for spot in told.spots if spot.word == "dropped")
    assert (spot.row, told.read, told.kept) == ("遠い所", kept + 1, kept)
    assert spot.why == (TOO_FAR_UPSTREAM if source == "gauges" else ELSEWHERE)
    assert len(getattr(rows, source)) == kept


def test_a_gauge_far_upstream_speaks_for_the_citys_river(whole_city: Path) -> None:
    """Water that passes it 30 km away is here hours later."""
    add_far(whole_city.parent / "gauges.geojson", 0.3, name="上流橋")
    rows, report = read(whole_city)
    assert [gauge.name for gauge in rows.gauges] == ["小橋", "上流橋"]
    assert not of(report, "gauges").dropped


def homes(city_file: Path, *rows: str) -> Path:
    instead(city_file, COUNTS, POINTS)
    text = "\n".join(["lat,lon,persons", *rows])
    (city_file.parent / "points.csv").write_text(text, "utf-8")
    return city_file


HERE = [f"{SOUTH + n / 10_000},{WEST + 0.0012345},2" for n in range(5)]


@pytest.mark.parametrize("there", ["0,0,3", "29.6012,12.34567,3", "-45.6,-135.45678,3"])
def test_homes_of_another_city_are_listed_by_their_row_alone(whole_city: Path, there: str) -> None:
    rows, report = read(homes(whole_city, *HERE[:2], there, *HERE[2:], there))
    told = of(report, "households")
    assert (len(rows.households), told.read, told.kept) == (5, 7, 5)
    assert dict(told.dropped) == {ELSEWHERE: 2}
    assert [(s.row, s.lon, s.lat) for s in told.spots] == [
        ("row 4", None, None),
        ("row 8", None, None),
    ]
    said = json.dumps(told.as_dict()) + "".join(told.lines())
    assert not any(part in said for part in ("12.3456", "135.456", "0012345", "29.60"))


def test_homes_that_are_all_elsewhere_are_refused_without_a_place(whole_city: Path) -> None:
    homes(whole_city, "29.6012,12.34567,3", "29.6013,12.34568,3")
    with pytest.raises(BrokenSource, match=r"^points\.csv: lies wholly outside") as refused:
        read(whole_city)
    assert "12.34" not in str(refused.value)


def counted(city_file: Path, south: str) -> Path:
    lat, lon = position(4, 5)
    (city_file.parent / "households.csv").write_text(
        f"町丁目,世帯数,人口,緯度,経度\n北町1丁目,120,250,{lat},{lon}\n南町二丁目,80,181,{south}\n",
        "utf-8",
    )
    return city_file


def test_a_count_at_0_0_makes_no_area_of_half_the_world(whole_city: Path) -> None:
    start, end = '\n[sources.areas]\nformat = "estat-geojson"\npath = "areas.geojson"\n', "\n"
    instead(counted(whole_city, "0,0"), start, end)
    instead(whole_city, '\n[sources.boundary]\nformat = "n03"\npath = "boundary.geojson"\n', "\n")
    rows, report = read(whole_city)
    assert [area.name for area in rows.areas] == ["北町1丁目"]
    assert (
        max(
            np.ptp(np.array(area.geometry.bounds).reshape(2, 2), axis=0).max()
            for area in rows.areas
        )
        < 0.1
    )
    (spot,) = of(report, "households").spots
    assert (spot.word, spot.row) == ("repaired", "row 3")
    placed = report.sources[-1]
    assert (placed.read, placed.kept) == (200, 120)
    assert placed.noted["households of counts that are joined to no area: not placed"] == 80


def test_where_areas_are_published_a_wrong_position_costs_nobody(whole_city: Path) -> None:
    rows, report = read(counted(whole_city, "0,0"))
    assert len(rows.households) == 200
    assert (report.sources[-1].read, report.sources[-1].kept) == (200, 200)
    assert sum(of(report, "households").repaired.values()) == 1


@pytest.mark.parametrize("axis", [0, 1])
def test_a_city_along_one_straight_street_has_surroundings(tmp_path: Path, axis: int) -> None:
    run = SourceRun(LoadReport(""), lambda _: None)
    lonlat = np.full((5, 2), [WEST, SOUTH])
    lonlat[:, axis] += np.arange(5) / 1000
    run.stands_at(lonlat)
    assert run.box is not None
    place, away = run.box.centroid, run.box.centroid.buffer(0.01).envelope.exterior
    assert run.may_be_here([place, away]).all()
    assert run.near([place, away]).all()
    run.lies_here(tmp_path, [place])


def test_where_streets_reach_farther_than_their_junctions_the_city_does_too(
    whole_city: Path,
) -> None:
    """A road of one long bend: 0.3° to the east of its ends, with a site beside the bend."""
    east = WEST + 0.3
    bend = f"LINESTRING ({WEST} {SOUTH}, {east} {SOUTH}, {WEST + 0.001} {SOUTH})"
    path = whole_city.parent / "roads.graphml"
    text = path.read_text("utf-8")
    for ends, line in (('source="1" target="2"', bend), ('source="2" target="1"', None)):
        start = text.index(f"<edge {ends}")
        end = text.index("</edge>", start)
        drawn = line and text[start:end] + f'<data key="geometry">{line}</data></edge>'
        text = text[:start] + (drawn or "") + text[end + len("</edge>") :]
    path.write_text(text, "utf-8")
    add_far(whole_city.parent / "sites.geojson", -0.3, 共通ID="E9")
    rows, report = read(whole_city)
    assert "E9" in [site.id for site in rows.sites]
    assert not of(report, "sites").dropped
