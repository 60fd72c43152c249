"""Files of 現地報告 for tests: the same few rows in every format."""

import json
from zoneinfo import ZoneInfo

import pytest

from data.errors import BrokenSource
from data.readers.observed import read_observed
from data.readers.observedrow import ObservedRow
from tests.integration.small_city import position

TOKYO = ZoneInfo("Asia/Tokyo")
LAT, LON = position(3.2, 4)
KML = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'


def rows(data: bytes | str, name: str = "reports") -> list[ObservedRow]:
    """The rows of a file."""
    given = data.encode() if isinstance(data, str) else data
    return list(read_observed(name, given, TOKYO).rows)


def only(data: bytes | str) -> ObservedRow:
    """The one row of a file."""
    (row,) = rows(data)
    return row


def told(data: bytes | str) -> str:
    """How a whole file is refused."""
    with pytest.raises(BrokenSource) as refused:
        rows(data, "報告.kml")
    said = str(refused.value)
    assert said.startswith("報告.kml")
    assert "—" in said, f"says nothing of what to do: {said}"
    return said


def a_csv(*lines: str, header: str = "緯度,経度,種別,日時,内容,誤差") -> str:
    """A CSV of these lines."""
    return "\n".join([header, *lines]) + "\n"


def a_row(kind: str = "冠水", at: str = "2026/11/28 02:10", note: str = "", error: str = "") -> str:
    """A CSV of one row in the small city."""
    return a_csv(f"{LAT},{LON},{kind},{at},{note},{error}")


def a_kml(*placemarks: str) -> str:
    """A KML of these elements."""
    return f"{KML}{''.join(placemarks)}</Document></kml>"


def a_placemark(inner: str = "", *, name: str = "冠水", shape: str = "") -> str:
    """A placemark in the small city, or with that geometry."""
    there = shape or f"<Point><coordinates>{LON},{LAT},0</coordinates></Point>"
    return f"<Placemark><name>{name}</name>{inner}{there}</Placemark>"


def a_gpx(inner: str) -> str:
    """A GPX of these elements."""
    return f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{inner}</gpx>'


def a_geojson(geometry: str, **properties: str) -> str:
    """A collection of one feature; the geometry is JSON."""
    told = json.dumps(properties, ensure_ascii=False)
    feature = f'{{"type":"Feature","properties":{told},"geometry":{geometry}}}'
    return f'{{"type":"FeatureCollection","features":[{feature}]}}'


def a_point(lon: object = LON, lat: object = LAT) -> str:
    """A point as JSON."""
    return f'{{"type":"Point","coordinates":[{lon},{lat}]}}'
