"""Sites, shelters and welfare shelters from every format that is published for them."""

import csv
import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from city.position import Position
from data.errors import BrokenSource
from data.readers.digital import (
    ADDRESS,
    ALSO,
    CAPACITY,
    CODE,
    FLAGS,
    read_shelters_digital,
    read_sites_digital,
    read_welfare_digital,
)
from data.readers.gsi import COLUMNS, FOR_ALL, FOR_SOME, read_shelters, read_sites, read_welfare
from data.readers.gsi_csv import read_shelters_csv, read_sites_csv, read_welfare_csv
from data.readers.places import ALSO_SITE
from data.report import SourceReport
from hazards.kinds import HazardKind
from shelters.capacity import NOT_STATED, Capacity
from shelters.place import EvacuationSite, Shelter, WelfareShelter

Row: TypeAlias = dict[str, str]
Reader: TypeAlias = Callable[[Path, SourceReport], list[Any]]

GSI: Row = {
    **{"NO": "1", "共通ID": "E1", "都道府県名及び市町村名": "架空町", "施設・場所名": "北小学校"},
    **{"住所": "北町1-2", "緯度": "29.61", "経度": "135.41", "受入対象者": ""},
    **dict.fromkeys([*COLUMNS, ALSO_SITE], ""),
    **{"洪水": "1", "備考": "想定収容人数：地震（屋外）3828人、風水害（屋内）2117人"},
}
DIGITAL: Row = {
    **{CODE: "099902", "ID": "7", "地方公共団体名": "架空町", "名称": "北小学校"},
    **{"名称_カナ": "キタショウガッコウ", "名称_英字": "", ADDRESS: "北町1-2"},
    **{"緯度": "29.61", "経度": "135.41", **dict.fromkeys([*FLAGS, ALSO], "")},
    **{"災害種別_洪水": "1", "指定避難所との重複": "1", CAPACITY: "120", "備考": "2階以上"},
}
AT = Position(29.61, 135.41)
FLOOD = frozenset({HazardKind.FLOOD})
BOTH = Capacity(storm_indoor=2117, quake_outdoor=3828)
GSI_READERS = (read_sites_csv, read_shelters_csv)
DIGITAL_READERS = (read_sites_digital, read_shelters_digital, read_welfare_digital)
EVERY = [(GSI, reader) for reader in GSI_READERS] + [(DIGITAL, r) for r in DIGITAL_READERS]


def written(folder: Path, rows: list[Row], encoding: str = "utf-8") -> Path:
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    path = folder / "places.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def many(row: Row, count: int) -> list[Row]:
    """So many places in a row, each with its own id and position."""
    key = "共通ID" if "共通ID" in row else "ID"
    return [row | {key: f"E{n}", "緯度": f"{29.5 + n / 10_000}"} for n in range(count)]


def features(folder: Path, rows: list[dict[str, Any]]) -> Path:
    """GSI GeoJSON of rows, whose 緯度 and 経度 become the geometry."""
    found = [
        {
            "type": "Feature",
            "properties": {k: v for k, v in row.items() if k not in {"緯度", "経度"}},
            "geometry": {
                "type": "Point",
                "coordinates": [float(row["経度"]), float(row["緯度"])],
            },
        }
        for row in rows
    ]
    path = folder / "places.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": found}), "utf-8")
    return path


def read(reader: Reader, path: Path) -> tuple[list[Any], SourceReport]:
    report = SourceReport("places", path.name)
    return reader(path, report), report


