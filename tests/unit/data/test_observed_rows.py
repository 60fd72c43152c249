"""Rows of 現地報告 that cannot be: refused alone, with the reason and what to do."""

import pytest

from data.readers.observedrow import MOST_ROWS
from tests.unit.data.observedfiles import (
    LAT,
    LON,
    a_csv,
    a_geojson,
    a_gpx,
    a_kml,
    a_placemark,
    only,
    rows,
    told,
)


def test_a_line_of_too_many_points_is_refused_alone() -> None:
    point = f'<trkpt lat="{LAT}" lon="{LON}"/>'
    track = f"<trk><name>冠水</name><trkseg>{point * 3_000}</trkseg></trk>"
    mark = f'<wpt lat="{LAT}" lon="{LON}"><name>冠水</name></wpt>'
    first, second = rows(a_gpx(track + mark))
    assert "頂点が3,000" in first.refused
    assert second.draft is not None


def test_more_rows_than_an_evening_brings_are_refused() -> None:
    line = f"{LAT},{LON},冠水,2026/11/28 02:10,,"
    assert len(rows(a_csv(*[line] * MOST_ROWS))) == MOST_ROWS
    assert "件より多く" in told(a_csv(*[line] * (MOST_ROWS + 1)))
    corners = ",".join([f"[{LON},{LAT}]"] * (MOST_ROWS + 1))
    many = f'{{"type":"MultiPoint","coordinates":[{corners}]}}'
    assert f"形が{MOST_ROWS}より多く" in only(a_geojson(many)).refused


def test_many_lines_are_too_many_vertices() -> None:
    corners = " ".join(f"{LON + n / 1e6},{LAT}" for n in range(2_000))
    line = f"<LineString><coordinates>{corners}</coordinates></LineString>"
    assert "頂点が60,000" in told(a_kml(*[a_placemark(shape=line)] * 31))


@pytest.mark.parametrize(
    ("lat", "lon", "why"),
    [
        ("0", "0", "0,0"),
        ("0.0001", "-0.0002", "0,0"),
        (str(LON), str(LAT), "緯度と経度が逆"),
        ("-9123.4", "51234.5", "度ではありません"),
        ("NaN", "NaN", "数ではありません"),
        ("inf", "135", "数ではありません"),
        ("1e400", "135", "数ではありません"),
        ("2_9.6", "135", "数ではありません"),
        ("35度12分", "139", "数ではありません"),
        ("", "", "ありません"),
    ],
)
def test_a_place_that_cannot_be_is_refused(lat: str, lon: str, why: str) -> None:
    row = only(a_csv(f"{lat},{lon},冠水,2026/11/28 02:10,,"))
    assert row.draft is None
    assert why in row.refused
    assert row.remedy


@pytest.mark.parametrize(
    "geometry",
    [
        "null",
        '{"type":"Point","coordinates":["NaN","NaN"]}',
        '{"type":"Point","coordinates":[null,null]}',
        '{"type":"Point","coordinates":[]}',
        '{"type":"Circle","coordinates":[135.4,29.6]}',
        '{"type":"Polygon","coordinates":[[[135,29],[136,29]]]}',
        '{"type":"GeometryCollection","geometries":[]}',
        "7",
    ],
)
def test_a_shape_that_is_none_is_refused_alone(geometry: str) -> None:
    row = only(a_geojson(geometry))
    assert row.draft is None
    assert row.refused
    assert row.remedy


def test_a_bow_tie_is_refused() -> None:
    west, east, south, north = LON, LON + 0.001, LAT, LAT + 0.001
    ring = [[west, south], [east, north], [east, south], [west, north], [west, south]]
    row = only(a_geojson(f'{{"type":"Polygon","coordinates":[{ring}]}}', kind="冠水"))
    assert row.draft is None
    assert "交わって" in row.refused


def test_a_shape_wider_than_a_city_is_refused() -> None:
    ring = "[-170,-80],[170,-80],[170,80],[-170,80],[-170,-80]"
    far = f'{{"type":"LineString","coordinates":[[{LON},{LAT}],[{LON + 2},{LAT}]]}}'
    for geometry in (f'{{"type":"Polygon","coordinates":[[{ring}]]}}', far):
        row = only(a_geojson(geometry, kind="冠水"))
        assert row.draft is None
        assert row.refused


def test_a_track_with_one_point_nowhere_is_refused() -> None:
    points = f'<trkpt lat="{LAT}" lon="{LON}"/><trkpt lat="0" lon="0"/>'
    row = only(a_gpx(f"<trk><name>冠水</name><trkseg>{points}</trkseg></trk>"))
    assert "0,0" in row.refused


def test_a_row_in_another_encoding_or_of_other_length_is_refused_alone() -> None:
    good = f"{LAT},{LON},冠水,2026/11/28 02:10,ひざ,\n"
    header = "緯度,経度,種別,日時,内容,誤差\n"
    data = (header + good + good).encode() + good.encode("cp932") + b"35,139\n" + good.encode()
    found = rows(data)
    assert [row.label for row in found] == ["2", "3", "4", "5", "6"]
    assert [bool(row.draft) for row in found] == [True, True, False, False, True]
    assert "文字コード" in found[2].refused
    assert "セルが2" in found[3].refused


def test_a_quotation_mark_that_never_closes_eats_no_other_row() -> None:
    good = f"{LAT},{LON},冠水,2026/11/28 02:10,,"
    found = rows(a_csv(f'{LAT},{LON},冠水,2026/11/28 02:10,"ひざ,', *[good] * 60))
    assert "引用符" in found[0].refused
    assert sum(row.draft is not None for row in found) == 60
