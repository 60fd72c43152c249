"""A night as tables: CSV for a spreadsheet, GeoJSON for a map. Nothing of any person is in them."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from web.nightsheet.told import NightTold

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
    "通行止め",
    "避難場所の人数",
    "収容",
    "人数の記録の件数",
)
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")


def night_csv(told: NightTold) -> bytes:
    """One table: moments (10 minutes apart), what happened, and places with their peak."""
    zone, out = ZoneInfo(told.zone), io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    title = "訓練" if told.drill else "記録"
    write.writerow(COLUMNS)
    for row in told.rows:
        moment = row.at.astimezone(zone).isoformat(timespec="minutes")
        shown = (row.level, row.households, row.unreached, row.open_sites, row.closures, row.inside)
        known = ("不明" if one is None else one for one in shown)
        write.writerow([f"{title}：時刻", moment, row.frame, row.version, "", *known, "", ""])
    for one in told.events:
        moment = one["at"].astimezone(zone).isoformat(timespec="minutes")
        words, level = _plain(one["words"]), one["level"] or ""
        write.writerow([f"{title}：できごと", moment, "", "", words, level, *[""] * 7])
    if told.more_events:
        words = f"多すぎるため、さらに{told.more_events}件のできごとを載せていません"
        write.writerow([f"{title}：できごと", "", "", "", words, *[""] * 8])
    for place in told.places:
        at = place.peak_at.astimezone(zone).isoformat(timespec="minutes") if place.peak_at else ""
        peak = "不明" if place.peak is None else place.peak
        last = [peak, place.capacity, place.counts]
        write.writerow(
            [f"{title}：場所の最大", at, told.last_frame, "", _plain(place.name), *[""] * 5, *last]
        )
    return (BOM + out.getvalue()).encode()


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
        "name": f"{told.name} 夜の記録",
        "drill": told.drill,
        "fictional": told.fictional,
        "from": local(told.first),
        "to": local(told.last),
        "versions": list(told.versions),
        "features": [*places, *shut],
    }


def _feature(geometry: Mapping[str, Any], **values: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": values}


def _plain(words: str) -> str:
    """A spreadsheet takes nothing of it for a formula."""
    return f"'{words}" if words.startswith(_DANGEROUS) else words
