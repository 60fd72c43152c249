"""Files of 現地報告: every format says the same, and shapes stay what they are."""

from datetime import UTC, datetime

import pytest

from hazards.observation import ObservationKind
from tests.unit.data.observedfiles import (
    LAT,
    LON,
    a_csv,
    a_geojson,
    a_gpx,
    a_kml,
    a_placemark,
    a_point,
    a_row,
    only,
    rows,
)

AT = datetime(2026, 11, 27, 17, 10, tzinfo=UTC)


def in_each_format() -> dict[str, str]:
    """One report: a flooded road at 02:10, within 12 m."""
    told = {"種別": "冠水", "日時": "2026-11-28T02:10+09:00", "内容": "ひざまで", "誤差": "12"}
    more = "".join(f'<Data name="{k}"><value>{v}</value></Data>' for k, v in told.items())
    kml = a_kml(a_placemark(f"<ExtendedData>{more}</ExtendedData>", name=""))
    gpx = (
        f'<wpt lat="{LAT}" lon="{LON}"><time>2026-11-27T17:10:00Z</time><type>冠水</type>'
        "<desc>ひざまで</desc><extensions><accuracy>12</accuracy></extensions></wpt>"
    )
    cot = (
        '<event version="2.0" uid="a" type="b-m-p-s-m" how="h-g-i-g-o"'
        ' time="2026-11-27T17:10:00Z" start="2026-11-27T17:10:00Z" stale="2026-11-28T17:10:00Z">'
        f'<point lat="{LAT}" lon="{LON}" hae="0" ce="12" le="9999999"/>'
        '<detail><contact callsign="冠水"/><remarks>ひざまで</remarks></detail></event>'
    )
    return {
        "CSV": a_row(note="ひざまで", error="12"),
        "GeoJSON": a_geojson(a_point(), **told),
        "KML": kml,
        "GPX": a_gpx(gpx),
        "CoT": cot,
    }


@pytest.mark.parametrize("shape", ["CSV", "GeoJSON", "KML", "GPX", "CoT"])
def test_every_format_says_the_same(shape: str) -> None:
    row = only(in_each_format()[shape])
    assert row.draft is not None, row.refused
    assert row.draft.kind is ObservationKind.ROAD_FLOODED
    assert (row.draft.geometry.x, row.draft.geometry.y) == (LON, LAT)
    assert row.draft.error_m == 12
    assert row.draft.seen_at == AT
    assert row.draft.note.endswith("ひざまで")
    assert row.remarks == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("between", [",", "\t", ";"])
def test_a_csv_of_any_office_is_read(encoding: str, between: str) -> None:
    text = a_row(note="～①髙﨑").replace(",", between)
    row = only(text.encode(encoding))
    assert row.draft is not None
    assert row.draft.note == "～①髙﨑"


def test_english_columns_are_known() -> None:
    header = "Latitude,Longitude,Type,Date_Time,Description,Accuracy (m),Depth"
    line = f"{LAT},{LON},fallen tree,2026-11-28 02:10:00,across the road,8,"
    row = only(a_csv(line, header=header))
    assert row.draft is not None
    assert (row.draft.kind, row.draft.error_m) == (ObservationKind.FALLEN_TREE, 8)
    assert row.draft.seen_at == AT


def test_a_row_of_several_shapes_is_several_reports() -> None:
    shapes = f'{{"type":"MultiPoint","coordinates":[[{LON},{LAT}],[{LON},{LAT + 0.001}]]}}'
    assert [row.label for row in rows(a_geojson(shapes, kind="fire"))] == ["1-1", "1-2"]


def test_lines_and_areas_are_kept_without_heights() -> None:
    line = (
        f"<LineString><coordinates>{LON},{LAT},5 {LON},{LAT + 0.001},5</coordinates></LineString>"
    )
    ring = f"{LON},{LAT} {LON + 0.001},{LAT} {LON},{LAT + 0.001} {LON},{LAT}"
    area = (
        "<Polygon><outerBoundaryIs><LinearRing><coordinates>"
        f"{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
    )
    found = rows(a_kml(a_placemark(shape=line), a_placemark(shape=area)))
    assert [row.draft.geometry.geom_type for row in found if row.draft] == ["LineString", "Polygon"]
    assert not any(row.draft.geometry.has_z for row in found if row.draft)


def test_a_geojson_with_heights_is_flat_afterwards() -> None:
    row = only(a_geojson(f'{{"type":"Point","coordinates":[{LON},{LAT},12.5]}}', kind="fire"))
    assert row.draft is not None
    assert not row.draft.geometry.has_z


def test_a_track_is_a_report_only_where_words_say_of_what() -> None:
    points = "".join(f'<trkpt lat="{LAT + n / 1e4}" lon="{LON}"/>' for n in range(3))
    track = "<trk><name>{}</name><trkseg>" + points + "</trkseg></trk>"
    walked, flooded = rows(a_gpx(track.format("田中班") + track.format("冠水区間")))
    assert walked.draft is None
    assert "通った跡" in walked.refused
    assert flooded.draft is not None
    assert flooded.draft.kind is ObservationKind.ROAD_FLOODED


def test_html_of_a_description_becomes_words() -> None:
    told = '<description><![CDATA[<img src="http://x.example/1.png"/><b>腰まで</b>&amp;]]></description>'
    row = only(a_kml(a_placemark(told)))
    assert row.draft is not None
    assert row.draft.note == "冠水、腰まで &"
    assert row.draft.link == ""


def test_styles_and_pictures_of_elsewhere_are_let_be() -> None:
    style = "<Style><IconStyle><Icon><href>http://x.example/</href></Icon></IconStyle></Style>"
    row = only(a_kml(style, a_placemark("<styleUrl>http://x.example/#a</styleUrl>")))
    assert row.draft is not None
    assert (row.draft.link, row.draft.note) == ("", "冠水")
