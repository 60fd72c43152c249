"""The gauges in lines, for the console; of each rule whether the map has what it shuts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine

from data.database import transaction
from data.gaugestreets import streets_of_rule
from data.rows import current_load
from operations.bulletins.boardlines import age
from operations.observing.gaugeboard import gauges_now
from operations.observing.gauges import rules_of
from operations.observing.gaugeshut import NO_STREET

SILENT: Final = "値が届いていません"


def gauge_lines(engine: Engine, now: datetime) -> list[str]:
    """Gauges, sensors and rules, each in a line."""
    board = gauges_now(engine, now)
    lines = [line for one in board["gauges"] for line in _gauge_lines(one, now)]
    lines += [line for one in board["without_gauge"] for line in _sensor_lines(one, now)]
    lines += [
        f"規則: {one['gauge']}: この観測所は市のデータにありません（{one['shuts']} を止めません）"
        for one in board["rules_without_gauge"]
    ]
    with transaction(engine) as connection:
        load = current_load(connection)
        lines += [
            f"規則: {one.gauge} {one.where_words} {NO_STREET}"
            for one in rules_of(load)
            if streets_of_rule(connection, load, one) is None
        ]
    return lines


def _gauge_lines(gauge: dict[str, Any], now: datetime) -> Iterator[str]:
    yield f"{gauge['river']} {gauge['name']}"
    for one in gauge["sensors"]:
        yield from _sensor_lines(one, now)
    for rule in gauge["rules"]:
        what = rule["problem"] or f"{rule['level']} {rule['threshold_m']:.2f} m"
        yield f"  規則: {rule['shuts']} — {what}"


def _sensor_lines(one: dict[str, Any], now: datetime) -> Iterator[str]:
    said = f"  機器 {one['number']} {one['name']}: {one['word']}"
    if one.get("measured_at"):
        measured = age(datetime.fromisoformat(one["measured_at"]), now)
        said += f" {one['level_m']:.2f} m（{measured}）"
    if one["stopped_at"]:
        said += " 止めてあります"
    yield said
    if one["silent_since"]:
        yield f"    {SILENT}（{age(datetime.fromisoformat(one['silent_since']), now)}から）"
    for reason, count in one.get("set_aside_counts", {}).items():
        yield f"    使わない値 {count} 件: {reason}"