def told(reader: Reader, path: Path) -> str:
    with pytest.raises(BrokenSource) as refused:
        reader(path, SourceReport("places", path.name))
    said = str(refused.value)
    assert said.startswith(path.name)
    assert "—" in said, f"says nothing of what to do: {said}"
    return said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_the_gsis_csv_says_what_its_geojson_says(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, [GSI], encoding)
    geojson = features(tmp_path, [GSI])
    note = GSI["備考"]
    site = EvacuationSite("E1", "北小学校", AT, "北町1-2", FLOOD, note, BOTH)
    assert read(read_sites_csv, path)[0] == read(read_sites, geojson)[0] == [site]
    shelter = Shelter("E1", "北小学校", AT, "北町1-2", False, note, BOTH)
    assert read(read_shelters_csv, path)[0] == read(read_shelters, geojson)[0] == [shelter]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_the_digital_agencys_csv(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, [DIGITAL | {ALSO: "1"}], encoding)
    name, key, holds = "北小学校", "099902-7", Capacity(unspecified=120)
    assert read(read_sites_digital, path)[0] == [
        EvacuationSite(key, name, AT, "北町1-2", FLOOD, "2階以上", holds)
    ]
    assert read(read_shelters_digital, path)[0] == [
        Shelter(key, name, AT, "北町1-2", True, "2階以上", holds)
    ]
    assert read(read_welfare_digital, path)[0] == [
        WelfareShelter(key, name, AT, "北町1-2", "2階以上", holds)
    ]


@pytest.mark.parametrize(
    "renamed",
    [
        {CODE: "都道府県コード又は市区町村コード", "ID": "NO", ADDRESS: "住所"},
        {CODE: "市区町村コード", "ID": "ＮＯ", "名称": "施設名", "緯度": "緯 度"},
        {column: column.replace("_", "＿") for column in FLAGS},
        {CAPACITY: "想定収容人数（人）", "災害種別_大規模な火事": "災害種別_大規模火事"},
        {column: column.removeprefix("災害種別_") for column in FLAGS},
        {"災害種別_崖崩れ、土石流及び地滑り": "災害種別_土砂災害"},
    ],
)
def test_each_edition_of_the_digital_agencys_columns_is_read(
    tmp_path: Path, renamed: dict[str, str]
) -> None:
    row = DIGITAL | dict.fromkeys(FLAGS, "1")
    (as_now,), _ = read(read_sites_digital, written(tmp_path, [row]))
    other = {renamed.get(column, column): cell for column, cell in row.items()}
    (as_then,), _ = read(read_sites_digital, written(tmp_path, [other]))
    assert as_then == as_now
    assert as_now.designated_for == frozenset(HazardKind)


def test_a_later_edition_with_both_codes_and_the_address_in_parts(tmp_path: Path) -> None:
    parts = {"所在地_都道府県": "架空県", "所在地_市区町村": "架空町", "所在地_町字": "北町"}
    row = DIGITAL | {ADDRESS: "", "市区町村コード": "1", **parts, "所在地_番地以下": "1-2"}
    (site,), _ = read(read_sites_digital, written(tmp_path, [row]))
    assert (site.id, site.address) == ("099902-7", "架空県架空町北町1-2")


def test_a_code_without_its_zero_is_the_same_id(tmp_path: Path) -> None:
    """Spreadsheets take it away: the site would lose what was said of it."""
    (site,), _ = read(read_sites_digital, written(tmp_path, [DIGITAL | {CODE: "99902"}]))
    assert site.id == "099902-7"


def test_a_common_id_is_the_id(tmp_path: Path) -> None:
    row = DIGITAL | {"共通ID": "E9990200001201", CODE: "", "ID": ""}
    (site,), _ = read(read_sites_digital, written(tmp_path, [row]))
    assert site.id == "E9990200001201"


@pytest.mark.parametrize("flag", ["1", "○", "◯", "〇"])
@pytest.mark.parametrize("column", FLAGS)
def test_a_site_suits_exactly_the_hazards_flagged(tmp_path: Path, flag: str, column: str) -> None:
    for no in ("", "0", "×", "－"):
        row = DIGITAL | dict.fromkeys(FLAGS, no) | {column: flag}
        (site,), _ = read(read_sites_digital, written(tmp_path, [row]))
        assert site.designated_for == {FLAGS[column]}


