"""A night as tables: CSV for a spreadsheet, GeoJSON for a map. Nothing of any person is in them."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from web.nightsheet.told import UNKNOWN, NightTold

BOM: Final = "\ufeff"
"""So that a spreadsheet reads it as UTF-8."""
COLUMNS: Final = (
    "種別",
    "時刻",
    "記録",
    "版",
    "場所・できごと",
    "レベル",
    "避難情報の世帯",
    "届いていない世帯",
    "受け入れた場所",
    "未確認の場所",
    "通行止め",
    "避難場所の人数",
    "収容",
    "人数の記録の件数",
    "市",
)
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")


def night_csv(told: NightTold) -> bytes:
    """One table: moments (10 minutes apart), what happened, and places with their peak; damaged
    frames that are not in it. Each row names the city.
    """
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(COLUMNS)
    write.writerows([*row, _plain(told.city)] for row in _rows(told))
    return (BOM + out.getvalue()).encode()


def _rows(told: NightTold) -> Iterator[list[Any]]:
    zone, title = ZoneInfo(told.zone), "訓練" if told.drill else "記録"
    for row in told.rows:
        moment = row.at.astimezone(zone).isoformat(timespec="minutes")
        reached, sites = told.unreached_of(row), (row.open_sites, row.unconfirmed)
        shown = (row.level, row.households, reached, *sites, row.closures, row.inside)
        known = (UNKNOWN if one is None else one for one in shown)
        yield [f"{title}：時刻", moment, row.frame, row.version, "", *known, "", ""]
    for one in told.events:
        moment = one["at"].astimezone(zone).isoformat(timespec="minutes")
        words, level = _plain(one["words"]), one["level"] or ""
        yield [f"{title}：できごと", moment, "", "", words, level, *[""] * 8]
    if told.more_events:
        words = f"多すぎるため、さらに{told.more_events}件のできごとを載せていません"
        yield [f"{title}：できごと", "", "", "", words, *[""] * 9]
    if told.lost:
        yield [f"{title}：欠け", "", "", "", told.lost_words, *[""] * 9]
    for place in told.places:
        at = place.peak_at.astimezone(zone).isoformat(timespec="minutes") if place.peak_at else ""
        peak = "不明" if place.peak is None else place.peak
        last = [peak, place.capacity, place.counts]
        name = _plain(place.name)
        yield [f"{title}：場所の最大", at, told.last_frame, "", name, *[""] * 6, *last]


def night_geojson(told: NightTold, closures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Places with their peak, and every street that was shut, from when to when."""
    zone = ZoneInfo(told.zone)

    def local(at: Any) -> str | None:
        return at.astimezone(zone).isoformat(timespec="seconds") if at else None

    places = [
        _feature(
            {"type": "Point", "coordinates": [one.lon, one.lat]},
            kind="place",
            id=one.id,
            name=one.name,
            capacity=one.capacity,
            peak_persons=one.peak,
            peak_at=local(one.peak_at),
            last_persons=one.last,
            head_counts=one.counts,
            opened_at=local(one.opened_at),
            frame=told.last_frame,
        )
        for one in told.places
    ]
    shut = [
        _feature(
            one["geometry"],
            kind="closure",
            id=one["id"],
            basis=one["basis"],
            begun_at=local(one["begun_at"]),
            ended_at=local(one["ended_at"]),
        )
        for one in closures
    ]
    return {
        "type": "FeatureCollection",
        "name": f"{told.city} 夜の記録",
        "drill": told.drill,
        "fictional": told.fictional,
        "from": local(told.first),
        "to": local(told.last),
        "versions": list(told.versions),
        "damaged_frames": list(told.lost),
        "features": [*places, *shut],
    }


def _feature(geometry: Mapping[str, Any], **values: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": values}


def _plain(words: str) -> str:
    """A spreadsheet takes nothing of it for a formula."""
    return f"'{words}" if words.startswith(_DANGEROUS) else words
