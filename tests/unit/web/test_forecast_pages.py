"""Water that is forecast on pages and maps: in words, and in a pattern of its own."""

import re
from typing import Any

import pytest
import shapely

from hazards.zone import DEPTH_LAYERS, HazardZone, ZoneKind, ZoneLayer
from routing.guidance import Guidance
from tests.unit.web import ground as grounds
from tests.unit.web.ground import METRES, NOW, asks, box, ground, order, version
from tests.unit.web.test_way_page import page, words
from web.mapstyle import LEGEND, WAVES, map_style
from web.moving import map_now
from web.waymap import way_map

SOUTH = (-50.0, -50.0, 850.0, 250.0)
DOOR = (420.0, 120.0)


def water(rank: int, kind: ZoneKind) -> HazardZone:
    shape = shapely.transform(box(*SOUTH), METRES.lonlat)
    return HazardZone(ZoneLayer.DEPTH, rank, shape, kind)


@pytest.fixture(params=[ZoneKind.ASSUMED, ZoneKind.FORECAST])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ZoneKind:
    """What the only water of the ground is."""
    chosen: ZoneKind = request.param
    monkeypatch.setattr(grounds, "zones", lambda: [water(2, chosen)])
    return chosen


def told(level: int | None = 4) -> Guidance:
    return asks(version(*([order(level)] if level else []), on=ground()), *DOOR)


def test_a_map_draws_assumed_and_forecast_water_apart(kind: ZoneKind) -> None:
    guidance = told()
    assert guidance.first is not None
    layers = way_map(guidance, guidance.first, str).layers
    assert (bool(layers.assumed), bool(layers.forecast)) == (
        kind is ZoneKind.ASSUMED,
        kind is ZoneKind.FORECAST,
    )
    html = page(guidance)
    assert ("</svg>浸水の想定</span>" in html) is (kind is ZoneKind.ASSUMED)
    assert ("</svg>時間ごとの浸水の想定</span>" in html) is (kind is ZoneKind.FORECAST)
    assert ("Flooding assumed by time steps" in page(guidance, "en")) is (kind is ZoneKind.FORECAST)


def test_forecast_water_is_drawn_in_a_pattern_that_differs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grounds, "zones", lambda: [water(2, one) for one in list(ZoneKind)[:2]])
    html = page(told())
    patterns = dict(re.findall(r'<pattern id="(g.)".*?<path class="[hm]-\w+" d="([^"]+)"', html))
    assert patterns["gf"] != patterns["ga"]
    assert len(set(patterns.values())) >= 3
    assert html.count('fill="url(#gf)" clip-path="url(#cf)"') == 1
    assert '<clipPath id="cf">' in html


def test_a_door_and_a_way_in_forecast_water_are_told_so(kind: ZoneKind) -> None:
    guidance = told()
    assert guidance.first is not None
    metres = sum(guidance.first.exposure.values())
    japanese, english = words(page(guidance)), words(page(guidance, "en"))
    forecast = kind is ZoneKind.FORECAST
    assert ("時間ごとの浸水の想定の中です（深さ 0.5〜3 m）。" in japanese) is forecast
    assert ("時間ごとの浸水の想定の中を約" in japanese) is forecast
    assert ("浸水の想定区域を" in japanese) is not forecast
    assert (
        f"About {metres:.0f} m of the way are inside flooding assumed by time steps." in english
    ) is forecast


def test_rule_03_a_door_in_forecast_water_alone_reads_as_in_a_zone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grounds, "zones", lambda: [water(1, ZoneKind.FORECAST)])
    assert "この場所は危険な区域の中です。早めに出るのが安全です。" in words(page(told(None)))
    monkeypatch.setattr(grounds, "zones", list)
    assert "この場所は危険な区域の中です。" not in words(page(told(None)))


# The map that moves


def _drawn(drawing: dict[str, Any], **properties: Any) -> bool:
    return bool(_value(drawing["filter"], properties))


def _value(term: Any, properties: dict[str, Any]) -> Any:
    """The few expressions of MapLibre that a zone's filter is made of."""
    if not isinstance(term, list):
        return term
    name, *rest = term
    if name == "literal":
        return rest[0]
    given = [_value(one, properties) for one in rest]
    if name == "get":
        return properties.get(given[0])
    return {
        "all": lambda: all(given),
        "!": lambda: not given[0],
        "==": lambda: given[0] == given[1],
        "in": lambda: given[0] in given[1],
    }[name]()


@pytest.mark.parametrize("layer", DEPTH_LAYERS)
@pytest.mark.parametrize("assumed", [True, False])
def test_the_map_that_moves_draws_assumed_and_forecast_water_apart(
    layer: ZoneLayer, assumed: bool
) -> None:
    zones = [
        one
        for one in map_style((0, 0, 1, 1), [], [])["layers"]
        if one.get("source-layer") == "zones"
    ]
    drawn = {one["id"]: one for one in zones if _drawn(one, layer=layer, rank=2, assumed=assumed)}
    assert set(drawn) == ({"depth"} if assumed else {"forecast", "forecast-waves"})
    patterns = [one["paint"].get("fill-pattern") for one in drawn.values()]
    assert (WAVES in patterns) is not assumed


def test_the_legend_that_moves_names_forecast_water_where_there_is_some(kind: ZoneKind) -> None:
    now = map_now(version(on=ground()), "", "ja", now=NOW, checked_at=NOW, stale=False)
    names = dict(now["legend"])
    assert ("forecast" in names) is (kind is ZoneKind.FORECAST)
    assert dict(LEGEND)["forecast"] == "時間ごとの浸水の想定"
    assert set(dict(LEGEND)) - set(names) <= {"forecast"}
