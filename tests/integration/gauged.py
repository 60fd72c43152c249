"""The small city with a gauge, a bridge and an underpass, and rules that shut them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from city.staff import CONSOLE, Caller
from operations.load_city import load_city
from operations.observing.gauges import GivenReading, TakenReadings, take_readings
from operations.observing.sensors import add_sensor
from tests.integration.databases import Database
from tests.integration.small_city import position, write_features, write_small_city

NOW = datetime(2026, 10, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
GAUGE, RIVER = "小川橋水位観測所", "小川"
AT = position(3.4, 2.9)
BRIDGE, UNDERPASS = position(3.5, 3), "4番通り"
LEVELS = {"startLevel": 2.0, "warnLevel": 4.0, "fladLevel": 5.0}
RULES = f"""
[sources.gauges]
format = "gauges-geojson"
path = "gauges.geojson"

[settings]
source = "架空の計画"

[[settings.gauge_rules]]
gauge = "{GAUGE}"
level = "danger"
kind = "bridge"
at = [{BRIDGE[0]:.6f}, {BRIDGE[1]:.6f}]

[[settings.gauge_rules]]
gauge = "{GAUGE}"
level = 3.0
kind = "underpass"
name = "{UNDERPASS}"
"""


def write_gauged_city(folder: Path, rules: str = RULES) -> Path:
    """Write all files; the street from 28 to 29 is a bridge, that from 35 to 36 an underpass."""
    city_file = write_small_city(folder, more=rules)
    point = {"type": "Point", "coordinates": [AT[1], AT[0]]}
    gauge = {"name": GAUGE, "river": RIVER, **LEVELS}
    write_features(folder / "gauges.geojson", [(point, gauge)])
    roads = folder / "roads.graphml"
    text = roads.read_text("utf-8")
    keys = "".join(
        f'<key id="{n}" for="edge" attr.name="{n}" attr.type="string"/>'
        for n in ("bridge", "tunnel", "layer")
    )
    text = text.replace("<graph edgedefault", f"{keys}<graph edgedefault", 1)
    sunken = '<data key="tunnel">yes</data><data key="layer">-1</data>'
    for a, b, tags in ((28, 29, '<data key="bridge">yes</data>'), (35, 36, sunken)):
        for start, end in ((a, b), (b, a)):
            edge = f'<edge source="{start}" target="{end}" id="0">'
            text = text.replace(edge, edge + tags)
    roads.write_text(text, "utf-8")
    return city_file


@dataclass
class Gauged:
    """The city in a database, and a sensor at its gauge."""

    engine: Engine
    database: Database
    sensor: int
    token: str

    def send(
        self,
        *levels_m: float,
        begin: float = 0,
        every: float = 10,
        now: datetime | None = None,
        sensor: int | None = None,
        **more: Any,
    ) -> TakenReadings:
        """Values every ten minutes from `NOW` on; by default they come as the last is measured."""
        given = [
            GivenReading(NOW + (begin + number * every) * MINUTE, level)
            for number, level in enumerate(levels_m)
        ]
        return self.give(given, now or given[-1].at, sensor=sensor, **more)

    def give(
        self,
        given: list[GivenReading],
        now: datetime,
        *,
        sensor: int | None = None,
        by: Caller = CONSOLE,
        **more: Any,
    ) -> TakenReadings:
        """These values, as they come."""
        return take_readings(self.engine, by, sensor or self.sensor, given, now=now, **more)

    def shut(self) -> list[tuple[Any, ...]]:
        """What is shut now: basis and whether by water, the bridge before the underpass."""
        return self.database.rows(
            "SELECT basis, by_water FROM closure WHERE ended_at IS NULL ORDER BY by_water, id"
        )

    def reports(self) -> list[tuple[Any, ...]]:
        """All reports, the oldest first."""
        return self.database.rows(
            "SELECT kind, source_kind, source, state, set_aside FROM observation"
            " ORDER BY seen_at, kind"
        )


def gauged(engine: Engine, database: Database, folder: Path, rules: str = RULES) -> Gauged:
    """Load the city, add the sensor."""
    load_city(engine, write_gauged_city(folder, rules), lambda _: None)
    before = NOW - timedelta(days=1)
    number, token = add_sensor(engine, CONSOLE, name="橋のセンサ", gauge=GAUGE, now=before)
    return Gauged(engine, database, number, token)


def river_file(folder: Path, *rows: dict[str, Any]) -> Path:
    """A snapshot of 川の水位情報."""
    items = [
        {
            "code": "4021100001",
            "name": GAUGE,
            "latitude": AT[0],
            "longitude": AT[1],
            **LEVELS,
            **row,
        }
        for row in rows
    ]
    path = folder / "river.json"
    path.write_text(json.dumps({"items": items}, ensure_ascii=False), "utf-8")
    return path
