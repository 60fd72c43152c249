"""The map that moves: an option of a page, loaded only when its button is pressed.

Nothing about who asked is requested: the way is in the page already, the rest is the whole city's.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from routing.roads import Floats
from routing.version import PlanVersion
from web.assets import address
from web.clock import Clock
from web.language import spoken, translator
from web.mapstyle import LEGEND, feature, map_style
from web.style import source_hash

Bounds = tuple[float, float, float, float]
NOW: Final = "/map/now.json"
FINE_M: Final = 1.0
"""Metres by which the drawn edge of seen water may miss: less than a pixel of any screen."""
FINE: Final = 1e5
"""Steps to a degree that a way is written with: about a metre."""

_FILE = Path(__file__).parent / "static" / "moving.js"
MOVING_SCRIPT: Final = "".join(line.strip() for line in _FILE.read_text("utf-8").splitlines())
MOVING_HASH: Final = source_hash(MOVING_SCRIPT)
_WORDS: Final = {
    "title": "動く地図",
    "closer": "大きくする",
    "farther": "小さくする",
    "back": "もとの場所へ",
    "close": "動く地図を閉じる",
    "press": "いまいる所を押してください。",
    "keys": "矢印キーで動き、＋と－のキーで大きさが変わります。",
    "broken": "地図の一部を読めませんでした。道順と元の地図を使ってください。",
}
_FORECAST: Final = ("forecast",)
_STALE: Final = "{time} から市の最新情報を確認できていません。最後に確認できた案内です。"
_SITES: Final = "■ は目印の施設です。開いているとは限りません。"


@dataclass(frozen=True, slots=True)
class Moving:
    """What the page holds for its script; empty texts where there is nothing to show."""

    script: str
    way: str = ""
    second: str = ""
    door: str = ""


def moving(way: Floats | None = None, second: Floats | None = None, door: str = "") -> Moving:
    """The button's data: lines are (n, 2) degrees (lon, lat), the door is "lat,lon"."""
    return Moving(
        script=address("map.js"),
        way="" if way is None else line_text(way),
        second="" if second is None else line_text(second),
        door=door,
    )


def is_on(page: str) -> bool:
    """Whether a page has the button, and so needs what the map loads."""
    return 'id="move"' in page


def line_text(line: Floats) -> str:
    """A line as whole steps of latitude and longitude, each counted from the point before."""
    steps = np.rint(line[:, ::-1] * FINE).astype(np.int64)
    moved = np.diff(steps, axis=0, prepend=np.zeros((1, 2), np.int64))
    return " ".join(str(step) for step in moved.ravel().tolist())


class _Drawn:
    """The bounds and the style of the version asked for last: everybody asks for the same one."""

    def __init__(self) -> None:
        self._last: tuple[PlanVersion, Bounds, dict[str, Any]] | None = None

    def of(self, version: PlanVersion) -> tuple[Bounds, dict[str, Any]]:
        """Drawn once for each version."""
        last = self._last
        if last is None or last[0] is not version:
            bounds = _bounds(version)
            last = version, bounds, map_style(bounds, _observed(version), _closed(version))
            self._last = last
        return last[1], last[2]


_drawn = _Drawn()


def map_now(
    version: PlanVersion,
    tiles: str,
    lang: str,
    *,
    now: datetime,
    checked_at: datetime,
    stale: bool,
) -> dict[str, Any]:
    """All that the map shows but the way, and its words. `tiles` is their address, or empty."""
    card = version.ground.card
    t = translator(spoken(card, lang))
    clock = Clock(ZoneInfo(card.timezone), now, t)
    bounds, style = _drawn.of(version)
    absent = () if any(zone.forecast.any() for zone in version.ground.zones.values()) else _FORECAST
    said = _STALE if stale else "{time} 現在の水と通行止めです。"
    return {
        "tiles": tiles,
        "style": style,
        "bounds": bounds,
        "load": {
            name: address(file)
            for name, file in (
                ("sheet", "moving.css"),
                ("images", "mapimages.js"),
                ("reader", "pmtiles.js"),
                ("maplibre", "maplibre-gl.js"),
                ("worker", "maplibre-worker.js"),
            )
        },
        "words": {key: t(word) for key, word in _WORDS.items()},
        "now": clock.says(said, checked_at),
        "stale": stale,
        "notes": [t(_SITES), *_fictional(version, lang)],
        "legend": [[swatch, t(word)] for swatch, word in LEGEND if swatch not in absent],
        "attributions": list(card.attributions),
    }


def _fictional(version: PlanVersion, lang: str) -> list[str]:
    card = version.ground.card
    if not card.fictional:
        return []
    known = spoken(card, lang)
    name = card.name if known == "ja" else card.name_en
    return [translator(known)("{city}は架空の市です。実際の避難には使えません。").format(city=name)]


def _bounds(version: PlanVersion) -> Bounds:
    corners = version.ground.roads.shape_lonlat
    west, south = corners.min(axis=0).tolist()
    east, north = corners.max(axis=0).tolist()
    return west, south, east, north


def _observed(version: PlanVersion) -> list[dict[str, Any]]:
    metres = version.ground.metres
    shapes = shapely.simplify(version.water.polygons, FINE_M)
    shapes = shapely.transform(shapes, metres.lonlat)
    return [feature(shapely.set_precision(shape, 1e-6)) for shape in shapes]


def _closed(version: PlanVersion) -> list[dict[str, Any]]:
    metres = version.ground.metres
    lines = [
        part
        for closure in version.picture.closures
        for part in (closure.line, closure.rest)
        if not part.is_empty
    ]
    return [feature(shapely.transform(line, metres.lonlat)) for line in lines]
