"""What a decision on a report would do to streets: asked before it is made; changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import shapely
from sqlalchemy import Connection, Engine, select

from city.position import Position
from data import tables
from data.database import transaction
from data.errors import NotThere
from data.observing import closures, observations
from data.observing.snapping import nearest
from data.rows import current_load
from hazards.closure import ClosureBasis
from hazards.evidence import STREET_M, Effect, effect
from hazards.observation import LIVE, ObservationKind
from operations.observing.deciding import NO_REPORT
from operations.observing.report import street_row

NO_STREET: Final = (
    "その場所の100m以内に道がありません。道の上を選んでください"
    "（no street within 100 m of that position）"
)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Names of streets, "" where one has none.

    A confirmation `closes` some, others are `closed` so already. Once it is an error or over, some
    `opens`; the others `stays`, for other reports shut them. `chosen` is the line in (lon, lat) of
    the street at the position that was asked about.
    """

    reports: int
    closes: list[str]
    closed: list[str]
    opens: list[str]
    stays: list[str]
    chosen: list[list[float]]


def foresee(engine: Engine, number: UUID, at: Position | None = None) -> Foreseen:
    """Look at a report with all that was merged into it; `at` names the street of one that named
    none. Raises `NotThere`.
    """
    with transaction(engine) as connection:
        load = current_load(connection)
        row = observations.find(connection, load.code, number)
        if row is None:
            raise NotThere(NO_REPORT)
        mine = _group(connection, load.code, number)
        named = {one.street: str(one.name) for one in observations.streets_of(connection, [*mine])}
        chosen: list[list[float]] = []
        if at is not None:
            key, name, chosen = _street_at(connection, load, number, ObservationKind(row.kind), at)
            named[key] = name
        return _weighed(connection, load.code, mine, named, chosen)


def _weighed(
    connection: Connection,
    code: str,
    mine: set[UUID],
    named: dict[str, str],
    chosen: list[list[float]],
) -> Foreseen:
    reports = observations.evidence(connection, sorted(named))
    standing = closures.standing_of(connection, code, sorted(named))
    shut = [key for key in named if key in standing]
    opens = {
        key
        for key in shut
        if effect(one for row, one in reports.get(key, ()) if row.id not in mine) < Effect.SUSPENDED
    }
    confirmed = {key for key in shut if standing[key].basis != ClosureBasis.SUSPENDED}
    return Foreseen(
        reports=len(mine),
        closes=[name for key, name in named.items() if key not in confirmed],
        closed=[name for key, name in named.items() if key in confirmed],
        opens=[named[key] for key in shut if key in opens],
        stays=[named[key] for key in shut if key not in opens],
        chosen=chosen,
    )


def _group(connection: Connection, code: str, number: UUID) -> set[UUID]:
    """A report with the live ones that were merged into it."""
    table = tables.observation
    merged = (table.c.city_code == code, table.c.merged_into == number, table.c.state.in_(LIVE))
    return {number, *connection.execute(select(table.c.id).where(*merged)).scalars()}


def _street_at(
    connection: Connection, load: Any, number: UUID, kind: ObservationKind, at: Position
) -> tuple[str, str, list[list[float]]]:
    asked: Sequence[Any] = [(shapely.Point(at.lon, at.lat), kind, STREET_M)]
    (street,), _ = nearest(connection, load, asked)
    if street is None:
        raise NotThere(NO_STREET)
    row = street_row(load, number, street)
    line = shapely.get_coordinates(shapely.from_wkb(bytes.fromhex(str(street.geom))))
    return street.key, row["name"], line.round(6).tolist()
