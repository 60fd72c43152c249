"""Snapshots of 川の水位情報, whole and broken."""

import json
from collections import Counter
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest

from city.position import Position
from data.errors import BrokenSource
from data.readers.riverfile import RiverRow, read_river_file
from hazards import readings as words
from hazards.gauge import Gauge
from hazards.readings import Reading
from hazards.waterstate import water_state

RIVER = (Path(__file__).parents[4] / "shared/data/river").resolve()
ROW: dict[str, Any] = {
    "code": "1",
    "name": "大橋",
    "obsTime": "2026-06-03T02:10:00+09:00",
    "level": 4.2,
    "latitude": 35.6,
    "longitude": 139.3,
}
needs_river = pytest.mark.skipif(not RIVER.is_dir(), reason=f"no real snapshots in {RIVER}")


def read(folder: Path, *rows: Any) -> tuple[list[RiverRow], list[str]]:
    path = folder / "river.json"
    path.write_text(json.dumps({"items": rows}, ensure_ascii=False), "utf-8")
    return read_river_file(path)


def test_a_row_is_read_by_its_own_names(tmp_path: Path) -> None:
    at = datetime.fromisoformat("2026-06-03T02:10:00+09:00")
    rows, faults = read(tmp_path, ROW, ROW | {"latitude": None, "level": 4})
    assert rows == [
        RiverRow("1", "大橋", at, 4.2, Position(35.6, 139.3)),
        RiverRow("1", "大橋", at, 4.0, None),
    ]
    assert not faults


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"level": None}, "欠測"),
        ({"level": "4.2"}, "no number"),
        ({"level": True}, "no number"),
        ({"obsTime": "2026-06-03T02:10:00"}, "no offset"),
        ({"obsTime": "yesterday"}, "no ISO 8601"),
        ({"obsTime": None}, "no ISO 8601"),
        ({"code": ""}, "code is missing"),
        ({"name": "大\n橋"}, "name is missing"),
        ({"latitude": 135.6, "longitude": 35.6}, "逆"),
        ({"latitude": "x"}, "degrees"),
    ],
    ids=str,
)
def test_a_row_that_cannot_be_used_is_listed_and_stops_no_other(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    rows, faults = read(tmp_path, ROW, ROW | change, ROW)
    assert len(rows) == 2
    assert faults[0].startswith("row 2: ")
    assert said in faults[0]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"items": 1}', b'{"item": []}', b"\xff{"])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "river.json"
    path.write_bytes(content)
    with pytest.raises(BrokenSource):
        read_river_file(path)


@needs_river
def test_the_snapshots_of_a_real_storm_are_read_whole() -> None:
    files = sorted(RIVER.glob("*.json"))
    found = {file: read_river_file(file) for file in files}
    assert sum(len(rows) for rows, _ in found.values()) == 3073
    assert not any(faults for _, faults in found.values())
    assert all(row.position for rows, _ in found.values() for row in rows)


@needs_river
def test_of_a_real_storm_only_old_values_and_one_broken_gauge_are_set_aside_at_once() -> None:
    aside: Counter[str] = Counter()
    impossible = set()
    for file in sorted(RIVER.glob("*.json")):
        content = json.loads(file.read_bytes())
        received = datetime.fromisoformat(content["generatedAt"])
        for item, row in zip(content["items"], read_river_file(file)[0], strict=True):
            gauge = _gauge(item, row)
            if gauge is None:
                continue
            reading = Reading(row.measured_at, row.level_m, received)
            (judged,) = water_state(gauge, [reading]).judged
            aside[judged.reason] += 1
            if "あり得ない" in judged.reason or not _is_possible(gauge, reading):
                impossible.add(row.name)
    assert impossible == {"留萌川KP22.6右岸"}
    assert set(aside) <= {"", words.UNMOVED, words.TOO_LATE}
    assert aside[words.TOO_LATE] > 100


@needs_river
def test_a_real_gauge_that_stood_still_through_the_storm_is_set_aside() -> None:
    rows, levels = [], {}
    for file in sorted(RIVER.glob("*.json")):
        received = datetime.fromisoformat(json.loads(file.read_bytes())["generatedAt"])
        items = json.loads(file.read_bytes())["items"]
        for item, row in zip(items, read_river_file(file)[0], strict=True):
            rows.append((row.code, row, received))
            levels[row.code] = item, row
    stuck = set()
    for code, group in groupby(sorted(rows, key=lambda one: one[0]), key=lambda one: one[0]):
        gauge = _gauge(*levels[code])
        if gauge is None:
            continue
        readings = [Reading(row.measured_at, row.level_m, at) for _, row, at in group]
        state = water_state(gauge, readings)
        assert not any("急に" in one.reason for one in state.judged), gauge.name
        if sum(one.reason == words.STAYED for one in state.judged) > 3:
            stuck.add(gauge.name)
    assert "雄川０．４ｋ田篠" in stuck


def _gauge(item: dict[str, Any], row: RiverRow) -> Gauge | None:
    """A gauge with the levels that the snapshot says; one has levels that do not rise."""
    assert row.position is not None
    levels = item["startLevel"], None, None, item["warnLevel"], item["fladLevel"]
    named = [level for level in levels if level is not None]
    if any(upper <= lower for lower, upper in pairwise(named)):
        return None
    return Gauge(row.name, row.name, row.position, *levels)


def _is_possible(gauge: Gauge, reading: Reading) -> bool:
    soon = Reading(reading.measured_at, reading.level_m, reading.measured_at + timedelta(minutes=5))
    (judged,) = water_state(gauge, [soon]).judged
    return "あり得ない" not in judged.reason
