"""Sensors and their readings in the database: each reading once, also where two come together."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert as insert_or

from data import tables
from hazards.readings import Reading

KEPT: Final = timedelta(days=30)
"""Readings are erased after so long."""
WHOLE: Final = timedelta(days=2)
"""After so long one reading in ten minutes stays: the highest, of those not set aside first."""

_SENSOR, _READING = tables.sensor, tables.water_reading


def add_sensor(connection: Connection, **values: Any) -> int:
    """Add a sensor; returns its number."""
    query = insert(_SENSOR).values(values).returning(_SENSOR.c.id)
    return int(connection.execute(query).scalar_one())


def sensors(connection: Connection, code: str) -> list[Row[Any]]:
    """All sensors of a city, by their numbers."""
    query = select(_SENSOR).where(_SENSOR.c.city_code == code).order_by(_SENSOR.c.id)
    return list(connection.execute(query))


def sensor_of_device(connection: Connection, code: str, device: int) -> Row[Any] | None:
    """The sensor that a device is."""
    mine = _SENSOR.c.city_code == code, _SENSOR.c.device == device
    return connection.execute(select(_SENSOR).where(*mine)).first()


def hold_sensor(connection: Connection, number: int) -> Row[Any]:
    """A sensor; nobody else adds to its readings before the transaction ends."""
    return connection.execute(select(_SENSOR).where(_SENSOR.c.id == number).with_for_update()).one()


def stop_sensor(connection: Connection, number: int, now: datetime) -> bool:
    """From now on nothing follows from its readings; False where it is stopped already."""
    query = update(_SENSOR).where(_SENSOR.c.id == number, _SENSOR.c.stopped_at.is_(None))
    return connection.execute(query.values(stopped_at=now)).rowcount > 0


def add_readings(connection: Connection, sensor: int, readings: Sequence[Reading]) -> int:
    """Add readings; returns how many are new. Of one that is there already the first arrival
    stays, and a doubt: whatever was doubted once stays doubted.
    """
    if not readings:
        return 0
    before = _count(connection, sensor)
    query = insert_or(_READING)
    new, old = query.excluded, _READING.c
    query = query.on_conflict_do_update(
        index_elements=["sensor", "measured_at", "level_m"],
        set_={
            "received_at": func.least(old.received_at, new.received_at),
            "set_aside": func.greatest(old.set_aside, new.set_aside),
        },
    )
    rows = {
        (one.measured_at, one.level_m): {
            "sensor": sensor,
            "measured_at": one.measured_at,
            "level_m": one.level_m,
            "received_at": one.received_at,
            "set_aside": one.doubt,
        }
        for one in readings
    }
    connection.execute(query, list(rows.values()))
    heard = max(one.received_at for one in readings)
    mine = update(_SENSOR).where(_SENSOR.c.id == sensor)
    connection.execute(mine.values(heard_at=func.greatest(_SENSOR.c.heard_at, heard)))
    return _count(connection, sensor) - before


def readings_since(connection: Connection, sensor: int, since: datetime) -> list[Reading]:
    """Its readings that were measured after that."""
    mine = _READING.c.sensor == sensor, _READING.c.measured_at > since
    rows = connection.execute(select(_READING).where(*mine))
    return [Reading(row.measured_at, row.level_m, row.received_at, row.set_aside) for row in rows]


def count_since(connection: Connection, sensor: int, since: datetime) -> int:
    """How many readings it has that were measured after that."""
    mine = _READING.c.sensor == sensor, _READING.c.measured_at > since
    return int(connection.execute(select(func.count()).where(*mine)).scalar_one())


def last_measured(connection: Connection, sensor: int) -> datetime | None:
    """When it measured last; a clock that is ahead tells nothing later than it came."""
    last = func.max(func.least(_READING.c.measured_at, _READING.c.received_at))
    query = select(last).where(_READING.c.sensor == sensor)
    found: datetime | None = connection.execute(query).scalar_one()
    return found


def erase_old(connection: Connection, now: datetime) -> None:
    """Erase what is over `KEPT`, thin out what is over `WHOLE`."""
    past = {"gone": now - KEPT, "thin": now - WHOLE}
    connection.execute(
        sql("DELETE FROM water_reading WHERE least(measured_at, received_at) < :gone"), past
    )
    connection.execute(
        sql(
            "DELETE FROM water_reading r USING (SELECT sensor, measured_at, level_m,"
            " row_number() OVER (PARTITION BY sensor,"
            " date_bin('10 minutes', measured_at, 'epoch')"
            " ORDER BY set_aside <> '', level_m DESC, measured_at) AS place"
            " FROM water_reading WHERE measured_at < :thin) old WHERE old.place > 1"
            " AND r.sensor = old.sensor AND r.measured_at = old.measured_at"
            " AND r.level_m = old.level_m"
        ),
        past,
    )


def _count(connection: Connection, sensor: int) -> int:
    query = select(func.count()).where(_READING.c.sensor == sensor)
    return int(connection.execute(query).scalar_one())
