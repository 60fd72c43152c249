"""The phone desk calls who did not answer otherwise: what is read to them, who answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row

from alerts.errors import NotFit
from alerts.kinds import Language
from alerts.life import OUT, RevisionState
from alerts.scripts.voice import voice_script
from alerts.wording.rendered import rendered_from
from city.staff import Caller
from data.alerts import doorlists, revisions
from data.alerts.levelfive import level_five
from data.alerts.voiced import stands_in
from data.database import transaction
from data.errors import NotThere
from data.homes.said import point_of
from data.people import audit
from data.rows import current_load
from operations.alerts.telling import iso
from operations.alerts.voiced import VoiceState, state_of
from operations.delivery.confirming import How, confirm_household
from operations.household.links import home_of_slip, spelled
from operations.refusals import refusals
from operations.sheets.neighbours import neighbour_labelled

SILENCED: Final = (
    "この区域には警戒レベル5が出ています。この文は読まず、レベル5の文を読んでください"
    "（level 5 stands all over it: read the words of level 5）"
)
NO_LABEL: Final = (
    "その番号の紙はありません。この配信の戸別の一覧にもありません。番号をもう一度聞いてください。"
    "紙がまだ刷られていない世帯は、受付票に書いてください（no such slip or door）"
)
OUTSIDE: Final = (
    "その番号の世帯は、この配信の区域にありません。紙の番号をもう一度聞いてください"
    "（the household is not in the area of the alert: ask for the label once more）"
)


@dataclass(frozen=True, slots=True)
class Noted:
    """A call that was noted: the revision it counts for, and whether that is what is told now."""

    number: int
    revision: int
    told_now: bool


def script(connection: Connection, alert: int, language: Language, now: datetime) -> dict[str, Any]:
    """What is read on the phone of the newest revision of an alert that went out, as approved.

    Raises `NotThere`, `NotFit` where nothing of it is told now, where level 5 stands all over it,
    or where it is not in that language.
    """
    load = current_load(connection)
    row = revisions.get(connection, load.code, _newest(connection, load, alert).id)
    if level_five(connection, row).silences:
        raise NotFit(SILENCED)
    _check_told(row, now)
    made = voice_script(rendered_from(row.rendered), language)
    told = {"alert": alert, "number": row.id, "revision": row.revision}
    return told | {"expires_at": iso(row.expires_at)} | made.to_dict()


def note_call(
    engine: Engine,
    by: Caller,
    alert: int,
    household: int,
    answered: bool,
    *,
    now: datetime,
    number: int | None = None,
) -> Noted:
    """Note a call; a household that answered is reached by the revision that was read to it.

    `number` is that revision: it counts for it and for no later one, also where it is over since.
    Without it the newest counts, while it is told. The household's number counts in the current
    load. Raises `NotThere`, `NotFit`.
    """
    with (
        refusals(engine, by, "voice", str(alert)),
        transaction(engine, latest=True) as connection,
    ):
        return _note(connection, by, alert, household, answered, now, number)


def note_call_of_slip(
    engine: Engine,
    by: Caller,
    alert: int,
    label: str,
    answered: bool,
    *,
    now: datetime,
    number: int | None = None,
) -> Noted:
    """The same by the label of the household's slip, or of its door on a list of this alert.

    Raises what `home_of_slip` raises, too.
    """
    with (
        refusals(engine, by, "voice", str(alert)),
        transaction(engine, latest=True) as connection,
    ):
        household = _labelled(connection, alert, label, now)
        return _note(connection, by, alert, household, answered, now, number)


def _labelled(connection: Connection, alert: int, label: str, now: datetime) -> int:
    """The household of a slip; where none is labelled so, that of a door list of this alert."""
    try:
        found = home_of_slip(connection, label, now).household
    except NotThere:
        load = current_load(connection)
        door = neighbour_labelled(connection, load, spelled(label))
        if door is None or not doorlists.is_listed(connection, load.id, alert, door.number):
            raise NotThere(NO_LABEL) from None
        return door.number
    return found


def _note(
    connection: Connection,
    by: Caller,
    alert: int,
    household: int,
    answered: bool,
    now: datetime,
    number: int | None,
) -> Noted:
    load = current_load(connection)
    row = _read(connection, load, alert, now, number)
    if point_of(connection, load.id, household) is None:
        raise NotThere("その世帯はありません（no such household in the loaded city）")
    if not stands_in(connection, load.id, row, household):
        raise NotFit(OUTSIDE)
    if answered:
        doorlists.hold_alert(connection, alert, row.id)
        confirm_household(connection, alert, row.id, household, How.VOICE, by.actor)
    # By the alert: who was at home at what time is no business of whoever reads the log.
    audit.record(connection, by, "voice.called", str(row.id), answered=answered)
    newest = revisions.newest_out(connection, alert)
    told_now = newest is not None and newest.id == row.id
    return Noted(row.id, row.revision, told_now and state_of(row, now) is VoiceState.TOLD)


def _read(
    connection: Connection, load: Row[Any], alert: int, now: datetime, number: int | None
) -> Row[Any]:
    """The revision that was read: the one of that number, which may be over since."""
    if number is None:
        newest = _newest(connection, load, alert)
        _check_told(newest, now)
        return newest
    row = revisions.get(connection, load.code, number)
    if row.alert_id != alert or RevisionState(row.state) not in OUT:
        raise NotThere(f"配信 {alert} に、その版はありません（no such revision was told）")
    return row


def _newest(connection: Connection, load: Row[Any], alert: int) -> Row[Any]:
    row = revisions.newest_out(connection, alert)
    if row is None or row.city_code != load.code:
        raise NotThere(f"配信 {alert} はありません（no such alert）")
    return row


def _check_told(row: Row[Any], now: datetime) -> None:
    if state_of(row, now) is not VoiceState.TOLD:
        raise NotFit("この文は終わりました。続報を出してください（it is stopped or expired）")