@pytest.mark.parametrize("flag", ["△", "2", "2階以上", "済", "true"])
@pytest.mark.parametrize(
    ("row", "reader", "column"),
    [(GSI, read_sites_csv, "洪水"), (DIGITAL, read_sites_digital, "災害種別_洪水")],
)
def test_a_flag_that_is_neither_yes_nor_no_breaks_its_row(
    tmp_path: Path, row: Row, reader: Reader, column: str, flag: str
) -> None:
    rows = many(row, 20)
    rows[4] |= {column: flag}
    sites, report = read(reader, written(tmp_path, rows))
    assert len(sites) == report.kept == 19
    ((why, count),) = report.dropped.items()
    assert why.startswith(f"column '{column}' is '")
    assert [spot.row for spot in report.spots if spot.word == "dropped"] == ["row 6"]
    assert count == 1


@pytest.mark.parametrize(
    ("lat", "lon", "words"),
    [
        ("", "135.41", "column '緯度' is empty"),
        ("29.61", "", "column '経度' is empty"),
        ("135.41", "29.61", "columns '緯度' and '経度' are swapped"),
        ("0", "0", "columns '緯度' and '経度' are of no city"),
        ("29.61", "0", "columns '緯度' and '経度' are of no city"),
        ("nan", "135.41", "columns '緯度' and '経度' are of no city"),
        ("inf", "135.41", "columns '緯度' and '経度' are of no city"),
        ("-35870.1", "-9120.4", "columns '緯度' and '経度' are of no city"),
        ("北緯29度", "東経135度", "columns '緯度' and '経度' are no numbers of degrees"),
        ("29,61", "135,41", "columns '緯度' and '経度' are no numbers of degrees"),
    ],
)
@pytest.mark.parametrize(("row", "reader"), EVERY)
def test_a_place_that_is_nowhere_is_kept_out_and_listed(
    tmp_path: Path, row: Row, reader: Reader, lat: str, lon: str, words: str
) -> None:
    rows = many(row, 20)
    rows[7] |= {"緯度": lat, "経度": lon}
    places, report = read(reader, written(tmp_path, rows))
    assert (report.read, report.kept, len(places)) == (20, 19, 19)
    ((why, _),) = report.dropped.items()
    assert why.startswith(words)
    assert [spot.row for spot in report.spots if spot.why == why] == ["row 9"]


@pytest.mark.parametrize(("lat", "lon"), [("135.41", "29.61"), ("0", "0"), ("29.61", "0")])
@pytest.mark.parametrize("reader", [read_sites, read_shelters])
def test_a_feature_that_is_nowhere_is_kept_out_and_listed(
    tmp_path: Path, reader: Reader, lat: str, lon: str
) -> None:
    rows = many(GSI, 20)
    rows[7] |= {"緯度": lat, "経度": lon}
    places, report = read(reader, features(tmp_path, rows))
    assert (report.read, report.kept, len(places)) == (20, 19, 19)
    assert [spot.row for spot in report.spots if spot.word == "dropped"] == ["row 8"]


@pytest.mark.parametrize(("row", "reader"), [*EVERY, (GSI, read_sites), (GSI, read_shelters)])
def test_half_of_the_rows_broken_is_another_file(tmp_path: Path, row: Row, reader: Reader) -> None:
    rows = many(row, 20)
    for broken in rows[::2]:
        broken |= {"緯度": "0"}
    write = features if reader in {read_sites, read_shelters} else written
    assert "10 of 20 rows are broken" in told(reader, write(tmp_path, rows))


@pytest.mark.parametrize(("row", "reader"), EVERY)
def test_one_broken_row_of_ten_thousand_is_kept_out_in_a_second(
    tmp_path: Path, row: Row, reader: Reader
) -> None:
    rows = many(row, 10_000)
    rows[6_000] |= {"経度": "?"}
    path = written(tmp_path, rows)
    began = time.perf_counter()
    places, report = read(reader, path)
    assert time.perf_counter() - began < 5, "0.3 s on an idle machine"
    assert (len(places), report.read, sum(report.dropped.values())) == (9_999, 10_000, 1)
    assert [spot.row for spot in report.spots if spot.word == "dropped"] == ["row 6002"]


