"""What does not speak: channels whose test fails, gauges that are silent, sources of others."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row

from alerts.kinds import ChannelKind, Status
from data import waterlevels
from data.delivery import carriers
from hazards.waterstate import silent_since
from operations.board.alertrows import GONE
from operations.board.decisions.asking import clock, decision
from operations.board.look import Line, Look, Section, moment

ALERTS, FIELD = "/hq/alerts", "/hq/field"
DOWN: Final = (
    "待たずに次の手段へ切り替えます。ほかの手段がない人には、放送・紙・声かけしか届きません。"
)
AWAY: Final = (
    "新しい配信は、待たずに次の手段へ回します。送り始めた配信は10分ごとに次の手段へ進みます。"
)
UNTRIED: Final = "送信は続けますが、届くかはわかりません。"
NO_LEVEL: Final = "この観測所の水位では、道を自動で止められず、発令の候補も出ません。"


def failed(look: Look, channels: Section) -> Iterator[Line]:
    """Channels whose newest test did not pass, or is old."""
    down = carriers.channels_down(look.connection, look.now, Status.ACTUAL)
    for channel, row in channels.items():
        if row["ok"]:
            continue
        is_down = ChannelKind(channel) in down
        passed = f"最後に通ったのは {clock(look, row['passed_at'])}。" if row["passed_at"] else ""
        yield decision(
            f"channel:{channel}",
            "channel",
            title=f"{row['name']}が不通" if is_down else f"{row['name']}の試験が通らない",
            what=f"{row['word']}。{passed}回線の業者と、送る機械を確かめます。",
            if_nobody=_instead(row["word"], is_down=is_down),
            since=moment(row["failing_since"]),
            href=ALERTS,
        )


def _instead(word: str, *, is_down: bool) -> str:
    """Where no machine has it, nobody notices a failure that would hurry what was begun."""
    if word == GONE:
        return AWAY
    return DOWN if is_down else UNTRIED


def silent(look: Look) -> Iterator[Line]:
    """Sensors of which nothing came for longer than it may be, at gauges of which none speaks."""
    gauges: dict[tuple[str, str], list[tuple[Row[Any], datetime | None]]] = {}
    for row in waterlevels.sensors(look.connection, look.code):
        if row.stopped_at is None:
            last = waterlevels.last_measured(look.connection, row.id)
            after = timedelta(minutes=row.silent_after_min)
            since = silent_since(last, row.added_at, look.now, after)
            gauges.setdefault((row.gauge, row.river), []).append((row, since))
    for sensors in gauges.values():
        if all(since for _, since in sensors):
            yield from (_silent(look, row, since) for row, since in sensors if since)


def _silent(look: Look, row: Row[Any], since: datetime) -> Line:
    return decision(
        f"silent:{row.id}",
        "silent",
        title=f"水位が来ない：{row.gauge}",
        what=f"{row.name}の値が {clock(look, since)} から来ません。人が見て報告します。",
        if_nobody=NO_LEVEL,
        since=since,
        href=FIELD,
    )
