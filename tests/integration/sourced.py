"""Sources of information of the small city, and what became of their copies."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from city.staff import CONSOLE
from data.database import transaction
from data.rows import current_load
from hazards.information import Shape, Theme, Way
from operations.information.board import source_decisions, source_rows
from operations.information.registering import GivenSource, add
from operations.information.turns import Turns

NOW = datetime(2026, 9, 1, 11, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HERE = (135.403, 29.603)


def feature(name: str, at: tuple[float, float] | None = HERE, **said: Any) -> dict[str, Any]:
    """One thing that a source tells."""
    place = None if at is None else {"type": "Point", "coordinates": list(at)}
    return {"type": "Feature", "properties": {"名称": name, **said}, "geometry": place}


def collection(*features: dict[str, Any]) -> bytes:
    """A file of them."""
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def closures(count: int) -> bytes:
    """So many streets that are shut."""
    return collection(*(feature(f"県道{one}号 通行止め") for one in range(count)))


def dropped(engine: Engine, **said: Any) -> int:
    """A source that files are handed over to."""
    given = {"theme": Theme.TRAFFIC, "shape": Shape.GEOJSON, "way": Way.DROP, **said}
    words = {"licence": "CC BY 4.0", "attribution": "架空県", "public": True, **given}
    return add(engine, CONSOLE, GivenSource(words.pop("name", "道路情報"), **words), NOW)


def hand(engine: Engine, number: int, body: bytes, now: datetime = NOW) -> Any:
    """What becomes of a file."""
    return Turns(engine).drop(number, "file.geojson", body, now, CONSOLE)


def rows(engine: Engine) -> dict[str, dict[str, Any]]:
    """The board's section of sources."""
    with transaction(engine) as connection:
        return source_rows(connection, current_load(connection))


def decisions(engine: Engine, now: datetime = NOW) -> dict[str, dict[str, Any]]:
    """What waits for a person."""
    with transaction(engine) as connection:
        return source_decisions(connection, current_load(connection), now)