@pytest.mark.parametrize(("row", "reader"), EVERY)
def test_a_missing_column_is_named_beside_those_there_are(
    tmp_path: Path, row: Row, reader: Reader
) -> None:
    path = written(tmp_path, [{k: v for k, v in row.items() if k != "経度"}])
    assert "row 1: column '経度' is missing (there are: " in told(reader, path)


@pytest.mark.parametrize("column", [*COLUMNS, "共通ID", "施設・場所名", "住所"])
def test_a_missing_column_of_the_gsi_is_named(tmp_path: Path, column: str) -> None:
    path = written(tmp_path, [{k: v for k, v in GSI.items() if k != column}])
    assert f"column '{column}' is missing" in told(read_sites_csv, path)


@pytest.mark.parametrize("column", [*FLAGS, CODE, "ID", "名称"])
def test_a_missing_column_of_the_digital_agency_is_named(tmp_path: Path, column: str) -> None:
    """A hazard whose column is not known would be designated for nobody, in silence."""
    path = written(tmp_path, [{k: v for k, v in DIGITAL.items() if k != column}])
    assert f"column '{column}' is missing" in told(read_sites_digital, path)


@pytest.mark.parametrize(("row", "reader"), EVERY)
def test_a_row_that_is_there_twice_is_dropped(tmp_path: Path, row: Row, reader: Reader) -> None:
    rows = many(row, 3)
    places, report = read(reader, written(tmp_path, [*rows, rows[1]]))
    assert len(places) == report.kept == 3
    ((why, _),) = report.dropped.items()
    assert why.startswith("the same row twice: ")


@pytest.mark.parametrize(
    "other", [{"施設・場所名": "南公園"}, {"経度": "135.5"}, {"地震": "1"}, {"洪水": ""}]
)
def test_of_two_sites_of_one_id_neither_is_taken(tmp_path: Path, other: Row) -> None:
    """Either could be the one that is not safe: nobody is sent to the other's name."""
    rows = many(GSI, 20)
    for reader, write in ((read_sites_csv, written), (read_sites, features)):
        sites, report = read(reader, write(tmp_path, [*rows, rows[3] | other]))
        assert [site.id for site in sites] == [f"E{n}" for n in range(20) if n != 3]
        assert (report.read, report.kept, sum(report.dropped.values())) == (21, 19, 2)


def test_the_sites_that_are_not_taken_are_listed_in_the_files_order(tmp_path: Path) -> None:
    """Not in that of Python's hashes, which is another one in each process."""
    rows = many(GSI, 120)
    others = [row | {"施設・場所名": "南公園"} for row in rows[10:0:-1]]
    _, report = read(read_sites_csv, written(tmp_path, [*rows, *others]))
    last = [spot.row for spot in report.spots if spot.word == "dropped"][-10:]
    assert last == [f"row {row}" for row in range(12, 2, -1)]


def test_one_site_with_two_notes_is_taken_as_it_stands_first(tmp_path: Path) -> None:
    rows = many(GSI, 20)
    path = written(tmp_path, [*rows, rows[3] | {"備考": "2階以上"}])
    sites, report = read(read_sites_csv, path)
    assert (len(sites), sites[3].note, sites[3].capacity) == (20, GSI["備考"], BOTH)
    assert sum(report.dropped.values()) == 1


def test_a_city_without_a_single_site_is_refused(tmp_path: Path) -> None:
    """Also where the only id is two places', of which neither is taken."""
    nothing = [dict.fromkeys(GSI, "")]
    assert "a header, and no row below it" in told(read_sites_csv, written(tmp_path, nothing))
    twice = written(tmp_path, [GSI, GSI | {"施設・場所名": "南公園"}])
    assert "is 'E1' as in a row before" in told(read_sites_csv, twice)
    geojson = features(tmp_path, [])
    assert "no site in it: nobody would have a destination" in told(read_sites, geojson)


