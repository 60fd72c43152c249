"""Facilities of people who need care, as cities list them."""

import json
from pathlib import Path

import pytest

from data.errors import BrokenSource
from data.readers.facilities import read_facilities_csv, read_facilities_geojson
from data.report import SourceReport

HEADER = "施設名,種別,所在地,緯度,経度,電話,定員\n"
HOME = "川岸の家,特別養護老人ホーム,川岸町2,35.6500,139.3300,０４２-000-0001,84人\n"


def read(folder: Path, rows: str, header: str = HEADER) -> tuple[list[object], SourceReport]:
    path, report = folder / "facilities.csv", SourceReport("facilities", "facilities.csv")
    path.write_text(header + rows, encoding="utf-8")
    return list(read_facilities_csv(path, report)), report


def test_a_facility_has_its_number_and_its_persons_however_they_are_written(
    tmp_path: Path,
) -> None:
    (one,), report = read(tmp_path, HOME)
    assert (one.name, one.phone, one.persons) == ("川岸の家", "042-000-0001", 84)  # type: ignore[attr-defined]
    assert (report.kept, report.noted) == (1, {})


def test_what_a_list_does_not_say_is_unknown_and_never_nought(tmp_path: Path) -> None:
    (one,), report = read(tmp_path, "川岸の家,,川岸町2,35.65,139.33,,\n")
    assert one.persons is None  # type: ignore[attr-defined]
    assert one.phone == ""  # type: ignore[attr-defined]
    assert sum(report.noted.values()) == 1


def test_a_facility_keeps_its_id_in_the_next_list(tmp_path: Path) -> None:
    (before,), _ = read(tmp_path, HOME)
    (after,), _ = read(tmp_path, HOME.replace("84人", "90").replace("35.6500", "35.6501"))
    assert before.id == after.id  # type: ignore[attr-defined]


def test_a_facility_that_is_there_twice_is_listed_and_called_once(tmp_path: Path) -> None:
    rows = HOME * 2 + "".join(HOME.replace("川岸の家", f"家{n}") for n in range(20))
    found, report = read(tmp_path, rows)
    assert len(found) == 21
    assert sum(report.dropped.values()) == 1


def test_persons_that_are_no_number_keep_the_row_out(tmp_path: Path) -> None:
    rows = HOME.replace("84人", "たくさん") + "".join(
        HOME.replace("川岸の家", f"家{n}") for n in range(20)
    )
    found, report = read(tmp_path, rows)
    assert len(found) == 20
    assert "たくさん" in next(iter(report.dropped))


def test_points_are_read_as_rows_are(tmp_path: Path) -> None:
    path, report = tmp_path / "facilities.geojson", SourceReport("facilities", "")
    point = {"type": "Point", "coordinates": [139.33, 35.65]}
    said = {"施設名": "川岸の家", "種別": "保育所", "住所": "川岸町2", "電話番号": None, "人数": 30}
    feature = {"type": "Feature", "geometry": point, "properties": said}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    (one,) = read_facilities_geojson(path, report)
    assert (one.name, one.persons, one.phone) == ("川岸の家", 30, "")
    assert (one.position.lat, one.position.lon) == (35.65, 139.33)


def test_a_list_without_its_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenSource, match="施設名"):
        read(tmp_path, "a,b\n", "x,y\n")
