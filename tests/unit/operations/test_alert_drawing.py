"""A polygon as somebody drew it: read, or refused with words."""

from typing import Any

import pytest

from alerts.errors import NotFit
from operations.alerts.drawing import MOST_POINTS, drawn

RING = [[139.0, 35.0], [139.1, 35.0], [139.1, 35.1], [139.0, 35.0]]


def polygon(ring: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [RING if ring is None else ring], **more}


def replaced(lon: float, lat: float) -> dict[str, Any]:
    return polygon([RING[0], [lon, lat], *RING[2:]])


def named(crs: object) -> dict[str, Any]:
    return {"type": "name", "properties": {"name": crs}}


def test_heights_are_dropped() -> None:
    shape = drawn(polygon([[*point, 12.5] for point in RING]))
    assert not shape.has_z
    assert shape.equals(drawn(polygon()))


def test_a_feature_is_its_geometry() -> None:
    feature = {"type": "Feature", "properties": {}, "geometry": polygon()}
    assert drawn(feature).equals(drawn(polygon()))


@pytest.mark.parametrize("crs", ["EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84"])
def test_the_one_reference_system_may_be_named(crs: str) -> None:
    assert drawn(polygon(crs=named(crs))).equals(drawn(polygon()))


@pytest.mark.parametrize("crs", [named("EPSG:6677"), named(4326), named(None), "EPSG:4326", {}])
def test_another_reference_system_is_refused(crs: object) -> None:
    for given in (
        polygon(crs=crs),
        {"type": "Feature", "properties": {}, "geometry": polygon(), "crs": crs},
        {"type": "Feature", "properties": {}, "geometry": polygon(crs=crs)},
    ):
        with pytest.raises(NotFit, match="WGS84"):
            drawn(given)


@pytest.mark.parametrize(
    ("lon", "lat"), [(180.5, 35), (139, -90.5), (1e300, 35), (-1e300, 1e300), (139, 1e300)]
)
def test_coordinates_of_no_place_are_refused(lon: float, lat: float) -> None:
    with pytest.raises(NotFit, match="範囲の外"):
        drawn(replaced(lon, lat))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), "x", None])
def test_what_is_no_number_is_refused(number: Any) -> None:
    with pytest.raises(NotFit):
        drawn(replaced(number, 35))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, "読めません"),
        ([1, 2], "読めません"),
        ({"type": "Feature", "properties": {}, "geometry": None}, "形がありません"),
        ({"type": "FeatureCollection", "features": []}, "面で描いて"),
        ({"type": "Point", "coordinates": [139, 35]}, "面で描いて"),
        ({"type": "Polygon", "coordinates": []}, "面で描いて"),
        ({"type": "Circle"}, "読めません"),
        (polygon([RING[0], RING[1], RING[0], RING[0]]), "交わって"),
        (polygon([RING[0]] * (MOST_POINTS + 1)), "点は"),
    ],
)
def test_what_is_no_polygon_is_refused_with_words(given: object, words: str) -> None:
    with pytest.raises(NotFit, match=words):
        drawn(given)
