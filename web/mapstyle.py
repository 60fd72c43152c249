"""The style of the map that moves, for MapLibre: the layers and colours of the SVG maps.

Colours are the names of the page's own CSS variables; the page's script puts their values in. Texts
are images (`name|…`) that the script draws with the phone's fonts: no glyph server is asked.
"""

from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from hazards.zone import DEPTH_LAYERS, RED, ZoneLayer

Layer = dict[str, Any]

WAVES: Final = "place|≈"
"""A sign as a pattern, where water is forecast: told apart without its colour."""
HATCHES: Final = {"depth": "hatch-could", "yellow": "hatch-yellow", "red": "hatch-slide"}
LEGEND: Final = (
    ("way", "進む道"),
    ("second", "2番目の道"),
    ("observed", "いま水がある"),
    ("closed", "通行止め"),
    ("depth", "浸水の想定"),
    ("forecast", "時間ごとの浸水の想定"),
    ("collapse", "家が倒れるおそれ"),
    ("yellow", "土砂災害警戒"),
    ("red", "土砂災害特別警戒"),
    ("site", "施設（目印）"),
)
"""Swatches (of `moving.css`) and words; the script leaves out what is not on the map."""

_WATER: Final = ["in", ["get", "layer"], ["literal", [str(layer) for layer in DEPTH_LAYERS]]]
_FORECAST: Final = ["in", ["get", "assumed"], ["literal", [False, 0]]]
_COLLAPSE: Final = ["==", ["get", "layer"], str(ZoneLayer.COLLAPSE)]
_SLIDE: Final = ["==", ["get", "layer"], str(ZoneLayer.LANDSLIDE)]
_RED: Final = ["==", ["get", "rank"], RED]
_WHOLE_WAY: Final = ["==", ["get", "kind"], "way"]
_SECOND: Final = ["==", ["get", "kind"], "second"]


def map_style(
    bounds: tuple[float, float, float, float], observed: list[Layer], closed: list[Layer]
) -> dict[str, Any]:
    """Tiles of the ground inside `bounds` (degrees), and GeoJSON features of what is so now.

    The source `question` is empty: the page's script puts in the way, which is never asked for.
    """
    return {
        "version": 8,
        "sources": {
            "city": {
                "type": "vector",
                "tiles": ["city://{z}/{x}/{y}"],
                "minzoom": 9,
                "maxzoom": 14,
                "bounds": bounds,
            },
            "observed": _features(observed),
            "closed": _features(closed),
            "question": _features([]),
        },
        "layers": [
            {"id": "land", "type": "background", "paint": {"background-color": "--land"}},
            *_zones(),
            *_waters(),
            *_streets(),
            *_borders(),
            *_now(),
            *_names(),
            *_way(),
            *_marks(),
        ],
    }


def feature(geometry: BaseGeometry, **properties: str) -> Layer:
    """A GeoJSON feature of a geometry in degrees."""
    shape = geometry.__geo_interface__
    return {"type": "Feature", "properties": properties, "geometry": shape}


def _features(found: list[Layer]) -> Layer:
    return {"type": "geojson", "data": {"type": "FeatureCollection", "features": found}}


def _city(name: str, kind: str, source: str, **more: Any) -> Layer:
    return {"id": name, "type": kind, "source": "city", "source-layer": source, **more}


def _by_zoom(*stops: float) -> list[Any]:
    return ["interpolate", ["exponential", 1.6], ["zoom"], *stops]


def _hatched(name: str, where: list[Any]) -> Layer:
    return _city(name, "fill", "zones", filter=where, paint={"fill-pattern": HATCHES[name]})


def _zones() -> list[Layer]:
    return [
        _hatched("depth", ["all", _WATER, ["!", _FORECAST]]),
        *_forecast(),
        _hatched("yellow", ["all", _SLIDE, ["!", _RED]]),
        _hatched("red", ["all", _SLIDE, _RED]),
    ]


def _forecast() -> list[Layer]:
    where = ["all", _WATER, _FORECAST]
    tint = {"fill-color": "--could", "fill-opacity": 0.5}
    return [
        _city("forecast", "fill", "zones", filter=where, paint=tint),
        _city("forecast-waves", "fill", "zones", filter=where, paint={"fill-pattern": WAVES}),
    ]


def _waters() -> list[Layer]:
    streams = {"line-color": "--river", "line-width": _by_zoom(10, 1, 18, 14)}
    lines = ["==", ["geometry-type"], "LineString"]
    return [
        _city("rivers", "fill", "water", filter=["!", lines], paint={"fill-color": "--river"}),
        _city("streams", "line", "water", filter=lines, paint=streams),
    ]


