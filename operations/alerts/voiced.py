"""What the phone desk may read to people: the alerts that are told now, and what ended lately."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row

from alerts.delivery import is_over
from alerts.errors import NotFit
from alerts.kinds import Language, Medium, Status
from alerts.scripts.voice import voice_script
from alerts.wording.rendered import Rendered, rendered_from
from data.alerts import voiced
from data.alerts.levelfive import level_five
from data.rows import current_load
from operations.alerts.telling import iso

ENDED_WITHIN: Final = timedelta(hours=1)
"""What ended lately is still named: somebody may be reading it."""


class VoiceState(StrEnum):
    """Whether the words of an alert may be read to anybody now."""

    TOLD = "told"
    STOPPED = "stopped"
    EXPIRED = "expired"


def state_of(row: Row[Any], now: datetime) -> VoiceState:
    """Of a revision that went out."""
    if row.stopped_at is not None:
        return VoiceState.STOPPED
    return VoiceState.EXPIRED if is_over(row.expires_at, now) else VoiceState.TOLD


def listed(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """The newest revision of each; `languages` are those in which there is something to read.

    `level_5`: where level 5 stands over it by another alert; `silenced`: that is all of it, and
    its own words are read to nobody.
    """
    load = current_load(connection)
    found = []
    for row in voiced.told_since(connection, load.code, now - ENDED_WITHIN):
        worst = level_five(connection, row)
        found.append(
            _line(row, now) | {"level_5": list(worst.area_names), "silenced": worst.silences}
        )
    return found


def _line(row: Row[Any], now: datetime) -> dict[str, Any]:
    rendered = rendered_from(row.rendered)
    page = rendered.message(Medium.WEB)
    return {
        "alert": row.alert_id,
        "number": row.id,
        "revision": row.revision,
        "status": row.status,
        "drill": Status(row.status) is Status.EXERCISE,
        "kind": row.kind,
        "step": row.step,
        "hazard": row.hazard,
        "level": row.level,
        "title": page["title"] if page else row.subject,
        "area_names": list(row.area_names),
        "whole_city": row.whole_city,
        "decided_at": iso(row.decided_at),
        "expires_at": iso(row.expires_at),
        "stopped_at": iso(row.stopped_at),
        "state": state_of(row, now),
        "languages": [str(one) for one in Language if _is_readable(rendered, one)],
    }


def _is_readable(rendered: Rendered, language: Language) -> bool:
    try:
        voice_script(rendered, language)
    except NotFit:
        return False
    return True
