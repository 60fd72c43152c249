"""Where a gauge reaches the level of a city's rule, a report says so: it shuts what the rule names.

One report for each rule and sensor until headquarters ends it; what is measured after that, and
reaches the level again, is another one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

import shapely
from sqlalchemy import Connection, Engine, Row, select

from city.staff import Caller
from data import tables
from data.database import transaction
from data.gaugestreets import streets_of_rule
from data.rows import current_load
from hazards.gauge import Gauge
from hazards.gaugerules import GaugeRule
from hazards.observation import LIVE, Draft, ObservationState, SourceKind
from hazards.readings import Reading
from hazards.waterstate import WaterState, reached
from operations.observing.report import GivenReport, report

NAMESPACE: Final = UUID("6f0ad8f8-3c5e-5d53-9a0e-0a9f6a1f7c14")
NO_STREET: Final = (
    "（この規則の場所に、その橋・地下道が地図で見つかりません。本部で選んでください）"
)


def shut(
    engine: Engine,
    by: Caller,
    sensor: Row[Any],
    gauge: Gauge,
    state: WaterState,
    rules: Sequence[GaugeRule],
    *,
    now: datetime,
) -> list[str]:
    """Report what is reached and not reported yet; returns the ids of the reports."""
    made = []
    for rule in rules:
        given = _due(engine, sensor, gauge, state, rule)
        if given is not None:
            report(engine, by, given, now)
            made.append(str(given.id))
    return made


def first_id(code: str, rule: GaugeRule, sensor: int) -> UUID:
    """The id of the first report of a rule by a sensor; each further one is made of the one
    before.
    """
    return uuid5(NAMESPACE, f"{code}|{rule.key}|{sensor}")


def _due(
    engine: Engine, sensor: Row[Any], gauge: Gauge, state: WaterState, rule: GaugeRule
) -> GivenReport | None:
    """The report that is to be made; None where nothing is reached, or the report stands."""
    threshold_m = rule.threshold_m(gauge)
    believed = state.believed
    if threshold_m is None or reached(believed, threshold_m) is None:
        return None
    with transaction(engine, latest=True) as connection:
        load = current_load(connection)
        number, since = _next(connection, first_id(load.code, rule, sensor.id))
        if number is None:
            return None
        seen = reached(believed, threshold_m, since)
        if seen is None:
            return None
        lines = streets_of_rule(connection, load, rule)
    at = rule.at or gauge.position
    note = _note(gauge, rule, threshold_m, seen[-1]) + ("" if lines is not None else NO_STREET)
    draft = Draft(
        kind=rule.kind,
        geometry=lines if lines is not None else shapely.Point(at.lon, at.lat),
        seen_at=seen[-1].measured_at,
        note=note,
    )
    return GivenReport(number, draft, SourceKind.SENSOR, f"sensor:{sensor.id}")


def _next(connection: Connection, number: UUID) -> tuple[UUID | None, datetime | None]:
    """The id of the report to make, and after when; no id where one stands."""
    since: datetime | None = None
    while (row := _report(connection, number)) is not None:
        if ObservationState(row.state) in LIVE:
            return None, None
        since = max(since, row.decided_at) if since else row.decided_at
        number = uuid5(NAMESPACE, str(number))
    return number, since


def _report(connection: Connection, number: UUID) -> Any:
    """A report, or the one that it was merged into; None where it was never made."""
    table = tables.observation
    columns = table.c.state, table.c.decided_at, table.c.merged_into
    row = connection.execute(select(*columns).where(table.c.id == number)).first()
    while row is not None and row.merged_into is not None:
        query = select(*columns).where(table.c.id == row.merged_into)
        row = connection.execute(query).one()
    return row


def _note(gauge: Gauge, rule: GaugeRule, threshold_m: float, seen: Reading) -> str:
    return (
        f"{gauge.river} {gauge.name} 水位 {seen.level_m:.2f} m"
        f"（市の規則: {rule.level_words} {threshold_m:.2f} m 以上で{rule.where_words}を止める）"
    )