def _streets() -> list[Layer]:
    round_ends = {"line-cap": "round", "line-join": "round"}
    edge = {"line-color": "--rim", "line-width": _by_zoom(10, 0.8, 12.5, 1.2, 14, 3, 18, 16)}
    # Farther out only the rims are drawn: white in white would show no street at all.
    road = {"line-color": "--road", "line-width": _by_zoom(10, 0, 12.5, 0, 14, 2, 18, 12)}
    stairs = {"line-color": "--rim", "line-width": _by_zoom(14, 1, 18, 8)}
    stairs["line-dasharray"] = [0.3, 0.3]
    steps = ["==", ["get", "class"], "steps"]
    return [
        _city("road-edges", "line", "roads", layout=round_ends, paint=edge),
        _city("roads", "line", "roads", layout=round_ends, paint=road),
        _city("steps", "line", "roads", minzoom=14, filter=steps, paint=stairs),
    ]


def _borders() -> list[Layer]:
    torn = {"line-color": "--slide", "line-width": 1.5, "line-dasharray": [3, 2]}
    area = {"line-color": "--edge", "line-width": 1, "line-opacity": 0.6, "line-dasharray": [4, 3]}
    return [
        _city("areas", "line", "areas", paint=area),
        # Farther out its dashes on both banks would paint a river red.
        _city("collapse", "line", "zones", minzoom=12, filter=_COLLAPSE, paint=torn),
    ]


def _now() -> list[Layer]:
    rim = {"line-color": "--case", "line-width": 1}
    shut = {"line-color": "--red", "line-width": _by_zoom(10, 2, 18, 10)}
    return [
        {
            "id": "observed",
            "type": "fill",
            "source": "observed",
            "paint": {"fill-color": "--is"},
        },
        {"id": "observed-rim", "type": "line", "source": "observed", "paint": rim},
        {"id": "closed", "type": "line", "source": "closed", "paint": shut},
        {
            "id": "closed-signs",
            "type": "symbol",
            "source": "closed",
            "layout": {
                "symbol-placement": "line-center",
                "icon-image": "closed",
                "icon-allow-overlap": True,
                "icon-rotation-alignment": "viewport",
            },
        },
    ]


def _line(name: str, where: list[Any], colour: str, width: float, **more: Any) -> Layer:
    return {
        "id": name,
        "type": "line",
        "source": "question",
        "filter": where,
        "layout": {"line-cap": "round", "line-join": "round"},
        "paint": {"line-color": colour, "line-width": width, **more},
    }


def _way() -> list[Layer]:
    dots = {"line-dasharray": [0.1, 1.8]}
    return [
        _line("second-case", _SECOND, "--case", 7),
        _line("second", _SECOND, "--action", 4, **dots),
        _line("way-case", _WHOLE_WAY, "--case", 10),
        _line("way", _WHOLE_WAY, "--action", 6),
    ]


def _text(kind: str) -> list[Any]:
    return ["concat", f"{kind}|", ["get", "name"]]


def _names() -> list[Layer]:
    """The later a layer stands, the sooner its texts are placed."""
    along = {
        "symbol-placement": "line-center",
        "icon-image": _text("street"),
        "icon-keep-upright": True,
        # A turned text keeps free the room that it would take if it were not turned.
        "icon-padding": 24,
    }
    below = {"icon-anchor": "top", "icon-offset": [0, 7]}
    named = ["has", "name"]
    dots = {"icon-image": "site", "icon-allow-overlap": True}
    places = {"icon-image": _text("place"), **below}
    wide = {"icon-image": _text("area"), "icon-padding": 6}
    return [
        _city("street-names", "symbol", "roads", minzoom=14, filter=named, layout=along),
        _city("area-names", "symbol", "area_names", minzoom=11, filter=named, layout=wide),
        _city("sites", "symbol", "sites", minzoom=11, layout=dots),
        _city("site-names", "symbol", "sites", minzoom=13, filter=named, layout=places),
    ]


def _marks() -> list[Layer]:
    always = {"icon-allow-overlap": True, "icon-ignore-placement": True}
    return [
        {
            "id": "marks",
            "type": "symbol",
            "source": "question",
            "filter": ["==", ["geometry-type"], "Point"],
            "layout": {"icon-image": ["get", "kind"], **always},
        }
    ]
