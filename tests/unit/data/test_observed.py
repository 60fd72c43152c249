"""Files of 現地報告 in every format: rows become drafts, and whatever is odd is said."""

from datetime import UTC, datetime

import pytest

from hazards.observation import Depth, ObservationKind
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


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-28T02:10+09:00",
        "2026-11-27T17:10:00.000Z",
        "2026/11/28 2:10",
        "２０２６年１１月２８日　２時１０分",
        "2026-11-28T02:10:00",
    ],
)
def test_times_without_an_offset_are_by_the_citys_clocks(text: str) -> None:
    draft = only(a_row(at=text)).draft
    assert draft is not None
    assert draft.seen_at == AT


def test_a_day_and_a_clock_in_two_columns_are_one_time() -> None:
    row = only(a_csv(f"{LAT},{LON},冠水,2026/11/28,2:10", header="緯度,経度,種別,日付,時刻"))
    assert row.draft is not None
    assert row.draft.seen_at == AT


@pytest.mark.parametrize("text", ["2026/11/28", "02:10", "昨夜", "2026/13/28 02:10", "20261128"])
def test_half_a_time_is_refused_with_an_example(text: str) -> None:
    row = only(a_row(at=text))
    assert row.draft is None
    assert row.refused.startswith("日時「")
    assert "2026/11/28 02:10" in row.remedy


def test_what_is_not_told_is_said() -> None:
    row = only(a_row(kind="", at=""))
    assert row.draft is not None
    assert row.draft.kind is ObservationKind.OTHER
    assert row.draft.seen_at is None
    assert [said[:4] for said in row.remarks] == ["種別が書", "日時があ"]


def test_an_unknown_kind_is_other_and_stays_in_the_words() -> None:
    row = only(a_row(kind="陥没"))
    assert row.draft is not None
    assert (row.draft.kind, row.draft.note) == (ObservationKind.OTHER, "陥没")
    assert row.remarks == ("種別「陥没」は知らない語です。「その他」とします",)


def test_a_shut_road_without_a_reason_is_other() -> None:
    row = only(a_row(kind="通行止め"))
    assert row.draft is not None
    assert row.draft.kind is ObservationKind.OTHER
    assert "本部の操作" in row.remarks[0]


@pytest.mark.parametrize(
    ("kind", "note"), [("冠水", "解消しました"), ("冠水なし", ""), ("倒木", "倒木は撤去済み")]
)
def test_what_is_over_is_no_report(kind: str, note: str) -> None:
    row = only(a_row(kind=kind, note=note))
    assert row.draft is None
    assert "解消" in row.refused


def test_a_denial_of_something_else_leaves_the_report() -> None:
    row = only(a_row(kind="倒木", note="冠水なし"))
    assert row.draft is not None


def test_a_drill_is_no_report() -> None:
    row = only(a_row(note="【訓練】"))
    assert row.draft is None
    assert "訓練" in row.refused


@pytest.mark.parametrize("text", ["0", "-5", "NaN", "9999999", "たぶん近く"])
def test_an_error_that_cannot_be_is_unknown(text: str) -> None:
    row = only(a_row(error=text))
    assert row.draft is not None
    assert row.draft.error_m is None
    assert row.remarks == (f"誤差「{text}」は使えません。誤差不明とします",)


def test_a_depth_and_an_address_are_kept() -> None:
    header = "緯度,経度,種別,日時,水深,URL"
    line = f"{LAT},{LON},冠水,2026/11/28 02:10,30cm"
    row = only(a_csv(f"{line},https://example.jp/a", header=header))
    assert row.draft is not None
    assert (row.draft.depth, row.draft.link) == (Depth.KNEE, "https://example.jp/a")
    other = only(a_csv(f"{line},javascript:alert(1)", header=header))
    assert other.draft is not None
    assert other.draft.link == ""
    assert "https://" in other.remarks[0]


def test_a_note_is_one_plain_line_of_bounded_length() -> None:
    row = only(a_row(note="あ" * 300))
    assert row.draft is not None
    assert len(row.draft.note) == 200
    assert "300字" in row.remarks[0]
    hidden = only(a_row(note='"上\u202e下\n左"'))
    assert hidden.draft is not None
    assert hidden.draft.note == "上 下 左"


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


def a_cot(kind: str, how: str = "h-g-i-g-o", detail: str = "", ce: str = "9999999.0") -> str:
    """An event as tablets write it."""
    return (
        f"<event version='2.0' uid='a' type='{kind}' how='{how}' start='2026-11-27T17:10:00.000Z'>"
        f"<point lat='{LAT}' lon='{LON}' hae='9999999.0' ce='{ce}' le='9999999.0'/>"
        f"<detail>{detail}</detail></event>"
    )


def test_an_alarm_of_a_tablet_is_somebody_to_rescue() -> None:
    row = only(a_cot("b-a-o-tbl", "h-e", "<emergency type='911 Alert'>SP-1</emergency>", "17.75"))
    assert row.draft is not None
    assert (row.draft.kind, row.draft.error_m) == (ObservationKind.RESCUE, 17.75)


def test_a_drawing_of_a_tablet_is_a_line_or_an_area() -> None:
    corners = [(LAT, LON), (LAT + 0.001, LON), (LAT, LON + 0.001), (LAT, LON)]
    links = [f"<link point='{lat},{lon}'/>" for lat, lon in corners]
    named = "<contact callsign='冠水'/>"
    whole, part = only(a_cot("u-d-f", "h-e", named + "".join(links))), links[:3]
    assert whole.draft is not None
    assert whole.draft.geometry.geom_type == "Polygon"
    opened = only(a_cot("u-d-f", "h-e", named + "".join(part)))
    assert opened.draft is not None
    assert opened.draft.geometry.geom_type == "LineString"


@pytest.mark.parametrize(
    ("kind", "how", "why"),
    [
        ("a-f-G-E-V-C", "m-g", "現在地"),
        ("a-f-A-M-H-Q", "", "現在地"),
        ("b-t-f", "h-g-i-g-o", "チャット"),
        ("b-m-p-s-p-loc", "h-g-i-g-o", "カメラ"),
        ("u-d-c-e", "h-e", "円"),
        ("b-a-o-can", "h-e", "取り消し"),
        ("b-m-r", "h-e", "計画の線"),
    ],
)
def test_what_a_tablet_sends_besides_reports_is_refused(kind: str, how: str, why: str) -> None:
    row = only(a_cot(kind, how))
    assert row.draft is None
    assert why in row.refused
    assert row.remedy
