"""Files of 現地報告 from strangers: refused with the reason and what to do, in little memory."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest

from data.errors import BrokenSource
from data.readers.observed import read_observed
from data.readers.observedrow import MOST_BYTES, MOST_ROWS
from tests.unit.data.observedfiles import (
    LAT,
    LON,
    TOKYO,
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

ENTITY = '<!DOCTYPE kml [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>'
OUTSIDE = '<!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def told(data: bytes | str) -> str:
    """How a whole file is refused."""
    with pytest.raises(BrokenSource) as refused:
        rows(data, "報告.kml")
    said = str(refused.value)
    assert said.startswith("報告.kml")
    assert "—" in said, f"says nothing of what to do: {said}"
    return said


def a_kmz(content: bytes, name: str = "doc.kml", method: int = ZIP_DEFLATED) -> bytes:
    """A KMZ with one file in it."""
    made = BytesIO()
    with ZipFile(made, "w", method) as archive:
        archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize("doctype", [ENTITY, OUTSIDE, "<!DOCTYPE kml>"])
def test_entities_and_doctypes_are_refused(doctype: str) -> None:
    kml = a_kml(a_placemark(name="&b;" if doctype is ENTITY else "x"))
    head, rest = kml.split("?>", 1)
    assert "DOCTYPE" in told(f"{head}?>{doctype}{rest}")


def test_a_network_link_is_refused_and_never_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    def reached(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", reached)
    monkeypatch.setattr("socket.getaddrinfo", reached)
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/a.kml</href></Link></NetworkLink>"
    overlay = "<GroundOverlay><Icon><href>http://127.0.0.1:9/a.png</href></Icon></GroundOverlay>"
    first, second, third = rows(a_kml(link, overlay, a_placemark()))
    assert "NetworkLink" in first.refused
    assert first.remedy
    assert "画像" in second.refused
    assert third.draft is not None


def test_a_kmz_is_read() -> None:
    kml = a_kml(a_placemark()).encode()
    assert only(a_kmz(kml)).draft is not None
    assert only(a_kmz(kml, "files/別名.KML")).draft is not None


def test_a_kmz_that_unpacks_to_far_more_is_refused_whatever_it_says() -> None:
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = b"".join(packed.compress(bytes(1_000_000)) for _ in range(50)) + packed.flush()
    assert len(content) < MOST_BYTES
    assert "大きく" in told(_raw_zip(content, said=50_000_000))
    assert "壊れて" in told(_raw_zip(content, said=20))


def _raw_zip(content: bytes, said: int) -> bytes:
    """A zip that says of itself to be of `said` bytes."""
    name = b"doc.kml"
    sizes = struct.pack("<IIIHH", 0, len(content), said, len(name), 0)
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 33) + sizes + name + content
    entry = b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 33) + sizes
    entry += struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local), 0)
    return local + entry + b"PK\x05\x06" + end


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: a_kmz(b"<a/>", "a.txt"), "KMLの入っていない"),
        (lambda: a_kmz(b"<a/>", "xl/workbook.xml"), "Office"),
        (lambda: a_kmz(a_kml().encode(), method=ZIP_LZMA), "知らない圧縮"),
        (lambda: a_kmz(a_kml(a_placemark()).encode())[:-30], "壊れています"),
        (lambda: b"PK\x03\x04" + bytes(100), "壊れています"),
        (lambda: b"PK\x01\x02" * 2_000, "too many entries"),
    ],
)
def test_other_archives_are_refused(make: Callable[[], bytes], why: str) -> None:
    assert why in told(make())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "空です"),
        (b"\xef\xbb\xbf \n", "空です"),
        (b"MZ\x90\0\x03\0\0\0", "どれでもありません"),
        (b"\x89PNG\r\n\x1a\n\0\0", "どれでもありません"),
        ("緯度,経度\n1,2\n".encode("utf-16"), "UTF-16"),
        ("名称,住所\n役場,北町\n".encode(), "「緯度」の列がありません"),
        (b"lat,kind\n35,fire\n", "「経度」の列がありません"),
        ("緯度,経度\n\n".encode(), "行がありません"),
        (b"<html><body>404</body></html>", "<html>"),
        (b"<kml><Document>", "途中で切れている"),
        (b"<?xml version='1.0' encoding='Shift_JIS'?><kml/>", "文字コード"),
        (b"<?xml version='1.0' encoding='nonsense'?><kml/>", "文字コード"),
        (a_kml().encode(), "目印（Placemark）が一つもありません"),
        (a_gpx("").encode(), "地点が一つもありません"),
        (b'{"type":"FeatureCollection","features":[]}', "地物が一つもありません"),
        (b'{"type":"unavailable"}', "GeoJSONではありません"),
        (b'{"a":1', "JSONではありません"),
        (a_geojson(a_point("1e999")).encode(), "JSONではありません"),
        (b"[" * 100_000, "JSONではありません"),
        (a_geojson(a_point("NaN", "NaN")).encode(), "JSONではありません"),
        (
            b'{"crs":"EPSG:6677","type":"FeatureCollection","features":[1]}',
            "緯度・経度ではありません",
        ),
        (b"<kml>" + b"<a>" * 100 + b"</a>" * 100 + b"</kml>", "深すぎます"),
    ],
)
def test_a_file_that_is_none_says_why(data: bytes, why: str) -> None:
    assert why in told(data)


def test_a_million_points_of_a_track_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    point = f'<trkpt lat="{LAT}" lon="{LON}"/>'
    track = a_gpx(f"<trk><name>冠水</name><trkseg>{point * 1_000_000}</trkseg></trk>")
    monkeypatch.setattr("data.readers.observed.root_of", None)
    assert "大きすぎます" in told(track)


def test_many_small_elements_are_refused_before_they_fill_the_memory() -> None:
    assert "要素が多すぎる" in told(a_gpx("<a/>" * 300_000))


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


def test_a_files_name_is_one_printable_line() -> None:
    with pytest.raises(BrokenSource) as refused:
        read_observed("a\nb\u202e.csv", b"", TOKYO)
    assert "\n" not in str(refused.value)
    assert "\u202e" not in str(refused.value)


def test_a_row_is_what_it_is_whatever_the_name_says() -> None:
    assert rows(a_row(), "a.kml")[0].draft is not None
