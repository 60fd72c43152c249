"""Files of 現地報告 from strangers: refused with the reason and what to do, in little memory."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest

from data.errors import BrokenSource
from data.readers.observed import read_observed
from data.readers.observedrow import MOST_BYTES
from tests.unit.data.observedfiles import (
    LAT,
    LON,
    TOKYO,
    a_geojson,
    a_gpx,
    a_kml,
    a_placemark,
    a_point,
    a_row,
    only,
    rows,
    told,
)

ENTITY = '<!DOCTYPE kml [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>'
OUTSIDE = '<!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


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


def test_a_files_name_is_one_printable_line() -> None:
    with pytest.raises(BrokenSource) as refused:
        read_observed("a\nb\u202e.csv", b"", TOKYO)
    assert "\n" not in str(refused.value)
    assert "\u202e" not in str(refused.value)


def test_a_row_is_what_it_is_whatever_the_name_says() -> None:
    assert rows(a_row(), "a.kml")[0].draft is not None
