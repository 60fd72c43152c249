"""Sensors: which gauge one reads, in which unit, by which token it is let in; and their end."""

from datetime import datetime, timedelta
from typing import Any, Final

import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import Connection, Engine, Row, select

from city.area import folded
from city.position import Position
from city.staff import Caller, CallerKind, Role
from data import tables, waterlevels
from data.database import transaction
from data.errors import NotThere
from data.people import audit, tokens
from data.rows import current_load
from hazards.gauge import Gauge
from hazards.levelunits import Unit
from hazards.waterstate import SILENT_AFTER
from operations import given
from operations.errors import Refused
from operations.people.accounts import checked_name
from operations.people.signing import hash_of, new_secret

LONGEST_CODE: Final = 40
SILENT_MIN: Final = range(1, 24 * 60 + 1)


def add_sensor(
    engine: Engine,
    by: Caller,
    *,
    name: str,
    gauge: str,
    now: datetime,
    river: str = "",
    unit: Unit = Unit.METRE,
    purpose: str = "",
    code: str | None = None,
    silent_after: timedelta = SILENT_AFTER,
) -> tuple[int, str]:
    """Add a sensor; returns its number and its token, which nobody can read again.

    With `code` it is a gauge of 川の防災情報 that comes in files, and has no token ("").
    Raises `NotThere` for a gauge that the city has not, `Refused`.
    """
    if (silent_after // timedelta(minutes=1)) not in SILENT_MIN:
        raise Refused("沈黙とみなすまでの時間は、1 分から 1440 分までです（--silent-after）")
    token = "" if code else new_secret()
    with transaction(engine, latest=True) as connection:
        load = current_load(connection)
        found = one_gauge(gauges_of(connection, load), gauge, river)
        values = {
            "city_code": load.code,
            "name": checked_name(name),
            "gauge": found.name,
            "river": found.river,
            "unit": unit,
            "purpose": given.line_of(purpose, "purpose") if purpose else "",
            "code": _code(connection, load, code) if code else None,
            "device": _device(connection, by, name, token, now) if token else None,
            "silent_after_min": silent_after // timedelta(minutes=1),
        }
        number = waterlevels.add_sensor(connection, added_at=now, **values)
        audit.record(connection, by, "sensor.added", f"sensor:{number}", gauge=found.name)
    return number, token


def stop_sensor(engine: Engine, by: Caller, number: int, *, now: datetime) -> None:
    """Nothing follows from a sensor from now on, and its token lets nobody in; `NotThere`."""
    with transaction(engine, latest=True) as connection:
        load = current_load(connection)
        mine = {row.id: row for row in waterlevels.sensors(connection, load.code)}
        if number not in mine or not waterlevels.stop_sensor(connection, number, now):
            raise NotThere("その機器はないか、もう止めてあります（no such sensor, or stopped）")
        if mine[number].device is not None:
            tokens.revoke_device(connection, mine[number].device, now)
        audit.record(connection, by, "sensor.stopped", f"sensor:{number}")


def sensor_of(connection: Connection, load: Row[Any], by: Caller) -> Row[Any]:
    """The sensor that calls; raises `NotThere`."""
    row = None
    if by.kind is CallerKind.DEVICE and by.id is not None:
        row = waterlevels.sensor_of_device(connection, load.code, by.id)
    if row is None:
        what = "この市の観測機器として登録されていません（nigemichi gauge add NAME …）"
        raise NotThere(what)
    return row


def gauges_of(connection: Connection, load: Row[Any]) -> list[Gauge]:
    """The city's gauges."""
    table = tables.gauge
    query = select(table).where(table.c.load_id == load.id).order_by(table.c.number)
    return [_gauge(row) for row in connection.execute(query)]


def find_gauges(gauges: list[Gauge], name: str, river: str = "") -> list[Gauge]:
    """Those of a name, and of a river where one is named."""
    return [
        one
        for one in gauges
        if folded(one.name) == folded(name) and (not river or folded(one.river) == folded(river))
    ]


def one_gauge(gauges: list[Gauge], name: str, river: str = "") -> Gauge:
    """The one of that name; raises `NotThere`, `Refused` where there are several."""
    found = find_gauges(gauges, name, river)
    if not found:
        what = f"{name} という水位観測所は、今の市のデータにありません（no such gauge）"
        raise NotThere(what)
    if len(found) > 1:
        rivers = "、".join(sorted({one.river for one in found}))
        raise Refused(f"{name} は {len(found)} か所あります。川を選んでください: {rivers}（river）")
    return found[0]


def _gauge(row: Row[Any]) -> Gauge:
    lon, lat = shapely.get_coordinates(to_shape(row.geom))[0]
    levels = {level: getattr(row, level) for level in tables.GAUGE_LEVELS}
    return Gauge(row.name, row.river, Position(lat=float(lat), lon=float(lon)), **levels)


def _code(connection: Connection, load: Row[Any], code: str) -> str:
    code = code.strip()
    if not code or len(code) > LONGEST_CODE or not code.isprintable():
        raise Refused(f"観測所の番号は {LONGEST_CODE} 字までです（--code）")
    if any(row.code == code for row in waterlevels.sensors(connection, load.code)):
        raise Refused(f"番号 {code} の機器はもうあります（nigemichi gauge list）")
    return code


def _device(connection: Connection, by: Caller, name: str, token: str, now: datetime) -> int:
    number = tokens.add_device(
        connection,
        name=checked_name(name),
        role=str(Role.SENSOR),
        site_id=None,
        token_hash=hash_of(token),
        created_by=by.id,
        created_at=now,
    )
    audit.record(connection, by, "device.added", f"device:{number}", role=Role.SENSOR, site=None)
    return number
