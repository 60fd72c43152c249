"""川の水位情報 (k.river.go.jp) as its public snapshots have it: one reading a gauge, in metres.

`startLevel`, `warnLevel`, `fladLevel` are the levels that `data/readers/gauges.py` reads as
水防団待機水位 (観測開始水位), 氾濫危険水位 (危険水位) and 氾濫開始水位.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson

from city.errors import CityError
from city.position import Position
from data.errors import BrokenSource

MOST_BYTES: Final = 50_000_000
MOST_ROWS: Final = 100_000
_FETCH: Final = "fetch the file again"


@dataclass(frozen=True, slots=True)
class RiverRow:
    """What one gauge read; no position where the file has none."""

    code: str
    name: str
    measured_at: datetime
    level_m: float
    position: Position | None


def read_river_file(path: Path) -> tuple[list[RiverRow], list[str]]:
    """The rows of a file, and a line for each that cannot be used; raises `BrokenSource`."""
    rows, faults = [], []
    for number, item in enumerate(_items(path), start=1):
        try:
            rows.append(_row(item))
        except (ValueError, CityError) as error:
            faults.append(f"row {number}: {error}")
    return rows, faults


def _items(path: Path) -> list[Any]:
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise BrokenSource(path, f"cannot be opened: {error.strerror}") from error
    if len(content) > MOST_BYTES:
        raise BrokenSource(path, f"over {MOST_BYTES:,} bytes", remedy=_FETCH)
    try:
        table = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise BrokenSource(path, f"no JSON: {error}", remedy=_FETCH) from error
    items = table.get("items") if isinstance(table, dict) else None
    if not isinstance(items, list) or len(items) > MOST_ROWS:
        what = f"no list 'items' of at most {MOST_ROWS:,} gauges: not of 川の水位情報"
        raise BrokenSource(path, what, remedy=_FETCH)
    return items


def _row(item: Any) -> RiverRow:
    if not isinstance(item, dict):
        raise ValueError("no gauge")
    code, name = _text(item, "code", 40), _text(item, "name", 100)
    level = item.get("level")
    if isinstance(level, bool) or not isinstance(level, int | float) or not math.isfinite(level):
        raise ValueError(f"{name}: level is missing, or no number of metres (欠測)")
    return RiverRow(code, name, _moment(item, name), float(level), _position(item))


def _text(item: dict[str, Any], key: str, most: int) -> str:
    text = item.get(key)
    # Names of real gauges hold wide spaces, which Python does not count as printable.
    plain = text.replace("\u3000", " ") if isinstance(text, str) else ""
    if not plain.strip() or not plain.isprintable() or len(plain) > most:
        raise ValueError(f"{key} is missing, or no line of at most {most} letters")
    return plain.strip()


def _moment(item: dict[str, Any], name: str) -> datetime:
    try:
        at = datetime.fromisoformat(str(item.get("obsTime")))
    except ValueError:
        raise ValueError(f"{name}: obsTime is no ISO 8601 time") from None
    if at.tzinfo is None or not 1970 <= at.year < 2200:
        raise ValueError(f"{name}: obsTime has no offset, or is no time of ours")
    return at


def _position(item: dict[str, Any]) -> Position | None:
    lat, lon = item.get("latitude"), item.get("longitude")
    if lat is None or lon is None:
        return None
    if not all(isinstance(one, int | float) for one in (lat, lon)):
        raise ValueError("latitude, longitude: degrees")
    return Position(lat=float(lat), lon=float(lon))
