"""The rows of open data: what pages show to everybody, and nothing else; the old reads 不明."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from alerts.feed import Feed, Standing
from city.area import folded
from data.readers.places import HAZARDS
from hazards.closure import Closure, ClosureBasis
from hazards.kinds import AlertLevel
from operations.answer import local
from routing.version import PlanVersion
from shelters.place import Opening
from web.crowding import BANDS, PublicState, moment, opening_of

DECIMALS: Final = 1e-6
OPENING_WORDS: Final = {
    Opening.UNCONFIRMED: "不明（計画では開く場所）",
    Opening.UNOPENED: "未開設",
    Opening.PREPARING: "開設準備",
    Opening.OPEN: "開設",
    Opening.FULL: "満員",
    Opening.CLOSED: "閉鎖",
    Opening.ENDANGERED: "危険",
}
STANDING_WORDS: Final = {
    Standing.IN_FORCE: "発令中",
    Standing.STOPPED: "送信停止",
    Standing.EXPIRED: "文の期限切れ",
    Standing.ENDED: "終了",
}
_RECEIVING: Final = (Opening.OPEN, Opening.FULL, Opening.UNCONFIRMED)


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its values by key, and where it is (lon, lat), None where it names no place.

    `words` are values that a CSV has in Japanese.
    """

    values: Mapping[str, Any]
    place: BaseGeometry | None
    words: Mapping[str, str]


def places(version: PlanVersion) -> list[Line]:
    """指定緊急避難場所 as the city's list has them."""
    found = []
    for site in version.ground.sites:
        flags = {str(kind): "1" if kind in site.designated_for else "" for kind in HAZARDS.values()}
        held = site.capacity
        values = {
            "code": version.ground.card.code,
            "id": site.id,
            "name": site.name,
            "address": site.address,
            "lat": site.position.lat,
            "lon": site.position.lon,
            **flags,
            "capacity": held.unspecified,
            "capacity_storm_indoor": held.storm_indoor,
            "capacity_quake_indoor": held.quake_indoor,
            "capacity_quake_outdoor": held.quake_outdoor,
        }
        found.append(Line(values, shapely.Point(site.position.lon, site.position.lat), {}))
    return found


def congestion(
    version: PlanVersion, states: Mapping[str, PublicState], now: datetime
) -> list[Line]:
    """Which places are open and how full; old figures are unknown, and level 5 has no room."""
    zone = ZoneInfo(version.ground.card.timezone)
    five = _under_level_5(version)
    found = []
    for site, secure in zip(version.ground.sites, five, strict=True):
        state = states.get(site.id)
        said = opening_of(state, version.picture.openings[site.id])
        band, known = (None, False) if secure else _band(said.opening, state or {}, now)
        figure: PublicState = (state or {}) if known else {}
        counted = moment((state or {}).get("counted_at"))
        values = {
            "id": site.id,
            "name": site.name,
            "lat": site.position.lat,
            "lon": site.position.lon,
            "opening": str(said.opening),
            "level_5": "1" if secure else "",
            "opening_since": local(said.since, zone) if said.since else None,
            "band": band,
            "persons": figure.get("persons"),
            "capacity": figure.get("capacity"),
            "counted_at": local(counted, zone) if counted else None,
        }
        words = {"opening": OPENING_WORDS[said.opening], "band": BANDS.get(band or "", "")}
        found.append(Line(values, shapely.Point(site.position.lon, site.position.lat), words))
    return found


def closures(version: PlanVersion) -> list[Line]:
    """What is shut. Of what reports shut and nobody confirmed only that it is."""
    roads, metres = version.ground.roads, version.ground.metres
    zone = ZoneInfo(version.ground.card.timezone)
    found = []
    for one in version.picture.closures:
        line = shapely.transform(_line(one), metres.lonlat)
        middle = metres.position(*one.line.interpolate(0.5, normalized=True).coords[0])
        named = (int(roads.name[street]) for street in one.streets)
        held = one.basis is ClosureBasis.SUSPENDED
        values = {
            "id": one.id,
            "name": "、".join(dict.fromkeys(roads.names[n] for n in named if n >= 0)) or None,
            "state": "suspended" if held else "closed",
            "reason": None if held else one.reason,
            "since": local(one.closed_at, zone),
            "lat": round(middle.lat, 6),
            "lon": round(middle.lon, 6),
        }
        words = {"state": "一時停止（確認中）" if held else "通行止め"}
        found.append(Line(values, shapely.set_precision(line, DECIMALS), words))
    return found


def alerts(version: PlanVersion, feed: Feed, now: datetime) -> list[Line]:
    """What went out, as the feeds have it: never a drill, which has a feed of its own."""
    found = []
    for entry in feed.shown(now):
        alert, standing = entry.alert, entry.standing(now)
        ended = entry.ended_at if entry.ended_at and entry.ended_at <= now else None
        values = {
            "number": entry.number,
            "title": feed.entry_title(entry, now),
            "standing": str(standing),
            "hazard": None if alert.hazard is None else str(alert.hazard),
            "level": None if alert.level is None else int(alert.level),
            "whole_city": "1" if alert.whole_city else "",
            "area_names": "、".join(alert.area_names),
            "issued_at": local(entry.first_at, ZoneInfo(version.ground.card.timezone)),
            "updated_at": local(entry.updated_at(now), ZoneInfo(version.ground.card.timezone)),
            "expires_at": local(alert.expires_at, ZoneInfo(version.ground.card.timezone)),
            "ended_at": local(ended, ZoneInfo(version.ground.card.timezone)) if ended else None,
            "cap": feed.document(entry),
        }
        words = {"standing": STANDING_WORDS[standing]}
        found.append(Line(values, _area(version, alert.area_names), words))
    return found


def as_geometry(place: BaseGeometry | None) -> Any:
    """As GeoJSON has it; null where a row names no place."""
    if place is None or place.is_empty:
        return None
    return orjson.Fragment(shapely.to_geojson(place))


def _band(opening: Opening, state: PublicState, now: datetime) -> tuple[str | None, bool]:
    """The band, None of a place that receives nobody; and whether its figure is known."""
    if opening not in _RECEIVING:
        return None, False
    until = moment(state.get("unknown_after"))
    live = state.get("band") in BANDS and until is not None and now <= until
    if opening is Opening.FULL:
        return "full", live
    return (str(state["band"]), live) if live else ("unknown", False)


def _under_level_5(version: PlanVersion) -> list[bool]:
    """Of each place whether it lies in an area of level 5, whatever the hazard."""
    xy, orders = version.ground.site_xy, version.picture.orders
    under = [one.covers_each(xy) for one in orders if one.level >= AlertLevel.SECURE_NOW]
    found: list[bool] = np.any([np.zeros(len(xy), bool), *under], axis=0).tolist()
    return found


def _line(one: Closure) -> BaseGeometry:
    parts = [part for part in (one.line, one.rest) if not part.is_empty]
    found: BaseGeometry = shapely.union_all(parts)
    return found


def _area(version: PlanVersion, names: tuple[str, ...]) -> BaseGeometry | None:
    """The 町丁目 of an alert as one shape; None for the whole city, or where one is not known."""
    wanted = {folded(name) for name in names}
    ground = version.ground
    rows = [n for n, one in enumerate(ground.areas) if folded(one.name) in wanted]
    known = {folded(ground.areas[n].name) for n in rows}
    if not wanted or wanted - known:
        return None
    shape = shapely.union_all(ground.area_polygons[np.array(rows, np.int64)])
    return shapely.set_precision(shapely.transform(shape, ground.metres.lonlat), DECIMALS)
