"""Gauges and the levels at which somebody acts."""

import json
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from city.position import Position
from data.errors import BrokenSource
from data.readers.gauges import read_gauges
from data.report import SourceReport
from hazards.errors import HazardError
from hazards.gauge import Gauge
from tests.integration.small_city import write_features

RIVER = (Path(__file__).parents[4] / "shared/data/river").resolve()
AT: dict[str, Any] = {"type": "Point", "coordinates": [139.3, 35.6]}
Features: TypeAlias = list[tuple[dict[str, Any] | None, dict[str, Any]]]
HERE = Position(35.6, 139.3)


def gauge(**more: Any) -> dict[str, Any]:
    return {"name": "大橋", "river": "浅瀬川", "startLevel": 1.0, "fladLevel": 3.5, **more}


def read(folder: Path, *rows: dict[str, Any], at: Any = AT) -> tuple[list[Gauge], SourceReport]:
    path = write_features(folder / "gauges.geojson", [(at, row) for row in rows])
    report = SourceReport("gauges", path.name)
    return read_gauges(path, report), report


def test_levels_are_read_by_either_name(tmp_path: Path) -> None:
    japanese = {
        "水防団待機水位": "1.0",
        "氾濫注意水位": 2,
        "避難判断水位": 3.0,
        "氾濫危険水位": "3.5",
    }
    found, report = read(
        tmp_path, gauge(warnLevel=2.5), {"name": "小橋", "river": "浅瀬川", **japanese}
    )
    assert found == [
        Gauge("大橋", "浅瀬川", HERE, 1.0, None, None, 2.5, 3.5),
        Gauge("小橋", "浅瀬川", HERE, 1.0, 2.0, 3.0, 3.5),
    ]
    assert (report.read, report.kept) == (2, 2)
    assert not report.noted


def test_a_level_that_is_not_set_is_unknown(tmp_path: Path) -> None:
    (found,), report = read(tmp_path, gauge(warnLevel=None, startLevel="", fladLevel=-2.5))
    assert found.levels_m() == [-2.5]
    (found,), report = read(tmp_path, gauge(fladLevel=None))
    assert (found.standby_m, found.overflow_m) == (1.0, None)
    assert sum(report.noted.values()) == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": ""}, "column 'name' is missing or empty"),
        ({"river": None}, "column 'river' is missing or empty"),
        ({"warnLevel": 4.0}, "levels do not rise: 1.0, 4.0, 3.5"),
        ({"warnLevel": 3.5}, "levels do not rise: 1.0, 3.5, 3.5"),
        ({"fladLevel": 0.5}, "levels do not rise: 1.0, 0.5"),
        ({"fladLevel": "3.5m"}, "column 'fladLevel' is '3.5m', no number"),
        ({"fladLevel": "nan"}, "column 'fladLevel' is 'nan', no number"),
        ({"fladLevel": True}, "column 'fladLevel' is 'True', no number"),
        ({"fladLevel": None, "startLevel": None}, "no level at which anybody acts"),
    ],
)
def test_a_gauge_that_cannot_be_used_is_refused_with_row_column_and_remedy(
    tmp_path: Path, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(BrokenSource) as refused:
        read(tmp_path, gauge(**more))
    said = str(refused.value)
    assert said.startswith("gauges.geojson, row 1: ")
    assert words in said
    assert " — " in said


def test_one_broken_gauge_of_many_is_listed_and_left_out(tmp_path: Path) -> None:
    good = [gauge(name=f"橋{n}") for n in range(20)]
    found, report = read(tmp_path, *good, gauge(warnLevel=9), gauge(name="橋3"))
    assert len(found) == report.kept == 20
    assert [(spot.row, spot.lon, spot.lat) for spot in report.spots] == [
        ("row 21", 139.3, 35.6),
        ("row 22", 139.3, 35.6),
    ]


def test_a_gauge_is_a_point(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[139.3, 35.6], [139.4, 35.6]]}
    with pytest.raises(BrokenSource, match="Point expected, not LineString"):
        read(tmp_path, gauge(), at=line)
    with pytest.raises(BrokenSource, match="no gauge in it"):
        read(tmp_path)


def test_levels_of_a_gauge_rise() -> None:
    assert Gauge("大橋", "浅瀬川", HERE, danger_m=300.5).levels_m() == [300.5]
    with pytest.raises(HazardError, match="do not rise"):
        Gauge("大橋", "浅瀬川", HERE, caution_m=2, evacuation_m=1)
    with pytest.raises(HazardError, match="no level"):
        Gauge("大橋", "浅瀬川", HERE)


@pytest.mark.skipif(not RIVER.is_dir(), reason=f"{RIVER} is absent: no gauges of a real storm")
def test_gauges_of_a_real_storm_are_read_but_for_those_whose_levels_fall(tmp_path: Path) -> None:
    falling = 0
    for snapshot in sorted(RIVER.glob("*.json")):
        items = json.loads(snapshot.read_text("utf-8"))["items"]
        points: Features = [
            ({"type": "Point", "coordinates": [item["longitude"], item["latitude"]]}, item)
            for item in items
        ]
        path = write_features(tmp_path / snapshot.with_suffix(".geojson").name, points)
        report = SourceReport("gauges", path.name)
        found = read_gauges(path, report)
        rising = [
            item
            for item in items
            if not item["warnLevel"] or item["startLevel"] < item["warnLevel"] < item["fladLevel"]
        ]
        falling += len(items) - len(rising)
        assert report.read == len(items)
        assert [one.overflow_m for one in found] == [item["fladLevel"] for item in rising]
        assert sum(report.dropped.values()) == len(items) - len(rising)
    assert falling == 1
