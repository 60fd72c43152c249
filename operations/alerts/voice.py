"""The phone desk calls who did not answer otherwise: what is read to them, who answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row

from alerts.delivery import is_over
from alerts.errors import NotFit
from alerts.kinds import Language
from alerts.scripts.voice import voice_script
from alerts.wording.rendered import rendered_from
from city.staff import Caller
from data.alerts import doorlists, revisions
from data.database import transaction
from data.errors import NotThere
from data.homes.said import point_of
from data.people import audit
from data.rows import current_load
from operations.alerts.telling import iso
from operations.delivery.confirming import How, confirm_household
from operations.household.links import home_of_slip
from operations.refusals import refusals


def script(connection: Connection, alert: int, language: Language, now: datetime) -> dict[str, Any]:
    """What is read on the phone of the newest revision of an alert that went out, as approved.

    Raises `NotThere`, `NotFit` where nothing of it is told now or it is not in that language.
    """
    load = current_load(connection)
    row = _told(connection, load, alert, now)
    made = voice_script(rendered_from(row.rendered), language)
    told = {"alert": alert, "number": row.id, "expires_at": iso(row.expires_at)}
    return told | made.to_dict()


def note_call(
    engine: Engine, by: Caller, alert: int, household: int, answered: bool, *, now: datetime
) -> int:
    """Note a call; a household that answered is reached by that revision, whose id is returned.

    The number counts in the current load. Raises `NotThere`, `NotFit`.
    """
    with (
        refusals(engine, by, "voice", str(alert)),
        transaction(engine, latest=True) as connection,
    ):
        return _note(connection, by, alert, household, answered, now)


def note_call_of_slip(
    engine: Engine, by: Caller, alert: int, label: str, answered: bool, *, now: datetime
) -> int:
    """The same by the label of the household's slip; raises what `home_of_slip` raises, too."""
    with (
        refusals(engine, by, "voice", str(alert)),
        transaction(engine, latest=True) as connection,
    ):
        household = home_of_slip(connection, label, now).household
        return _note(connection, by, alert, household, answered, now)


def _note(
    connection: Connection, by: Caller, alert: int, household: int, answered: bool, now: datetime
) -> int:
    load = current_load(connection)
    row = _told(connection, load, alert, now)
    if point_of(connection, load.id, household) is None:
        raise NotThere("その世帯はありません（no such household in the loaded city）")
    if answered:
        doorlists.hold_alert(connection, alert, row.id)
        confirm_household(connection, alert, row.id, household, How.VOICE, by.actor)
    # By the alert: who was at home at what time is no business of whoever reads the log.
    audit.record(connection, by, "voice.called", str(row.id), answered=answered)
    return int(row.id)


def _told(connection: Connection, load: Row[Any], alert: int, now: datetime) -> Row[Any]:
    row = revisions.newest_out(connection, alert)
    if row is None or row.city_code != load.code:
        raise NotThere(f"配信 {alert} はありません（no such alert）")
    if row.stopped_at is not None or is_over(row.expires_at, now):
        raise NotFit("この文は終わりました。続報を出してください（it is stopped or expired）")
    return row