@pytest.mark.parametrize(("row", "reader"), [(GSI, read_sites_csv), (DIGITAL, read_sites_digital)])
def test_sites_for_no_hazard_are_counted(tmp_path: Path, row: Row, reader: Reader) -> None:
    rows = many(row, 4)
    rows[3] |= {"洪水": "", "災害種別_洪水": ""}
    rows = [{k: r[k] for k in row} for r in rows]
    sites, report = read(reader, written(tmp_path, rows))
    assert len(sites) == 4
    assert report.noted == {"designated for no hazard: never a destination": 1}


def test_a_capacity_that_is_vague_is_listed_and_its_place_kept(tmp_path: Path) -> None:
    path = written(tmp_path, [DIGITAL | {CAPACITY: "約500人"}])
    (site,), report = read(read_sites_digital, path)
    assert site.capacity == NOT_STATED
    assert (report.kept, sum(report.repaired.values())) == (1, 1)
    assert report.spots[0].row == "row 2: 約500人"


def test_a_shelter_for_some_is_a_welfare_shelter_and_shown_to_nobody_else(tmp_path: Path) -> None:
    """災害対策基本法施行規則1条の7の2: a 指定福祉避難所 names whom it takes."""
    rows = many(GSI, 3)
    rows[1] |= {"受入対象者": "要配慮者", "備考": ""}
    path, geojson = written(tmp_path, rows), features(tmp_path, rows)
    for reader, file in ((read_shelters_csv, path), (read_shelters, geojson)):
        shelters, report = read(reader, file)
        assert [shelter.id for shelter in shelters] == ["E0", "E2"]
        assert report.dropped == {FOR_SOME: 1}
    for welfare_reader, file in ((read_welfare_csv, path), (read_welfare, geojson)):
        (welfare,), report = read(welfare_reader, file)
        assert (welfare.id, welfare.note) == ("E1", "受入対象者：要配慮者")
        assert (report.read, report.kept) == (3, 1)
        assert report.noted == {FOR_ALL: 2}


def test_a_list_of_shelters_for_everybody_says_why_no_welfare_shelter_is_in_it(
    tmp_path: Path,
) -> None:
    path, geojson = written(tmp_path, many(GSI, 5)), features(tmp_path, many(GSI, 5))
    for reader, file in ((read_welfare_csv, path), (read_welfare, geojson)):
        welfare, report = read(reader, file)
        assert (welfare, report.read, report.kept) == ([], 5, 0)
        assert any("noted 5" in line and "no 福祉避難所" in line for line in report.lines())


@pytest.mark.parametrize("reader", [read_sites_csv, read_shelters_csv, read_sites_digital])
def test_what_the_gsi_answers_without_data_is_told_as_such(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "places.csv"
    path.write_text('{"type":"unavailable","message":"no data"}')
    assert "the GSI has no data" in told(reader, path)


@pytest.mark.parametrize(("row", "reader"), EVERY)
def test_the_order_is_the_files(tmp_path: Path, row: Row, reader: Reader) -> None:
    rows = many(row, 30)[::-1]
    places, _ = read(reader, written(tmp_path, rows))
    latitudes = [place.position.lat for place in places]
    assert latitudes == sorted(latitudes, reverse=True)


def test_a_number_and_a_note_of_storm_capacity_are_both_taken(tmp_path: Path) -> None:
    path = tmp_path / "shelters.csv"
    path.write_text(
        "全国地方公共団体コード,ID,名称,所在地_連結表記,緯度,経度,想定収容人数,備考\n"
        "132012,1,東小学校,東町1,35.66,139.33,500,想定収容人数：風水害（屋内）300人\n",
        "utf-8",
    )
    (shelter,) = read_shelters_digital(path, SourceReport("shelters", ""))
    assert shelter.capacity == Capacity(storm_indoor=300, unspecified=500)
